"""Whether high weeks are followed by high ones: a rank correlation, with an interval that knows weeks resemble their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np

from leumund.measures.returns.effect import Numbers, shift_p

LEAST_WEEKS = 26
_REACH = 1.6449  # 90 % of a normal distribution lie within so many standard deviations
_LAGS = 26


@dataclass(frozen=True, slots=True)
class Alike:
    """How much earlier weeks foretell later ones. rank: Spearman's correlation with the week after; low, high: 90 %;
    p: by circular shifts.
    """

    rank: float
    low: float
    high: float
    p: float | None
    weeks: int


def alike(before: Numbers, after: Numbers) -> Alike | None:
    """Whether a high week is followed by a high one; None with fewer than 26 pairs of weeks, or where nothing changes.

    The interval is that of Fisher's transformation, its variance 1.06 / (n - 3) with as many weeks as would be
    worth as much if no week resembled the one before: n = weeks / (1 + 2 sum of r_k s_k), r and s the autocorrelations.

    Source: Fieller, Hartley and Pearson 1957 (1.06), Bartlett 1935 and Quenouille 1947 (n).
    """
    here, there = before[:-1], after[1:]
    known = ~(np.isnan(here) | np.isnan(there))
    if known.sum() < LEAST_WEEKS or len(set(here[known])) < 2 or len(set(there[known])) < 2:
        return None
    from scipy import stats  # heavy: only who asks waits

    x, y = stats.rankdata(here[known]), stats.rankdata(there[known])
    rank = float(np.corrcoef(x, y)[0, 1])
    reach = _REACH * sqrt(1.06 / (_worth(x, y) - 3))
    z = atanh(max(-0.999, min(0.999, rank)))
    p = None if before is after or not known.all() else shift_p(after, before, signed=False)
    return Alike(rank, tanh(z - reach), tanh(z + reach), p, int(known.sum()))


def _worth(x: Numbers, y: Numbers) -> float:
    """How many weeks that do not resemble each other would tell as much; at least 4."""
    n = len(x)
    lags = np.arange(1, min(_LAGS, n // 3) + 1)
    r, s = (_like_itself(one, lags) for one in (x, y))
    more = 1 + 2 * float(((1 - lags / n) * r * s).sum())
    return max(4.0, min(float(n), n / max(more, 1e-9)))


def _like_itself(x: Numbers, lags: np.ndarray) -> Numbers:
    z = x - x.mean()
    return np.array([float(z[:-k] @ z[k:]) for k in lags.tolist()]) / float(z @ z)
