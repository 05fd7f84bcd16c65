"""The guard of speed: what is as fast as before passes on a noisy machine, what takes twice as long does not."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.guard import FEW, MOST, judged
from benchmarks.watched import WATCHED
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import guard

SEEDS = st.integers(0, 10_000)


def said(slowness: float, noise: float, seed: int) -> guard.Verdict:
    """The verdict on something so many times as slow, where a pair is off by that much (one standard deviation, in logarithms)."""
    dice = np.random.default_rng(seed)
    ratios: list[float] = []
    while len(ratios) < FEW or judged(ratios, 3.0) == "measure again":
        ratios.append(3.0 * slowness * float(np.exp(noise * dice.normal())))
    return judged(ratios, 3.0)


@given(SEEDS)
def test_noise_of_a_fifth_is_never_called_slower(seed: int) -> None:
    assert said(1.0, 0.2, seed) != "slower"


@given(SEEDS)
def test_what_takes_twice_as_long_is_found_in_noise_of_a_tenth(seed: int) -> None:
    assert said(2.0, 0.08, seed) == "slower"


def test_one_bad_pair_in_three_decides_nothing() -> None:
    assert judged([3.0, 30.0, 3.1], 3.0) == "as before"


def test_two_bad_pairs_in_three_are_measured_again() -> None:
    assert judged([3.0, 30.0, 30.0], 3.0) == "measure again"


def test_it_ends_after_nine_pairs_where_a_quarter_of_them_was_as_before() -> None:
    assert judged([3.0] * 3 + [6.0] * (MOST - 3), 3.0) == "as before"
    assert judged([6.0] * MOST, 3.0) == "slower"


def test_what_became_much_faster_is_said() -> None:
    assert judged([1.5, 1.5, 1.5], 3.0) == "faster"


def test_everything_watched_has_a_reference() -> None:
    assert set(guard.references()) == {w.name for w in WATCHED}
    assert all(ratio > 0 for ratio in guard.references().values())


@pytest.mark.long
def test_nothing_is_slower_than_the_reference() -> None:
    assert guard.slower() == []


@pytest.mark.long
def test_a_start_that_takes_twice_as_long_is_found() -> None:
    assert guard.slower(WATCHED[:1], twice=True) == ["start"]
