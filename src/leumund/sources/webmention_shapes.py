"""What webmention.io says of a webmention, in either of its forms."""

from __future__ import annotations

import msgspec

from leumund.sources.json_records import decode


class Author(msgspec.Struct):
    """Who is said to have done it."""

    name: str | None = None
    url: str | None = None


class Content(msgspec.Struct):
    """The words, in one form or another."""

    text: str | None = None
    html: str | None = None
    value: str | None = None


class Mention(msgspec.Struct, rename={"property": "wm-property", "target": "wm-target", "received": "wm-received",
                                       "source": "wm-source", "private": "wm-private"}):  # fmt: skip
    """A record of mentions.jf2."""

    property: str
    target: str
    received: str | None = None
    source: str | None = None
    private: bool = False
    url: str | list[str] | None = None
    published: str | None = None
    author: Author | str | None = None
    content: Content | str | None = None
    lang: str | None = None


class _Activity(msgspec.Struct):
    type: str | None = None


class _Data(msgspec.Struct):
    url: str | None = None
    published: str | None = None
    content: str | None = None
    author: Author | None = None


class _Link(msgspec.Struct):
    """A record of mentions.json."""

    target: str
    source: str | None = None
    private: bool = False
    verified_date: str | None = None
    activity: _Activity | None = None
    data: _Data | None = None


def read_mention(raw: bytes | msgspec.Raw) -> Mention:
    """A record of either form."""
    if b'"wm-' in bytes(raw):
        return decode(raw, Mention)
    link = decode(raw, _Link)
    data = link.data or _Data()
    return Mention(
        property=(link.activity.type if link.activity else None) or "link",
        target=link.target,
        received=link.verified_date,
        source=link.source,
        private=link.private,
        url=data.url,
        published=data.published,
        author=data.author,
        content=data.content,
    )
