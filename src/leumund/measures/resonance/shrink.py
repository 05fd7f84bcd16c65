"""Rates of groups, each drawn towards the rate of all: as far as chance may have made it what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LOWEST, HIGHEST = 0.05, 0.95
"""The ends of the 90 % interval."""

_SPREADS = np.geomspace(0.02, 3.0, 32)
_USUAL_SPREAD = 0.5
_SHUFFLES = 499
_DOUBT = 0.25
_APART = 1.6449  # 95 % of a normal distribution lie below
_LEAST_FREE = 10
_BELIEF = 4.0  # how many posts of a group it takes to believe what they say of their own scatter as much


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """One entry for each group. usual: the rate of all; value, low, high: what the group's true rate may be.

    variance: of the value. chance: how often groups that are all alike would differ as much, 0 to 1.
    """

    usual: float
    value: Numbers
    low: Numbers
    high: Numbers
    variance: Numbers
    chance: float

    @property
    def verdicts(self) -> list[str]:
        """Of each group more, less or unclear: on which side of the usual rate its whole interval lies.

        All unclear where chance alone would often make groups differ as much. Where all are alike, one or more of them
        was called more or less in at most 1 of 100 made-up worlds.
        """
        if self.chance >= _DOUBT:
            return ["unclear"] * len(self.value)
        said = np.where(self.low > self.usual, "more", np.where(self.high < self.usual, "less", "unclear"))
        return [str(word) for word in said]

    def like(self, first: int) -> int:
        """How many groups, the first included, cannot be told from the first one."""
        if set(self.verdicts) <= {"unclear"}:
            return len(self.value)
        gap = self.value[first] - self.value
        return int(np.sum(gap < _APART * np.sqrt(self.variance[first] + self.variance)))


def shrink(
    counts: Numbers, exposure: Numbers, *, scatter: Numbers | float = 1.0, chance: float = 1.0
) -> Shrunk:
    """Draw the rate counts / exposure of each group towards the rate of all.

    counts / scatter ~ Poisson(rate * exposure / scatter); rate ~ Gamma with mean usual = sum(counts) / sum(exposure)
    and standard deviation s * usual; s by its likelihood (negative binomial) times a half-Cauchy prior at .5.
    value = sum over s of p(s) * (a + counts / scatter) / (b + exposure / scatter), a = 1 / s^2, b = a / usual
    low, high: the middle 90 % of a gamma distribution with the mean and the variance of that mixture; what is not
    known of `usual` widens it.

    Args:
        scatter: variance of a count over its mean (1: Poisson), of each group or of all; see `scatter_of`.
        chance: see `Shrunk`.
    Bounds: the value lies between the group's own rate and the usual one.
    """
    from scipy.special import gammaincinv, gammaln

    y, e = counts / scatter, exposure / scatter
    usual = float(counts.sum() / exposure.sum())
    a = (1 / _SPREADS**2)[None, :]
    b = a / usual
    y_, e_ = y[:, None], e[:, None]
    fits = gammaln(a + y_) - gammaln(a) + a * np.log(b / (b + e_)) - y_ * np.log(b + e_)
    prior = np.log(_SPREADS) - np.log1p((_SPREADS / _USUAL_SPREAD) ** 2)
    weight = fits.sum(axis=0) + prior
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    mean = (a + y_) / (b + e_)
    value = mean @ weight
    of_usual = usual * np.sum(exposure * scatter) / exposure.sum() ** 2  # variance of the usual rate itself
    each = (a + y_) / (b + e_) ** 2 + (b / (b + e_)) ** 2 * of_usual
    variance = (each + mean**2) @ weight - value**2
    shape, scale = value**2 / variance, variance / value
    return Shrunk(
        usual=usual,
        value=value,
        low=np.minimum(value, gammaincinv(shape, LOWEST) * scale),
        high=np.maximum(value, gammaincinv(shape, HIGHEST) * scale),
        variance=variance,
        chance=chance,
    )


def scatter_of(counts: Numbers, exposure: Numbers, at: Places, of: Places, groups: int) -> Numbers:
    """How much more the posts of each group scatter than Poisson: variance over mean, at least 1.

    Of all: Pearson's chi-square over its degrees of freedom, around the mean rate of the groups each post is in; around
    the usual rate where there are too few posts for their many groups. A group whose own posts scatter more has
    (4 * that of all + chi-square of its own) / (4 + its posts - 1): what one lucky post brought is no trait of a group.

    Args:
        at, of: each pair says that a post (its place in counts) is in a group.
    """
    sums, spans = sums_of(counts, exposure, at, of, groups)
    rate = sums / spans
    times = np.bincount(at, minlength=len(counts))
    expected = exposure * np.bincount(at, rate[of], minlength=len(counts)) / np.maximum(times, 1)
    free = len(counts) - groups
    if free < max(_LEAST_FREE, len(counts) / 4):
        expected, free = exposure * counts.sum() / exposure.sum(), len(counts) - 1
    of_all = max(1.0, float(np.sum(_squares(counts, expected))) / free) if free > 0 else 1.0
    own = np.bincount(of, _squares(counts[at], exposure[at] * rate[of]), minlength=groups)
    others = np.bincount(of, minlength=groups) - 1
    return np.asarray(np.maximum(of_all, (_BELIEF * of_all + own) / (_BELIEF + others)))


def _squares(counts: Numbers, expected: Numbers) -> Numbers:
    """Pearson's terms; where nothing is expected nothing came, and nothing scatters."""
    return np.asarray((counts - expected) ** 2 / np.where(expected > 0, expected, 1.0))


def chance_of(counts: Numbers, exposure: Numbers, at: Places, of: Places, groups: int) -> float:
    """How often groups would differ as much if posts were dealt out to them by chance: 499 shuffles, the same each time.

    Compared is the sum over groups of exposure * (rate - usual)^2. 1 where there is but one group.
    """
    if groups < 2:
        return 1.0
    usual = counts.sum() / exposure.sum()

    def apart(who: Places) -> float:
        sums, spans = sums_of(counts[who], exposure[who], at, of, groups)
        return float(np.sum((sums - usual * spans) ** 2 / spans))

    dice = np.random.default_rng(20110304)
    order = np.arange(len(counts))
    seen = apart(order) * (1 - 1e-9)
    more = sum(apart(dice.permutation(order)) >= seen for _ in range(_SHUFFLES))
    return (1 + more) / (1 + _SHUFFLES)


def chance_of_counts(counts: Numbers, exposure: Numbers) -> float:
    """How often single posts would differ as much if all were alike and counts came by Poisson: chi-square."""
    if len(counts) < 2:
        return 1.0
    from scipy.special import chdtrc

    expected = exposure * counts.sum() / exposure.sum()
    return float(chdtrc(len(counts) - 1, np.sum((counts - expected) ** 2 / expected)))


def sums_of(
    counts: Numbers, exposure: Numbers, at: Places, of: Places, groups: int
) -> tuple[Numbers, Numbers]:
    """Of each group the sum of its posts' counts, and that of their exposures; at, of: as in `scatter_of`."""
    return (
        np.bincount(of, counts[at], minlength=groups).astype(np.float64),
        np.bincount(of, exposure[at], minlength=groups).astype(np.float64),
    )
