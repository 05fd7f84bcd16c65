"""What an experiment may count: one figure for each week, of which chance and fading make little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from leumund.locale import N_
from leumund.measures.days import DAY_US
from leumund.measures.experiments.design import WASHOUT_DAYS
from leumund.measures.weeks import WEEK, monday_of, week_at, week_of_day, week_start
from leumund.store.register import as_us
from leumund.store.tables import Tables

OUTCOMES: Mapping[str, str] = {
    "responders": N_("different people who answered, passed on, quoted, named or liked"),
    "replies": N_("replies"),
    "follows": N_("new followers"),
    "leads": N_("customers and people who asked"),
}
"""Each outcome in words. Influence is none of them: it remembers sixty days, so weeks would run into each other."""
SHORT = (N_("responders"), N_("replies"), N_("follows"), N_("leads"))
"""The same as they stand in a table: a kind is looked up in the catalogue by its name."""

_LOOKED_BACK = 26  # weeks
_ACTS: Mapping[str, str] = {
    "responders": "count(distinct actor) filter (kind in ('like', 'reply', 'reshare', 'quote', 'mention', 'endorse'))",
    "replies": """coalesce(sum("count") filter (kind = 'reply'), 0)""",
    "follows": """coalesce(sum("count") filter (kind = 'follow'), 0)""",
}
_OTHERS = "exact and target in (select account from own) and actor not in (select account from own)"
_IN_WEEK_US = f"epoch_us(happened_at) - {week_start(0)} - ({WEEK}) * {7 * DAY_US}"


def counted(
    tables: Tables,
    outcome: str,
    mondays: Iterable[date],
    *,
    network: str | None = None,
    washout_days: int = WASHOUT_DAYS,
) -> dict[date, int]:
    """The outcome in each of these weeks, without its first days (UTC), as far as it has come by as_of.

    network: only what was done there; for leads: who says to have found the owner there.
    """
    wanted = {week_of_day(m): m for m in mondays}
    if not wanted:
        return {}
    first, end = week_start(min(wanted)), week_start(max(wanted) + 1)
    if outcome == "leads":
        what, source = "count(*)", "from customers where ($network::VARCHAR is null or channel = $network)"
    else:
        what, source = (
            _ACTS[outcome],
            f"from acts where {_OTHERS} and ($network::VARCHAR is null or network = $network)",
        )
    query = f"""select {WEEK} as week, ({what})::BIGINT as n {source} and {_IN_WEEK_US} >= {washout_days * DAY_US}
                  and epoch_us(happened_at) >= {first} and epoch_us(happened_at) < {end} group by 1"""
    found = dict(tables.sql(query, network=network).fetchall())
    return {monday: int(found.get(week, 0)) for week, monday in sorted(wanted.items())}


def own_weeks(tables: Tables, outcome: str, *, network: str | None = None) -> list[int]:
    """The outcome in the last half year's weeks that are over, oldest first; from the first one with anything on."""
    last = week_at(as_us(tables.as_of) + 1) - 1
    mondays = [monday_of(week) for week in range(last - _LOOKED_BACK + 1, last + 1)]
    counts = list(counted(tables, outcome, mondays, network=network).values())
    first = next((i for i, n in enumerate(counts) if n), len(counts))
    return counts[first:]
