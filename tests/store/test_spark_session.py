"""What is asked of Spark and what is answered here: the same readings whoever answers, without Spark itself (see `standing_in`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leumund.asking import Question
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.measures import Reading, measure_named
from leumund.simulate.world import career_coach
from leumund.store import spark
from leumund.store.people import link
from tests.store.standing_in import StandIn

AS_OF = datetime(2025, 11, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks of the made-up coach, with her second account, deletions and marks; once as a community's."""
    world = career_coach(days=42, followers=100)
    folder = tmp_path_factory.mktemp("lab") / "lab"
    make_own(folder, [world.own], community=request.param == "a community's")
    with Lab.open(folder) as there:
        with there.writing(world.end) as writer:
            writer.add(world.events())
            writer.derive([all_facts()["recommendations"]])
        for person in world.truth.same_person:
            link(there.register, list(person), name="", owner=world.own in person)
    return folder


def readings(lab: Path, engine: str, names: Sequence[str]) -> dict[str, Reading]:
    with Lab.open(lab, read_only=True) as there, Question(there, AS_OF, engine=engine).state() as state:
        return {name: state.reading(measure_named(name)) for name in names}


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def all_alike(here: dict[str, Reading], there: dict[str, Reading]) -> None:
    """The readings of both are the same, numbers to a billionth."""
    for name, one in here.items():
        other = there[name]
        assert one.rows, name
        assert one.columns == other.columns
        for row, again in zip(one.rows, other.rows, strict=True):
            assert all(map(same, row, again)), (name, row, again)
        assert one.figures.keys() == other.figures.keys()
        assert all(same(one.figures[k], other.figures[k]) for k in one.figures), name


@pytest.mark.parametrize(
    ("lab", "names", "small"),
    [
        ("one person's", ("audience",), 0),
        ("a community's", ("scores", "follow_friday"), 150),
        pytest.param("a community's", ("standing",), 1_000_000, marks=pytest.mark.long),
        pytest.param("one person's", ("audience", "influence", "follow_friday"), 150, marks=pytest.mark.long),
        pytest.param("one person's", ("influence", "follow_friday"), 0, marks=pytest.mark.long),
        pytest.param("a community's", ("scores", "standing", "follow_friday"), 0, marks=pytest.mark.long),
    ],
    indirect=["lab"],
)
def test_the_readings_are_the_same_wherever_each_query_is_answered(
    lab: Path, names: Sequence[str], small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[StandIn] = []

    def workers(master: str, folder: Path, memory_mb: int) -> StandIn:
        made.append(StandIn(master, folder, memory_mb, small))
        return made[-1]

    monkeypatch.setattr(spark, "Workers", workers)
    here, there = readings(lab, "", names), readings(lab, "local[2]", names)
    all_alike(here, there)
    (asked,) = made
    assert bool(asked.said) == (small < 1_000_000), "what is small is answered here, all else there"
