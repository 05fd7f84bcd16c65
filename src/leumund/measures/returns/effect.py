"""Whether more customers came after weeks with more of something: a small Bayesian model, summed exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

HALF_LIVES_WEEKS = (1.0, 2.0, 4.0, 8.0, 13.0)
"""How long a week may echo; all are thought equally likely before."""
PRIOR_SD = 0.5
"""Before anything is counted: by what the weeks with one standard deviation more of it differ, on the log scale."""
LEAST_WEEKS = 26
LEAST_CUSTOMERS = 5
LEAST_LEARNED = 0.2
"""The data say nothing unless they made the standard deviation smaller by so much."""
_GRID = np.linspace(-3.0, 3.0, 241)
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of one predictor: the logarithm of by how many times more came after weeks with one sd more of it.

    mean, sd, low, high (90 %) after; prior_sd before; half_life_weeks: the likeliest one.
    """

    mean: float
    sd: float
    low: float
    high: float
    half_life_weeks: float
    prior_sd: float = PRIOR_SD

    @property
    def learned(self) -> float:
        """By which share the data made the standard deviation smaller."""
        return 1 - self.sd / self.prior_sd

    @property
    def is_silent(self) -> bool:
        """Whether the data say nothing."""
        return self.learned < LEAST_LEARNED


def effects(came: Numbers, predictors: Sequence[Numbers]) -> list[Effect] | None:
    """The effects of one or two predictors on how many came, week by week.

    came_t ~ Poisson(rate * exp(sum of b_i * x_it)), x_i the fading sum of earlier weeks (not of the same week),
    standardised; b_i ~ Normal(0, .5); the rate with Jeffreys' prior is integrated out, which leaves
    exp(b . sum of x_t came_t) / (sum of exp(b . x_t))^(N + 1/2). That is summed over a grid of b and of half-lives (one for
    both predictors): no sampling, so the same weeks give the same answer.

    Gives: one effect for each predictor; None where there are too few weeks or customers, or a predictor never changed.
    """
    if not 1 <= len(predictors) <= 2:
        raise ValueError("one or two predictors")
    if len(came) < LEAST_WEEKS or came.sum() < LEAST_CUSTOMERS:
        return None
    y = came[1:]
    logs = []
    for half_life in HALF_LIVES_WEEKS:
        echoes = [standardised(echo(x, half_life)[1:]) for x in predictors]
        if any(x is None for x in echoes):
            return None
        logs.append(_log_posterior(y, [x for x in echoes if x is not None]))
    stacked = np.stack(logs)
    weight = np.exp(stacked - stacked.max())
    weight /= weight.sum()
    likeliest = HALF_LIVES_WEEKS[int(np.argmax(weight.reshape(len(logs), -1).sum(axis=1)))]
    axes = range(1, stacked.ndim)
    return [
        _effect(weight.sum(axis=tuple(a for a in range(stacked.ndim) if a != axis)), likeliest)
        for axis in axes
    ]


def _log_posterior(y: Numbers, x: Sequence[Numbers]) -> Numbers:
    total = y.sum() + 0.5
    raised = [np.exp(_GRID[:, None] * one[None, :]) for one in x]  # grid by weeks
    prior = -0.5 * (_GRID / PRIOR_SD) ** 2
    linear = [_GRID * float(one @ y) + prior for one in x]
    if len(x) == 1:
        found: Numbers = linear[0] - total * np.log(raised[0].sum(axis=1))
        return found
    both: Numbers = linear[0][:, None] + linear[1][None, :] - total * np.log(raised[0] @ raised[1].T)
    return both


def _effect(weight: Numbers, half_life: float) -> Effect:
    mean = float(weight @ _GRID)
    sd = float(np.sqrt(weight @ (_GRID - mean) ** 2))
    below = np.cumsum(weight) - weight / 2
    low, high = np.interp([_LOW, _HIGH], below, _GRID)
    return Effect(mean, sd, float(low), float(high), half_life)


def echo(x: Numbers, half_life_weeks: float) -> Numbers:
    """The mean of all earlier weeks, each weighing half as much after so many weeks more; the first has none before it.

    >>> echo(np.array([4.0, 0.0, 0.0]), 1.0).tolist()
    [0.0, 4.0, 1.3333333333333333]
    """
    kept = 0.5 ** (1 / half_life_weeks)
    found, total, weight = np.zeros(len(x)), 0.0, 0.0
    for t in range(1, len(x)):
        total, weight = kept * (total + x[t - 1]), kept * (weight + 1)
        found[t] = total / weight
    return found


def standardised(x: Numbers) -> Numbers | None:
    """With mean 0 and standard deviation 1; None where it never changes."""
    sd = float(x.std())
    if not np.isfinite(sd) or sd <= 1e-12 * max(1.0, float(np.abs(x).max(initial=0.0))):
        return None
    z: Numbers = (x - x.mean()) / sd
    return z


def shift_p(came: Numbers, x: Numbers) -> float | None:
    """How often weeks that have nothing to do with each other look as much alike: the share of all circular shifts.

    Both series are freed of their straight trend; x is faded (around the circle) with each half-life, and the largest correlation of
    all counts, for each shift anew. Holds for series that stay of one kind; a single great change tells little.

    Gives: None where there are too few weeks or nothing changes.
    """
    weeks = len(came)
    if weeks < LEAST_WEEKS:
        return None
    y, base = standardised(_straight(came)), standardised(_straight(x))
    if y is None or base is None:
        return None
    largest = np.zeros(weeks)
    for half_life in HALF_LIVES_WEEKS:
        lags = np.arange(weeks)
        kernel = np.where(lags > 0, 0.5 ** (lags / half_life), 0.0)
        faded = standardised(np.fft.irfft(np.fft.rfft(base) * np.fft.rfft(kernel), weeks))
        if faded is None:
            continue
        alike = np.fft.irfft(np.fft.rfft(y) * np.conj(np.fft.rfft(faded)), weeks) / weeks
        largest = np.maximum(largest, np.abs(alike))
    return float((largest >= largest[0] - 1e-9).mean())


def _straight(x: Numbers) -> Numbers:
    t = np.arange(len(x), dtype=np.float64)
    t -= t.mean()
    rest: Numbers = x - x.mean() - t * float(t @ x) / float(t @ t)
    return rest
