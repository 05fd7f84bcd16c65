"""The made-up coach's half a year, told and derived once for all tests of measures that know its truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.simulate import World, career_coach
from leumund.store.people import link
from leumund.store.tables import Tables


@dataclass(frozen=True)
class Coach:
    """A world whose truth is known, and its lab, which nobody may write to."""

    world: World
    folder: Path

    @contextmanager
    def tables(self) -> Iterator[Tables]:
        """All that is known at its end, person by person."""
        with Lab.open(self.folder, read_only=True) as lab, lab.tables(as_of=self.world.end) as tables:
            yield tables.person_by_person()


def coach_of(folder: Path, world: World) -> Coach:
    """That world in a lab, with all facts and with the accounts of a person put together."""
    with Lab.create(folder) as lab:
        with lab.writing(world.end) as writer:
            writer.add(world.events(), source="demo")
            writer.derive(list(all_facts().values()))
        for person in world.truth.same_person:
            link(lab.register, list(person), name="", owner=world.own in person)
    return Coach(world, folder)


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Coach:
    """The demo's world."""
    return coach_of(tmp_path_factory.mktemp("coach") / "lab", career_coach())
