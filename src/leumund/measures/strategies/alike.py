"""Who posts the same list as others in the same week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leumund.measures.strategies.chance import Numbers, Whole

LEAST_NAMED = 3
ALIKE = 0.8
LEAST_WEEKS = 2
_MOST_TOGETHER = 2000  # lists of one week that are compared with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Pairs of people whose lists were the same, or nearly, in `weeks` weeks; likeness: on average, 0 to 1."""

    one: Whole
    other: Whole
    weeks: Whole
    likeness: Numbers


def same_lists(recommender: Whole, account: Whole, week: Whole) -> Alike:
    """Pairs that named (nearly) the same people in the same week, in two weeks or more.

    A list is the set of those named and its author, since a ring's members name all but themselves; two are alike
    where eight tenths of both together are in both (Jaccard). Only lists of at least three names. Of a week with
    more than 2,000 of them the longest are compared, so the work stays bounded. One row per vote.
    """
    seen: dict[tuple[int, int], list[float]] = {}
    order = np.argsort(week, kind="stable")
    edges = np.flatnonzero(np.diff(week[order])) + 1
    for rows in np.split(order, edges):
        for one, other, likeness in _alike(recommender[rows], account[rows]):
            seen.setdefault((one, other), []).append(likeness)
    kept = sorted((pair, found) for pair, found in seen.items() if len(found) >= LEAST_WEEKS)
    return Alike(
        one=np.array([p[0] for p, _ in kept], np.int64), other=np.array([p[1] for p, _ in kept], np.int64),
        weeks=np.array([len(f) for _, f in kept], np.int64),
        likeness=np.array([sum(f) / len(f) for _, f in kept], np.float64),
    )  # fmt: skip


def _alike(recommender: Whole, account: Whole) -> list[tuple[int, int, float]]:
    from scipy import sparse  # heavy: only who asks for strategies waits for it

    authors, row, named = np.unique(recommender, return_inverse=True, return_counts=True)
    long = np.flatnonzero(named >= LEAST_NAMED)
    if len(long) > _MOST_TOGETHER:
        long = np.sort(long[np.lexsort((authors[long], -named[long]))[:_MOST_TOGETHER]])
    if len(long) < 2:
        return []
    mine = np.isin(row, long)
    lists = np.concatenate([np.searchsorted(long, row[mine]), np.arange(len(long))])
    whom = np.unique(np.concatenate([account[mine], authors[long]]), return_inverse=True)[1]
    shape = (len(long), int(whom.max()) + 1)
    table = sparse.csr_array((np.ones(len(lists)), (lists, whom)), shape)
    table.data[:] = 1.0
    size: Numbers = np.asarray(table.sum(axis=1)).ravel()
    both = sparse.coo_array(sparse.triu(table @ table.T, k=1))
    likeness = both.data / (size[both.row] + size[both.col] - both.data)
    kept = np.flatnonzero(likeness >= ALIKE)
    return [
        (int(authors[long[both.row[n]]]), int(authors[long[both.col[n]]]), float(likeness[n])) for n in kept
    ]
