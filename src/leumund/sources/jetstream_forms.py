"""Frames that look alike, read as columns of bytes: most of a stream need not be decoded one by one.

A server writes all its likes with the same fields in the same order, and names, keys and times have one length each.
So of two likes only some letters differ, at the same places:

    {"did":"did:plc:abc...","time_us":1767960000002000,"kind":"commit","commit":{...,"rkey":"3mbyh3whxyk4n",...
    {"did":"did:plc:xyz...","time_us":1767960000014000,"kind":"commit","commit":{...,"rkey":"3mbyh3wi5u2ag",...

A form is learnt from one frame that was decoded the usual way: which bytes stay, which may be any digit, which any
plain letter. A frame of the same length whose bytes all fit is JSON of the same shape, and its values stand where the
first one's stood: no plain letter ends a text or begins an escape. Whatever does not fit, for whatever reason, is left
to the decoder, so a form never changes what is read, only how fast.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from leumund.sources.at_columns import Matrix
from leumund.sources.at_shapes import FOLLOW, LIKE, NEEDED, REPOST

LONGEST = 2_000
"""Bytes of a frame of which a form is made."""
_TOKEN = re.compile(rb'"([^"\\\x00-\x1f\x7f-\xff]*)"|-?(?:0|[1-9][0-9]*)|true|false|null|[{}\[\]:,]')
_STAYS = {b"$type", b"kind", b"operation", b"collection"}
_LOW, _HIGH = ord("+"), ord("z")  # all letters, digits and signs of names, keys and times, and a backslash
_BETWEEN, _WIDE = ord("9") + 1, ord("a") - ord("9") - 2  # what lies between digits and small letters
_DID, _KEY = rb"did:plc:[a-z0-9]{24}", rb"[a-z0-9]{13}"
_SHAPES = {
    "did": re.compile(_DID),
    "key": re.compile(_KEY),
    "subject": re.compile(rb"at://" + _DID + rb"/app\.bsky\.feed\.post/" + _KEY + rb"|" + _DID),
    "claimed": re.compile(rb"[0-9T:.Z+-]{20,32}"),
    "time_us": re.compile(rb"[1-9][0-9]{15}"),
    "time": re.compile(rb"[0-9T:.Z+-]{20,32}"),
}
_VARIES = {"claimed", "time_us", "time"}
_SMALL = {"did", "key", "owner", "post"}
"""Pieces of small letters and digits."""
_PLC, _TID = 24, 13
_AT_ONCE = 1_024
"""Frames that are compared at once: so many stay in a processor's memory."""
_NUMBER = 18  # digits of the longest number that every decoder takes


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What frames of one kind have in common.

    version: 0 or 1, where the values stand; collection, operation: the same in all; pieces: where those letters stand
    that are told of each (of a DID and of the address of a post only what differs).
    """

    version: int
    collection: str
    operation: str
    low: npt.NDArray[np.uint8]
    high: npt.NDArray[np.uint8]
    pieces: np.dtype[np.void]

    def read(self, joined: bytes) -> tuple[npt.NDArray[np.bool_], dict[str, Matrix]]:
        """Which of these frames have that form, and the pieces of all. joined: one behind the other, all of its length."""
        length = len(self.low)
        rows = np.frombuffer(joined, np.uint8).reshape(-1, length)
        fits = np.ones(len(rows), np.bool_)
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            if (part.min(axis=0) < self.low).any() or (part.max(axis=0) > self.high).any():
                fits[start : start + _AT_ONCE] = (part - self.low <= self.high - self.low).all(axis=1)
        if b"\\" in joined:
            fits &= (rows != ord("\\")).all(axis=1)
        whole = np.frombuffer(joined, self.pieces)
        found = {}
        for name in self.pieces.names or ():
            column = np.ascontiguousarray(whole[name]).view(np.uint8).reshape(len(rows), -1)
            if name in _SMALL and (odd := column - np.uint8(_BETWEEN) <= _WIDE).any():
                fits &= ~odd.any(axis=1)
            found[name] = column
        return fits, found


def numbers(digits: Matrix) -> npt.NDArray[np.int64]:
    """The numbers that these digits write, sixteen each: eight at a time, then in pairs, fours, eights."""
    words = digits.view("<u8") & np.uint64(0x0F0F0F0F0F0F0F0F)
    words = words * np.uint64(10 * 2**8 + 1) >> np.uint64(8) & np.uint64(0x00FF00FF00FF00FF)
    words = words * np.uint64(100 * 2**16 + 1) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    words = words * np.uint64(10_000 * 2**32 + 1) >> np.uint64(32)
    return (words[:, 0] * np.uint64(10**8) + words[:, 1]).view(np.int64)


def form_of(line: bytes, decoded: object) -> Form | None:
    """The form of a frame: a record written that is an act, or nothing here, or any record deleted."""
    leaves = _leaves(line)
    if leaves is None:
        return None
    paths = [path for path, *_ in leaves]
    if len(set(paths)) < len(paths):  # a name that stands there twice, or a list
        return None
    version = int((b"payload", b"did") in paths)
    top, commit = ((b"payload",), (b"payload",)) if version else ((), (b"commit",))
    told = {path: line[start:end].strip(b'"').decode() for path, start, end in leaves}
    collection = told.get((*commit, b"collection"), "")
    operation = told.get((*commit, b"operation"), "")
    if (
        not _is_commit(told, version)
        or not told.get((b"payload", b"seq") if version else (b"time_us",), "").isdigit()
    ):  # without these it does not say where in the stream it stands
        return None
    wanted = {"did": (*top, b"did"), "key": (*commit, b"rkey")}
    wanted |= {"time": (*top, b"time")} if version else {"time_us": (b"time_us",)}
    if operation != "delete":
        record = (*commit, b"record")
        whole = (*record, b"subject")
        wanted |= {
            "claimed": (*record, b"createdAt"),
            "subject": whole if whole in told else (*whole, b"uri"),
        }
        if collection not in {LIKE, REPOST, FOLLOW} and collection in NEEDED:
            return None
    if collection not in NEEDED:
        wanted = {}
    places = {path: slice(start, end) for path, start, end in leaves}
    slots = {}
    for name, path in wanted.items():
        if path not in places:
            return None
        place = places[path]
        inside = slice(place.start + 1, place.stop - 1) if line[place.start] == ord('"') else place
        if not _SHAPES[name].fullmatch(line[inside]):
            return None
        slots[name] = inside
    if not _agrees(line, slots, decoded, version, collection, operation):
        return None
    low, high = _bounds(line, leaves)
    pieces: dict[str, slice] = {}
    for name, inside in slots.items():
        pieces |= _pieces(name, inside)
        if name not in _VARIES:
            low[inside] = high[inside] = np.frombuffer(line[inside], np.uint8)
    for name in _SMALL & pieces.keys():
        low[pieces[name]], high[pieces[name]] = ord("0"), ord("z")
    return Form(version, collection, operation, low, high, _layout(pieces, len(line)))


def _pieces(name: str, inside: slice) -> dict[str, slice]:
    """Those letters of a value that differ, by name."""
    if name == "did":
        return {"did": slice(inside.stop - _PLC, inside.stop)}
    if name != "subject":
        return {name: inside}
    if inside.stop - inside.start == len("did:plc:") + _PLC:
        return {"owner": slice(inside.stop - _PLC, inside.stop)}
    start = inside.start + len("at://did:plc:")
    return {"owner": slice(start, start + _PLC), "post": slice(inside.stop - _TID, inside.stop)}


def _layout(pieces: Mapping[str, slice], length: int) -> np.dtype[np.void]:
    """How the pieces lie in a frame, for NumPy."""
    return np.dtype(
        {
            "names": list(pieces),
            "formats": [f"V{place.stop - place.start}" for place in pieces.values()],
            "offsets": [place.start for place in pieces.values()],
            "itemsize": length,
        }
    )


_Leaf = tuple[tuple[bytes | None, ...], int, int]


def _leaves(line: bytes) -> list[_Leaf] | None:
    """The values in a frame with the names that lead to each, and where they stand; None for what has signs of its own."""
    if len(line) > LONGEST or not line.isascii():
        return None
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found: list[_Leaf] = []
    path: list[bytes | None] = []
    inside: list[bytes] = []
    is_name, at = False, 0
    for token in _TOKEN.finditer(line):
        if token.start() != at:
            return None
        at, sign = token.end(), token[0]
        if sign in {b"{", b"["}:
            inside.append(sign)
            path.append(None)
            is_name = sign == b"{"
        elif sign in {b"}", b"]"}:
            inside.pop()
            path.pop()
            is_name = False
        elif sign == b",":
            is_name = inside[-1] == b"{"
        elif sign == b":":
            is_name = False
        elif is_name:
            path[-1] = token[1]
        else:
            found.append((tuple(path), token.start(), at))
    return found if line[at:] in {b"", b"\n"} else None


def _is_commit(told: Mapping[tuple[bytes | None, ...], str], version: int) -> bool:
    if version:
        return told.get((b"$type",)) == "message" and told.get((b"payload", b"$type"), "").endswith("#commit")
    return told.get((b"kind",)) == "commit"


def _agrees(
    line: bytes, slots: Mapping[str, slice], decoded: object, version: int, collection: str, operation: str
) -> bool:
    """Whether the decoder finds the same values as stand in these places."""
    from leumund.sources.jetstream_frames import Frame

    if not isinstance(decoded, Frame):
        return False
    part, other = (decoded.payload, decoded.commit) if version else (decoded.commit, decoded.payload)
    if part is None or other is not None or (part.collection, part.operation) != (collection, operation):
        return False
    whole = decoded.payload if version and decoded.payload else decoded
    found: dict[str, object] = {"did": whole.did, "key": part.rkey, "time_us": str(decoded.time_us)}
    if version and decoded.payload:
        found["time"] = decoded.payload.time
    if (record := part.record) is not None:
        if record.direction is not None or operation == "delete":
            return False
        subject = record.subject
        found["subject"] = subject if isinstance(subject, str) else getattr(subject, "uri", "")
        found["claimed"] = record.created_at
    elif operation != "delete":
        return False
    return all(found.get(name) == line[place].decode() for name, place in slots.items())


def _bounds(line: bytes, leaves: Sequence[_Leaf]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The least and the greatest byte that each place may hold."""
    low = np.frombuffer(line, np.uint8).copy()
    high = low.copy()
    for path, start, end in leaves:
        value = line[start:end]
        if path[-1] in _STAYS or value in {b"true", b"false", b"null"}:
            continue
        if value.startswith(b'"'):
            free = np.arange(start + 1, end - 1)
            free = free[(low[free] >= _LOW) & (low[free] <= _HIGH)]
            low[free], high[free] = _LOW, _HIGH
        elif value.isdigit() and 1 < len(value) <= _NUMBER:
            low[start:end], high[start:end] = ord("0"), ord("9")
            low[start] = ord("1")
    return low, high
