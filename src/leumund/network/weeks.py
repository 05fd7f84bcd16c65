"""Pairs of people by week, and who did what costs something: each week in files of its own, made where it changed.

    pairs   see `pairs`; of a week that is not over, of each day (`running`)
    ties    actor, target (keys), until_us, weight: `measures.standing.community`, of weeks that are over

A week of which two years ago acts begin to be forgotten is made anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import MEMORY_US
from leumund.measures.influence.by_week import borders, define_by_week
from leumund.measures.named import define_ever_named, define_named
from leumund.measures.standing.community import define_edges
from leumund.measures.weeks import week_at, week_end, week_start
from leumund.network.accounts import Accounts
from leumund.network.changed import Weeks
from leumund.network.kept import Kept
from leumund.network.pairs import files_of, put_pairs, put_together, write
from leumund.network.running import bring_days, changed_from, days_so_far
from leumund.store.register import as_us
from leumund.store.tables import Tables

AT_ONCE = 4_000_000
"""So many acts are reckoned together at most, unless one week has more."""


def bring_up_to_date(
    tables: Tables, kept: Kept, weeks: Weeks, accounts: Accounts
) -> tuple[Accounts, list[int]]:
    """Make the files of all weeks that changed; gives the numbers of accounts, and which weeks these were.

    `kept.told["weeks"]` then holds for each week that counts at `as_of`: id and pairs, or days where it is not over; and ties
    where it is.
    """
    end = as_us(tables.as_of)
    since = end - MEMORY_US
    known: dict[str, dict[str, Any]] = kept.told.get("weeks", {})
    for number, entry in list(known.items()):
        if weeks.touched is None or int(number) in weeks.touched:
            del known[number]
        elif weeks.prints.get(int(number)) != entry["print"]:
            del known[number]
            if "days" in entry:  # which of them changed is seen below
                known[number] = {"print": "", "days": entry["days"]}
    counted = [w for w in sorted(weeks.prints) if week_at(since + 1) <= w <= week_at(end)]
    wanted = {w: {"print": weeks.prints[w], "id": _id(w, since, end)} for w in counted}
    todo = [w for w in counted if known.get(str(w), {}).get("id") != wanted[w]["id"]]
    made: list[int] = []
    named: int | None = None
    while todo:  # what straddles the beginning of a week may change the one before or after
        again: set[int] = set()
        if named is None or todo[0] <= named:
            named = todo[0] - 1  # acts of a day before it are looked at too
            whole = weeks.moved or todo[0] == counted[0]
            define_named(tables, since_us=None if whole else week_start(named))
        by_day = [w for w in todo if w == week_at(end) or "days" in known.get(str(w), {})]
        for first, last in _stretches([w for w in todo if w not in by_day], weeks.rows):
            define_by_week(tables, first, last, since_us=since, until_us=end)
            accounts, files = put_pairs(tables, kept, accounts, range(first, last + 1), each="week")
            for week in range(first, last + 1):
                if week in wanted:
                    entry = {n: v for n, v in known.get(str(week), {}).items() if n != "days"}
                    known[str(week)] = {**entry, **wanted[week], "pairs": files[week]}
            again |= _borders(tables, kept, range(first, last + 2), set(range(first, last + 1)))
        for week in by_day:
            entry = known.get(str(week), {})
            begin = changed_from(entry, weeks, week, end)
            days = days_so_far(entry, end)
            if begin is not None:
                accounts, days = bring_days(
                    tables, kept, entry, weeks, accounts, week, begin, since_us=since, until_us=end
                )
                if begin * DAY_US <= week_start(week):
                    again |= _borders(tables, kept, range(week, week + 1), {week})
            known[str(week)] = {
                **{n: v for n, v in entry.items() if n == "ties"}, **wanted[week],
                **_days_or_one(kept, week, days, over=wanted[week]["id"] == "-"),
            }  # fmt: skip
        made += todo
        for week in again & set(by_day):  # what straddles its beginning is not what it was
            known[str(week)].pop("days", None)
            made.remove(week)
        todo = sorted(w for w in again if w in wanted and w not in made)
    _ties(tables, kept, known, [w for w in weeks.prints if w < week_at(end)], weeks)
    for number, entry in known.items():
        if int(number) not in wanted:  # forgotten by then, or not yet begun
            for name in ("pairs", "id", "days"):
                entry.pop(name, None)
    kept.told["weeks"] = known
    return accounts, made


def _days_or_one(kept: Kept, week: int, days: dict[str, Any], *, over: bool) -> dict[str, Any]:
    """The days of a week; of one that is over their sum."""
    if not over:
        return {"days": days}
    return {"pairs": put_together(kept, f"week-{week}", files_of({"days": days}))}


def _id(week: int, since_us: int, until_us: int) -> str:
    """What of the week counts."""
    low = since_us if since_us >= week_start(week) else ""
    high = until_us if until_us < week_end(week) else ""
    return f"{low}-{high}"


def _stretches(weeks: Sequence[int], rows: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Weeks one after the other that are reckoned together: from, to."""
    begun: list[int] = []
    for week in weeks:
        if begun and (week != begun[-1] + 1 or sum(rows[w] for w in begun) + rows[week] > AT_ONCE):
            yield begun[0], begun[-1]
            begun = []
        begun.append(week)
    if begun:
        yield begun[0], begun[-1]


def _borders(tables: Tables, kept: Kept, before: range, made: set[int]) -> set[int]:
    """Weeks beside those that were made to which something belongs that straddles the border, and is not what it was.

    before: the weeks whose beginning is looked at.
    """
    was: dict[str, str] = kept.told.setdefault("borders", {})
    now = borders(tables)
    changed: set[int] = set()
    for week in before:
        found = now.get(week, "")
        if was.get(str(week), "") != found:
            changed |= {week - 1, week} - made
            was[str(week)] = found
    return changed


def _ties(tables: Tables, kept: Kept, known: dict[str, Any], over: Sequence[int], weeks: Weeks) -> None:
    """The ties of weeks that are over and have none yet."""
    todo = [w for w in sorted(over) if "ties" not in known.get(str(w), {})]
    if todo:
        define_ever_named(tables, name="standing_named")
    for first, last in _stretches(todo, weeks.rows):
        define_edges(tables, first=first, last=last)
        rows = tables.arrow("select * from standing_edges order by week, actor, target, until_us")
        of_weeks = np.arange(first, last + 2)
        bounds = np.searchsorted(rows["week"].to_numpy(), of_weeks)
        for week, (low, high) in zip(of_weeks.tolist(), pairwise(bounds.tolist()), strict=False):
            file = kept.new(f"ties-{week}") + ".arrow"
            write(kept, file, rows.slice(low, high - low))
            known.setdefault(str(week), {"print": weeks.prints[week]})["ties"] = file
