"""What experiments showed, and which are refused: in small made-up worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from leumund.coins import as_written
from leumund.measures import Result
from leumund.measures.experiments import experiments, explain
from leumund.measures.experiments.design import weeks
from leumund.store.register import as_us
from tests.measures.made import World

ME = 1
START = date(2026, 1, 5)
DAY = timedelta(days=1)


def at(day: date, hour: float = 12) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def plan(world: World, **other: Any) -> World:
    row: dict[str, Any] = {
        "name": "Mornings", "change": "I post before nine", "outcome": "responders", "pairs": 6, "washout_days": 1,
        "begins": START, "seed": "abc", "weeks": None, "planned_at": at(START - 7 * DAY), "started_at": at(START - DAY),
    }  # fmt: skip
    row |= other
    return world.stated("experiments", at=row["planned_at"], **row)


def run(on: int, off: int, *, pairs: int = 6, seed: str = "abc", first_day: bool = False) -> World:
    """Weeks in which so many people like something on Wednesday, the change given or not."""
    world = World(own=(ME,))
    for week in weeks(seed, pairs, START):
        for n in range(on if week.on else off):
            world.act("like", 10 + n, ME, at=at(week.monday + (0 if first_day else 2) * DAY))
    world.post(ME, at=at(START + (14 * pairs - 1) * DAY))  # the lab was read until the last Sunday
    return world


def take(world: World, day: date = START + 100 * DAY) -> Result:
    return experiments(world.tables(at(day)))


def row(result: Result, number: int = 0) -> dict[str, Any]:
    return dict(result.rows.to_pylist()[number])


def said(result: Result) -> str:
    return " ".join(n.text for n in result.notes)


def test_twice_as_many_in_all_of_six_pairs_are_seen() -> None:
    found = row(take(plan(run(21, 10))))
    assert found["effect"] == pytest.approx(21.5 / 10.5)
    assert found["p"] == 2 / 2**6
    assert found["verdict"] == "more"
    assert (found["with_change"], found["without"], found["pairs"]) == (21, 10, 6)
    assert found["effect_low"] <= found["effect"] <= found["effect_high"]
    assert 1 < found["expected"] < found["effect"]
    assert found["state"] == "finished"


def test_the_same_in_all_weeks_is_no_effect_and_no_proof_of_none() -> None:
    result = take(plan(run(10, 10)))
    assert row(result)["verdict"] == "no_difference_seen"
    assert row(result)["p"] == 1
    assert "no proof" in said(result)


def test_the_first_day_of_a_week_is_not_counted() -> None:
    assert row(take(plan(run(21, 10, first_day=True))))["with_change"] == 0


def test_one_person_counts_once_a_week_and_the_owner_never() -> None:
    world = run(5, 5)
    for week in weeks("abc", 6, START):
        world.act("reply", 10, ME, at=at(week.monday + 3 * DAY))
        world.act("reply", ME, ME, at=at(week.monday + 3 * DAY))
    assert row(take(plan(world)))["with_change"] == 5


def test_pairs_that_are_not_over_or_not_read_do_not_count() -> None:
    world = plan(run(21, 10, pairs=8), pairs=8)
    middle = row(take(world, START + 6 * 14 * DAY + 9 * DAY))
    assert (middle["pairs"], middle["state"]) == (6, "running")
    assert row(take(world, START + 5 * 14 * DAY))["effect"] is None
    tables = world.tables(at(START + 200 * DAY))
    tables.coverage = replace(tables.coverage, last=as_us(at(START + 7 * 14 * DAY - 3 * DAY)))
    assert row(experiments(tables))["pairs"] == 6, "nothing was read of the last days of the seventh"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"pairs": 5}, "fewer than {least} pairs"),
        ({"pairs": 60}, "are no experiment"),
        ({"outcome": "influence"}, "remembers sixty days"),
        ({"outcome": None}, "remembers sixty days"),
        ({"plan_changed_at": at(START + 30 * DAY)}, "chooses|choose the"),
        ({"planned_at": at(START + 30 * DAY)}, "after its first week had begun"),
        ({"weeks": "10 10 10 10 10 10"}, "follow from its seed"),
        ({"seed": None}, "follow from its seed"),
    ],
)
def test_what_shows_nothing_is_refused_with_the_reason(other: dict[str, Any], words: str) -> None:
    result = take(plan(run(21, 10), **other))
    found = row(result)
    assert found["state"] == "refused"
    assert found["effect"] is None
    assert found["verdict"] is None
    assert any(w in said(result) for w in words.split("|"))


def test_a_plan_may_be_changed_before_its_first_week() -> None:
    assert row(take(plan(run(21, 10), plan_changed_at=at(START - DAY))))["verdict"] == "more"


def test_what_was_begun_is_promised_also_before_its_first_week() -> None:
    begun = {"started_at": at(START - 3 * DAY)}
    assert row(take(plan(run(21, 10), plan_changed_at=at(START - DAY), **begun)))["state"] == "refused"
    assert row(take(plan(run(21, 10), plan_changed_at=at(START - 3 * DAY), **begun)))["state"] == "finished"


def test_a_change_after_the_end_is_unknown_before_it_is_said() -> None:
    world = plan(run(21, 10), plan_changed_at=at(START + 200 * DAY))
    assert row(take(world))["verdict"] == "more"
    assert row(take(world, START + 201 * DAY))["state"] == "refused"


def test_weeks_by_a_coin_of_ones_own_are_taken_as_written() -> None:
    world = run(21, 10)
    assert row(take(plan(world, seed=None, weeks=as_written("abc", 6))))["verdict"] == "more"


def test_stopped_early_says_so_and_counts_whole_pairs() -> None:
    world = plan(run(21, 10, pairs=8), pairs=8, stopped_at=at(START + 93 * DAY))
    result = take(world, START + 200 * DAY)
    assert (row(result)["state"], row(result)["pairs"]) == ("stopped", 6)
    assert "It was stopped" in said(result)


def test_not_started_says_nothing() -> None:
    result = take(plan(run(21, 10), started_at=None))
    assert row(result)["state"] == "not_started"
    assert row(result)["effect"] is None


def test_a_running_experiment_says_which_week_it_is() -> None:
    world = plan(run(10, 10))
    for week in weeks("abc", 6, START):
        text = said(take(world, week.monday + 2 * DAY))
        assert ("this is a week with the change" in text) == week.on
        assert ("this is a week without the change" in text) == (not week.on)


def test_leads_may_be_counted_where_a_person_came_from_a_network() -> None:
    world = World(own=(ME,))
    for week in weeks("abc", 6, START):
        for n in range(6 if week.on else 1):
            world.stated("customers", at=at(week.monday + 3 * DAY, n), channel="mastodon", lead=True)
        world.stated("customers", at=at(week.monday + 3 * DAY), channel="fair", lead=True)
    found = row(take(plan(world, outcome="leads", network="mastodon")))
    assert (found["with_change"], found["without"]) == (6, 1)


def test_among_many_experiments_one_is_believed_less() -> None:
    world = run(21, 10, pairs=6)
    plan(world)
    for number in range(3):  # three more, of the same weeks, that count what never comes
        plan(world, name=f"Other {number}", outcome="replies")
    found = next(r for r in take(world).rows.to_pylist() if r["experiment"] == "Mornings")
    assert found["p"] == pytest.approx(0.03125)
    assert found["q"] == pytest.approx(0.125)
    assert found["verdict"] == "may_be_luck"


def test_a_silence_and_empty_weeks_are_said() -> None:
    world = plan(run(21, 0))
    world.stated("notes", at=at(START + 3 * DAY), about="outage", text="down")
    text = said(take(world))
    assert "nothing at all was counted" in text
    assert "a silence or an outage" in text


def test_the_explanation_lists_every_week_with_its_pair() -> None:
    rows = explain(plan(run(21, 10)).tables(at(START + 100 * DAY)), None).rows.to_pylist()
    assert len(rows) == 12
    assert [r["counted"] for r in rows] == [21 if r["on"] else 10 for r in rows]
    assert [r["difference"] for r in rows] == pytest.approx([np.log(21.5 / 10.5)] * 12)


def test_without_any_it_says_how_to_begin() -> None:
    assert "experiment plan" in said(take(World(own=(ME,))))


def test_an_experiment_at_the_end_of_time_does_not_hide_the_others() -> None:
    world = run(21, 10)
    plan(world, name="Never", begins=date(9999, 12, 27), started_at=None)
    found = take(plan(world))
    assert {r["experiment"]: r["state"] for r in found.rows.to_pylist()} == {
        "Never": "not_started",
        "Mornings": "finished",
    }
