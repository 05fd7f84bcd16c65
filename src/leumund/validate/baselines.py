"""Plain ways to forecast a curve, for comparison: each gives equally likely counts."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from leumund.measures.goals.curves import Curve, Numbers
from leumund.measures.goals.naive import last_8_weeks, normal

_MOST = 20.0
_LEVELS = [round(2 * abs(p - 50), 6) for p in range(51, 100, 2)]

Baseline = Callable[[Curve, int], Numbers]


def log_linear(curve: Curve, weeks: int) -> Numbers:
    """A straight line through the logarithm of all counts, with the spread of what lies around it: the trap."""
    there = np.flatnonzero(~np.isnan(curve.counts))
    logs = np.log1p(curve.counts[there])
    slope, start = np.polyfit(there, logs, 1)
    spread = float((logs - start - slope * there).std(ddof=2)) if len(there) > 2 else 0.0
    ahead = start + slope * (curve.weeks + weeks)
    found: Numbers = np.expm1(np.clip(ahead + spread * normal(), -1, logs[-1] + _MOST))
    return found


def auto_ets(curve: Curve, weeks: int) -> Numbers:
    """AutoETS of statsforecast on the weekly counts, gaps filled with a line, as 51 equally likely counts."""
    from statsforecast.models import AutoETS

    counts = curve.now - np.append(np.cumsum(curve.gains[::-1])[::-1], 0.0)
    told = AutoETS(season_length=1).forecast(y=counts, h=weeks, level=_LEVELS)
    return np.sort(np.array([told[name][-1] for name in told if name != "fitted"], np.float64))


def known_baselines() -> dict[str, Baseline]:
    """All of them; AutoETS where its package is installed, which only benchmarks need."""
    return {**BASELINES, "auto_ets": auto_ets} if find_spec("statsforecast") else BASELINES


BASELINES: dict[str, Baseline] = {"last_8_weeks": last_8_weeks, "log_linear": log_linear}
