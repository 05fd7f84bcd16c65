"""Servers are started, waited for, and always ended; what cannot be had has a reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import installation
from tests.servers.ledger import Ledger
from tests.servers.processes import NotStartedError, answers, free_port, running

_SLEEP = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
_HELD = """
import os, pathlib, signal, sys
from tests.servers.processes import running
folder = pathlib.Path(sys.argv[1])
with running("sleeper", [sys.executable, "-c", {sleep!r}], folder) as sleeper:
    sleeper.wait(lambda: sleeper.said().endswith(chr(10)), 60)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def is_gone(number: int) -> bool:
    until = time.monotonic() + 60
    while is_there(number) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_there(number)


def test_a_server_ends_with_its_test(tmp_path: Path) -> None:
    with running("sleeper", [sys.executable, "-c", _SLEEP], tmp_path) as sleeper:
        sleeper.wait(lambda: sleeper.said().endswith("\n"), 60)
        number = int(sleeper.said())
        assert is_there(number)
        assert sleeper.memory() is None or (sleeper.memory() or 0) > 1_000_000
    assert is_gone(number)


def test_a_server_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HELD.format(sleep=_SLEEP), str(tmp_path)]
    ended = subprocess.run(command, cwd=installation.HERE.parents[1], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert is_gone(int((tmp_path / "sleeper.log").read_text()))


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('the disk is full'); raise SystemExit(3)"]
    with (
        running("broken", command, tmp_path) as broken,
        pytest.raises(NotStartedError, match="the disk is full"),
    ):
        broken.wait(lambda: False, 60)


def test_a_server_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SLEEP]
    late = pytest.raises(NotStartedError, match=r"not ready in 0\.1 s")
    with running("slow", command, tmp_path) as slow, late:
        slow.wait(lambda: answers(free_port()), 0.1)
    assert slow.process.returncode is not None


def test_what_cannot_be_had_has_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "FOLDER", tmp_path)
    assert "make servers" in (installation.why_missing("bluesky") or "")
    (tmp_path / "bluesky.there").write_text("of last year")
    assert "older state" in (installation.why_missing("bluesky") or "")
    (tmp_path / "bluesky.missing").write_text("no compiler\n")
    assert installation.why_missing("bluesky") == "no compiler"


@pytest.mark.parametrize(("ci", "code"), [("1", 1), ("", 0)])
def test_an_installation_that_fails_counts_on_ci_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    def fail() -> None:
        raise installation.NotToBeHadError("the registry is away")

    monkeypatch.setattr(installation, "FOLDER", tmp_path)
    monkeypatch.setattr(installation, "_PARTS", {"bluesky": fail, "mastodon": lambda: None})
    monkeypatch.setenv("CI", ci)
    assert installation.main() == code
    assert "the registry is away" in capsys.readouterr().err
    assert installation.why_missing("bluesky") == "the registry is away"
    assert installation.why_missing("mastodon") is None


def test_a_deleted_post_takes_what_was_said_with_it() -> None:
    ledger = Ledger()
    post = ledger.note(what="post", who="ben", act="at://1", post="at://1")
    ledger.note(what="reply", who="ben", whom="anna", act="at://1", post="at://0", via="at://1")
    like = ledger.note(what="like", who="carla", whom="ben", act="at://2", post="at://1")
    ledger.take_back(post)
    assert ledger.holds() == [like]
    assert [d.what for d in ledger.ever(who="ben")] == ["post", "reply"]
    ledger.take_back(like)
    assert ledger.holds() == []
