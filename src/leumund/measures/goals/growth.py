"""How fast a curve grows and how unsteadily, at the end of each of its weeks: from what was known by then alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from leumund.measures.goals.curves import Curve, Days, Numbers

HALF_LIFE = 8.0
WINDOW = 40  # weeks; what lies further back would count less than a thirtieth
LEAST_WEEKS = 6
OUTLIER, BURST = 2.0, 30.0
OFTEN = 3  # so far off as this many weeks were is nothing unusual: counts that a network rounds grow in leaps
SHIFTS = (6, 8, 10, 13)
BEFORE_SHIFT = 0.25
_LEAST_BEFORE, _HIGH = 8, 0.7
_NEAR, _NEAR_SIGMA = 0.75, 1.15  # three quarters lie within so many standard deviations
LEVEL_OF_RATE, LEVEL_OF_NOISE = 0.14, 0.30
_LEAST_SPREAD = 0.03
_PRIOR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """By origin (the end of a week, the first one a week after the first count); all in accounts a week.

    gain, loss: what comes and what goes. noise: the mean size of a week's deviation from it.
    """

    gain: Numbers
    loss: Numbers
    noise: Numbers

    @property
    def rate(self) -> Numbers:
        """What is added in a week, losses taken off."""
        return self.gain - self.loss

    def last(self) -> Growth:
        """The same of the last origin alone."""
        return Growth(gain=self.gain[-1:], loss=self.loss[-1:], noise=self.noise[-1:])

    def level(self) -> Numbers:
        """How far the rate of the coming weeks may lie from that of the past ones (a standard deviation)."""
        return np.hypot(LEVEL_OF_RATE * (self.gain + self.loss), LEVEL_OF_NOISE * self.noise)

    def spread(self, weeks: float) -> Numbers:
        """How far the count may lie from the expected one after so many weeks (a scale, in accounts)."""
        found: Numbers = np.sqrt(self.noise**2 * weeks + (self.level() * weeks) ** 2 + _LEAST_SPREAD)
        return found


def growth_of(curve: Curve) -> Growth:
    """The growth known at the end of each week.

    An exponentially weighted mean of weekly gains and of losses (half-life 8 weeks). A week beyond two robust standard
    deviations counts as one that lies there, unless three lie as far: the one post that everybody saw is no
    rate. What lies before a level shift counts a quarter.
    """
    past = _past(curve.gains)
    valid = ~np.isnan(past)
    span = np.where(valid, _past(curve.spans), 1.0)  # so many weeks were counted as one: they tell less
    fade = 0.5 ** (np.arange(WINDOW - 1, -1, -1) / HALF_LIFE) * valid
    weight = fade / np.maximum(np.sqrt(span), span / 4) * _kept(past, valid.sum(axis=1))
    plain = np.where(valid, past, 0.0)
    middle = _ranked(plain, weight, 0.5)[:, None]
    size = _ranked(np.abs(plain - middle), weight, _NEAR)[:, None] / _NEAR_SIGMA
    again = np.sort(np.abs(plain - middle) * valid, axis=1)[:, [-OFTEN]]
    most = np.maximum(OUTLIER * size + 1, again)
    usual = np.clip(plain, middle - most, middle + most)
    total = weight.sum(axis=1) + _PRIOR
    gain = ((weight * np.maximum(usual, 0)).sum(axis=1) + _PRIOR) / total
    loss = (weight * np.maximum(-usual, 0)).sum(axis=1) / total
    off = np.minimum(np.abs(plain - (gain - loss)[:, None]), BURST * size + 1)
    once = fade / span
    noise = (once * off * np.sqrt(span)).sum(axis=1) / once.sum(
        axis=1
    )  # a mean of four deviates half as far as one
    return Growth(gain=gain, loss=loss, noise=noise)


def _past(values: Numbers) -> Numbers:
    """Row i: the values up to and with i, the last on the right, NaN where there was none yet."""
    return sliding_window_view(np.concatenate([np.full(WINDOW - 1, np.nan), values]), WINDOW)


def _kept(past: Numbers, many: Days) -> Numbers:
    """What each week of a window counts: less before a level shift.

    A shift: each of the last 6 (8, 10 or 13) weeks lies above 70 of 100 weeks before them, or each below. A full
    restart there made real forecasts worse: rates go part of the way back.
    """
    kept = np.ones_like(past)
    for recent in SHIFTS:
        before, after = np.sort(past[:, :-recent], axis=1), past[:, -recent:]  # what is unknown comes last
        known = np.maximum(many - recent, 0)
        low, high = (_at_share(before, known, share) for share in (1 - _HIGH, _HIGH))
        shifted = (known >= _LEAST_BEFORE) & ((after.min(axis=1) > high + 1) | (after.max(axis=1) < low - 1))
        kept[shifted] = np.where(np.arange(WINDOW) < WINDOW - recent, BEFORE_SHIFT, 1.0)
    return kept


def _at_share(ranked: Numbers, many: Days, share: float) -> Numbers:
    at = np.maximum(0, np.ceil(share * many).astype(np.int64) - 1)
    found: Numbers = ranked[np.arange(len(ranked)), at]
    return found


def _ranked(values: Numbers, weight: Numbers, share: float) -> Numbers:
    """The weighted quantile of each row."""
    order = np.argsort(values, axis=1)
    reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    at = np.argmax(reached >= share * reached[:, -1:], axis=1)[:, None]
    return np.take_along_axis(values, np.take_along_axis(order, at, axis=1), axis=1)[:, 0]
