"""Edges in rows that lie in files, for graphs that need not fit into memory: made piece by piece, read as they are needed.

    pieces of edges, any order -> dealt out by target into parts -> each part sorted and added up -> rows, as in memory

A file has no name any more as soon as it is mapped (where the system allows that), so nothing is left behind.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from leumund.graph.rows import Floats, Rows, Whole, laid_out

Piece: TypeAlias = tuple[Whole, Whole, Floats]
"""source, target and weight of some edges."""
PART = 4_000_000
"""So many edges are sorted or added up together, unless one account has more."""
_AT_ONCE = 1 << 20


def empty(folder: Path, size: int, kind: Any) -> npt.NDArray[Any]:
    """An array that lies in a file, to be filled.

    Raises:
        OSError: there is no room for it.
    """
    if not size:
        return np.empty(0, kind)
    file = folder / f"edges-{uuid.uuid4().hex}"
    with file.open("wb") as out:
        _make_room(out, size * np.dtype(kind).itemsize)
    array: npt.NDArray[Any] = np.memmap(file, kind, "r+", shape=(size,))
    _forget(file)
    return array


def copied(folder: Path, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same values in a file of their own."""
    copy = empty(folder, len(values), values.dtype)
    copy[:] = values
    return copy


def rows_of(folder: Path, pieces: Callable[[], Iterable[Piece]], size: int, *, part: int = PART) -> Rows:
    """All accounts' rows of these edges, as `Rows.of` makes them: the same edge twice is added up, edges to oneself and
    weights of 0 are none.

    pieces: gives the edges, the same each time it is called. part: so many are sorted together.
    """
    counts = np.zeros(size, np.int64)
    for _source, target, _weight in pieces():
        counts += np.bincount(target, minlength=size)
    ends = np.cumsum(counts)
    total = int(ends[-1]) if size else 0
    accounts = np.searchsorted(ends, np.arange(part, total, part)) + 1
    cuts = np.unique(np.concatenate([[0], accounts, [size]]))
    begins = np.concatenate([[0], ends])[cuts]
    columns = [empty(folder, total, kind) for kind in (np.int32, np.int32, np.float64)]
    _deal(pieces(), columns, cuts, begins)
    out = _Writing(folder, size)
    for (low, high), (first, last) in zip(pairwise(cuts.tolist()), pairwise(begins.tolist()), strict=True):
        source, target, weight = (column[first:last] for column in columns)
        out.write(low, _sorted(source, target, weight, low, high))
    return out.rows(size)


def merged(folder: Path, rows: Rows, few: Rows, *, part: int = PART) -> Rows:
    """All accounts' rows with the edges of `few` too, as `Rows.merged` makes them."""
    bounds = rows.matrix.indptr
    size = len(bounds) - 1
    cuts = np.searchsorted(bounds, np.arange(part, int(bounds[-1]), part))
    out = _Writing(folder, size)
    for low, high in pairwise(np.unique(np.concatenate([[0], cuts, [size]])).tolist()):
        out.write(low, rows.cut(low, high).merged(few.cut(low, high)))
    return out.rows(rows.matrix.shape[1])


def _deal(
    pieces: Iterable[Piece],
    columns: list[npt.NDArray[Any]],
    cuts: npt.NDArray[Any],
    begins: npt.NDArray[Any],
) -> None:
    """Put the edges into the parts of their targets, each part in the order in which they come."""
    free = begins[:-1].copy()
    for source, target, weight in pieces:
        which = np.searchsorted(cuts, target, side="right") - 1
        order = np.argsort(which, kind="stable")
        ends = np.searchsorted(which[order], np.arange(len(free) + 1))
        for number, (low, high) in enumerate(pairwise(ends.tolist())):
            at = int(free[number])
            for column, values in zip(columns, (source, target, weight), strict=True):
                column[at : at + high - low] = np.asarray(values)[order[low:high]]
            free[number] += high - low


def _sorted(source: Whole, target: Whole, weight: Floats, low: int, high: int) -> Rows:
    """The rows of the accounts low to high - 1 from the edges of this part, counted from low."""
    real = (source != target) & (weight != 0)
    key = (target[real].astype(np.int64) - low) << 32 | source[real]
    order = np.argsort(key, kind="stable")
    key, weight = key[order], weight[real][order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    if len(first):
        weight = np.add.reduceat(weight, first)
    key = key[first]
    bounds = np.searchsorted(key, np.arange(high - low + 1, dtype=np.int64) << 32).astype(np.int32)
    return Rows(laid_out(bounds, (key & 0xFFFFFFFF).astype(np.int32), weight, high - low))


class _Writing:
    """Rows being written, part after part."""

    def __init__(self, folder: Path, size: int) -> None:
        name = uuid.uuid4().hex
        self._files = [folder / f"edges-{name}-{kind}" for kind in ("sources", "weights")]
        self._bounds = np.zeros(size + 1, np.int64)
        self._edges = 0
        for file in self._files:
            file.touch()

    def write(self, low: int, rows: Rows) -> None:
        """The rows from the account `low` on; those before are there."""
        matrix = rows.matrix
        self._bounds[low + 1 : low + len(matrix.indptr)] = matrix.indptr[1:] + self._edges
        self._edges += int(matrix.indptr[-1])
        for file, values in zip(self._files, (matrix.indices, matrix.data), strict=True):
            with file.open("ab") as out:
                out.write(np.ascontiguousarray(values).data)

    def rows(self, size: int) -> Rows:
        """What was written, mapped."""
        sources, weights = self._mapped()
        return Rows(laid_out(self._bounds.astype(np.int32), sources, weights, size))

    def _mapped(self) -> Iterator[npt.NDArray[Any]]:
        for file, kind in zip(self._files, (np.int32, np.float64), strict=True):
            yield np.memmap(file, kind, "c") if self._edges else np.zeros(0, kind)
            _forget(file)


def _make_room(out: BinaryIO, size: int) -> None:
    """Take the room at once: a mapped file that finds the disk full when it is filled ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(out.fileno(), 0, size)
        return
    out.writelines(bytes(min(_AT_ONCE, size - begun)) for begun in range(0, size, _AT_ONCE))


def _forget(file: Path) -> None:
    """Take its name from a file that is mapped; where that is not allowed its folder's owner does so later."""
    with suppress(OSError):
        file.unlink()
