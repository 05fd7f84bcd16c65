"""AUC, its drawing by persons, and rank correlation, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leumund.validate.sureness import auc, aucs_drawn, halves_ahead, middle, spearman

SCORED = st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=40)


@given(SCORED)
def test_auc_is_how_often_the_chosen_one_has_the_larger_score(rows: list[tuple[int, bool]]) -> None:
    ones = [s for s, chosen in rows if chosen]
    others = [s for s, chosen in rows if not chosen]
    found = auc(np.array([s for s, _ in rows], float), np.array([c for _, c in rows]))
    if not ones or not others:
        assert np.isnan(found)
        return
    wins = sum((a > b) + 0.5 * (a == b) for a in ones for b in others)
    assert found == pytest.approx(wins / (len(ones) * len(others)), abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=30))
def test_spearman_is_that_of_the_textbook(rows: list[tuple[int, int]]) -> None:
    x, y = (np.array(side, float) for side in zip(*rows, strict=True))
    found = spearman(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


def _pairs(persons: int, rows: int) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    dice = np.random.default_rng(5)
    first, second = (dice.integers(0, persons, rows) for _ in range(2))
    worth = dice.normal(size=persons)
    score = worth[first] - worth[second]
    return score, score + dice.normal(0, 1, rows) > 0, (first, second)


def test_the_same_score_twice_is_never_ahead_of_itself() -> None:
    score, chosen, persons = _pairs(30, 200)
    drawn = aucs_drawn([score, score], chosen, persons, 30)
    assert drawn is not None
    assert np.array_equal(drawn[:, 0], drawn[:, 1], equal_nan=True)
    assert halves_ahead((score, score), chosen, persons, 30) == 0.5


def test_one_person_in_all_pairs_makes_the_interval_wider_than_drawing_pairs_would() -> None:
    score, chosen, _persons = _pairs(300, 300)
    star = np.zeros(300, int), 1 + np.arange(300) % 20
    apart = np.arange(300), np.arange(300, 600)
    by_star = aucs_drawn([score], chosen, star, 21)
    by_pair = aucs_drawn([score], chosen, apart, 600)
    assert by_star is not None
    assert by_pair is not None
    wide, narrow = middle(by_star[:, 0]), middle(by_pair[:, 0])
    assert wide is not None
    assert narrow is not None
    assert wide[1] - wide[0] > 0.6 * (
        narrow[1] - narrow[0]
    )  # not the fivefold it would be if rows were persons


def test_the_middle_lies_around_the_whole() -> None:
    score, chosen, persons = _pairs(80, 600)
    drawn = aucs_drawn([score], chosen, persons, 80)
    assert drawn is not None
    spread = middle(drawn[:, 0])
    assert spread is not None
    assert spread[0] < auc(score, chosen) < spread[1]


def test_few_persons_give_no_interval() -> None:
    score, chosen, persons = _pairs(9, 50)
    assert aucs_drawn([score], chosen, persons, 9) is None
    assert middle(np.array([np.nan])) is None
