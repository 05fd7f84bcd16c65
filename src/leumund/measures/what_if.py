"""What if: how influence would go on through days of silence, or with one more recommendation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.arrivals import Paths, Pool
from leumund.measures.days import DAY_US, as_days
from leumund.measures.influence.acts import Acts, Numbers, acts_towards
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.fading import kernel
from leumund.measures.influence.score import Mass, capped, mass, score, stranger, sums
from leumund.measures.influence.steps import steps
from leumund.measures.named import week_of
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.measures.standing import standing_of
from leumund.measures.worth import BASE
from leumund.store.register import as_us
from leumund.store.tables import Tables

MOST_DAYS = 365
LEAST_SILENT_DAYS = 5
LEAST_STRETCH = (
    3  # days without a post that make a silence; the first of them still hears the echo of her last post
)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The end of a coming day if nobody acts any more. x: the sum of the one person asked for; mass: T and X of all."""

    x: float
    mass: Mass


def what_if(
    tables: Tables, *, silent: int = 14, endorsement_from: int | None = None, account: int | None = None
) -> Result:
    """How influence would go on from as_of if its owner fell silent: at the least, and as may be expected.

    floor     no act of others arrives any more: exact
    expected  every coming day brings what one of her own silent days of the past brought (drawn 200 times, in the
              largest labs 20, days independent of each other): their mean and the middle 90 %
    endorsed  floor, with one recommendation by somebody at as_of

    Args:
        silent: so many days ahead, 1 to 365.
        endorsement_from: the account of somebody who would recommend her now.
        account: somebody else's account, looked at with all hers; None: the owner.
    Gives: day (the first is that of as_of), floor, expected, low and high, endorsed; unknown where nothing tells.
        Figures: score (now), gain (points of the recommendation at once), silent_days (of the past, that the expected
        line is drawn from).
    Edges: silent days are those of a stretch of three or more without a post of hers, from its second day on, in the
        last 52 weeks; with fewer than five of them the expected line is unknown. Standing stays as it is.
    Source: ours.
    """
    if not 1 <= silent <= MOST_DAYS:
        text = _("Between 1 and {most} days, not {value}.")
        raise UsageError(text.format(most=MOST_DAYS, value=silent))
    now = as_us(tables.as_of)
    acts = acts_towards(tables, account, start_us=now, end_us=now + silent * DAY_US)
    figures: dict[str, float | int | str | None] = {"score": None, "gain": None, "silent_days": 0}
    if acts.first_us is None:
        nothing = Note(N_("No act of others is known, so there is nothing to go on from."))
        if not acts.somebody:
            nothing = NOBODY_IS_OWNER
        return Result(rows=_rows(tables, np.zeros(0), None, None), notes=(nothing,), figures=figures)
    behind = Behind(acts.people, standing_of(tables))
    actor = None if endorsement_from is None else tables.person_of(endorsement_from)
    if actor is not None and actor == (tables.own if account is None else tables.person_of(account)):
        raise UsageError(_("Recommending oneself does not count."), hint=_("Name somebody else's account."))
    pool = _silent_days(tables, acts, account)
    ahead, expected = _ahead(acts, behind, pool, now, silent, actor)
    floor = np.array([score(a.mass.whole) for a in ahead])
    endorsed, notes, in_the_end = None, list(behind.standing.notes()), None
    if actor is not None:
        endorsed = _endorsed(behind, ahead, actor, now)
        there = N_("If only that recommendation arrived, it would be {end:.1f} then instead of {floor:.1f}.")
        in_the_end = Note(there, {"end": float(endorsed[-1]), "floor": float(floor[-1])})
        notes += _about(tables, actor, behind, now, float(endorsed[0] - floor[0]))
        figures["gain"] = float(endorsed[0] - floor[0])
    figures |= {"score": float(floor[0]), "silent_days": pool.days}
    notes += _said(floor, expected, pool.days)
    notes += [in_the_end] if in_the_end else []
    return Result(rows=_rows(tables, floor, expected, endorsed), notes=tuple(notes), figures=figures)


def _ahead(
    acts: Acts, behind: Behind, pool: Pool, now: int, days: int, actor: int | None
) -> tuple[list[_Ahead], Numbers | None]:
    """Every coming day without acts, and what may be expected; None where too few silent days are known."""
    tau, quality = behind.at(now)
    at = int(np.searchsorted(acts.people, actor or 0))
    there = actor is not None and at < len(acts.people) and acts.people[at] == actor
    paths = Paths(pool, tau, stranger(tau) * quality, days) if pool.days >= LEAST_SILENT_DAYS else None
    found = []
    for step in steps(acts, now + DAY_US * np.arange(days + 1, dtype=np.int64)):
        x = sums(acts.person_of, step.worth, len(acts.people))
        ahead = _Ahead(float(x[at]) if there else 0.0, mass(tau, quality, capped(x)))
        if paths is not None:
            paths.day_ends(x, ahead.mass)
        found.append(ahead)
    return found, None if paths is None else paths.expected()


def _silent_days(tables: Tables, acts: Acts, account: int | None) -> Pool:
    """What arrived on the days on which she had been silent since the day before."""
    now = as_us(tables.as_of)
    today = now // DAY_US
    whose = tables.own if account is None else tables.person_of(account)
    rows = tables.arrow(
        f"""select distinct epoch_us(happened_at) // {DAY_US} as day from posts
            where exact and account = {whose or 0} order by day"""
    )
    spoken = rows["day"].to_numpy().astype(np.int64)
    spoken = spoken[spoken >= today - 364]
    stretches = zip(spoken.tolist(), [*spoken[1:].tolist(), today], strict=False)
    silent = [d for a, b in stretches if b - a > LEAST_STRETCH for d in range(int(a) + 2, int(b))]
    day = acts.at_us // DAY_US
    some = np.flatnonzero(np.isin(day, silent))
    return Pool(
        days=len(silent),
        day=np.searchsorted(np.array(silent, np.int64), day[some]),
        person=acts.person[some],
        time_us=acts.at_us[some] % DAY_US,
        worth=acts.worth[some],
    )


def _endorsed(behind: Behind, ahead: list[_Ahead], actor: int, now: int) -> Numbers:
    """The floor, had this person recommended her just now."""
    keys = np.array([actor], np.int64)
    tau = float(behind.standing.at(keys, now)[0])
    strange = float(stranger(np.array([tau]))[0]) * (not behind.standing.barred(keys, now)[0])
    found = []
    for day, then in enumerate(ahead):
        x = np.array([then.x])
        more = x + BASE["endorse"] * kernel(np.array([float(day)]))
        gained = float((capped(more) - capped(x))[0])
        found.append(
            score(Mass(then.mass.known + tau * gained, then.mass.strangers + strange * gained).whole)
        )
    return np.array(found)


def _about(tables: Tables, actor: int, behind: Behind, now: int, gain: float) -> list[Note]:
    tau = float(behind.standing.at(np.array([actor], np.int64), now)[0])
    notes = [Note(N_("That recommendation would add {gain:.1f} points at once."), {"gain": gain})]
    if tau == 0:
        notes.append(Note(N_("That account has no standing: it counts as a stranger's.")))
    named = tables.arrow(
        f"""select count(*) as n from ff_named where recommender = {actor} and week = {week_of(tables)}"""
    )["n"][0].as_py()
    if named:
        notes.append(
            Note(N_("They have recommended you this week already: a second one would count only next week."))
        )
    return notes


def _said(floor: Numbers, expected: Numbers | None, silent_days: int) -> list[Note]:
    days = len(floor) - 1
    values: dict[str, float | int] = {
        "days": days,
        "start": floor[0],
        "end": floor[-1],
        "silent_days": silent_days,
    }
    notes = [
        Note(
            N_("If no act of others arrived, it would go from {start:.1f} to {end:.1f} in {days} days."),
            values,
        )
    ]
    if expected is None:
        text = N_(
            "What may be expected is not known: only {silent_days} silent days of yours are known, and {least} are needed."
        )
        notes.append(Note(text, {**values, "least": LEAST_SILENT_DAYS}))
    else:
        text = N_(
            "By your {silent_days} silent days of the past year {expected:.1f} may be expected (between {low:.1f} and {high:.1f})."
        )
        middle, low, high = (float(line[-1]) for line in expected)
        notes.append(Note(text, {**values, "expected": middle, "low": low, "high": high}))
    return notes


def _rows(tables: Tables, floor: Numbers, expected: Numbers | None, endorsed: Numbers | None) -> pa.Table:
    def column(values: Numbers | None) -> pa.Array:
        return pa.nulls(len(floor), pa.float64()) if values is None else pa.array(values, pa.float64())

    middle, low, high = (None, None, None) if expected is None else expected
    return pa.table(
        {
            "day": as_days(as_us(tables.as_of) + DAY_US * np.arange(len(floor))), "floor": column(floor), "expected": column(middle),
            "expected_low": column(low), "expected_high": column(high), "endorsed": column(endorsed),
        }
    )  # fmt: skip


MEASURE = Measure(
    name="what_if",
    topic="influence",
    title=N_("What if"),
    question=N_("What if I fall silent, or somebody recommends me?"),
    shape="series",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="floor", kind="number", title=N_("If no act arrives")),
        Column(name="expected", kind="number", title=N_("To be expected"), optional=True),
        Column(name="expected_low", kind="number", title=N_("At least"), optional=True),
        Column(name="expected_high", kind="number", title=N_("At most"), optional=True),
        Column(
            name="endorsed",
            kind="number",
            title=N_("With the recommendation, if nothing else arrives"),
            optional=True,
            nothing=N_("not asked"),
        ),
    ),
    order=("day",),
    compute=what_if,
    figures={
        "score": N_("Influence now"),
        "gain": N_("What the recommendation adds"),
        "silent_days": N_("Silent days of the past year"),
    },
    facts=("recommendations",),
    private=True,
    reference=N_(
        "Our own: influence as it is reckoned now, carried on into days on which nothing or little new comes."
    ),
)
