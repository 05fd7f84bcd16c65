"""A growth curve: how many there were at the end of each week, as far as anybody counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

WEEK = 7
NEAR = 3  # days: a count this near to the end of a week is the week's
BREAK = 0.5  # who loses more than this share in a week was moved or cleared out, which is no growth
_LEAST_BREAK = 30.0


def day_of(days: int) -> date:
    """The day so many days after the first of 1970."""
    return date(1970, 1, 1) + timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Counts at the ends of weeks; weeks end on the weekday of the last count.

    last_day: the day of the last count, in days since 1970. counts: NaN where nobody counted within three days.
    gains: what was added in each week but the first, losses taken off; where several weeks lie between two counts,
    each has its even share. spans: over how many weeks that share was taken, 1 where the week itself was counted.
    """

    last_day: int
    counts: Numbers
    gains: Numbers
    spans: Numbers

    @property
    def now(self) -> float:
        """The last count."""
        return float(self.counts[-1])

    @property
    def weeks(self) -> int:
        """From the first count to the last."""
        return len(self.gains)

    @property
    def counted(self) -> int:
        """In how many weeks somebody counted."""
        return int((~np.isnan(self.counts)).sum())

    def until(self, origin: int) -> Curve:
        """What was known of it so many weeks after its first count."""
        return Curve(
            last_day=self.last_day - WEEK * (self.weeks - origin), counts=self.counts[: origin + 1],
            gains=self.gains[:origin], spans=self.spans[:origin],
        )  # fmt: skip


def curve_of(days: Days, counts: Numbers) -> Curve:
    """The curve through counts on single days; days since 1970, rising, each once.

    A week whose count was taken a day or two off has the value on the line between its neighbours. What lies before
    the loss of more than half within a week is left out: another account, or a network's clearing out.

    Raises:
        ValueError: there is no count.
    """
    if not len(days):
        raise ValueError("a curve needs a count")
    fallen = np.flatnonzero(
        (counts[1:] < (1 - BREAK) * counts[:-1]) & (counts[:-1] - counts[1:] >= _LEAST_BREAK)
    )
    if len(fallen):
        days, counts = days[fallen[-1] + 1 :], counts[fallen[-1] + 1 :]
    last = int(days[-1])
    ends = last - WEEK * np.arange((last - int(days[0])) // WEEK, -1, -1, dtype=np.int64)
    after = np.minimum(np.searchsorted(days, ends), len(days) - 1)
    before = np.maximum(np.searchsorted(days, ends, side="right") - 1, 0)
    known = np.minimum(np.abs(days[after] - ends), np.abs(ends - days[before])) <= NEAR
    known[0] = True  # at the latest within its week
    whole = np.interp(ends, days, counts)
    there = np.flatnonzero(known)
    steps = np.diff(there)
    return Curve(
        last_day=last,
        counts=np.where(known, whole, np.nan),
        gains=np.repeat(np.diff(whole[there]) / steps, steps),
        spans=np.repeat(steps.astype(np.float64), steps),
    )
