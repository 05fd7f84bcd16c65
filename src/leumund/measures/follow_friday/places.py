"""How sure a place is: where people would stand if others had happened to recommend."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LEAST_RECOMMENDERS = 10  # of a whole board; with fewer there is too little to draw from
_DRAWS = 200
_MOST_WORK = 12_000_000  # votes and places looked at in all draws together
_FEWEST_DRAWS = 50
_EXTREMES = 19
"""So many draws where 50 are too much work: one more would lie between the least and the greatest of them 18 times of 20,
whatever they are drawn from (order statistics), so these are the ends of 90 %, and no draw need be kept."""
_EDGES = (5.0, 95.0)  # per cent: the interval is one of 90 %

# How often one recommender is drawn: Poisson with mean 1, by where a number from 0 to 1 falls.
_POISSON = np.cumsum([math.exp(-1) / math.factorial(k) for k in range(12)])

Numbers = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


def intervals(votes: pa.Table, places: int) -> tuple[pa.Array, pa.Array]:
    """The best and the worst place of each rank from 1 to `places`, null where there is too little data.

    Bootstrap over recommenders: each is drawn Poisson(1) times with all her votes, the board is made anew, and so
    on; of the places so found, the middle 90 %. How often somebody is drawn follows from her key alone, so the same
    votes give the same interval, in whatever order they came.

    votes: recommender (int64), rank (of the recommended, from 1), worth and, where there are unknown people, more (by
    which those of equal worth are ordered); one row for each two of them, in the order of the recommenders.
    """
    drawn = _drawn(votes, places)
    if drawn is None:
        nothing = pa.nulls(places, pa.int64())
        return nothing, nothing
    low, high = _bounds(drawn, places)
    return pa.array(low), pa.array(high)


def bounds(
    keys: Keys, who: Places, at: Places, worth: Numbers, more: Numbers, places: int, *, pairs: int
) -> tuple[Places, Places] | None:
    """The same from votes in any order; None where there is too little data.

    keys: of the recommenders; who: whose a vote is, as a place in the keys; at: for which place it is, from 0; pairs:
    how many different ones of these two there are.
    """
    drawn = _drawn_of(keys, who, at, worth, more, places, pairs)
    return None if drawn is None else _bounds(drawn, places)


def _bounds(drawn: _Drawn, places: int) -> tuple[Places, Places]:
    own = np.arange(1, places + 1, dtype=np.int32)

    def placed(draw: int) -> npt.NDArray[np.int32]:
        score, unknown = drawn.scores(draw)
        found = np.empty(places, np.int32)
        found[_ordered(score, unknown if drawn.has_unknown else None)] = own
        return found

    low, high = _ends(placed, drawn.draws)
    return np.minimum(low, own).astype(np.int64), np.maximum(high, own).astype(np.int64)


def score_intervals(votes: pa.Table, places: int) -> tuple[Numbers, Numbers] | None:
    """The lower and the upper bound of what each place is worth, from the same draws and in the unit of `worth`; None
    where there is too little data. votes, places: as for `intervals`.
    """
    drawn = _drawn(votes, places)
    if drawn is None:
        return None
    low, high = _ends(lambda draw: drawn.scores(draw)[0], drawn.draws)
    own = np.bincount(drawn.counted[0].at, drawn.counted[0].worth, places).astype(np.float64)
    return np.minimum(low, own), np.maximum(high, own)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The votes of a board and how often they are drawn."""

    counted: tuple[_Part, _Part]
    keys: Keys
    places: int
    draws: int

    @property
    def has_unknown(self) -> bool:
        return bool(len(self.counted[1].at))

    def scores(self, draw: int) -> tuple[Numbers, Numbers]:
        """What each place gets this time: by people with standing, by unknown people."""
        times = _times(self.keys, draw)
        score, unknown = (p.summed(times, self.places) for p in self.counted)
        return score, unknown


def _drawn(votes: pa.Table, places: int) -> _Drawn | None:
    who = votes["recommender"].to_numpy().astype(np.uint64)
    begins = np.diff(who, prepend=who[:1] - np.uint64(1)) != 0  # votes lie in the order of who gave them
    keys, recommender = who[begins], np.cumsum(begins) - 1
    at = votes["rank"].to_numpy().astype(np.int64) - 1
    worth = votes["worth"].to_numpy().astype(np.float64)
    more = votes["more"].to_numpy().astype(np.float64) if "more" in votes.column_names else np.zeros(len(at))
    return _drawn_of(keys, recommender, at, worth, more, places, len(at))


def _drawn_of(
    keys: Keys, recommender: Places, at: Places, worth: Numbers, more: Numbers, places: int, pairs: int
) -> _Drawn | None:
    if len(keys) < LEAST_RECOMMENDERS:
        return None
    known, unknown = (
        _Part(at[some], part[some], recommender[some]) for part in (worth, more) for some in [part > 0]
    )
    wanted = _MOST_WORK // (pairs + places)
    draws = min(wanted, _DRAWS) if wanted >= _FEWEST_DRAWS else _EXTREMES
    return _Drawn((known, unknown), keys, places, draws)


@dataclass(frozen=True, slots=True)
class _Part:
    """Votes that count in one way: for which place, how much, and whose they are."""

    at: Places
    worth: Numbers
    recommender: Places

    def summed(self, times: Numbers, places: int) -> Numbers:
        """What each place gets where every recommender is drawn so often."""
        total: Numbers = np.bincount(self.at, self.worth * times[self.recommender], places).astype(np.float64)
        return total


def _ends(drawn: Callable[[int], npt.NDArray[Any]], draws: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The two ends of what 90 of 100 draws give. drawn: what one draw gives."""
    if draws > _EXTREMES:
        return _middle(np.stack([drawn(draw) for draw in range(draws)]))
    low = drawn(0)
    high = low.copy()
    for draw in range(1, draws):
        found = drawn(draw)
        np.minimum(low, found, out=low)
        np.maximum(high, found, out=high)
    return low, high


def _middle(found: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The ends of the middle 90 % of each column, which is sorted: as `np.percentile` says them with "nearest"."""
    found.sort(axis=0)
    low, high = (found[round((len(found) - 1) * edge / 100)] for edge in _EDGES)
    return low, high


def _ordered(score: Numbers, more: Numbers | None) -> Places:
    """The order by score, and where scores are equal by `more`; who is equal in both keeps the order of the board.

    Neither is below 0. Equal is what differs by less than the 2^-(52 - b)th part, where 2^b is more than there are of them
    (3e-9 for four millions): so a number and a place fit into one, and numbers are sorted ten times as quick as places.
    """
    if more is None:
        return _falling(score, _numbered(len(score))).view(np.int64)
    some, none = np.flatnonzero(score), np.flatnonzero(score == 0.0)
    first = _falling(more[some], _numbered(len(some)))
    at = np.empty_like(first)
    at[first] = _numbered(len(some))
    ahead = first[_falling(score[some], at)].view(np.int64)
    behind = _falling(more[none], _numbered(len(none))).view(np.int64)
    return np.concatenate([some[ahead], none[behind]])


def _numbered(size: int) -> Keys:
    return np.arange(size, dtype=np.uint64)


def _falling(values: Numbers, at: Keys) -> Keys:
    """Of values, the largest first, what stands in `at` (each number below their count once); the least of these first among equals."""
    bits = np.uint64(max(1, (len(values) - 1).bit_length()))
    packed = ~(values + 0.0).view(np.uint64) >> bits << bits  # of numbers above 0 the bits rise as they do
    packed |= at
    packed.sort()
    packed &= (np.uint64(1) << bits) - np.uint64(1)
    return packed


def _times(keys: Keys, draw: int) -> Numbers:
    """How often each recommender is drawn this time."""
    mixed = keys + np.uint64((draw + 1) * 0x9E3779B97F4A7C15 % 2**64)  # SplitMix64 (Steele, Lea, Flood 2014)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    even: Numbers = (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
    return np.searchsorted(_POISSON, even, side="right").astype(np.float64)
