"""What an experiment may count: one figure for each week, of which chance and fading make little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from leumund.locale import N_
from leumund.measures.days import DAY_US, Moments
from leumund.measures.experiments.design import COUNTED_FROM
from leumund.measures.weeks import WEEK, week_at, week_of_day, week_start
from leumund.store.tables import Tables

OUTCOMES: Mapping[str, str] = {
    "responders": N_("different people who answered, passed on, quoted, named or liked"),
    "replies": N_("replies"),
    "follows": N_("new followers"),
    "leads": N_("customers and people who asked"),
}
"""Each outcome in words. Influence is none of them: it remembers sixty days, so weeks would run into each other."""

_ACTS: Mapping[str, str] = {
    "responders": "count(distinct actor) filter (kind in ('like', 'reply', 'reshare', 'quote', 'mention', 'endorse'))",
    "replies": """coalesce(sum("count") filter (kind = 'reply'), 0)""",
    "follows": """coalesce(sum("count") filter (kind = 'follow'), 0)""",
}
_OTHERS = "exact and target in (select account from own) and actor not in (select account from own)"
_IN_DAYS = f"epoch_us(happened_at) - {week_start(0)} - ({WEEK}) * {7 * DAY_US} >= {COUNTED_FROM * DAY_US}"


def counted(
    tables: Tables, outcome: str, mondays: Iterable[date], *, leads_us: Moments | None = None
) -> dict[date, int]:
    """The outcome in each of these weeks, from Tuesday to Sunday (UTC), as far as it has come by as_of.

    leads_us: when customers and others who asked came; wanted for the outcome "leads".
    """
    wanted = {week_of_day(m): m for m in mondays}
    if not wanted:
        return {}
    first, end = week_start(min(wanted)), week_start(max(wanted) + 1)
    if outcome == "leads":
        moments = np.zeros(0, np.int64) if leads_us is None else leads_us
        some = moments[(moments - week_start(0)) % (7 * DAY_US) >= COUNTED_FROM * DAY_US]
        which, times = np.unique([week_at(int(m)) for m in some], return_counts=True)
        found = dict(zip(which.tolist(), times.tolist(), strict=True))
    else:
        query = f"""select {WEEK} as week, ({_ACTS[outcome]})::BIGINT as n from acts
                    where {_OTHERS} and {_IN_DAYS} and epoch_us(happened_at) >= {first}
                      and epoch_us(happened_at) < {end} group by 1"""
        found = dict(tables.sql(query).fetchall())
    return {monday: int(found.get(week, 0)) for week, monday in sorted(wanted.items())}
