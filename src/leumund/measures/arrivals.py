"""What may arrive in days to come: days of the past, drawn again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import Indices, Numbers
from leumund.measures.influence.fading import Fading, parts
from leumund.measures.influence.score import Mass, capped, score, sums

_DRAWS, _FEWEST_DRAWS = 200, 20
_MOST_SUMS = 1_000_000_000  # of one person, one day, one draw: some ten CPU seconds
_MOST_HELD = 10_000_000  # of one person, one draw: 160 MB
_LOW, _HIGH = 5.0, 95.0


@dataclass(frozen=True, slots=True)
class Pool:
    """What arrived on certain days of the past: day (which of them), person, time of the day, worth."""

    days: int
    day: Indices
    person: Indices
    time_us: Indices
    worth: Numbers


class Paths:
    """Coming days, each of which brings what one day of the pool brought; drawn so many times side by side.

    Every person's sum is carried on as the two parts of K, so a day costs the same however much has arrived before it.
    """

    def __init__(self, pool: Pool, tau: Numbers, strange: Numbers, days: int) -> None:
        self._who, place = np.unique(pool.person, return_inverse=True)
        self._tau, self._strange = tau[self._who], strange[self._who]
        size = max(1, len(self._who))
        draws = min(_DRAWS, _MOST_SUMS // (size * days), _MOST_HELD // size)
        draws = max(draws, _FEWEST_DRAWS)
        self._drawn = np.random.default_rng(2011).integers(pool.days, size=(draws, days))
        self._sums = Fading(np.zeros((draws, len(self._who))), np.zeros((draws, len(self._who))), 0)
        self._scores: list[Numbers] = []
        left = parts(1 - pool.time_us / DAY_US)  # at the end of that day
        order = np.argsort(pool.day, kind="stable")
        cuts = np.searchsorted(pool.day[order], np.arange(1, pool.days))
        self._came = [_added(place[some], *(pool.worth[some] * part[some] for part in left))
                      for some in np.split(order, cuts)]  # fmt: skip

    def day_ends(self, x: Numbers, at_least: Mass) -> None:
        """The end of the next day, the first time of the day at which all begins: x and T and X without arrivals."""
        day = len(self._scores)
        if day:
            self._sums.forward(day * DAY_US)
            for draw, of_pool in enumerate(self._drawn[:, day - 1].tolist()):
                who, fast, slow = self._came[of_pool]
                self._sums.fast[draw, who] += fast
                self._sums.slow[draw, who] += slow
        gained = capped(self._sums.worth())  # g(x + y) - g(x) = exp(-x) * g(y)
        still = np.exp(-x[self._who])
        known = at_least.known + gained @ (still * self._tau)
        strangers = at_least.strangers + gained @ (still * self._strange)
        pairs = zip(known.tolist(), strangers.tolist(), strict=True)
        self._scores.append(np.array([score(Mass(t, s).whole) for t, s in pairs]))

    def expected(self) -> Numbers:
        """Mean, low and high of the score at the end of each day; shape (3, days)."""
        paths = np.stack(self._scores, axis=1)
        return np.stack([paths.mean(axis=0), *np.percentile(paths, [_LOW, _HIGH], axis=0)])


def _added(place: Indices, fast: Numbers, slow: Numbers) -> tuple[Indices, Numbers, Numbers]:
    """The sums of each person once."""
    who, of = np.unique(place, return_inverse=True)
    return who, sums(of, fast, len(who)), sums(of, slow, len(who))
