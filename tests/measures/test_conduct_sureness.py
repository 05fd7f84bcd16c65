"""How sure the points of conduct are: intervals against accounts of whom ever so many posts are known."""

from __future__ import annotations

import numpy as np

from leumund.measures.conduct import features, score
from leumund.measures.conduct.sureness import Posts, reach


def posts_of(dice: np.random.Generator, accounts: int, many: int) -> dict[str, np.ndarray]:
    """Posts of accounts that are all alike: counts and flags drawn anew for each."""
    size = accounts * many
    usual = {
        "length": 90.0,
        "letters": 60.0,
        "words": 12.0,
        "links": 0.4,
        "hidden": 0.2,
        "names": 0.5,
        "tags": 0.3,
    }
    return {name: dice.poisson(usual.get(name, 0.3), size).astype(np.float64) for name in features.NEEDED}


def points(counted: dict[str, np.ndarray], author: np.ndarray, size: int) -> np.ndarray:
    told = features.of_posts(author, size, counted, np.zeros(size), np.full(size, np.nan))
    return score.total(score.shipped().posts, told, size)


def test_intervals_of_points_hold_what_many_more_posts_would_give() -> None:
    dice, size, many = np.random.default_rng(1), 300, 60
    truth = points(posts_of(dice, 1, 40_000), np.zeros(40_000, np.int64), 1)[0]
    author = np.repeat(np.arange(size), many)
    counted = posts_of(dice, size, many)
    made_of = Posts(author=author, counted=counted, same_site=np.zeros(size), alike=np.full(size, np.nan))
    off = reach(made_of, np.arange(size))
    held = np.abs(points(counted, author, size) - truth) <= off
    assert 0.8 <= held.mean() <= 0.97
    some = np.array([7, 3, 250])
    assert np.allclose(reach(made_of, some), off[some]), "who else is looked at is nothing"


def test_posts_that_are_all_the_same_leave_no_doubt_and_few_do() -> None:
    one = {name: np.ones(5) for name in features.NEEDED}
    made_of = Posts(
        author=np.zeros(5, np.int64), counted=one, same_site=np.zeros(1), alike=np.full(1, np.nan)
    )
    assert reach(made_of, np.array([0]))[0] < 1e-9
    assert reach(made_of, np.zeros(0, np.int64)).tolist() == []
    mixed = one | {"links": np.array([0.0, 0, 3, 0, 1])}
    made_of = Posts(
        author=np.zeros(5, np.int64), counted=mixed, same_site=np.zeros(1), alike=np.full(1, np.nan)
    )
    assert reach(made_of, np.array([0]))[0] > 0
