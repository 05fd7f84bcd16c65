"""How commonly accounts that look so are automated: a weighted sum of signs, learnt elsewhere and set right by labels.

The weights stand in `model.toml`, readable, with a version. They are learnt from public collections of other years and
places (`leumund validate train-audience`), all held near 1: where a weight of its own is not well founded in every
collection, a sign simply counts as one (Dawes 1979; it holds up better elsewhere than freely fitted weights, see
docs/validity.md). No answer of this module is meant for one account: it is there to sort followers into strata and to
lend precision to shares, which labels of the owner correct.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.measures.audience.features import SIGNS

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

FEWEST = 20  # labels from which on the weights are set right
_FREE = 1.0  # how firmly each weight is held where it was: the inverse of a variance
_SLOPE, _SLOPE_FREE = 0.8, 4.0  # how much of the sum is believed elsewhere, and how firmly
_FOLDS = 10
_MOST_STEPS, _NEAR = 50, 1e-9
_LEAST_LEFT = 0.05  # of a label's own weight in the fit: nothing is divided by less


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The weights of `SIGNS`, in their order, and what is added where all are unknown (in log-odds)."""

    version: str
    intercept: float
    weights: Numbers

    def sums(self, signs: Numbers) -> Numbers:
        """The log-odds of each account; an unknown sign adds nothing."""
        return np.asarray(self.intercept + _filled(signs) @ self.weights, np.float64)

    def chances(self, signs: Numbers) -> Numbers:
        """How common automated accounts are among such that look so, where half of all are: between 0 and 1."""
        return _chance(self.sums(signs))


@cache
def shipped() -> Model:
    """The weights that come with the program."""
    told = tomllib.loads(resources.files(__package__).joinpath("model.toml").read_text("utf-8"))
    return model_of(told)


def model_of(told: dict[str, Any]) -> Model:
    """The model of a parameter file; a sign it does not name has no weight."""
    weights = np.array([float(told["weights"].get(name, 0.0)) for name in SIGNS])
    return Model(version=str(told["version"]), intercept=float(told["intercept"]), weights=weights)


@dataclass(frozen=True, slots=True)
class Part:
    """A model fitted to some of the labels: its terms, their covariance, and the line that straightens what it says.

    The line comes from what each label of its own would get without itself (`_left_out`), so a model that only knows
    its labels by heart says the same of everybody.
    """

    terms: Numbers
    spread: Numbers
    straight: tuple[float, float]

    def chances(self, design: Numbers) -> Numbers:
        return _chance(self.straight[0] + self.straight[1] * _guess(design, self.terms, self.spread))


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A model set right by labels of this audience: what it says of a new account, and of each labelled one unseen.

    parts: ten models, each of which did not see one tenth of the labels. tenth: which of them did not see each label.
    """

    model: Model
    scale: float
    terms: Numbers
    spread: Numbers
    straight: tuple[float, float]
    parts: tuple[Part, ...]
    tenth: Indices

    def chances(self, signs: Numbers) -> Numbers:
        """How common automated accounts are among such that look so, in this audience."""
        return _chance(self._straightened(_guess(self._design(signs), self.terms, self.spread)))

    def chances_of_parts(self, signs: Numbers) -> Numbers:
        """The same by each of the models that left a tenth of the labels out; shape (tenths, accounts)."""
        design = self._design(signs)
        return np.stack([part.chances(design) for part in self.parts])

    def _design(self, signs: Numbers) -> Numbers:
        return _design(self.model, self.scale, signs)

    def _straightened(self, sums: Numbers) -> Numbers:
        return self.straight[0] + self.straight[1] * sums


def set_right(model: Model, signs: Numbers, automated: Flags, *, everybody: Numbers | None = None) -> Local:
    """Weights between those that came with the program and what the labels say.

    log-odds = a + b * sum / its spread + d . signs, each d near 0, b near .8, found as the likeliest (ridge); then
    drawn towards the middle by how unsure they are (MacKay 1992), and straightened by a line fitted to what each tenth
    of the labels gets from the other nine (Platt 1999).

    signs, automated: of the labelled accounts. everybody: the signs of all accounts, for the spread of the sum.
    """
    spread_of = model.sums(signs if everybody is None else everybody)
    scale = max(float(np.std(spread_of)), 1e-3)
    design = _design(model, scale, signs)
    y = automated.astype(np.float64)
    tenth = np.random.default_rng(2011).permutation(len(y)) % _FOLDS  # by lot: places say nothing then
    parts = tuple(_part(design[tenth != k], y[tenth != k]) for k in range(_FOLDS))
    unseen = np.zeros(len(y))
    for k, part in enumerate(parts):
        unseen[tenth == k] = _guess(design[tenth == k], part.terms, part.spread)
    terms, spread = _fitted(design, y)
    return Local(
        model=model, scale=scale, terms=terms, spread=spread, straight=_line(unseen, y),
        parts=parts, tenth=tenth.astype(np.int64),
    )  # fmt: skip


def _design(model: Model, scale: float, signs: Numbers) -> Numbers:
    return np.column_stack(
        [np.ones(len(signs)), (model.sums(signs) - model.intercept) / scale, _filled(signs)]
    )


def _part(design: Numbers, y: Numbers) -> Part:
    terms, spread = _fitted(design, y)
    return Part(terms, spread, _line(_left_out(design, y, terms, spread), y))


def _left_out(design: Numbers, y: Numbers, terms: Numbers, spread: Numbers) -> Numbers:
    """What each label would get from the others, near enough: one step of Newton's back from the fit (Pregibon 1981)."""
    sums = design @ terms
    p = _chance(sums)
    unsure = np.einsum("ij,jk,ik->i", design, spread, design)
    back = unsure * (y - p) / np.maximum(1 - unsure * p * (1 - p), _LEAST_LEFT)
    return np.asarray((sums - back) / np.sqrt(1 + np.pi * unsure / 8), np.float64)


def _fitted(design: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    firmness = np.array([1 / 9, _SLOPE_FREE, *[_FREE] * (design.shape[1] - 2)])
    middle = np.array([0.0, _SLOPE, *[0.0] * (design.shape[1] - 2)])
    return _likeliest(design, y, firmness, middle)


def _likeliest(design: Numbers, y: Numbers, firmness: Numbers, middle: Numbers) -> tuple[Numbers, Numbers]:
    """The likeliest terms of a logistic regression held near `middle`, and their covariance.

    Newton's method, each step halved until it is better (whole ones can go back and forth for ever).
    """

    def unlikely(terms: Numbers) -> float:
        sums, away = design @ terms, terms - middle
        return float(np.sum(np.logaddexp(0, sums) - y * sums) + firmness @ away**2 / 2)

    terms = middle.copy()
    loss, curve = unlikely(terms), np.diag(firmness)
    for _step in range(_MOST_STEPS):
        p = _chance(design @ terms)
        slope = design.T @ (p - y) + firmness * (terms - middle)
        curve = (design * (p * (1 - p))[:, None]).T @ design + np.diag(firmness)
        step = np.linalg.solve(curve, slope)
        while (longest := float(np.abs(step).max())) > _NEAR and unlikely(terms - step) > loss:
            step = step / 2
        if longest <= _NEAR:
            break
        terms = terms - step
        loss = unlikely(terms)
    return terms, np.asarray(np.linalg.inv(curve), np.float64)


def _line(unseen: Numbers, y: Numbers) -> tuple[float, float]:
    """The line that turns log-odds of labels unseen into what came true; flat where they said nothing, or the contrary."""
    ones = np.ones((len(y), 1))
    line, _ = _likeliest(np.column_stack([ones, unseen]), y, np.array([0.5, 4.0]), np.array([0.0, 1.0]))
    if line[1] >= 0:
        return float(line[0]), float(line[1])
    flat, _ = _likeliest(ones, y, np.array([0.5]), np.array([0.0]))
    return float(flat[0]), 0.0


def _guess(design: Numbers, terms: Numbers, spread: Numbers) -> Numbers:
    """Log-odds, drawn to 0 where the terms are unsure."""
    unsure = np.einsum("ij,jk,ik->i", design, spread, design)
    return np.asarray((design @ terms) / np.sqrt(1 + np.pi * unsure / 8), np.float64)


def _filled(signs: Numbers) -> Numbers:
    return np.nan_to_num(signs, nan=0.0)


def _chance(sums: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(sums, -30, 30))), np.float64)
