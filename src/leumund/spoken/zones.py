"""Time zones: by name, the computer's own, and the one whose clocks tell the times that are shown.

    here()            whose clocks tell the times that are shown: chosen (`use`, `showing`), else the computer's
    of_computer()     the name of the computer's zone
    on_the_clock(at)  the day and the time of day of a moment, as those clocks tell it
    today_at(at)      which day it is by them

What is stored, reckoned and given to programs is in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import _

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)

_process: str | None = None
_meanwhile: ContextVar[tzinfo | None] = ContextVar("zone", default=None)


def checked_zone(zone: str) -> tzinfo:
    """The time zone of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no such name, or one that leads out of the table of zones
        text = _("There is no time zone “{zone}”.").format(zone=clean(zone, 60))
        raise UsageError(text, hint=_("Write it like Europe/Berlin, America/New_York or UTC.")) from None


def of_computer() -> str:
    """The name of the zone this computer is set to; UTC where that cannot be told."""
    import tzlocal

    try:
        name = tzlocal.get_localzone_name()
    except (LookupError, OSError, ValueError):  # set to what is no zone
        return "UTC"
    return "UTC" if name in {None, "Etc/UTC", "Etc/UCT", "Zulu"} else str(name)


def use(zone: str | None) -> None:
    """Times are told by these clocks from now on; None, or a name that is none: by the computer's."""
    global _process  # noqa: PLW0603  as the language is
    _process = zone


@contextmanager
def showing(zone: str | None) -> Iterator[None]:
    """The same for a while, in this thread or task alone."""
    token = _meanwhile.set(_named(zone))
    try:
        yield
    finally:
        _meanwhile.reset(token)


def here() -> tzinfo:
    """Whose clocks tell the times that are shown."""
    return _meanwhile.get() or _named(_process)


@cache
def _named(zone: str | None) -> tzinfo:
    try:
        return checked_zone(zone or of_computer())
    except UsageError:  # whoever asks for hours by that name hears of it
        return checked_zone(of_computer()) if zone else UTC


def today_at(at: datetime) -> date:
    """Which day it is by those clocks: what the owner means by today."""
    return at.astimezone(here()).date()


def on_the_clock(at: datetime) -> tuple[date, str]:
    """The day and the time of day of a moment, as the clocks tell it; "" for a time of day nobody knows.

    Midnight in UTC is how a day is kept, and the moment before it the end of one: both are that day wherever one is. What
    ends when the clocks strike midnight ends at 24:00.

    >>> with showing("Europe/Berlin"):
    ...     [on_the_clock(datetime(2026, 3, 31, hour, tzinfo=UTC)) for hour in (0, 21, 22, 23)]  # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2026, 3, 31), ''), (datetime.date(2026, 3, 31), '23:00'), (datetime.date(2026, 3, 31), '24:00'),
     (datetime.date(2026, 4, 1), '01:00')]
    """
    kept = at.astimezone(UTC)
    begun = kept.replace(hour=0, minute=0, second=0, microsecond=0)
    if kept == begun or kept + _MOMENT == begun + _DAY:
        return begun.date(), ""
    there = kept.astimezone(here())
    if there.time() == time():
        return there.date() - _DAY, "24:00"
    return there.date(), f"{there:%H:%M}"
