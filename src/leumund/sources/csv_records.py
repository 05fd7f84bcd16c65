"""Where the records of a CSV begin and end, also where its quotation marks are wrong.

RFC 4180 wants a quotation mark only around a whole value, doubled inside. Data that keeps to it is told
by arithmetic on whole pieces (`is_regular`) and read by Arrow; all other data record by record here, in
the same sense, except for one: a mark that is opened and never closed costs its own line, not the rest
of the file. It counts as never closed where the next mark

    ... stands lines further on and is followed by a letter:  a,"b ⏎ c,d ⏎ e,"f"
    ... does not come for a megabyte, or at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")
_LINE_END = re.compile(rb"\r\n?|\n")
_FAR = 2**20


class Record(NamedTuple):
    """One record: its place in the data, its cells; none where a quotation mark is never closed.

    doubtful: more follows a closing mark, so that which marks belong together, and the cells, are a guess.
    """

    start: int
    end: int
    cells: list[bytes] | None
    doubtful: bool = False


def is_regular(data: bytes, separators: bytes, *, final: bool = True) -> bool:
    """Whether every quotation mark stands where RFC 4180 wants it, and none is left open for long.

    final: the data ends here, so that nothing may be left open.

    >>> is_regular(b'a,"b ""c"" ,"', b","), is_regular(b'5" wide,a', b",")
    (True, False)
    """
    signs = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(signs == _QUOTE)
    return not len(marks) or _are_regular(signs, marks, separators, final=final)


def whole(data: bytes, separators: bytes, *, spaced: bool = False) -> int:
    """Where the last whole record of data that goes on ends; 0 where none does."""
    signs = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(signs == _QUOTE)
    if not len(marks):
        return data.rfind(b"\n") + 1
    if not _are_regular(signs, marks, separators, final=False):
        ends = (r.end for r in records(data, separators, spaced=spaced, final=False))
        return max((end for end in ends if signs[end - 1] == _LF), default=0)
    end = data.rfind(b"\n") + 1
    while end and (before := int(np.searchsorted(marks, end))) % 2:
        end = data.rfind(b"\n", 0, int(marks[before - 1])) + 1
    return end


def lines_of_records(data: bytes, first: int) -> npt.NDArray[np.int64]:
    """The line each record of regular data begins on; empty lines are no records."""
    signs = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(signs == _QUOTE)
    feeds = np.flatnonzero(signs == _LF)
    returns = np.flatnonzero(signs == _CR)
    alone = returns[signs[np.minimum(returns + 1, len(signs) - 1)] != _LF] if len(returns) else returns
    ends = np.sort(np.concatenate((feeds, alone)))
    starts = np.concatenate(([0], ends[np.searchsorted(marks, ends) % 2 == 0] + 1))
    starts = starts[starts < len(signs)]
    starts = starts[(signs[starts] != _LF) & (signs[starts] != _CR)]
    lines: npt.NDArray[np.int64] = first + np.searchsorted(feeds, starts)
    return lines


def records(data: bytes, separators: bytes, *, spaced: bool = False, final: bool = True) -> Iterator[Record]:
    """Every record, empty lines left out. Slow: for what is not regular.

    spaced: blanks may stand between a separator and a quotation mark. final: the data ends here; else
    what may go on is left out.
    """
    split = _separators(separators).split
    at = 0
    while at < len(data):
        found = _LINE_END.search(data, at)
        if found is None and not final:
            return
        body, end = (found.start(), found.end()) if found else (len(data), len(data))
        if data.find(b'"', at, body) >= 0:
            record = _quoted(data, at, separators, spaced=spaced, final=final)
            if record is None:
                return
            yield record
            end = record.end
        elif body > at:
            yield Record(at, end, split(data[at:body]))
        at = end


def _are_regular(
    signs: npt.NDArray[np.uint8], marks: npt.NDArray[np.intp], separators: bytes, *, final: bool
) -> bool:
    opened, closed = marks[0::2], marks[1::2]
    if len(marks) % 2 and (final or len(signs) - int(marks[-1]) > _FAR):
        return False
    beside = np.zeros(256, bool)
    beside[np.frombuffer(separators + b'\r\n"', np.uint8)] = True
    before = opened[1:] if opened[0] == 0 else opened
    after = closed[:-1] if len(closed) and closed[-1] == len(signs) - 1 else closed
    return bool(
        beside[signs[before - 1]].all()
        and beside[signs[after + 1]].all()
        and (closed - opened[: len(closed)] <= _FAR).all()
    )


@cache
def _separators(separators: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[" + re.escape(separators) + b"]")


@cache
def _cell_ends(separators: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[" + re.escape(separators) + b"]|" + _LINE_END.pattern)


def _quoted(data: bytes, start: int, separators: bytes, *, spaced: bool, final: bool) -> Record | None:
    """The record that begins at `start` and has quotation marks; None where it is not decided yet."""
    cell_end = _cell_ends(separators)
    cells: list[bytes] = []
    at = start
    doubtful = False
    while True:
        opened = at
        while spaced and data[opened : opened + 1] == b" ":
            opened += 1
        value, rest = b"", at
        if data[opened : opened + 1] == b'"':
            closed = _closing(data, opened, final=final)
            if closed is None:
                return None
            after = cell_end.search(data, closed + 1) if closed else None
            more = data[closed + 1 : after.start() if after else len(data)].strip(b" " if spaced else b"")
            inside = data[opened + 1 : closed]
            if not closed or (more and _LINE_END.search(inside)):
                line = _LINE_END.search(data, opened)
                return Record(start, line.end() if line else len(data), None)
            value, rest = inside.replace(b'""', b'"'), closed + 1
            doubtful = doubtful or bool(more)
        found = cell_end.search(data, rest)
        if found is None:
            if final:
                cells.append(value + data[rest:])
                return Record(start, len(data), cells, doubtful)
            return None
        cells.append(value + data[rest : found.start()])
        at = found.end()
        if found[0] not in separators:
            return Record(start, at, cells, doubtful)


def _closing(data: bytes, opened: int, *, final: bool) -> int | None:
    """Where the mark opened there is closed; 0 where it never is, None where it is not decided yet."""
    at = opened + 1
    while True:
        closed = data.find(b'"', at, at + _FAR)
        if closed < 0:
            return 0 if final or len(data) - at >= _FAR else None
        if closed + 1 == len(data) and not final:
            return None
        if data[closed + 1 : closed + 2] != b'"':
            return closed
        at = closed + 2
