"""Who recommends each other more than their busyness and fame explain; and who does so in a circle of three or more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from leumund.measures.strategies.chance import BELIEVED, Numbers, Whole, adjusted, at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Strikingly mutual pairs. one, other: accounts, as given; there, back: weeks in which each named the other.

    expected: such weeks to be expected, both ways together; q: chance of being chance (the weaker direction's);
    circle: how many people are in the circle of three or more, each of them mutual with two others, that the pair
    belongs to; 2 where it is a pair and no more.
    """

    one: Whole
    other: Whole
    there: Whole
    back: Whole
    expected: Numbers
    q: Numbers
    circle: Whole


def mutual_pairs(recommender: Whole, account: Whole, week: Whole) -> Pairs:
    """The pairs of whom each recommends the other in more weeks than expected, both significantly.

    The null is degree-corrected: who recommends much names everybody more often, and who is recommended much is
    named by everybody more often. In each week in which i recommends anybody she names j with probability
    out_i * (in_j without i's own, + 1) / all / (i's weeks); the weeks are then binomial. All directed pairs of a
    recommender and somebody recommended are tested (Benjamini-Hochberg, .05); a pair needs both directions.

    One row per vote: recommender, account (whole numbers, any) and week; each vote once.
    """
    keys, codes = np.unique(np.concatenate([recommender, account]), return_inverse=True)
    people, votes = len(keys), len(recommender)
    giver, taker = codes[:votes].astype(np.int64), codes[votes:].astype(np.int64)
    edges, weeks = np.unique(giver * people + taker, return_counts=True)
    i, j = edges // max(people, 1), edges % max(people, 1)
    out, into = np.bincount(giver, minlength=people), np.bincount(taker, minlength=people)
    week_of = np.unique(week, return_inverse=True)[1].astype(np.int64)
    used = np.unique(giver * (votes + 1) + week_of)
    active = np.bincount(used // (votes + 1), minlength=people)
    expected = out[i] * (into[j] - weeks + 1) / np.maximum(votes - weeks + 1, 1)
    p = at_least(weeks, active[i], expected / active[i])
    q = adjusted(p, int(np.count_nonzero(out)) * int(np.count_nonzero(into)))
    back = np.searchsorted(edges, j * people + i)
    there_is = back < len(edges)
    there_is[there_is] = edges[back[there_is]] == (j * people + i)[there_is]
    back = np.where(there_is, back, 0)
    kept = (
        np.flatnonzero(there_is & (i < j) & (q <= BELIEVED) & (q[back] <= BELIEVED)) if len(edges) else back
    )
    return Pairs(
        one=keys[i[kept]], other=keys[j[kept]], there=weeks[kept], back=weeks[back[kept]],
        expected=expected[kept] + expected[back[kept]], q=np.maximum(q[kept], q[back[kept]]),
        circle=_circles(list(zip(i[kept].tolist(), j[kept].tolist(), strict=True))),
    )  # fmt: skip


def _circles(pairs: list[tuple[int, int]]) -> Whole:
    """The size of the circle of each pair: pairs that share a third person whom both are mutual with."""
    near: dict[int, set[int]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    inner = [near[one].isdisjoint(near[other]) for one, other in pairs]
    sizes = groups([pair for pair, alone in zip(pairs, inner, strict=True) if not alone])
    return np.array(
        [2 if alone else sizes[pair[0]][1] for pair, alone in zip(pairs, inner, strict=True)], np.int64
    )


def groups(pairs: list[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Of everybody in these pairs: the smallest key of all who hang together with her, and how many they are.

    >>> groups([(1, 2), (2, 3), (7, 8)])[3], groups([(1, 2), (2, 3), (7, 8)])[8]
    ((1, 3), (7, 2))
    """
    head: dict[int, int] = {}

    def top(who: int) -> int:
        while (above := head.setdefault(who, who)) != who:
            head[who] = head[above]
            who = above
        return who

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        head[high] = low
    members = Counter(top(who) for who in head)
    return {who: (top(who), members[top(who)]) for who in head}
