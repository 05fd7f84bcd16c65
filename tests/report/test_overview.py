"""The overview: one state of the lab for all of it, and whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund.events import Account, Act, Event, Post
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.report.overview import Overview, as_page, as_text, take
from leumund.store.people import link

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PETRA, BSKY, ANNA = "acct:petra@example.social", "at://petra.bsky.example", "acct:anna@example.social"


def told() -> list[Event]:
    """A month in which Petra writes, falls silent and comes back."""
    days = [30, 29, 28, 27, 15, 14, 8, 2]
    return [
        Account(account=PETRA, seen_at=NOW, network="mastodon", followers=12, own=True),
        *(Post(post=f"p{d}", account=PETRA, network="mastodon", happened_at=NOW - timedelta(days=d),
               text="Ein langer Tag im Büro, aber das Gespräch war gut", language="de") for d in days),
        *(Act(kind="reply", actor=f"acct:a{n}@example.social", target=PETRA, network="mastodon",
              happened_at=NOW - timedelta(days=27 + n % 3), via=f"r{n}") for n in range(12)),
        Post(post="ff", account=ANNA, network="mastodon", happened_at=NOW - timedelta(days=7), text="#FF @petra"),
    ]  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    with Lab.create(tmp_path / "lab") as made, made.writing(NOW) as writer:
        writer.add(told())
    return Lab.open(tmp_path / "lab")


def test_an_overview_looks_at_the_lab_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Any] = []
    tables = Lab.tables

    def counted(self: Lab, **given: Any) -> Any:
        looked.append(given)
        return tables(self, **given)

    monkeypatch.setattr(Lab, "tables", counted)
    taken = take(lab, NOW, at=NOW)
    assert len(looked) == 1
    readings = [taken.followers, taken.influence, taken.fall, taken.board, taken.thanks]
    assert len({id(r.coverage) for r in readings if r is not None}) == 1


def test_a_fall_in_silence_is_told_by_its_days(lab: Lab) -> None:
    taken = take(lab, NOW, at=NOW)
    text = as_text(taken)
    assert "From 22 Feb 2026 to 4 Mar 2026 you posted nothing, and it fell from" in text
    assert "leumund why influence --from 2026-02-22 --to 2026-03-04" in text
    assert taken.fall is not None
    assert taken.fall.figures["quiet_days"] == 11


def test_a_fall_without_silence_is_told_by_whole_days_too(lab: Lab) -> None:
    with lab.writing(NOW) as writer:
        posts = [
            Post(
                post=f"x{d}",
                account=PETRA,
                network="mastodon",
                happened_at=NOW - timedelta(days=d),
                text="Hallo",
            )
            for d in range(31)
        ]
        writer.add(posts)
    taken = take(lab, NOW, at=NOW)
    assert not taken.silent
    assert taken.fall_span is not None
    start, end = taken.fall_span
    assert start == start.replace(hour=0, minute=0, second=0, microsecond=0)
    assert end + timedelta(microseconds=1) - start == timedelta(days=7)
    rows = {row["day"]: row["score"] for row in taken.influence.dicts()}
    assert taken.fall is not None
    assert taken.fall.figures["to_score"] == pytest.approx(rows[end.date()])
    assert taken.fall.figures["from_score"] == pytest.approx(rows[start.date() - timedelta(days=1)])


def test_the_owner_is_called_what_she_calls_herself_and_stands_once(lab: Lab) -> None:
    link(lab.register, [BSKY], name="", owner=True)
    taken: Overview = take(lab, NOW, at=NOW)
    assert taken.owner == "@petra@example.social, @petra.bsky.example"
    link(lab.register, [BSKY, PETRA], name="Petra Lind", owner=True)
    taken = take(lab, NOW, at=NOW)
    assert taken.owner == "Petra Lind (@petra@example.social, @petra.bsky.example)"
    assert [row[1] for row in taken.board.rows] == [
        next(k for k in (account_key(BSKY), account_key(PETRA)) if k in taken.board.names)
    ]
    assert "→   1  Petra Lind" in as_text(taken)
    assert "Petra Lind" in as_page(taken)
