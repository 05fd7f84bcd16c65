"""Experiments: whether a change made in some weeks and not in others brought anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Result
from leumund.measures.experiments.design import Week
from leumund.measures.experiments.outcomes import counted
from leumund.measures.experiments.planned import Planned, planned_in
from leumund.measures.experiments.result import Found, found, over
from leumund.measures.experiments.together import Shrunk, shrunk
from leumund.measures.experiments.words import sentences
from leumund.measures.strategies.chance import adjusted
from leumund.store.register import as_time
from leumund.store.tables import Tables

__all__ = ["MEASURE", "Taken", "experiments", "taken_in"]

_STATES = (N_("planned"), N_("running"), N_("finished"), N_("stopped"), N_("refused"), N_("not started"))
_VERDICTS = (N_("more"), N_("less"), N_("no difference seen"), N_("may be luck"), N_("too early"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One experiment as far as it has come. weeks: of the pairs that are over; counts: the outcome by the week's
    Monday; q: the p-value among all experiments; after: what may be expected of the change (mean, low, high, log scale).
    """

    plan: Planned
    state: str
    weeks: tuple[Week, ...]
    counts: dict[date, int]
    found: Found | None = None
    q: float | None = None
    after: tuple[float, float, float] | None = None

    @property
    def verdict(self) -> str | None:
        """What is to be believed, one of the words above; None where the plan is refused."""
        if self.plan.refused:
            return None
        if self.found is None or self.q is None:
            return "too_early"
        if not self.found.is_seen:
            return "no_difference_seen"
        if self.q > 0.05:
            return "may_be_luck"
        return "more" if self.found.effect > 1 else "less"


def experiments(tables: Tables) -> Result:
    """What each of the owner's experiments has shown.

    Pairs of weeks, in each a coin says in which of the two the change is made; the first day of a week is not counted.
    D_p = log((on + .5) / (off + .5)) of the outcome that was written down before; effect = exp(mean of D)
    p: exact sign-flip test of the mean, two-sided, over all 2^n ways the coins could have fallen
    effect_low, effect_high: the effects which that test does not reject at .05 (inversion)
    q: p after Benjamini and Hochberg over all experiments that have a result
    expected: the effect drawn towards none by what all of them found (normal, spread learned), with the middle 90 %

    Gives: one row for each experiment, the newest first; effect is None before six pairs are over, and where the plan
        is refused. Figures: experiments, running, with a result, seen.
    Bounds: under no effect p <= .05 in at most 5 of 100 experiments, whatever else rises, falls or bursts in those weeks.
    Edges: pairs whose second week is not over, or not read yet, do not count. Six pairs at least. Refused: an
        outcome or plan that was changed or written down after the start, an outcome that cannot be told by weeks,
        weeks that do not follow from their seed.
    Source: Fisher 1935 (randomisation test), Hartigan 1969 (interval), Rubin 1981 (shrinkage).
    """
    taken = taken_in(tables)
    rows = [_row(one) for one in taken]
    figures: dict[str, float | int | str | None] = {
        "experiments": len(taken),
        "running": sum(one.state == "running" for one in taken),
        "with_result": sum(one.found is not None for one in taken),
        "seen": sum(one.verdict in ("more", "less") for one in taken),
    }
    notes = tuple(sentences(tables, taken))
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=notes, figures=figures)


def taken_in(tables: Tables) -> list[Taken]:
    """Every experiment as far as it has come, the newest last."""
    bare = [_taken(tables, plan) for plan in planned_in(tables)]
    told = [one for one in bare if one.found is not None]
    if not told:
        return bare
    results = [one.found for one in told if one.found is not None]
    q = adjusted(np.array([f.p for f in results]), len(results))
    after = shrunk(
        np.array([float(f.differences.mean()) for f in results]), np.array([f.error for f in results])
    )
    return [one if one.found is None else _among(one, told.index(one), q, after) for one in bare]


def _among(one: Taken, at: int, q: Any, after: Shrunk) -> Taken:
    return Taken(
        plan=one.plan, state=one.state, weeks=one.weeks, counts=one.counts, found=one.found, q=float(q[at]),
        after=(float(after.mean[at]), float(after.low[at]), float(after.high[at])),
    )  # fmt: skip


def _taken(tables: Tables, plan: Planned) -> Taken:
    state = plan.state_at(tables.as_of)
    if plan.refused or plan.started_at is None:
        return Taken(plan=plan, state=state, weeks=(), counts={})
    done = over(plan.weeks, _until(tables, plan))
    mondays = [w.monday for w in plan.weeks if w.monday <= tables.as_of.date()]
    counts = counted(
        tables, plan.outcome, mondays, network=plan.network, washout_days=plan.washout_days
    )  # fmt: skip
    return Taken(plan=plan, state=state, weeks=done, counts=counts, found=found(done, counts))


def _until(tables: Tables, plan: Planned) -> datetime:
    """Up to when its weeks can be told: until now or its stop, and as far as anything was read at all."""
    until = tables.as_of if plan.stopped_at is None else min(tables.as_of, plan.stopped_at)
    if plan.outcome == "leads":
        return until
    last = tables.coverage.last  # a week without anything on its last day is over all the same
    return until if last is None else min(until, as_time(last) + timedelta(days=1))


def _row(one: Taken) -> dict[str, Any]:
    plan, result = one.plan, one.found
    row: dict[str, Any] = {
        "experiment": plan.name, "state": one.state, "verdict": one.verdict, "outcome": plan.outcome or None,
        "pairs": len({w.pair for w in one.weeks}), "planned": plan.pairs, "change": plan.change,
        "begins": plan.weeks[0].monday if plan.weeks else plan.begins, "entry": plan.entry,
    }  # fmt: skip
    if result is not None:
        row |= {
            "effect": result.effect, "effect_low": result.low, "effect_high": result.high, "p": result.p, "q": one.q,
            "with_change": result.on, "without": result.off,
        }  # fmt: skip
    if one.after is not None:
        row |= dict(
            zip(
                ("expected", "expected_low", "expected_high"),
                (float(np.exp(x)) for x in one.after),
                strict=True,
            )
        )
    return row


def explain(tables: Tables, account: int | None) -> Result:
    """The weeks behind the results: what the coin said, what was counted, and what each pair of weeks differs by."""
    del account  # experiments are the owner's alone
    rows: list[dict[str, Any]] = []
    taken = taken_in(tables)
    for one in taken:
        differences = dict(
            zip(
                sorted({w.pair for w in one.weeks}),
                one.found.differences.tolist() if one.found else (),
                strict=False,
            )
        )
        for week in one.plan.weeks:
            counts = one.counts.get(week.monday)
            rows.append(
                {
                    "week": week.monday, "counted": counts, "on": week.on, "pair": week.pair, "experiment": one.plan.name,
                    "difference": differences.get(week.pair), "is_over": week in one.weeks, "entry": one.plan.entry,
                }
            )  # fmt: skip
    return Result(rows=pa.Table.from_pylist(rows, _WEEKS), notes=tuple(sentences(tables, taken)))


_SHAPE = pa.schema(
    {
        "experiment": pa.string(), "state": pa.string(), "verdict": pa.string(), "effect": pa.float64(),
        "effect_low": pa.float64(), "effect_high": pa.float64(), "p": pa.float64(), "q": pa.float64(),
        "expected": pa.float64(), "expected_low": pa.float64(), "expected_high": pa.float64(),
        "outcome": pa.string(), "with_change": pa.float64(), "without": pa.float64(), "pairs": pa.int64(),
        "planned": pa.int64(), "begins": pa.date32(), "change": pa.string(), "entry": pa.string(),
    }
)  # fmt: skip
_WEEKS = pa.schema(
    {
        "week": pa.date32(), "counted": pa.int64(), "on": pa.bool_(), "pair": pa.int64(), "experiment": pa.string(),
        "difference": pa.float64(), "is_over": pa.bool_(), "entry": pa.string(),
    }
)  # fmt: skip

MEASURE = Measure(
    name="experiments",
    topic="success",
    title=N_("Experiments"),
    question=N_("What did my experiment show?"),
    shape="ranking",
    columns=(
        Column(name="experiment", kind="text", title=N_("Experiment")),
        Column(name="state", kind="kind", title=N_("State")),
        Column(name="verdict", kind="kind", title=N_("What is seen"), optional=True),
        Column(name="effect", kind="number", title=N_("Times as many with the change"), optional=True),
        Column(name="effect_low", kind="number", title=N_("At least"), optional=True),
        Column(name="effect_high", kind="number", title=N_("At most"), optional=True),
        Column(name="p", kind="share", title=N_("As much by chance alone"), optional=True),
        Column(name="q", kind="share", title=N_("The same, among all experiments"), optional=True),
        Column(name="expected", kind="number", title=N_("To be expected"), optional=True),
        Column(name="expected_low", kind="number", title=N_("At least"), optional=True),
        Column(name="expected_high", kind="number", title=N_("At most"), optional=True),
        Column(name="outcome", kind="kind", title=N_("What is counted"), optional=True),
        Column(name="with_change", kind="number", title=N_("A week with the change"), optional=True),
        Column(name="without", kind="number", title=N_("A week without"), optional=True),
        Column(name="pairs", kind="whole", title=N_("Pairs that are over")),
        Column(name="planned", kind="whole", title=N_("Pairs planned")),
        Column(name="begins", kind="day", title=N_("First week"), optional=True),
        Column(name="change", kind="text", title=N_("Change")),
        Column(name="entry", kind="text", title=N_("Entry")),
    ),
    order=("-begins", "experiment", "entry"),
    compute=experiments,
    figures={
        "experiments": N_("Experiments"),
        "running": N_("Running"),
        "with_result": N_("With a result"),
        "seen": N_("Effects seen"),
    },
    explain=explain,
    explain_title=N_("The weeks of the experiments"),
    explain_shape="series",
    explain_columns=(
        Column(name="week", kind="week", title=N_("Week")),
        Column(name="counted", kind="whole", title=N_("Counted"), optional=True),
        Column(name="on", kind="flag", title=N_("With the change")),
        Column(name="pair", kind="whole", title=N_("Pair")),
        Column(name="experiment", kind="text", title=N_("Experiment")),
        Column(name="difference", kind="points", title=N_("Difference (log)"), optional=True),
        Column(name="is_over", kind="flag", title=N_("Pair is over")),
        Column(name="entry", kind="text", title=N_("Entry")),
    ),
    explain_order=("week", "experiment", "entry"),
    private=True,
    reference=N_(
        "A coin decides, so that nothing else can be the cause: Fisher (1935). Interval: Hartigan (1969); several trials together: Rubin (1981)."
    ),
)
