"""How sure the points of an account are: what they would be without a tenth of its posts, for each tenth in turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.measures.conduct import features, score

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

GROUPS = 10
_REACH = 1.6449  # 90 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """What the features of posts are made from. author: of each post, rising; counted: `features.NEEDED`, one value a post;
    same_site, alike: of each account.
    """

    author: Whole
    counted: features.Counted
    same_site: Numbers
    alike: Numbers


def reach(posts: Posts, places: Whole) -> Numbers:
    """By how much the points of these accounts may be off, either way, in 90 of 100 cases.

    Jackknife by groups: posts are dealt out to ten groups in turn (with fewer posts, to as many groups), and
    variance = (g - 1) / g * sum over groups of (points without the group - their mean)^2. What profiles say is taken as it
    is, and so are the likeness of an account's posts and whether its links lead to one site.

    places: of accounts with two posts or more, each once. Source: Quenouille 1956, Tukey 1958.
    """
    size = len(places)
    if not size:
        return np.zeros(0)
    place = np.full(int(posts.author.max(initial=-1)) + 1, -1, np.int64)
    place[places] = np.arange(size)
    kept = np.flatnonzero(place[posts.author] >= 0)
    author = place[posts.author[kept]]
    order = np.argsort(author, kind="stable")
    kept, author = kept[order], author[order]
    many = np.bincount(author, minlength=size)
    group = (np.arange(len(author)) - np.repeat(np.cumsum(many) - many, many)) % GROUPS
    curves = score.shipped().posts
    without = np.full((GROUPS, size), np.nan)
    for number in range(GROUPS):
        left = group != number
        told = features.of_posts(
            author[left], size, {n: of[kept[left]] for n, of in posts.counted.items()}, posts.same_site[places], posts.alike[places]
        )  # fmt: skip
        without[number] = score.total(curves, told, size)
    groups = np.minimum(GROUPS, many)
    without[np.arange(GROUPS)[:, None] >= groups[None, :]] = np.nan
    off = np.nansum((without - np.nanmean(without, axis=0)) ** 2, axis=0)
    found: Numbers = _REACH * np.sqrt((groups - 1) / groups * off)
    return found
