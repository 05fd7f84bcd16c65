"""The design: pairs of weeks, in each a coin says in which of the two the change is made.

The coins follow from a seed that is published before the start, so that anybody can see that nobody chose the weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from leumund.coins import coins

LEAST_PAIRS = 6
"""With five pairs even the best result comes about by chance in one of sixteen cases: 2 / 2^5 > .05."""
MOST_PAIRS = 26
"""A year."""
WASHOUT_DAYS = 1
"""So many days at the beginning of a week are not counted: they still hear the week before."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of an experiment. pair: 1, 2, ...; on: whether the change is made in it."""

    pair: int
    monday: date
    on: bool


def weeks(seed: str, pairs: int, start: date) -> tuple[Week, ...]:
    """The weeks from the Monday of the week of that day on, two for each pair."""
    monday = monday_of(start)
    return tuple(
        Week(pair, monday + timedelta(weeks=2 * (pair - 1) + later), first != bool(later))
        for pair, first in enumerate(coins(seed, pairs), 1)
        for later in range(2)
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def next_monday(day: date) -> date:
    """The first Monday after a day.

    >>> next_monday(date(2026, 3, 2)).isoformat()
    '2026-03-09'
    """
    return day + timedelta(days=7 - day.weekday())
