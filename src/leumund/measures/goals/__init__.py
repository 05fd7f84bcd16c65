"""Goals: shall I reach it, when, and what would it take?

curves     counts on days -> a curve by weeks, gaps marked
growth     how fast it grows, how unsteadily, at each of its weeks
courses    possible courses, drawn with a seed that is always the same
conformal  how far past forecasts missed: the width of the next ones
forecast   intervals, chances, when a number is reached
tracks     what goals are about, as curves
outlook    how each goal stands
words      the same in sentences
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Result
from leumund.measures.goals.curves import WEEK
from leumund.measures.goals.forecast import HIGH, LOW
from leumund.measures.goals.outlook import Goal, Outlook, goals_of, outlooks, past_of
from leumund.measures.goals.words import ALONE, HOW, NO_GOAL, NUMBER_ALONE, said, stale, whole
from leumund.store.tables import Tables

_SHOWN_BEFORE, _SHOWN_AFTER = 52, 12
_SHAPE = pa.schema(
    {
        "goal": pa.int64(), "text": pa.string(), "by": pa.date32(), "target": pa.int64(), "now": pa.int64(),
        "chance": pa.float64(), "expected": pa.int64(), "expected_low": pa.int64(), "expected_high": pa.int64(),
        "needed": pa.float64(), "gaining": pa.float64(), "reached_first": pa.date32(), "reached_half": pa.date32(),
        "reached_last": pa.date32(), "seen": pa.date32(), "about": pa.string(),
    }
)  # fmt: skip
_COURSE = pa.schema(
    {
        "day": pa.date32(), "number": pa.int64(), "number_low": pa.int64(), "number_high": pa.int64(),
        "chance": pa.float64(), "foretold": pa.bool_(),
    }
)  # fmt: skip


def goals(tables: Tables) -> Result:
    """How each goal of the owner stands: what may be expected on its day, and what it would take.

    Weekly gains and losses are weighted by age (half-life 8 weeks, less before a level shift), 2000 courses drawn from
    them (negative binomial around a rate of gamma distribution; the seed is fixed), and their deviations from the middle
    multiplied by how far past forecasts of the same curve missed, drawn towards what is usual on real curves.

    Gives: goal (its number, the nearest day first), text, by, target, now and seen (the last count and its day), chance
        (share of courses that reach the number by the day), expected with 80 % bounds (on the day), needed and gaining
        (a week), reached_first, reached_half, reached_last (by when 10, 50, 90 of 100 courses get there; unknown:
        later than three years), about. Figures: goals.
    Edges: people: followers times the share of people among them (measure audience). responders: different people a
        week, mean of four. customers: since the goal was set. A place on a board is not foretold.
    Source: ours; conformal correction after Vovk et al. 2005.
    """
    found = outlooks(tables, goals_of(tables))
    if not found:
        return Result(rows=_SHAPE.empty_table(), notes=(NO_GOAL,), figures={"goals": 0})
    rows = pa.Table.from_pylist([_row(number, one) for number, one in enumerate(found, 1)], _SHAPE)
    notes = [note for one in found for note in (*said(one, tables.as_of.date()), *stale(one, tables.as_of))]
    if any(one.chance is not None for one in found):
        notes.append(HOW)
    if all(one.goal.what == "followers" for one in found):
        notes.append(NUMBER_ALONE)
    return Result(rows=rows, notes=tuple(notes), figures={"goals": len(found)})


def course(tables: Tables, account: int | None = None, *, of: str | None = None) -> Result:
    """One goal week by week: a year back as it was counted, and on to three months beyond its day as it may become.

    Args:
        of: its number in `goals`; None: the first whose day is not over.
    Gives: day, number (counted, or the middle of the courses), its bounds (of the courses, 80 %), chance (that the goal
        is reached by then), foretold. Figures: chance, target, gaining, needed, width (by how much past forecasts made
        the courses wider), weeks (that are known).
    Source: as `goals`.
    """
    if account is not None and tables.person_of(account) != tables.own:
        return Result(rows=_COURSE.empty_table(), notes=(ALONE,))
    mine = goals_of(tables)
    if not mine:
        return Result(rows=_COURSE.empty_table(), notes=(NO_GOAL,))
    (found,) = outlooks(tables, [_meant(tables, mine, of)])
    figures: dict[str, Any] = {
        "target": found.goal.target, "chance": found.chance, "needed": found.needed, "gaining": found.gaining,
        "width": None if found.found is None else found.found.width, "weeks": found.curve.weeks if found.curve else 0,
    }  # fmt: skip
    notes = [
        *said(found, tables.as_of.date()),
        *stale(found, tables.as_of),
        *([HOW] if found.chance is not None else []),
    ]
    return Result(rows=pa.Table.from_pylist(_course(found), _COURSE), notes=tuple(notes), figures=figures)


def _meant(tables: Tables, mine: list[Goal], of: str | None) -> Goal:
    if of is None:
        return next((g for g in mine if g.by >= tables.as_of.date()), mine[-1])
    if not of.strip().isdecimal() or not 1 <= int(of) <= len(mine):
        words = _("There is no goal number {number}; there are {count}.")
        raise UsageError(words.format(number=of, count=len(mine)), hint=_("See them: leumund show goals"))
    return mine[int(of) - 1]


def _row(number: int, one: Outlook) -> dict[str, Any]:
    return {
        "goal": number, "text": one.goal.text or one.goal.what, "by": one.goal.by, "target": whole(one.goal.target),
        "now": whole(one.now), "chance": one.chance, "expected": whole(one.middle), "expected_low": whole(one.low),
        "expected_high": whole(one.high), "needed": one.needed, "gaining": one.gaining, "reached_first": one.first,
        "reached_half": one.half, "reached_last": one.last, "seen": one.seen, "about": one.goal.what,
    }  # fmt: skip


def _course(found: Outlook) -> list[dict[str, Any]]:
    if found.curve is None or found.seen is None:
        return []
    past = past_of(found)
    rows: list[dict[str, Any]] = []
    for back in range(min(_SHOWN_BEFORE, len(past) - 1), -1, -1):
        value = past[len(past) - 1 - back]
        rows.append(_point(found.seen - timedelta(weeks=back), None if np.isnan(value) else float(value)))
    if found.paths is None or found.chance is None:
        return rows
    weeks = max(1, round((found.goal.by - found.seen).days / WEEK)) + _SHOWN_AFTER
    low, middle, high = np.quantile(found.paths[:, :weeks], [LOW, 0.5, HIGH], axis=0)
    chance = found.chances()
    for week in range(low.shape[0]):
        day = found.seen + timedelta(weeks=week + 1)
        rows.append(
            _point(day, float(middle[week]), (float(low[week]), float(high[week])), float(chance[week]))
        )
    return rows


def _point(
    day: date,
    number: float | None,
    bounds: tuple[float | None, float | None] = (None, None),
    chance: float | None = None,
) -> dict[str, Any]:
    return {
        "day": day, "number": whole(number), "number_low": whole(bounds[0]), "number_high": whole(bounds[1]), "chance": chance,
        "foretold": chance is not None,
    }  # fmt: skip


MEASURE = Measure(
    name="goals",
    title=N_("Goals"),
    question=N_("Shall I reach my goals, when, and what would it take?"),
    topic="success",
    shape="table",
    columns=(
        Column(name="goal", kind="whole", title=N_("No.")),
        Column(name="text", kind="text", title=N_("Goal")),
        Column(name="by", kind="day", title=N_("Due")),
        Column(name="target", kind="whole", title=N_("Wanted")),
        Column(name="now", kind="whole", title=N_("Now"), optional=True),
        Column(name="chance", kind="share", title=N_("Chance"), optional=True),
        Column(name="expected_low", kind="whole", title=N_("Then from"), optional=True),
        Column(name="expected_high", kind="whole", title=N_("Then to"), optional=True),
        Column(name="needed", kind="number", title=N_("Needed a week"), optional=True),
        Column(name="gaining", kind="number", title=N_("Gained a week"), optional=True),
        Column(name="expected", kind="whole", title=N_("Middle"), optional=True),
        Column(name="reached_first", kind="day", title=N_("One in ten courses there by"), optional=True),
        Column(name="reached_half", kind="day", title=N_("Half of them by"), optional=True),
        Column(name="reached_last", kind="day", title=N_("Nine in ten by"), optional=True),
        Column(name="seen", kind="day", title=N_("Last count"), optional=True),
        Column(name="about", kind="kind", title=N_("About")),
    ),
    order=("goal",),
    compute=goals,
    facts=("recommendations",),
    figures={"goals": "", "chance": N_("Chance"), "target": N_("Wanted"), "needed": N_("Needed a week"),
             "gaining": N_("Gained a week"), "width": "", "weeks": ""},
    explain=course,
    explain_title=N_("How a goal may go on"),
    explain_shape="series",
    explain_columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="number", kind="whole", title=N_("Number"), optional=True),
        Column(name="number_low", kind="whole", title=N_("From"), optional=True),
        Column(name="number_high", kind="whole", title=N_("To"), optional=True),
        Column(name="chance", kind="share", title=N_("Chance by then"), optional=True),
        Column(name="foretold", kind="flag", title=N_("Foretold")),
    ),
    explain_order=("day",),
    private=True,
    reference=N_("Gains and losses weighted by age, courses drawn, width from past forecasts (conformal, Vovk et al. 2005)."),
)  # fmt: skip
