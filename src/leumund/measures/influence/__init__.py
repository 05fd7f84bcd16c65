"""Influence: what one's presence sets in motion, from 0 to 100, and why it changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, Moments, as_days, day_ends, unfinished
from leumund.measures.influence.acts import Acts, Numbers, acts_towards
from leumund.measures.influence.explain import COLUMNS, explain, sentences
from leumund.measures.influence.score import LEAST_N_EFF, Fading, capped, interval, score
from leumund.store.register import as_time
from leumund.store.tables import Tables

__all__ = ["MEASURE", "influence", "sentences"]

_MEMORY_DAYS = 120  # two of the long half-lives: a lab that begins later than that shows too little at first


def influence(tables: Tables, *, days: int = 90, account: int | None = None) -> Result:
    """What the acts of others towards the owner's accounts amount to, day by day, from 0 to 100.

    x_a = sum over acts of actor a of B[kind] * count * K(age);  L = sum over actors of 1 - exp(-x_a)
    S   = min(100, 8 / ln 2 * ln(1 + L / .05)): 8 points for each doubling
    K(age) fades with half-lives of 3 days (60 %) and 60 days (40 %)
    B: endorse 4, reshare 3, quote 3, reply 2, mention 1.5, follow 1, like .3

    This is the first form: every actor counts alike, since nobody's standing is known; strangers are not yet
    capped together, so bought acts count too, and the reading says so.

    Args:
        days: so many calendar days (UTC), one row each; the last one is that of as_of, as far as it has come.
        account: somebody else's account: she is looked at with all her accounts; None: the owner.
    Gives: score, low and high (90 % interval, None where fewer than ten actors' worth stand behind it), acts that
        were new that day. Figures: those of as_of, n_eff, actors, acts, L, undated (acts left out for want of a time).
    Edges: the owner's acts towards herself, unfollows and what is not public do not count; accounts of one
        person are one actor; one post is one act, a recommendation in it goes before the mention. Where no act of
        others is known the score is unknown, not 0, and so are the days before the first one.
    Source: ours; interval: Fay and Feuer 1997.
    """
    acts = acts_towards(tables, account)
    figures: dict[str, float | int | str | None] = {
        "score": None, "low": None, "high": None, "n_eff": None,
        "actors": acts.people, "acts": int(acts.times.sum()), "L": None, "undated": acts.undated,
    }  # fmt: skip
    ends = day_ends(tables.as_of, days)
    if not len(acts.at_us):
        empty = np.zeros(0)
        return Result(rows=_rows(ends[:0], empty, empty, empty, empty), notes=_unknown(acts), figures=figures)
    ends = ends[np.searchsorted(ends[1:], acts.at_us[0]) :]
    at = ends[1:]
    total, squares, largest, new = _series(acts, ends)
    scores = np.array([score(mass) for mass in total.tolist()])
    low, high = interval(total, squares, largest)
    mass = float(total[-1])
    figures |= {"score": float(scores[-1]), "low": _known(low[-1]), "high": _known(high[-1]), "L": mass}
    figures["n_eff"] = mass**2 / float(squares[-1]) if mass else 0.0
    notes = _notes(acts, int(at[0]), interval_known=figures["low"] is not None)
    notes = (*notes, *unfinished(tables))
    return Result(rows=_rows(at, scores, low, high, new), notes=notes, figures=figures)


def _series(acts: Acts, ends: Moments) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """At the end of each day: sum, sum of squares and maximum of the actors' contributions; and that day's acts."""
    at = ends[1:]
    state = Fading(fast=np.zeros(acts.people), slow=np.zeros(acts.people), at_us=int(at[0]))
    person = acts.person_of[acts.stream]
    bounds = np.searchsorted(acts.at_us, ends, side="right")
    rows = np.zeros((4, len(at)))
    start = 0
    for day, moment in enumerate(at.tolist()):
        state.forward(moment)
        since = slice(start, bounds[day + 1])
        state.add(acts.at_us[since], acts.worth[since], person[since])
        each = capped(state.worth())
        new = acts.times[bounds[day] : bounds[day + 1]].sum()
        rows[:, day] = each.sum(), (each * each).sum(), each.max(), new
        start = bounds[day + 1]
    return rows[0], rows[1], rows[2], rows[3]


def _rows(at: Moments, scores: Numbers, low: Numbers, high: Numbers, new: Numbers) -> pa.Table:
    return pa.table(
        {
            "day": as_days(at),
            "score": pa.array(scores),
            "low": pa.array(low, from_pandas=True),
            "high": pa.array(high, from_pandas=True),
            "acts": pa.array(new.astype(np.int64)),
        }
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _unknown(acts: Acts) -> tuple[Note, ...]:
    if not acts.somebody:
        return (Note(N_("No account of your own is known yet. Say which are yours: leumund me ACCOUNT")),)
    text = N_("No act of others towards this account is known: there were none, or the sources do not tell.")
    return (Note(text), *_undated(acts))


def _undated(acts: Acts) -> tuple[Note, ...]:
    if not acts.undated:
        return ()
    return (Note(N_("Acts whose time is not known are left out: {count}."), {"count": acts.undated}),)


def _notes(acts: Acts, first_us: int, *, interval_known: bool) -> tuple[Note, ...]:
    def made() -> Iterable[Note]:
        yield Note(
            N_(
                "First form: every account counts alike, since nobody's standing is known yet. Bought or automated"
                " acts count too; once standing is known, strangers will count little."
            )
        )
        if not interval_known:
            text = N_("Too little data for an interval: fewer than {least} people's worth of acts.")
            yield Note(text, {"least": int(LEAST_N_EFF)})
        if first_us - int(acts.at_us[0]) < _MEMORY_DAYS * DAY_US:
            text = N_(
                "The first act known is of {first}; days soon after it show too little, what came before is unknown."
            )
            yield Note(text, {"first": as_time(int(acts.at_us[0])).date()})
        yield from _undated(acts)

    return tuple(made())


MEASURE = Measure(
    name="influence",
    title=N_("Influence"),
    question=N_("What do I set in motion, and why did it change?"),
    shape="series",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="score", kind="number", title=N_("Influence")),
        Column(name="low", kind="number", title=N_("At least"), optional=True),
        Column(name="high", kind="number", title=N_("At most"), optional=True),
        Column(name="acts", kind="whole", title=N_("New acts")),
    ),
    order=("day",),
    compute=influence,
    figures={
        "score": N_("Influence"),
        "low": "",
        "high": "",
        "n_eff": "",
        "actors": N_("People and accounts behind it"),
        "acts": N_("Acts of others"),
        "L": "",
        "undated": "",
        "from_score": N_("Before"),
        "to_score": N_("After"),
        "change": N_("Change"),
        "new": N_("What came new"),
        "fading": N_("What faded"),
        "quiet_days": N_("Quiet days"),
        "quiet_points": N_("Points the quiet days took"),
    },
    explain=explain,
    explain_title=N_("Why influence changed"),
    explain_shape="breakdown",
    explain_columns=COLUMNS,
    explain_order=("-points", "cause", "kind", "account", "network"),
    facts=("recommendations",),
    reference=N_(
        "Section Influence in docs/design.md; interval: Fay and Feuer, Statistics in Medicine 16 (1997) 791-801."
    ),
)
