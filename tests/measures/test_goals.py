"""How goals stand in small made-up worlds: what is read, what is said, what stays unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from leumund.errors import UsageError
from leumund.measures import Result
from leumund.measures.goals import course, goals, tracks
from leumund.store.register import as_us

from .made import World, friday

ME, OTHER = 1, 2


def counted(
    gain: float = 20, weeks: int = 60, start: float = 1_000, world: World | None = None, account: int = ME
) -> World:
    """My followers, counted each week until now: `gain` more each, one week a little above and one below."""
    world = world or World(own=(ME,))
    for week in range(weeks + 1):
        n = round(start + gain * week + (3 if week % 2 else -3))
        world.sighting(account, n, at=friday(week - weeks))
    return world


def goal(
    world: World, what: str = "followers", target: float = 3_000, *, weeks: float = 20, **more: Any
) -> World:
    by = (friday() + timedelta(weeks=weeks)).date()
    return world.stated(
        "goals", at=friday(-10), what=what, target=target, by=by, text=f"{target:g} {what}", **more
    )


def read(world: World, at: datetime | None = None) -> tuple[list[dict[str, Any]], list[str], Result]:
    found = goals(world.tables(at or friday()))
    return found.rows.to_pylist(), [str(note) for note in found.notes], found


def test_a_steady_account_knows_when_it_will_be_there() -> None:
    (row,), notes, _result = read(goal(counted(), target=2_500, weeks=12))
    assert row["now"] == 1000 + 20 * 60 - 3
    assert row["expected_low"] <= row["expected"] <= row["expected_high"]
    assert abs(row["expected"] - (row["now"] + 12 * 20)) < 25
    assert row["chance"] < 0.35
    assert row["needed"] == pytest.approx((2_500 - row["now"]) / 12, rel=0.02)
    assert row["gaining"] == pytest.approx(20, abs=3)
    assert row["reached_first"] <= row["reached_half"] <= row["reached_last"]
    assert abs((row["reached_half"] - friday().date()).days / 7 - 15) < 3
    assert any("in four of five possible courses you have between" in note for note in notes)
    assert any("it would need 25 a week; now you gain" in note for note in notes)


def test_later_days_and_smaller_numbers_are_likelier() -> None:
    world = counted()
    for weeks, target in ((10, 2_450), (20, 2_450), (20, 2_600), (40, 2_600)):
        goal(world, target=target, weeks=weeks)
    rows, _notes, _result = read(world)
    chance = {(row["target"], row["by"]): row["chance"] for row in rows}
    near, middle, far = sorted({row["by"] for row in rows})
    assert chance[2450, near] <= chance[2450, middle]
    assert chance[2600, middle] <= chance[2450, middle]
    assert chance[2600, middle] <= chance[2600, far]


def test_what_is_reached_is_reached() -> None:
    (row,), notes, _result = read(goal(counted(), target=2_000))
    assert row["chance"] == 1
    assert row["needed"] is None
    assert any("reached already" in note for note in notes)


@pytest.mark.parametrize(("target", "word"), [(2_000, "it was reached"), (2_500, "it was not reached")])
def test_a_day_that_is_over_is_told_as_it_was(target: float, word: str) -> None:
    (row,), notes, _result = read(goal(counted(), target=target, weeks=-5))
    assert row["chance"] is None
    assert any(word in note for note in notes)


def test_without_a_count_nothing_is_said_and_nothing_is_zero() -> None:
    (row,), notes, _result = read(goal(World(own=(ME,))))
    assert row["now"] is row["chance"] is row["expected"] is row["gaining"] is None
    assert any("nothing of this was counted yet" in note for note in notes)
    (row,), notes, _result = read(goal(counted(weeks=4)))
    assert row["now"] is not None
    assert row["chance"] is row["expected_low"] is None
    assert any("too little data" in note for note in notes)


def test_the_future_is_unknown() -> None:
    world = goal(counted())
    before = read(world)[0]
    for week in range(1, 9):
        world.sighting(ME, 90_000, at=friday(week))
    assert read(world)[0] == before


def test_weeks_without_a_count_are_a_gap() -> None:
    world = World(own=(ME,))
    for week in (*range(20), *range(30, 61)):
        world.sighting(ME, 1_000 + 20 * week, at=friday(week - 60))
    curve = tracks.followers(world.tables(friday()))
    assert curve is not None
    assert np.isnan(curve.counts[20:30]).all()
    assert np.allclose(curve.gains, 20)
    assert max(curve.spans) == 11


def test_an_account_counted_later_brings_no_sudden_gain() -> None:
    world = counted(world=World(own=(ME, OTHER)), weeks=60)
    counted(world=world, account=OTHER, gain=5, start=400, weeks=20)
    curve = tracks.followers(world.tables(friday()))
    assert curve is not None
    assert max(curve.gains) < 40
    assert curve.now == 1000 + 60 * 20 - 3 + 400 + 100 - 3
    assert np.mean(curve.gains[-20:]) == pytest.approx(25, abs=1)


def test_follows_known_since_the_last_count_are_added() -> None:
    world = counted()
    for other in range(30):
        world.act("follow", 100 + other, ME, at=friday(1.3))
    curve = tracks.followers(world.tables(friday(2)))
    assert curve is not None
    assert curve.now == 1000 + 60 * 20 - 3 + 30


def test_only_one_network_is_counted_where_that_is_meant() -> None:
    world = counted()
    for row in world.rows["sightings"]:
        row["network"] = "mastodon"
    assert tracks.followers(world.tables(friday()), "bluesky") is None
    (row,), _notes, _result = read(goal(world, network="mastodon"))
    assert row["now"] is not None


def test_people_are_not_known_without_labels() -> None:
    world = counted()
    for other in range(40):
        world.act("follow", 100 + other, ME, at=friday(-30))
    (row,), notes, _result = read(goal(world, "people"))
    assert row["now"] is row["chance"] is None
    assert any("leumund triage" in note for note in notes)


def test_people_are_their_share_of_the_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    from leumund.measures.goals import outlook

    monkeypatch.setattr(outlook, "_people", lambda _tables: outlook.Share(value=0.5, low=0.4, high=0.6))
    world = goal(goal(counted(), "people", 1_250), "followers", 2_500)
    (people, everybody), notes, _result = read(world)
    assert people["now"] == round(everybody["now"] / 2)
    assert people["gaining"] == pytest.approx(everybody["gaining"] / 2)
    wide = (people["expected_high"] - people["expected_low"]) / people["expected"]
    assert wide > (everybody["expected_high"] - everybody["expected_low"]) / everybody["expected"]
    assert any("50% of those who come are people" in note for note in notes)


def test_responders_are_a_level_and_no_sum() -> None:
    world = World(own=(ME,))
    for week in range(40):
        for other in range(10 + week % 3):
            world.act("reply", 100 + other, ME, at=friday(week - 40))
            world.act("like", 100 + other, ME, at=friday(week - 40) + timedelta(hours=1))
    (row,), notes, _result = read(goal(world, "responders", 14))
    assert row["now"] == 11
    assert 8 <= row["expected_low"] <= 11 <= row["expected_high"] <= 15
    assert row["needed"] is None
    assert any("people respond to you in a week" in note for note in notes)


def test_customers_count_since_the_goal_was_set() -> None:
    world = World(own=(ME,))
    for week in range(-40, 0, 3):
        world.stated("customers", at=friday(week), lead=False, bought_at=friday(week + 1), name="A")
    world.stated("customers", at=friday(-3), lead=True, bought_at=None, name="B")
    (row,), notes, _result = read(goal(world, "customers", 20, weeks=52))
    assert row["now"] == sum(1 for week in range(-40, 0, 3) if -10 <= week + 1 <= 0)
    assert row["gaining"] == pytest.approx(1 / 3, abs=0.12)
    assert 0 < row["chance"] < 1
    assert any("customers" in note for note in notes)


def test_a_place_is_not_foretold() -> None:
    (row,), notes, _result = read(goal(counted(), "board", 10))
    assert row["chance"] is None
    assert any("no chance is reckoned" in note for note in notes)


def test_the_place_now_is_told() -> None:
    world = counted()
    for other in (20, 21):
        world.ff(other, ME, 30, at=friday(-1), reason="because")
    world.ff(22, ME, at=friday(-1), reason="because")
    (row,), notes, _result = read(goal(world, "board", 10))
    assert (row["now"], row["chance"]) == (1, None)
    assert any("you stand at place 1 of 2" in note for note in notes)


def test_a_day_around_which_nobody_counted_is_not_judged() -> None:
    world = goal(counted(), target=2_300, weeks=3)
    (row,), notes, _result = read(world, friday(6))
    assert row["chance"] is None
    assert any("nobody counted around it" in note for note in notes)


def test_customers_before_the_goal_are_not_of_it() -> None:
    world = World(own=(ME,))
    for week in range(-60, 0, 2):
        world.stated("customers", at=friday(week), lead=False, bought_at=friday(week), name="A")
    world.stated(
        "goals", at=friday(-2), what="customers", target=9.0, by=(friday(30)).date(), text="9 customers"
    )
    rows = course(world.tables(friday())).rows.to_pylist()
    numbers = [row["number"] for row in rows if not row["foretold"]]
    assert numbers[0] is None
    assert min(n for n in numbers if n is not None) == 0
    world.stated("goals", at=friday(), what="customers", target=9.0, by=(friday(30)).date(), text="later")
    first = course(world.tables(friday()), of="2").rows.to_pylist()
    assert max(row["number"] or 0 for row in first if not row["foretold"]) == 0


def test_the_course_goes_from_what_was_to_what_may_be() -> None:
    tables = goal(counted(), target=2_500, weeks=12).tables(friday())
    found = course(tables)
    rows = found.rows.to_pylist()
    past, ahead = ([r for r in rows if r["foretold"] is side] for side in (False, True))
    assert len(past) == 53
    assert len(ahead) == 24
    assert all(r["number_low"] is None for r in past)
    assert all(r["number_low"] <= r["number"] <= r["number_high"] for r in ahead)
    assert np.all(np.diff([r["chance"] for r in ahead]) >= 0)
    assert [r["day"] for r in rows] == sorted(r["day"] for r in rows)
    assert ahead[11]["chance"] == found.figures["chance"]
    with pytest.raises(UsageError, match="There is no goal number 2"):
        course(tables, of="2")


def test_a_course_is_the_owners_alone_and_nobodys_without_a_goal() -> None:
    assert course(goal(counted()).tables(friday()), account=OTHER).rows.num_rows == 0
    assert course(counted().tables(friday())).notes
    assert goals(counted().tables(friday())).figures["goals"] == 0


def test_goals_of_mere_numbers_are_told_that_there_are_others() -> None:
    world = goal(counted())
    assert any("robots and sleepers among them" in note for note in read(world)[1])
    assert not any("robots and sleepers among them" in note for note in read(goal(world, "customers", 5))[1])


def test_goals_stand_in_order_of_their_days() -> None:
    world = goal(goal(counted(), weeks=30), weeks=10)
    rows, _notes, _result = read(world)
    assert [row["goal"] for row in rows] == [1, 2]
    assert rows[0]["by"] < rows[1]["by"]
    assert isinstance(rows[0]["by"], date)
    assert as_us(friday()) > as_us(datetime(2020, 1, 1, tzinfo=UTC))


def test_with_less_than_a_week_left_no_pace_is_asked_for() -> None:
    (row,), notes, _result = read(goal(counted(), target=2_500, weeks=0))
    assert row["needed"] is None
    missing = 2_500 - row["now"]
    assert any(f"less than a week is left; still missing: {missing}" in note for note in notes)
    assert not any("it would need" in note for note in notes)
