"""Possible courses of a curve: weekly gains and losses drawn again and again, with a seed that is always the same."""

from __future__ import annotations

import math

import numpy as np

from leumund.measures.goals.curves import Numbers
from leumund.measures.goals.growth import Growth

DRAWS = 2000
SEED = 2011
STEADY = 0.998  # what is left of a rate after a week
_TO_SIGMA = 1.25  # a normal deviation's standard deviation over its mean size
_MOST = 1e12


def courses(growth: Growth, now: float, weeks: int, *, draws: int = DRAWS, seed: int = SEED) -> Numbers:
    """What the count may be after each of the coming weeks: shape (draws, weeks). growth: of one origin.

    Each course has a rate of its own (gamma) around which its weeks are drawn (negative binomial): bursts and calm.
    """
    dice = np.random.default_rng(seed)
    gain, loss, noise = (float(one[0]) for one in (growth.gain, growth.loss, growth.noise))
    level, variance = float(growth.level()[0]), (_TO_SIGMA * noise) ** 2
    fading: Numbers = STEADY ** np.arange(weeks, dtype=np.float64)
    steps = np.zeros((draws, weeks))
    for sign, rate in ((1.0, gain), (-1.0, loss)):
        if rate > 0:
            share = rate / (gain + loss)
            steps += sign * _weekly(
                dice, rate * fading, level * math.sqrt(share) / rate, variance * share / rate**2, draws
            )
    return np.maximum(0.0, now + np.cumsum(steps, axis=1))


def _weekly(dice: np.random.Generator, mean: Numbers, level: float, noise: float, draws: int) -> Numbers:
    """So many in each week: negative binomial around a mean that is gamma.

    level: standard deviation of the rate, as a share of it. noise: variance of a week, as a share of the rate squared.
    """
    drawn = mean * dice.gamma(level**-2, level**2, (draws, 1))
    extra = noise - 1 / mean[0]  # the rest is Poisson's
    if extra > 0:
        drawn = drawn * dice.gamma(1 / extra, extra, drawn.shape)
    return dice.poisson(np.minimum(drawn, _MOST)).astype(np.float64)
