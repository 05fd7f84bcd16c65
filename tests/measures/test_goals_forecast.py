"""Forecasts of growth curves: what holds whatever the curve, and how often the intervals hold in made-up worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.measures.goals.conformal import LEVEL, WIDER, deviations, width
from leumund.measures.goals.curves import Curve, Numbers, curve_of
from leumund.measures.goals.forecast import Forecast, crps, forecast
from leumund.measures.goals.growth import growth_of


def weekly(counts: Numbers | list[float]) -> Curve:
    return curve_of(7 * np.arange(len(counts), dtype=np.int64), np.asarray(counts, np.float64))


def foretold(curve: Curve, weeks: int = 12) -> Forecast:
    found = forecast(curve, weeks)
    assert found is not None
    return found


gains = st.lists(st.integers(-30, 400), min_size=8, max_size=70)
CURVES = st.builds(
    lambda start, steps: weekly(np.maximum(0, start + np.cumsum(steps)).astype(np.float64)),
    st.integers(0, 5_000), gains,
)  # fmt: skip


def test_a_steady_curve_goes_on() -> None:
    low, middle, high = foretold(weekly([1000.0 + 10 * w for w in range(60)])).interval()
    assert abs(middle[-1] - (1590 + 120)) < 15
    assert low[-1] < 1710 < high[-1]


def test_a_curve_where_nothing_happens_stays_nearly_where_it_is() -> None:
    low, middle, high = foretold(weekly([20.0] * 60)).interval()
    assert low[-1] == middle[-1] == 20
    assert high[-1] <= 22


def test_a_curve_that_falls_goes_on_falling_but_never_below_nothing() -> None:
    found = foretold(weekly([300.0 - 5 * w for w in range(58)]))
    assert found.interval()[1][-1] < 15
    assert found.courses.min() >= 0


def test_too_short_a_curve_is_not_foretold() -> None:
    assert forecast(weekly([5.0] * 6), 12) is None
    assert forecast(weekly([5.0] * 7), 12) is not None


@settings(max_examples=40)
@given(CURVES, st.integers(0, 9_000), st.integers(0, 9_000))
def test_chances_rise_with_the_date_and_fall_with_the_number(curve: Curve, one: int, other: int) -> None:
    found = foretold(curve)
    near, far = sorted((curve.now + one, curve.now + other))
    assert np.all(np.diff(found.chance(near)) >= 0)
    assert np.all(found.chance(far) <= found.chance(near))
    assert np.all((found.chance(far) >= 0) & (found.chance(near) <= 1))


@settings(max_examples=40)
@given(CURVES)
def test_intervals_are_in_order_and_the_same_each_time(curve: Curve) -> None:
    low, middle, high = foretold(curve).interval()
    assert np.all((low >= 0) & (low <= middle) & (middle <= high))
    assert np.array_equal(foretold(curve).courses, foretold(curve).courses)


@settings(max_examples=30)
@given(CURVES, st.integers(7, 60))
def test_past_forecasts_know_nothing_of_what_came_after(curve: Curve, origin: int) -> None:
    origin = min(origin, curve.weeks)
    then, whole = growth_of(curve.until(origin)), growth_of(curve)
    for name in ("gain", "loss", "noise"):
        assert np.allclose(getattr(then, name), getattr(whole, name)[:origin])


def test_a_count_every_day_or_every_week_is_the_same_curve() -> None:
    days = np.arange(0, 30 * 7 + 1, dtype=np.int64)
    counts = 100.0 + days**2 / 50
    daily, by_week = curve_of(days, counts), curve_of(days[::7], counts[::7])
    assert np.allclose(daily.counts, by_week.counts)
    assert np.allclose(daily.gains, by_week.gains)


def test_a_gap_is_unknown_and_not_a_week_without_gain() -> None:
    days = 7 * np.array([0, 1, 2, 3, 4, 5, 6, 12, 13], np.int64)
    curve = curve_of(days, 10.0 * days / 7)
    assert np.isnan(curve.counts[7:12]).all()
    assert np.allclose(curve.gains, 10)
    assert curve.spans[6:12].tolist() == [6] * 6
    assert curve.counted == 9


def test_what_lay_before_a_great_loss_is_another_account() -> None:
    curve = weekly([*(1000.0 + 50 * w for w in range(30)), *(40.0 + 3 * w for w in range(20))])
    assert curve.weeks == 19
    assert abs(foretold(curve).interval()[1][-1] - (97 + 36)) < 12


def test_after_a_level_shift_what_lay_before_counts_less() -> None:
    before, after = [10.0] * 30, [60.0] * 8
    shifted = growth_of(weekly(np.cumsum([0, *before, *after]))).rate[-1]
    fading = 0.5 ** (np.arange(37, -1, -1) / 8)
    plain = float(fading @ np.array([*before, *after]) / fading.sum())
    assert plain < 36 < 45 < shifted


def test_one_week_that_everybody_saw_is_no_rate() -> None:
    dice = np.random.default_rng(3)
    gains = dice.poisson(20, 40).astype(np.float64)
    gains[-3] = 4_000
    assert growth_of(weekly(np.cumsum(gains))).rate[-1] < 40


def test_a_count_that_its_network_rounds_grows_in_leaps() -> None:
    exact = 100_000.0 + 120 * np.arange(60)
    rate = growth_of(weekly(np.floor(exact / 1_000) * 1_000)).rate[-1]
    assert 80 < rate < 160


def test_who_was_worse_than_usual_gets_wider_intervals() -> None:
    dice = np.random.default_rng(5)
    calm = weekly(np.cumsum(dice.poisson(50, 150)).astype(np.float64))
    moods = np.repeat(dice.choice([5.0, 400.0], 13), 12)[:150]  # every twelve weeks all is different
    wild = weekly(np.cumsum(dice.poisson(moods)).astype(np.float64))
    assert width(calm, growth_of(calm)) < WIDER < width(wild, growth_of(wild))


def test_deviations_leave_out_what_nobody_counted() -> None:
    days = 7 * np.array([*range(20), *range(30, 50)], np.int64)
    curve = curve_of(days, days.astype(np.float64))
    origins = [t for t in range(6, 46) if t <= 19 or t >= 30]
    both = [t for t in origins if t + 4 <= 19 or t + 4 >= 30]
    assert len(deviations(curve, growth_of(curve), 4)) == len(both)


def test_crps_of_equal_draws_is_the_distance() -> None:
    assert crps(np.full(10, 3.0), 5.0) == pytest.approx(2.0)
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)


@pytest.mark.parametrize("rate", [0.4, 5.0, 60.0, 3_000.0])
def test_intervals_hold_in_made_up_worlds(rate: float) -> None:
    """80 % intervals over 300 made-up accounts whose rate wanders: at least 75 % hold, less three standard errors."""
    dice = np.random.default_rng(int(rate * 10))
    held = []
    for _account in range(300):
        pace = rate * np.exp(np.cumsum(dice.normal(0, 0.05, 65)))
        counts = np.cumsum(dice.poisson(dice.gamma(4, pace / 4))).astype(np.float64)
        low, _middle, high = foretold(weekly(counts[:53])).interval()
        held.append(low[-1] <= counts[-1] <= high[-1])
    error = np.sqrt(LEVEL * (1 - LEVEL) / len(held))
    assert np.mean(held) > 0.75 - 3 * error
    if rate > 3:  # few whole numbers cannot be cut at 80 %
        assert np.mean(held) < 0.92 + 3 * error


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(0, 10**9)), min_size=2, max_size=60),
    st.sampled_from([1, 12, 60]),
)
def test_any_curve_is_foretold_or_called_too_short(steps: list[tuple[int, int]], weeks: int) -> None:
    days = np.cumsum([gap for gap, _count in steps]).astype(np.int64)
    curve = curve_of(days, np.array([count for _gap, count in steps], np.float64))
    assert len(curve.counts) == curve.weeks + 1 == len(curve.spans) + 1
    assert curve.now == steps[-1][1]
    found = forecast(curve, weeks, draws=50)
    if found is not None:
        assert np.isfinite(found.courses).all()
        assert found.courses.min() >= 0
        assert 0 < found.width < 20
