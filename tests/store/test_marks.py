"""Whom the owner marks: since when it holds, and that it can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store.marks import EVER, marked, trusted_now

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ANNA, BEN = "acct:anna@example.social", "acct:ben@example.social"


def marks(lab: Lab, as_of: datetime, known_by: datetime | None = None) -> list[tuple[int, bool]]:
    with lab.tables(as_of=as_of, known_by=known_by) as tables:
        rows = tables.arrow("select account, holds from marks order by said_at, account").to_pylist()
    return [(row["account"], row["holds"]) for row in rows]


def test_what_is_said_of_the_past_holds_of_the_past(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([marked("trust", ANNA, "mastodon", at=NOW, since=NOW - timedelta(days=100))])
            writer.add([marked("trust", BEN, "mastodon", at=NOW)])
        before = NOW - timedelta(days=50)
        assert marks(lab, before) == [(account_key(ANNA), True)]
        assert marks(lab, before - timedelta(days=51)) == []
        assert marks(lab, before, known_by=before) == []
        assert len(marks(lab, NOW)) == 2


def test_a_mark_is_taken_back_from_when_that_is_said(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([marked("trust", ANNA, "mastodon", at=NOW - timedelta(days=9), since=EVER)])
            writer.add([marked("trust", ANNA, "mastodon", at=NOW, holds=False)])
        assert trusted_now(lab.register) == {}
        assert marks(lab, NOW - timedelta(days=1)) == [(account_key(ANNA), True)]
        assert marks(lab, NOW) == [(account_key(ANNA), True), (account_key(ANNA), False)]


def test_who_is_marked_is_known_by_name(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([marked("trust", ANNA, "mastodon", at=NOW)])
        assert lab.names([account_key(ANNA)]) == {account_key(ANNA): "@anna@example.social"}


def test_an_erased_account_is_trusted_no_more_and_nobody_stands_in_its_place(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(NOW) as writer:
            writer.add([marked("trust", uri, "mastodon", at=NOW, since=EVER) for uri in (ANNA, BEN)])
            writer.forget(account_key(ANNA))
        assert trusted_now(lab.register) == {account_key(BEN): EVER}
        assert marks(lab, NOW) == [(account_key(BEN), True)]
