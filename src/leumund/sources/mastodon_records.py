"""What Mastodon's API gives (statuses, accounts, notifications) as events. Pure.

Also of GoToSocial, Pleroma, Akkoma, Pixelfed, snac and others that speak the same API: ids are opaque strings, fields
may be missing, `acct` may be bare or whole, notification types may be unknown. One's own posts get the same names
as in the archive (their ActivityPub address, `uri`), so that both give one post.

Shapes: docs.joinmastodon.org/entities/Status, /Account, /Notification
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from leumund.events import Account, Act, Event, Kind, Post, Visibility
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.html_text import LONGEST, plain_text
from leumund.sources.json_records import RecordError, clean, tidy, utc_time

Text = str | None
_VISIBILITY: dict[str, Visibility] = {
    "public": "public",
    "local": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "mutuals_only": "followers",
    "limited": "direct",
    "direct": "direct",
    "conversation": "direct",
}
_MOST_COUNT = 2**31 - 1
_LONGEST_NAME = 1_000


class Person(msgspec.Struct):
    """An account as a server shows it."""

    id: str | int = ""
    acct: Text = None
    username: Text = None
    url: Any = None
    uri: Any = None
    display_name: Text = None
    note: Text = None
    created_at: Text = None
    followers_count: Any = None
    following_count: Any = None
    statuses_count: Any = None
    bot: Any = None
    locked: Any = None
    discoverable: Any = None
    indexable: Any = None
    limited: Any = None
    suspended: Any = None
    feature_approval: Any = None


class _Named(msgspec.Struct):
    id: str | int = ""
    acct: Text = None
    username: Text = None
    url: Any = None


class _Option(msgspec.Struct):
    title: Text = None


class _Poll(msgspec.Struct):
    options: list[_Option] | None = None


class _Quote(msgspec.Struct):
    quoted_status: Status | None = None


class Status(msgspec.Struct):
    """A post as a server shows it; `reblog` where it is a reshare."""

    id: str | int
    created_at: Text = None
    account: Person | None = None
    uri: Any = None
    url: Any = None
    content: Text = None
    spoiler_text: Text = None
    visibility: Text = None
    language: Text = None
    in_reply_to_id: Any = None
    in_reply_to_account_id: Any = None
    mentions: list[_Named] | None = None
    reblog: Status | None = None
    quote: Any = None
    poll: _Poll | None = None
    favourites_count: Any = None
    reblogs_count: Any = None
    replies_count: Any = None


class Notification(msgspec.Struct):
    """Something that somebody did towards one."""

    id: str | int
    type: Text = None
    created_at: Text = None
    account: Person | None = None
    status: Status | None = None


@dataclass(slots=True)
class Server:
    """What must be known besides a record. host: what stands after @ for those at home; origin: the API's address.

    owner, owner_id: the connected account. own_post: how the address of one of her posts is made from its id, ""
    where that cannot be told. at: when the record was fetched. shown: accounts already given with this page.
    """

    host: str
    origin: str
    owner: str
    owner_id: str
    own_post: str
    at: datetime
    shown: set[str] = field(default_factory=set)

    def account(self, person: Person | _Named) -> str:
        """The canonical name of an account.

        Raises:
            RecordError: it has none.
        """
        acct = clean(person.acct or person.username or "").strip().lstrip("@")
        if acct and "@" not in acct:
            acct = f"{acct}@{self.host}"
        for written in (acct, person.url, getattr(person, "uri", None)):
            if isinstance(written, str) and written:
                try:
                    return account_uri(written, "mastodon")
                except BadNameError:
                    continue
        raise RecordError(_("an account without a name"))

    def sighting(self, person: Person, *, own: bool = False) -> Iterator[Account]:
        """What is seen of an account, once a page."""
        account = self.account(person)
        if account in self.shown:
            return
        self.shown.add(account)
        note = person.note or ""
        yield Account(
            account=account,
            seen_at=self.at,
            network="mastodon",
            handle="@" + account.removeprefix("acct:") if account.startswith("acct:") else None,
            name=tidy((person.display_name or "")[:_LONGEST_NAME]),
            bio=tidy(plain_text(clean(note[:LONGEST]))) if note else None,
            url=_address(person.url),
            aliases=self._other_names(person, account),
            created_at=_time_or_none(person.created_at),
            followers=_count(person.followers_count),
            following=_count(person.following_count),
            posts=_count(person.statuses_count),
            automated=_flag(person.bot),
            locked=_flag(person.locked),
            discoverable=_flag(person.discoverable),
            indexable=_flag(person.indexable),
            limited=_flag(person.limited) or _flag(person.suspended),
            featurable=_featurable(person.feature_approval),
            own=own,
        )

    def _other_names(self, person: Person, account: str) -> tuple[str, ...]:
        """The same account by its addresses. Its number (`uri`) its server has looked up; what people open (`url`) it says
        of itself, which counts in its own house only. Nobody is the owner but she, or goes by another's name.
        """
        house = _house(person.uri) or account.rpartition("@")[2]
        written = [person.uri, person.url if _house(person.url) == house else None]
        found: dict[str, None] = {}
        for address in written:
            if isinstance(address, str) and address.startswith("https://"):
                try:
                    same = account_uri(address, "mastodon")
                except BadNameError:
                    continue
                if same not in {account, self.owner} and _called(same) in {"", _called(account)}:
                    found[same] = None
        return tuple(found)


def _house(address: object) -> str:
    """The server an address lies on, "" where that cannot be told."""
    if not isinstance(address, str):
        return ""
    if address.startswith("tag:"):
        return address[len("tag:") :].partition(",")[0].lower()
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _called(account: str) -> str:
    """What stands before the @; "" where an account is known by an address alone."""
    return account.removeprefix("acct:").partition("@")[0] if account.startswith("acct:") else ""


def status_events(status: Status, server: Server) -> Iterator[Event]:
    """One's own or another's post: the post itself and what it does towards others; a reshare is an act.

    Raises:
        RecordError: it cannot be used; says why.
    """
    if status.account is None:
        raise RecordError(_("a post without an author"))
    author = server.account(status.account)
    at = _when(status.created_at)
    yield from server.sighting(status.account, own=author == server.owner)
    if status.reblog is not None:
        yield from _reshare(status, author, at, server)
        return
    if status.visibility == "direct" and author != server.owner:
        return  # letters of others are not collected
    name = post_name(status, server)
    names, shown_as = _mentions(status, server)
    parent, parent_author = _parent(status, author, server)
    quoted = _quoted(status)
    quoted_name = post_name(quoted, server) if quoted else None
    quoted_author = server.account(quoted.account) if quoted and quoted.account else None
    yield Post(
        post=name,
        account=author,
        network="mastodon",
        happened_at=at,
        text=_text(status, shown_as, quoting=quoted is not None),
        language=_language(status.language),
        reply_to=parent,
        reply_to_account=parent_author,
        quote_of=quoted_name,
        mentions=tuple(names),
        visibility=_VISIBILITY.get(status.visibility or "public", "followers"),
        url=_address(status.url),
        likes=_count(status.favourites_count),
        reshares=_count(status.reblogs_count),
        replies=_count(status.replies_count),
    )
    done: list[tuple[Kind, str | None, str | None]] = [
        ("reply", parent_author, parent),
        ("quote", quoted_author, quoted_name),
    ]
    done += [("mention", account, None) for account in names if account != parent_author]
    for kind, target, of in done:
        if target is not None and target != author:
            yield Act(
                kind=kind, actor=author, target=target, network="mastodon", happened_at=at, post=of, via=name
            )


def notification_events(told: Notification, server: Server) -> Iterator[Event]:
    """What somebody did towards the owner; kinds we do not know are nothing to us.

    Raises:
        RecordError: it cannot be used; says why.
    """
    if told.type not in _NOTICED or told.account is None:
        return
    actor = server.account(told.account)
    if actor == server.owner:
        return
    at = _when(told.created_at)
    yield from server.sighting(told.account)
    if told.type in {"mention", "quote"}:
        if told.status is None or told.status.visibility == "direct":
            return  # its author deleted the post; or it is a letter, and letters are nobody's business here
        if told.status.account is None:
            told.status.account = told.account
        found = list(status_events(told.status, server))
        yield from found
        if not any(isinstance(e, Act) and e.target == server.owner for e in found):
            yield from _spoken_to(told, actor, at, server)
        return
    post = post_name(told.status, server) if told.status is not None else None
    if told.type in {"favourite", "reblog"} and post is None:
        raise RecordError(_("a like or reshare without the post"))
    if told.status is not None and told.status.account is not None:
        yield from _own_post(told.status, server)
    yield Act(
        kind=_NOTICED[told.type],
        actor=actor,
        target=server.owner,
        network="mastodon",
        happened_at=at,
        post=post,
    )


_NOTICED: dict[str, Kind] = {
    "mention": "mention",
    "quote": "quote",
    "favourite": "like",
    "pleroma:emoji_reaction": "like",
    "emoji_reaction": "like",
    "reaction": "like",
    "reblog": "reshare",
    "follow": "follow",
    "added_to_collection": "endorse",
}


def post_name(status: Status, server: Server) -> str:
    """The name of a post: its ActivityPub address; where a server hides that, what people open, else its id.

    An address in another house than its author's is not believed: it would write over a post that is there.
    """
    for written in (_address(status.uri), _address(status.url)):
        if written and (status.account is None or _at_home(written, status.account, server)):
            return written
    return f"{server.origin}/api/v1/statuses/{status.id}"


def _at_home(address: str, author: Person, server: Server) -> bool:
    name = server.account(author)
    if name != server.owner and server.own_post and address.startswith(server.own_post.partition("{id}")[0]):
        return False
    houses = {name.rpartition("@")[2], _house(author.uri) or _house(author.url)}
    if name.startswith("acct:") and houses & {server.host}:
        houses.add(_house(server.origin))
    return _house(address) in houses


def _spoken_to(told: Notification, actor: str, at: datetime, server: Server) -> Iterator[Event]:
    """The act of a mention whose post does not name the owner in a way we can read, or is a letter."""
    assert told.status is not None
    name = post_name(told.status, server)
    answer = str(told.status.in_reply_to_account_id or "") == server.owner_id
    kind: Kind = "quote" if told.type == "quote" else "reply" if answer else "mention"
    post = _own_address(told.status.in_reply_to_id, server) if answer else None
    yield Act(
        kind=kind, actor=actor, target=server.owner, network="mastodon", happened_at=at, post=post, via=name
    )


def _own_post(status: Status, server: Server) -> Iterator[Event]:
    """The owner's post that somebody liked or reshared: old ones come in this way before the history does."""
    assert status.account is not None
    if status.reblog is None and server.account(status.account) == server.owner:
        yield from (e for e in status_events(status, server) if isinstance(e, Post))


def _reshare(status: Status, actor: str, at: datetime, server: Server) -> Iterator[Event]:
    shared = status.reblog
    assert shared is not None
    if shared.account is None:
        raise RecordError(_("a reshare that does not say whose post it is"))
    target = server.account(shared.account)
    yield from server.sighting(shared.account, own=target == server.owner)
    if target != actor:
        yield Act(
            kind="reshare", actor=actor, target=target, network="mastodon", happened_at=at,
            act=_address(status.uri), post=post_name(shared, server),
        )  # fmt: skip


def _mentions(status: Status, server: Server) -> tuple[list[str], dict[str, str]]:
    """The accounts named, and how each link of a mention is written in the text."""
    names: list[str] = []
    shown: dict[str, str] = {}
    for named in status.mentions or []:
        try:
            account = server.account(named)
        except RecordError:
            continue
        names.append(account)
        if account.startswith("acct:"):
            for link in (named.url, account):
                if isinstance(link, str):
                    shown[link] = "@" + account.removeprefix("acct:")
    return list(dict.fromkeys(names)), shown


def _parent(status: Status, author: str, server: Server) -> tuple[str | None, str | None]:
    """The post answered and whose it is, as far as this server's numbers tell."""
    whose = str(status.in_reply_to_account_id or "")
    if not whose:
        return None, None
    if whose == server.owner_id:
        return _own_address(status.in_reply_to_id, server), server.owner
    if status.account is not None and whose == str(status.account.id):
        return None, author
    for named in status.mentions or []:
        if str(named.id) == whose:
            try:
                return None, server.account(named)
            except RecordError:
                break
    return None, None


def _own_address(number: object, server: Server) -> str | None:
    return server.own_post.replace("{id}", str(number)) if server.own_post and number else None


def _quoted(status: Status) -> Status | None:
    """The post quoted (4.5: within `quote`; others: `quote` itself is the post)."""
    if not isinstance(status.quote, dict):
        return None
    inner = status.quote.get("quoted_status") or (status.quote if "content" in status.quote else None)
    try:
        found = msgspec.convert(inner, Status | None)
    except (msgspec.ValidationError, RecursionError):
        return None
    return found


def _text(status: Status, shown_as: dict[str, str], *, quoting: bool) -> str:
    content = status.content or ""
    if len(content) > LONGEST:
        raise RecordError(_("longer than {count} characters").format(count=LONGEST))

    def written(text: str, href: str) -> str:
        if href in shown_as:
            return shown_as[href]
        try:
            account = account_uri(href, "mastodon")
        except BadNameError:
            return text
        return shown_as.get(account) or (
            "@" + account.removeprefix("acct:") if account.startswith("acct:") else text
        )

    left_out = frozenset({"quote-inline"}) if quoting else frozenset[str]()
    body = plain_text(clean(content), mention=written, without=left_out)
    options = "\n".join(
        f"- {t}" for o in (status.poll.options if status.poll else None) or [] if (t := tidy(o.title))
    )
    parts = (tidy(status.spoiler_text), body, options)
    return clean("\n\n".join(part for part in parts if part))


def _language(code: Text) -> str | None:
    primary = (code or "").replace("_", "-").split("-")[0].lower()
    good = 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() and primary != "und"
    return primary if good else None


def _when(text: Text) -> datetime:
    if not text:
        raise RecordError(_("a record without a time"))
    return utc_time(text)


def _time_or_none(text: Text) -> datetime | None:
    try:
        return utc_time(text) if text else None
    except RecordError:
        return None


def _count(value: object) -> int | None:
    """A count; -1 and other nonsense mean that the server does not tell."""
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _featurable(value: object) -> bool | None:
    """Whether the account lets others put it into their collections (4.6)."""
    if not isinstance(value, dict):
        return None
    mine = value.get("current_user")
    if isinstance(mine, str) and mine in {"automatic", "denied"}:
        return mine == "automatic"
    automatic = value.get("automatic")
    return "public" in automatic if isinstance(automatic, list) else None


def _address(value: object) -> str | None:
    if (
        isinstance(value, str)
        and value.startswith(("https://", "http://", "tag:"))
        and not any(c.isspace() for c in value)
    ):
        return clean(value)[:2048]
    return None
