"""Chance that is the same on every machine and in every release of Python: built on one documented stream."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """A named stream of chance: the same seed and name give the same throws, whatever other streams do.

    >>> Dice(7, "people").pick("abc") == Dice(7, "people").pick("abc")
    True
    """

    def __init__(self, seed: int, name: str) -> None:
        self.roll = random.Random(f"{seed}/{name}").random  # noqa: S311  a made-up world keeps no secrets

    def chance(self, p: float) -> bool:
        """True with probability p."""
        return self.roll() < p

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, each as likely."""
        return choices[int(len(choices) * self.roll())]

    def some(self, choices: Sequence[T], k: int) -> list[T]:
        """At most k different ones, in random order."""
        left = list(choices)
        return [left.pop(int(len(left) * self.roll())) for _ in range(min(k, len(left)))]

    def weighted(self, choices: Sequence[T], cumulative: Sequence[float]) -> T:
        """One of them, by running sums of weights."""
        wanted = self.roll() * cumulative[-1]
        low, high = 0, len(choices) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if cumulative[middle] <= wanted else (low, middle)
        return choices[low]

    def between(self, low: float, high: float) -> float:
        """Evenly from low to high."""
        return low + (high - low) * self.roll()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int((high - low + 1) * self.roll())

    def normal(self) -> float:
        """Standard normal (Box-Muller)."""
        return math.sqrt(-2 * math.log(1 - self.roll())) * math.cos(2 * math.pi * self.roll())

    def lognormal(self, median: float, spread: float) -> float:
        """Log-normal with that median; spread is the standard deviation of its logarithm."""
        return median * math.exp(spread * self.normal())

    def poisson(self, mean: float) -> int:
        """A count with that mean (for small means)."""
        limit, product, n = math.exp(-mean), self.roll(), 0
        while product > limit:
            product *= self.roll()
            n += 1
        return n
