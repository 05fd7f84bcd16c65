"""What the audience's model is worth on each public collection that its weights never saw, and what 100 labels change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from leumund.measures.audience.features import SIGNS
from leumund.measures.audience.model import Model, set_right
from leumund.measures.audience.prevalence import WANTED, estimate
from leumund.validate.audience import figures_of, sample
from leumund.validate.audience_sets import Collection, both_classes, collections_in
from leumund.validate.audience_training import line_of, weights_of
from leumund.validate.cells import Figures, figure, table
from leumund.validate.sureness import Numbers

_DRAWS = 60
_SIZE = 800  # accounts of an audience drawn


def check(folder: Path, *, draws: int = _DRAWS) -> dict[str, Any]:
    """By collection: AUC, Brier and ECE before and after 100 labels, and how often the interval held the true share.

    The weights come from the other collections. Audiences of 800 accounts are drawn, 100 of each are labelled as triage
    would ask; AUC, Brier and ECE are of the other accounts of the whole collection.

    Raises:
        UnreadableFileError: none of the collections lies there.
    """
    sets = [c for c in collections_in(folder) if both_classes(c)]
    return {c.name: _tried(c, [o for o in sets if o is not c], draws) for c in sets if len(sets) > 1}


def _tried(one: Collection, others: list[Collection], draws: int) -> dict[str, Any]:
    weights = weights_of(others)
    scale, intercept = line_of(weights, others)
    model = Model(version="unseen", intercept=intercept, weights=weights * scale)
    dice = np.random.default_rng(1)
    before, after, held, widths = [], [], 0, []
    for _draw in range(draws):
        drawn = dice.choice(len(one.signs), min(_SIZE, len(one.signs)), replace=False)
        signs, automated = one.signs[drawn], one.automated[drawn]
        asked = sample([int(k) for k in dice.integers(0, 2**62, len(drawn))], model.sums(signs), WANTED)
        local = set_right(model, signs[asked], automated[asked], everybody=signs)
        rest = np.setdiff1d(np.arange(len(one.signs)), drawn[asked])
        before.append(_row(model.chances(one.signs[rest]), one, rest))
        after.append(_row(local.chances(one.signs[rest]), one, rest))
        share = estimate(model, local, signs, asked, automated[asked])
        held += share.low <= float(automated.mean()) <= share.high
        widths.append(share.high - share.low)
    return {
        "accounts": len(one.automated), "automated": int(one.automated.sum()), "signs": _known(one), "draws": draws,
        "before": _mean(before), "after": _mean(after), "held": held / draws, "width": float(np.mean(widths)),
    }  # fmt: skip


def _row(chances: Numbers, one: Collection, rest: Any) -> dict[str, float]:
    return {name: value or 0.0 for name, value in figures_of(chances, one.automated[rest]).items()}


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def _known(one: Collection) -> int:
    """How many of the signs can be seen in that collection at all."""
    return int((~np.isnan(one.signs)).any(axis=0).sum()) if len(SIGNS) else 0


def section(figures: Figures, command: str) -> str:
    """The audience's model on collections it never saw, one row each."""
    rows = []
    for name, one in figures.items():
        before, after = one["before"], one["after"]
        rows.append(
            (
                name, f"{one['accounts']:,}", f"{one['signs']}", figure(before["auc"]), figure(after["auc"]),
                f"{figure(before['brier'])}, {figure(after['brier'])}", f"{figure(before['ece'])}, {figure(after['ece'])}",
                f"{one['held']:.0%}", figure(one["width"], 2),
            )
        )  # fmt: skip
    heads = (
        "collection", "accounts", "signs seen", "AUC, no label", "AUC, 100 labels", "Brier before, after",
        "calibration error before, after", "interval held", "its width",
    )  # fmt: skip
    mean = sum(one["before"]["auc"] for one in figures.values()) / max(1, len(figures))
    told = f"`{command}` learns the weights from the other collections each time. Mean AUC without a label: {figure(mean)}."
    return f"{told}\n\n{_CHOSEN_WHILE_LOOKING}\n\n{table(heads, rows)}"


_CHOSEN_WHILE_LOOKING = (
    "**The weights never saw the collection of their row; the signs did.** What is looked at, and from which bounds on, was chosen"
    " while looking at all of these collections. So this is no test on accounts that nobody has seen: expect less of others."
)
