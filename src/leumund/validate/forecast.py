"""Who will be responded to in the next fourteen days: told by the score, and by a plain count of the last 28."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.measures.days import DAY_US
from leumund.measures.influence.fading import Fading
from leumund.measures.influence.score import capped, sums
from leumund.measures.worth import BASE
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, judged, signed, table
from leumund.validate.edges import Edges, read_edges
from leumund.validate.sureness import LEVEL, Numbers, middle, spearman
from leumund.views.cells import number, unknown

AHEAD_DAYS = 14
BEHIND_DAYS = 28
ALIVE_DAYS = 180  # only accounts somebody did something towards in so many days are asked about
MOST_MOMENTS = 12
_LEAST_ACCOUNTS = 10
_DRAWS = 200

WAYS = ("score", "count", "responders")


def check(path: Path | None = None, *, edges: Edges | None = None, seed: int = 2011) -> Finding:
    """Spearman between what was told at a moment and how many different people responded in the 14 days after it.

    score: L of the shipped formula (two half-lives, each actor's cap), all actors alike, since a graph with times but
    without an owner has no standing. count: acts of the last 28 days, the baseline. responders: different people in
    the last 28 days. Mean over up to twelve moments; interval of the difference by drawing accounts.

    path: source, target, time[, weight or kind]; None: a made-up world (`leumund.simulate.stream`) from that seed.

    Raises:
        UnreadableFileError: fewer than 42 days, or too few accounts.
    """
    given = edges or (read_edges(path, timed=True) if path is not None else made_up(seed))
    where = path or "leumund.simulate"
    assert given.time is not None
    at = np.round(given.time * 1e6).astype(np.int64)
    first, last = int(at.min()), int(at.max())
    start, end = first + BEHIND_DAYS * DAY_US, last - AHEAD_DAYS * DAY_US
    if end < start:
        why = _("it covers fewer than {days} days").format(days=AHEAD_DAYS + BEHIND_DAYS)
        raise UnreadableFileError(where, why)
    many = min(MOST_MOMENTS, 1 + (end - start) // (AHEAD_DAYS * DAY_US))
    told = []
    for moment in np.linspace(start, end, many).astype(np.int64).tolist():
        one = _at(given, at, moment)
        if len(one[0]) >= _LEAST_ACCOUNTS and one[1][0].any():
            told.append(one)
    if not told:
        raise UnreadableFileError(where, _("too few accounts are responded to in it"))
    means = {way: _mean([spearman(one[1][1 + i], one[1][0]) for one in told]) for i, way in enumerate(WAYS)}
    figures: dict[str, Any] = {
        "world": "simulated" if path is None and edges is None else "file",
        "edges": len(given.source), "accounts": given.size, "days": (last - first) / DAY_US,
        "moments": len(told), "asked": int(sum(len(one[0]) for one in told)), "level": LEVEL, **means,
    }  # fmt: skip
    drawn = _drawn(told, given.size)
    for way in WAYS[1:]:
        spread = middle(drawn[:, 0] - drawn[:, WAYS.index(way)])
        ours, theirs = means["score"], means[way]
        value = None if ours is None or theirs is None else ours - theirs
        low, high = spread or (None, None)
        figures[f"ahead_of_{way}"] = {"value": value, "low": low, "high": high}
    return Finding(figures=figures, told=(*given.told, *_told(figures)))


def made_up(seed: int, acts: int = 200_000, accounts: int = 3_000, days: int = 182) -> Edges:
    """A made-up world of that many acts."""
    import pyarrow as pa

    from leumund.simulate.stream import KIND, Plan, acts_between

    made = acts_between(Plan(seed=seed, acts=acts, accounts=accounts, days=days), 0, acts)
    worth = np.array([BASE.get(kind, 0.0) for kind in KIND])[made.kind]
    kept = (worth > 0) & (made.target >= 0)
    return Edges(
        names=pa.array([str(i) for i in range(accounts)]), source=made.actor[kept].astype(np.int32),
        target=made.target[kept].astype(np.int32), weight=worth[kept], time=made.when[kept] / 1e6, told=(),
    )  # fmt: skip


def _at(edges: Edges, at: Any, moment: int) -> tuple[Any, Numbers]:
    """The accounts asked about at a moment, and four rows: what came, then what each way told."""
    before = at <= moment
    after = ~before & (at <= moment + AHEAD_DAYS * DAY_US)
    late = before & (at > moment - BEHIND_DAYS * DAY_US)
    alive = np.unique(edges.target[before & (at > moment - ALIVE_DAYS * DAY_US)])
    pairs, pair = np.unique(
        edges.target[before].astype(np.int64) * edges.size + edges.source[before], return_inverse=True
    )
    state = Fading.nothing(len(pairs), moment)
    state.add(at[before], edges.weight[before], pair.reshape(-1))
    mass = sums(pairs // edges.size, capped(state.worth()), edges.size)
    rows = [
        _different(edges, after),
        mass,
        sums(edges.target[late].astype(np.int64), np.ones(late.sum()), edges.size),
    ]
    rows.append(_different(edges, late))
    return alive, np.array(rows)[:, alive]


def _different(edges: Edges, chosen: Any) -> Numbers:
    """How many different accounts did something towards each, by those edges."""
    pairs = np.unique(edges.target[chosen].astype(np.int64) * edges.size + edges.source[chosen])
    return sums(pairs // edges.size, np.ones(len(pairs)), edges.size)


def _mean(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else None


def _drawn(told: list[tuple[Any, Numbers]], size: int) -> Numbers:
    """The mean correlations of the three ways, accounts drawn again and again with replacement."""
    dice = np.random.default_rng(1)
    found = np.full((_DRAWS, len(WAYS)), np.nan)
    for draw in range(_DRAWS):
        times = np.bincount(dice.integers(0, size, size), minlength=size)
        rows = [np.repeat(values, times[alive], axis=1) for alive, values in told]
        for i in range(len(WAYS)):
            mean = _mean([spearman(r[1 + i], r[0]) for r in rows])
            found[draw, i] = np.nan if mean is None else mean
    return found


def _told(figures: dict[str, Any]) -> list[str]:
    names = {
        "score": _("the score"),
        "count": _("acts of the last 28 days (baseline)"),
        "responders": _("different people of the last 28 days"),
    }
    told = [
        said(N_("{edges} acts among {accounts} accounts in {days:.0f} days; asked at {moments} moments about {asked} accounts in all."),
            **{name: figures[name] for name in ("edges", "accounts", "days", "moments", "asked")}
        ),
        _("How well the order told agrees with the different people who responded in the next 14 days (Spearman):"),
    ]  # fmt: skip
    for way in WAYS:
        value = figures[way]
        told.append(f"  {unknown() if value is None else number(value, 3)}  {names[way]}")
    for way in WAYS[1:]:
        one = figures[f"ahead_of_{way}"]
        if one["low"] is None:
            continue
        text = N_("The score against {what}: {value:+.3f} ({low:+.3f} … {high:+.3f}).")
        line = said(text, what=names[way], **one)
        if one["high"] < 0:
            line += " " + _("The baseline wins.")
        told.append(line)
    return told


def section(runs: Sequence[tuple[str, str, Figures]]) -> str:
    """The next fourteen days, one row for each data set."""
    rows = []
    for name, command, f in runs:
        rows.append(
            (
                name, f"{f['edges']:,}", f"{f['asked']:,} at {f['moments']}", *(figure(f[w]) for w in ("score", "count", "responders")),
                signed(f["ahead_of_count"]), judged(f["ahead_of_count"]), f"`{command}`",
            )
        )  # fmt: skip
    heads = (
        "data", "acts", "accounts asked about", "score", "baseline: acts of 28 days", "people of 28 days",
        "score against baseline (90 %)", "", "command",
    )  # fmt: skip
    return table(heads, rows)
