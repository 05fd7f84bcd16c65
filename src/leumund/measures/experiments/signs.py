"""The exact sign-flip test: what the coins could have made of the same weeks, and which effects they leave possible."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

LEVEL = 0.05
_HALVINGS = 100
_SAME = 1e-9  # sums of the same numbers in another order are equal


def p_value(differences: Numbers) -> float:
    """The share of all 2^n ways the coins could have fallen in which the sum is at least as far from 0.

    Two-sided and exact: each half of the pairs is summed in all ways, then the halves are counted against each
    other, so that forty pairs are no more work than twenty listed. No pair at all: 1.

    >>> p_value(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    0.03125
    """
    total = float(differences.sum())
    if abs(total) <= _SAME * float(np.abs(differences).sum()):
        return 1.0
    # flipping the pairs of a set takes twice their sum off: as far out means that their sum is not above 0
    return min(1.0, 2 * _subsets_at_most_0(np.sign(total) * differences) / 2.0 ** len(differences))


def interval(differences: Numbers, level: float = LEVEL) -> tuple[float, float]:
    """The effects that the test does not reject at this level; -inf and inf where it can reject none.

    An effect is kept if, once it is taken off every difference, the test keeps "no effect". The ends are therefore
    order statistics of the means of all subsets (Hartigan 1969), found by halving instead of listing 2^n of them.
    """
    needed = int(2.0 ** len(differences) * level / 2) + 1
    if needed < 2:
        return -np.inf, np.inf
    return _end(differences, needed), -_end(-differences, needed)


def _end(differences: Numbers, needed: int) -> float:
    """The least effect for which so many subsets, the empty one among them, have no mean above it."""
    low, high = float(differences.min()), float(differences.max())
    if _subsets_at_most_0(differences - low) >= needed:
        return low
    for _i in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _subsets_at_most_0(differences - middle) >= needed:
            high = middle
        else:
            low = middle
    return high


def _subsets_at_most_0(numbers: Numbers) -> int:
    """How many subsets have a sum of at most 0; the empty one has."""
    slack = _SAME * float(np.abs(numbers).sum())
    half = len(numbers) // 2
    one, other = _sums(numbers[:half]), np.sort(_sums(numbers[half:]))
    return int(np.searchsorted(other, slack - one, side="right").sum())


def _sums(numbers: Numbers) -> Numbers:
    """The sums of all subsets."""
    sums = np.zeros(1)
    for number in numbers:
        sums = np.concatenate([sums, sums + number])
    return sums
