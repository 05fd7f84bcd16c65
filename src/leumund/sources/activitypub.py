"""ActivityStreams records of one's own outbox as events (W3C ActivityPub; Mastodon's extensions).

Shapes, as Mastodon writes them (docs.joinmastodon.org/spec/activitypub):

    {"type": "Create", "id", "actor", "published", "to", "cc", "object": {"type": "Note", "id", "url",
     "content": HTML, "contentMap": {"de": HTML}, "summary", "inReplyTo", "tag": [{"type": "Mention",
     "href": actor URI, "name": "@bob@b.example"}], "quote", "likes": {"totalItems"}, "shares": ...}}
    {"type": "Announce", "id", "published", "to", "cc": [author, followers], "object": post URI}

Whose post a URI names is only readable where the address holds the account; see `author_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from leumund.events import Account, Act, Deletion, Event, Kind, Post, Visibility
from leumund.ids import account_uri
from leumund.locale import _
from leumund.sources.html_text import LONGEST, plain_text
from leumund.sources.json_records import RecordError, clean, decode, tidy, utc_time

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
POSTS = {"Note", "Article", "Question", "Page", "Video", "Image", "Audio", "Event"}
_QUOTE_LINE = frozenset({"quote-inline"})  # "RE: link", for those who cannot show quotes

# Whose post is it? Only addresses that name the account; the rest is nobody's business to guess.
_NUMBERED = re.compile(r"(/ap/users/[\w-]+)/\w+/.+\Z")  # Mastodon 4.5, Threads: a number, no handle
_NAMED = (
    re.compile(r"/(?:users|accounts)/([\w.~-]+)/\w+/.+\Z"),  # Mastodon, GoToSocial, PeerTube
    re.compile(
        r"/@([\w.~-]+(?:@[\w.-]+(?::\d+)?)?)/.+\Z"
    ),  # as people see it; @bob@b.example on another's server
    re.compile(r"/p/([\w.~-]+)/\d+\Z"),  # Pixelfed
    re.compile(r"/([\w.~-]+)/p/[\d.]+\Z"),  # snac
)


class Tag(msgspec.Struct):
    """A mention, hashtag or emoji."""

    type: str = ""
    href: str | None = None
    name: str | None = None


class _Option(msgspec.Struct):
    name: str = ""


class _Activity(msgspec.Struct, rename="camel"):
    type: str
    id: str | None = None
    actor: Any = None
    published: str | None = None
    to: Any = None
    cc: Any = None
    object: msgspec.Raw = msgspec.Raw(b"null")


class _Object(msgspec.Struct, rename="camel"):
    id: str
    type: str = "Note"
    published: str | None = None
    url: Any = None
    name: str | None = None
    summary: str | None = None
    content: str | None = None
    content_map: dict[str, str | None] | None = None
    in_reply_to: Any = None
    to: Any = None
    cc: Any = None
    tag: list[Tag] | Tag | None = None
    quote: Any = None
    quote_url: Any = None
    quote_uri: Any = None
    misskey_quote: Any = msgspec.field(name="_misskey_quote", default=None)
    one_of: list[_Option] | None = None
    any_of: list[_Option] | None = None
    likes: Any = None
    shares: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose outbox: canonical URI, all URIs that mean her, the server her handle names."""

    account: str
    also: frozenset[str]
    host: str


def author_of(post: str) -> str | None:
    """The account that wrote the post of that address; None where the address does not say.

    >>> author_of("https://b.example/users/bob/statuses/1"), author_of("https://b.example/@bob/1")
    ('acct:bob@b.example', 'acct:bob@b.example')
    >>> author_of("https://b.example/ap/users/17/statuses/1")
    'https://b.example/ap/users/17'
    >>> author_of("https://b.example/notes/9abc") is None
    True
    """
    parts = _parts(post)
    if parts is None:
        return None
    host, path = parts
    if match := _NUMBERED.match(path):
        return f"https://{host}{match[1]}"
    for shape in _NAMED:
        if match := shape.match(path):
            named = match[1] if "@" in match[1] else f"{match[1]}@{host}"
            return _account(named)
    return None


def activity_events(raw: msgspec.Raw, owner: Owner, shown: set[str]) -> Iterator[Event]:
    """The events of one record of the owner's outbox.

    shown: accounts whose aliases were given already, added to.

    Raises:
        RecordError: it cannot be used; says why.
    """
    activity = decode(raw, _Activity)
    actor = _uri(activity.actor)
    if actor is not None and actor not in owner.also and _account(actor) not in owner.also:
        raise RecordError(_("by somebody else than the owner of the archive"))
    if activity.type == "Create":
        yield from _created(activity, owner, shown)
    elif activity.type == "Announce":
        yield from _announced(activity, owner)
    elif activity.type == "Delete":
        subject = _uri(msgspec.json.decode(activity.object))
        if subject is None or activity.published is None:
            raise RecordError(_("a deletion that does not say of what and when"))
        yield Deletion(of="post", subject=subject, happened_at=utc_time(activity.published))
    else:
        raise RecordError(_("an unknown kind of record, “{kind}”").format(kind=activity.type[:40]))


def _announced(activity: _Activity, owner: Owner) -> Iterator[Event]:
    shared = msgspec.json.decode(activity.object)
    post = _uri(shared)
    if post is None or activity.published is None:
        raise RecordError(_("a reshare that does not say of what and when"))
    # Mastodon puts the author into cc beside the followers: the only trace where the address is mute.
    audience = [u for u in _uris(activity.cc) if u not in PUBLIC and not u.endswith("/followers")]
    named = [a for u in audience if (a := _account(u)) and a not in owner.also]
    author = author_of(post) or (_uri(shared.get("attributedTo")) if isinstance(shared, dict) else None)
    author = (author and _account(author)) or next(iter(named), None)
    if author is None:
        raise RecordError(
            _("the address {post} does not say whose post was reshared").format(post=post[:200])
        )
    if author in owner.also:
        return  # resharing oneself is nothing done towards another
    at = utc_time(activity.published)
    yield Act(
        kind="reshare",
        actor=owner.account,
        target=author,
        network="mastodon",
        happened_at=at,
        act=activity.id,
        post=post,
    )


def _created(activity: _Activity, owner: Owner, shown: set[str]) -> Iterator[Event]:
    if bytes(activity.object).strip()[:1] != b"{":
        raise RecordError(_("the post itself is not in the archive"))
    note = decode(activity.object, _Object)
    if note.type not in POSTS:
        raise RecordError(_("an unknown kind of post, “{kind}”").format(kind=note.type[:40]))
    published = note.published or activity.published
    if published is None:
        raise RecordError(_("a post without a time"))
    at = utc_time(published)
    mentions = _Mentions(note.tag, owner)
    yield from mentions.sightings(at, shown)
    parent = _uri(note.in_reply_to)
    parent_author = _parent_author(parent, mentions) if parent else None
    parent_author = owner.account if parent_author in owner.also else parent_author
    quoted = next(
        (q for v in (note.quote, note.quote_uri, note.quote_url, note.misskey_quote) if (q := _uri(v))), None
    )
    yield Post(
        post=note.id,
        account=owner.account,
        network="mastodon",
        happened_at=at,
        text=_text(note, mentions, quoted),
        language=_language(note),
        reply_to=parent,
        reply_to_account=parent_author,
        quote_of=quoted,
        mentions=tuple(mentions.accounts),
        visibility=_visibility(note, activity),
        url=_uri(note.url),
        likes=_count(note.likes),
        reshares=_count(note.shares),
    )
    quoted_author = author_of(quoted) if quoted else None
    done: list[tuple[Kind, str | None, str | None]] = [
        ("reply", parent_author, parent),
        ("quote", quoted_author, quoted),
    ]
    done += [("mention", account, None) for account in mentions.accounts if account != parent_author]
    for kind, target, of in done:
        if target is not None and target not in owner.also:
            yield Act(
                kind=kind,
                actor=owner.account,
                target=target,
                network="mastodon",
                happened_at=at,
                post=of,
                via=note.id,
            )


class _Mentions:
    """Who is named in a post. `@bob` alone is bob of the owner's server, as Mastodon writes it."""

    def __init__(self, tags: list[Tag] | Tag | None, owner: Owner) -> None:
        self._owner = owner
        self._known: dict[str, str] = {}  # href, or user@host of the href -> canonical
        self._names: dict[str, list[str]] = {}  # user -> canonical
        self._aliases: list[tuple[str, tuple[str, ...]]] = []
        self.accounts: list[str] = []
        for tag in [tags] if isinstance(tags, Tag) else tags or []:
            if tag.type == "Mention" and (account := self._named(tag)) and account not in self.accounts:
                self.accounts.append(account)

    def _named(self, tag: Tag) -> str | None:
        plain = _account(tag.href) if tag.href else None
        name = clean(tag.name or "").strip().removeprefix("@")
        account = plain
        if "@" in name:
            account = _account(name) or plain
        elif name and not (plain or "").startswith(f"acct:{name.lower()}@"):
            account = _account(f"{name}@{self._owner.host}") or plain
        if account is None:
            return None
        if tag.href and plain:
            self._known[tag.href] = self._known[plain] = account
            if plain != account:
                self._aliases.append((account, tuple(dict.fromkeys((tag.href, plain)))))
        self._names.setdefault(account.removeprefix("acct:").split("@")[0], []).append(account)
        return account

    def sightings(self, at: datetime, shown: set[str]) -> Iterator[Account]:
        """Accounts whose address and handle do not tell that they are the same, shown as the same."""
        for account, aliases in self._aliases:
            if account in shown:
                continue
            shown.add(account)
            yield Account(account=account, seen_at=at, network="mastodon", aliases=aliases)

    def only_one_on(self, host: str) -> str | None:
        """The account, where exactly one of those named lives on that server."""
        there = {a for a in self.accounts if a.rpartition("@")[2] == host or (_parts(a) or ("",))[0] == host}
        return there.pop() if len(there) == 1 else None

    def written(self, shown: str, href: str) -> str:
        """The complete handle of a mention in the text."""
        plain = _account(href)
        account = self._known.get(href) or (self._known.get(plain) if plain else None)
        if account is None:
            same = self._names.get(shown.removeprefix("@").split("@")[0].lower(), [])
            account = same[0] if len(same) == 1 else plain
        return "@" + account.removeprefix("acct:") if account and account.startswith("acct:") else shown


def _parent_author(parent: str, mentions: _Mentions) -> str | None:
    """Who is answered: by the address; where that is mute, the only one named from that server."""
    if author := author_of(parent):
        return mentions._known.get(author, author)
    parts = _parts(parent)
    return mentions.only_one_on(parts[0]) if parts else None


def _text(note: _Object, mentions: _Mentions, quoted: str | None) -> str:
    """Title and content warning stand before the text, a poll's options after it: all are her words."""
    content = note.content or next((c for c in (note.content_map or {}).values() if c), "")
    if len(content) > LONGEST:
        raise RecordError(_("longer than {count} characters").format(count=LONGEST))
    body = plain_text(
        clean(content), mention=mentions.written, without=_QUOTE_LINE if quoted else frozenset()
    )
    options = "\n".join(f"- {tidy(o.name)}" for o in (note.one_of or note.any_of or []) if tidy(o.name))
    parts = (tidy(note.name), tidy(plain_text(note.summary)) if note.summary else None, body, options)
    return clean("\n\n".join(part for part in parts if part))


def _language(note: _Object) -> str | None:
    """The declared language, its primary subtag; of several, that of the text itself."""
    codes = note.content_map or {}
    own = [code for code, content in codes.items() if content == note.content]
    code = next(iter(own or codes), "").replace("_", "-").split("-")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code != "und" else None


def _visibility(note: _Object, activity: _Activity) -> Visibility:
    """Public in `to` is public, in `cc` unlisted; else the followers' list, else those named."""
    to = _uris(note.to if note.to is not None else activity.to)
    cc = _uris(note.cc if note.cc is not None else activity.cc)
    if PUBLIC & set(to):
        return "public"
    if PUBLIC & set(cc):
        return "unlisted"
    return "followers" if any(uri.rstrip("/").endswith("/followers") for uri in (*to, *cc)) else "direct"


def _count(collection: object) -> int | None:
    total = collection.get("totalItems") if isinstance(collection, dict) else None
    return total if type(total) is int and total >= 0 else None


def _uri(value: object) -> str | None:
    """The address in a value that may be one, an object with one, or a list of these."""
    if isinstance(value, list):
        return next((uri for v in value if (uri := _uri(v))), None)
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    if isinstance(value, str) and value.startswith(("https://", "http://")) and not re.search(r"\s", value):
        return clean(value)
    return None


def _uris(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [clean(v) for v in values if isinstance(v, str)]


def _parts(uri: str) -> tuple[str, str] | None:
    """Host (with port) and path of a web address."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"https", "http"} or not host:
        return None
    return (f"{host}:{port}" if port else host), parts.path


def _account(reference: str) -> str | None:
    try:
        return account_uri(reference, "mastodon")
    except ValueError:  # BadNameError, or what urlsplit says of a broken address
        return None
