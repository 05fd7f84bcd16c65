"""How likely an experiment is to see an effect that is there: simulated before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from leumund.measures.experiments.signs import LEVEL, Numbers

Whole = npt.NDArray[np.int64]

USUAL_SPREAD = 30.0
"""Size of the negative binomial where nothing is known of one's own weeks: at twenty responses a week their
variance is two thirds larger than chance alone would make it."""
LEAST_WEEKS = 12
_LISTED = 12  # so many pairs: all 4,096 ways are gone through; beyond that as many are drawn
_RUNS = 4_000
_AT_ONCE = 1_000


def power(mean: float, pairs: int, ratio: float, *, spread: float = USUAL_SPREAD, runs: int = _RUNS) -> float:
    """The share of made-up experiments whose p-value is at most .05.

    Weeks are negative binomial: mean * ratio with the change, mean without, variance m + m^2 / spread.

    Args:
        mean: of the outcome in a counted week without the change. ratio: 1.5 for half as many again.
    """
    dice = np.random.default_rng(2011)
    kept = 0
    signs = _signs(pairs, dice)
    for _i in range(0, runs, _AT_ONCE):
        off, on = (_draw(dice, m, spread, (_AT_ONCE, pairs)) for m in (mean, mean * ratio))
        kept += int((p_values(log_ratio(on, off), signs) <= LEVEL).sum())
    return kept / (-(-runs // _AT_ONCE) * _AT_ONCE)


def log_ratio(on: Numbers | Whole, off: Numbers | Whole) -> Numbers:
    """What is compared in each pair: log((on + .5) / (off + .5))."""
    return np.log((on + 0.5) / (off + 0.5))


def p_values(differences: Numbers, signs: Numbers) -> Numbers:
    """The sign-flip test of many experiments (rows) at once, over these ways the coins could have fallen (columns)."""
    found = np.abs(differences.sum(axis=1))[:, None]
    slack = 1e-9 * np.abs(differences).sum(axis=1)[:, None]
    share: Numbers = (np.abs(differences @ signs) >= found - slack).mean(axis=1)
    return share


def _signs(pairs: int, dice: np.random.Generator) -> Numbers:
    """All ways the coins could have fallen, or as many drawn ones with the one that was (all +1) among them."""
    if pairs <= _LISTED:
        return np.array(list(product((1.0, -1.0), repeat=pairs))).T
    drawn = dice.choice([1.0, -1.0], size=(pairs, 2**_LISTED))
    drawn[:, 0] = 1.0
    return drawn


def _draw(dice: np.random.Generator, mean: float, spread: float, shape: tuple[int, int]) -> Whole:
    return dice.poisson(dice.gamma(spread, mean / spread, shape) if np.isfinite(spread) else mean, shape)


def weekly_spread(counts: Numbers) -> tuple[float, float] | None:
    """Mean and spread of one's own weeks as `power` takes them; None where too few are known.

    From the differences of neighbouring weeks, which a slow rise does not touch: their mean square is
    2 * (m + m^2 / spread). Weeks steadier than chance count as chance (spread inf).
    """
    if len(counts) < LEAST_WEEKS or not counts.any():
        return None
    mean = float(counts.mean())
    more = float((np.diff(counts) ** 2).mean()) / 2 - mean
    return mean, mean**2 / more if more > 0 else np.inf


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an experiment of so many pairs would see. mean: of a week; own: whether both are taken from one's own weeks;
    seen: by how many times more -> the share of experiments that see it; enough: the least pairs that see half as many again four times
    in five, None where a year is not enough.
    """

    mean: float
    own: bool
    pairs: int
    seen: Mapping[float, float]
    enough: int | None


RATIOS = (1.25, 1.5, 2.0)
USUAL_MEAN = 20.0
_ENOUGH = 0.8
_TRIED = (6, 8, 10, 12, 16, 20, 26)
_FEW_RUNS = 2_000


def outlook(counts: Numbers, pairs: int) -> Outlook:
    """What may be seen with so many pairs, by one's own weeks or, where too few of them are known, by twenty a week."""
    own = weekly_spread(counts)
    mean, spread = own or (USUAL_MEAN, USUAL_SPREAD)
    seen = {ratio: power(mean, pairs, ratio, spread=spread, runs=_FEW_RUNS) for ratio in RATIOS}
    enough = next((n for n in _TRIED if power(mean, n, 1.5, spread=spread, runs=_AT_ONCE) >= _ENOUGH), None)
    return Outlook(mean, own is not None, pairs, seen, enough)
