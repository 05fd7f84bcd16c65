"""The overview: one state of the lab for all of it, and whose it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund.events import Account, Act, Event, Post
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures.influence import words as told_words
from leumund.report import overview_words
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
        *(Act(kind="follow", actor=PETRA, target=f"acct:a{n}@example.social", network="mastodon",
              happened_at=NOW - timedelta(days=60)) for n in range(12)),  # she knows them: they have standing
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
    assert "leumund why influence --from 2026-02-21 --to 2026-03-04" in text
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


def test_an_account_that_is_only_looked_at_is_not_spoken_to(lab: Lab) -> None:
    taken = take(lab, NOW, at=NOW, about="@petra@example.social")
    text = as_text(taken, asked=None, width=500)
    assert not re.search(r"\b[Yy]ou(r|rs)?\b", text), text
    assert "12 accounts follow @petra@example.social." in text
    assert "@petra@example.social is number 1 of 1 on" in text
    assert "1 person has recommended @petra@example.social" in text
    unknown = take(lab, NOW - timedelta(days=400), at=NOW, about="@petra@example.social")
    assert "How many follow @petra@example.social is not known" in as_text(unknown, asked=None)


def test_every_sentence_to_the_owner_about_a_person_has_one_about_another() -> None:
    spoken = {
        t for t in [*told_words._TOLD.values(), *told_words._OTHER_CAUSES.values()] if " you" in t.lower()
    }
    assert spoken - {told_words._OTHER_CAUSES["trust"]} <= overview_words._OF_ANOTHER.keys(), (
        "a look has no trust"
    )


def test_one_is_one_and_many_are_many(lab: Lab) -> None:
    taken = take(lab, NOW, at=NOW)
    columns = [c.name for c in taken.board.columns]
    for n, reason, answer in (
        (1, ", 1 time with a reason.", ", 1 is answered."),
        (2, ", 2 times with", ", 2 are answered."),
    ):
        row = {**dict(zip(columns, taken.board.rows[0], strict=True)), "reasons": n}
        board = replace(taken.board, rows=(tuple(row.values()),))
        thanks = replace(taken.thanks, figures={"open": n, "answered": n})
        text = as_text(replace(taken, board=board, thanks=thanks), width=500)
        assert reason in text
        assert answer in text
