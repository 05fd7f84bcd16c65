"""The weights of the audience's model, learnt anew from public collections, and what they are worth on each unseen one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.measures.audience.features import SIGNS
from leumund.validate import Finding, said
from leumund.validate.audience_sets import Collection, both_classes, collections_in
from leumund.validate.sureness import auc

Numbers = npt.NDArray[np.float64]

VERSION = "1"
_MIDDLE = 1.0  # the weight that a sign has where the collections say nothing of it
_FIRMNESS = 0.05
_COPIES, _HIDDEN = 4, 0.3  # each account is also shown with a third of its signs unknown


def check(folder: Path) -> tuple[Finding, str]:
    """Learn the weights, and try those learnt from all other collections on each; gives the parameter file, too.

    The weights are at least 0 and held near 1; each collection counts alike, in each its two classes; each has a base
    rate of its own, so that what a weight means is learnt within collections only.

    Raises:
        UnreadableFileError: nothing to learn from.
    """
    sets = [c for c in collections_in(folder) if both_classes(c)]
    if not sets:
        raise UnreadableFileError(folder, _("no collection has both robots and people"))
    unseen = {}
    for left in sets:
        others = [c for c in sets if c is not left]
        if others:
            unseen[left.name] = _auc(weights_of(others), left)
    weights = weights_of(sets)
    scale, intercept = line_of(weights, sets)
    figures: dict[str, Any] = {
        "collections": {c.name: {"accounts": len(c.automated), "automated": int(c.automated.sum())} for c in sets},
        "unseen": unseen,
        "seen": {c.name: _auc(weights, c) for c in sets},
        "weights": {name: round(float(w) * scale, 4) for name, w in zip(SIGNS, weights, strict=True)},
        "intercept": round(intercept, 4),
    }  # fmt: skip
    return Finding(figures=figures, told=tuple(_told(figures))), written(figures)


def weights_of(sets: Sequence[Collection]) -> Numbers:
    """The likeliest weights, none below 0, held near 1."""
    from scipy.optimize import minimize

    dice = np.random.default_rng(1)
    rows, flags, worth = [], [], []
    for at, one in enumerate(sets):
        whose = np.zeros((len(one.automated), len(sets)))
        whose[:, at] = 1.0
        y = one.automated.astype(np.float64)
        share = np.where(one.automated, 0.5 / y.sum(), 0.5 / (len(y) - y.sum())) / len(sets) / _COPIES
        known = np.nan_to_num(one.signs, nan=0.0)
        for copy in range(_COPIES):
            shown = known * (dice.random(known.shape) > _HIDDEN) if copy else known
            rows.append(np.hstack([shown, whose]))
            flags.append(y)
            worth.append(share)
    design, y, w = np.vstack(rows), np.concatenate(flags), np.concatenate(worth)
    many = len(SIGNS)

    def loss(terms: Numbers) -> tuple[float, Numbers]:
        sums = design @ terms
        away = np.concatenate([terms[:many] - _MIDDLE, np.zeros(len(sets))])
        slope = design.T @ (w * (1 / (1 + np.exp(-sums)) - y)) + _FIRMNESS * away
        return float(w @ (np.logaddexp(0, sums) - y * sums) + _FIRMNESS * (away @ away) / 2), slope

    start = np.concatenate([np.full(many, _MIDDLE), np.zeros(len(sets))])
    bounds = [(0.0, None)] * many + [(None, None)] * len(sets)
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x[:many], np.float64)


def line_of(weights: Numbers, sets: Sequence[Collection]) -> tuple[float, float]:
    """By what the sum is stretched and shifted to be the log-odds where half of the accounts are automated."""
    from scipy.optimize import minimize

    sums = [np.nan_to_num(c.signs) @ weights for c in sets]
    flags = [c.automated.astype(np.float64) for c in sets]

    def loss(terms: Numbers) -> float:
        total = 0.0
        for s, y in zip(sums, flags, strict=True):
            z = terms[0] * s + terms[1]
            each = np.logaddexp(0, z) - y * z
            total += float(each[y == 1].mean() + each[y == 0].mean())
        return total

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(found[0]), float(found[1])


def _auc(weights: Numbers, on: Collection) -> float:
    return auc(np.nan_to_num(on.signs) @ weights, on.automated)


def written(figures: dict[str, Any]) -> str:
    """The parameter file."""
    lines = [
        "# How much each sign says that such accounts are commonly automated, in log-odds; the signs are described in",
        "# features.py. Made by: leumund validate train-audience DIR --out FILE",
        f'version = "{VERSION}"',
        f"intercept = {figures['intercept']}",
        "",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in figures["weights"].items()),
        "",
        "[learnt_from]  # accounts, of which automated",
        *(f'"{n}" = [{c["accounts"]}, {c["automated"]}]' for n, c in figures["collections"].items()),
        "",
        "[auc_unseen]  # of weights learnt from the other collections only",
        *(f'"{n}" = {value:.3f}' for n, value in figures["unseen"].items()),
    ]
    return "\n".join(lines) + "\n"


def _told(figures: dict[str, Any]) -> list[str]:
    lines = [said(N_("Learnt from {n} collections."), n=len(figures["collections"]))]
    for name, counts in figures["collections"].items():
        lines.append(
            "  " + said(N_("{name}: {accounts} accounts, {automated} automated"), name=name, **counts)
        )
    lines.append(said(N_("AUC on a collection that the weights never saw, and on the same once they had:")))
    for name, seen in figures["seen"].items():
        unseen = figures["unseen"].get(name)
        lines.append("  " + said(N_("{name}: {unseen}, {seen}"), name=name, unseen=unseen, seen=seen))
    return lines
