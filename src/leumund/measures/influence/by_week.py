"""What each does towards each, week by week: what of it is left at any later moment is two multiplications away.

    x(t) = sum over weeks of fast * exp(-l1 * (t - end of week)) + slow * exp(-l2 * (t - end of week))

The same acts as `everybody` counts, from the same SQL. Which acts of one post are one act is seen within a day
before and after the week as well: sources that tell of the same post differ by seconds or by time zones.
"""

from __future__ import annotations

from leumund.measures.days import DAY_US
from leumund.measures.influence.single import SINGLE, define_open, faded
from leumund.measures.weeks import WEEK_US, week_end, week_start
from leumund.store.tables import Tables

_BEGIN = week_start(0)
_WEEK = f"(at_us - {_BEGIN}) // {WEEK_US}"
_END = f"({_BEGIN} + ({_WEEK} + 1) * {WEEK_US})"


def define_by_week(tables: Tables, first: int, last: int, *, since_us: int, until_us: int) -> None:
    """Keep `scores_by_week` (week, target, actor, fast, slow, acts) for these weeks.

    Acts after since_us, up to until_us. fast, slow: the parts of x at the end of the week. Needs `ff_named`.
    """
    _define_open(tables, week_start(first), week_end(last), since_us, until_us)
    _define_by(tables, "week", _WEEK, first, last)


def define_by_day(tables: Tables, first: int, last: int, *, since_us: int, until_us: int) -> None:
    """The same by days of one week (day, target, actor, fast, slow, acts); first, last: days since 1970.

    Acts of one post that lie further apart than a day count as several.
    """
    _define_open(tables, first * DAY_US, (last + 1) * DAY_US - 1, since_us, until_us)
    _define_by(tables, "day", f"at_us // {DAY_US}", first, last)


def _define_open(tables: Tables, begin_us: int, end_us: int, since_us: int, until_us: int) -> None:
    """Keep what counts from begin to end, and for a day around it, of what lies after since_us, up to until_us."""
    define_open(tables, max(begin_us - DAY_US - 1, since_us), min(end_us + DAY_US, until_us))


def _define_by(tables: Tables, name: str, span: str, first: int, last: int) -> None:
    """Keep the sums of each span from first to last. span: SQL for its number, which the column of that name holds."""
    fast, slow = faded(f"(({_END} - at_us)::DOUBLE / {float(DAY_US)!r}::DOUBLE)")
    tables.define(
        "scores_by_week",
        f"""{SINGLE}
            select {span} as {name}, target, actor, sum(worth * ({fast})) as fast, sum(worth * ({slow})) as slow,
                   sum(times)::BIGINT as acts
            from single where {span} between {first} and {last}
            group by all""",
    )


def borders(tables: Tables) -> dict[int, str]:
    """What straddles the beginning of a week: acts of one post, by week and as a fingerprint. Needs `scores_open`."""
    near = f"(at_us - {_BEGIN} + {DAY_US}) // {WEEK_US}"
    rows = tables.sql(
        f"""with near as (
                select *, {near} as border from scores_open where via is not null
                  and at_us < {_BEGIN} + {near} * {WEEK_US} + {DAY_US}
            ), astride as (
                select target, actor, via, border from near group by all
                having min(at_us) < {_BEGIN} + border * {WEEK_US} and max(at_us) >= {_BEGIN} + border * {WEEK_US}
            )
            select border, count(*), sum(hash(target, actor, via, kind, at_us, times)::HUGEINT)
            from near semi join astride using (target, actor, via, border) group by border"""
    ).fetchall()
    return {int(border): f"{count} {total}" for border, count, total in rows}
