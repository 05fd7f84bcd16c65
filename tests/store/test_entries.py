"""What the owner enters: it is kept with every correction, read as tables, leaves and comes back, and forgets others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leumund.events import Statement
from leumund.ids import account_key
from leumund.intake import import_path, parts_of
from leumund.lab import Lab
from leumund.store.entries import corrected, entered, entries_in
from leumund.store.export import Format, export
from leumund.store.marks import marked
from leumund.store.stated import STATED

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BEN = "acct:anna@example.social", "acct:ben@example.social"


def rows(
    lab: Lab, name: str, as_of: datetime = NOW, known_by: datetime | None = None
) -> list[dict[str, Any]]:
    with lab.tables(as_of=as_of, known_by=known_by) as tables:
        table = tables.person_by_person().arrow(f"select * from {name} order by happened_at, entry")
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def say(lab: Lab, *statements: Statement, at: datetime = NOW) -> None:
    with lab.writing(at) as writer:
        writer.add(statements)


def hours(hours: float, at: datetime = NOW) -> Statement:
    return entered("time", {"time": "Mastodon", "hours": hours}, happened_at=at, said_at=NOW)


def test_two_entries_of_the_same_words_are_two(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, hours(1.5), hours(1.5))
        assert [(r["channel"], r["hours"]) for r in rows(lab, "hours")] == [("mastodon", 1.5)] * 2


def test_the_last_word_on_an_entry_holds_and_what_was_known_before_can_be_read_again(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, hours(1), at=NOW - 2 * DAY)
        (entry,) = entries_in(lab.register, ["time"])
        earlier = NOW - 3 * DAY
        changed = corrected(entry, {"time": "fair", "hours": 2}, happened_at=earlier, said_at=NOW + DAY)
        say(lab, changed, at=NOW - DAY)
        assert [(r["entry"], r["what"], r["hours"]) for r in rows(lab, "hours", earlier)] == [
            (entry.entry, "fair", 2.0)
        ]
        assert [r["hours"] for r in rows(lab, "hours", known_by=NOW - 1.5 * DAY)] == [1.0]
        assert rows(lab, "hours", known_by=NOW - 3 * DAY) == []
        (entry,) = entries_in(lab.register, ["time"])
        say(lab, corrected(entry, entry.body, happened_at=earlier, said_at=NOW + 2 * DAY, holds=False))
        assert rows(lab, "hours") == []
        (entry,) = entries_in(lab.register, ["time"])
        assert not entry.holds
        assert [v.body["hours"] for v in entry.versions] == [1, 2, 2]


def test_a_correction_by_hand_stands_above_the_file_it_came_from_read_again(tmp_path: Path) -> None:
    def told(amount: float) -> Statement:
        return Statement(
            kind="cost", happened_at=NOW, body={"cost": "fair", "amount": amount}, statement="c1"
        )

    with Lab.create(tmp_path / "lab") as lab:
        say(lab, told(10))
        (entry,) = entries_in(lab.register, ["cost"])
        say(lab, corrected(entry, {"cost": "fair", "amount": 20}, happened_at=NOW, said_at=NOW), at=NOW + DAY)
        say(lab, told(11), at=NOW + 2 * DAY)
        assert [r["amount"] for r in rows(lab, "costs")] == [20.0]


def test_customers_come_with_their_chain_and_a_lead_may_become_one(tmp_path: Path) -> None:
    body = {"customer": "K.", "found_us_by": "Twitter", "through": "@anna@example.social", "recommended_by": "Ben > Frau X.",
            "value": 480, "lead": True}  # fmt: skip
    with Lab.create(tmp_path / "lab") as lab:
        say(
            lab,
            marked("trust", ANNA, "mastodon", at=NOW),
            entered("customer", body, happened_at=NOW, said_at=NOW),
        )
        (customer,) = rows(lab, "customers")
        assert (customer["lead"], customer["bought_at"], customer["channel"], customer["steps"]) == (
            True,
            None,
            "x",
            3,
        )
        chain = [(r["step"], r["account"], r["name"]) for r in rows(lab, "chains")]
        assert sorted(chain) == [(1, account_key(ANNA), None), (2, None, "Ben"), (3, None, "Frau X.")]
        (entry,) = entries_in(lab.register, ["customer"])
        later = {**entry.body, "bought_at": (NOW + DAY).isoformat()}
        say(lab, corrected(entry, later, happened_at=NOW, said_at=NOW + DAY))
        (customer,) = rows(lab, "customers")
        assert (customer["lead"], customer["bought_at"]) == (False, (NOW + DAY).replace(tzinfo=None))


def test_a_goal_is_a_number_by_a_day_and_one_without_is_no_row(tmp_path: Path) -> None:
    goal = {"goal": "followers", "target": 5000, "until": "2027-03-01", "note": "5000 bis März"}
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, entered("goal", goal, happened_at=NOW, said_at=NOW),
            Statement(kind="goal", happened_at=NOW, body={"goal": "followers"}))  # fmt: skip
        (row,) = rows(lab, "goals")
        assert (row["what"], row["target"], row["by"], row["network"]) == (
            "followers",
            5000.0,
            date(2027, 3, 1),
            None,
        )
        assert rows(lab, "goals", NOW - DAY) == []


def test_of_an_experiment_it_is_known_when_its_promises_were_changed(tmp_path: Path) -> None:
    plan = {
        "experiment": "Mornings",
        "change": "early",
        "outcome": "responders",
        "pairs": 6,
        "begins": "2026-04-06",
    }
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, entered("experiment", plan, happened_at=NOW, said_at=NOW))
        (entry,) = entries_in(lab.register, ["experiment"])
        started = {**entry.body, "started_at": (NOW + DAY).isoformat()}
        say(lab, corrected(entry, started, happened_at=NOW, said_at=NOW + DAY))
        (row,) = rows(lab, "experiments")
        assert (row["plan_changed_at"], row["planned_at"]) == (None, NOW.replace(tzinfo=None))
        assert row["started_at"] == (NOW + DAY).replace(tzinfo=None)
        say(lab, corrected(entry, {**started, "outcome": "likes"}, happened_at=NOW, said_at=NOW + 2 * DAY))
        assert rows(lab, "experiments")[0]["plan_changed_at"] == (NOW + 2 * DAY).replace(tzinfo=None)


def test_fun_is_1_to_5_or_unknown(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(
            lab,
            *(
                entered("note", {"note": "x", "fun": fun}, happened_at=NOW, said_at=NOW)
                for fun in (0, 1, 5, 6)
            ),
        )
        assert sorted(str(r["fun"]) for r in rows(lab, "notes")) == ["1", "5", "None", "None"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_entries_leave_with_their_corrections_and_come_back(tmp_path: Path, form: Format) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(
            lab,
            hours(1),
            hours(3),
            entered("note", {"note": "Ü, “x”", "fun": 4}, happened_at=NOW, said_at=NOW),
        )
        first, second = entries_in(lab.register, ["time"])
        say(lab, corrected(first, {**first.body, "hours": 2}, happened_at=NOW, said_at=NOW + DAY),
            corrected(second, second.body, happened_at=NOW, said_at=NOW + DAY, holds=False), at=NOW + DAY)  # fmt: skip
        before = [rows(lab, name) for name in STATED]
        with lab.tables(as_of=NOW) as tables:
            export(tables, lab.register, tmp_path / "out", form)
    with Lab.create(tmp_path / "other") as other, other.writing(NOW + 9 * DAY) as writer:
        assert not sum(
            import_path(other, writer, path).problems for path, *_found in parts_of(tmp_path / "out")
        )
        assert [rows(other, name) for name in STATED] == before


def test_who_was_forgotten_stays_a_step_that_names_nobody(tmp_path: Path) -> None:
    body = {"customer": "K.", "recommended_by": "@anna@example.social > @ben@example.social"}
    with Lab.create(tmp_path / "lab") as lab:
        trusted = [marked("trust", uri, "mastodon", at=NOW) for uri in (ANNA, BEN)]
        say(lab, *trusted, entered("customer", body, happened_at=NOW, said_at=NOW))
        with lab.writing(NOW) as writer:
            writer.forget(account_key(ANNA))
        assert sorted((r["step"], r["account"], r["name"]) for r in rows(lab, "chains")) == [
            (1, None, None), (2, account_key(BEN), None),
        ]  # fmt: skip


def test_a_number_that_json_has_no_word_for_stops_no_reading(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, hours(1.5), hours(float("nan")))
        assert [r["hours"] for r in rows(lab, "hours")] == [1.5]


def test_a_currency_is_one_however_it_is_written(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        costs = [
            {"cost": "fair", "amount": 5, "currency": said} for said in ("€", "eur", "EUR", "Euro", "sek")
        ]
        say(lab, *(entered("cost", body, happened_at=NOW - DAY, said_at=NOW) for body in costs))
        assert sorted(r["currency"] for r in rows(lab, "costs")) == ["EUR"] * 4 + ["SEK"]


def test_what_is_said_last_holds_where_the_clock_was_set_back(tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        say(lab, hours(1))
        for number, back in ((2, timedelta()), (3, 400 * DAY)):
            (entry,) = entries_in(lab.register, ["time"])
            say(
                lab,
                corrected(
                    entry, {"time": "fair", "hours": number}, happened_at=NOW, said_at=NOW + DAY - back
                ),
            )
        (entry,) = entries_in(lab.register, ["time"])
        assert entry.body["hours"] == 3
