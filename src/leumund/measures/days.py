"""The days a series is made of: calendar days in UTC, the last one as far as it has come."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Note
from leumund.store.register import as_us
from leumund.store.tables import Tables

DAY_US = 86_400_000_000
MOST_DAYS = 36_500
LAST_HOURS_US = 3 * 3_600_000_000
MOMENT = pa.timestamp("us", tz="UTC")

Moments = npt.NDArray[np.int64]


def day_ends(as_of: datetime, days: int) -> Moments:
    """The ends of the last `days` calendar days and of the day before them; microseconds since 1970.

    A day ends with its last microsecond, as `--as-of DAY` says; the last one ends at as_of.

    Raises:
        UsageError: fewer than one day is asked for, or more than a hundred years.
    """
    if days < 1:
        raise UsageError(_("days must be at least 1, not {value}.").format(value=days))
    if days > MOST_DAYS:
        raise UsageError(_("days must be at most {most}, not {value}.").format(most=MOST_DAYS, value=days))
    now = as_us(as_of)
    ends = end_of_day(now) - DAY_US * np.arange(days, -1, -1, dtype=np.int64)
    ends[-1] = now
    return ends


def check_days(days: int, most: int) -> None:
    """Whether a reading may go so many days back.

    Raises:
        UsageError: fewer than one day, or more than the most.
    """
    if not 1 <= days <= most:
        raise UsageError(_("days must be between 1 and {most}, not {value}.").format(most=most, value=days))


def end_of_day(at_us: int) -> int:
    """The last microsecond of the UTC day in which a moment lies."""
    return (at_us // DAY_US + 1) * DAY_US - 1


def as_days(at_us: Moments) -> pa.Array:
    """The calendar days in which these moments lie."""
    return pa.array((at_us // DAY_US).astype(np.int32), pa.int32()).cast(pa.date32())


def as_moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times of a query, which are in UTC without saying so, as columns of kind "time" hold them."""
    return column.cast(pa.timestamp("us")).cast(MOMENT)


def unfinished(tables: Tables) -> tuple[Note, ...]:
    """What must be said where the last day of a series is not over.

    Its last hours in UTC are not worth a word: by the owner's clocks it may be over, as in the demo.
    """
    now = as_us(tables.as_of)
    if end_of_day(now) - now < LAST_HOURS_US:
        return ()
    return (Note(N_("The last day is not over: it is counted up to {moment}."), {"moment": tables.as_of}),)
