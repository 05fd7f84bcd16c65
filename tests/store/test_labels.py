"""What the owner says of accounts: it is kept, the later word holds, it leaves and comes back, and is erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leumund.ids import account_key
from leumund.intake import import_path, parts_of
from leumund.lab import Lab
from leumund.store.export import Format, export
from leumund.store.labels import ANSWERS, TELLING, labelled

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ANNA, BEN = "acct:anna@example.social", "acct:ben@example.social"


def labels(lab: Lab, as_of: datetime = NOW) -> list[tuple[int, str]]:
    with lab.tables(as_of=as_of) as tables:
        rows = tables.arrow("select account, answer from labels order by said_at, account").to_pylist()
    return [(row["account"], row["answer"]) for row in rows]


def test_what_was_said_is_there_from_then_on(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([labelled(ANNA, "mastodon", "later", at=NOW - timedelta(days=2))])
            writer.add([labelled(ANNA, "mastodon", "person", at=NOW)])
        assert labels(lab) == [(account_key(ANNA), "later"), (account_key(ANNA), "person")]
        assert labels(lab, NOW - timedelta(days=1)) == [(account_key(ANNA), "later")]
        assert lab.names([account_key(ANNA)]) == {account_key(ANNA): "@anna@example.social"}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_labels_leave_and_come_back(tmp_path: Path, form: Format) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([labelled(ANNA, "mastodon", "robot", at=NOW - timedelta(hours=1))])
            writer.add([labelled(BEN, "mastodon", "follow_back", at=NOW)])
        before = labels(lab)
        with lab.tables(as_of=NOW) as tables:
            export(tables, lab.register, tmp_path / "out", form, private=True)
    with Lab.create(tmp_path / "other") as other, other.writing(NOW) as writer:
        problems = 0
        for path, *_found in parts_of(tmp_path / "out"):
            problems += import_path(other, writer, path).problems
        assert problems == 0
        assert labels(other) == before


def test_an_erased_account_is_labelled_no_more(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab, lab.writing(NOW) as writer:
        writer.add([labelled(ANNA, "mastodon", "robot", at=NOW), labelled(BEN, "mastodon", "person", at=NOW)])
        writer.forget(account_key(ANNA))
        assert labels(lab) == [(account_key(BEN), "person")]


def test_only_some_answers_tell_what_an_account_is() -> None:
    assert set(TELLING) < set(ANSWERS)
    assert [a for a in ANSWERS if a not in TELLING] == ["reviewed", "later"]
