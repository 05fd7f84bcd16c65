"""What a writer remembers of the segments it has met: by which numbers their events are known.

Nearly all that is told to a lab is new, and to see that costs most of adding it: the strings of every segment of the
same days had to be read for each batch. A writer that remembers one number an event (`identity` in `schema`, 64 bits)
needs no file for that; only what may be there already is looked up in those segments that may hold it.

Segments never change, so what was remembered of one holds as long as its file is named in the catalogue. What is
remembered is bounded; of a segment that was forgotten the numbers are read again.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Identities = npt.NDArray[np.uint64]
MOST = 2_000_000
"""So many events are remembered, in 8 bytes each."""
_BITS = 25
"""The sieve has two to the power of so many: at its fullest it lets one in eighty pass that nobody has met."""
_BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)


class Met:
    """The identities of events by the segment that holds them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._count = 0
        self._of: dict[str, Identities] = {}
        self._sieve = np.zeros(0, np.uint8)

    def __contains__(self, path: str) -> bool:
        return path in self._of

    def add(self, path: str, identities: Identities) -> None:
        """Remember a segment; the oldest ones are forgotten where it would be too many, and what is larger than all that at once."""
        if len(identities) > self._most:
            return
        self._of[path] = np.sort(identities)
        self._count += len(identities)
        if self._count > self._most:
            while self._count > self._most // 2 and len(self._of) > 1:
                self._count -= len(self._of.pop(next(iter(self._of))))
            self._sieve = np.zeros(0, np.uint8)
            for kept in self._of.values():
                self._put(kept)
        else:
            self._put(identities)

    def holding(self, paths: Iterable[str], identities: Identities) -> tuple[list[str], Identities]:
        """Which of these segments, of those remembered, hold one of these events, and which events that are."""
        perhaps = np.unique(identities[self._passing(identities)])
        where, found = [], [perhaps[:0]]
        if len(perhaps):
            for path in paths:
                if path in self._of and len(there := perhaps[is_among(perhaps, self._of[path])]):
                    where.append(path)
                    found.append(there)
        return where, np.unique(np.concatenate(found))

    def _put(self, identities: Identities) -> None:
        if not len(self._sieve):
            self._sieve = np.zeros(2**_BITS // 8, np.uint8)
        for places in _places(identities):
            ordered = np.sort(places)
            byte, bit = ordered >> 3, _BIT[ordered & 7]
            first = np.flatnonzero(np.diff(byte, prepend=-1))
            if len(first):
                self._sieve[byte[first]] |= np.bitwise_or.reduceat(bit, first)

    def _passing(self, identities: Identities) -> npt.NDArray[np.bool_]:
        if not len(self._sieve):
            return np.zeros(len(identities), np.bool_)
        passing = np.ones(len(identities), np.bool_)
        for places in _places(identities):
            passing &= self._sieve[places >> 3] & _BIT[places & 7] != 0
        return passing


def is_among(wanted: Identities, ordered: Identities) -> npt.NDArray[np.bool_]:
    """Which of these stand in an ordered list."""
    if not len(ordered):
        return np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: npt.NDArray[np.bool_] = ordered[places] == wanted
    return found


def _places(identities: Identities) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The two places in the sieve that stand for each."""
    one, other = (identities >> np.uint64(shift) & np.uint64(2**_BITS - 1) for shift in (39, 13))
    return one.view(np.int64), other.view(np.int64)
