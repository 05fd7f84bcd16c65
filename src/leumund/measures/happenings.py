"""What happened meanwhile: the owner's notes, her experiments, her silences, outages of a network.

They stand as marks on every chart over time, since a bend in a line asks for its cause. A silence is a run of more
than four days (UTC) without a post of hers, and more than five times as long as her pauses usually are: who posts on
Sundays alone is not silent each week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from leumund.store.tables import Tables

SILENT_DAYS = 4
_UNUSUAL = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """at, until: its first and last moment; until None: that day alone. text: the owner's own words, "" for a silence
    that was found. network: the one it speaks of, None for all.
    """

    at: datetime
    until: datetime | None
    kind: Literal["note", "silence", "outage", "experiment"]
    text: str = ""
    network: str | None = None


def happenings(tables: Tables, since: datetime | None = None) -> tuple[Happening, ...]:
    """All of them up to the tables' moment, in order of time; none that was over before `since`."""
    found = [*_notes(tables), *_experiments(tables), *_found_silences(tables)]
    kept = [h for h in found if since is None or (h.until or h.at) >= since]
    return tuple(sorted(kept, key=lambda h: (h.at, h.kind, h.text)))


def silences(days: Iterable[date]) -> list[tuple[date, date]]:
    """From the first to the last day of each silence between days on which she posted.

    >>> silences([date(2026, 1, d) for d in (1, 2, 3, 4, 12, 13)])
    [(datetime.date(2026, 1, 5), datetime.date(2026, 1, 11))]
    """
    gaps = [((later - before).days, before, later) for before, later in pairwise(sorted(set(days)))]
    if not gaps:
        return []
    usual = median(length for length, _, _ in gaps)
    least = max(SILENT_DAYS, usual * _UNUSUAL)
    return [(before + _DAY, later - _DAY) for length, before, later in gaps if length > least]


def days_posted(tables: Tables) -> list[date]:
    """The days (UTC) on which the owner posted, in order."""
    rows = tables.sql(
        """select distinct happened_at::date as day from posts
           where account in (select account from own) and exact order by day"""
    ).fetchall()
    return [row[0] for row in rows]


def _found_silences(tables: Tables) -> list[Happening]:
    told = [h for h in _notes(tables) if h.kind == "silence"]
    found = [
        Happening(datetime.combine(a, time.min, UTC), datetime.combine(b, time.max, UTC), "silence")
        for a, b in silences(days_posted(tables))
    ]
    return [
        f for f in found if not any(t.at <= (f.until or f.at) and (t.until or t.at) >= f.at for t in told)
    ]


def _notes(tables: Tables) -> list[Happening]:
    rows = tables.arrow("select happened_at, until, about, text, network from notes").to_pylist()
    return [
        Happening(
            _aware(r["happened_at"]), _end(r["until"], tables), r["about"], r["text"] or "", r["network"]
        )
        for r in rows
    ]


def _experiments(tables: Tables) -> list[Happening]:
    """Those that were begun, from the first Monday until they were stopped, or their last week is over."""
    query = "select name, network, begins, pairs, started_at, stopped_at from experiments"
    found = []
    for r in tables.arrow(query).to_pylist():
        begun = r["begins"] and datetime.combine(r["begins"], time.min, UTC)
        if r["started_at"] is None or begun is None or begun > tables.as_of:
            continue
        planned = begun + timedelta(weeks=2 * (r["pairs"] or 0)) - timedelta(microseconds=1)
        end = min(tables.as_of, planned if r["stopped_at"] is None else _aware(r["stopped_at"]))
        found.append(Happening(begun, max(begun, end), "experiment", r["name"] or "", r["network"]))
    return found


def _end(until: Any, tables: Tables) -> datetime | None:
    """The end of the last day of a note that took longer."""
    if until is None:
        return None
    return min(tables.as_of, datetime.combine(_aware(until).date(), time.max, UTC))


def _aware(found: datetime) -> datetime:
    return found if found.tzinfo else found.replace(tzinfo=UTC)
