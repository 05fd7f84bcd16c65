"""ISO weeks, numbered from the Monday before 1970 (week 0 begins on 1969-12-29), in UTC."""

from __future__ import annotations

from datetime import date, timedelta

from leumund.measures.days import DAY_US

WEEK_US = 7 * DAY_US
_FIRST_MONDAY = date(1969, 12, 29)
_BEFORE_1970_US = 3 * DAY_US

WEEK = f"(epoch_us(happened_at) + {_BEFORE_1970_US}) // {WEEK_US}"
"""SQL: the number of the week in which something happened (happened_at: TIMESTAMP in UTC)."""


def week_at(at_us: int) -> int:
    """The number of the week in which a moment lies; microseconds since 1970.

    >>> week_at(0), week_at(week_start(7)), week_at(week_end(7))
    (0, 7, 7)
    """
    return (at_us + _BEFORE_1970_US) // WEEK_US


def week_start(week: int) -> int:
    """The first microsecond of a week."""
    return week * WEEK_US - _BEFORE_1970_US


def week_end(week: int) -> int:
    """The last microsecond of a week."""
    return week_start(week + 1) - 1


def week_of_day(day: date) -> int:
    """The number of the week in which a day lies.

    >>> week_of_day(monday_of(2000)), week_of_day(monday_of(2000) + timedelta(days=6))
    (2000, 2000)
    """
    return (day - _FIRST_MONDAY).days // 7


def monday_of(week: int) -> date:
    """The Monday with which a week begins.

    >>> monday_of(0).isoformat()
    '1969-12-29'
    """
    return _FIRST_MONDAY + timedelta(weeks=week)
