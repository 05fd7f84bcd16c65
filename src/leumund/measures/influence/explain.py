"""Why the score changed: an exact split into its causes, by kind of act, network and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Result
from leumund.measures.days import DAY_US, end_of_day
from leumund.measures.influence.acts import DELETED, ENTRIES, Acts, Flags, Numbers, acts_towards
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.score import (
    admitted_slopes,
    capped,
    mass,
    score,
    secant,
    slope,
    stranger,
    sums,
)
from leumund.measures.influence.steps import Step, days_between, steps
from leumund.measures.influence.words import notes
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.standing import standing_of
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables

COLUMNS = (
    Column(name="cause", kind="kind", title=N_("Cause")),
    Column(name="kind", kind="kind", title=N_("Kind"), optional=True, nothing=N_("all acts")),
    Column(name="account", kind="account", title=N_("By"), optional=True, nothing=N_("all others")),
    Column(name="network", kind="kind", title=N_("Network"), optional=True, nothing=N_("several")),
    Column(name="points", kind="points", title=N_("Points")),
)
_SHOWN = (
    N_("deleted"),
    N_("dilution"),
    N_("standing"),
    N_("trust"),
    N_("weight"),
    N_("learned"),
)  # as `views.words` does
BY_STREAM = ("new", "deleted", "dilution", "fading")
BY_PERSON = ("standing", "trust", "weight")
CAUSES = (*BY_STREAM, *BY_PERSON)


@dataclass(slots=True)
class _Split:
    """points: by cause, of each stream (`BY_STREAM`) or each person (`BY_PERSON`); quiet_...: whole days without
    anything new, and what they took.
    """

    points: dict[str, Numbers]
    before: float = 0.0
    after: float = 0.0
    quiet_days: int = 0
    quiet_points: float = 0.0


def explain(
    tables: Tables,
    account: int | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    network: str | None = None,
    limit: int | None = 100,
) -> Result:
    """Split the change of the score between two moments into its causes, without residue.

    Day by day S1 - S0 = F * (L1 - L0), F the slope between the two days (a secant, not a tangent); L = T + U, where
    U1 - U0 is split between T and X by Shapley; T and X into what changed in each actor's standing, her weight as a
    stranger, and her sum of acts (Shapley again, secants inside her cap); and that sum, being linear, into every
    single act. A longer span is the sum of its calendar days (UTC); the first and the last one may be parts of a day.

    Args:
        account: somebody else's account: she is looked at with all her accounts; None: the owner.
        start, end: end is as_of unless given, start the end of the day a week earlier: as in the series of influence.
        network: only what was done there.
        limit: so many rows with the largest points are listed one by one, the others are added up by cause and
            kind, account None; None lists all.
    Gives: cause, kind of act, account, network, points; the points add up to the change. Causes: new, fading,
        deleted (by others; nobody is named), dilution (the actor did more than she can mean that day), standing (what is known
        of the actor), trust (the owner changed her marks), weight (what the actor counts as a stranger).
    Raises:
        UsageError: the span is empty or ends after as_of.
    """
    to_us = as_us(end or tables.as_of)
    from_us = as_us(start) if start else week_before(to_us)
    if not from_us < to_us:
        hint = _(
            "A span begins at the end of its first day: for one day alone name the day before it with --from."
        )
        raise UsageError(_("The span must end after it starts."), hint=hint)
    if to_us > as_us(tables.as_of):
        raise UsageError(_("The span must not end after the moment the reading speaks of."))
    acts = acts_towards(tables, account, network=network, start_us=from_us, end_us=to_us)
    behind = Behind(acts.people, standing_of(tables))
    split = _split(acts, behind, from_us, to_us)
    totals = {cause: float(split.points[cause].sum()) for cause in CAUSES}
    first = acts.first_us
    if first is not None and split.before:  # what was known at the start and is deleted now was known then
        first = min(first, from_us)
    figures: dict[str, float | int | str | None] = {
        "from_score": split.before, "to_score": split.after, "change": split.after - split.before,
        **totals, "quiet_days": split.quiet_days, "quiet_points": split.quiet_points,
        "from_day": as_time(from_us).date().isoformat(), "to_day": as_time(to_us).date().isoformat(),
    }  # fmt: skip
    if first is None or first > from_us:  # what is not known is not 0
        unknown = ("from_score", "change") if first else (k for k in figures if not k.endswith("_day"))
        figures |= dict.fromkeys(unknown)
    said = (*notes(figures, first, (from_us, to_us)), *behind.standing.notes())
    if not acts.somebody:
        said = (NOBODY_IS_OWNER,)
    return Result(rows=_rows(acts, split, _unnamed(acts, from_us), limit), notes=said, figures=figures)


def week_before(moment_us: int) -> int:
    """The end of the day a week before a moment: where an explanation starts unless it is told."""
    return end_of_day(moment_us - 7 * DAY_US)


def _split(acts: Acts, behind: Behind, from_us: int, to_us: int) -> _Split:
    streams, people = len(acts.person_of), len(acts.people)
    made = _Split({c: np.zeros(streams) for c in BY_STREAM} | {c: np.zeros(people) for c in BY_PERSON})
    walk = steps(acts, days_between(from_us, to_us))
    x = sums(acts.person_of, next(walk).worth, people)
    tau, quality = behind.at(from_us)
    whole = mass(tau, quality, capped(x)).whole
    made.before = made.after = score(whole)
    for step in walk:
        x = _divide(made, acts, behind, step, x)
    return made


def _divide(made: _Split, acts: Acts, behind: Behind, step: Step, x0: Numbers) -> Numbers:
    """Add the points of one day; gives the actors' sums at its end."""
    who, people = acts.person_of, len(acts.people)
    tau0, q0 = behind.at(step.from_us)
    tau_, q_ = behind.at(step.to_us, marks_us=step.from_us)  # as if the owner had changed no mark
    tau1, q1 = behind.at(step.to_us)
    x1 = sums(who, step.worth, people)
    g0, g1 = capped(x0), capped(x1)
    h0, h_, h1 = stranger(tau0), stranger(tau_), stranger(tau1)
    before, after = mass(tau0, q0, g0), mass(tau1, q1, g1)
    steep = slope(before.whole, after.whole)
    by_known, by_strangers = admitted_slopes(before, after)
    known, strange = steep * (1 + by_known), steep * by_strangers  # points per unit of T and of X
    of_tau = known * (g0 + g1) / 2
    of_h = strange * _third(q0, q1, g0, g1)
    made.points["standing"] += of_tau * (tau_ - tau0) + of_h * (h_ - h0)
    made.points["trust"] += of_tau * (tau1 - tau_) + of_h * (h1 - h_)
    of_q = strange * _third(h0, h1, g0, g1)
    made.points["weight"] += of_q * (q_ - q0)
    made.points["trust"] += of_q * (q1 - q_)
    of_g = known * (tau0 + tau1) / 2 + strange * _third(h0, h1, q0, q1)
    per_unit = (of_g * secant(x0, x1 - x0))[who]
    for entry, came in zip(ENTRIES, step.came, strict=True):
        made.points["fading" if entry == "forgotten" else entry] += per_unit * came
    made.points["fading"] += per_unit * step.faded
    made.after = score(after.whole)
    if step.quiet and step.to_us - step.from_us >= DAY_US - 1:
        made.quiet_days += 1
        made.quiet_points += made.after - score(before.whole)
    return x1


def _third(a0: Numbers, a1: Numbers, b0: Numbers, b1: Numbers) -> Numbers:
    """What a unit of the third factor of a product is worth while the other two change: Shapley's mean of the orders."""
    return (a0 * b0 + a1 * b1) / 3 + (a0 * b1 + a1 * b0) / 6


def _unnamed(acts: Acts, from_us: int) -> Flags:
    """Streams with an act that came and was deleted within the span: beside "deleted", its other rows would tell who."""
    changes = acts.changes
    both = (changes.why == DELETED) & (changes.moment > from_us) & (changes.at_us > from_us)
    found = np.zeros(len(acts.person_of), np.bool_)
    found[changes.stream[both]] = True
    return found


def _rows(acts: Acts, split: _Split, unnamed: Flags, limit: int | None) -> pa.Table:
    parts = []
    where = _networks(acts)
    seen = np.zeros(len(acts.people), np.bool_)  # named by an act at least
    for cause in BY_STREAM:
        shown = (split.points[cause] != 0) & ~unnamed & (cause != "deleted")
        seen[acts.person_of[shown]] = True
    for cause, points in split.points.items():
        some = np.flatnonzero(points)
        if cause in BY_STREAM:
            of = acts.streams.take(pa.array(some))
            kind, actor, network = of["kind"], of["actor"], of["network"]
            hidden = unnamed[some] | (cause == "deleted")  # nobody is told who took something back
        else:
            kind = pa.nulls(len(some), pa.string())
            actor, network = pa.array(acts.people[some]), where.take(pa.array(some))
            hidden = ~seen[some]
        actor = pc.if_else(pa.array(hidden), pa.scalar(None, pa.int64()), actor)
        parts.append(
            pa.table(
                {
                    "cause": pa.array([cause] * len(some), pa.string()), "kind": kind, "account": actor,
                    "network": network, "points": pa.array(points[some], pa.float64()),
                }
            )
        )  # fmt: skip
    rows = pa.concat_tables(parts)
    if limit is None or rows.num_rows <= limit:
        return rows
    rows = rows.append_column("size", pc.abs(rows["points"]))
    keys = [("size", "descending"), *((n, "ascending") for n in ("cause", "kind", "account", "network"))]
    rows = rows.sort_by(keys).drop_columns(["size"])
    others = rows.slice(limit).group_by(["cause", "kind"]).aggregate([("points", "sum")])
    rest = pa.table(
        {
            "cause": others["cause"], "kind": others["kind"], "account": pa.nulls(others.num_rows, pa.int64()),
            "network": pa.nulls(others.num_rows, pa.string()), "points": others["points_sum"],
        }
    )  # fmt: skip
    return pa.concat_tables([rows.slice(0, limit), rest])


def _networks(acts: Acts) -> pa.Array:
    """Where each person acted; null for several networks."""
    named: dict[int, str | None] = {}
    for person, network in zip(acts.person_of.tolist(), acts.streams["network"].to_pylist(), strict=True):
        named[person] = network if named.get(person, network) == network else None
    return pa.array([named[person] for person in range(len(acts.people))], pa.string())
