"""What is remembered, what is asked anew, and what happens when the reader fails."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
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


def test_a_reader_ends_with_its_server_however_that_ended(tmp_path: Path) -> None:
    """Its queue would wait for ever, with the lab open."""
    script = f"""
import os, signal, time
from pathlib import Path
from leumund.web.desk import Desk
if __name__ == "__main__":
    desk = Desk(Path({str(tmp_path)!r}))
    desk.wake()
    print(next(iter(desk._pool._processes)), flush=True)
    time.sleep(60)
"""
    (tmp_path / "server.py").write_text(script, "utf-8")
    server = subprocess.Popen([sys.executable, tmp_path / "server.py"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    reading = int(server.stdout.readline())
    server.stdout.close()
    os.kill(reading, 0)
    server.kill()
    server.wait()
    deadline = time.monotonic() + 60
    while is_there(reading) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(reading)


@pytest.mark.long
def test_a_server_that_is_asked_to_end_leaves_nothing_behind(demo_lab: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_lab, tmp_path / "lab")
    command = [
        sys.executable,
        "-m",
        "leumund",
        "serve",
        "--port",
        "0",
        "--no-browser",
        "--lab",
        str(tmp_path / "lab"),
    ]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert server.stderr is not None
    with server.stderr as said:
        address = next(word for word in said.readline().split() if word.startswith("http://"))
        with urllib.request.urlopen(address, timeout=120) as got:
            assert got.status == 200
        server.terminate()
        assert said.read() == ""  # no word of leaked semaphores; and it ends when the last process has gone
    assert server.wait(60) == 0


def is_there(process: int) -> bool:
    """Whether it runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
