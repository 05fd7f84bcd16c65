"""The design: pairs of weeks, in each a coin says in which of the two the change is made.

The coins follow from a seed that is published before the start, so that anybody can see that nobody chose the weeks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

LEAST_PAIRS = 6
"""With five pairs even the best result comes about by chance in one of sixteen cases: 2 / 2^5 > .05."""
MOST_PAIRS = 26
"""A year."""
COUNTED_FROM = 1
"""Day of the week from which on is counted, 0 for Monday: the first day still hears the echo of the week before."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of an experiment. pair: 1, 2, ...; on: whether the change is made in it."""

    pair: int
    monday: date
    on: bool


def coins(seed: str, pairs: int) -> tuple[bool, ...]:
    """For each pair whether its first week is the one with the change.

    It is where the first hexadecimal digit of SHA-256 of "SEED PAIR" is odd:
    printf '%s' 'SEED 1' | sha256sum

    >>> coins("leumund", 4)
    (False, True, False, True)
    """
    digests = (hashlib.sha256(f"{seed} {pair}".encode()).hexdigest() for pair in range(1, pairs + 1))
    return tuple(int(digest[0], 16) % 2 == 1 for digest in digests)


def weeks(seed: str, pairs: int, start: date) -> tuple[Week, ...]:
    """The weeks from the Monday of the week of that day on, two for each pair."""
    monday = start - timedelta(days=start.weekday())
    return tuple(
        Week(pair, monday + timedelta(weeks=2 * (pair - 1) + later), first != bool(later))
        for pair, first in enumerate(coins(seed, pairs), 1)
        for later in range(2)
    )


def next_monday(day: date) -> date:
    """The first Monday after a day.

    >>> next_monday(date(2026, 3, 2)).isoformat()
    '2026-03-09'
    """
    return day + timedelta(days=7 - day.weekday())
