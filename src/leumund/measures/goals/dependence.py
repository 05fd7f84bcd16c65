"""What a weekly gain goes with: quasi-Poisson regression, with an interval that allows for weeks that resemble each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.goals.curves import Numbers

LEVEL = 0.9
_LAGS = 4
_STEPS = 60
_STEEPEST = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticity:
    """If the factor doubles, the gain is multiplied by 2 ** value; 0: it does not depend on it, 1: it doubles too."""

    value: float
    low: float
    high: float


def elasticities(gain: Numbers, factors: Numbers) -> list[Elasticity] | None:
    """How the mean gain goes with each factor, the others held: log E[gain] = a + sum of b * log(factor).

    gain: by week, may be negative now and then; factors: shape (weeks, factors), above 0. Intervals of 90 %: sandwich
    with Bartlett weights over four weeks (Newey and West 1987) and leverage taken off, the wider of it and the plain
    quasi-Poisson one, Student's t. None where it cannot be fitted: no gain,
    or a factor that hardly moves.
    """
    weeks, many = factors.shape
    if gain.sum() <= 0 or weeks <= many + 2:
        return None
    logs = np.log(factors)
    centre, size = logs.mean(axis=0), logs.std(axis=0)
    if (size < 1e-3).any():
        return None
    design = np.column_stack([np.ones(weeks), (logs - centre) / size])
    found = _fitted(gain, design)
    if found is None:
        return None
    values, mean = found
    bread = np.linalg.pinv(design.T @ (design * mean[:, None]))
    pull = np.minimum(mean * np.einsum("ij,jk,ik->i", design, bread, design), 0.9)
    score = (
        design * ((gain - mean) / (1 - pull))[:, None]
    )  # a week that draws the line to itself lies farther off
    meat = score.T @ score
    for lag in range(1, min(_LAGS, weeks - 1) + 1):
        across = score[lag:].T @ score[:-lag]
        meat += (1 - lag / (_LAGS + 1)) * (across + across.T)
    free = weeks - many - 1
    plain = np.diag(bread) * float((score[:, 0] ** 2 / mean).mean()) * weeks / free
    errors = np.sqrt(np.maximum(plain, np.diag(bread @ meat @ bread) * weeks / free))
    far = errors * _student(free)
    return [
        Elasticity(value=float(values[i] / size[i - 1]), low=float((values[i] - far[i]) / size[i - 1]),
                   high=float((values[i] + far[i]) / size[i - 1]))
        for i in range(1, many + 1)
    ]  # fmt: skip


def _fitted(gain: Numbers, design: Numbers) -> tuple[Numbers, Numbers] | None:
    """The coefficients and the mean of each week, by Newton's steps; None where they do not settle."""
    values: Numbers = np.zeros(design.shape[1])
    values[0] = np.log(gain.mean())
    for _step in range(_STEPS):
        mean = np.exp(np.clip(design @ values, -30, 30))
        step = np.linalg.pinv(design.T @ (design * mean[:, None])) @ (design.T @ (gain - mean))
        step *= min(1.0, 1.0 / max(1e-12, float(np.abs(step).max())))
        values = values + step
        if np.abs(values[1:]).max(initial=0.0) > _STEEPEST:
            return None
        if np.abs(step).max() < 1e-8:
            return values, np.exp(design @ values)
    return None


def _student(free: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(free, (1 + LEVEL) / 2))
