"""What Bluesky's records look like (lexicons `app.bsky.*`), of today and of 2022 and 2023.

    feed.post      {text, createdAt, langs, reply: {root, parent}, embed, facets, tags}; `entities` until April 2023
    feed.like      {subject: {uri, cid}, createdAt, via}        feed.repost the same
    feed.vote      {subject, direction: "up"|"down", createdAt}  until early 2023
    graph.follow   {subject: did, createdAt}; until April 2023 {subject: {did, declarationCid}}
    actor.profile  {displayName, description, labels: {values: [{val}]}, createdAt}

One shape fits them all, so that a stream is read by one decoder; fields nobody here needs are skipped unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from leumund.locale import _
from leumund.sources.json_records import RecordError


class Subject(Struct, gc=False):
    """What a record points to: a record, or (until April 2023) an account."""

    uri: str = ""
    did: str = ""


class Reply(Struct, gc=False):
    """Where a post stands in a conversation."""

    parent: Subject | None = None


class Embedded(Struct, gc=False):
    """What a post shows: a record, bare or (with pictures beside it) one level deeper."""

    uri: str = ""
    record: Subject | None = None


class Embed(Struct, gc=False):
    """Pictures, a link, a quoted record."""

    record: Embedded | None = None


class Feature(Struct, gc=False):
    """What a stretch of text is: a mention (did), a tag, a link."""

    did: str = ""
    tag: str = ""


class Facet(Struct, gc=False):
    """A stretch of text and what it is."""

    features: list[Feature] = []


class Entity(Struct, gc=False):
    """The same until April 2023."""

    type: str = ""
    value: str = ""


class Label(Struct, gc=False):
    """What somebody says of her own account in one word."""

    val: str = ""


class Labels(Struct, gc=False):
    """All she says of it."""

    values: list[Label] = []


class Record(Struct, rename="camel", gc=False):
    """Any record that means something here."""

    created_at: str | None = None
    subject: Subject | str | None = None
    direction: str | None = None
    text: str | None = None
    langs: list[str] | None = None
    reply: Reply | None = None
    embed: Embed | None = None
    facets: list[Facet] | None = None
    entities: list[Entity] | None = None
    tags: list[str] | None = None
    display_name: str | None = None
    description: str | None = None
    labels: Labels | None = None


POST, LIKE, REPOST, VOTE = ("app.bsky.feed." + name for name in ("post", "like", "repost", "vote"))
FOLLOW, PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"

NEEDED: Mapping[str, tuple[str, ...]] = {
    POST: ("text",), LIKE: ("subject",), REPOST: ("subject",), VOTE: ("subject", "direction"),
    FOLLOW: ("subject",), PROFILE: (),
}  # fmt: skip
"""The collections that mean something here, and the fields without which a record of them means nothing.

All others are none of ours: blocks, mutes and lists (whom somebody keeps away is nobody's business here), rules for
replies, feeds, starter packs, other programs' records, and of the old ones scenes (graph.assertion,
graph.confirmation), trends and declarations.
"""

_KINDS = {f.encode_name: f for f in msgspec.structs.fields(Record)}


def as_record(value: object, collection: str) -> Record:
    """The record; a field that is not as it should be is left out, where the record means something without it.

    Raises:
        RecordError: no object, or a field it needs holds something else; says which.
    """
    try:
        return msgspec.convert(value, Record)
    except (msgspec.ValidationError, RecursionError, OverflowError):
        pass
    if not isinstance(value, dict):
        raise RecordError(_("the record has another shape than it should"))
    kept: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        if name not in value:
            continue
        try:
            kept[kind.name] = msgspec.convert(value[name], kind.type)
        except (msgspec.ValidationError, RecursionError, OverflowError):
            if name in NEEDED[collection]:
                text = _("“{field}” holds something else than it should").format(field=name)
                raise RecordError(text) from None
    return Record(**kept)
