"""The week that runs, day by day: only the days that changed are made anew, and when it is over they are put together.

What was done on a day depends on the day before and the day after (acts of one post count once) and, for recommendations,
on the days before it in its week: so all from the day before the first one that changed are made anew.
"""

from __future__ import annotations

from typing import Any

from leumund.measures.days import DAY_US
from leumund.measures.influence.by_week import define_by_day
from leumund.measures.weeks import week_end, week_start
from leumund.network.accounts import Accounts
from leumund.network.changed import Weeks
from leumund.network.kept import Kept
from leumund.network.pairs import put_pairs
from leumund.store.tables import Tables


def changed_from(entry: dict[str, Any], weeks: Weeks, week: int, until_us: int) -> int | None:
    """The first day of a week that must be made anew; None where all are as they were. entry: what is kept of the week."""
    wanted = _wanted(weeks, week, until_us)
    had: dict[str, Any] = entry.get("days", {})
    differs = [d for d, want in wanted.items() if not _is(had.get(str(d), {}), want)]
    if not differs:
        return None
    return max(min(differs) - 1, min(wanted))


def days_so_far(entry: dict[str, Any], until_us: int) -> dict[str, Any]:
    """The days of a week that are kept, up to a moment."""
    days: dict[str, Any] = entry.get("days", {})
    return {day: said for day, said in days.items() if int(day) * DAY_US <= until_us}


def bring_days(
    tables: Tables, kept: Kept, entry: dict[str, Any], weeks: Weeks, accounts: Accounts, week: int, begin: int,
    *, since_us: int, until_us: int,
) -> tuple[Accounts, dict[str, Any]]:  # fmt: skip
    """Make the days of a week from one on; gives the numbers of accounts, and all its days. Needs `ff_named`."""
    wanted = _wanted(weeks, week, until_us)
    last = max(wanted)
    define_by_day(tables, begin, last, since_us=since_us, until_us=until_us)
    accounts, files = put_pairs(tables, kept, accounts, range(begin, last + 1), each="day")
    had: dict[str, Any] = entry.get("days", {})
    days = {str(d): had[str(d)] for d in wanted if d < begin}
    return accounts, days | {str(d): {**wanted[d], "pairs": files[d]} for d in wanted if d >= begin}


def _wanted(weeks: Weeks, week: int, until_us: int) -> dict[int, dict[str, str]]:
    """Of each day so far: the fingerprint of its rows, and until when it counts, if not to its end."""
    first, last = week_start(week) // DAY_US, min(week_end(week), until_us) // DAY_US
    return {
        day: {
            "print": weeks.days.get(day, ""),
            "until": f"{until_us}" if until_us < (day + 1) * DAY_US - 1 else "",
        }
        for day in range(first, last + 1)
    }


def _is(had: dict[str, Any], want: dict[str, str]) -> bool:
    return all(had.get(name) == value for name, value in want.items())
