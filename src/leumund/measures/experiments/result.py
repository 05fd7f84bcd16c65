"""What an experiment showed, from its weeks alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from leumund.measures.experiments.design import LEAST_PAIRS, Week
from leumund.measures.experiments.power import log_ratio
from leumund.measures.experiments.signs import LEVEL, Numbers, interval, p_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The result of the finished pairs. differences: one for each; effect: by how many times more with the change, low
    and high: those that the test leaves possible (95 %), None where it rejects none; on, off: mean of a week.
    """

    differences: Numbers
    on: float
    off: float
    effect: float
    low: float | None
    high: float | None
    p: float

    @property
    def is_seen(self) -> bool:
        """Whether chance alone makes as much in at most 5 of 100 experiments."""
        return self.p <= LEVEL

    @property
    def error(self) -> float:
        """The standard error of the mean difference; from few pairs it is known badly, so never below half of what two
        weeks of that size differ by chance.
        """
        n = len(self.differences)
        by_chance = float(np.sqrt((1 / (self.on + 0.5) + 1 / (self.off + 0.5)) / n)) / 2
        return max(float(self.differences.std(ddof=1)) / float(np.sqrt(n)), by_chance)


def over(weeks: Sequence[Week], until: datetime) -> tuple[Week, ...]:
    """The weeks of those pairs of which both weeks are over, and nothing of them is later."""
    last = {w.pair: max(v.monday for v in weeks if v.pair == w.pair) for w in weeks}
    return tuple(w for w in weeks if last[w.pair] + timedelta(days=7) <= until.date())


def found(weeks: Sequence[Week], counts: Mapping[date, int]) -> Found | None:
    """What these weeks (whole pairs) showed; None with fewer than six pairs."""
    pairs = sorted({w.pair for w in weeks})
    if len(pairs) < LEAST_PAIRS:
        return None
    on, off = (
        np.array([float(counts[w.monday]) for p in pairs for w in weeks if w.pair == p and w.on is which])
        for which in (True, False)
    )
    differences = log_ratio(on, off)
    low, high = interval(differences)
    return Found(
        differences=differences,
        on=float(on.mean()),
        off=float(off.mean()),
        effect=float(np.exp(differences.mean())),
        low=float(np.exp(low)) if np.isfinite(low) else None,
        high=float(np.exp(high)) if np.isfinite(high) else None,
        p=p_value(differences),
    )
