"""What Mastodon's API gives (statuses, accounts, notifications) as events. Pure.

Also of GoToSocial, Pleroma, Akkoma, Pixelfed, snac and others that speak the same API: ids are opaque strings, fields
may be missing, `acct` may be bare or whole, notification types may be unknown. One's own posts get the same names
as in the archive (their ActivityPub address, `uri`), so that both give one post.

Shapes: docs.joinmastodon.org/entities/Status, /Account, /Notification
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from leumund.events import Act, Event, Kind, Post, Visibility
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.html_text import LONGEST, plain_text
from leumund.sources.json_records import RecordError, clean, tidy, utc_time
from leumund.sources.mastodon_accounts import Server, address, count, house_of
from leumund.sources.mastodon_shapes import Notification, Person, Status, Text

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
        url=address(status.url),
        likes=count(status.favourites_count),
        reshares=count(status.reblogs_count),
        replies=count(status.replies_count),
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
    for written in (address(status.uri), address(status.url)):
        if written and (status.account is None or _at_home(written, status.account, server)):
            return written
    return f"{server.origin}/api/v1/statuses/{status.id}"


def _at_home(address: str, author: Person, server: Server) -> bool:
    name = server.account(author)
    if name != server.owner and server.own_post and address.startswith(server.own_post.partition("{id}")[0]):
        return False
    houses = {name.rpartition("@")[2], house_of(author.uri) or house_of(author.url)}
    if name.startswith("acct:") and houses & {server.host}:
        houses.add(house_of(server.origin))
    return house_of(address) in houses


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
            act=address(status.uri), post=post_name(shared, server),
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
