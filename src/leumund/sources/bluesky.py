"""A connected account on Bluesky (AT Protocol): one's records, what others did towards one, who follows.

An account is its DID; handles change. What is shown to everybody can be read without an account (`leumund look`);
notifications need a session. Limits: 3000 requests in 5 minutes for one address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from leumund.errors import StrangeAnswerError, UsageError
from leumund.events import Event
from leumund.ids import BadNameError, account_uri
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources import bluesky_views as views
from leumund.sources.at_shapes import FOLLOW, LIKE, POST, REPOST
from leumund.sources.at_uris import is_did
from leumund.sources.bluesky_session import as_secret, ask, begin, log_in
from leumund.sources.json_records import RecordError, record_problem, tidy, utc_time
from leumund.sources.living import Access, Asked, Connected, Connection, Living, Stream
from leumund.sources.server_address import origin_of
from leumund.sources.walking import Listing, walk

SERVER = "https://bsky.social"
PUBLIC_SERVER = "https://public.api.bsky.app"
_PROFILES = "https://bsky.app/profile/"
_A_DAY = timedelta(days=1)
_LOOK_AGAIN = timedelta(days=14)
REACTIONS_FOR = timedelta(days=30)
_FOLLOWERS = "count of followers"  # in the memory of a run
_LONGEST_NAME = 300
_AT_ONCE = 25  # profiles or posts in one question

_Position = Mapping[str, str | int | float | None]


def connect(asked: Asked) -> Connected:
    """Connect the owner's account with an app password.

    Raises:
        UsageError: that is no handle. SourceError: the server cannot be reached, or says no.
    """
    identifier = handle_in(asked.where, example="leumund connect bluesky anna.bsky.social")
    origin = origin_of(asked.options.get("server") or SERVER)
    client = asked.client(origin)
    asked.tell(_("Make an app password for Leumund: Settings > Privacy and security > App passwords."))
    password = asked.prompt(_("App password of {handle}").format(handle=identifier), True)
    if not password:
        raise UsageError(_("Without an app password there is no connection. Nothing was changed."))
    kept, did, _handle = log_in(client, origin, identifier, password)
    if not is_did(did):
        raise StrangeAnswerError(origin, _("it does not tell whose account it is"))
    connection = Connection(id="", source="bluesky", server=origin, account=did, settings={})
    client.token = lambda: f"Bearer {kept.access}"
    profile, _answer = client.get_json(
        f"{origin}/xrpc/app.bsky.actor.getProfile", params={"actor": did}, accept=(400,)
    )
    try:
        events = tuple(views.profile_events(profile, views.Seen(did, asked.at)))
    except RecordError:  # a new account is not shown yet
        events = tuple(views.profile_events({"did": did, "handle": identifier}, views.Seen(did, asked.at)))
    return Connected(connection=connection, secret=as_secret(kept), events=events)


def handle_in(written: str, *, example: str) -> str:
    """The handle or DID in what a person writes: with or without @, as the address of a profile. example: how it is right.

    Raises:
        UsageError: it is none.
    """
    handle = written.strip().removeprefix(_PROFILES).lstrip("@").rstrip("/")
    try:
        account_uri(handle, "bluesky")
    except BadNameError:
        hint = _("Write it like this: {command}").format(command=example)
        raise UsageError(_("“{text}” is no handle.").format(text=written), hint=hint) from None
    return handle


def fetch_account(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """How the server shows the account now: its counts, its labels, its handle."""
    profile, _answer = ask(access, "app.bsky.actor.getProfile", {"actor": access.connection.account})
    if isinstance(profile, dict) and isinstance(followers := profile.get("followersCount"), int):
        access.memory[_FOLLOWERS] = str(max(followers, 0))
    yield _page(access, "profiles", [profile], {})


def fetch_posts(access: Access, cursor: Cursor) -> Iterator[Page]:
    """The account's posts with their counts, the newest first; those of the last days again and again."""
    params = {"actor": access.connection.account, "filter": "posts_with_replies", "limit": 100}

    def when(item: Any) -> Any:
        return (item.get("post") or {}).get("indexedAt") if not item.get("reason") else None

    asking = _asking(
        access,
        "app.bsky.feed.getAuthorFeed",
        params,
        "feed",
        when,
        lambda i: (i.get("post") or {}).get("uri"),
    )
    yield from walk(cursor, asking, _making(access, "feed"), at=access.at, again=_LOOK_AGAIN)


def fetch_notifications(access: Access, cursor: Cursor) -> Iterator[Page]:
    """What others did towards the account, the newest first."""
    asking = _asking(
        access, "app.bsky.notification.listNotifications", {"limit": 100}, "notifications",
        lambda i: i.get("indexedAt"), lambda i: i.get("uri"),
    )  # fmt: skip
    yield from walk(cursor, asking, _making(access, "notifications"), at=access.at)


def _fetch_own(collection: str) -> Callable[[Access, Cursor], Iterator[Page]]:
    def fetch(access: Access, cursor: Cursor) -> Iterator[Page]:
        yield from walk(cursor, _records(access, collection), _making(access, "records"), at=access.at)

    return fetch


def fetch_all_own(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """All of the account's records, from beginning to end: what is missing from them was deleted."""
    for collection in (POST, LIKE, REPOST, FOLLOW):
        yield from walk(None, _records(access, collection), _making(access, "records"), at=access.at)


def fetch_followers(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """Who follows, then the same accounts with their counts."""
    params = {"actor": access.connection.account, "limit": 100}
    asking = _asking(access, "app.bsky.graph.getFollowers", params, "followers", None, lambda i: i.get("did"))
    for page in walk(None, asking, _making(access, "followers"), at=access.at, counted=_counted(access)):
        yield page
        dids = [
            d
            for i in msgspec.json.decode(page.data)
            if isinstance(i, dict) and is_did(d := str(i.get("did")))
        ]
        for start in range(0, len(dids), _AT_ONCE):
            found, _answer = ask(
                access, "app.bsky.actor.getProfiles", {"actors": dids[start : start + _AT_ONCE]}
            )
            yield _page(access, "profiles", _listed(found, "profiles"), page.position)


def fetch_agreed(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """How the server shows the accounts that agreed to be named; those it does not know are left out."""
    dids = [uri for uri in access.agreed if is_did(uri)]
    for start in range(0, len(dids), _AT_ONCE):
        found, _answer = ask(access, "app.bsky.actor.getProfiles", {"actors": dids[start : start + _AT_ONCE]})
        yield _page(access, "profiles", _listed(found, "profiles"), {})


def fetch_known(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """Who of those the owner follows also follows each of her newest followers: one question for each of them."""
    params: dict[str, str | int | list[str] | None] = {"actor": access.connection.account, "limit": 100}
    found, _answer = ask(access, "app.bsky.graph.getFollowers", params)
    for profile in _listed(found, "followers"):
        did = profile.get("did") if isinstance(profile, dict) else None
        if isinstance(did, str) and is_did(did):
            known, _answer = ask(access, "app.bsky.graph.getKnownFollowers", {"actor": did, "limit": 100})
            yield _made(access, "known", msgspec.json.encode(_listed(known, "followers")), {}, {"whom": did})


def fetch_reactions(access: Access, _cursor: Cursor) -> Iterator[Page]:
    """Who liked, reposted and quoted the posts of the last weeks."""
    params: dict[str, str | int | list[str] | None] = {
        "actor": access.connection.account,
        "filter": "posts_with_replies",
        "limit": 100,
    }
    found, _answer = ask(access, "app.bsky.feed.getAuthorFeed", params)
    for item in _listed(found, "feed"):
        view = item.get("post") if isinstance(item, dict) and not item.get("reason") else None
        uri = view.get("uri") if isinstance(view, dict) else None
        if not isinstance(view, dict) or not isinstance(uri, str) or _older(view, access):
            continue
        for count, method, name, kind in (
            ("likeCount", "app.bsky.feed.getLikes", "likes", "likes"),
            ("repostCount", "app.bsky.feed.getRepostedBy", "repostedBy", "reposts"),
            ("quoteCount", "app.bsky.feed.getQuotes", "posts", "quotes"),
        ):
            if view.get(count):
                asking = _asking(
                    access, method, {"uri": uri, "limit": 100}, name, None, lambda i: str(i)[:200]
                )
                yield from walk(None, asking, _making(access, kind, post=uri), at=access.at)


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; what cannot be used is a problem of its own."""
    seen = views.Seen(owner=page.context["owner"], at=utc_time(page.context["at"]))
    post = page.context.get("post", "")
    for number, record in enumerate(msgspec.json.decode(page.data), start=page.first):
        try:
            match page.kind:
                case "profiles":
                    yield from views.profile_events(record, seen)
                case "feed":
                    yield from views.feed_events(record, seen)
                case "notifications":
                    yield from views.notification_events(record, seen)
                case "records":
                    yield from views.record_list_events(record, seen)
                case "followers":
                    yield from views.follower_events(record, seen)
                case "known":
                    yield from views.known_events(record, page.context["whom"], seen)
                case "likes":
                    yield from views.like_events(record, post, seen)
                case "reposts":
                    yield from views.repost_events(record, post, seen)
                case "quotes":
                    yield from views.post_events(record, seen)
        except RecordError as error:
            yield record_problem(page, _name_of(record) or number, error)


def _name_of(record: Any) -> str:
    """The record's own name, by which a bad one is known again at the next sync."""
    inner = record.get("post") if isinstance(record, dict) else None
    for holder in (record, inner):
        for name in ("uri", "did"):
            if isinstance(holder, dict) and isinstance(told := holder.get(name), str) and told:
                return tidy(told[:_LONGEST_NAME]) or ""
    return ""


# -- asking


def _asking(
    access: Access,
    method: str,
    params: Mapping[str, Any],
    name: str,
    when: Callable[[Any], Any] | None,
    which: Callable[[Any], Any],
) -> Callable[[str | None], Listing]:
    """How a list is asked for: the place is the server's cursor. name: where in the answer the list stands."""

    def fetch(place: str | None) -> Listing:
        found, _answer = ask(access, method, {**params, "cursor": place})
        items = [i for i in _listed(found, name) if isinstance(i, dict)]
        cursor = found.get("cursor") if isinstance(found, dict) else None
        times = tuple(t for i in items if when and (t := views.moment(when(i))))
        ids = tuple(str(which(i) or "") for i in items)
        return Listing(
            data=msgspec.json.encode(items), ids=ids, times=times,
            next=cursor if isinstance(cursor, str) and cursor else None,
        )  # fmt: skip

    return fetch


def _records(access: Access, collection: str) -> Callable[[str | None], Listing]:
    params = {"repo": access.connection.account, "collection": collection, "limit": 100}
    return _asking(access, "com.atproto.repo.listRecords", params, "records",
                   lambda i: (i.get("value") or {}).get("createdAt"), lambda i: i.get("uri"))  # fmt: skip


def _listed(found: Any, name: str) -> list[Any]:
    listed = found.get(name) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise StrangeAnswerError(name, _("it is no list"))
    return listed


def _making(access: Access, kind: str, **context: str) -> Callable[[bytes, _Position], Page]:
    return lambda data, position: _made(access, kind, data, position, context)


def _page(access: Access, kind: str, items: list[Any], position: _Position) -> Page:
    return _made(access, kind, msgspec.json.encode(items), position, {})


def _made(access: Access, kind: str, data: bytes, position: _Position, context: Mapping[str, str]) -> Page:
    return Page(
        kind=kind,
        where=f"{urlsplit(access.connection.server).netloc} {kind}",
        data=data,
        context={"owner": access.connection.account, "at": access.at.isoformat(), **context},
        position=dict(position),
    )


def _counted(access: Access) -> int | None:
    """How many follow, as the profile told."""
    told = access.memory.get(_FOLLOWERS, "")
    return int(told) if told else None


def _older(view: dict[str, Any], access: Access) -> bool:
    at = views.moment(view.get("indexedAt"))
    return at is None or access.at - at > REACTIONS_FOR


OPEN_STREAMS = (
    Stream(name="account", title=N_("the account itself"), fetch=fetch_account),
    Stream(name="posts", title=N_("your posts"), fetch=fetch_posts),
    Stream(
        name="reactions",
        title=N_("likes, reposts and quotes of your posts"),
        fetch=fetch_reactions,
        every=_A_DAY,
        lists="reactions",
    ),
    Stream(
        name="followers", title=N_("your followers"), fetch=fetch_followers, every=_A_DAY, lists="followers"
    ),
)
"""What can be read of anybody, without an account."""

LIVING = Living(
    name="bluesky",
    title=N_("Bluesky"),
    where="HANDLE",
    asks=N_("Your handle"),
    example="anna.bsky.social",
    keys=(N_("App password"),),
    needs=N_("your account on Bluesky and an app password"),
    key=N_("in Bluesky under Settings > Privacy and security > App passwords"),
    connect=connect,
    prepare=begin,
    streams=(
        *OPEN_STREAMS[:2],
        Stream(name="notifications", title=N_("what others did towards you"), fetch=fetch_notifications),
        Stream(name="likes", title=N_("what you like"), fetch=_fetch_own(LIKE)),
        Stream(name="reposts", title=N_("what you reshare"), fetch=_fetch_own(REPOST)),
        Stream(name="follows", title=N_("whom you follow"), fetch=_fetch_own(FOLLOW)),
        Stream(name="records", title=N_("all your records, to see what was deleted"), fetch=fetch_all_own, every=_A_DAY, lists="records"),
        *OPEN_STREAMS[2:],
        Stream(name="agreed", title=N_("accounts that gave their consent"), fetch=fetch_agreed, every=_A_DAY),
        Stream(
            name="known",
            title=N_("who of those you follow knows your followers"),
            fetch=fetch_known,
            every=7 * _A_DAY,
            costs=True,
        ),
    ),
    parse=parse,
    tells=(
        N_("Your posts with their counts, your likes, reposts and follows, and which of them you deleted."),
        N_("Likes, reposts, replies, quotes, mentions and follows you received."),
        N_("Who follows you, with profiles and labels, once a day."),
        N_("How accounts look now that you noted as having agreed to be named."),
    ),
    cannot_tell=(
        N_("Likes and follows that were taken back before they were seen, and when exactly somebody left."),
        N_("Posts of others that were deleted after they were read here: they go on counting."),
        N_("What accounts did that are blocked, taken down or deleted since."),
        N_("Since when those followed you whose notification the server no longer has."),
        N_("Views: Bluesky does not count them."),
    ),
    reference="https://docs.bsky.app/docs/category/http-reference",
    options=("server",),
)  # fmt: skip
