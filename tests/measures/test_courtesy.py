"""Whom one owes thanks: what was done for the owner, and whether she did anything towards that person since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leumund.errors import UsageError
from leumund.measures import read
from leumund.measures.courtesy import MEASURE, courtesy

from .made import World, friday

ME, ANNA, BEN = 1, 2, 3
DAY = timedelta(days=1)


def still_open(world: World, days: int = 28) -> list[tuple[int, str, bool]]:
    rows = courtesy(world.tables(friday(1)), days=days).rows.sort_by("time").to_pylist()
    return [(r["account"], r["kind"], r["open"]) for r in rows]


def test_recommendations_reshares_and_quotes_are_open_until_answered() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday())
    world.act("reshare", BEN, ME, at=friday() + DAY, post="mine").act(
        "like", BEN, ME, at=friday() + DAY, post="mine"
    )
    world.act("quote", ANNA, ME, at=friday() + 2 * DAY, post="mine", via="hers")
    assert still_open(world) == [(ANNA, "endorse", True), (BEN, "reshare", True), (ANNA, "quote", True)]
    posts = courtesy(world.tables(friday(1))).rows.sort_by("time")["post"].to_pylist()
    assert posts == ["p0", "mine", "hers"]


@pytest.mark.parametrize("kind", ["reply", "like", "reshare", "mention", "quote"])
def test_one_answer_covers_all_that_came_before_it_and_nothing_after(kind: str) -> None:
    world = World(own=(ME,))
    for day in (0, 1, 3):
        world.act("reshare", ANNA, ME, at=friday() + day * DAY, post=f"m{day}")
    world.act(kind, ME, ANNA, at=friday() + 2 * DAY)
    assert [is_open for _, _, is_open in still_open(world)] == [False, False, True]
    figures = courtesy(world.tables(friday(1))).figures
    assert figures == {"open": 1, "answered": 2, "share": pytest.approx(2 / 3)}


def test_a_thank_you_for_recommendations_answers_all_it_names() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(BEN, ME, at=friday())
    world.ff(ME, at=friday() + DAY, kind="thanks", post="t")
    world.rows["posts"][-1]["mentions"] = [ANNA]
    assert sorted(still_open(world)) == [(ANNA, "endorse", False), (BEN, "endorse", True)]


def test_recommending_back_is_an_answer() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(ME, ANNA, at=friday() + DAY)
    assert still_open(world) == [(ANNA, "endorse", False)]


def test_answering_one_account_of_a_person_answers_the_other() -> None:
    world = (
        World(own=(ME,), persons=((ANNA, BEN),))
        .ff(ANNA, ME, at=friday())
        .act("reply", ME, BEN, at=friday() + DAY)
    )
    assert still_open(world) == [(ANNA, "endorse", False)]


def test_two_accounts_of_one_person_are_one_name_and_answered_together() -> None:
    world = World(own=(ME,), persons=((ANNA, BEN),)).ff(ANNA, ME, at=friday())
    world.act("reshare", BEN, ME, at=friday() + DAY, post="mine")
    assert still_open(world) == [(ANNA, "endorse", True), (ANNA, "reshare", True)]
    world.act("like", ME, BEN, at=friday() + 2 * DAY)
    assert still_open(world) == [(ANNA, "endorse", False), (ANNA, "reshare", False)]


def test_thanking_the_other_account_of_a_person_thanks_her() -> None:
    world = World(own=(ME,), persons=((ANNA, BEN),)).ff(ANNA, ME, at=friday())
    world.ff(ME, at=friday() + DAY, kind="thanks", post="t")
    world.rows["posts"][-1]["mentions"] = [BEN]
    assert still_open(world) == [(ANNA, "endorse", False)]


def test_what_has_waited_longest_stands_first_and_it_is_said() -> None:
    world = World(own=(ME,)).act("reshare", BEN, ME, at=friday() + DAY, post="m")
    world.act("reshare", ANNA, ME, at=friday(), post="m").act("reshare", 9, ME, at=friday(), post="m")
    world.act("like", ME, 9, at=friday() + DAY)
    reading = read(MEASURE, world.tables(friday(1)), lambda keys: dict.fromkeys(keys, "@x"))
    assert [row[0] for row in reading.rows] == [ANNA, BEN, 9]
    assert any("longest at the top" in str(note) for note in reading.notes)


def test_what_is_older_than_the_window_is_let_go() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday())
    assert still_open(world, days=7) == []
    assert still_open(world, days=8) == [(ANNA, "endorse", True)]
    with pytest.raises(UsageError):
        courtesy(world.tables(friday(1)), days=0)


def test_own_acts_need_no_thanks() -> None:
    world = World(own=(ME, BEN)).act("reshare", BEN, ME, at=friday())
    assert still_open(world) == []


def test_the_ledger_of_thanks_is_private() -> None:
    assert MEASURE.private
