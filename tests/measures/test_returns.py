"""What brought customers: chains over people of the lab, and what each channel cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leumund.errors import UsageError
from leumund.measures import Result
from leumund.measures.fame import fame
from leumund.measures.returns import explain, returns
from tests.measures.made import World, friday

ME, ANNA, BEN, CARLA = 1, 2, 3, 4
HOUR = timedelta(hours=1)


def customer(world: World, week: float, *through: int | str, **other: Any) -> World:
    number = len(world.rows.get("customers", ()))
    row: dict[str, Any] = {"name": f"K{number}", "lead": False, "bought_at": friday(week), **other}
    if row["lead"]:
        row["bought_at"] = other.get("bought_at")
    world.stated("customers", at=friday(week), entry=f"c{number}", **row)
    for step, who in enumerate(through, 1):
        named = {"account": who} if isinstance(who, int) else {"name": who}
        world.stated("chains", at=friday(week), entry=f"c{number}", step=step, **named)
    return world


def rows(result: Result) -> dict[str, dict[str, Any]]:
    return {r["channel"]: r for r in result.rows.to_pylist()}


def take(world: World, week: float = 20, **options: Any) -> Result:
    return returns(world.tables(friday(week)), **options)


def some() -> World:
    """Anna followed on Mastodon, Ben answered on Bluesky; Carla never did anything."""
    world = World(own=(ME,))
    world.act("follow", ANNA, ME, at=friday(-3), network="mastodon")
    world.act("reply", BEN, ME, at=friday(-1), network="bluesky")
    return world.profile(CARLA, network="linkedin")


def test_a_recommendation_counts_for_the_channel_on_which_the_person_met_the_owner() -> None:
    found = rows(take(customer(some(), 1, ANNA)))
    assert found["mastodon"]["customers"] == 1
    assert (found["mastodon"]["customers_low"], found["mastodon"]["customers_high"]) == (1, 1)


def test_a_chain_over_two_networks_is_shared() -> None:
    found = rows(take(customer(some(), 1, ANNA, BEN, channel="fair")))
    assert {c: r["customers"] for c, r in found.items()} == pytest.approx(
        {"mastodon": 1 / 3, "bluesky": 1 / 3, "fair": 1 / 3}
    )
    assert (found["mastodon"]["first"], found["fair"]["last"]) == (1, 1)
    assert all((r["customers_low"], r["customers_high"]) == (0, 1) for r in found.values())


def test_what_somebody_did_later_is_unknown_and_her_account_tells_the_network() -> None:
    found = rows(take(customer(some(), -2, BEN)))
    assert set(found) == {"word of mouth"}, (
        "Ben had done nothing by then, and where his account is nobody said"
    )
    assert set(rows(take(customer(some(), 1, CARLA)))) == {"linkedin"}


def test_a_customer_recommends_the_next_one() -> None:
    world = customer(some(), 1, ANNA, name="Mrs K.")
    customer(world, 2, "mrs k.", name="Mr L.")
    found = rows(take(world))
    assert found["mastodon"]["customers"] == pytest.approx(1.5)
    assert found["word of mouth"]["customers"] == pytest.approx(0.5)


def test_the_tree_names_each_link_and_what_it_did_first() -> None:
    world = customer(some(), 1, ANNA, "a friend", channel="mastodon", value=900.0)
    found = explain(world.tables(friday(20)), None).rows.to_pylist()
    assert [(r["step"], r["account"], r["first"], r["channel"]) for r in found] == [
        (1, ANNA, "follow", "mastodon"),
        (2, None, None, "word of mouth"),
        (3, None, None, "mastodon"),
    ]
    assert found[0]["since"] == friday(-3)
    assert sum(r["share"] for r in found) == pytest.approx(1)
    assert sum(r["value"] for r in found) == pytest.approx(900)


def test_who_only_asked_costs_less_and_is_no_customer_before_buying() -> None:
    world = customer(some(), 1, ANNA)
    customer(world, 2, ANNA, lead=True)
    customer(world, 3, ANNA, lead=True, bought_at=friday(30))
    world.stated("costs", at=friday(0), channel="mastodon", amount=90.0)
    found = rows(take(world))["mastodon"]
    assert (found["customers"], found["asked"]) == (1, 3)
    assert (found["per_customer"], found["per_asked"]) == (90, 30)


def test_hours_are_priced_only_when_the_owner_says_what_one_is_worth() -> None:
    world = customer(some(), 1, ANNA)
    world.stated("hours", at=friday(0), channel="mastodon", hours=4.0)
    world.stated("costs", at=friday(0), channel="mastodon", amount=20.0)
    bare = rows(take(world))["mastodon"]
    assert (bare["spent"], bare["cash"], bare["hours"], bare["per_customer"]) == (None, 20, 4, None)
    assert "not priced" in " ".join(n.text for n in take(world).notes)
    priced = take(world, rate=50.0)
    assert rows(priced)["mastodon"]["per_customer"] == 220
    assert "not priced" not in " ".join(n.text for n in priced.notes)


def test_social_networks_are_compared_with_adverts_and_fairs() -> None:
    world = some()
    for week in range(3):
        customer(world, week, ANNA)
        customer(world, week, channel="fair")
    customer(world, 1, channel="word of mouth")
    world.stated("hours", at=friday(0), channel="mastodon", hours=3.0)
    world.stated("costs", at=friday(0), channel="fair", amount=300.0)
    figures = take(world, rate=50.0).figures
    assert figures["ratio"] == pytest.approx(0.5)
    assert figures["ratio_low"] < 0.5 < figures["ratio_high"]  # type: ignore[operator]


def test_money_without_customers_gives_a_lower_bound_alone() -> None:
    world = customer(some(), 1, ANNA)
    world.stated("costs", at=friday(0), channel="fair", amount=300.0)
    found = rows(take(world))["fair"]
    assert (found["customers"], found["per_customer"], found["per_customer_high"]) == (0, None, None)
    assert found["per_customer_low"] == pytest.approx(300 / 1.92, rel=0.01)


def test_unknown_has_a_share_and_is_said() -> None:
    world = customer(customer(some(), 1, ANNA), 2)
    result = take(world)
    assert rows(result)["unknown"]["customers"] == 1
    assert result.figures["unknown_share"] == 0.5


def test_another_currency_is_left_out_and_counted() -> None:
    world = customer(some(), 1, ANNA)
    for amount, currency in ((50.0, "EUR"), (10.0, "EUR"), (99.0, "USD"), (5.0, None)):
        world.stated("costs", at=friday(0), channel="mastodon", amount=amount, currency=currency)
    result = take(world)
    assert rows(result)["mastodon"]["cash"] == 65
    assert any(n.values.get("others") == 1 for n in result.notes)


def test_what_customers_brought_in_another_currency_is_left_out_and_counted() -> None:
    world = customer(some(), 1, ANNA, value=100.0, currency="EUR")
    customer(world, 2, ANNA, value=10.0, currency=None)
    customer(world, 3, ANNA, value=7.0, currency="USD")
    world.stated("costs", at=friday(0), channel="mastodon", amount=50.0, currency="EUR")
    result = take(world)
    found = rows(result)["mastodon"]
    assert (found["customers"], found["turnover"]) == (3, 110)
    assert any(n.values.get("foreign") == 1 for n in result.notes)


def test_the_owner_and_whoever_is_named_twice_have_one_share_at_most() -> None:
    world = customer(some(), 1, ANNA, BEN, ANNA)
    customer(world, 2, ANNA, ME)
    customer(world, 3, "Ben ", "Clara", "ben")
    chains = explain(world.tables(friday(20)), None).rows.to_pylist()
    shares = [[r["share"] for r in chains if r["entry"] == f"c{n}"] for n in range(3)]
    assert shares == [[0.5, 0.5], [1.0], [0.5, 0.5]]


def test_a_customer_without_a_name_is_called_so() -> None:
    (row,) = explain(customer(some(), 1, name=None).tables(friday(20)), None).rows.to_pylist()
    assert row["customer"] == "without a name"


def test_only_these_days_count() -> None:
    world = customer(customer(some(), 1, ANNA), 15, ANNA)
    assert rows(take(world, days=60))["mastodon"]["customers"] == 1


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf"), 1e7])
@pytest.mark.parametrize("measure", [returns, fame])
def test_an_hour_is_worth_an_amount(measure: Callable[..., Result], rate: float) -> None:
    with pytest.raises(UsageError, match="worth"):
        measure(some().tables(friday(20)), rate=rate)


def test_where_nothing_was_entered_what_was_spent_is_unknown_and_not_nothing() -> None:
    assert rows(take(customer(some(), 1, ANNA)))["mastodon"]["spent"] is None
