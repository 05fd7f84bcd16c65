"""Plain ways to forecast a curve, for comparison: each gives equally likely counts, as many as there are shares below."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from leumund.measures.goals.curves import Curve, Numbers

SHARES: Numbers = (np.arange(99) + 0.5) / 99
LAST = 8
_MOST = 20.0

Baseline = Callable[[Curve, int], Numbers]


@cache
def _normal() -> Numbers:
    from scipy.special import ndtri

    found: Numbers = ndtri(SHARES)
    return found


def last_8_weeks(curve: Curve, weeks: int) -> Numbers:
    """The mean weekly gain of the last eight weeks goes on; normal, with the mean's own uncertainty."""
    gains = curve.gains[-LAST:]
    spread = float(gains.std(ddof=1)) if len(gains) > 1 else 0.0
    off = spread * math.sqrt(weeks + weeks**2 / max(1, len(gains)))
    found: Numbers = curve.now + weeks * float(gains.mean()) + off * _normal()
    return found


def log_linear(curve: Curve, weeks: int) -> Numbers:
    """A straight line through the logarithm of all counts, with the spread of what lies around it: the trap."""
    there = np.flatnonzero(~np.isnan(curve.counts))
    logs = np.log1p(curve.counts[there])
    slope, start = np.polyfit(there, logs, 1)
    spread = float((logs - start - slope * there).std(ddof=2)) if len(there) > 2 else 0.0
    ahead = start + slope * (curve.weeks + weeks)
    found: Numbers = np.expm1(np.clip(ahead + spread * _normal(), -1, logs[-1] + _MOST))
    return found


BASELINES: dict[str, Baseline] = {"last_8_weeks": last_8_weeks, "log_linear": log_linear}
