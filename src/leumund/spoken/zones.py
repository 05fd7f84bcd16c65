"""Time zones by name."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import _


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
