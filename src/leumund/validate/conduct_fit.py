"""Fitting the curves of the conduct score: penalised logistic regression on straight pieces between quantiles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from leumund.measures.conduct.score import Curve, Numbers, Parameters, total

Flags = npt.NDArray[np.bool_]

KNOTS = 8
PENALTY = 2.0
_CUT = 0.005  # the outermost knots: half a percent of accounts lies beyond each


def fit(
    posts: Mapping[str, Numbers], profile: Mapping[str, Numbers], polluter: Flags, *, version: str
) -> Parameters:
    """Curves for the posts alone first, then for what the profile adds to them."""
    curves = _curves(posts, polluter, np.zeros(len(polluter)))
    known = {name: f for name, f in profile.items() if not np.isnan(f).all()}
    offset = total(curves, posts, len(polluter))
    more = _curves(known, polluter, offset) if known else {}
    return Parameters(version=version, posts=curves, profile=more)


def _curves(features: Mapping[str, Numbers], polluter: Flags, offset: Numbers) -> dict[str, Curve]:
    bases, knots = [], {}
    for name, feature in features.items():
        at = _knots(feature[~np.isnan(feature)])
        if len(at) > 1:
            knots[name] = at
            bases.append(_basis(feature, at))
    basis = np.concatenate(bases, axis=1)
    weights = _weights(basis, polluter, offset)
    curves, start = {}, 0
    for name, at in knots.items():
        steps = weights[start : start + len(at) - 1]
        start += len(at) - 1
        heights = np.concatenate([[0.0], np.cumsum(steps)])
        known = features[name][~np.isnan(features[name])]
        heights -= np.interp(known, at, heights).mean()
        curves[name] = Curve(
            values=tuple(np.round(at, 6).tolist()), points=tuple(np.round(heights, 4).tolist())
        )
    return curves


def _knots(known: Numbers) -> Numbers:
    return np.unique(np.quantile(known, np.linspace(_CUT, 1 - _CUT, KNOTS))) if len(known) else known


def _basis(feature: Numbers, at: Numbers) -> Numbers:
    """For each piece between two knots how much of it lies below the value, 0 to 1; of an unknown value the mean."""
    pieces = np.clip((feature[:, None] - at[None, :-1]) / np.diff(at)[None, :], 0.0, 1.0)
    means = np.nanmean(pieces, axis=0) if len(pieces) else np.zeros(len(at) - 1)
    return np.where(np.isnan(pieces), means[None, :], pieces)


def _weights(basis: Numbers, polluter: Flags, offset: Numbers) -> Numbers:
    rows = np.concatenate([np.ones((len(basis), 1)), basis], axis=1)
    sign = np.where(polluter, 1.0, -1.0)
    costs = np.concatenate([[0.0], np.full(basis.shape[1], PENALTY / 2)])

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        margin = sign * (rows @ weights + offset)
        slope = -sign / (1.0 + np.exp(np.clip(margin, -500, 500)))
        value = float(np.logaddexp(0.0, -margin).sum() + (costs * weights**2).sum())
        return value, np.asarray(rows.T @ slope + 2 * costs * weights)

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return np.asarray(found.x[1:], np.float64)
