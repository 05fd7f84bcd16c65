"""Three things worth doing: a plain rule, the same all day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leumund.today import Doing, Task, Turn, all_tasks
from leumund.today.choosing import MOST, chosen

MONDAY = datetime(2026, 3, 30, 9, tzinfo=UTC)


@dataclass
class Day:
    as_of: datetime = MONDAY


def task(name: str, turn: Turn, *, there: bool = True, order: int = 50) -> Task:
    doing = Doing(what=name, why="", go="", page="/", command="")
    return Task(name=name, turn=turn, find=lambda _readings: doing if there else None, order=order)


def names(tasks: list[Task], day: datetime = MONDAY) -> list[str]:
    readings: Any = Day(day)
    return [t.name for t, _doing in chosen(tasks, readings)]


FIRST = [task(f"f{n}", "first", order=n) for n in range(3)]
PEOPLE = [task("thanks", "people")]
LATER = [task(n, "in turn") for n in "abc"]


def test_what_must_be_done_today_leaves_a_seat_for_who_waits() -> None:
    assert names([*LATER, *PEOPLE, *FIRST]) == ["f0", "f1", "thanks"]


def test_what_can_wait_is_first_on_another_day_each() -> None:
    seen = [names([*PEOPLE, *LATER], MONDAY + timedelta(days=d))[1] for d in range(3)]
    assert sorted(seen) == ["a", "b", "c"]


def test_the_same_day_gives_the_same_three() -> None:
    assert names(LATER, MONDAY) == names(LATER[::-1], MONDAY + timedelta(hours=9))


@given(
    st.lists(st.tuples(st.sampled_from(["first", "people", "in turn"]), st.booleans()), max_size=9),
    st.integers(0, 400),
)
def test_as_many_as_there_are_but_never_more_than_three_and_nothing_twice(
    some: list[tuple[Turn, bool]], day: int
) -> None:
    tasks = [task(str(n), turn, there=there) for n, (turn, there) in enumerate(some)]
    found = names(tasks, MONDAY + timedelta(days=day))
    assert len(found) == len(set(found))
    waiting = sum(there and turn != "first" for turn, there in some) + min(
        2, sum(there and turn == "first" for turn, there in some)
    )
    assert len(found) == min(MOST, waiting)


def test_every_kind_is_found_by_its_being_there() -> None:
    assert {"thanks", "triage", "goals", "experiments", "entries", "sources", "friday"} <= set(all_tasks())
    assert len({t.name for t in all_tasks().values()}) == len(all_tasks())


def test_every_address_that_is_named_is_a_page() -> None:
    import leumund.today as home
    from leumund.web.page import all_pages

    there = {p.path for p in all_pages().values()}
    named = {
        address
        for file in Path(home.__file__).parent.rglob("*.py")
        for address in re.findall(r'"(/[a-z]+)[#"]', file.read_text("utf-8"))
    }
    assert {"/thanks", "/goals", "/spending", "/triage", "/week", "/sources"} <= named
    assert named <= there
