"""Several experiments side by side: what each of them is likely to be worth, and which of them to believe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.experiments.signs import Numbers

USUAL_EFFECT = 0.3
"""Before anything is known, two of three changes are thought to do less than 35 per cent (log scale, normal)."""
_GRID = np.linspace(0.0, 1.5, 301)
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Effects on the log scale, drawn towards none: mean and the middle 90 %."""

    mean: Numbers
    low: Numbers
    high: Numbers


def shrunk(effect: Numbers, error: Numbers) -> Shrunk:
    """What may be expected of each change after all that was found.

    effect_j ~ Normal(true_j, error_j), true_j ~ Normal(0, spread), spread ~ half-normal(.3): the spread is learned
    from all experiments together. One loud result among many quiet ones is taken for luck, mostly.

    Args:
        effect, error: mean and standard error of each experiment's log ratios; error above 0.
    Source: Rubin 1981 (eight schools), with mean 0, since most changes do little; summed over a grid.
    """
    from scipy import special  # heavy: only who asks waits

    if not len(effect):
        return Shrunk(np.zeros(0), np.zeros(0), np.zeros(0))
    spread = _GRID[:, None]
    total = spread**2 + error[None, :] ** 2
    logs = (-0.5 * np.log(total) - 0.5 * effect[None, :] ** 2 / total).sum(axis=1)
    logs -= 0.5 * (_GRID / USUAL_EFFECT) ** 2
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    kept = spread**2 / total
    means, sds = kept * effect[None, :], np.sqrt(kept) * error[None, :]
    ends = []
    for share in (_LOW, _HIGH):
        low, high = -np.full(len(effect), 10.0), np.full(len(effect), 10.0)
        for _i in range(60):  # halving: the share below a point rises with it
            middle = (low + high) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                z = np.where(sds > 0, (middle - means) / sds, np.where(middle >= means, np.inf, -np.inf))
            below = (weight[:, None] * special.ndtr(z)).sum(axis=0) >= share
            high, low = np.where(below, middle, high), np.where(below, low, middle)
        ends.append(high)
    return Shrunk((weight[:, None] * means).sum(axis=0), ends[0], ends[1])
