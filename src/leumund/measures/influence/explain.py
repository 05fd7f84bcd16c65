"""Why the score changed: an exact split into what came and what faded, by kind and by account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Note, Reading, Result
from leumund.measures.days import DAY_US, Moments, end_of_day
from leumund.measures.influence.acts import Acts, Numbers, acts_towards
from leumund.measures.influence.score import Fading, capped, score, secant, slope, sums
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables

COLUMNS = (
    Column(name="cause", kind="kind", title=N_("Cause")),
    Column(name="kind", kind="kind", title=N_("Kind")),
    Column(name="account", kind="account", title=N_("By"), optional=True, nothing=N_("all others")),
    Column(name="network", kind="kind", title=N_("Network"), optional=True, nothing=N_("several")),
    Column(name="points", kind="points", title=N_("Points")),
)


@dataclass(slots=True)
class _Split:
    """new, fading: points by stream; quiet: whole days without a new act, and what they took."""

    new: Numbers
    fading: Numbers
    before: float
    after: float
    quiet_days: int = 0
    quiet_points: float = 0.0


def explain(
    tables: Tables,
    account: int | None = None,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int | None = 100,
) -> Result:
    """Split the change of the score between two moments into its causes, without residue.

    Day by day S1 - S0 = F * (L1 - L0) with F the slope between the two days (a secant, not a tangent), and
    L1 - L0 = sum over actors of G_a * (new_a - faded_a) with G_a the secant of the actor's cap. Within an actor all
    is linear, so each kind of act has its own part. A longer span is the sum of its calendar days (UTC); the first
    and the last one may be parts of a day.

    Args:
        account: somebody else's account: she is looked at with all her accounts; None: the owner.
        start, end: end is as_of unless given, start a week earlier.
        limit: so many rows with the largest points are listed one by one, the others are added up by cause and
            kind, account None; None lists all.
    Gives: cause ("new" or "fading"), kind of act, account, network, points; the points add up to the change.
    Edges: what was deleted since is seen on no day of the span, so it is no cause of its own here.
    Raises:
        UsageError: the span is empty or ends after as_of.
    """
    to_us = as_us(end or tables.as_of)
    from_us = as_us(start) if start else to_us - 7 * DAY_US
    if not from_us < to_us:
        raise UsageError(_("The span must end after it starts."))
    if to_us > as_us(tables.as_of):
        raise UsageError(_("The span must not end after the moment the reading speaks of."))
    acts = acts_towards(tables, account)
    split = _split(acts, _steps(from_us, to_us))
    new, fading = float(split.new.sum()), float(split.fading.sum())
    first = int(acts.at_us[0]) if len(acts.at_us) else None
    figures: dict[str, float | int | str | None] = {
        "from_score": split.before, "to_score": split.after, "change": split.after - split.before,
        "new": new, "fading": fading, "quiet_days": split.quiet_days, "quiet_points": split.quiet_points,
    }  # fmt: skip
    if first is None or first > from_us:  # what is not known is not 0
        figures |= dict.fromkeys(("from_score", "change") if first else figures)
    return Result(rows=_rows(acts, split, limit), notes=_notes(figures, first, from_us), figures=figures)


def sentences(reading: Reading, most: int = 5) -> list[Note]:
    """What an explanation says about single accounts, largest first: "@anna recommended you: +0.8"."""
    rows = [row for row in reading.dicts() if row["account"] is not None and row["cause"] == "new"]
    rows.sort(key=lambda row: (-row["points"], row["account"], row["kind"]))
    told = [row for row in rows[:most] if row["points"] >= 0.05]
    return [Note(_TOLD[row["kind"]], {"name": row["account"], "points": row["points"]}) for row in told]


_TOLD = {
    "endorse": N_("{name} recommended you: {points:+.1f}"),
    "reshare": N_("{name} reshared you: {points:+.1f}"),
    "quote": N_("{name} quoted you: {points:+.1f}"),
    "reply": N_("{name} replied to you: {points:+.1f}"),
    "mention": N_("{name} mentioned you: {points:+.1f}"),
    "follow": N_("{name} followed you: {points:+.1f}"),
    "like": N_("{name} liked your posts: {points:+.1f}"),
}


def _steps(from_us: int, to_us: int) -> Moments:
    """The start, the end of each day between, the end."""
    between = np.arange(end_of_day(from_us), to_us, DAY_US, dtype=np.int64)
    return np.unique(np.concatenate([[from_us], between, [to_us]]))


def _split(acts: Acts, steps: Moments) -> _Split:
    size = len(acts.person_of)
    bounds = np.searchsorted(acts.at_us, steps, side="right")
    state = Fading(fast=np.zeros(size), slow=np.zeros(size), at_us=int(steps[0]))
    state.add(acts.at_us[: bounds[0]], acts.worth[: bounds[0]], acts.stream[: bounds[0]])
    x0 = sums(acts.person_of, state.worth(), acts.people)
    first = mass = float(capped(x0).sum())
    split = _Split(new=np.zeros(size), fading=np.zeros(size), before=score(first), after=score(first))
    for day in range(1, len(steps)):
        since = slice(bounds[day - 1], bounds[day])
        held = state.worth()
        state.forward(int(steps[day]))
        faded = state.worth() - held
        came = state.add(acts.at_us[since], acts.worth[since], acts.stream[since])
        x1 = sums(acts.person_of, state.worth(), acts.people)
        change = sums(acts.person_of, came + faded, acts.people)
        after = float(capped(x1).sum())
        per_unit = (slope(mass, after) * secant(x0, change))[acts.person_of]
        split.new += per_unit * came
        split.fading += per_unit * faded
        if since.start == since.stop and steps[day] - steps[day - 1] >= DAY_US - 1:
            split.quiet_days += 1
            split.quiet_points += score(after) - score(mass)
        x0, mass = x1, after
    split.after = score(mass)
    return split


def _rows(acts: Acts, split: _Split, limit: int | None) -> pa.Table:
    parts = []
    for cause, points in (("new", split.new), ("fading", split.fading)):
        some = np.flatnonzero(points)
        of = acts.streams.take(pa.array(some))
        parts.append(
            pa.table(
                {
                    "cause": pa.repeat(cause, len(some)), "kind": of["kind"], "account": of["actor"],
                    "network": of["network"], "points": pa.array(points[some], pa.float64()),
                }
            )
        )  # fmt: skip
    rows = pa.concat_tables(parts)
    if limit is None or rows.num_rows <= limit:
        return rows
    size = pc.abs(rows["points"])
    rows = rows.append_column("size", size)
    keys = [
        ("size", "descending"),
        *((name, "ascending") for name in ("cause", "kind", "account", "network")),
    ]
    rows = rows.sort_by(keys).drop_columns(["size"])
    others = rows.slice(limit).group_by(["cause", "kind"]).aggregate([("points", "sum")])
    rest = pa.table(
        {
            "cause": others["cause"], "kind": others["kind"], "account": pa.nulls(others.num_rows, pa.int64()),
            "network": pa.nulls(others.num_rows, pa.string()), "points": others["points_sum"],
        }
    )  # fmt: skip
    return pa.concat_tables([rows.slice(0, limit), rest])


def _notes(figures: dict[str, float | int | str | None], first: int | None, from_us: int) -> tuple[Note, ...]:
    def made() -> Iterable[Note]:
        if first is None:
            yield Note(
                N_(
                    "No act of others towards this account is known: there were none, or the sources do not tell."
                )
            )
            return
        if first > from_us:
            day = as_time(first).date()
            yield Note(N_("Up to {to_score:.1f}. Before {day} no act is known: what was then is unknown, not 0."),
                       {**figures, "day": day})  # fmt: skip
        else:
            yield Note(N_("From {from_score:.1f} to {to_score:.1f}: {change:+.1f}."), figures)
        if figures["new"] or figures["fading"]:
            yield Note(
                N_("What came new brought {new:+.1f}; what was there before faded by {fading:+.1f}."), figures
            )
        if not figures["quiet_points"]:
            return
        if figures["quiet_days"] == 1:
            yield Note(N_("One quiet day: {quiet_points:+.1f}."), figures)
        elif figures["quiet_days"]:
            yield Note(N_("{quiet_days} quiet days: {quiet_points:+.1f}."), figures)

    return tuple(made())
