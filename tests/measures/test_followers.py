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


def test_another_account_can_be_looked_at() -> None:
    world = World(own=(ME,)).sighting(ANNA, 7, at=friday())
    assert followers(world.tables(friday()), account=ANNA).figures["now"] == 7
    assert followers(world.tables(friday())).figures["now"] is None
