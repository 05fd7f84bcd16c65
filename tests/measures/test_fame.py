"""Does fame bring business? The sentences and the figures behind them, in small made-up worlds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import numpy as np
import pytest

from leumund.measures import Result
from leumund.measures.fame import explain, fame
from leumund.measures.fame.alike import alike
from leumund.measures.returns import weekly as weeks_of
from leumund.views.cells import sentence
from tests.measures.made import World, friday
from tests.measures.test_returns import ANNA, ME, customer

WEEKS = 100
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_of_posts() -> Iterator[None]:
    with mock.patch("leumund.measures.fame.taken._posts", return_value={}):
        yield


def told(result: Result) -> str:
    return " ".join(sentence(n) for n in result.notes)


def part(result: Result, name: str) -> dict[str, float | None]:
    return next(r for r in result.rows.to_pylist() if r["part"] == name)


def world_of(effect: float, *, seed: int = 1, a_week: float = 0.8) -> World:
    """Two years; in weeks after many likes more people ask, by exp(effect) for each standard deviation of influence."""
    dice = np.random.default_rng(seed)
    world = World(own=(ME,))
    busy = np.repeat(dice.random(WEEKS // 5) < 0.5, 5)
    for person in range(100, 160):
        world.mark(person, "trust", at=friday(-WEEKS - 9))
    for week in range(WEEKS):
        for person in range(25 if busy[week] else 1):
            at = friday(week - WEEKS) + HOUR * person
            world.act("like", 100 + int(dice.integers(60)), ME, at=at, network="mastodon")
        rate = a_week * np.exp(effect * (1 if week and busy[week - 1] else -1))
        for n in range(dice.poisson(rate)):
            customer(world, week - WEEKS + n / 50, lead=bool(dice.random() < 0.5), channel="mastodon")
        world.stated("hours", at=friday(week - WEEKS), channel="mastodon", hours=float(dice.integers(1, 9)))
    return world


def take(world: World, **options: float) -> Result:
    return fame(world.tables(friday(0)), **options)


def test_a_customer_from_before_the_first_known_act_is_no_fault() -> None:
    world = World(own=(ME,))
    customer(world, -1, channel="mastodon")
    world.act("like", 100, ME, at=friday(0) - HOUR, network="mastodon")
    assert take(world).rows.num_rows


def test_without_a_customer_it_says_how_to_begin_and_knows_nothing() -> None:
    result = take(World(own=(ME,)))
    assert result.figures["verdict"] == "unknown"
    assert "customer add" in told(result)


def test_what_customers_say_stands_first() -> None:
    world = World(own=(ME,)).act("follow", ANNA, ME, at=friday(-9), network="mastodon")
    customer(customer(customer(world, -8, ANNA), -7, channel="fair"), -6)
    result = take(world)
    assert result.figures["verdict"] == "yes"
    found = part(result, "customers through social networks")
    assert (found["value"], found["low"], found["number"]) == (1, 1, 3)
    assert found["high"] == 2, "she of whom nothing is told may have come by a network too"
    assert part(result, "customers of whom nothing is told")["value"] == 1


def test_five_who_came_by_other_ways_are_no_sign() -> None:
    world = World(own=(ME,))
    for week in range(5):
        customer(world, -9 + week, channel="fair")
    assert take(world).figures["verdict"] == "no_sign"
    assert take(customer(World(own=(ME,)), -3, channel="fair")).figures["verdict"] == "unknown"


def test_free_hours_make_no_channel_cheap() -> None:
    world = world_of(0.0)
    customer(world, -3, channel="fair")
    world.stated("costs", at=friday(-5), channel="fair", amount=500.0)
    bare = take(world)
    assert not [
        r
        for r in bare.rows.to_pylist()
        if r["part"] in ("quotient of both", "cost of one through social networks")
    ]
    assert "not priced" in told(bare)
    priced = take(world, rate=40.0)
    found = part(priced, "quotient of both")
    assert found["low"] < found["value"] < found["high"]  # type: ignore[operator]
    assert "cannot be told yet" in told(priced) or "cheaper" in told(priced) or "dearer" in told(priced)


def test_a_strong_effect_is_seen_with_the_prior_beside_it() -> None:
    result = take(world_of(0.6, seed=2))
    found = part(result, "times as many after more influence")
    assert found["low"] > 1  # type: ignore[operator]
    assert found["before_low"] < 0.5 < 2 < found["before_high"]  # type: ignore[operator]
    assert found["learned"] >= 0.2  # type: ignore[operator]
    assert "After weeks with clearly more influence" in told(result)
    assert 0 < part(result, "as much alike when shifted")["value"] <= 1  # type: ignore[operator]


def test_few_people_leave_the_data_silent() -> None:
    result = take(world_of(0.0, a_week=0.08))
    assert "the data say nothing" in told(result) or "cannot be told" in told(result)
    assert "clearly more influence" not in told(result)


def test_without_an_effect_none_is_claimed_in_nine_of_ten_worlds() -> None:
    claimed = 0
    for seed in range(8):
        found = part(take(world_of(0.0, seed=seed)), "times as many after more influence")
        claimed += not found["low"] <= 1 <= found["high"]  # type: ignore[operator]
    assert claimed <= 3  # one in two hundred such tests would fail


def test_how_long_to_wait_follows_from_how_many_come() -> None:
    result = take(world_of(0.0))
    doubling = part(result, "weeks needed for a doubling, all who came")["value"]
    more = part(result, "weeks needed for half as many again, all who came")["value"]
    assert doubling is not None
    assert more is not None
    assert doubling * 3.2 < more < doubling * 3.3
    assert "more months" in told(result) or "would have been seen" in told(result)


def test_the_weeks_behind_it_add_up_to_what_was_entered() -> None:
    world = world_of(0.3)
    rows = explain(world.tables(friday(0)), None).rows.to_pylist()
    assert len(rows) <= weeks_of.MOST_WEEKS
    came = world.rows["customers"]
    assert sum(r["asked"] for r in rows) == len(came)
    assert sum(r["customers"] for r in rows) == sum(not c["lead"] for c in came)
    assert all(r["influence"] is not None for r in rows)


def test_high_weeks_that_come_before_high_weeks_are_alike() -> None:
    slow = np.repeat([1.0, 5.0, 2.0, 7.0], 10)
    found = alike(slow, slow)
    assert found is not None
    assert found.rank > 0.7
    assert alike(slow[:10], slow[:10]) is None
    assert alike(np.ones(60), np.arange(60.0)) is None
    assert alike(np.full(60, np.nan), np.arange(60.0)) is None


def test_one_who_came_by_a_network_and_by_something_else_is_no_yes() -> None:
    world = World(own=(ME,)).act("follow", ANNA, ME, at=friday(-9), network="mastodon")
    result = take(customer(world, -8, ANNA, "a neighbour"))
    assert result.figures["verdict"] == "perhaps"
    assert told(result).startswith("Perhaps")
    assert take(customer(world, -7, ANNA)).figures["verdict"] == "yes"


def test_a_customer_in_years_is_told_no_number_of_weeks() -> None:
    world = World(own=(ME,)).act("follow", ANNA, ME, at=friday(-90), network="mastodon")
    said = told(take(customer(world, -80, ANNA)))
    assert "more than ten years" in said
    assert "your 1 customers" not in said


@pytest.mark.parametrize("effect", [0.0, 0.6])
def test_the_answer_is_in_words_of_everyday(effect: float) -> None:
    said = told(take(world_of(effect)))
    assert not [word for word in ("deviation", "correlation", "Gamma", "sigma") if word in said]
