"""Whether more customers came after weeks with more of something: a small Bayesian model, summed exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.measures.returns.knowing import WEEKS_A_YEAR

Numbers = npt.NDArray[np.float64]

HALF_LIVES_WEEKS = (1.0, 2.0, 4.0, 8.0, 13.0)
"""How long a week may echo; all are thought equally likely before."""
PRIOR_SD = 0.5
"""Before anything is counted: by what the weeks with one standard deviation more of it differ, on the log scale."""
LEAST_WEEKS = 26
LEAST_CUSTOMERS = 5
LEAST_LEARNED = 0.2
"""The data say nothing unless they made the standard deviation smaller by so much."""
SEASONS_SD = 1.0
_GRID = np.linspace(-3.0, 3.0, 121)
_STEPS = 50
_LOW, _HIGH = 0.05, 0.95
_LEAST_FOR_A_YEAR = 60


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

    came_t ~ Poisson(rate * exp(sum of b_i * x_it + sum of c_k * s_kt)), x_i the fading sum of earlier weeks (not of the
    same week), standardised; s_k what time alone does (see `seasons`): without it two rises look like one; b_i ~ Normal(0, .5),
    c_k ~ Normal(0, 1); the rate with Jeffreys' prior is integrated out, which leaves
    exp((b . x + c . s) . came) / (sum of exp(b . x_t + c . s_t))^(N + 1/2). That is summed over a grid of each b and of
    half-lives (one for both predictors), all others integrated by Laplace's method: no sampling, so the same weeks give the same answer.

    Gives: one effect for each predictor; None where there are too few weeks or customers, or a predictor never changed.
    """
    if not 1 <= len(predictors) <= 2:
        raise ValueError("one or two predictors")
    if len(came) < LEAST_WEEKS or came.sum() < LEAST_CUSTOMERS:
        return None
    y, slow = came[1:], seasons(len(came) - 1)
    logs: list[list[Numbers]] = [[] for _x in predictors]
    for half_life in HALF_LIVES_WEEKS:
        echoes = [standardised(echo(x, half_life)[1:]) for x in predictors]
        known = [x for x in echoes if x is not None]
        if len(known) < len(echoes):
            return None
        for at, x in enumerate(known):
            others = np.vstack([*known[:at], *known[at + 1 :], slow])
            sds = np.array([PRIOR_SD] * (len(known) - 1) + [SEASONS_SD] * len(slow))
            logs[at].append(_log_posterior(y, x, others, sds))
    return [_effect(np.stack(one)) for one in logs]


def _log_posterior(y: Numbers, x: Numbers, others: Numbers, sds: Numbers) -> Numbers:
    """Of the coefficient of x, on the grid, the coefficients of all others (terms by weeks) integrated out."""
    total, toward, precision = y.sum() + 0.5, others @ y, np.diag(sds**-2.0)
    fixed = _GRID[:, None] * x[None, :]
    c = np.zeros((len(_GRID), len(others)))
    for _step in range(
        _STEPS
    ):  # Newton's: the sum is concave; each step at most 1 long, since it starts far off
        p, _value = _weights(fixed + c @ others)
        mean = p @ others.T
        curve = total * _covariance(p, mean, others) + precision
        step = np.linalg.solve(curve, (toward - total * mean - c @ precision)[:, :, None])[:, :, 0]
        step *= np.minimum(1.0, 1.0 / np.maximum(np.linalg.norm(step, axis=1), 1e-12))[:, None]
        c += step
        if np.abs(step).max() < 1e-7:
            break
    p, value = _weights(fixed + c @ others)
    curve = total * _covariance(p, p @ others.T, others) + precision
    found: Numbers = (
        c @ toward - total * value - 0.5 * ((c @ precision) * c).sum(axis=1) - 0.5 * np.linalg.slogdet(curve)[1]
        + _GRID * float(x @ y) - 0.5 * (_GRID / PRIOR_SD) ** 2
    )  # fmt: skip
    return found


def _weights(eta: Numbers) -> tuple[Numbers, Numbers]:
    """exp(eta) as shares of their sum over the weeks, and the logarithm of that sum."""
    most = eta.max(axis=1, keepdims=True)
    raised = np.exp(eta - most)
    sums = raised.sum(axis=1, keepdims=True)
    return raised / sums, (np.log(sums) + most)[:, 0]


def _covariance(p: Numbers, mean: Numbers, others: Numbers) -> Numbers:
    """Of the other terms, weeks weighing p; grid by terms by terms."""
    products = (others[:, None, :] * others[None, :, :]).reshape(-1, others.shape[1])
    found: Numbers = (p @ products.T).reshape(len(p), len(others), -1) - mean[:, :, None] * mean[:, None, :]
    return found


def _effect(logs: Numbers) -> Effect:
    """From the logarithms of the posterior, half-lives by grid."""
    weights = np.exp(logs - logs.max())
    half_life = HALF_LIVES_WEEKS[int(np.argmax(weights.sum(axis=1)))]
    weight = weights.sum(axis=0) / weights.sum()
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


def seasons(weeks: int) -> Numbers:
    """What time alone does, terms by weeks, each with mean square 1: a straight trend and, from 60 weeks on, the year's swing."""
    t = np.arange(weeks) - (weeks - 1) / 2
    terms = [t / np.sqrt((t * t).mean())]
    if weeks >= _LEAST_FOR_A_YEAR:
        angle = 2 * np.pi * t / WEEKS_A_YEAR
        terms += [np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)]
    return np.array(terms)


def shift_p(came: Numbers, x: Numbers, *, signed: bool = True) -> float | None:
    """How often weeks that have nothing to do with each other look as much alike: the share of all circular shifts.

    Both series are freed of what time alone does; x is faded (around the circle) with each half-life, and the largest correlation of
    all counts, for each shift anew. Holds for series that stay of one kind; a single great change tells little.

    signed: only being alike counts; else being opposite as well.

    Gives: None where there are too few weeks or nothing changes.
    """
    weeks = len(came)
    if weeks < LEAST_WEEKS:
        return None
    y, base = standardised(_freed(came)), standardised(_freed(x))
    if y is None or base is None:
        return None
    largest = np.full(weeks, -1.0)
    for half_life in HALF_LIVES_WEEKS:
        lags = np.arange(weeks)
        kernel = np.where(lags > 0, 0.5 ** (lags / half_life), 0.0)
        faded = standardised(np.fft.irfft(np.fft.rfft(base) * np.fft.rfft(kernel), weeks))
        if faded is None:
            continue
        alike = np.fft.irfft(np.fft.rfft(y) * np.conj(np.fft.rfft(faded)), weeks) / weeks
        largest = np.maximum(largest, alike if signed else np.abs(alike))
    return float((largest >= largest[0] - 1e-9).mean())


def _freed(x: Numbers) -> Numbers:
    """What is left of a series without what time alone does."""
    terms = np.vstack([np.ones(len(x)), seasons(len(x))])
    rest: Numbers = x - np.linalg.lstsq(terms.T, x, rcond=None)[0] @ terms
    return rest
