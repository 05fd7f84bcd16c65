"""How acts fade: two half-lives, three days and sixty."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import Indices, Numbers
from leumund.measures.influence.score import sums

RATES = (math.log(2) / 3, math.log(2) / 60)  # per day
SHARES = (0.6 * RATES[0], 0.4 * RATES[1])  # each part of K integrates to its share of 1


def kernel(age_days: Numbers) -> Numbers:
    """K(age): what is left of an act, per unit of worth, after so many days (0 or more).

    >>> round(float(kernel(np.array([0.0]))[0]), 4), round(float(kernel(np.array([30.0]))[0]), 4)
    (0.1433, 0.0034)
    """
    fast, slow = parts(age_days)
    return np.asarray(fast + slow, np.float64)


def parts(age_days: Numbers) -> tuple[Numbers, Numbers]:
    """The two parts of K after so many days: the fast one and the slow one."""
    fast, slow = (share * np.exp(-rate * age_days) for share, rate in zip(SHARES, RATES, strict=True))
    return fast, slow


@dataclass(slots=True)
class Fading:
    """What acts are worth at a moment, by stream, as the two parts of K; it can only go forward.

        K(age) = .6 * l1 * exp(-l1 * age) + .4 * l2 * exp(-l2 * age),  age in days

    Both parts fade by a factor per day, so a day costs one multiplication per stream, not one per act.
    """

    fast: Numbers
    slow: Numbers
    at_us: int

    @classmethod
    def nothing(cls, size: int, at_us: int) -> Fading:
        """So many streams before anything happened."""
        return cls(np.zeros(size), np.zeros(size), at_us)

    def worth(self) -> Numbers:
        """Never below 0, whatever rounding leaves where acts were taken away again."""
        return np.maximum(self.fast + self.slow, 0.0)

    def forward(self, to_us: int) -> None:
        """Let time pass."""
        days = (to_us - self.at_us) / DAY_US
        self.fast = self.fast * math.exp(-RATES[0] * days)
        self.slow = self.slow * math.exp(-RATES[1] * days)
        self.at_us = to_us

    def add(self, at_us: Indices, worth: Numbers, stream: Indices) -> Numbers:
        """Let acts of the past come in (or go, with a worth below 0); gives what they are worth now, by stream."""
        age = (self.at_us - at_us) / DAY_US
        fast, slow = (sums(stream, worth * part, len(self.fast)) for part in parts(age))
        self.fast = self.fast + fast
        self.slow = self.slow + slow
        return fast + slow
