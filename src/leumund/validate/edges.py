"""Who did something towards whom, read from any edge list: with or without a header, weights, kinds and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.measures.named import define_named
from leumund.measures.worth import BASE, COSTLY, base_value
from leumund.store.tables import Tables
from leumund.validate import said
from leumund.validate.tables import Numbers, Sheet, is_number, look, missing, numbers

_SOURCES = ("source", "from", "src", "actor", "recommender", "truster", "follower", "u")
_TARGETS = ("target", "to", "dst", "recommended", "trustee", "followed", "v")
_ENDINGS = ("", "_screen_name", "_handle", "_name", "_account", "_user", "_node", "nodeid", "_id", "id")
_WEIGHTS = ("weight", "count", "n", "w", "value", "trust_value", "trust", "rating", "strength")
_TIMES = ("time", "timestamp", "happened_at", "created_at", "at", "date", "t")

_LIGHTEST, _HEAVIEST = 1e-80, 1e80  # sums and quotients of millions of these stay within a double
_LATEST = 1e11  # seconds: what is further from 1970 than three thousand years is no time of an act

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Edges between accounts numbered from 0. weight: above 0; time: seconds since 1970, None where not asked for.

    names: what the accounts are called in the file. told: how the table was understood and what was left out.
    """

    names: pa.Array
    source: Indices
    target: Indices
    weight: Numbers
    time: Numbers | None
    told: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.names)


def read_edges(path: Path, *, timed: bool = False) -> Edges:
    """The edges of a table; those from an account to itself, and those whose weight is not above 0, are left out.

    With a header, columns are found by their names; without one they are source, target and weight in that order
    (timed: source, target, time, or source, target, weight, time where there are four). Where a column `kind` names
    our acts, its base value times the count is the weight, and only acts that cost something are taken (timed: all).

    Raises:
        UnreadableFileError: no table, or no edge in it.
    """
    sheet = look(path, comments=True)
    at = _columns(sheet, timed=timed)
    order = list(at)
    source, target, weight, time = [], [], [], []
    left_out = {"weight": 0, "kind": 0, "range": 0, "time": 0, "self": 0}
    for part in sheet.read([at[name] for name in order]):
        cells = dict(zip(order, part.columns, strict=True))
        good = np.ones(part.num_rows, bool)
        worth = numbers(cells["weight"]) if "weight" in cells else np.ones(part.num_rows)
        left_out["weight"] += _only(good, np.isfinite(worth) & (worth > 0))
        if "kind" in cells:
            base = _bases(cells["kind"], every=timed)
            left_out["kind"] += _only(good, base > 0)
            worth = worth * base
        left_out["range"] += _only(good, (worth >= _LIGHTEST) & (worth <= _HEAVIEST))
        if "time" in cells:
            when = seconds_of(cells["time"])
            left_out["time"] += _only(good, np.isfinite(when))
            time.append(when[good])
        kept = pa.array(good)
        source.append(_names(cells["source"], kept))
        target.append(_names(cells["target"], kept))
        weight.append(worth[good])
    if not any(len(s) for s in source):
        raise UnreadableFileError(path, _("there is no edge in it"), hint=_("Wanted: source,target[,weight]"))
    names, one, two = _numbered(source, target)
    worths, whens = np.concatenate(weight), np.concatenate(time) if time else None
    others = one != two
    left_out["self"] = int((~others).sum())
    if not others.any():
        raise UnreadableFileError(path, _("it holds only edges from an account to itself"))
    return Edges(
        names=names, source=one[others], target=two[others], weight=worths[others],
        time=None if whens is None else whens[others], told=_told(sheet, at, left_out),
    )  # fmt: skip


def edges_of(tables: Tables) -> Edges:
    """Who did what towards whom in a lab, each act with its base value and its time; recommendations of posts too."""
    define_named(tables)
    rows = tables.arrow(
        f"""select actor, target, {base_value()} * "count" as weight, epoch_us(happened_at) / 1e6 as time
            from acts where exact and actor <> target and kind not in ('unfollow', 'endorse')
            union all
            select recommender, account, {BASE["endorse"]!r}::DOUBLE, epoch_us(happened_at) / 1e6 from ff_named
            order by time, actor, target, weight"""
    )
    both = np.concatenate([rows["actor"].to_numpy(), rows["target"].to_numpy()])
    names, number = np.unique(both, return_inverse=True)
    places: Indices = number.reshape(-1).astype(np.int32)
    return Edges(
        names=pa.array(names), source=places[: rows.num_rows], target=places[rows.num_rows :], told=(),
        weight=np.asarray(rows["weight"].to_numpy(), np.float64), time=np.asarray(rows["time"].to_numpy(), np.float64),
    )  # fmt: skip


def _columns(sheet: Sheet, *, timed: bool) -> dict[str, int]:
    """Where source, target, weight, kind and time stand; sets whether the sheet has a header."""
    if len(sheet.first) < 2 + timed:
        raise missing(
            sheet.path,
            ("source", "target", *(("time",) if timed else ())),
            hint=_("Wanted: source,target[,weight]"),
        )
    found = _by_name(sheet.names, timed=timed)
    if found:
        if timed and "time" not in found:
            raise missing(sheet.path, ("time",))
        sheet.has_header = True
        return found
    sheet.has_header = _looks_like_header(sheet, timed=timed)
    if not timed:
        return {"source": 0, "target": 1, **({"weight": 2} if len(sheet.first) > 2 else {})}
    if len(sheet.first) > 3:
        return {"source": 0, "target": 1, "weight": 2, "time": 3}
    return {"source": 0, "target": 1, "time": 2}


def _by_name(names: tuple[str, ...], *, timed: bool) -> dict[str, int]:
    """Columns by their names; source and target must end alike (source_id, target_id). Empty: not known."""
    for ending in _ENDINGS:
        one = next((names.index(s + ending) for s in _SOURCES if s + ending in names), None)
        two = next((names.index(t + ending) for t in _TARGETS if t + ending in names), None)
        if one is not None and two is not None:
            found = {"source": one, "target": two}
            for what, words in (("weight", _WEIGHTS), ("time", _TIMES if timed else ()), ("kind", ("kind",))):
                if place := [names.index(w) for w in words if w in names]:
                    found[what] = place[0]
            return found
    return {}


def _looks_like_header(sheet: Sheet, *, timed: bool) -> bool:
    """Whether the first row names columns, though none we know: a word where the row below has a number."""
    pairs = zip(sheet.first, sheet.second, strict=False)
    looked = 4 if timed else 3
    return any(is_number(below) and not is_number(above) for above, below in list(pairs)[:looked])


def _only(good: npt.NDArray[np.bool_], also: npt.NDArray[np.bool_]) -> int:
    """Narrow `good` down to those that are `also`; gives how many went."""
    before = int(good.sum())
    good &= also
    return before - int(good.sum())


def _bases(kinds: pa.ChunkedArray, *, every: bool) -> Numbers:
    """The base value of each kind of act; 0 for what is not taken; 1 for all where no kind of ours is named."""
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(kinds)).combine_chunks().dictionary_encode()
    known: Mapping[str, float] = BASE if every else {k: BASE[k] for k in COSTLY}
    table = np.array([known.get(k, 0.0) for k in bare.dictionary.to_pylist()] or [0.0])
    found: Numbers = table[bare.indices.to_numpy(zero_copy_only=False)]
    return found


def seconds_of(cells: pa.ChunkedArray) -> Numbers:
    """Seconds since 1970, from numbers (seconds, milli- or microseconds) or ISO 8601 (UTC where no zone is told)."""
    found = numbers(cells)
    with np.errstate(invalid="ignore"):
        for beyond, factor in ((1e14, 1e6), (1e11, 1e3)):
            found = np.where(np.abs(found) > beyond, found / factor, found)
        found = np.where(np.abs(found) <= _LATEST, found, np.nan)
    for i in np.flatnonzero(np.isnan(found)).tolist():
        found[i] = _second(cells[i].as_py().strip())
    return found


def _second(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("nan")


def _names(cells: pa.ChunkedArray, kept: pa.Array) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(cells).filter(kept).dictionary_encode()


def _numbered(
    source: list[pa.ChunkedArray], target: list[pa.ChunkedArray]
) -> tuple[pa.Array, Indices, Indices]:
    """Both columns by one numbering of all names."""
    chunks = [chunk for column in (*source, *target) for chunk in column.chunks]
    one = pa.chunked_array(chunks).unify_dictionaries()
    where = np.concatenate([c.indices.to_numpy(zero_copy_only=False) for c in one.chunks]).astype(np.int32)
    half = len(where) // 2
    names = next(c for c in one.chunks).dictionary
    return names, where[:half], where[half:]


def _told(sheet: Sheet, at: Mapping[str, int], left_out: Mapping[str, int]) -> tuple[str, ...]:
    told = []
    if sheet.has_header and not _by_name(sheet.names, timed="time" in at):
        words = N_("The columns are taken by their place: {columns}.")
        told.append(said(words, columns=", ".join(at)))
    if "kind" in at:
        kinds = ", ".join(f"{k} {BASE[k]:g}" for k in (BASE if "time" in at else COSTLY))
        told.append(said(N_("Acts weigh by their kind: {kinds}."), kinds=kinds))
    left = {
        "weight": N_("Left out, weight not above 0: {count}."),
        "kind": N_("Left out, acts that cost nothing: {count}."),
        "range": N_("Left out, weight too large or too close to 0 to reckon with: {count}."),
        "time": N_("Left out, time not known: {count}."),
        "self": N_("Left out, an account towards itself: {count}."),
    }
    told += [said(left[why], count=n) for why, n in left_out.items() if n]
    if sheet.left_out:
        told.append(said(N_("Left out, rows with too few or too many cells: {count}."), count=sheet.left_out))
    return tuple(told)
