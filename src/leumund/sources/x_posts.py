"""Posts of an X archive as events: the post, what it does to others, and whom it shows.

A reshare is known by "RT @anna: " at its beginning alone; a quote by the link it ends with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from leumund.events import Account, Act, Deletion, Event, Kind, Post
from leumund.locale import _
from leumund.sources.json_records import RecordError, clean, tidy
from leumund.sources.x_records import (
    RESHARE,
    Entities,
    Mention,
    Note,
    Number,
    Owner,
    Tweet,
    handle_uri,
    is_number,
    language,
    status_uri,
    tweet_id,
    tweet_of,
    unescape,
    user_uri,
    x_time,
)

_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:(\w{1,20})|i/web)/status(?:es)?/(\d{1,20})"
)
_SHORT = re.compile(r"https?://t\.co/\w+")
_NEAR = timedelta(seconds=5)


def note_for(tweet: Tweet, number: str, at: datetime, notes: Sequence[Note]) -> Note | None:
    """The long text of a post: of the same number, or written within seconds and beginning as it does."""
    begin = _beginning(tweet.full_text or tweet.text or "")
    for note in notes:
        if number in {note.note_tweet_id, note.tweet_id}:
            return note
        if note.created_at is None or abs(x_time(note.created_at) - at) > _NEAR:
            continue
        text = _beginning(note.core.text)
        if begin and text.startswith((begin, _beginning(_without_names(begin)))):
            return note
    return None


def _beginning(text: str) -> str:
    """The first 60 characters that a cut text shares with the whole one."""
    return " ".join(_SHORT.split(unescape(text))[0].split())[:60].rstrip("… ")


def _without_names(text: str) -> str:
    return re.sub(r"\A(?:@\w+\s+)+", "", text)


class PostParser:
    """Reads the posts of one page; remembers only which accounts it has shown already."""

    def __init__(self, owner: Owner, notes: Sequence[Note]) -> None:
        self._owner, self._notes = owner, notes
        self._shown: set[tuple[str, str]] = set()

    def events(self, raw: msgspec.Raw) -> Iterator[Event]:
        """The events of one record: accounts it names, the post, what it does to others."""
        tweet = tweet_of(raw)
        number = tweet_id(tweet)
        at = x_time(tweet.created_at)
        text = tweet.full_text if tweet.full_text is not None else tweet.text
        if text is None:
            raise RecordError(_("a post without text"))
        if _last_version(tweet) not in {None, number}:
            yield Deletion(of="post", subject=status_uri(number), happened_at=self._owner.made_at)
            return  # an older version of an edited post
        entities = tweet.entities or Entities()
        mentions = [(m, self._one(uri)) for m in entities.user_mentions or [] if (uri := self._mentioned(m))]
        for mention, uri in mentions:
            yield from self._sighting(uri, mention.id_str or str(mention.id or ""), mention.name, at)
        if match := RESHARE.match(text):
            yield from self._reshare(tweet, number, match[1], at)
            return
        yield from self._post(tweet, number, at, text, list(dict.fromkeys(uri for _m, uri in mentions)))

    def _one(self, uri: str) -> str:
        """One name for the owner, who may be met by handle or by number."""
        return self._owner.account if uri in self._owner.also else uri

    def _mentioned(self, mention: Mention) -> str | None:
        return handle_uri(mention.screen_name) or user_uri(mention.id_str or str(mention.id or ""))

    def _sighting(self, uri: str, number: str | None, name: str | None, at: datetime) -> Iterator[Account]:
        """An account with its number: the only place where an archive shows both."""
        alias = user_uri(number)
        if alias is None or alias == uri or uri in self._owner.also or (uri, alias) in self._shown:
            return
        self._shown.add((uri, alias))
        handle = uri.removeprefix("https://x.com/")
        yield Account(account=uri, seen_at=at, network="x", handle=handle, name=tidy(name), aliases=(alias,))

    def _reshare(self, tweet: Tweet, number: str, handle: str, at: datetime) -> Iterator[Event]:
        target = handle_uri(handle)
        assert target is not None  # the pattern lets nothing else through
        if target in self._owner.also:
            return
        names = {
            m.id_str
            for m in (tweet.entities or Entities()).user_mentions or []
            if handle_uri(m.screen_name) == target
        }
        original = None
        for media in (
            *((tweet.entities or Entities()).media or []),
            *((tweet.extended_entities or Entities()).media or []),
        ):
            if media.source_user_id_str in names and is_number(media.source_status_id_str):
                original = status_uri(str(media.source_status_id_str))
        yield self._act("reshare", target, at, act=status_uri(number), post=original)

    def _post(
        self, tweet: Tweet, number: str, at: datetime, text: str, mentions: list[str]
    ) -> Iterator[Event]:
        own = status_uri(number)
        note = note_for(tweet, number, at, self._notes)
        for named in (note.core.mentions or []) if note else []:
            if (uri := handle_uri(named.screen_name)) and self._one(uri) not in mentions:
                mentions.append(self._one(uri))
        parent = (
            status_uri(str(tweet.in_reply_to_status_id_str))
            if is_number(tweet.in_reply_to_status_id_str)
            else None
        )
        answered = handle_uri(tweet.in_reply_to_screen_name) or user_uri(tweet.in_reply_to_user_id_str)
        answered = self._one(answered) if answered else None
        if answered and answered not in mentions and parent is None:
            mentions.append(answered)  # "@anna Good morning": said to her, an answer to nothing
        body, quoted, quoted_author = _text(tweet, note, text)
        if answered:
            yield from self._sighting(answered, tweet.in_reply_to_user_id_str, None, at)
        limited = self._owner.locked or bool((tweet.scopes or {}).get("followers"))
        yield Post(
            post=own,
            account=self._owner.account,
            network="x",
            happened_at=at,
            text=body,
            language=language(tweet.lang),
            reply_to=parent,
            reply_to_account=answered if parent else None,
            quote_of=quoted,
            mentions=tuple(mentions),
            visibility="followers" if limited else "public",
            url=f"https://x.com/{self._owner.handle or 'i'}/status/{number}",
            likes=_count(tweet.favorite_count),
            reshares=_count(tweet.retweet_count),
        )
        replied = answered if parent else None
        if replied:
            yield from self._towards("reply", replied, at, post=parent, via=own)
        if quoted_author:
            yield from self._towards("quote", quoted_author, at, post=quoted, via=own)
        for uri in mentions:
            if uri != replied:
                yield from self._towards("mention", uri, at, post=None, via=own)

    def _towards(self, kind: Kind, target: str, at: datetime, *, post: str | None, via: str) -> Iterator[Act]:
        if target not in self._owner.also:
            yield self._act(kind, target, at, post=post, via=via)

    def _act(
        self,
        kind: Kind,
        target: str,
        at: datetime,
        *,
        act: str | None = None,
        post: str | None,
        via: str | None = None,
    ) -> Act:
        return Act(
            kind=kind,
            actor=self._owner.account,
            target=target,
            network="x",
            happened_at=at,
            act=act,
            post=post,
            via=via,
        )


def _last_version(tweet: Tweet) -> str | None:
    """The number of the newest version of an edited post; None where it has only one."""
    info = tweet.edit_info
    control = (info.initial or (info.edit and info.edit.control)) if info else None
    ids = [i for i in control.ids if is_number(i)] if control else []
    return max(ids, key=int) if len(ids) > 1 else None


def _text(tweet: Tweet, note: Note | None, text: str) -> tuple[str, str | None, str | None]:
    """The text as its author meant it, the post it quotes, and whose that is.

    Links are written out; the links to the post's own pictures, and the link at the end that X shows
    as the quoted post, are no part of the text.
    """
    entities = tweet.entities or Entities()
    links = {link.url: link.expanded_url for link in entities.urls or [] if link.url and link.expanded_url}
    if note:
        text = note.core.text
        links |= {
            link.short_url: link.expanded_url
            for link in note.core.urls or []
            if link.short_url and link.expanded_url
        }
    text = unescape(text)
    media = [
        m.url
        for m in (*(entities.media or []), *((tweet.extended_entities or Entities()).media or []))
        if m.url
    ]
    for url in media:
        text = text.replace(url, "")
    text, quoted, author = text.rstrip(), None, None
    for short, long in links.items():
        if text.endswith(short) and (match := _STATUS.match(long)):
            text, quoted = text.removesuffix(short).rstrip(), status_uri(match[2])
            author = handle_uri(match[1]) if match[1] and match[1] != "i" else None
            break
    return clean(_SHORT.sub(lambda match: links.get(match[0], match[0]), text)).strip(), quoted, author


def _count(number: Number | None) -> int | None:
    text = str(number) if number is not None else ""
    return int(text) if is_number(text) else None
