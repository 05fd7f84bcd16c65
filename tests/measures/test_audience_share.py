"""How large a share is automated, from labels: right on average, within bounds, and as sure as it says."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.measures.audience.features import SIGNS
from leumund.measures.audience.model import set_right, shipped
from leumund.measures.audience.prevalence import Share, estimated, next_asked, share_of, strata_of

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def test_on_average_over_all_samples_it_is_the_share_itself_even_by_models_that_learn_by_heart() -> None:
    automated = np.array([1, 0, 0, 0, 0, 1, 1, 0, 0], bool)
    strata = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    found = []
    for first, second in product(combinations(range(5), 3), combinations(range(5, 9), 3)):
        labelled = np.array([*first, *second])
        for some in combinations(range(6), 3):
            tenth = np.isin(np.arange(6), some).astype(np.int64)
            said = np.full((2, 9), 1 / 3)
            for k in range(2):
                said[k, labelled[tenth != k]] = automated[labelled[tenth != k]]
            found.append(estimated(said, tenth, strata, labelled, automated[labelled])[0])
    assert np.mean(found) == pytest.approx(automated.mean(), abs=1e-12)


def test_what_is_said_of_a_label_is_said_by_a_model_that_did_not_see_it() -> None:
    dice = np.random.default_rng(4)
    signs, automated = dice.uniform(-1, 1, (60, len(SIGNS))), dice.random(60) < 0.3
    local = set_right(shipped(), signs, automated)
    for i in (0, 17, 59):
        other = automated.copy()
        other[i] = ~other[i]
        its = set_right(shipped(), signs, other).chances_of_parts(signs), local.chances_of_parts(signs)
        for k in range(len(its[0])):
            assert (its[0][k, i] == its[1][k, i]) == (local.tenth[i] == k)


def test_a_model_that_only_knows_its_labels_by_heart_says_much_the_same_of_everybody() -> None:
    dice = np.random.default_rng(8)
    signs, automated = dice.choice([-1.0, 1.0], (400, len(SIGNS))), dice.random(400) < 0.3
    local = set_right(shipped(), signs[:60], automated[:60], everybody=signs)
    assert local.chances_of_parts(signs[60:]).std() < 0.1


@given(st.integers(0, 2**32), st.integers(20, 60), st.floats(0, 1), st.booleans())
@settings(max_examples=60)
def test_a_share_lies_within_its_bounds_and_those_within_what_the_labels_leave(
    seed: int, labels: int, rate: float, known: bool
) -> None:
    dice = np.random.default_rng(seed)
    signs = dice.uniform(-1, 1, (100, len(SIGNS))) if known else np.full((100, len(SIGNS)), np.nan)
    places = np.sort(dice.choice(100, labels, replace=False))
    automated = dice.random(labels) < rate
    share = share_of(shipped(), signs, places, automated)
    assert share is not None
    robots, people = automated.sum() / 100, (~automated).sum() / 100
    assert robots <= share.low <= share.value <= share.high <= 1 - people


def made(dice: np.random.Generator, people: int, rate: float, telling: float) -> tuple[Numbers, Flags]:
    """An audience: its signs, and who is automated. telling: how far the signs of robots lie from those of people."""
    automated = dice.random(people) < rate
    signs = dice.normal(0, 0.5, (people, len(SIGNS))) + telling * 0.2 * automated[:, None]
    return np.clip(signs, -1, 1), automated


def asked(dice: np.random.Generator, signs: Numbers, automated: Flags, labels: int) -> Share:
    """What the first so many labels of triage give."""
    nobody = np.zeros(len(signs), bool)
    keys = [int(k) for k in dice.integers(0, 2**62, len(signs))]
    at = {k: i for i, k in enumerate(keys)}
    order = next_asked(keys, strata_of(shipped().sums(signs)), nobody, nobody)[:labels]
    places = np.array(sorted(at[k] for k in order))
    share = share_of(shipped(), signs, places, automated[places])
    assert share is not None
    return share


def held(
    dice: np.random.Generator, draws: int, rate: float, telling: float, labels: int
) -> tuple[float, float, float]:
    """How often the interval held the truth, how wide it was, and how far the share leaned, in standard errors."""
    inside, widths, away = 0, [], []
    for _draw in range(draws):
        signs, automated = made(dice, 600, rate, telling)
        share, true = asked(dice, signs, automated, labels), float(automated.mean())
        inside += share.low <= true <= share.high
        widths.append(share.high - share.low)
        away.append(share.value - true)
    return inside / draws, float(np.mean(widths)), float(np.mean(away) / np.std(away) * draws**0.5)


@pytest.mark.parametrize(
    ("rate", "telling", "widest"), [(0.03, 1.0, 0.08), (0.2, 0.0, 0.15), (0.5, 2.0, 0.08)]
)
def test_the_interval_holds_the_truth_as_often_as_it_says(rate: float, telling: float, widest: float) -> None:
    share, width, _leans = held(np.random.default_rng(7), 50, rate, telling, 100)
    assert share >= 0.86
    assert width <= widest


@pytest.mark.long
def test_the_interval_holds_the_truth_as_often_as_it_says_in_many_worlds() -> None:
    """90 of 100, but for chance: of 150 draws fewer than 82 in 100 would come once in a thousand cells."""
    dice = np.random.default_rng(2011)
    found, leans = [], []
    for rate, telling, labels in product((0.01, 0.12, 0.5), (0.0, 2.0, -1.0), (20, 50, 100, 300)):
        share, _width, z = held(dice, 150, rate, telling, labels)
        assert share >= 0.82, (rate, telling, labels)
        found.append(share)
        leans.append(z)
    assert np.mean(found) >= 0.9
    assert np.mean(np.abs(leans)) <= 1.3, "of a normal one .8; bounds move it a little where robots are rare"
