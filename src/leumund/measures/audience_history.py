"""Who followed, month by month: facts as they were known then, never a word about a single account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.audience.who import audience_at
from leumund.measures.days import check_days, unfinished
from leumund.store.tables import Tables

_MOST_DAYS = 3660
_NAMES = ("declared_automated", "silent_90_days", "silent_180_days", "follow_back_pattern")
_SHAPE = pa.schema(
    {
        "day": pa.date32(),
        "followers": pa.int64(),
        **{n: pa.float64() for name in _NAMES for n in (f"{name}_low", f"{name}_high")},
    }
)


def audience_history(tables: Tables, *, days: int = 366) -> Result:
    """The facts of `audience` at the end of each month (UTC), from what was seen of each follower until then.

    Args:
        days: how far back; at most ten years. The last row is the moment the reading speaks of.
    Gives: day, followers (known by name), and for each fact the least and the largest share it can be: low = known to
        be so, high = the same and all of whom it was not known; None where nobody followed.
    Edges: profiles change; a follower is what she was last seen as by then. Who left without a word still follows.
    Source: ours.
    """
    check_days(days, _MOST_DAYS)
    rows = []
    began = False
    for moment in _months(tables.as_of, days):
        found = audience_at(tables, moment)
        n = len(found)
        began = began or n > 0
        if not began:
            continue
        row: dict[str, object] = {"day": moment.date(), "followers": n}
        for name in _NAMES if n else ():
            fact = found.facts[name]
            row[f"{name}_low"] = fact.people / n
            row[f"{name}_high"] = (fact.people + n - fact.known) / n
        rows.append(row)
    notes: tuple[Note, ...] = (Note(N_("No source has told who followed you.")),)
    if rows:
        notes = (
            Note(N_("Between the least and the largest share lies what was not known of everybody.")),
            *unfinished(tables),
        )
    return Result(rows=pa.Table.from_pylist(rows, _SHAPE), notes=notes)


def _months(end: datetime, days: int) -> list[datetime]:
    """The last moments of the months in these days, and the end."""
    first = end - timedelta(days=days)
    found = [end]
    moment = datetime(end.year, end.month, 1, tzinfo=UTC) - timedelta(microseconds=1)
    while moment > first:
        found.append(moment)
        moment = datetime(moment.year, moment.month, 1, tzinfo=UTC) - timedelta(microseconds=1)
    return found[::-1]


MEASURE = Measure(
    name="audience_history",
    topic="followers",
    title=N_("Who followed me, month by month"),
    question=N_("How did the shares of robots, sleepers and follow-back accounts among my followers change?"),
    shape="series",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="followers", kind="whole", title=N_("Followers known by name")),
        Column(
            name="declared_automated_low",
            kind="share",
            title=N_("Declared automated, at least"),
            optional=True,
        ),
        Column(
            name="declared_automated_high",
            kind="share",
            title=N_("Declared automated, at most"),
            optional=True,
        ),
        Column(
            name="silent_90_days_low", kind="share", title=N_("Silent for 90 days, at least"), optional=True
        ),
        Column(
            name="silent_90_days_high", kind="share", title=N_("Silent for 90 days, at most"), optional=True
        ),
        Column(
            name="silent_180_days_low", kind="share", title=N_("Silent for 180 days, at least"), optional=True
        ),
        Column(
            name="silent_180_days_high", kind="share", title=N_("Silent for 180 days, at most"), optional=True
        ),
        Column(
            name="follow_back_pattern_low",
            kind="share",
            title=N_("Follow-back pattern, at least"),
            optional=True,
        ),
        Column(
            name="follow_back_pattern_high",
            kind="share",
            title=N_("Follow-back pattern, at most"),
            optional=True,
        ),
    ),
    order=("day",),
    compute=audience_history,
    private=True,
    reference=N_("Facts as they were seen, counted."),
)
