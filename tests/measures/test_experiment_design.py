"""The arithmetic of experiments: coins, the exact test, its interval, power, several together."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.coins import coins
from leumund.measures.experiments.design import LEAST_PAIRS, next_monday, weeks
from leumund.measures.experiments.power import p_values, power, weekly_spread
from leumund.measures.experiments.signs import interval, p_value
from leumund.measures.experiments.together import shrunk
from leumund.validate.experiments import PAIRS, RUNS, WORLDS, null_seen

NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 3))
SOME = st.lists(NUMBERS, min_size=1, max_size=9).map(np.array)
SIX = st.lists(NUMBERS, min_size=6, max_size=9).map(np.array)


@given(SOME)
def test_the_p_value_is_the_share_of_all_ways_the_coins_could_have_fallen(differences: np.ndarray) -> None:
    sums = np.array(list(product((1, -1), repeat=len(differences)))) @ differences
    assert p_value(differences) == pytest.approx(
        np.mean(np.abs(sums) >= abs(differences.sum()) - 1e-9 * np.abs(differences).sum())
    )


@given(SIX)
def test_the_interval_ends_at_means_of_subsets(differences: np.ndarray) -> None:
    n = len(differences)
    means = np.sort([differences[list(m)].mean() for m in product((False, True), repeat=n) if any(m)])
    outside = int(2**n * 0.05 / 2)
    assert interval(differences) == pytest.approx((means[outside - 1], means[-outside]), abs=1e-6)


@given(SIX, st.floats(-1, 1))
def test_the_interval_holds_what_the_test_keeps_and_nothing_else(
    differences: np.ndarray, effect: float
) -> None:
    low, high = interval(differences)
    if min(abs(effect - low), abs(effect - high)) > 1e-6:
        assert (low < effect < high) == (p_value(differences - effect) > 0.05)


@given(SIX)
def test_the_interval_holds_the_middle_and_widens_with_the_level(differences: np.ndarray) -> None:
    low, high = interval(differences)
    assert low - 1e-9 <= differences.mean() <= high + 1e-9
    inner_low, inner_high = interval(differences, 0.2)
    assert low - 1e-9 <= inner_low <= inner_high <= high + 1e-9


def test_with_five_pairs_nothing_can_be_seen_and_with_six_the_clearest_alone() -> None:
    assert p_value(np.ones(LEAST_PAIRS - 1)) > 0.05
    assert p_value(np.ones(LEAST_PAIRS)) == 2 / 2**LEAST_PAIRS < 0.05
    assert interval(np.ones(LEAST_PAIRS - 1)) == (-np.inf, np.inf)


def test_many_experiments_at_once_are_tested_as_one_by_one() -> None:
    found = np.random.default_rng(5).normal(0.3, 1, (50, 8)).round(1)
    signs = np.array(list(product((1.0, -1.0), repeat=8))).T
    assert p_values(found, signs) == pytest.approx([p_value(row) for row in found])


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize("pairs", PAIRS)
def test_at_most_five_in_a_hundred_of_two_thousand_changes_without_effect_are_seen(
    kind: str, pairs: int
) -> None:
    assert (
        null_seen(kind, pairs) <= 0.05 + 2.6 * (0.05 * 0.95 / RUNS) ** 0.5
    )  # one in two hundred such tests fails


def test_the_interval_holds_the_truth_in_at_least_95_of_100_experiments() -> None:
    dice = np.random.default_rng(8)
    runs, pairs, effect = 400, 10, np.log(1.5)
    weeks_ = dice.normal(0, 0.3, (runs, pairs)) + effect
    held = [low <= effect <= high for low, high in map(interval, weeks_)]
    assert np.mean(held) >= 0.95 - 2.6 * (0.05 * 0.95 / runs) ** 0.5


def test_power_is_as_stated() -> None:
    assert power(20, 12, 1.5) == pytest.approx(0.90, abs=0.02)
    assert power(20, 6, 1.5) == pytest.approx(0.36, abs=0.03)
    assert power(20, 12, 1.0) <= 0.06
    assert power(20, 12, 2.0) > power(20, 12, 1.5) > power(20, 12, 1.25)
    assert power(20, 20, 1.5) > 0.97, "drawn ways of the coins do as well as all of them"


def test_steadier_weeks_see_more() -> None:
    assert power(20, 8, 1.5, spread=np.inf) > power(20, 8, 1.5) > power(20, 8, 1.5, spread=8)


def test_the_spread_of_ones_own_weeks_is_found_in_spite_of_growth() -> None:
    dice = np.random.default_rng(1)
    found = []
    for _i in range(60):
        mean = np.linspace(15, 25, 104)
        found.append(weekly_spread(dice.poisson(dice.gamma(12.0, mean / 12.0)).astype(float)))
    assert np.median([f[1] for f in found if f]) == pytest.approx(12, rel=0.25)
    assert weekly_spread(np.ones(5)) is None
    assert weekly_spread(np.full(52, 4.0)) == (4.0, np.inf)


@given(st.text(min_size=1, max_size=12), st.integers(1, 26))
def test_each_pair_has_one_week_with_the_change_and_one_without(seed: str, pairs: int) -> None:
    planned = weeks(seed, pairs, date(2026, 3, 4))
    assert len(planned) == 2 * pairs
    assert all({a.on, b.on} == {True, False} for a, b in zip(planned[::2], planned[1::2], strict=True))
    assert planned[0].monday == date(2026, 3, 2)
    assert all(b.monday - a.monday == timedelta(days=7) for a, b in pairwise(planned))
    assert coins(seed, pairs)[: pairs - 1] == coins(seed, pairs - 1)


def test_anybody_can_check_the_coins_with_a_common_tool() -> None:
    digest = subprocess.run(["sha256sum"], input=b"leumund 2", capture_output=True, check=True).stdout
    assert coins("leumund", 2)[1] == (int(digest[:1], 16) % 2 == 1)


def test_the_coins_are_fair() -> None:
    heads = sum(sum(coins(f"seed {n}", 10)) for n in range(400))
    assert abs(heads - 2000) < 2.6 * 1000**0.5


def test_the_next_monday_is_never_today() -> None:
    assert next_monday(date(2026, 3, 9)) == date(2026, 3, 16)
    assert next_monday(date(2026, 3, 15)) == date(2026, 3, 16)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(0.05, 0.8)), min_size=1, max_size=6))
def test_several_effects_are_drawn_towards_none_and_keep_their_sign(rows: list[tuple[float, float]]) -> None:
    effect, error = (np.array(c) for c in zip(*rows, strict=True))
    found = shrunk(effect, error)
    assert (np.abs(found.mean) <= np.abs(effect) + 1e-9).all()
    assert (found.mean * effect >= 0).all()
    assert (found.low <= found.mean + 1e-6).all()
    assert (found.mean <= found.high + 1e-6).all()


def test_one_loud_result_among_quiet_ones_is_believed_less_than_alone() -> None:
    alone = shrunk(np.array([0.5]), np.array([0.2])).mean[0]
    among = shrunk(np.array([0.5, 0.0, 0.02, -0.03, 0.01]), np.full(5, 0.2)).mean[0]
    assert 0 < among < alone < 0.5


def test_the_range_of_several_effects_holds_nine_of_ten() -> None:
    dice = np.random.default_rng(4)
    held = []
    for _i in range(300):
        true = dice.normal(0, abs(dice.normal(0, 0.3)), 5)
        error = dice.uniform(0.1, 0.4, 5)
        found = shrunk(dice.normal(true, error), error)
        held += ((found.low <= true) & (true <= found.high)).tolist()
    assert abs(np.mean(held) - 0.9) < 0.03
