"""What could be chance: p-values of many questions at once, and the share of false ones among those believed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

BELIEVED = 0.05
"""At most this share of what is shown may be chance, on average."""


def at_least(found: Whole, tries: Whole, chance: Numbers) -> Numbers:
    """The probability of at least so many successes in so many independent tries.

    >>> at_least(np.array([1, 2]), np.array([2, 2]), np.array([0.5, 0.5])).round(2).tolist()
    [0.75, 0.25]
    """
    from scipy import special  # heavy: only who asks for strategies waits for it

    tail = special.betainc(np.maximum(found, 1), np.maximum(tries - found, 0) + 1, np.clip(chance, 0.0, 1.0))
    return np.where(found > 0, tail, 1.0).astype(np.float64)


def at_least_of_poisson(found: Whole, mean: Numbers) -> Numbers:
    """The probability of at least so many, where that many are expected."""
    from scipy import special

    tail = special.gammainc(np.maximum(found, 1), np.maximum(mean, 0.0))
    return np.where(found > 0, tail, 1.0).astype(np.float64)


def adjusted(p: Numbers, tests: int) -> Numbers:
    """p-values after Benjamini and Hochberg: who believes all with at most .05 is wrong in at most 5 % of them.

    tests: how many questions were asked, of which these are the only ones that may have a small p.

    >>> adjusted(np.array([0.001, 0.02, 0.9]), 4).round(3).tolist()
    [0.004, 0.04, 1.0]
    """
    order = np.argsort(p, kind="stable")
    raw = p[order] * max(tests, len(p)) / np.arange(1, len(p) + 1)
    lowest = np.minimum.accumulate(raw[::-1])[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum(lowest, 1.0)
    return q
