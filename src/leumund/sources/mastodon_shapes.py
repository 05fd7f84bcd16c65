"""The records of Mastodon's API, as far as they mean something here; every field may be missing or odd.

Shapes: docs.joinmastodon.org/entities/Status, /Account, /Notification
"""

from __future__ import annotations

from typing import Any

import msgspec

Text = str | None


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
    moved: Any = None
    feature_approval: Any = None


class Named(msgspec.Struct):
    """Somebody named in a post."""

    id: str | int = ""
    acct: Text = None
    username: Text = None
    url: Any = None


class _Option(msgspec.Struct):
    title: Text = None


class _Poll(msgspec.Struct):
    options: list[_Option] | None = None


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
    mentions: list[Named] | None = None
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
