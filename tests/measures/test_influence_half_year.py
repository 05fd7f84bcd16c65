"""Half a year of the made-up coach: every single day's change is explained without remainder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.measures import measure_named, read
from leumund.measures.influence.explain import explain
from leumund.simulate import career_coach
from leumund.store.people import link


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coach") / "lab"
    world = career_coach()
    with Lab.create(folder) as lab:
        with lab.writing(world.end) as writer:
            writer.add(world.events())
            writer.derive(list(all_facts().values()))
        for person in world.truth.same_person:
            link(lab.register, list(person), name="", owner=world.own in person)
    return folder


def check_days(folder: Path, every: int) -> None:
    world = career_coach()
    with Lab.open(folder) as lab, lab.tables(as_of=world.end) as tables:
        reading = read(measure_named("influence"), tables.person_by_person(), lab.names, days=200)
        scores = dict(row[:2] for row in reading.rows)
        for n in range(2, world.days - 2, every):
            end = (world.end - timedelta(days=n)).replace(hour=23, minute=59, second=59, microsecond=999_999)
            found = explain(tables, start=end - timedelta(days=1), end=end, limit=None)
            change = scores[end.date()] - scores[end.date() - timedelta(days=1)]
            assert found.figures["change"] == pytest.approx(change, abs=1e-9)
            assert abs(sum(found.rows["points"].to_pylist()) - change) < 1e-9


def test_every_fifteenth_day_is_explained_without_remainder(coach: Path) -> None:
    check_days(coach, 15)


@pytest.mark.long
def test_every_day_is_explained_without_remainder(coach: Path) -> None:
    check_days(coach, 1)
