"""Influence: what one's presence sets in motion, from 0 to 100, and why it changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from leumund.events import NETWORKS
from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, Moments, as_days, day_ends, unfinished
from leumund.measures.influence.acts import Acts, Numbers, acts_towards
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.explain import COLUMNS, explain
from leumund.measures.influence.score import (
    CALIBRATION,
    LEAST_N_EFF,
    MOST_BY_STRANGERS,
    Mass,
    capped,
    interval,
    mass,
    score,
    stranger,
    sums,
)
from leumund.measures.influence.steps import steps
from leumund.measures.influence.words import sentences
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.standing import standing_of
from leumund.store.register import as_time
from leumund.store.tables import Tables

__all__ = ["MEASURE", "influence", "sentences"]

_SETTLED_DAYS = 120  # two of the long half-lives: a lab that begins later than that shows too little at first


def influence(
    tables: Tables, *, days: int = 90, account: int | None = None, network: str | None = None
) -> Result:
    """What the acts of others towards the owner's accounts amount to, day by day, from 0 to 100.

    x_a = sum over acts of actor a of B[kind] * count * min(1, 50 / acts of a that day) * K(age)
    K(age) fades with half-lives of 3 days (60 %) and 60 days (40 %), 0 after two years;   g(x) = 1 - exp(-x), each actor's cap
    T = sum of tau_a * g(x_a);   X = sum of (1 - min(1, tau_a)) * q_a * g(x_a)
    U = .25 * (T + L0) * (1 - exp(-X / (.25 * (T + L0)))): all strangers together
    S = min(100, 8 / ln 2 * ln(1 + (T + U) / L0)), L0 = .05: 8 points for each doubling
    B: endorse 4, reshare 3, quote 3, reply 2, mention 1.5, follow 1, like .3
    tau: the standing of who is behind the act (measure standing), of the day before, but the owner's own marks at
    once; q: 0 for declared robots and the no-go list, else 1.

    Args:
        days: so many calendar days (UTC), one row each; the last one is that of as_of, as far as it has come.
        account: somebody else's account: she is looked at with all her accounts; None: the owner.
        network: only what was done on that network.
    Gives: score, low and high (90 % interval, None where fewer than ten actors' worth stand behind it), acts that
        were new that day. Figures: those of as_of, n_eff, actors, acts, L, undated (acts left out for want of a
        time), strangers' acts and what they add, the score of each network by itself, the constants' version.
    Bounds: any number of people without standing, whatever they do, adds at most 8 / ln 2 * ln(1.25) = 2.58 points.
    Edges: the owner's acts towards herself, unfollows and what is not public do not count; accounts of one
        person are one actor; one post is one act, a recommendation in it goes before the mention. Where no act of
        others is known the score is unknown, not 0, and so are the days before the first one.
    Source: ours; interval: Fay and Feuer 1997.
    """
    ends = day_ends(tables.as_of, days)
    acts = acts_towards(tables, account, network=network, start_us=int(ends[0]))
    figures: dict[str, float | int | str | None] = {
        "score": None, "low": None, "high": None, "n_eff": None,
        "actors": len(np.unique(acts.person)), "acts": int(acts.times.sum()), "L": None, "undated": acts.undated,
        "calibration": CALIBRATION,
    }  # fmt: skip
    if acts.first_us is None:
        empty = np.zeros(0)
        return Result(rows=_rows(ends[:0], empty, empty, empty, empty), notes=_unknown(acts), figures=figures)
    behind = Behind(acts.people, standing_of(tables))
    ends = ends[np.searchsorted(ends[1:], acts.ever_us or acts.first_us) :]
    series = _series(acts, behind, ends)
    scores = np.array([score(whole) for whole in series.whole.tolist()])
    low, high = interval(series.whole, series.squares, series.largest)
    whole = series.last.whole
    figures |= {"score": float(scores[-1]), "low": _known(low[-1]), "high": _known(high[-1]), "L": whole}
    figures["n_eff"] = whole**2 / float(series.squares[-1]) if whole else 0.0
    figures |= _strangers(acts, behind, series)
    if network is None:
        figures |= _by_network(acts, behind, series)
    notes = (*behind.standing.notes(), *_notes(acts, behind, figures, int(ends[1])), *unfinished(tables))
    return Result(rows=_rows(ends[1:], scores, low, high, series.new), notes=notes, figures=figures)


class _Series:
    """At the end of each day: L, the sum of squares and the maximum of the actors' contributions, the day's acts."""

    def __init__(self, size: int) -> None:
        self.whole, self.squares, self.largest, self.new = np.zeros((4, size))
        self.last = Mass(0.0, 0.0)
        self.at_us, self.worth = 0, np.zeros(0)  # the last moment, and what each stream is worth then


def _series(acts: Acts, behind: Behind, ends: Moments) -> _Series:
    series = _Series(len(ends) - 1)
    bounds = np.searchsorted(acts.at_us, ends, side="right")
    for day, step in enumerate(steps(acts, ends[1:])):
        tau, quality = behind.at(step.to_us)
        g = capped(sums(acts.person_of, step.worth, len(acts.people)))
        found = mass(tau, quality, g)
        let_in = found.admitted / found.strangers if found.strangers else 0.0
        each = g * (tau + stranger(tau) * quality * let_in)
        series.whole[day] = found.whole
        series.squares[day] = np.sum(each * each)
        series.largest[day] = each.max(initial=0.0)
        series.new[day] = acts.times[bounds[day] : bounds[day + 1]].sum()
        series.last, series.at_us, series.worth = found, step.to_us, step.worth
    return series


def _strangers(acts: Acts, behind: Behind, series: _Series) -> dict[str, float | int | str | None]:
    """How many acts came from people without standing, and what all of these together add."""
    tau, _quality = behind.at(series.at_us)
    return {
        "strangers_acts": int(acts.times[tau[acts.person] == 0].sum()),
        "strangers_points": score(series.last.whole) - score(series.last.known),
    }


def _by_network(acts: Acts, behind: Behind, series: _Series) -> dict[str, float | int | str | None]:
    """The score of each network by itself, where there are several."""
    networks = np.array(acts.streams["network"].to_pylist())
    names = [name for name in NETWORKS if (networks == name).any()]
    if len(names) < 2:
        return {}
    tau, quality = behind.at(series.at_us)
    found: dict[str, float | int | str | None] = {}
    for name in names:
        x = sums(acts.person_of, np.where(networks == name, series.worth, 0.0), len(acts.people))
        found[f"score_{name}"] = score(mass(tau, quality, capped(x)).whole)
    return found


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


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


def _unknown(acts: Acts) -> tuple[Note, ...]:
    if not acts.somebody:
        return (NOBODY_IS_OWNER,)
    text = N_("No act of others towards this account is known: there were none, or the sources do not tell.")
    return (Note(text), *_undated(acts))


def _undated(acts: Acts) -> tuple[Note, ...]:
    if not acts.undated:
        return ()
    return (Note(N_("Acts whose time is not known are left out: {count}."), {"count": acts.undated}),)


def _notes(
    acts: Acts, behind: Behind, figures: dict[str, float | int | str | None], first_us: int
) -> tuple[Note, ...]:
    def made() -> Iterable[Note]:
        if behind.standing.known_since is not None:
            text = N_(
                "{strangers_acts} of {acts} acts came from people without standing. Together they add"
                " {strangers_points:.2f} points; however many they are, it is never more than {most:.2f}."
            )
            yield Note(text, {**figures, "most": MOST_BY_STRANGERS})
        else:
            yield Note(N_("Until then the score stays below {most:.1f}."), {"most": MOST_BY_STRANGERS})
        if figures["low"] is None:
            text = N_("Too little data for an interval: fewer than {least} people's worth of acts.")
            yield Note(text, {"least": int(LEAST_N_EFF)})
        if acts.first_us is not None and first_us - acts.first_us < _SETTLED_DAYS * DAY_US:
            text = N_(
                "The first act known is of {first}; days soon after it show too little, what came before is unknown."
            )
            yield Note(text, {"first": as_time(acts.first_us).date()})
        if behind.standing.kind == "community":
            yield Note(N_("By the standing of a community: not to be compared with a personal lab's score."))
        yield from _undated(acts)

    return tuple(made())


MEASURE = Measure(
    name="influence",
    topic="influence",
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
        "calibration": "",
        "strangers_acts": N_("Acts by people without standing"),
        "strangers_points": N_("Points these add"),
        "score_mastodon": N_("Influence on Mastodon alone"),
        "score_bluesky": N_("Influence on Bluesky alone"),
        "score_x": N_("Influence on X alone"),
        "score_linkedin": N_("Influence on LinkedIn alone"),
        "score_facebook": N_("Influence on Facebook alone"),
        "score_blog": N_("Influence on the blog alone"),
        "score_other": N_("Influence elsewhere alone"),
        "from_score": N_("Before"),
        "to_score": N_("After"),
        "change": N_("Change"),
        "new": N_("What came new"),
        "fading": N_("What faded"),
        "deleted": "",
        "dilution": "",
        "standing": "",
        "trust": "",
        "weight": "",
        "learned": "",
        "from_day": "",
        "to_day": "",
        "quiet_days": N_("Quiet days"),
        "quiet_points": N_("Points the quiet days took"),
    },
    explain=explain,
    explain_title=N_("Why influence changed"),
    explain_shape="breakdown",
    explain_columns=COLUMNS,
    explain_order=("±points", "cause", "kind", "account", "network"),
    tell=sentences,
    facts=("recommendations",),
    reference=N_(
        "Our own: what others do because of you, weighed by their standing and fading with time. Interval: Fay and Feuer, Statistics in Medicine 16 (1997) 791-801."
    ),
)
