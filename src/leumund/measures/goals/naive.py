"""The plain way to forecast: the last eight weeks go on. What a forecast is worth is told against it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from leumund.measures.goals.curves import Curve, Numbers

SHARES: Numbers = (np.arange(99) + 0.5) / 99
LAST = 8


def last_8_weeks(curve: Curve, weeks: int) -> Numbers:
    """99 equally likely counts: the mean weekly gain goes on; normal, with the mean's own uncertainty."""
    gains = curve.gains[-LAST:]
    spread = float(gains.std(ddof=1)) if len(gains) > 1 else 0.0
    off = spread * math.sqrt(weeks + weeks**2 / max(1, len(gains)))
    found: Numbers = curve.now + weeks * float(gains.mean()) + off * normal()
    return found


@cache
def normal() -> Numbers:
    """The quantiles of a standard normal distribution at these shares."""
    from scipy.special import ndtri

    found: Numbers = ndtri(SHARES)
    return found
