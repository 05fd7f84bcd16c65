"""A recorded Jetstream: the messages of Bluesky's stream, one a line, as a file (also .gz, .zst).

Recorded with any program that writes each message on a line of its own. See `jetstream_frames` for their shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from leumund.events import Event
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source, text_files, zstd_lines
from leumund.sources.jetstream_frames import parse_frames

_HEAD = 2**16
_LONG_HEAD = 2**20
_LINES_TRIED = 20


class _Look(msgspec.Struct):
    """What tells a frame from any other JSON."""

    did: str | None = None
    time_us: int | None = None
    kind: str | None = None
    envelope: str | None = msgspec.field(name="$type", default=None)
    payload: msgspec.Raw = msgspec.Raw(b"")


_look = msgspec.json.Decoder(_Look)


def recognise(path: Path) -> Found | None:
    """A file among whose first lines is a frame of a Jetstream."""
    read = zstd_lines.opening if zstd_lines.is_zstd(path) else text_files.opening
    data = read(path, _HEAD)
    if data is None or not data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{"):
        return None
    if b"\n" not in data.strip():  # a long first line
        data = read(path, _LONG_HEAD) or b""
    if any(map(_is_frame, data.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:_LINES_TRIED])):
        return Found(sure=0.97, what=_("recorded Jetstream of Bluesky"))
    return None


def _is_frame(line: bytes) -> bool:
    try:
        found = _look.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    if found.did and found.time_us and found.kind:
        return True
    return found.envelope == "message" and b".jetstream." in bytes(found.payload)[:200]


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Pieces of whole lines. Position: offset in (unpacked) bytes and number of the next line."""
    start, line = (int(cursor["offset"] or 0), int(cursor["line"] or 1)) if cursor else (0, 1)
    read = zstd_lines.pieces if zstd_lines.is_zstd(settings.path) else text_files.pieces
    for data, offset, done, size in read(settings.path, start=start):
        after = line + data.count(b"\n")
        yield Page(
            kind="frames", where=settings.path.name, data=data, first=line,
            position={"offset": offset, "line": after}, done=done, size=size,
        )  # fmt: skip
        line = after


def parse(page: Page) -> Iterator[Event]:
    """The events of one piece; a bad frame is a problem at its line."""
    yield from parse_frames(
        page.data.removeprefix(b"\xef\xbb\xbf"), where=page.where, first=page.first
    ).events


SOURCE = Source(
    name="jetstream",
    title=N_("Recorded Jetstream of Bluesky (JSON lines, also .gz, .zst)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_(
            "Posts, replies, quotes, mentions, likes, reposts and follows of everybody who was recorded, with their time."
        ),
        N_("What was deleted meanwhile, changes of handles, and what accounts say of themselves."),
    ),
    cannot_tell=(
        N_("What happened before, after, and in the gaps of the recording."),
        N_("How many followers anybody has, and how often a post was seen."),
        N_(
            "Who took back a follow or a like that was given before the recording: a deletion does not say what it was."
        ),
        N_(
            "Which accounts are only deactivated, suspended or taken down: what they wrote stays; deleted ones go."
        ),
    ),
    reference="https://docs.bsky.app/blog/jetstream",
)
