"""What the API of X (v2) gives, posts and accounts, as events. Pure.

A post is named as the archive names it (`x_posts`), so that both give one post.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from leumund.events import Account, Act, Deletion, Event, Kind, Post
from leumund.locale import _
from leumund.sources.json_records import RecordError, clean, tidy, utc_time
from leumund.sources.x_api_shapes import (
    Counts,
    Entities,
    Metrics,
    Note,
    Number,
    Person,
    PersonEntities,
    Tweet,
)
from leumund.sources.x_records import (
    RESHARE,
    Owner,
    handle_uri,
    is_number,
    language,
    status_uri,
    unescape,
    user_uri,
)

_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:(\w{1,20})|i/web)/status(?:es)?/(\d{1,20})(/(?:photo|video)/)?"
)
_SHORT = re.compile(r"https?://t\.co/\w+")
_MOST_COUNT = 2**31 - 1
_VIEWS_SINCE = datetime(2022, 12, 15, tzinfo=UTC)  # before that X counted none and says 0


class Reader:
    """Reads the records of one page. people: the accounts that came with them, so that their names are known."""

    def __init__(self, owner: Owner, people: Iterable[Person] = ()) -> None:
        self._owner = owner
        self._shown: set[str] = set()
        self._named = {owner.number: owner.account}
        self._protected: dict[str, bool] = {owner.account: owner.locked}
        for person in people:
            if is_number(number := str(person.id)):
                account = self._named.setdefault(number, handle_uri(person.username) or str(user_uri(number)))
                self._protected[account] = person.protected is True

    def person(self, person: Person) -> Iterator[Account]:
        """What is seen of an account, once a page.

        Raises:
            RecordError: it has no number.
        """
        number = user_uri(str(person.id))
        if number is None:
            raise RecordError(_("an account without a number"))
        written = handle_uri(person.username)
        own = str(person.id) == self._owner.number
        account = self._owner.account if own else written or number
        if account in self._shown:
            return
        self._shown.add(account)
        entities, counts = person.entities or PersonEntities(), person.public_metrics or Counts()
        yield Account(
            account=account,
            seen_at=self._owner.made_at,
            network="x",
            handle=person.username if written else None,
            name=tidy(unescape(person.name)) if person.name else None,
            bio=tidy(_expanded(unescape(person.description), entities.description))
            if person.description
            else None,
            url=_link(person.url, entities.url),
            place=tidy(person.location),
            aliases=tuple(uri for uri in (number, written) if uri and uri != account),
            created_at=_time_or_none(person.created_at),
            followers=count(counts.followers_count),
            following=count(counts.following_count),
            posts=count(counts.tweet_count if counts.tweet_count is not None else counts.post_count),
            locked=person.protected if isinstance(person.protected, bool) else None,
            own=own,
        )

    def post(self, tweet: Tweet) -> Iterator[Event]:
        """A post and what it does to others; a reshare is an act.

        Raises:
            RecordError: it cannot be used; says why.
        """
        number = str(tweet.id)
        if not is_number(number):
            raise RecordError(_("a post without a number"))
        author = self._account(tweet.author_id)
        if author is None:
            raise RecordError(_("a post without an author"))
        at = utc_time(tweet.created_at)
        versions = [str(i) for i in tweet.edit_history_tweet_ids or tweet.edit_history_post_ids or []]
        older = {v for v in versions if is_number(v) and int(v) < int(number)}
        if any(is_number(v) and int(v) > int(number) for v in versions):
            older.add(number)
        for version in sorted(older, key=int):
            yield Deletion(of="post", subject=status_uri(version), happened_at=at)
        if number in older:
            return
        names = self._names(tweet.entities, tweet.note_tweet or tweet.note_post)
        for uri, alias in names.items():
            yield from self._met(uri, alias)
        others = {r.type: str(r.id) for r in tweet.referenced_tweets or tweet.referenced_posts or []}
        if "retweeted" in others:
            yield from self._reshare(tweet, author, number, others["retweeted"], at)
        else:
            yield from self._written(tweet, author, number, others, list(names), at)

    def _reshare(
        self, tweet: Tweet, author: str, number: str, original: str, at: datetime
    ) -> Iterator[Event]:
        match = RESHARE.match(unescape(tweet.text))
        target = self._one(handle_uri(match[1])) if match else None
        if target is None:
            raise RecordError(_("a reshare that does not say whose post it is"))
        if target == author:
            return
        own, shared = status_uri(number), status_uri(original) if is_number(original) else None
        yield Act(
            kind="reshare", actor=author, target=target, network="x", happened_at=at, act=own, post=shared,
            # the archive knows the original by its picture alone; so that both tell one act, what names it is the same
            via=None if _shows_picture_of(tweet.entities, original) else own,
        )  # fmt: skip

    def _written(
        self, tweet: Tweet, author: str, number: str, others: dict[str, str], names: list[str], at: datetime
    ) -> Iterator[Event]:
        own = status_uri(number)
        parent = status_uri(replied_to) if is_number(replied_to := others.get("replied_to", "")) else None
        answered = self._account(tweet.in_reply_to_user_id)
        if answered and answered not in names and parent is None:
            names.append(answered)  # "@anna Good morning": said to her, an answer to nothing
        replied = answered if parent else None
        body, quoted, quoted_author = self._text(tweet, number, others.get("quoted"))
        metrics = tweet.public_metrics or Metrics()
        views = count(metrics.impression_count)
        yield Post(
            post=own,
            account=author,
            network="x",
            happened_at=at,
            text=body,
            language=language(tweet.lang),
            reply_to=parent,
            reply_to_account=replied,
            quote_of=quoted,
            mentions=tuple(names),
            visibility="followers" if self._protected.get(author) else "public",
            url=f"https://x.com/{_handle(author)}/status/{number}",
            likes=count(metrics.like_count),
            reshares=count(
                metrics.retweet_count if metrics.retweet_count is not None else metrics.repost_count
            ),
            replies=count(metrics.reply_count),
            views=None if views == 0 and at < _VIEWS_SINCE else views,
        )
        done: list[tuple[Kind, str | None, str | None]] = [
            ("reply", replied, parent),
            ("quote", quoted_author, quoted),
            *(("mention", uri, None) for uri in names if uri != replied),
        ]  # fmt: skip
        for kind, target, post in done:
            if target is not None and target != author:
                yield Act(
                    kind=kind, actor=author, target=target, network="x", happened_at=at, post=post, via=own
                )

    def _text(self, tweet: Tweet, number: str, quoted: str | None) -> tuple[str, str | None, str | None]:
        """The text as its author meant it, the post it quotes, and whose that is (see `x_posts`)."""
        note = tweet.note_tweet or tweet.note_post
        links = [
            link for entities in (tweet.entities, note.entities if note else None)
            for link in (entities.urls if entities else None) or [] if link.url
        ]  # fmt: skip
        text = unescape(note.text if note and note.text else tweet.text)
        post, author = (status_uri(quoted) if quoted and is_number(quoted) else None), None
        for link in links:
            match = _STATUS.match(link.expanded_url or "")
            if link.media_key or (match and match[2] == number and match[3]):
                text = text.replace(str(link.url), "")
        text = text.rstrip()
        for link in links:
            match = _STATUS.match(link.expanded_url or "")
            if match is None or match[3]:
                continue
            ends = text.endswith(str(link.url))
            if (quoted == match[2]) or (post is None and ends):
                post = status_uri(match[2])
                author = self._one(handle_uri(match[1])) if match[1] and match[1] != "i" else None
                text = text.removesuffix(str(link.url)).rstrip() if ends else text
                break
        return clean(_expanded(text, Entities(urls=links))).strip(), post, author

    def _names(self, *stretches: Entities | Note | None) -> dict[str, str | None]:
        """The accounts named, each once in their order, with the address of their number."""
        names: dict[str, str | None] = {}
        for stretch in stretches:
            entities = stretch.entities if isinstance(stretch, Note) else stretch
            for named in (entities.mentions if entities else None) or []:
                alias = user_uri(str(named.id)) if named.id is not None else None
                if uri := self._one(handle_uri(named.username) or alias):
                    names[uri] = names.get(uri) or alias
                    if alias:
                        self._named.setdefault(str(named.id), uri)
        return names

    def _met(self, uri: str, alias: str | None) -> Iterator[Account]:
        """An account that is only named: its handle with its number."""
        if alias in {None, uri} or uri in self._shown | {self._owner.account}:
            return
        self._shown.add(uri)
        yield Account(
            account=uri, seen_at=self._owner.made_at, network="x", handle=_handle(uri), aliases=(alias,)
        )

    def _account(self, number: Number | None) -> str | None:
        """The account of that number, by its handle where that is known."""
        text = str(number) if number is not None else ""
        return self._named.get(text) or user_uri(text)

    def _one(self, uri: str | None) -> str | None:
        """One name for the owner, who may be met by handle or by number."""
        return self._owner.account if uri in self._owner.also else uri


def count(value: object) -> int | None:
    """A count; anything else means that X does not tell."""
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None


def _handle(uri: str) -> str:
    """The handle in an account's address; "i", which X takes for any, where only the number is known."""
    name = uri.removeprefix("https://x.com/")
    return "i" if "/" in name else name


def _shows_picture_of(entities: Entities | None, post: str) -> bool:
    found = [_STATUS.match(link.expanded_url or "") for link in (entities.urls if entities else None) or []]
    return any(match and match[3] and match[2] == post for match in found)


def _expanded(text: str, entities: Entities | None) -> str:
    links = {
        link.url: link.expanded_url
        for link in (entities.urls if entities else None) or []
        if link.url and link.expanded_url
    }
    return _SHORT.sub(lambda match: links.get(match[0], match[0]), text)


def _link(url: str | None, entities: Entities | None) -> str | None:
    """Where the link of a profile leads; None where it is no address of the web."""
    written = _expanded(url or "", entities).strip()
    good = written.startswith(("https://", "http://")) and not any(c.isspace() for c in written)
    return clean(written)[:2048] if good else None


def _time_or_none(text: str | None) -> datetime | None:
    try:
        return utc_time(text) if text else None
    except RecordError:
        return None
