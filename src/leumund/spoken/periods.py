"""Months, quarters and spans of days as people write them: 2026-10, Oktober 2026, 2026-Q3, 3. Quartal 2026."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from leumund.errors import UsageError
from leumund.locale import _
from leumund.spoken.days import FIRST_YEAR, LAST_YEAR, day_said

_QUARTER = re.compile(
    r"(?:(?P<y1>\d{4})[\s/-]*q(?P<q1>[1-4])|q(?P<q2>[1-4])[\s/-]*(?P<y2>\d{4})|(?P<q3>[1-4])\.?\s*quart(?:al|er)\s*(?P<y3>\d{4}))"
)
_MONTH = re.compile(r"(?:(?P<y1>\d{4})-(?P<m1>\d{1,2})|(?P<m2>\d{1,2})[./](?P<y2>\d{4}))")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day. months: how many whole calendar months it is; 0 for days of no such kind."""

    first: date
    last: date
    months: int = 0

    @property
    def kind(self) -> Literal["month", "quarter", "days"]:
        return "month" if self.months == 1 else "quarter" if self.months == 3 else "days"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The one before it: as many calendar months, else as many days."""
        if self.months:
            return months_from(_shifted(self.first, -self.months), self.months)
        return Period(self.first - self.days * _DAY, self.first - _DAY)


def months_from(first: date, months: int) -> Period:
    """Whole months from the first day of one on."""
    return Period(first, _shifted(first, months) - _DAY, months)


def month_said(text: str, today: date) -> Period:
    """The month that is meant; without a year the last one of that name.

    >>> month_said("Oktober 2026", date(2026, 11, 23)) == month_said("2026-10", date(2026, 11, 23))
    True
    >>> str(month_said("10/2026", date(2026, 11, 23)).before.first)
    '2026-09-01'

    Raises:
        UsageError: it is none.
    """
    plain = " ".join(text.split()).lower()
    found = _MONTH.fullmatch(plain)
    if found:
        year, month = int(found["y1"] or found["y2"]), int(found["m1"] or found["m2"])
    elif re.search(r"[^\W\d_]{3}", plain) and not re.match(r"\d{1,2}\D", plain):
        day = day_said(plain, today, toward="past")
        year, month = day.year, day.month
    else:
        year, month = 0, 0
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise UsageError(
            _("“{text}” is no month.").format(text=text), hint=_("Write it like 2026-10 or October 2026.")
        )
    return months_from(date(year, month, 1), 1)


def quarter_said(text: str) -> Period:
    """The quarter of a year that is meant.

    >>> [str(quarter_said(t).last) for t in ("2026-Q3", "Q1 2026", "4. Quartal 2026")]
    ['2026-09-30', '2026-03-31', '2026-12-31']

    Raises:
        UsageError: it is none.
    """
    found = _QUARTER.fullmatch(" ".join(text.split()).lower())
    year = int(found["y1"] or found["y2"] or found["y3"]) if found else 0
    if found is None or not FIRST_YEAR <= year <= LAST_YEAR:
        hint = _("Write it like 2026-Q3 or Q3 2026.")
        raise UsageError(_("“{text}” is no quarter of a year.").format(text=text), hint=hint)
    number = int(found["q1"] or found["q2"] or found["q3"])
    return months_from(date(year, number * 3 - 2, 1), 3)


def span_said(first: str, last: str, today: date) -> Period:
    """From one day to another, both among it.

    Raises:
        UsageError: a day that is none, or they stand the wrong way round.
    """
    begin, end = (day_said(t, today, toward="past") for t in (first, last))
    if begin > end:
        raise UsageError(_("The span must end after it starts."))
    return Period(begin, end)


def _shifted(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
