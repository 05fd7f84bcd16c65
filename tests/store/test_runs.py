"""The last runs: the newest first, no more than a few, and nobody's name in them once somebody was forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from leumund.events import Account
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store import runs

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_newest_stand_first_and_one_without_an_end_was_broken_off(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        begun = [
            runs.begin(lab.register, "sync", f"run {n}", at=AT + timedelta(minutes=n)) for n in range(40)
        ]
        runs.end(lab.register, begun[5 - 10], "done", ["New: 3 posts"], at=AT + timedelta(hours=1))
        found = runs.runs(lab.register)
        assert len(found) == 30
        assert found[0] == runs.Run(
            kind="sync", title="run 35", began=begun[35].began, ended=(AT + timedelta(hours=1)).isoformat(),
            state="done", lines=("New: 3 posts",),
        )  # fmt: skip
        assert [r.title for r in found[1:4]] == ["run 39", "run 38", "run 37"]
        assert {r.state for r in found[1:]} == {"going"}


def test_who_is_forgotten_stands_in_no_run(tmp_path: Path) -> None:
    ben = "acct:ben@example.social"
    with Lab.create(tmp_path / "lab") as lab, lab.writing(AT) as writer:
        writer.add([Account(account=ben, network="mastodon", seen_at=AT)])
        runs.begin(lab.register, "import", "ben.zip read", at=AT)
        writer.forget(account_key(ben))
        assert runs.runs(lab.register) == []
