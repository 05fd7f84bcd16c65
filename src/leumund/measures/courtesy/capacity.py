"""Can one keep up? Load, what piles up, and the size of the community from which one cannot thank everybody.

    rho = lambda * s / B        acts a day * minutes each / minutes a day; below 1 one keeps up
    F*  = B / (s * r)           followers at which rho is 1; r = acts a day per follower
    open(t+1) = max(0, open(t) + arrivals - B / s)      day by day, arrivals negative binomial

Intervals are of 90 %, by drawing: the rate from its Gamma posterior (widened by how unevenly acts come), the gain of
followers from the weeks there were. The draws are always the same, so a change is never chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

DRAWS: Final = 2000
AHEAD_DAYS: Final = 28
FARTHEST_WEEKS: Final = 520
MORE_MINUTES: Final = 10.0
LEVEL: Final = (0.05, 0.5, 0.95)
FEWEST_DAYS: Final = 14
FEWEST_WEEKS: Final = 4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Minutes a day that can be spent on thanks, and minutes that each takes. told: where they come from."""

    minutes_a_day: float
    minutes_each: float
    told: str = "given"

    @property
    def a_day(self) -> float:
        """So many thanks a day are possible."""
        return self.minutes_a_day / self.minutes_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What keeping up looks like; each interval is (low, middle, high), None where too little is known.

    rate: acts a day; load: rho; thanked: the share that can be thanked; backlog: open in four weeks, if nothing changes;
    community: followers at which rho is 1; weeks: until the followers are so many (inf: not in ten years).
    """

    rate: float
    load: float
    load_low: float
    load_high: float
    thanked: float
    backlog: tuple[float, float, float]
    community: tuple[float, float, float] | None
    weeks: tuple[float, float, float] | None


def load(rate: float, budget: Budget) -> float:
    """The load, rho.

    >>> load(6, Budget(minutes_a_day=15, minutes_each=2))
    0.8
    """
    return rate * budget.minutes_each / budget.minutes_a_day


def keeping(
    days: Numbers, budget: Budget, *, open_now: int, followers: float | None, gains: Numbers, seed: int = 1
) -> Keeping | None:
    """days: acts of each of the last days; gains: followers won in each of the last weeks. None: too few days."""
    if len(days) < FEWEST_DAYS:
        return None
    dice = np.random.default_rng(seed)
    rates, spread = _rates(days, dice)
    rate = float(days.mean())
    low, _middle, high = _three(load_of := rates * budget.minutes_each / budget.minutes_a_day)
    backlog = _three(_ahead(rates, spread, budget, open_now, dice))
    community, weeks = None, None
    if followers and followers > 0 and rate > 0:
        sizes = followers / load_of
        community = _three(sizes)
        weeks = _weeks(sizes, followers, gains, dice)
    rho = load(rate, budget)
    return Keeping(
        rate=rate, load=rho, load_low=min(low, rho), load_high=max(high, rho), thanked=min(1.0, 1 / rho) if rho > 0 else 1.0,
        backlog=backlog, community=community, weeks=weeks,
    )  # fmt: skip


def _rates(days: Numbers, dice: np.random.Generator) -> tuple[Numbers, float]:
    """Draws of the rate, and how much more unevenly acts come than by chance (1: by chance alone)."""
    mean = float(days.mean())
    spread = max(1.0, float(days.var(ddof=1)) / mean) if mean > 0 else 1.0
    return dice.gamma((days.sum() + 0.5) / spread, spread / len(days), DRAWS), spread


def _ahead(
    rates: Numbers, spread: float, budget: Budget, open_now: int, dice: np.random.Generator
) -> Numbers:
    """Open thanks after four weeks in each draw, counted in whole and part thanks."""
    still = np.full(DRAWS, float(open_now))
    for _day in range(AHEAD_DAYS):
        mean = rates if spread <= 1.0 + 1e-9 else dice.gamma(rates / (spread - 1), spread - 1)
        still = np.maximum(0.0, still + dice.poisson(np.minimum(mean, 1e6)) - budget.a_day)
    return still


def _weeks(
    sizes: Numbers, followers: float, gains: Numbers, dice: np.random.Generator
) -> tuple[float, float, float] | None:
    """Weeks until the followers are so many, 0 where they already are; infinite where they do not become so many."""
    if len(gains) < FEWEST_WEEKS:
        return None
    drawn = gains[dice.integers(0, len(gains), (DRAWS, len(gains)))].mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weeks = np.where(sizes <= followers, 0.0, np.where(drawn > 0, (sizes - followers) / drawn, np.inf))
    weeks = np.where(weeks > FARTHEST_WEEKS, np.inf, weeks)
    return _three(weeks)


def _three(draws: Numbers) -> tuple[float, float, float]:
    low, middle, high = np.quantile(draws, LEVEL, method="inverted_cdf")
    return float(low), float(middle), float(high)
