"""A connected account on Mastodon, or on a server that speaks its API: one's posts, and what others did towards one.

Limits, as the servers set them: 300 requests in 5 minutes; 80 notifications or accounts a page, 40 posts. Paging goes
by the Link header where there is one, else by the last id.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from leumund.errors import SourceError, WrongKeyError
from leumund.events import Act, Event
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources.json_records import RecordError, decode, page_records, record_problem, tidy, utc_time
from leumund.sources.living import Access, Living, Stream
from leumund.sources.mastodon_accounts import Server
from leumund.sources.mastodon_connecting import connect, is_key, person_in
from leumund.sources.mastodon_lists import asking, counted, making, page_of, remember_counts
from leumund.sources.mastodon_records import notification_events, post_name, status_events
from leumund.sources.mastodon_shapes import Notification, Person, Status
from leumund.sources.walking import walk

_A_DAY = timedelta(days=1)
_FAMILIAR_AT_ONCE = 40
_AGREED_AT_ONCE = 20
_LONGEST_NUMBER = 80
_FAMILIAR_PAGES = 10  # the 800 newest followers
_LOOK_AGAIN = timedelta(days=14)  # posts of the last days are read again: edits, counts, deletions
_TYPES = ["mention", "reblog", "favourite", "follow", "quote", "added_to_collection"]


def prepare(access: Access) -> None:
    """Send the key with every request to the server."""
    secret = access.secret() or ""
    if not is_key(secret):
        text = _("That is no key.") if secret else _("The key for {account} is gone.")
        raise SourceError(
            text.format(account=access.connection.account),
            hint=_("Connect again with: leumund connect mastodon {server}").format(
                server=access.connection.server
            ),
        )
    access.client.token = lambda: f"Bearer {secret}"


def fetch_account(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """How the server shows the account now: its counts, its settings."""
    me, answer = access.client.get_json(f"{access.connection.server}/api/v1/accounts/verify_credentials")
    person = person_in(me, answer)
    if str(person.id) != access.connection.settings["id"]:
        raise WrongKeyError(urlsplit(access.connection.server).netloc)
    remember_counts(access, person)
    yield page_of(access, "accounts", b"[" + answer.body + b"]", {}, where="verify_credentials")


def fetch_posts(access: Access, cursor: Cursor) -> Iterator[Page]:
    """The account's own posts and reshares, the newest first; those of the last days again and again."""
    number = access.connection.settings["id"]
    ask = asking(access, f"/api/v1/accounts/{number}/statuses", {"limit": 40}, learn=True)
    yield from walk(
        cursor,
        ask,
        making(access, "statuses"),
        at=access.at,
        again=_LOOK_AGAIN,
        counted=counted(access, "statuses"),
    )


def fetch_notifications(access: Access, cursor: Cursor) -> Iterator[Page]:
    """What others did towards the account, the newest first."""
    kinds: dict[str, Any] = {"limit": 80, "types[]": _TYPES}
    ask = asking(access, "/api/v1/notifications", kinds)
    yield from walk(cursor, ask, making(access, "notifications"), at=access.at)


def fetch_favourites(access: Access, cursor: Cursor) -> Iterator[Page]:
    """Posts of others that the owner likes; when, no server tells."""
    ask = asking(access, "/api/v1/favourites", {"limit": 40}, timed=False)
    yield from walk(cursor, ask, making(access, "favourites"), at=access.at)


def _fetch_people(what: str) -> Callable[[Access, Cursor], Iterator[Page]]:
    def fetch(access: Access, _cursor: Cursor) -> Iterator[Page]:
        number = access.connection.settings["id"]
        ask = asking(access, f"/api/v1/accounts/{number}/{what}", {"limit": 80}, timed=False)
        yield from walk(None, ask, making(access, what), at=access.at, counted=counted(access, what))

    return fetch


def fetch_agreed(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """How the server shows the accounts that agreed to be named; those it does not know are left out."""
    names = [uri.removeprefix("acct:") for uri in access.agreed if uri.startswith("acct:")]
    for start in range(0, len(names), _AGREED_AT_ONCE):
        shown = []
        for name in names[start : start + _AGREED_AT_ONCE]:
            url = f"{access.connection.server}/api/v1/accounts/lookup"
            found, answer = access.client.get_json(url, params={"acct": name}, accept=(400, 404, 410))
            if answer.status < 400 and isinstance(found, dict):
                shown.append(answer.body)
        yield page_of(access, "accounts", b"[" + b",".join(shown) + b"]", {}, where="lookup")


def fetch_familiar(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """Who of those the owner follows also follows each of her newest followers."""
    number = access.connection.settings["id"]
    ask = asking(access, f"/api/v1/accounts/{number}/followers", {"limit": 80}, timed=False)
    for read, page in enumerate(walk(None, ask, making(access, "familiar"), at=access.at)):
        ids = [str(r.get("id", "")) for r in msgspec.json.decode(page.data) if isinstance(r, dict)]
        for start in range(0, len(ids), _FAMILIAR_AT_ONCE):
            answer = access.client.get(
                f"{access.connection.server}/api/v1/accounts/familiar_followers",
                params={"id[]": ids[start : start + _FAMILIAR_AT_ONCE]},
            )
            # the answer names the followers by number alone: who they are stands on the page of the list
            yield page_of(
                access,
                "familiar",
                b"[" + page.data + b"," + answer.body + b"]",
                page.position,
                where="familiar_followers",
            )
        if read + 1 >= _FAMILIAR_PAGES:
            return


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; what cannot be used is a problem of its own."""
    server = Server(
        host=page.context["host"],
        origin=page.context["origin"],
        owner=page.context["owner"],
        owner_id=page.context["id"],
        own_post=page.context.get("own_post", ""),
        at=utc_time(page.context["at"]),
    )
    if page.kind == "familiar":
        yield from _familiar(page.data, server)
        return
    for number, raw in page_records(page):
        try:
            yield from _EVENTS[page.kind](raw, server)
        except RecordError as error:
            yield record_problem(page, _number_of(raw) or number, error)


class _Numbered(msgspec.Struct):
    id: str | int = ""


def _number_of(raw: msgspec.Raw) -> str:
    """The record's own number, by which a bad one is known again at the next sync."""
    try:
        return tidy(str(msgspec.json.decode(raw, type=_Numbered).id)[:_LONGEST_NUMBER]) or ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _statuses(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    yield from status_events(decode(raw, Status), server)


def _notifications(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    yield from notification_events(decode(raw, Notification), server)


def _accounts(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    person = decode(raw, Person)
    yield from server.sighting(person, own=server.account(person) == server.owner)


def _favourites(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    status = decode(raw, Status)
    if status.account is None:
        raise RecordError(_("a post without an author"))
    author = server.account(status.account)
    if author == server.owner:
        return
    yield Act(
        kind="like", actor=server.owner, target=author, network="mastodon", happened_at=server.at, exact=False,
        post=post_name(status, server),
    )  # fmt: skip


def _followers(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    yield from _follow(raw, server, towards_owner=True)


def _following(raw: msgspec.Raw, server: Server) -> Iterator[Event]:
    yield from _follow(raw, server, towards_owner=False)


def _follow(raw: msgspec.Raw, server: Server, *, towards_owner: bool) -> Iterator[Event]:
    """Somebody in a list of followers: that it is so, not since when."""
    person = decode(raw, Person)
    other = server.account(person)
    yield from server.sighting(person)
    actor, target = (other, server.owner) if towards_owner else (server.owner, other)
    if other != server.owner:
        yield Act(
            kind="follow", actor=actor, target=target, network="mastodon", happened_at=server.at, exact=False
        )


class _Familiar(msgspec.Struct):
    id: str | int = ""
    accounts: list[Person] = []


def _familiar(data: bytes, server: Server) -> Iterator[Event]:
    """Follows among people the owner knows; a part that is not as it should be tells nothing."""
    try:
        listed, told = msgspec.json.decode(data, type=tuple[list[Person], list[_Familiar]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    names: dict[str, str] = {}
    for person in listed:
        with contextlib.suppress(RecordError):
            names[str(person.id)] = server.account(person)
    for entry in told:
        target = names.get(str(entry.id))
        for person in entry.accounts if target else ():
            with contextlib.suppress(RecordError):
                actor = server.account(person)
                if target is not None and actor not in {target, server.owner}:
                    yield Act(
                        kind="follow",
                        actor=actor,
                        target=target,
                        network="mastodon",
                        happened_at=server.at,
                        exact=False,
                    )


_EVENTS: dict[str, Callable[[msgspec.Raw, Server], Iterator[Event]]] = {
    "accounts": _accounts,
    "statuses": _statuses,
    "notifications": _notifications,
    "favourites": _favourites,
    "followers": _followers,
    "following": _following,
}


LIVING = Living(
    name="mastodon",
    title=N_("Mastodon"),
    where="SERVER",
    asks=N_("Your server, or your handle there"),
    example="@anna@example.social",
    keys=(N_("Key (access token)"),),
    needs=N_("your account on a Mastodon server; you allow it in the browser"),
    key=N_("on your server under Preferences > Development, with the right to read"),
    connect=connect,
    prepare=prepare,
    streams=(
        Stream(name="account", title=N_("the account itself"), fetch=fetch_account),
        Stream(name="posts", title=N_("your posts"), fetch=fetch_posts, lists="posts"),
        Stream(name="notifications", title=N_("what others did towards you"), fetch=fetch_notifications),
        Stream(name="followers", title=N_("your followers"), fetch=_fetch_people("followers"), every=_A_DAY, lists="followers"),
        Stream(name="following", title=N_("whom you follow"), fetch=_fetch_people("following"), every=_A_DAY, lists="following"),
        Stream(name="agreed", title=N_("accounts that gave their consent"), fetch=fetch_agreed, every=_A_DAY),
        Stream(name="favourites", title=N_("what you like"), fetch=fetch_favourites, every=_A_DAY),
        Stream(name="familiar", title=N_("who of those you follow knows your followers"), fetch=fetch_familiar, every=7 * _A_DAY, costs=True),
    ),
    parse=parse,
    tells=(
        N_("Your posts with their counts, edits and deletions; your reshares and likes."),
        N_("Likes, reshares, replies, quotes, mentions and follows you received, as long as the server keeps notifications."),
        N_("Who follows you and whom you follow, with profiles, once a day."),
        N_("How accounts look now that you noted as having agreed to be named."),
    ),
    cannot_tell=(
        N_("Notifications the server has deleted, and likes that were taken back before they were seen."),
        N_("Since when those followed you who did before the first sync, and when exactly somebody left."),
        N_("What others deleted or took back after it was read here: it goes on counting."),
        N_("Counts of accounts of other servers: they are what this server knows."),
        N_("Views: Mastodon does not count them."),
    ),
    reference="https://docs.joinmastodon.org/client/intro/",
    options=("token", "paste"),
)  # fmt: skip
