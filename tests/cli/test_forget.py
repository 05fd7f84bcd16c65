"""Forgetting at the command line: the lab and its backups, the right account and nobody else."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from leumund.cli import housekeeping
from leumund.errors import LabFullError

from .conftest import Run

ZOE = "https://two.example/1"


@pytest.fixture
def fill(run: Run, home: Path) -> object:
    def call(name: str, *rows: dict[str, object]) -> None:
        file = home / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        said = run("import", str(file))
        assert said.code == 0, said

    return call


def post(uri: str, account: str, text: str) -> dict[str, object]:
    return {"noun": "post", "post": uri, "account": account, "network": "mastodon",
            "happened_at": "2026-01-05T10:00:00Z", "text": text}  # fmt: skip


def texts(lab: Path) -> set[str]:
    found: set[str] = set()
    with sqlite3.connect(lab / "lab.sqlite") as db:
        for (path,) in db.execute(
            "select path from segment where tbl = 'posts' and retired_at is null and rows > 0"
        ):
            found |= set(pq.read_table(lab / path)["text"].to_pylist())
    return found


def test_the_backup_forgets_the_same_account_as_the_lab_and_not_a_namesake(
    run: Run, fill: object, home: Path
) -> None:
    fill("one", post(ZOE, "@zoe@two.example", "I am zoe of two"), post("https://three.example/1", "@z9@three.example", "I am z9"))  # type: ignore[operator]  # fmt: skip
    assert run("backup", "copy.zip").code == 0
    fill("two", {"noun": "account", "account": "@z9@three.example", "network": "mastodon", "seen_at": "2026-01-01", "handle": "zoe"})  # type: ignore[operator]  # fmt: skip
    assert run("forget", "zoe", "--yes").code == 0
    assert run("restore", "copy.zip", "--lab", str(home / "again")).code == 0
    assert texts(home / "home" / "main") == texts(home / "again") == {"I am zoe of two"}


def test_a_backup_in_which_the_account_is_only_named_is_cleaned_as_well(
    run: Run, fill: object, home: Path
) -> None:
    fill("one", post("https://two.example/1", "@carla@two.example", "Gruss an @ben@garten.example und zoe@garten.example"))  # type: ignore[operator]  # fmt: skip
    assert run("backup", "copy.zip").code == 0
    fill("two", post("https://garten.example/1", "@ben@garten.example", "hier"))  # type: ignore[operator]
    said = run("forget", "@ben@garten.example", "--yes")
    assert "in the backup too" in said.out
    assert run("restore", "copy.zip", "--lab", str(home / "again")).code == 0
    assert texts(home / "again") == {"Gruss an @… und zoe@garten.example"}
    with sqlite3.connect(home / "again" / "lab.sqlite") as db:
        assert db.execute("select count(*) from erasure").fetchone() == (1,)


def test_what_an_interrupted_cleaning_left_is_removed_and_a_broken_backup_is_not_called_clean(
    run: Run, fill: object, home: Path
) -> None:
    fill("one", post("https://garten.example/1", "@ben@garten.example", "hier"))  # type: ignore[operator]
    assert run("backup", "copy.zip").code == 0
    left = home / (housekeeping._cleaning(home / "home" / "main") + "x")
    (left / "lab").mkdir(parents=True)
    (home / "copy.zip").write_bytes(b"no zip")
    said = run("forget", "@ben@garten.example", "--yes")
    assert said.code == 0
    assert "in the backup too" not in said.out
    assert "could not be cleaned" in said.err
    assert not left.exists()


def test_where_a_backup_cannot_be_cleaned_for_want_of_room_the_lab_still_knows_who_is_meant(
    run: Run, fill: object, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("one", post(ZOE, "@zoe@two.example", "I am zoe of two"))  # type: ignore[operator]
    assert run("backup", "copy.zip").code == 0

    def full(_archive: Path, folder: Path) -> None:
        raise LabFullError(folder)

    with monkeypatch.context() as patched:
        patched.setattr("leumund.store.backup.restore", full)
        said = run("forget", "@zoe@two.example", "--yes")
    assert said.code == 1
    assert "no room to clean this backup" in said.err
    assert ".leumund-cleaning" not in said.err
    again = run("forget", "@zoe@two.example", "--yes")
    assert again.code == 0
    assert "in the backup too" in again.out
    assert texts(home / "home" / "main") == set()


def test_who_stands_only_in_a_customers_chain_can_be_forgotten(run: Run) -> None:
    run("init")
    run("customer", "add", "K.", "--recommended-by", "@ben@werkstatt.example > @zoe@two.example")
    refused = run("forget", "@nobody@werkstatt.example", "--yes")
    assert refused.code != 0
    done = run("forget", "@ben@werkstatt.example", "--yes")
    assert done.code == 0
    assert "1 entry" in done.out
    assert "ben" not in run("customer", "list").out
    assert "@zoe@two.example" in run("customer", "list").out
    run("customer", "add", "L.", "--recommended-by", "@zoe@two.example")
    run("undo")
    assert "ben" not in run("customer", "list").out
