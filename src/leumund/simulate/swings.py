"""How liveliness and business swing from week to week."""

from __future__ import annotations

from math import cos, log1p, pi
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leumund.simulate.dice import Dice

Course = Literal["wandering", "growing", "yearly", "moody"]
"""How liveliness and business go when they have nothing to do with each other: liveliness by turns; both ever upwards as well;
both by season as well; business by turns of its own as well."""

MEMORY_WEEKS = 60 / 7


def common(course: Course, week: int, weeks: int) -> float:
    """What time alone does to both, on the log scale."""
    if course == "growing":
        return 1.5 * (week / weeks - 0.5)
    return 0.5 * cos(2 * pi * week / 52.18) if course == "yearly" else 0.0


def wave(dice: Dice, weeks: int, kept: float = 0.85, sd: float = 0.7) -> list[float]:
    """Good times and bad ones, on the log scale: what is there fades by half in four weeks."""
    now, found = dice.normal() * sd, []
    for _week in range(weeks):
        found.append(now)
        now = kept * now + sd * (1 - kept**2) ** 0.5 * dice.normal()
    return found


def fading(acts: Sequence[int]) -> Iterator[float]:
    """The logarithm of a sum of acts that fades, half in sixty days, at each week's end."""
    kept, mass = 0.5 ** (1 / MEMORY_WEEKS), 0.0
    for number in acts:
        mass = kept * mass + number
        yield log1p(mass)


def echo(x: Sequence[float], half_life_weeks: float) -> list[float]:
    """The mean of all earlier weeks, fading."""
    kept = 0.5 ** (1 / half_life_weeks)
    found, total, weight = [x[0]], 0.0, 0.0
    for t in range(1, len(x)):
        total, weight = kept * (total + x[t - 1]), kept * (weight + 1)
        found.append(total / weight)
    return found


def standardised(x: Sequence[float]) -> list[float]:
    """With mean 0 and standard deviation 1, but for the first week, before which nothing is known."""
    mean, sd = fmean(x[1:]), pstdev(x[1:])
    return [(one - mean) / sd for one in x]


def poisson(dice: Dice, mean: float) -> int:
    """A count with that mean, however large."""
    found = 0
    while mean > 20:
        found, mean = found + dice.poisson(20), mean - 20
    return found + dice.poisson(mean)
