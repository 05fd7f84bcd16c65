"""All weeks together: what each did towards each, sorted by whom it was done to, and the score of everybody in one pass.

The base holds most weeks in one row of columns; what is not in it yet (weeks that still run) or no longer true in it
(weeks that changed, or are forgotten) is added or taken off while it is read. Targets are read in small blocks, so memory does not grow with the acts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import FileIO
from itertools import pairwise
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from leumund.measures.days import DAY_US
from leumund.measures.influence.fading import RATES
from leumund.measures.weeks import week_end
from leumund.network.kept import Kept
from leumund.network.mass import Beside, Block, Masses, Numbers, Room, Whole, put
from leumund.network.pairs import files_of, read

_BLOCK = 100_000
_DUE = 0.1
"""The base is written anew when so large a part of it would be added while reading."""
_FAR_DAYS = 1000
"""The base is made anew from its weeks when its moment is so far off: e ** (rate * days) ends at 3,000 days."""
_COLUMNS = {"actor": np.int32, "fast": np.float64, "slow": np.float64, "acts": np.int32}


@dataclass(frozen=True, slots=True)
class Run:
    """Pairs of one week, to be added (sign 1) or taken off (-1); fast and slow are to be multiplied by these."""

    target: npt.NDArray[np.int32]
    columns: tuple[npt.NDArray[Any], ...]
    sign: int
    fast: float
    slow: float


def masses(kept: Kept, size: int, voices: Numbers, at_us: int, cut: set[int]) -> Masses:
    """What is done towards each number below size, at a moment. voices: of each number tau, and what of it is a stranger.

    cut: weeks of which not all counts: they are not taken into the base.
    """
    _renew(kept, size, cut)
    base: dict[str, Any] = kept.told["base"]
    weeks = {(w, file) for w, e in kept.told["weeks"].items() for file in files_of(e)}
    found = Masses(*np.zeros((3, size)), *np.zeros((2, size), np.int64))
    days = (at_us - base["at"]) / DAY_US
    fades = math.exp(-RATES[0] * days), math.exp(-RATES[1] * days)
    room = Room()
    runs = _runs(kept, base, weeks)
    if any(run.sign < 0 for run in runs):
        for block in _blocks(kept, base, runs, size):
            put(found, block, None, voices, fades, room)
    else:
        for block, beside in _apart(kept, base, runs, size):
            put(found, block, beside, voices, fades, room)
    return found


def _renew(kept: Kept, size: int, cut: set[int]) -> None:
    """Write the base anew where too much is beside it, or its moment is far from the newest week."""
    every = {w: files for w, e in kept.told["weeks"].items() if (files := files_of(e))}
    weeks = {w: files[0] for w, files in every.items() if int(w) not in cut}
    newest = week_end(max(map(int, every), default=0)) + 1
    base: dict[str, Any] | None = kept.told.get("base")
    if base is None or not base["pairs"] or abs(newest - base["at"]) > _FAR_DAYS * DAY_US:
        base, old = None, {"at": newest, "weeks": {}, "pairs": 0}
    else:
        old = base
    runs = _runs(kept, old, set(weeks.items()))
    if base is not None and sum(len(run.target) for run in runs) <= _DUE * base["pairs"]:
        return
    new: dict[str, Any] = {
        "at": old["at"],
        "weeks": weeks,
        **{n: kept.new(f"base-{n}") for n in (*_COLUMNS, "starts")},
    }
    counts = np.zeros(size, np.int64)
    with _writing(kept, new) as out:
        for block in _blocks(kept, old, runs, size):
            counts[block.first : block.first + len(block.starts) - 1] = np.diff(block.starts)
            for name, file in out.items():
                np.ascontiguousarray(getattr(block, name)).tofile(file)
    np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]).tofile(kept.path(new["starts"]))
    kept.told["base"] = {**new, "pairs": int(counts.sum())}


@contextmanager
def _writing(kept: Kept, base: Mapping[str, Any]) -> Iterator[dict[str, IO[bytes]]]:
    """The files of a base, open."""
    with ExitStack() as files:
        yield {name: files.enter_context(kept.path(base[name]).open("wb")) for name in _COLUMNS}


def _runs(kept: Kept, base: Mapping[str, Any], want: set[tuple[str, str]]) -> list[Run]:
    """What the base lacks of these weeks, and what it has that is no longer so."""
    has = set(base["weeks"].items())
    runs = []
    for sign, those in ((1, want - has), (-1, has - want)):
        for week, file in sorted(those):
            table = read(kept, file)
            days = (base["at"] - week_end(int(week)) - 1) / DAY_US
            target, *columns = (
                table[name].chunk(0).to_numpy() if table.num_rows else np.zeros(0, dtype)
                for name, dtype in {"target": np.int32, **_COLUMNS}.items()
            )
            runs.append(
                Run(target, tuple(columns), sign, math.exp(-RATES[0] * days), math.exp(-RATES[1] * days))
            )
    return runs


def _blocks(kept: Kept, base: Mapping[str, Any], runs: list[Run], size: int) -> Iterator[Block]:
    """The pairs of all targets below size with what is beside the base, block after block."""
    for first, starts, columns, beside in _pieces(kept, base, runs, size):
        mine = {name: np.array(column) for name, column in columns.items()}
        yield _merged(first, starts, mine, beside)


def _apart(
    kept: Kept, base: Mapping[str, Any], runs: list[Run], size: int
) -> Iterator[tuple[Block, Beside | None]]:
    """The same with what is to be added beside each block, and no block copied."""
    for first, starts, columns, beside in _pieces(kept, base, runs, size):
        yield Block(first, starts, **columns), beside


def _pieces(
    kept: Kept, base: Mapping[str, Any], runs: list[Run], size: int
) -> Iterator[tuple[int, Whole, dict[str, npt.NDArray[Any]], Beside | None]]:
    starts = np.zeros(size + 1, np.int64)
    if base["pairs"]:
        some = np.fromfile(kept.path(base["starts"]), np.int64)
        starts[: len(some)] = some
        starts[len(some) :] = some[-1]
    ends = starts[1:].copy()  # of each target, with what is beside the base
    for run in runs:
        ends += np.cumsum(np.bincount(run.target, minlength=size))
    total = int(ends[-1]) if size else 0
    cuts = np.searchsorted(ends, np.arange(_BLOCK, total, _BLOCK), side="left") + 1
    edges = np.unique(np.concatenate([[0], cuts, [size]])).tolist()
    with _reading(kept, base) as read_on:
        for first, last in pairwise(edges):
            low, high = int(starts[first]), int(starts[last])
            yield first, starts[first : last + 1] - low, read_on(high - low), _beside(runs, first, last)


@contextmanager
def _reading(kept: Kept, base: Mapping[str, Any]) -> Iterator[Callable[[int], dict[str, npt.NDArray[Any]]]]:
    """Gives what reads on in the columns of a base, so many pairs; the arrays are those of the last time, filled anew.

    To map such files into memory costs three times as much as to read them: every page is then asked for by itself.
    """
    room: dict[str, npt.NDArray[Any]] = {name: np.zeros(0, dtype) for name, dtype in _COLUMNS.items()}
    with ExitStack() as files:
        opened = {
            name: files.enter_context(FileIO(kept.path(base[name])))
            for name in (_COLUMNS if base["pairs"] else ())
        }

        def read_on(pairs: int) -> dict[str, npt.NDArray[Any]]:
            for name, column in room.items():
                if len(column) < pairs:
                    room[name] = np.empty(pairs * 5 // 4, column.dtype)
            found = {name: column[:pairs] for name, column in room.items()}
            for name, file in opened.items():
                _fill(file, found[name])
            return found

        yield read_on


def _fill(file: FileIO, column: npt.NDArray[Any]) -> None:
    """Read as many values as a column holds."""
    done = 0
    values = column.view(np.uint8)
    while done < len(values):
        read = file.readinto(values[done:].data)
        if not read:
            raise EOFError(file.name)
        done += read


def _beside(runs: list[Run], first: int, last: int) -> Beside | None:
    """What is to be added for these targets: which pairs, and their columns; None for nothing."""
    keys, parts = [], []
    for run in runs:
        low, high = (int(x) for x in np.searchsorted(run.target, np.array([first, last], np.int32)))
        if low < high:
            actor, fast, slow, acts = (column[low:high] for column in run.columns)
            keys.append(run.target[low:high].astype(np.int64) << 32 | actor)
            parts.append(
                (fast * (run.sign * run.fast), slow * (run.sign * run.slow), acts * np.int32(run.sign))
            )
    if not keys:
        return None
    key: Whole = keys[0]
    columns: list[npt.NDArray[Any]] = list(parts[0])
    if len(keys) > 1:
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        key = key[order]
        begins = np.flatnonzero(np.diff(key, prepend=-1))
        key = key[begins]
        columns = [np.add.reduceat(np.concatenate(c)[order], begins) for c in zip(*parts, strict=True)]
    return key, columns


def _merged(
    first: int,
    starts: Whole,
    mine: dict[str, npt.NDArray[Any]],
    beside: Beside | None,
) -> Block:
    if beside is None:
        return Block(first, starts, **mine)
    size = len(starts) - 1
    target = np.repeat(np.arange(first, first + size), np.diff(starts))
    have = target << 32 | mine["actor"]
    key, columns = beside
    at = np.searchsorted(have, key)
    met = at < len(have)
    met[met] = have[at[met]] == key[met]
    for name, column in zip(("fast", "slow", "acts"), columns, strict=True):
        mine[name][at[met]] += column[met]
    new = ~met
    if new.any():
        where = at[new]
        have = np.insert(have, where, key[new])
        values = ((key[new] & 0xFFFFFFFF).astype(np.int32), *(column[new] for column in columns))
        mine = {
            name: np.insert(mine[name], where, column) for name, column in zip(_COLUMNS, values, strict=True)
        }
    left = mine["acts"] > 0
    if not left.all():
        have, mine = have[left], {name: column[left] for name, column in mine.items()}
    counts = np.bincount((have >> 32) - first, minlength=size)
    return Block(first, np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), **mine)
