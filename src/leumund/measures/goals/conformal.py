"""How far off past forecasts were: the width of the next ones is corrected by it."""

from __future__ import annotations

import numpy as np

from leumund.measures.goals.curves import Curve, Numbers
from leumund.measures.goals.growth import LEAST_WEEKS, Growth

HORIZONS = (4, 8, 12)
LEVEL = 0.8
USUAL = 1.48  # the deviation in spreads that 80 of 100 forecasts of real curves keep within
WIDER = 1.3  # of what was simulated, for curves unlike those it was fitted to
TRUST = 10.0  # independent past forecasts that weigh as much as all other curves together
_LEAST = 0.2
_FEW = 15.0  # people: where forecasts differ by fewer, whole numbers make intervals hold more often anyway


def deviations(curve: Curve, growth: Growth, weeks: int) -> Numbers:
    """How far the counts were from the expected ones so many weeks after each origin, in spreads; unknown ones left out.

    Each forecast used what was known then.
    """
    origins = np.arange(LEAST_WEEKS, curve.weeks - weeks + 1)
    if not len(origins):
        return np.zeros(0)
    then, before = curve.counts[origins + weeks], curve.counts[origins]
    off = (then - before - growth.rate[origins - 1] * weeks) / growth.spread(weeks)[origins - 1]
    return off[~np.isnan(off)]


def width(curve: Curve, growth: Growth) -> float:
    """By how much the deviations of simulated courses from their middle are to be multiplied.

    The logarithm of how far past forecasts missed, against what is usual, drawn towards the usual while they are few;
    forecasts of overlapping weeks are not counted as independent.
    """
    told, weight = 0.0, TRUST
    for weeks in HORIZONS:
        off = np.abs(deviations(curve, growth, weeks))
        if len(off):
            many = len(off) / weeks
            told += many * float(np.log(max(float(np.quantile(off, LEVEL)), _LEAST) / USUAL))
            weight += many
    size = float(growth.spread(HORIZONS[-1])[-1])
    wider = 1 + (WIDER - 1) * size / (size + _FEW)
    return wider * float(np.exp(told / weight))
