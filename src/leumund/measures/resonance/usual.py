"""What a post could expect when it was written: how much of its responses is in yet, and what was usual then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.measures.days import DAY_US

Numbers = npt.NDArray[np.float64]
Moments = npt.NDArray[np.int64]

RIPE_DAYS = 28
"""From then on a post counts as answered in full."""

YOUNG = 0.1
"""A post of which less than this share of the responses is in yet says nothing."""

_RIPE_US = RIPE_DAYS * DAY_US
_YOUNG_US = 3 * DAY_US
_LEAST_DELAYS = 30
_WIDTH_DAYS = 21.0
_PULL = 3.0  # posts of the usual kind that are added to what was usual then
HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Curve:
    """How fast responses come. delays: of first responses to ripe posts, sorted, microseconds; few: nothing is known."""

    delays: Moments

    @property
    def known(self) -> bool:
        """Whether there are enough of them to tell."""
        return len(self.delays) >= _LEAST_DELAYS

    def complete(self, ages: Moments) -> Numbers:
        """Which share of its responses a post of that age has, above 0 to 1.

        Where it is not known how fast they come: all of them after three days, none that could be counted before.
        """
        if not self.known:
            return np.where(ages >= _YOUNG_US, 1.0, YOUNG / 2)
        n = len(self.delays)
        come = (np.searchsorted(self.delays, ages, side="right") + 0.5) / (n + 1)
        return np.where(ages >= _RIPE_US, 1.0, come)

    def hours(self, share: float) -> float | None:
        """After how many hours that share of the responses has come."""
        if not self.known:
            return None
        return float(self.delays[int(np.ceil(share * len(self.delays))) - 1]) / HOUR_US


def curve_of(delays: Moments, ages: Moments) -> Curve:
    """The curve of the responses to posts that are ripe. delays: of first responses; ages: of their posts."""
    kept = np.clip(delays[ages >= _RIPE_US], 0, None)
    return Curve(np.sort(kept[kept <= _RIPE_US]))


def usual_then(counts: Numbers, complete: Numbers, at_us: Moments) -> Numbers:
    """What other posts written within some weeks before and after got, over what all got: 1 on average.

    A bell of 21 days (standard deviation) over the days, the post itself left out, three usual posts added. So a
    post of the time when few were listening is held against others of that time.
    """
    if not counts.sum():
        return np.ones(len(counts))
    day = (at_us - at_us.min()) // DAY_US
    size = int(day.max()) + 1
    reach = int(3 * _WIDTH_DAYS)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _WIDTH_DAYS) ** 2)

    def around(values: Numbers) -> Numbers:
        spread = np.convolve(np.bincount(day, values, minlength=size), bell)[reach : reach + size]
        return np.asarray(spread[day] - values)

    usual = counts.sum() / complete.sum()
    then = (around(counts) + _PULL * usual) / (around(complete) + _PULL)
    return np.asarray(then * complete.sum() / np.sum(then * complete))
