"""Followers as far as anybody counted: carried forward, moved by what is known, never 0 for unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from leumund.measures.followers import followers

from .made import World, friday

ME, MINE, ANNA = 1, 2, 3
DAY = timedelta(days=1)


def counts(world: World, days: int = 5) -> list[Any]:
    """The figures of the last days up to the Friday."""
    rows: list[Any] = followers(world.tables(friday()), days=days).rows["followers"].to_pylist()
    return rows


def test_before_the_first_count_the_number_is_unknown() -> None:
    world = World(own=(ME,)).sighting(ME, 800, at=friday() - 2 * DAY)
    assert counts(world) == [None, None, 800, 800, 800]


def test_a_source_that_does_not_tell_changes_nothing() -> None:
    world = World(own=(ME,)).sighting(ME, 800, at=friday() - 3 * DAY).sighting(ME, None, at=friday() - DAY)
    assert counts(world) == [None, 800, 800, 800, 800]


def test_own_accounts_are_added_up_as_far_as_they_are_counted() -> None:
    world = (
        World(own=(ME, MINE)).sighting(ME, 800, at=friday() - 3 * DAY).sighting(MINE, 50, at=friday() - DAY)
    )
    result = followers(world.tables(friday()), days=5)
    assert result.rows["followers"].to_pylist() == [None, 800, 800, 850, 850]
    assert result.rows["accounts"].to_pylist() == [0, 1, 1, 2, 2]
    assert (result.figures["now"], result.figures["counted"], result.figures["accounts"]) == (850, 2, 2)


def test_between_two_counts_known_follows_move_the_number() -> None:
    world = World(own=(ME,)).sighting(ME, 10, at=friday() - 4 * DAY).sighting(ME, 20, at=friday())
    world.act("follow", ANNA, ME, at=friday() - 3 * DAY).act("follow", 9, ME, at=friday() - 2 * DAY)
    world.act("unfollow", ANNA, ME, at=friday() - DAY)
    assert counts(world) == [10, 11, 12, 11, 20]
    rows = followers(world.tables(friday()), days=5).rows
    assert rows["follows"].to_pylist() == [0, 1, 1, 0, 0]
    assert rows["unfollows"].to_pylist() == [0, 0, 0, 1, 0]


def test_changes_compare_only_what_was_counted_at_both_ends() -> None:
    world = World(own=(ME, MINE)).sighting(ME, 800, at=friday(-2)).sighting(ME, 830, at=friday())
    world.sighting(MINE, 50, at=friday() - DAY)
    figures = followers(world.tables(friday())).figures
    assert (figures["now"], figures["change_7"], figures["change_28"]) == (880, 30, None)


def test_days_are_calendar_days_and_changes_go_by_the_hour() -> None:
    midnight = friday().replace(hour=0)
    world = World(own=(ME,)).sighting(ME, 10, at=midnight - 9 * DAY).sighting(ME, 30, at=midnight)
    world.sighting(ME, 20, at=midnight - 7 * DAY + timedelta(hours=8))
    rows = followers(world.tables(friday()), days=2).rows
    assert rows["day"].to_pylist() == [(midnight - DAY).date(), midnight.date()]
    assert rows["followers"].to_pylist() == [20, 30]
    assert followers(world.tables(friday())).figures["change_7"] == 10  # at nine it was 20 already


def test_accounts_of_one_person_are_counted_one_by_one() -> None:
    world = World(own=(ME, MINE), persons=((ME, MINE), (ANNA, 9)))
    world.sighting(ME, 800, at=friday() - 3 * DAY).sighting(MINE, 50, at=friday() - 3 * DAY)
    world.act("follow", ANNA, ME, at=friday() - DAY).act("follow", 9, MINE, at=friday() - DAY)
    figures = followers(world.tables(friday())).figures
    assert (figures["now"], figures["counted"]) == (852, 2)
    assert followers(world.tables(friday()), account=MINE).figures["now"] == 51


def test_another_account_can_be_looked_at() -> None:
    world = World(own=(ME,)).sighting(ANNA, 7, at=friday())
    assert followers(world.tables(friday()), account=ANNA).figures["now"] == 7
    assert followers(world.tables(friday())).figures["now"] is None


def test_who_left_at_an_unknown_time_is_told_and_among_no_days_unfollows() -> None:
    world = World(own=(ME,)).sighting(ME, 10, at=friday() - 4 * DAY)
    world.act("unfollow", ANNA, ME, at=friday() - DAY, exact=False)
    world.act("unfollow", 9, ME, at=friday() - DAY)
    world.act("unfollow", 8, ME, at=friday() - 30 * DAY, exact=False)
    result = followers(world.tables(friday()), days=5)
    assert result.rows["unfollows"].to_pylist() == [0, 0, 0, 1, 0]
    assert result.figures["undated_unfollows"] == 1
    assert any("unknown" not in n.text and n.values.get("undated_unfollows") == 1 for n in result.notes)
    assert followers(world.tables(friday(-2)), days=5).figures["undated_unfollows"] == 0
