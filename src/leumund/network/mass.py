"""From what each did towards some to what that is worth: capped by actor, strangers together, as `measures.influence.score`.

Arrays of a block are reused for the next, and what is to be added to it is reckoned beside it and not put into it: on a
hundred million pairs moving them about costs more than the sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.measures.influence.score import ANCHOR, KAPPA

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Beside = tuple[Whole, list[npt.NDArray[Any]]]
"""Pairs (target << 32 | actor, rising, each once) and their fast, slow, acts."""


@dataclass(frozen=True, slots=True)
class Block:
    """The pairs of the targets first to last - 1; starts: where each target's begin, and the end."""

    first: int
    starts: Whole
    actor: npt.NDArray[np.int32]
    fast: Numbers
    slow: Numbers
    acts: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Masses:
    """Of each number: whole (L), squares and largest of the contributions, actors (0: nothing is known), acts."""

    whole: Numbers
    squares: Numbers
    largest: Numbers
    actors: Whole
    acts: Whole


@dataclass(slots=True)
class Room:
    """Arrays to reckon in, as long as the longest block so far."""

    numbers: Numbers = field(default_factory=lambda: np.zeros((2, 0)))
    voices: Numbers = field(default_factory=lambda: np.zeros((0, 2)))

    def of(self, size: int) -> tuple[Numbers, Numbers, Numbers]:
        if size > len(self.voices):
            self.numbers, self.voices = np.empty((2, size)), np.empty((size, 2))
        return self.numbers[0, :size], self.numbers[1, :size], self.voices[:size]


def put(
    found: Masses,
    block: Block,
    beside: Beside | None,
    voices: Numbers,
    fades: tuple[float, float],
    room: Room,
) -> None:
    """Work out what the block's targets are worth. beside: pairs to be added. voices: of each number tau, and what of it is a
    stranger. fades: of the fast and the slow part, until the moment asked for.
    """
    size = len(block.starts) - 1
    counts = np.diff(block.starts)
    there = np.flatnonzero(counts)
    x, other, both = room.of(len(block.actor))
    np.multiply(block.fast, fades[0], out=x)
    np.multiply(block.slow, fades[1], out=other)
    x += other
    more = _added(block, beside, counts, x, fades) if beside is not None else None
    known, strange = _parts(x, other, np.take(voices, block.actor, axis=0, out=both, mode="clip"))
    starts = block.starts[there]
    tau, strangers = np.zeros(size), np.zeros(size)
    if len(there):
        tau[there], strangers[there] = np.add.reduceat(known, starts), np.add.reduceat(strange, starts)
    if more is not None:
        new_known, new_strange = _parts(more.x, np.empty_like(more.x), voices[more.actor])
        tau += np.bincount(more.target, new_known, size)
        strangers += np.bincount(more.target, new_strange, size)
    room_for = KAPPA * (tau + ANCHOR)
    admitted = -room_for * np.expm1(-strangers / room_for)
    share = np.divide(admitted, strangers, out=np.zeros_like(admitted), where=strangers > 0)
    at = slice(block.first, block.first + size)
    found.whole[at] = tau + admitted
    found.actors[at] = counts
    largest, squares, acts = found.largest[at], found.squares[at], found.acts[at]
    if len(there):
        strange *= np.repeat(share[there], counts[there])
        known += strange
        largest[there] = np.maximum.reduceat(known, starts)
        np.multiply(known, known, out=known)
        squares[there] = np.add.reduceat(known, starts)
        acts[there] = np.add.reduceat(block.acts, starts, dtype=np.int64)
    if more is not None:
        new_known += new_strange * share[more.target]
        np.maximum.at(largest, more.target, new_known)
        squares += np.bincount(more.target, new_known**2, size)
        found.actors[at] += np.bincount(more.target, minlength=size)
        acts += more.acts


def _parts(x: Numbers, other: Numbers, voices: Numbers) -> tuple[Numbers, Numbers]:
    """What is known of g(x) and what is a stranger's, written over x and the other array."""
    np.maximum(x, 0.0, out=x)
    np.negative(x, out=x)
    np.expm1(x, out=x)
    np.negative(x, out=x)
    np.multiply(x, voices[:, 1], out=other)
    np.multiply(x, voices[:, 0], out=x)
    return x, other


@dataclass(frozen=True, slots=True)
class _More:
    """Pairs that are new: target (from the block's first on), actor, x; acts: of all that is added, by target."""

    target: Whole
    actor: Whole
    x: Numbers
    acts: Whole


def _added(block: Block, beside: Beside, counts: Whole, x: Numbers, fades: tuple[float, float]) -> _More:
    """Add to x what is beside of pairs that are there; gives the others."""
    size = len(counts)
    key, (fast, slow, acts) = beside
    target, actor = (key >> 32) - block.first, key & 0xFFFFFFFF
    have = np.repeat(np.arange(block.first, block.first + size) << 32, counts)
    have |= block.actor
    at = np.searchsorted(have, key)
    met = at < len(have)
    met[met] = have[at[met]] == key[met]
    more = fast * fades[0] + slow * fades[1]
    x[at[met]] += more[met]
    new = ~met
    return _More(target[new], actor[new], more[new], np.bincount(target, acts, size).astype(np.int64))
