"""What Bluesky's servers show (profiles, posts with counts, notifications, likers) as events. Pure.

Shapes: docs.bsky.app, app.bsky.actor.defs#profileView, app.bsky.feed.defs#postView, app.bsky.notification.*
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from leumund.events import Account, Act, Deletion, Event, Post
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.at_records import record_events
from leumund.sources.at_uris import author_of, is_did
from leumund.sources.json_records import RecordError, tidy, utc_time

_REASONS = {
    "like", "repost", "follow", "mention", "reply", "quote", "like-via-repost", "repost-via-repost",
}  # fmt: skip
_MOST_COUNT = 2**31 - 1
_ROBOT, _MEMBERS_ONLY, _HIDDEN = "bot", "!no-unauthenticated", {"!hide", "!takedown"}


@dataclass(slots=True)
class Seen:
    """What must be known besides a record. owner: the connected account's DID; at: when it was fetched."""

    owner: str
    at: datetime
    shown: set[str] = field(default_factory=set)


def profile_events(profile: Any, seen: Seen) -> Iterator[Account]:
    """What is seen of an account, once a page.

    Raises:
        RecordError: it has no DID.
    """
    did = profile.get("did") if isinstance(profile, dict) else None
    if not isinstance(did, str) or not is_did(did):
        raise RecordError(_("an account without a name"))
    if did in seen.shown:
        return
    seen.shown.add(did)
    handle = _handle(profile.get("handle"))
    told = [v for v in _list(profile.get("labels")) if isinstance(v, dict) and not v.get("neg")]
    labels = {v["val"] for v in told if isinstance(v.get("val"), str)}
    yield Account(
        account=did,
        seen_at=seen.at,
        network="bluesky",
        handle=handle,
        name=tidy(_text(profile.get("displayName"))),
        bio=tidy(_text(profile.get("description"))),
        url=f"https://bsky.app/profile/{did}",
        aliases=(f"at://{handle}",) if handle else (),
        created_at=moment(profile.get("createdAt")),
        followers=_count(profile.get("followersCount")),
        following=_count(profile.get("followsCount")),
        posts=_count(profile.get("postsCount")),
        automated=_ROBOT in labels if "labels" in profile else None,
        discoverable=False if _MEMBERS_ONLY in labels else None,
        limited=bool(labels & _HIDDEN) if "labels" in profile else None,
        own=did == seen.owner,
    )


def feed_events(item: Any, seen: Seen) -> Iterator[Event]:
    """An item of an author's feed: her own post with its counts. Reposts come from her records.

    Raises:
        RecordError: it cannot be used; says why.
    """
    view = item.get("post") if isinstance(item, dict) else None
    if isinstance(item, dict) and item.get("reason"):
        return
    yield from post_events(view, seen)


def post_events(view: Any, seen: Seen) -> Iterator[Event]:
    """A post as the server shows it, with its counts and what it does towards others.

    Raises:
        RecordError: it cannot be used; says why.
    """
    if not isinstance(view, dict) or not isinstance(view.get("author"), dict):
        raise RecordError(_("a post without an author"))
    yield from profile_events(view["author"], seen)
    likes, reshares, replies = (_count(view.get(n)) for n in ("likeCount", "repostCount", "replyCount"))
    for event in _record(view, view["author"], seen):
        if isinstance(event, Post):
            yield replace(event, likes=likes, reshares=reshares, replies=replies)
        else:
            yield event


def notification_events(told: Any, seen: Seen) -> Iterator[Event]:
    """What somebody did towards the owner; reasons we do not know are nothing to us.

    Raises:
        RecordError: it cannot be used; says why.
    """
    if not isinstance(told, dict) or str(told.get("reason")) not in _REASONS:
        return
    if not isinstance(told.get("author"), dict):
        raise RecordError(_("an account without a name"))
    yield from profile_events(told["author"], seen)
    yield from _record(told, told["author"], seen)


def record_list_events(told: Any, seen: Seen) -> Iterator[Event]:
    """One of the owner's own records, as her data server lists it ({uri, cid, value}).

    Raises:
        RecordError: it cannot be used; says why.
    """
    if not isinstance(told, dict):
        raise RecordError(_("the record has another shape than it should"))
    yield from _record({**told, "record": told.get("value")}, {"did": seen.owner}, seen)


def like_events(told: Any, post: str, seen: Seen) -> Iterator[Event]:
    """Somebody who likes a post; the like's own address is not told.

    Raises:
        RecordError: it cannot be used; says why.
    """
    actor = told.get("actor") if isinstance(told, dict) else None
    yield from profile_events(actor, seen)
    moments = [m for n in ("createdAt", "indexedAt") if (m := moment(told.get(n)))]
    at = min(moments, default=None)
    yield from _towards("like", actor, post, at, seen)


def repost_events(profile: Any, post: str, seen: Seen) -> Iterator[Event]:
    """Somebody who reposted a post; when, the server does not tell.

    Raises:
        RecordError: it cannot be used; says why.
    """
    yield from profile_events(profile, seen)
    yield from _towards("reshare", profile, post, None, seen)


def follower_events(profile: Any, seen: Seen) -> Iterator[Event]:
    """Somebody in the list of followers: that it is so, not since when.

    Raises:
        RecordError: it cannot be used; says why.
    """
    yield from profile_events(profile, seen)
    if profile["did"] != seen.owner:
        yield Act(
            kind="follow",
            actor=profile["did"],
            target=seen.owner,
            network="bluesky",
            happened_at=seen.at,
            exact=False,
        )


def known_events(profile: Any, whom: str, seen: Seen) -> Iterator[Event]:
    """Somebody the owner follows who follows `whom`, too.

    Raises:
        RecordError: it cannot be used; says why.
    """
    yield from profile_events(profile, seen)
    if profile["did"] not in {whom, seen.owner}:
        yield Act(
            kind="follow",
            actor=profile["did"],
            target=whom,
            network="bluesky",
            happened_at=seen.at,
            exact=False,
        )


def _towards(kind: Any, actor: Any, post: str, at: datetime | None, seen: Seen) -> Iterator[Event]:
    target = author_of(post)
    if target is None or actor["did"] == target:
        return
    yield Act(
        kind=kind, actor=actor["did"], target=target, network="bluesky", happened_at=at or seen.at,
        exact=at is not None, post=post,
    )  # fmt: skip


def _record(holder: Any, author: Any, seen: Seen) -> Iterator[Event]:
    """The events of the record that an answer holds. It was there at the latest when the server saw it."""
    uri, did = holder.get("uri"), author.get("did")
    parts = uri.removeprefix("at://").split("/") if isinstance(uri, str) else []
    if len(parts) != 3 or parts[0] != did:
        raise RecordError(_("the record does not say whose it is"))
    indexed = moment(holder.get("indexedAt"))
    for event in record_events(
        parts[0], parts[1], parts[2], holder.get("record"), indexed or seen.at, where=str(uri)
    ):
        if not isinstance(event, Deletion | Account):
            yield event


def _handle(value: Any) -> str | None:
    if not isinstance(value, str) or value == "handle.invalid":
        return None
    try:
        return account_uri(value, "bluesky").removeprefix("at://")
    except BadNameError:
        return None


def _text(value: Any) -> str | None:
    return value[:10_000] if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_COUNT else None


def moment(value: Any) -> datetime | None:
    """A time as the server writes it; None where it is none."""
    try:
        return utc_time(value) if isinstance(value, str) else None
    except RecordError:
        return None
