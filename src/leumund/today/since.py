"""From which day on changes are counted: since the owner last looked, else a week.

It is counted from the beginning of the day on which she looked: what happened later that day she has not seen. When she
looked is remembered by days alone, by whoever shows the overview: two days are enough, the last one on which she looked
and the one before it, so that looking again on the same day changes nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

USUAL_DAYS = 7
MOST_DAYS = 366
_A_MOMENT = timedelta(microseconds=1)


def first_day(last_looked: date | None, today: date) -> date:
    """The first day whose changes are counted. last_looked: the last day before today on which she looked, if known."""
    if last_looked is None or not today - timedelta(days=MOST_DAYS) <= last_looked < today:
        return today - timedelta(days=USUAL_DAYS - 1)
    return last_looked


def looked(days: str, today: date) -> tuple[date | None, str]:
    """What is remembered of her looking ("2026-03-30" or "2026-03-30.2026-03-31"), and what is to be remembered now.

    Gives the last day before today on which she looked. Words that mean nothing are as if nothing had been remembered.

    >>> looked("2026-03-27.2026-03-30", date(2026, 3, 31))
    (datetime.date(2026, 3, 30), '2026-03-30.2026-03-31')
    >>> looked("2026-03-30.2026-03-31", date(2026, 3, 31))
    (datetime.date(2026, 3, 30), '2026-03-30.2026-03-31')
    """
    try:
        before = [d for word in days.split(".") if word and (d := date.fromisoformat(word)) < today]
    except ValueError:
        before = []
    last = max(before, default=None)
    return last, ".".join(d.isoformat() for d in (last, today) if d is not None)


def end_before(day: date) -> datetime:
    """The last moment before a day."""
    return datetime.combine(day, time.min, UTC) - _A_MOMENT
