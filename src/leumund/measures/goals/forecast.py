"""What may become of a curve: an interval for each week to come, the chance of a number, when it may be reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.goals.conformal import LEVEL, width
from leumund.measures.goals.courses import DRAWS, SEED, courses
from leumund.measures.goals.curves import Curve, Numbers
from leumund.measures.goals.growth import LEAST_WEEKS, Growth, growth_of

LOW, HIGH = (1 - LEVEL) / 2, (1 + LEVEL) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """courses: possible counts at the end of each coming week, shape (draws, weeks). growth: of the last week.

    width: what the correction by past forecasts multiplied the deviations of the courses with.
    """

    curve: Curve
    growth: Growth
    width: float
    courses: Numbers

    @property
    def weeks(self) -> int:
        """How many weeks ahead."""
        return int(self.courses.shape[1])

    def interval(self) -> tuple[Numbers, Numbers, Numbers]:
        """Low, middle and high of each coming week: 80 of 100 courses lie between low and high."""
        low, middle, high = np.quantile(self.courses, [LOW, 0.5, HIGH], axis=0)
        return low, middle, high

    def chance(self, target: float) -> Numbers:
        """The share of courses that had the number by the end of each coming week."""
        return chances(first_reached(self.courses, self.curve.now, target), self.weeks)


def first_reached(courses: Numbers, now: float, target: float) -> Numbers:
    """For each course after how many weeks it first has the number (falls to it, if there are more now); inf: never."""
    there = courses >= target if target >= now else courses <= target
    return np.where(there.any(axis=1), there.argmax(axis=1) + 1.0, np.inf)


def chances(when: Numbers, weeks: int) -> Numbers:
    """The share of courses that got there by the end of each week. when: as `first_reached` gives it."""
    return np.array([(when <= week).mean() for week in range(1, weeks + 1)])


def forecast(
    curve: Curve, weeks: int, *, growth: Growth | None = None, draws: int = DRAWS, seed: int = SEED
) -> Forecast | None:
    """What may become of a curve in so many weeks; None where it is too short to tell.

    growth: that of all its weeks, if it is known already.
    """
    if curve.weeks < LEAST_WEEKS:
        return None
    known = growth_of(curve) if growth is None else growth
    by = width(curve, known)
    drawn = courses(known.last(), curve.now, weeks, draws=draws, seed=seed)
    middle = np.median(drawn, axis=0)
    wide = np.maximum(0.0, np.rint(middle + (drawn - middle) * by))
    return Forecast(curve=curve, growth=known.last(), width=by, courses=wide)


def crps(drawn: Numbers, truth: float) -> float:
    """The continuous ranked probability score of draws (Gneiting and Raftery 2007); 0 is best, in the unit of the count."""
    ranked = np.sort(drawn)
    many = len(ranked)
    weight = 2 * np.arange(1, many + 1) - many - 1
    return float(np.abs(ranked - truth).mean() - (weight @ ranked) / many**2)
