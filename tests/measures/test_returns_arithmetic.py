"""The arithmetic of returns: cost of one, credit along chains, effects of earlier weeks, how long one has to count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from leumund.measures.returns.cost import each, times
from leumund.measures.returns.credit import Customer, Link, chains, credits_of
from leumund.measures.returns.effect import (
    HALF_LIVES_WEEKS,
    PRIOR_SD,
    SEASONS_SD,
    Numbers,
    echo,
    effects,
    shift_p,
    standardised,
)
from leumund.measures.returns.knowing import weeks_between, weeks_needed

# -- what one cost


@pytest.mark.parametrize(("number", "low", "high"), [(3, 0.43, 2.8), (15, 0.67, 1.56)])
def test_few_customers_leave_the_price_of_one_wide_open(number: int, low: float, high: float) -> None:
    found = each(number, number)
    assert (found.value, found.low, found.high) == pytest.approx((1, low, high), abs=0.04)


def test_without_a_customer_only_a_lower_bound_is_known() -> None:
    found = each(1000, 0)
    assert found.value is None
    assert found.high is None
    assert found.low == pytest.approx(1000 / 1.92, rel=0.01)


@given(st.floats(0.01, 1e6), st.floats(0, 200))
def test_the_price_of_one_lies_in_its_interval(spent: float, number: float) -> None:
    found = each(spent, number)
    assert found.low is not None
    if found.value is not None and found.high is not None and number >= 0.5:
        assert 0 < found.low <= found.value <= found.high


@given(st.floats(1, 1e5), st.integers(1, 60), st.floats(1, 1e5), st.integers(1, 60))
def test_a_quotient_turned_round_is_its_inverse(a: float, n: int, b: float, m: int) -> None:
    one, other = times(a, n, b, m), times(b, m, a, n)
    assert one.value is not None
    assert other.low is not None
    assert other.high is not None
    assert one.low is not None
    assert one.low <= one.value <= (one.high or np.inf)
    assert (one.value, one.low, one.high) == pytest.approx(
        (1 / (other.value or 1), 1 / other.high, 1 / other.low), rel=1e-6
    )


def test_what_cost_nothing_has_no_quotient() -> None:
    assert times(0, 3, 100, 3).value is None
    assert times(100, 0, 100, 3).value is None
    assert times(100, 0, 100, 3).low is not None, "that it is dear can be told without a customer"


@pytest.mark.parametrize("rate", [1.5, 4.0, 15.0, 40.0])
def test_the_interval_of_a_price_holds_nine_of_ten(rate: float) -> None:
    dice = np.random.default_rng(2)
    counts = dice.poisson(rate, 4000)
    known = {n: each(100.0, int(n)) for n in np.unique(counts).tolist()}
    held = [(known[n].low or 0) <= 100 / rate <= (known[n].high or np.inf) for n in counts.tolist()]
    assert np.mean(held) == pytest.approx(0.9, abs=0.06), "counts are whole numbers, so not exactly .9"


# -- credit

NAMES = st.sampled_from(["Mrs K.", "Mr L.", "Ms M.", "a friend", ""])
CHANNELS = st.sampled_from(["", "mastodon", "fair", "bluesky", "word of mouth"])
ANNA, BEN, CARLA = 1, 2, 3
SOME = st.lists(
    st.builds(
        Customer,
        name=NAMES,
        at_us=st.integers(0, 20),
        found_us_by=CHANNELS,
        through=st.lists(NAMES.filter(bool) | st.sampled_from([ANNA, BEN, CARLA]), max_size=4).map(tuple),
    ),
    max_size=12,
)


def known(account: int, at_us: int) -> Link:
    channel = {ANNA: "mastodon", BEN: "bluesky"}.get(account, "word of mouth")
    return Link(channel=channel, account=account, since_us=at_us)


@given(SOME)
def test_the_shares_of_every_customer_sum_to_one_customer(customers: list[Customer]) -> None:
    found = chains(customers, known)
    assert [sum(t.share for t in chain) for chain in found] == pytest.approx([1.0] * len(customers))
    assert [[t.step for t in chain] for chain in found] == [list(range(1, len(c) + 1)) for c in found]
    credits_ = credits_of(found)
    for each_ in ("credit", "first", "last"):
        assert sum(getattr(c, each_) for c in credits_.values()) == pytest.approx(len(customers))


@given(SOME)
def test_no_way_of_sharing_leaves_the_bounds(customers: list[Customer]) -> None:
    for credit in credits_of(chains(customers, known)).values():
        for value in (credit.credit, credit.first, credit.last):
            assert credit.alone - 1e-9 <= value <= credit.involved + 1e-9


@given(SOME)
def test_of_chains_over_two_channels_first_and_last_touch_hold_the_credit(customers: list[Customer]) -> None:
    found = [c for c in chains(customers, known) if len(c) <= 2]
    for credit in credits_of(found).values():
        low, high = sorted((credit.first, credit.last))
        assert low <= credit.involved
        assert credit.alone <= high
        if all(len({t.channel for t in c}) == len(c) for c in found):
            assert min(low, high) - 1e-9 <= credit.credit <= max(low, high) + 1e-9 or credit.credit == 0


@given(SOME, st.randoms())
def test_the_order_in_which_customers_are_written_down_is_nothing(
    customers: list[Customer], random: np.random.Generator
) -> None:
    distinct = list({(c.at_us, c.name): c for c in customers}.values())
    before = {(c.at_us, c.name): chain for c, chain in zip(distinct, chains(distinct, known), strict=True)}
    mixed = distinct[::-1]
    after = {(c.at_us, c.name): chain for c, chain in zip(mixed, chains(mixed, known), strict=True)}
    assert before == after


def test_a_follower_recommends_her_to_somebody_who_recommends_her_further() -> None:
    kay = Customer(name="Mrs K.", at_us=5, through=(ANNA,))
    ell = Customer(name="Mr L.", at_us=9, through=("mrs  k.",), found_us_by="fair")
    first, second = chains([ell, kay], known)[::-1]
    assert [(t.channel, t.share) for t in first] == [("mastodon", 1.0)]
    assert [t.channel for t in second] == ["mastodon", "word of mouth", "fair"]
    assert second[1].link is not None
    assert second[1].link.customer


def test_nobody_is_recommended_by_somebody_who_came_later() -> None:
    early = Customer(name="Mrs K.", at_us=1, through=("Mr L.",))
    late = Customer(name="Mr L.", at_us=2, through=("Mrs K.",))
    one, two = chains([early, late], known)
    assert [t.link.customer if t.link else None for t in one] == [False]
    assert [t.link.customer if t.link else None for t in two] == [False, True]


def test_where_nothing_is_told_the_credit_is_unknown() -> None:
    (chain,) = chains([Customer(name="x", at_us=0)], known)
    assert [(t.channel, t.share) for t in chain] == [("unknown", 1.0)]
    assert credits_of([chain])["unknown"].credit == 1


def test_a_customer_known_by_her_name_alone_stays_herself() -> None:
    one = Customer(name="Mrs K.", at_us=1, found_us_by="fair")
    assert chains([one, replace(one, at_us=2, through=("Mrs K.",))], known)[1][0].channel == "fair"


# -- effects


def test_the_posterior_is_that_of_an_integral_done_by_others() -> None:
    dice = np.random.default_rng(6)
    x = dice.normal(size=40)
    came = dice.poisson(1.0, 40).astype(float)
    found = effects(came, [x])
    assert found is not None

    def posterior(b: float, half_life: float) -> float:
        """The coefficient of the straight trend is integrated out, by Simpson's rule."""
        z = standardised(echo(x, half_life)[1:])
        assert z is not None
        y, c = came[1:], np.linspace(-2, 2, 401)
        t = np.arange(39) - 19
        t = t / np.sqrt((t * t).mean())
        alone = (y.sum() + 0.5) * np.log(len(y))  # a constant, so that nothing overflows
        eta = np.exp(b * z[None, :] + c[:, None] * t[None, :]).sum(axis=1)
        logs = b * (z @ y) + c * (t @ y) - (y.sum() + 0.5) * np.log(eta)
        logs += -0.5 * (b / PRIOR_SD) ** 2 - 0.5 * (c / SEASONS_SD) ** 2
        return float(integrate.simpson(np.exp(logs + alone), x=c))

    def integral(power: int) -> float:
        return sum(
            integrate.quad(
                lambda b, h=h: b**power * posterior(b, h), -4, 4, limit=200, epsabs=0, epsrel=1e-5
            )[0]
            for h in HALF_LIVES_WEEKS
        )

    mean = integral(1) / integral(0)
    sd = (integral(2) / integral(0) - mean**2) ** 0.5
    assert (found[0].mean, found[0].sd) == pytest.approx((mean, sd), abs=2e-3)


def test_two_predictors_are_told_apart() -> None:
    dice = np.random.default_rng(3)
    one, other = dice.normal(size=(2, 300))
    z = standardised(echo(one, 2.0)[1:])
    assert z is not None
    came = np.concatenate([[0.0], dice.poisson(np.exp(0.6 * z))])
    found = effects(came, [one, other])
    assert found is not None
    assert found[0].low < 0.6 < found[0].high
    assert found[0].low > 0.2
    assert found[1].low < 0 < found[1].high


def test_few_customers_say_nothing_and_it_is_said() -> None:
    dice = np.random.default_rng(1)
    came = np.zeros(60)
    came[[3, 20, 33, 41, 50]] = 1
    found = effects(came, [dice.normal(size=60)])
    assert found is not None
    assert found[0].learned < 0.4
    assert effects(came[:20], [dice.normal(size=20)]) is None
    assert effects(came, [np.ones(60)]) is None, "what never changed tells nothing"
    assert effects(np.zeros(60), [dice.normal(size=60)]) is None


def test_the_intervals_of_effects_hold_nine_of_ten() -> None:
    dice = np.random.default_rng(11)
    held = []
    for _i in range(400):
        x, effect = dice.normal(size=80), dice.normal(0, PRIOR_SD)
        z = standardised(echo(x, HALF_LIVES_WEEKS[dice.integers(5)])[1:])
        assert z is not None
        came = np.concatenate([[0.0], dice.poisson(np.exp(effect * z))])
        found = effects(came, [x])
        if found is not None:
            held.append(found[0].low <= effect <= found[0].high)
    assert np.mean(held) == pytest.approx(0.9, abs=2.6 * (0.09 / len(held)) ** 0.5)


@pytest.mark.parametrize(
    "time_alone", [lambda t: 1.5 * t, lambda t: 0.5 * np.cos(4 * np.pi * t)], ids=["growing", "yearly"]
)
def test_what_time_alone_does_to_both_is_no_effect(time_alone: Callable[[Numbers], Numbers]) -> None:
    """Both rise, or both swing with the year; without the terms for it nine of ten intervals miss the truth, which is 0."""
    dice = np.random.default_rng(8)
    common = time_alone(np.arange(104) / 104)
    held = []
    for _i in range(60):
        found = effects(dice.poisson(np.exp(common)).astype(float), [common + 0.5 * dice.normal(size=104)])
        assert found is not None
        held.append(found[0].low <= 0 <= found[0].high)
    assert np.mean(held) >= 0.9 - 2.6 * (0.09 / 60) ** 0.5


def test_weeks_that_have_nothing_to_do_with_each_other_seldom_look_alike() -> None:
    dice = np.random.default_rng(9)
    seen = []
    for _i in range(600):
        x = np.convolve(dice.normal(size=115), np.full(12, 0.3), "valid")
        p = shift_p(dice.poisson(1.0, 104).astype(float), x)
        assert p is not None
        seen.append(p <= 0.05)
    assert np.mean(seen) <= 0.05 + 2.6 * (0.0475 / 600) ** 0.5


def test_a_rise_of_both_is_no_likeness() -> None:
    dice = np.random.default_rng(2)
    t = np.arange(104) / 20
    seen = [
        (shift_p(dice.poisson(np.exp(t / 3)).astype(float), t + dice.normal(size=104) / 3) or 1) <= 0.05
        for _i in range(300)
    ]
    assert np.mean(seen) < 0.1


def test_weeks_that_follow_from_earlier_ones_are_seen() -> None:
    dice = np.random.default_rng(4)
    x = np.convolve(dice.normal(size=159), np.full(4, 0.5), "valid")
    z = standardised(echo(x, 2.0)[1:])
    assert z is not None
    came = np.concatenate([[0.0], dice.poisson(2 * np.exp(0.7 * z))])
    assert (shift_p(came, x) or 1) <= 0.05
    assert shift_p(came[:20], x[:20]) is None


# -- how long


def test_how_long_it_takes_is_as_uncertain_as_how_many_come() -> None:
    dice = np.random.default_rng(5)
    held = []
    for number in dice.poisson(0.5 * 52, 400).tolist():
        low, high = weeks_between(number, 52, 2.0)
        held.append(low <= (weeks_needed(0.5, 2.0) or 0) <= high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)


def test_a_doubling_of_thirty_a_year_needs_85_weeks() -> None:
    a_week = 30 / 52.18
    assert weeks_needed(a_week, 2.0) == pytest.approx(85, abs=1)
    assert weeks_needed(a_week, 1.5) == pytest.approx(276, abs=1)
    assert weeks_needed(0, 2.0) is None


@pytest.mark.parametrize("ratio", [1.5, 2.0, 3.0])
def test_after_so_many_weeks_four_of_five_are_seen(ratio: float) -> None:
    dice = np.random.default_rng(7)
    a_week = 0.6
    needed = weeks_needed(a_week, ratio)
    assert needed is not None
    without, with_ = (dice.poisson(a_week * r * needed / 2, 8000) for r in (1.0, ratio))
    error = np.sqrt(1 / (without + 0.5) + 1 / (with_ + 0.5))
    seen = np.abs(np.log((with_ + 0.5) / (without + 0.5))) > 1.96 * error
    assert seen.mean() == pytest.approx(0.8, abs=0.04)
