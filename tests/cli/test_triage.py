"""triage: one key an answer, kept at once, and it goes on where it stopped."""

from __future__ import annotations

import io
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leumund import cli
from leumund.cli.keys import NO_KEY, one_key
from leumund.events import Account, Act
from leumund.lab import Lab

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("home")
ME = "acct:petra@example.social"


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "lab"
    with Lab.create(folder) as made, made.writing(NOW) as writer:
        writer.add(
            [Account(account=ME, seen_at=NOW, network="mastodon", own=True, handle="petra@example.social")]
        )
        for n in range(30):
            uri = f"acct:a{n}@example.social"
            writer.add([
                Account(account=uri, seen_at=NOW, network="mastodon", handle=f"a{n}@example.social", bio="I bake \x1b[31m bread",
                        followers=n, following=2 * n, posts=9, automated=n == 0),
                Act(kind="follow", actor=uri, target=ME, network="mastodon", happened_at=NOW - timedelta(days=9)),
            ])  # fmt: skip
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as left:
        cli.main([*arguments])
    assert left.value.code == 0
    return capsys.readouterr().out


def triage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path, keys: str, *more: str
) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(keys) + "\n"))
    return run(capsys, "triage", "--lab", str(lab), *more)


def answers(capsys: pytest.CaptureFixture[str], lab: Path) -> dict[str, int]:
    told: dict[str, int] = json.loads(run(capsys, "triage", "--lab", str(lab), "--json"))["answers"]
    return {answer: n for answer, n in told.items() if n}


def test_each_key_is_an_answer_and_stopping_loses_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    out = triage(monkeypatch, capsys, lab, "12x345q1")
    assert answers(capsys, lab) == {"person": 1, "robot": 1, "follow_back": 1, "reviewed": 1, "later": 1}
    assert out.count("of 29") == 6, "the one that calls itself automated is not asked about"
    assert "\x1b" not in out


def test_it_goes_on_where_it_stopped_and_asks_nobody_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    first = triage(monkeypatch, capsys, lab, "p" * 10, "--number", "10")
    second = triage(monkeypatch, capsys, lab, "p" * 40)
    shown = [line.split()[-1] for line in (first + second).splitlines() if " of " in line and "@" in line]
    assert len(shown) == len(set(shown)) == 29
    assert answers(capsys, lab) == {"person": 29}
    assert "all of them" in triage(monkeypatch, capsys, lab, "p")


def test_the_answer_before_can_be_taken_back_and_given_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    out = triage(monkeypatch, capsys, lab, "u12u1q")
    assert "no answer yet that could be taken back" in out
    assert answers(capsys, lab) == {"person": 2}
    triage(monkeypatch, capsys, lab, "2uq")
    assert answers(capsys, lab) == {"person": 2, "later": 1}, "taken back is as if not answered"


def test_a_sitting_ends_with_what_the_labels_tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    assert "cannot be told yet" in triage(monkeypatch, capsys, lab, "1" * 10)
    said = triage(monkeypatch, capsys, lab, "1" * 10)
    assert "10 answers more" in said
    assert "Of 30 followers known by name about 29 are people (most probably between " in said


@pytest.mark.skipif(os.name != "posix", reason="there are no such terminals elsewhere")
def test_keys_of_a_terminal_need_no_enter_and_arrows_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty
    import termios

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r", encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        before = termios.tcgetattr(terminal)
        with one_key() as key_pressed:
            os.write(ours, b"12")
            assert [key_pressed(), key_pressed()] == ["1", "2"]
            os.write(ours, b"\x1b[3~")
            assert key_pressed() == NO_KEY, "the 3 in it is no answer"
        assert termios.tcgetattr(terminal) == before
    os.close(ours)


def test_what_was_put_off_comes_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    triage(monkeypatch, capsys, lab, "5" * 29)
    triage(monkeypatch, capsys, lab, "2" * 29)
    assert answers(capsys, lab) == {"robot": 29}


@pytest.mark.parametrize(
    "forms", [((), ("--json",)), pytest.param((("--lang", "de"), ("--csv",)), marks=pytest.mark.long)]
)
def test_no_output_on_the_audience_names_a_follower(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lab: Path,
    forms: tuple[tuple[str, ...], ...],
) -> None:
    triage(monkeypatch, capsys, lab, "12" * 14)
    asked = [("show", m) for m in ("audience", "audience_history", "audience_origins", "audience_growth")]
    for verb, measure in (*asked, ("why", "audience")):
        for more in forms:
            said = run(capsys, verb, measure, "--lab", str(lab), *more)
            assert said.strip()
            assert not re.search(r"\ba\d+@|I bake", said)
            if more == ("--json",):
                told = json.loads(said)
                assert not {c["kind"] for c in told["columns"]} & {"account", "accounts", "post"}
                assert len(told["rows"]) < 30


def test_what_is_asked_of_one_follower_is_refused_in_every_form(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    triage(monkeypatch, capsys, lab, "2" * 29)
    for more in ("--json", "--csv"):
        said = run(capsys, "why", "audience", "a7@example.social", "--lab", str(lab), more)
        rows = json.loads(said)["rows"] if more == "--json" else said.strip().splitlines()[1:]
        assert rows == []
    assert "Nothing is said of a single account" in run(
        capsys, "why", "audience", "a7@example.social", "--lab", str(lab)
    )


def test_in_triage_nothing_is_shown_that_a_model_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path
) -> None:
    out = triage(monkeypatch, capsys, lab, "1" * 29)
    shown = [line for line in out.splitlines() if " of 29: " in line]
    assert len(shown) == 29
    assert all(re.fullmatch(r"\d+ of 29: +@a\d+@example\.social", line) for line in shown)
    assert not re.search(r"\d ?%|chance|suspect|stratum|score", out)


def test_labels_stand_in_no_output_but_as_shares(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lab: Path, tmp_path: Path
) -> None:
    triage(monkeypatch, capsys, lab, "2" * 29)
    page = tmp_path / "report.html"
    said = [
        run(capsys, verb, "audience", "--lab", str(lab), *more)
        for verb in ("show", "why")
        for more in ((), ("--json",), ("--csv",))
    ]
    run(capsys, "report", str(page), "--lab", str(lab))
    for text in [*said, page.read_text("utf-8")]:
        assert "a7@example.social" not in text
        assert 'follow_back"' not in text
    assert "suspected" not in page.read_text("utf-8").casefold()
