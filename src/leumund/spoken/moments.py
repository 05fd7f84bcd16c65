"""Moments an answer speaks of, as people write them: a day stands for its end or its beginning, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from leumund.errors import UsageError
from leumund.locale import _
from leumund.spoken.days import FIRST_YEAR, LAST_YEAR, Toward, day_said

_WITH_CLOCK = re.compile(r"\d{4}-?\d{2}-?\d{2}[T ]\d.*", re.IGNORECASE)
_ISO_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def moment_said(text: str, today: date, *, toward: Toward = "past") -> datetime:
    """The end of the day that is meant, or the time that is written. today, toward: as for `day_said`.

    >>> str(moment_said("31.3.2026", date(2026, 11, 23))), str(moment_said("2026-03-31T12:00", date(2026, 11, 23)))
    ('2026-03-31 23:59:59.999999+00:00', '2026-03-31 12:00:00+00:00')

    Raises:
        UsageError: no day, or one that no post can have.
    """
    return _said(text, today, time.max, toward)


def beginning_said(text: str, today: date, *, toward: Toward = "past") -> datetime:
    """The beginning of the day that is meant, or the time that is written.

    Raises:
        UsageError: as `moment_said`.
    """
    return _said(text, today, time.min, toward)


def _said(text: str, today: date, clock: time, toward: Toward) -> datetime:
    plain = text.strip()
    try:
        if _WITH_CLOCK.fullmatch(plain):
            found = datetime.fromisoformat(plain.upper())
        elif _ISO_DAY.fullmatch(plain):
            found = datetime.combine(date.fromisoformat(plain), clock)
        else:
            found = datetime.combine(day_said(plain, today, toward=toward), clock)
    except ValueError:
        hint = _("Write it like 2026-03-31 or 31.03.2026.")
        raise UsageError(_("“{text}” is no date.").format(text=text), hint=hint) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        words = _("“{text}” is too far away: the year must lie between {first} and {last}.")
        raise UsageError(words.format(text=text, first=FIRST_YEAR, last=LAST_YEAR))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
