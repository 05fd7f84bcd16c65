"""The days a series is made of: whole days back from `as_of`, so that its last figure is the figure of now."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import _
from leumund.store.register import as_us

DAY_US = 86_400_000_000
MOST_DAYS = 36_500
MOMENT = pa.timestamp("us", tz="UTC")

Moments = npt.NDArray[np.int64]


def days_back(as_of: datetime, days: int) -> Moments:
    """The last `days` moments one day apart, the last one being as_of; microseconds since 1970.

    Raises:
        UsageError: fewer than one day is asked for, or more than a hundred years.
    """
    if days < 1:
        raise UsageError(_("days must be at least 1, not {value}.").format(value=days))
    if days > MOST_DAYS:
        raise UsageError(_("days must be at most {most}, not {value}.").format(most=MOST_DAYS, value=days))
    return as_us(as_of) - DAY_US * np.arange(days - 1, -1, -1, dtype=np.int64)


def as_moments(at_us: Moments) -> pa.Array:
    """The same as a column of aware times."""
    return pa.array(at_us, pa.int64()).cast(MOMENT)
