"""Planning, beginning, ending an experiment at the command line, and its calendar."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from tests.cli.conftest import Run

from leumund.coins import coins

TODAY = datetime.now().astimezone().date()
PLAN = ("experiment", "plan", "Mornings", "--change", "I post before nine", "--pairs", "6", "--yes")


@pytest.fixture
def lab(run: Run) -> Run:
    run("init", "--me", "@petra@example.social")
    return run


def body(run: Run) -> dict[str, object]:
    (found,) = json.loads(run("experiment", "list", "--json").out)
    return dict(found)


def test_power_is_shown_first_and_nothing_is_kept_without_a_yes(
    lab: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda: "no")
    said = lab(*PLAN[:-1])
    assert said.code == 1
    assert "50% more: in" in said.out
    assert "four of five cases from 10 pairs on" in said.out
    assert json.loads(lab("experiment", "list", "--json").out) == []


def test_a_plan_says_what_to_publish_with_its_seed(lab: Run) -> None:
    said = lab(*PLAN, "--seed", "blue")
    assert "“blue 1”" in said.out
    kept = body(lab)
    assert kept["weeks"] == " ".join("10" if first else "01" for first in coins("blue", 6))
    assert kept["washout_days"] == 1
    assert date.fromisoformat(str(kept["begins"])[:10]).weekday() == 0
    assert date.fromisoformat(str(kept["begins"])[:10]) > TODAY


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (("--pairs", "5"), "fewer than 6 pairs"),
        (("--pairs", "40"), "more than 26 pairs"),
        (("--outcome", "influence"), "remembers sixty days"),
        (("--change", "x" * 501), "501 letters are too many"),
        (("--begin", "2020-01-06"), "after today"),
    ],
)
def test_what_can_show_nothing_is_refused_with_the_reason(lab: Run, other: tuple[str, ...], why: str) -> None:
    said = lab(*PLAN, *other)
    assert said.code == 2
    assert why in said.err
    assert json.loads(lab("experiment", "list", "--json").out) == []


def test_two_of_one_name_are_refused(lab: Run) -> None:
    lab(*PLAN)
    assert "already" in lab(*PLAN).err


def test_it_is_begun_once_shown_and_stopped(lab: Run) -> None:
    lab(*PLAN)
    assert "has not begun yet" in lab("experiment", "stop", "mornings").err
    assert "not begun yet" in lab("experiment", "list").out
    said = lab("experiment", "start", "mornings")
    assert said.code == 0
    assert "begins on" in lab("experiment", "list").out
    assert said.out.count("with the change") == 2
    assert "begun already" in lab("experiment", "start", "Mornings").err
    (row,) = json.loads(lab("show", "experiments", "--json").out)["rows"]
    assert (row["state"], row["verdict"], row["effect"]) == ("planned", "too_early", None)
    assert lab("experiment", "stop", "Mornings").code == 0
    assert "stopped already" in lab("experiment", "stop", "Mornings").err
    lab("undo")
    assert "stopped_at" not in body(lab)


def test_a_plan_that_waited_too_long_begins_on_the_next_monday(lab: Run, home: Path) -> None:
    begins = TODAY - timedelta(days=TODAY.weekday())
    rows = "experiment,happened_at,change,outcome,pairs,begins,seed\n"
    rows += f"Old,2026-01-02,a change,responders,6,{begins},abc\n"
    (home / "plans.csv").write_text(rows)
    assert lab("experiment", "import", "plans.csv").code == 0
    assert lab("experiment", "start", "Old").code == 0
    assert date.fromisoformat(str(body(lab)["begins"])[:10]) == begins + timedelta(days=7)
    (row,) = json.loads(lab("show", "experiments", "--json").out)["rows"]
    assert row["state"] == "planned"


def test_the_list_says_in_which_week_an_experiment_is(lab: Run, home: Path) -> None:
    begins = TODAY - timedelta(days=TODAY.weekday() + 14)
    rows = "experiment,happened_at,said_at,change,outcome,pairs,washout_days,begins,seed,started_at\n"
    said = begins - timedelta(days=4)
    rows += f"Old,{said},{said},a change,responders,6,3,{begins},abc,{said}\n"
    (home / "plans.csv").write_text(rows)
    assert lab("experiment", "import", "plans.csv").code == 0
    assert "running, week 3 of 12: " in lab("experiment", "list").out
    assert lab("experiment", "calendar", "Old", "weeks.ics").code == 0
    events: Any = Calendar.from_ical((home / "weeks.ics").read_bytes()).walk("VEVENT")
    assert {(e["dtend"].dt - e["dtstart"].dt).days for e in events} == {7, 3}
    assert all("from Thursday to Sunday" in e["description"] for e in events)


def test_the_calendar_has_every_week_and_the_day_that_does_not_count(lab: Run, home: Path) -> None:
    lab(*PLAN, "--seed", "blue")
    assert lab("experiment", "calendar", "Mornings", "weeks.ics").code == 0
    calendar: Any = Calendar.from_ical((home / "weeks.ics").read_bytes())
    events = calendar.walk("VEVENT")
    spans = [(e["dtend"].dt - e["dtstart"].dt).days for e in events]
    assert (spans.count(7), spans.count(1)) == (12, 12)
    on = ["before nine" in e["summary"] and "usual" not in e["summary"] for e in events][::2]
    firsts = coins("blue", 6)
    assert on == [x for first in firsts for x in (first, not first)]
    assert len({e["uid"] for e in events}) == 24
    first = (home / "weeks.ics").read_bytes()
    lab("experiment", "calendar", "Mornings", "weeks.ics")
    assert (home / "weeks.ics").read_bytes() == first, "reading it twice doubles nothing"
    assert len(json.loads(lab("experiment", "calendar", "Mornings", "--json").out)) == 12


def test_nobody_knows_an_experiment_of_that_name(lab: Run) -> None:
    said = lab("experiment", "start", "Evenings")
    assert said.code == 2
    assert "no experiment “Evenings”" in said.err


def test_taken_away_and_back(lab: Run) -> None:
    lab(*PLAN)
    assert lab("experiment", "remove", "Mornings").code == 0
    assert json.loads(lab("experiment", "list", "--json").out) == []
    lab("undo")
    assert body(lab)["experiment"] == "Mornings"


def test_two_experiments_in_the_same_weeks_are_told_of_each_other(lab: Run) -> None:
    first = lab(*PLAN)
    assert "another experiment" not in first.err
    other = lab("experiment", "plan", "Evenings", *PLAN[3:])
    assert other.code == 0
    assert "“Mornings”" in other.err
    assert "“Evenings”" in lab("experiment", "start", "Mornings").err
    lab("experiment", "start", "Evenings")
    lab("experiment", "stop", "Mornings")
    assert (
        "another experiment"
        not in lab("experiment", "plan", "Nights", "--begin", "in 3 years", *PLAN[3:]).err
    )


def test_nothing_is_promised_to_be_seen_in_all_cases(lab: Run) -> None:
    said = lab(*PLAN[:-3], "--pairs", "26", "--yes")
    assert "twice as many: in more than 99% of all cases" in said.out
    assert "100%" not in said.out
