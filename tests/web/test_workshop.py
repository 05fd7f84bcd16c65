"""Works beside the server: one after the other; what is told to stop, or dies, is said to have done so."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.servers.faulty import Faulty, good

from leumund.lab import Lab
from leumund.web.work import Job, Question, all_works
from leumund.web.workshop import UnderWay, Workshop


def until(work: UnderWay, state: str) -> UnderWay:
    deadline = time.monotonic() + 60
    while work.state != state:
        assert time.monotonic() < deadline, (work.state, work.told)
        time.sleep(0.02)
    return work


@pytest.mark.skipif(os.name != "posix", reason="ends a process hard")
def test_one_that_dies_is_said_to_have_broken_off_and_the_next_begins(tmp_path: Path, faulty: Faulty) -> None:
    folder = tmp_path / "lab"
    Lab.create(folder).register.close()
    file = tmp_path / "in" / "0" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 10)
    over: list[int] = []
    workshop = Workshop(after=lambda work: over.append(work.number))
    given = {
        "network": "mastodon",
        "where": faulty.url,
        "origin": "http://localhost",
        "private": "1",
        "paste": "1",
    }
    asks = Job(kind="connect", folder=folder, title="first", given=given)
    faulty.answer("/api/v1/apps", good({"client_id": "us", "client_secret": "ours"}))
    try:
        first = workshop.begin(asks)
        second = workshop.begin(Job(kind="import", folder=folder, title="second", files=(file,)))
        third = workshop.begin(Job(kind="sync", folder=folder, title="third"))
        assert [w.state for w in workshop.going()] == ["going", "waiting", "waiting"]
        until(first, "asking")
        assert isinstance(first.question, Question)
        assert first.process is not None
        assert first.process.pid is not None
        workshop.stop(third)
        assert [w.number for w in workshop.ended()] == [third.number]
        os.kill(first.process.pid, signal.SIGKILL)
        until(first, "failed")
        assert first.told is not None
        assert "broke off" in first.told.wrong[0][0]
        until(second, "failed")  # nobody knows that kind of file
        assert not file.exists()
        assert over == [3, 1, 2]
        assert not workshop.answer(first, "late")
    finally:
        workshop.close()


def test_a_button_pressed_in_a_hurry_begins_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workshop, "_start", lambda _self, _work: None)
    workshop = Workshop()
    sync = Job(kind="sync", folder=tmp_path, title="sync", given={"only": ""})
    first = workshop.begin(sync)
    assert workshop.begin(sync) is first
    assert workshop.begin(replace(sync, given={"only": "x"})) is not first
    read = replace(sync, kind="import", files=(tmp_path / "a.csv",))
    assert workshop.begin(read) is not workshop.begin(read), "another file of the same name"
    workshop.stop(first)
    assert workshop.begin(sync) is not first
    assert len(workshop.going()) == 4


def test_what_was_stopped_goes_on_with_the_files_it_was_given_until_others_come(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    Lab.create(folder).register.close()
    files = []
    for name in "abc":
        files.append(tmp_path / "in" / f"{name}.csv")
        files[-1].parent.mkdir(exist_ok=True)
        files[-1].write_text(
            "kind,actor,target,network,happened_at\nlike,@b@x.example,@a@x.example,mastodon,2026-01-02\n"
        )
    workshop = Workshop()
    jobs = [Job(kind="import", folder=folder, title=file.name, files=(file,)) for file in files]
    try:
        busy = workshop.begin(Job(kind="import", folder=folder, title="busy"))
        first = workshop.begin(jobs[0])
        workshop.stop(first)
        until(first, "stopped")
        assert files[0].exists()
        again = workshop.taken_up(first)
        assert again == jobs[0]
        assert workshop.taken_up(first) is None  # a button pressed twice
        until(busy, "done")
        assert again is not None
        until(workshop.begin(again), "done")
        assert not files[0].exists()
        files[0] = files.pop()
        busy = workshop.begin(Job(kind="import", folder=folder, title="busy"))
        second = workshop.begin(jobs[1])
        workshop.stop(second)
        until(second, "stopped")
        assert files[1].exists()
        workshop.begin(Job(kind="import", folder=folder, title="others", files=(files[0],)))
        assert workshop.taken_up(second) is None
        assert not files[1].exists()
    finally:
        workshop.close()


def test_every_kind_of_work_is_found() -> None:
    assert set(all_works()) == {"connect", "copy", "import", "restore", "sync"}


def test_a_job_tells_nobody_its_secrets(tmp_path: Path) -> None:
    assert "geheim" not in repr(Job(kind="connect", folder=tmp_path, title="", secrets=("geheim",)))
