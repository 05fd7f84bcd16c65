"""How large a share is automated, from a sample that the owner labelled: stratified, with the model as a help.

Prediction-powered inference (Angelopoulos et al. 2023; with models that did not see a label: Zrnic and Candes 2024):
what the model says of all, put right by how far it was off on the labelled ones. The model may be as bad as it likes;
then the interval is wider, not wrong. What is wrong is a sample that was picked: it has to be the one that was drawn.

The models learn from some of those labels, and know these accounts better than the others. So each is held against
accounts that it did not learn from, on both sides: y - f(x) of a label that it did not see, and f of the stratum without
the labels that it saw; these are known. Whatever the models, the mean of this over all samples is the share itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.measures.audience.model import FEWEST, Local, Model, set_right

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

LEVEL = 0.9
WANTED = 100  # labels
STRATA = 5
_SHUFFLED = 2 * STRATA  # of those to be asked about, together
_LEAST_IN_STRATUM = 4
_POOLED = 5.0  # a stratum's own spread weighs as much as this many labels less than that of all
_SMALLEST_VARIANCE = (
    0.2  # of what it would be without the model; all of it where nobody of one kind was found,
)
_FOUND = (
    10  # and down to that where ten were: the model cannot be judged by kinds that it was not held against
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 90 % interval."""

    value: float
    low: float
    high: float


def strata_of(sums: Numbers, many: int = STRATA) -> Indices:
    """The stratum of each account: fifths by the model's sum, equal sums together."""
    if not len(sums):
        return np.zeros(0, np.int64)
    edges = np.unique(np.quantile(sums, np.arange(1, many) / many))
    return np.searchsorted(edges, sums, side="right").astype(np.int64)


def drawn(key: int) -> int:
    """A number for each account that is always the same and has nothing to do with what it is."""
    return int.from_bytes(hashlib.blake2b(f"audience {key}".encode(), digest_size=8).digest(), "big")


def next_asked(keys: Sequence[int], strata: Indices, answered: Flags, seen: Flags) -> list[int]:
    """In which order to ask about those not seen yet: from the stratum that is most behind, by lot within it.

    Each ten are in an order by lot once more, so that nobody's turn says in which stratum she is.

    answered: who has a label that tells; seen: who was asked already, whatever the answer.
    """
    waiting: dict[int, list[int]] = {}
    for place in sorted(np.flatnonzero(~seen).tolist(), key=lambda i: drawn(keys[i]), reverse=True):
        waiting.setdefault(int(strata[place]), []).append(place)
    size = {h: int((strata == h).sum()) for h in waiting}
    had = {h: int((answered & (strata == h)).sum()) for h in waiting}
    order = []
    while waiting:
        h = min(waiting, key=lambda h: ((had[h] + 0.5) / size[h], h))
        order.append(keys[waiting[h].pop()])
        had[h] += 1
        if not waiting[h]:
            del waiting[h]
    return [
        key for at in range(0, len(order), _SHUFFLED) for key in sorted(order[at : at + _SHUFFLED], key=drawn)
    ]


def share_of(model: Model, signs: Numbers, labelled: Indices, automated: Flags) -> Share | None:
    """The share of automated accounts among all with these signs; None where fewer than 20 are labelled.

    signs: of everybody. labelled: the places of those who are labelled; automated: what they are.
    """
    n, everybody = len(labelled), len(signs)
    if n < FEWEST:
        return None
    if n == everybody:
        told = float(automated.mean())
        return Share(value=told, low=told, high=told)
    local = set_right(model, signs[labelled], automated, everybody=signs)
    return estimate(model, local, signs, labelled, automated)


def estimate(model: Model, local: Local, signs: Numbers, labelled: Indices, automated: Flags) -> Share:
    """The same with a model that was set right already."""
    strata = _merged(strata_of(model.sums(signs)), labelled)
    value, variance = estimated(local.chances_of_parts(signs), local.tenth, strata, labelled, automated)
    variance *= _unsure(len(labelled) - len(np.unique(strata)))
    robots = int(automated.sum())
    people = len(labelled) - robots
    found = _interval(value, variance, len(labelled), len(signs), min(robots, people))
    least, most = robots / len(signs), 1 - people / len(signs)  # who is labelled is known
    value, low, high = (min(max(v, least), most) for v in (found.value, found.low, found.high))
    return Share(value=value, low=low, high=high)


def estimated(
    said: Numbers, tenth: Indices, strata: Indices, labelled: Indices, automated: Flags
) -> tuple[float, float]:
    """The share and its variance, before anything is said of where a share can lie.

    said: the chance of each account by each part of the model, shape (parts, accounts). tenth: the part that did not see
    each label. strata: of all accounts.
    """
    unseen = np.ones(said.shape, bool)
    for k in range(len(said)):
        unseen[k, labelled[tenth != k]] = False
    off = automated - said[tenth, labelled]
    spread = float(np.var(off, ddof=1))
    value = variance = 0.0
    for h in np.unique(strata):
        of_all, of_labelled = strata == h, strata[labelled] == h
        size, n = int(of_all.sum()), int(of_labelled.sum())
        weight = size / len(strata)
        mine = off[of_labelled]
        for k in np.unique(tenth[of_labelled]):
            its = of_labelled & (tenth == k)
            learnt = float(automated[of_labelled & (tenth != k)].sum())  # of these it is known
            others = of_all & unseen[k]
            told = learnt + float(said[k, others].sum()) + int(others.sum()) * float(off[its].mean())
            value += weight * int(its.sum()) / n * told / size
        own = float(((mine - mine.mean()) ** 2).sum())
        s2 = (own + _POOLED * spread) / (n - 1 + _POOLED)
        variance += weight**2 * s2 / n * (1 - n / size)
    return value, variance


def _unsure(degrees: int) -> float:
    """How much wider an interval must be as its variance is itself known from so few: Student's t against the normal."""
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(degrees, (1 + LEVEL) / 2) / ndtri((1 + LEVEL) / 2)) ** 2


def _merged(strata: Indices, labelled: Indices) -> Indices:
    """Strata, each with at least four labels: those with fewer go together with the one below, or above."""
    found = strata.copy()
    for h in sorted(set(strata.tolist()), reverse=True):
        if int((found[labelled] == h).sum()) < _LEAST_IN_STRATUM:
            others = sorted(set(found.tolist()) - {h})
            if others:
                found[found == h] = min(others, key=lambda o: (abs(o - h), o))
    return found


def _interval(value: float, variance: float, n: int, everybody: int, rarer: int) -> Share:
    """Korn and Graubard's interval (1998): exact binomial bounds for the effective number of labels."""
    from scipy.special import betaincinv

    p = min(1.0, max(0.0, value))
    guess = (p * n + 1) / (n + 2)
    plain = guess * (1 - guess) / n * (1 - n / everybody)
    smallest = 1 - (1 - _SMALLEST_VARIANCE) * min(1.0, rarer / _FOUND)
    effective = guess * (1 - guess) / max(variance, smallest * plain, 1e-12)
    hits, misses = p * effective, (1 - p) * effective
    low = float(betaincinv(hits, misses + 1, (1 - LEVEL) / 2)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, (1 + LEVEL) / 2)) if misses > 0 else 1.0
    return Share(value=p, low=min(low, p), high=max(high, p))
