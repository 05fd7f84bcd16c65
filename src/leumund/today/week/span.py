"""Which week: Monday to Sunday, in UTC as everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from leumund.errors import UsageError
from leumund.locale import _
from leumund.spoken.days import day_said

_FRIDAY = 4
_WEEK = timedelta(weeks=1)
_ISO = re.compile(r"(\d{4})-?[Ww](\d{1,2})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A week. newest: none is shown that is later; over: whether it has ended."""

    monday: date
    newest: bool
    over: bool

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.monday, time.min, UTC)

    @property
    def end(self) -> datetime:
        """Its last moment."""
        return datetime.combine(self.sunday, time.max, UTC)

    @property
    def name(self) -> str:
        """As ISO 8601 writes weeks: 2026-W13."""
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02d}"


def of_day(day: date, today: date, first: date | None = None) -> Span:
    """The week in which a day lies. first: as `usual`."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday=monday, newest=monday >= usual(today, first), over=monday + _WEEK <= today)


def usual(today: date, first: date | None = None) -> date:
    """The Monday of the week one reads about: from Friday on the one that is going on, else the one before.

    first: the day from which on anybody's account was looked at; before it, nothing can be said of how many follow.
    """
    monday = today - timedelta(days=today.weekday())
    begun = first is not None and first >= monday
    return monday if begun or today.weekday() >= _FRIDAY else monday - _WEEK


def meant(written: str, today: date, first: date | None = None) -> Span:
    """The week that is meant: "" for the usual one, "2026-W13", or any day in it as people write it. first: as `usual`.

    Raises:
        UsageError: it means no week, or one that has not begun.

    >>> meant("2026-W13", date(2026, 3, 31)).monday.isoformat()
    '2026-03-23'
    """
    if not written.strip():
        return of_day(usual(today, first), today, first)
    if found := _ISO.match(written.strip()):
        try:
            day = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            hint = _("Write it like 2026-W13, or any day in it.")
            raise UsageError(_("“{text}” is no week.").format(text=written), hint=hint) from None
    else:
        day = day_said(written, today, toward="past")
    if day > today:
        raise UsageError(_("That week has not begun yet: {text}").format(text=written))
    return of_day(day, today, first)
