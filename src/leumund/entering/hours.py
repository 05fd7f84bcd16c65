"""Hours: what a channel took of the owner's time."""

from __future__ import annotations

from datetime import date

from leumund.entering.said import Said, day, stripped
from leumund.spoken.amounts import hours_said


def said(
    *,
    today: date,
    hours: str | None = None,
    channel: str | None = None,
    on: str | None = None,
    note: str | None = None,
) -> Said:
    """Hours. hours: 1:30, 90m, 1,5; channel: a network, advert, fair ...; on: which day.

    Raises:
        UsageError: what is doubtful is refused.
    """
    length = hours_said(hours) if hours else hours
    return Said("time", {"time": stripped(channel), "hours": length, "note": stripped(note)}, day(on, today))
