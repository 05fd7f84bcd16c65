"""The points of a series: a line for each name, with a hole where a step is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from leumund.measures import Reading
from leumund.views import cells, written

MOST_LINES = 5
_TO_THE_END = timedelta(days=1) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Point:
    """A value and its interval at a moment; None where it is unknown."""

    at: datetime
    value: float | None
    low: float | None = None
    high: float | None = None


def lines_of(reading: Reading) -> dict[str, list[Point]]:
    """The points of each line by its name, in order of time."""
    when, what = written.find(reading, "time", "day", "week"), written.value_at(reading)
    if when is None or what is None:
        return {}
    who = written.find(reading, "account", "kind")
    bounds = written.bounds_at(reading, what)
    lines: dict[str, list[Point]] = {}
    for row in reading.rows:
        if row[when] is None:
            continue
        name = "" if who is None else _name(reading, row, who)
        low, high = (cells.known(row[b]) for b in bounds) if bounds else (None, None)
        lines.setdefault(name, []).append(
            Point(_moment(reading, row, when), cells.known(row[what]), low, high)
        )
    for points in lines.values():
        points.sort(key=lambda p: p.at)
    return lines


def _moment(reading: Reading, row: tuple[Any, ...], when: int) -> datetime:
    """When a row's value holds: that of a day at its end, unless the day is not over."""
    if reading.columns[when].kind != "day":
        return cells.as_moment(row[when])
    return min(cells.as_moment(row[when]) + _TO_THE_END, max(cells.as_moment(row[when]), reading.as_of))


def _name(reading: Reading, row: tuple[Any, ...], who: int) -> str:
    if reading.columns[who].kind == "account":
        return written.name(reading, row[who], 40)
    return cells.written("kind", row[who])


def filled(points: list[Point]) -> list[Point]:
    """The points and, where one or more are missing by the usual step, one unknown point in the hole."""
    steps = Counter(b.at - a.at for a, b in pairwise(points) if b.at > a.at)
    if not steps:
        return points
    usual = steps.most_common(1)[0][0]
    filled = points[:1]
    for before, after in pairwise(points):
        if after.at - before.at > usual * 1.5:
            filled.append(Point(before.at + usual, None))
        filled.append(after)
    return filled


def iso(moment: datetime) -> str:
    """As charts read a moment."""
    return cells.as_moment(moment).strftime("%Y-%m-%dT%H:%M:%SZ")
