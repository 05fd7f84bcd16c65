"""Days in a workbook of LinkedIn's, whose order of day and month depends on the language and is told nowhere.

    3/5/2024    5 March (English, United States) or 3 May (most others)
    05.03.2024  5 March
    2024-03-05  5 March

With strokes, one reading holds for the whole workbook: the one that makes days of all of them; where both do,
the one in which more rows that follow each other lie a day apart; where that is equal too, LinkedIn's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise

from leumund.sources.linkedin_sheets import Cell

_STROKES = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", re.ASCII)
_DOTS = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)", re.ASCII)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_FIRST, _LAST = date(2003, 5, 1), date(2100, 1, 1)

Reading = Callable[[Cell], date | None]
"""Gives the day that stands in a cell, alone or in a sentence."""


def reading_of(cells: Iterable[Cell]) -> Reading:
    """How the days of a workbook are to be read; cells: all that may hold one, in their order."""
    told = [match for cell in cells if isinstance(cell, str) and (match := _STROKES.search(cell))]
    ways = {
        True: [_as_day(m, month_first=True) for m in told],
        False: [_as_day(m, month_first=False) for m in told],
    }
    month_first = max(ways, key=lambda way: (sum(d is not None for d in ways[way]), _steps(ways[way]), way))

    def read(cell: Cell) -> date | None:
        if isinstance(cell, date):
            return cell if _FIRST <= cell < _LAST else None
        if not isinstance(cell, str):
            return None
        if found := _STROKES.search(cell):
            return _as_day(found, month_first=month_first)
        if found := _DOTS.search(cell):
            return _day(int(found[3]), int(found[2]), int(found[1]))
        found = _ISO.search(cell)
        return _day(int(found[1]), int(found[2]), int(found[3])) if found else None

    return read


def _as_day(found: re.Match[str], *, month_first: bool) -> date | None:
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    return _day(year, one, two) if month_first else _day(year, two, one)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST <= found < _LAST else None


def _steps(days: list[date | None]) -> int:
    """How often a day is followed by the next, or the one before."""
    return sum(bool(a and b and abs(b - a) == timedelta(days=1)) for a, b in pairwise(days))
