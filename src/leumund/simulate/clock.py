"""Berlin's clock without a time zone table: summer time by the European rule, everything given in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

DAY = timedelta(days=1)


@cache
def _summer(year: int) -> tuple[datetime, datetime]:
    """From when to when summer time holds: last Sundays of March and October, 01:00 UTC."""
    first, last = (datetime(year, month, 31, 1, tzinfo=UTC) for month in (3, 10))
    return first - DAY * ((first.weekday() + 1) % 7), last - DAY * ((last.weekday() + 1) % 7)


def local(when: datetime) -> datetime:
    """That moment as Berlin's clocks show it, still marked UTC: for hours and weekdays only.

    >>> local(datetime(2025, 10, 1, 8, tzinfo=UTC)).hour, local(datetime(2025, 11, 1, 8, tzinfo=UTC)).hour
    (10, 9)
    """
    first, last = _summer(when.year)
    return when + timedelta(hours=2 if first <= when < last else 1)


def moment(day: date, hour: float) -> datetime:
    """The moment in UTC at which Berlin's clocks show that hour (24.5 is half past midnight next day)."""
    shown = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=round(hour * 3600))
    first, last = _summer(shown.year)
    return shown - timedelta(hours=2 if first <= shown - timedelta(hours=2) < last else 1)


def hour(when: datetime) -> float:
    """The hour of the day in Berlin, with its fraction."""
    shown = local(when)
    return shown.hour + shown.minute / 60
