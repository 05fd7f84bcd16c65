"""Frames of a Jetstream, Bluesky's stream of all that happens, as JSON: decoded, judged, turned into events.

Version 1, one object a message (its newer servers add a `cursor`):

    {"did", "time_us", "kind": "commit", "commit": {"rev", "operation": "create"|"update"|"delete",
     "collection", "rkey", "record", "cid"}}
    {"did", "time_us", "kind": "identity", "identity": {"did", "handle", ...}}
    {"did", "time_us", "kind": "account", "account": {"active", "status": "deleted"|"takendown"|...}}

Version 2 (`network.bsky.jetstream.subscribeEvents`; the fields of a commit lie in the payload itself):

    {"$type": "message", "payload": {"$type": "...#commit|identity|account|sync|info", "seq", "did", "time", ...}}

Nothing is kept between two calls but how frames look alike (see `jetstream_forms`), which changes nothing but the
time it takes: a batch of frames in, its events and the place to go on from out. A stream is delivered at least once,
so frames come again; the lab knows them again. Both versions may be mixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress
from typing import Annotated, Any

import msgspec
import pyarrow as pa
from msgspec import Meta, Struct

from leumund.events import Event, Problem
from leumund.locale import _
from leumund.sources.at_records import deletion, events_of, name_change, status_change, together
from leumund.sources.at_shapes import NEEDED, Record, as_record
from leumund.sources.at_times import BEGAN_US, as_moment, written_micros
from leumund.sources.at_written import Written, gathering
from leumund.sources.jetstream_alike import Alike, Forms
from leumund.sources.jetstream_wanted import ALL, Wanted
from leumund.sources.json_records import RecordError
from leumund.sources.json_records import decode as decode_json

_NUMBER = Annotated[int, Meta(ge=0, le=2**62)]
_TIME_US = Annotated[int, Meta(ge=0, lt=253_370_764_800_000_000)]  # before the year 9999
_EXCERPT = 80
_MANY = 4_096
"""Records of a kind that are read side by side, so that they need not be kept longer."""
_AT_ONCE = 16_384
"""Frames that are read side by side: enough for columns, few enough to stay in a processor's memory."""


class Commit(Struct, gc=False):
    """One record written or deleted."""

    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Record | None = None


class Told(Struct, gc=False):
    """A change of name, or of an account's standing."""

    handle: str | None = None
    status: str | None = None


class Payload(Struct, gc=False):
    """An event of version 2."""

    kind: str = msgspec.field(name="$type", default="")
    seq: _NUMBER | None = None
    did: str = ""
    time: str | None = None
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Record | None = None
    identity: Told | None = None
    account: Told | None = None
    name: str = ""


class Frame(Struct, gc=False):
    """An event of version 1, or the envelope of one of version 2."""

    did: str = ""
    time_us: _TIME_US = 0
    kind: str = ""
    commit: Commit | None = None
    identity: Told | None = None
    account: Told | None = None
    cursor: _NUMBER | None = None
    envelope: str = msgspec.field(name="$type", default="")
    payload: Payload | None = None


DECODER = msgspec.json.Decoder(Frame)
_FORMS = Forms(DECODER.decode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a batch of frames gave.

    position: of its last good frame, None without one: "cursor" is what the same server goes on from (a sequence
    number, or microseconds where it gives none), "time_us" what any server does.
    frames: how many there were; used: how many of them meant something here and were wanted.
    """

    events: tuple[Event, ...]
    position: Mapping[str, str | int | float | None] | None
    frames: int
    used: int


def parse_frames(
    lines: bytes | Sequence[bytes | str], *, where: str = "jetstream", first: int = 1, wanted: Wanted = ALL
) -> Parsed:
    """The events of a batch of frames: JSON lines, or a list of messages. A bad frame is a Problem at its place.

    where, first: what problems call the place, and the number of the first frame.
    """
    every = _as_bytes(lines)
    perhaps = wanted.perhaps()
    heard = _Heard(where, first, wanted)
    events: list[Event] = []
    for start in range(0, len(every), _AT_ONCE):
        part = every[start : start + _AT_ONCE]
        if perhaps is not None:  # the last one in any case, for the position
            part = [line if perhaps(line) else b"" for line in part[:-1]] + part[-1:]
        heard.listen(part, start)
        events += heard.many()
    events += heard.rest()
    return Parsed(events=tuple(together(events)), position=heard.position, frames=len(every), used=heard.used)


def _as_bytes(lines: bytes | Sequence[bytes | str]) -> list[bytes]:
    if isinstance(lines, bytes):
        return lines.removesuffix(b"\n").split(b"\n") if lines else []
    if set(map(type, lines)) <= {bytes}:
        return list(lines)  # type: ignore[arg-type]
    return [line.encode("utf-8", "replace") if isinstance(line, str) else line for line in lines]


@dataclass(slots=True)
class _Group:
    """Frames of one kind, with the number of each."""

    frames: list[Any] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, frame: Frame | Payload, number: int) -> None:
        self.frames.append(frame)
        self.numbers.append(number)


class _Heard:
    """Frames on their way: sorted by collection, so that each is read with its like.

    Of what is many (the usual records of each collection) some thousand at once are read, the rest at the end.
    """

    def __init__(self, where: str, first: int, wanted: Wanted) -> None:
        self.used = 0
        self.position: Mapping[str, str | int | float | None] | None = None
        self._where, self._first, self._wanted = where, first, wanted
        self._problems: list[Problem] = []
        # by version: 1 keeps the time as microseconds in the frame, 2 as text in its payload
        self._written = tuple({c: gathering(c) for c in wanted.collections} for _version in (1, 2))
        self._deleted = (_Group(), _Group())
        self._accounts = (_Group(), _Group())
        self._alike = Alike(_FORMS, wanted.collections)

    def listen(self, lines: Sequence[bytes], start: int) -> None:
        """Take in these frames, the first with that number. This is gone through for all that happens in a network: it does as little as it can."""
        decode = DECODER.decode
        written, deleted = self._written[0], self._deleted[0]
        last: Frame | None = None
        last_at = -1
        for index in self._alike.take(lines):
            line, number = lines[index], start + index
            try:
                frame = decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                patient = self._patiently(line, number) if line else None
                if patient is None:
                    continue
                frame = patient
            commit = frame.commit
            if commit is None:
                self._listen_to_another(frame, number)
                if not frame.time_us and (frame.payload is None or frame.payload.seq is None):
                    continue  # it does not say where in the stream it stands
            elif (group := written.get(commit.collection)) is None:
                pass  # of no use to us, or not wanted
            elif commit.record is not None:
                group.add(frame.did, commit.rkey, commit.record, frame.time_us, number)
            elif commit.operation == "delete":
                deleted.add(frame, number)
            else:
                self._problem(number, _("“{field}” is missing").format(field="record"))
            last, last_at = frame, index
        if self._alike.last > last_at:
            last = decode(lines[self._alike.last])
        self.position = (_position(last) if last is not None else None) or self.position

    def _patiently(self, line: bytes, number: int) -> Frame | None:
        """A frame that is not as it should be, as far as it can be used."""
        if not line.strip():
            return None
        try:
            whole = decode_json(line, dict[str, Any])
            holder = whole.get("payload") or whole.get("commit") or {}
            record = holder.pop("record", None) if isinstance(holder, dict) else None
            frame = msgspec.convert(whole, Frame)
            part = frame.payload or frame.commit
            if part is not None and record is not None and part.collection in NEEDED:
                try:
                    part.record = as_record(record, part.collection)
                except RecordError as error:
                    self._problem(number, str(error), line)
                    part.collection = ""  # heard, but of no use
        except msgspec.ValidationError:
            self._problem(number, _("no frame of a Jetstream"), line)
        except RecordError as error:
            self._problem(number, str(error), line)
        else:
            return frame
        return None

    def _listen_to_another(self, frame: Frame, number: int) -> None:
        """A frame that is no commit of version 1."""
        part = frame.payload
        if part is None:
            self._listen_about_accounts(frame, frame.kind, number)
        elif not part.kind.endswith("#commit"):
            self._listen_about_accounts(part, part.kind.rpartition("#")[2], number)
        elif part.collection in self._written[1]:
            if part.record is not None:
                self._written[1][part.collection].add(part.did, part.rkey, part.record, part.time, number)
            elif part.operation == "delete":
                self._deleted[1].add(part, number)
            else:
                self._problem(number, _("“{field}” is missing").format(field="record"))

    def _listen_about_accounts(self, frame: Frame | Payload, kind: str, number: int) -> None:
        if (kind == "identity" and frame.identity) or (kind == "account" and frame.account):
            self._accounts[isinstance(frame, Payload)].add(frame, number)
        elif isinstance(frame, Payload):
            if kind == "info" and frame.name == "OutdatedCursor":
                text = _(
                    "the stream did not go back as far as it was asked to; what happened in between is missing"
                )
                self._problem(number, text)
        elif frame.envelope == "error":
            self._problem(number, _("the stream breaks off with an error"))
        elif kind in {"", "commit", "identity", "account"}:
            self._problem(number, _("no frame of a Jetstream"))

    def _problem(self, number: int, message: str, line: bytes = b"") -> None:
        excerpt = line[: 4 * _EXCERPT].decode("utf-8", "replace")[:_EXCERPT]
        self._problems.append(Problem(where=self._place(number), message=message, excerpt=excerpt))

    def _place(self, number: int) -> str:
        return f"{self._where}:{self._first + number}"

    def many(self) -> Iterator[Event]:
        """What was heard of the usual records since the last time, of each collection where it is many."""
        for version, groups in enumerate(self._written):
            for _collection, taken in sorted(groups.items()):
                if len(taken) >= _MANY:
                    yield from self._events_of(taken.usual(), version)

    def rest(self) -> Iterator[Event]:
        """All else that was heard."""
        known = self._wanted.accounts
        for frames, rows in self._alike.rows(None if known is None else pa.array(sorted(known), pa.string())):
            self.used += frames
            yield rows
        for version, groups in enumerate(self._written):
            for _collection, taken in sorted(groups.items()):
                yield from self._events_of(taken.usual(), version)
                yield from self._events_of(taken.odd, version)
        for version, group in enumerate(self._deleted):
            for frame, at in zip(group.frames, self._moments(group, version), strict=True):
                part = frame.commit if version == 0 else frame
                if at is not None and (gone := deletion(frame.did, part.collection, part.rkey, at)):
                    self.used += 1
                    yield gone
        for version, group in enumerate(self._accounts):
            for frame, at in zip(group.frames, self._moments(group, version), strict=True):
                if at is not None and (event := _about(frame, at)):
                    self.used += 1
                    yield event
        yield from self._problems

    def _events_of(self, written: Written, version: int) -> Iterator[Event]:
        if written.dids:
            yield from events_of(self._wanted_of(written, version), self._place)

    def _wanted_of(self, written: Written, version: int) -> Written:
        """Those that are wanted and say when they were heard of."""
        written.seen = self._seen(written.seen, written.numbers, version)
        keep = self._wanted.which(written)
        if min(written.seen) < BEGAN_US:
            keep = [us >= BEGAN_US and (keep is None or keep[index]) for index, us in enumerate(written.seen)]
        found = written if keep is None else written.only(keep)
        self.used += len(found.dids)
        return found

    def _seen(self, told: list[Any], numbers: Sequence[int], version: int) -> list[int]:
        """When the stream heard of each; a frame that does not say it is a problem."""
        seen: list[int] = written_micros(told).tolist() if version else told
        if seen and min(seen) < BEGAN_US:
            for number in compress(numbers, (us < BEGAN_US for us in seen)):
                self._problem(number, _("the frame does not say when that was"))
        return seen

    def _moments(self, group: _Group, version: int) -> list[datetime | None]:
        told = [frame.time if version else frame.time_us for frame in group.frames]
        return [as_moment(us) if us >= BEGAN_US else None for us in self._seen(told, group.numbers, version)]


def _about(frame: Frame | Payload, at: datetime) -> Event | None:
    if frame.identity is not None:
        return name_change(frame.did, frame.identity.handle, at)
    return status_change(frame.did, frame.account.status if frame.account else None, at)


def _position(frame: Frame) -> Mapping[str, str | int | float | None] | None:
    if (part := frame.payload) is not None:
        if part.seq is None:
            return None
        seen = int(written_micros([part.time])[0])
        return {"cursor": part.seq, "time_us": seen if seen >= BEGAN_US else None}
    if not frame.time_us:
        return None
    return {"cursor": frame.time_us if frame.cursor is None else frame.cursor, "time_us": frame.time_us}
