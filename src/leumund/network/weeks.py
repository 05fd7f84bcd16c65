"""Pairs of people by week, and who did what costs something: each week in files of its own, made where it changed.

    pairs   target, actor (numbers of accounts), fast, slow, acts: `measures.influence.by_week`, sorted
    ties    actor, target (keys), until_us, weight: `measures.standing.community`, of weeks that are over

A week that is cut (it still runs, or two years ago its acts begin to be forgotten) is made anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from leumund.measures.influence.acts import MEMORY_US
from leumund.measures.influence.by_week import borders, define_by_week
from leumund.measures.named import define_ever_named, define_named
from leumund.measures.standing.community import define_edges
from leumund.measures.weeks import week_at, week_end, week_start
from leumund.network.accounts import Accounts
from leumund.network.changed import Weeks
from leumund.network.kept import Kept
from leumund.store.register import as_us
from leumund.store.tables import Tables

_AT_ONCE = 4_000_000
"""So many acts are reckoned together at most, unless one week has more."""
PAIRS = ("target", "actor", "fast", "slow", "acts")
_TYPES = (pa.int32(), pa.int32(), pa.float64(), pa.float64(), pa.int32())


def bring_up_to_date(
    tables: Tables, kept: Kept, weeks: Weeks, accounts: Accounts
) -> tuple[Accounts, list[int]]:
    """Make the files of all weeks that changed; gives the numbers of accounts, and which weeks these were.

    `kept.told["weeks"]` then holds for each week that counts at `as_of`: id and pairs; and ties where it is over.
    """
    end = as_us(tables.as_of)
    since = end - MEMORY_US
    known: dict[str, dict[str, Any]] = kept.told.get("weeks", {})
    for week in list(known):
        if (
            weeks.touched is None
            or int(week) in weeks.touched
            or weeks.prints.get(int(week)) != known[week]["print"]
        ):
            del known[week]
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
        for first, last in _stretches(todo, weeks.rows):
            define_by_week(tables, first, last, since_us=since, until_us=end)
            accounts = _pairs(tables, kept, known, wanted, accounts, range(first, last + 1))
            again |= _borders(tables, kept, range(first, last + 1))
        made += todo
        todo = sorted(w for w in again if w in wanted and w not in made)
    _ties(tables, kept, known, [w for w in weeks.prints if w < week_at(end)], weeks)
    for week, entry in known.items():
        if int(week) not in wanted:  # forgotten by then, or not yet begun
            entry.pop("pairs", None)
            entry.pop("id", None)
    kept.told["weeks"] = known
    return accounts, made


def _id(week: int, since_us: int, until_us: int) -> str:
    """What of the week counts."""
    low = since_us if since_us >= week_start(week) else ""
    high = until_us if until_us < week_end(week) else ""
    return f"{low}-{high}"


def _stretches(weeks: Sequence[int], rows: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Weeks one after the other that are reckoned together: from, to."""
    begun: list[int] = []
    for week in weeks:
        if begun and (week != begun[-1] + 1 or sum(rows[w] for w in begun) + rows[week] > _AT_ONCE):
            yield begun[0], begun[-1]
            begun = []
        begun.append(week)
    if begun:
        yield begun[0], begun[-1]


def _pairs(
    tables: Tables, kept: Kept, known: dict[str, Any], wanted: dict[int, dict[str, str]], accounts: Accounts, weeks: range
) -> Accounts:  # fmt: skip
    rows = tables.arrow("select week, target, actor, fast, slow, acts from scores_by_week")
    coded = [rows[name].combine_chunks().dictionary_encode() for name in ("target", "actor")]
    keys = [code.dictionary.to_numpy() for code in coded]
    accounts = accounts.with_all(np.concatenate(keys))
    numbers = [accounts.numbers(k)[code.indices.to_numpy()] for k, code in zip(keys, coded, strict=True)]
    columns = [*numbers, *(rows[name].to_numpy() for name in PAIRS[2:])]
    week = (rows["week"].to_numpy() - weeks.start).astype(np.int16)  # sorted by its digits, so quickly
    order = np.argsort(numbers[0].astype(np.int64) << 32 | numbers[1])
    order = order[np.argsort(week[order], kind="stable")]
    bounds = np.searchsorted(week[order], np.arange(len(weeks) + 1))
    for number, (low, high) in zip(weeks, pairwise(bounds.tolist()), strict=True):
        if number in wanted:
            file = kept.new(f"week-{number}") + ".arrow"
            some = order[low:high]
            write(
                kept,
                file,
                pa.table(
                    [pa.array(c[some], t) for c, t in zip(columns, _TYPES, strict=True)], names=list(PAIRS)
                ),
            )
            known[str(number)] = {**known.get(str(number), {}), **wanted[number], "pairs": file}
    return accounts


def _borders(tables: Tables, kept: Kept, made: range) -> set[int]:
    """Weeks beside these to which something belongs that straddles the border, and is not what it was."""
    was: dict[str, str] = kept.told.setdefault("borders", {})
    now = borders(tables)
    changed: set[int] = set()
    for week in range(made.start, made.stop + 1):  # the border before this week
        found = now.get(week, "")
        if was.get(str(week), "") != found:
            changed |= {week - 1, week} - set(made)
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


def write(kept: Kept, file: str, table: pa.Table) -> None:
    """A table as it lies in memory, to be read without being copied."""
    with pa.OSFile(str(kept.path(file)), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read(kept: Kept, file: str) -> pa.Table:
    """The same again."""
    with pa.memory_map(str(kept.path(file))) as source:
        return pa.ipc.open_file(source).read_all()
