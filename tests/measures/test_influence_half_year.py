"""Half a year of the made-up coach: every single day's change is explained without remainder."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leumund.lab import Lab
from leumund.measures import measure_named, read
from leumund.measures.influence.explain import explain

from .conftest import Coach


def check_days(coach: Coach, every: int) -> None:
    world = coach.world
    with Lab.open(coach.folder, read_only=True) as lab, lab.tables(as_of=world.end) as tables:
        reading = read(measure_named("influence"), tables.person_by_person(), lab.names, days=200)
        scores = dict(row[:2] for row in reading.rows)
        for n in range(2, world.days - 2, every):
            end = (world.end - timedelta(days=n)).replace(hour=23, minute=59, second=59, microsecond=999_999)
            found = explain(tables, start=end - timedelta(days=1), end=end, limit=None)
            change = scores[end.date()] - scores[end.date() - timedelta(days=1)]
            assert found.figures["change"] == pytest.approx(change, abs=1e-9)
            assert abs(sum(found.rows["points"].to_pylist()) - change) < 1e-9


def test_every_fifteenth_day_is_explained_without_remainder(coach: Coach) -> None:
    check_days(coach, 15)


@pytest.mark.long
def test_every_day_is_explained_without_remainder(coach: Coach) -> None:
    check_days(coach, 1)
