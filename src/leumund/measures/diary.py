"""The diary: hours by channel and how much fun it was, week by week. Without fun nobody keeps at it."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.weeks import WEEK, monday_of
from leumund.store.tables import Tables

FUN = "fun"
_MOST_CHANNELS = 4
_OTHER, _UNNAMED = "other", "unknown"
_SHOWN = (N_("fun"), N_("silence"))  # as `views.words` does; channels stand in `returns`


def diary(tables: Tables) -> Result:
    """Hours of each week by channel, and the mean of the fun that was noted (1 to 5), as one more line.

    Gives: week, what (a channel, or "fun"), value, entries. Four channels at most; the rest is one, "other".
    Edges: a week of which nothing was said is unknown and not 0, also between two that were told.
    Source: ours.
    """
    hours = tables.sql(
        f"select {WEEK} as week, coalesce(channel, '{_UNNAMED}') as what, sum(hours), count(*) from hours group by all"
    ).fetchall()
    fun = tables.sql(
        f"select {WEEK} as week, avg(fun), count(*) from notes where fun is not null group by all"
    ).fetchall()
    total = Counter[str]()
    for _week, what, spent, _n in hours:
        total[what] += spent
    named = {what for what, _ in sorted(total.items(), key=lambda t: (-t[1], t[0]))[:_MOST_CHANNELS]}
    told: dict[tuple[int, str], tuple[float, int]] = {}
    for week, what, spent, n in hours:
        key = (week, what if what in named else _OTHER)
        before = told.get(key, (0.0, 0))
        told[key] = (before[0] + spent, before[1] + n)
    told |= {(week, FUN): (mean, n) for week, mean, n in fun}
    rows = _whole(told)
    weeks = {week for week, what in told if what != FUN}
    figures = {
        "hours": sum(total.values()) if hours else None,
        "weeks": len(weeks) if hours else None,
        "hours_a_week": sum(total.values()) / len(weeks) if weeks else None,
        "fun_mean": sum(m * n for _, m, n in fun) / sum(n for *_, n in fun) if fun else None,
    }
    return Result(rows=rows, notes=_notes(hours=bool(hours), fun=bool(fun)), figures=figures)


def _whole(told: dict[tuple[int, str], tuple[float, int]]) -> pa.Table:
    """Each line from its first week to its last; weeks of which nothing was said are unknown."""
    columns: tuple[list[object], ...] = ([], [], [], [])
    for what in sorted({what for _, what in told}):
        weeks = [week for week, name in told if name == what]
        for week in range(min(weeks), max(weeks) + 1):
            value, entries = told.get((week, what), (None, 0))
            for column, cell in zip(columns, (monday_of(week), what, value, entries), strict=True):
                column.append(cell)
    types = (pa.date32(), pa.string(), pa.float64(), pa.int64())
    names = ["week", "what", "value", "entries"]
    return pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=names)


def _notes(*, hours: bool, fun: bool) -> tuple[Note, ...]:
    said = []
    if not hours:
        said.append(Note(N_("You entered no hours yet: leumund time add 1:30 mastodon")))
    if not fun:
        said.append(Note(N_('You did not note yet how much fun it was: leumund note "..." --fun 4')))
    return tuple(said)


MEASURE = Measure(
    name="diary",
    topic="success",
    title=N_("Diary: hours and fun"),
    question=N_("How much time do I put in, and is it fun?"),
    shape="series",
    columns=(
        Column(name="week", kind="week", title=N_("Week")),
        Column(name="what", kind="kind", title=N_("What")),
        Column(name="value", kind="number", title=N_("Hours; fun from 1 to 5"), optional=True),
        Column(name="entries", kind="whole", title=N_("Entries")),
    ),
    order=("week", "what"),
    compute=diary,
    figures={
        "hours": N_("Hours in all"),
        "weeks": N_("Weeks with hours"),
        "hours_a_week": N_("Hours in such a week"),
        "fun_mean": N_("Fun, on average (1 to 5)"),
    },
    private=True,
    reference=N_("Ours."),
)
