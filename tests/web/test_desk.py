"""What is remembered, what is asked anew, and what happens when the reader fails."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leumund.events import Account
from leumund.lab import Lab
from leumund.web import reader
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.page import Asked
from leumund.web.reader import Refused


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(demo_lab: Path, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    shutil.copytree(demo_lab, tmp_path / "lab")
    made = Desk(tmp_path / "lab", clock=clock)
    yield made
    made.close()


def asked(desk: Desk, name: str = "anna") -> object:
    return desk.ask("people", Asked(query={"name": name}), wait=120)


def reader_of(desk: Desk) -> int:
    assert desk._pool is not None
    return next(iter(desk._pool._processes))


def test_what_was_answered_is_remembered_until_the_lab_changes(desk: Desk, clock: Clock) -> None:
    first = asked(desk)
    assert asked(desk) is first
    clock.now += 11
    assert asked(desk) is first  # looked again: nothing was written
    at = datetime.now(UTC)
    with Lab.open(desk.folder) as lab, lab.writing(at) as writer:
        writer.add(
            [
                Account(
                    account="acct:annabella@new.example",
                    network="mastodon",
                    seen_at=at,
                    handle="annabella@new.example",
                )
            ]
        )
    assert asked(desk) is first  # not looked yet
    clock.now += 11
    assert "annabella" in str(asked(desk))


def test_now_moves_on(desk: Desk, clock: Clock) -> None:
    first = asked(desk)
    clock.now += 1801
    assert asked(desk) is not first


def test_the_reader_goes_when_nobody_asks_and_comes_again(desk: Desk, clock: Clock) -> None:
    first = asked(desk)
    clock.now += 100
    desk.rest()
    before = reader_of(desk)
    clock.now += 100
    desk.rest()
    with pytest.raises(AssertionError):
        reader_of(desk)
    assert before
    assert asked(desk) == first
    assert asked(desk, "ben")


def test_a_reader_that_was_killed_is_replaced(desk: Desk) -> None:
    asked(desk)
    os.kill(reader_of(desk), signal.SIGKILL)
    time.sleep(0.2)
    assert not isinstance(asked(desk, "ben"), Refused)


def test_what_takes_long_is_said_and_then_there(desk: Desk) -> None:
    question = Asked(path={"name": "influence"})
    with pytest.raises(StillWorkingError):
        desk.ask("measure", question, wait=0.001)
    assert "reading" in desk.ask("measure", question, wait=120)


def test_a_fault_of_ours_is_an_answer_too(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    found = reader.take(desk.folder / "nothing", "1", "people", Asked())
    assert isinstance(found, Refused)
    assert found.message
    broken = reader.take(desk.folder, "1", "measure", Asked())  # no name: a program's fault, not a person's
    assert isinstance(broken, Refused)
    assert "KeyError" in capfd.readouterr().err
    reader._open.close()
