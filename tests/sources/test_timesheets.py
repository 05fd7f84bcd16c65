"""Hours of time trackers: lengths, days and networks, however they are written."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Event, Problem, Statement
from leumund.sources import FileSettings, kimai, toggl
from leumund.sources.timesheets import hours_of, moment, network_named

EIGHT = datetime(2026, 1, 9, 8, tzinfo=UTC)
TOGGL = "User,Email,Project,Task,Description,Start date,Start time,End date,End time,Duration,Tags\n"
KIMAI = "Datum;Von;Bis;Dauer;Benutzer;Kunde;Projekt;Tätigkeit;Beschreibung;Schlagworte\n"


def events(folder: Path, text: str, source: object = toggl) -> list[Event]:
    path = folder / "report.csv"
    path.write_text(text, encoding="utf-8")
    record = source.SOURCE  # type: ignore[attr-defined]
    return [e for page in record.fetch(FileSettings(path=path), None) for e in record.parse(page)]


def hours(folder: Path, text: str, source: object = toggl) -> list[tuple[str, float]]:
    found = [e for e in events(folder, text, source) if isinstance(e, Statement)]
    return [(str(e.body["time"]), float(e.body["hours"] or 0)) for e in found]


def entry(
    day: str = "2026-01-09",
    start: str = "08:00:00",
    length: str = "01:00:00",
    project: str = "Blog",
    **more: str,
) -> str:
    values = {"user": "Anna", "task": "", "description": "", "tags": ""} | more
    return f"{values['user']},a@mail.example,{project},{values['task']},{values['description']},{day},{start},{day},,{length},{values['tags']}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:30", 1.5), ("01:30:00", 1.5), ("90:00:00", 90.0), ("1.5", 1.5), ("1,5", 1.5), ("1h 30m", 1.5), ("1 Std. 30 Min.", 1.5),
        ("90 min", 1.5), ("5400", 1.5), ("0:00:36", 0.01), ("0", 0.0), ("-1:00", None), ("soon", None), ("", None), ("1:75", None),
        ("99999:00", None), ("999999999", None),
    ],
)  # fmt: skip
def test_a_length_of_time_is_read_however_it_is_written(text: str, expected: float | None) -> None:
    assert hours_of(text, EIGHT, None) == expected


@pytest.mark.parametrize(("text", "expected"), [("12", 12.0), ("24", 24.0), ("1800", 0.5), ("24.5", 24.5)])
def test_a_bare_number_without_an_end_is_hours_up_to_a_day_then_seconds(text: str, expected: float) -> None:
    assert hours_of(text, EIGHT, None) == expected


def test_a_bare_number_with_an_end_is_what_fits() -> None:
    assert hours_of("20", EIGHT, EIGHT + timedelta(seconds=20)) == round(20 / 3600, 4)
    assert hours_of("0.0625", EIGHT, EIGHT + timedelta(hours=1.5)) == 1.5
    assert hours_of("", EIGHT, EIGHT + timedelta(hours=2)) == 2.0


def test_an_entry_over_midnight_is_not_negative() -> None:
    assert hours_of("", EIGHT.replace(hour=23), EIGHT.replace(hour=1)) == 2.0


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2026-01-09", "8:15", "2026-01-09 08:15"), ("09.01.2026", "08:15 Uhr", "2026-01-09 08:15"), ("9. 1. 2026", "", "2026-01-09 00:00"),
        ("2026-01-09", "12:15 AM", "2026-01-09 00:15"), ("2026-01-09", "12:15 pm", "2026-01-09 12:15"), ("2026-01-09 08:15", "", "2026-01-09 08:15"),
        ("2026-02-30", "", None), ("2026-01-09", "25:00", None), ("09.01.26", "", None), ("", "", None), ("0000-00-00", "", None),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(day: str, clock: str, expected: str | None) -> None:
    found = moment(day, clock, "")
    assert (found.strftime("%Y-%m-%d %H:%M") if found else None) == expected


@pytest.mark.parametrize(
    ("text", "network"),
    [("Mastodon", "mastodon"), ("Social Media / Bluesky", "bluesky"), ("X", "x"), ("x.com", "x"), ("X (ehemals Twitter)", "x"), ("Projekt X", None),
     ("LinkedIn-Beiträge", "linkedin"), ("Blogartikel", "blog"), ("Umblogen", None), ("", None)],
)  # fmt: skip
def test_a_network_is_known_by_a_word_of_its_own(text: str, network: str | None) -> None:
    assert network_named([text]) == network


def test_tags_say_more_than_the_project(tmp_path: Path) -> None:
    assert hours(tmp_path, TOGGL + entry(project="Blog", tags="mastodon")) == [("mastodon", 1.0)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(["01/09/2026", "01/31/2026"], datetime(2026, 1, 9, 8, tzinfo=UTC)), (["09/01/2026", "31/01/2026"], datetime(2026, 1, 9, 8, tzinfo=UTC)),
     (["09-01-2026", "31-01-2026"], datetime(2026, 1, 9, 8, tzinfo=UTC))],
)  # fmt: skip
def test_days_that_could_be_turned_are_told_by_the_others(
    tmp_path: Path, days: list[str], expected: datetime
) -> None:
    found = events(tmp_path, TOGGL + "".join(entry(day) for day in days))
    assert isinstance(found[0], Statement)
    assert found[0].happened_at == expected


@pytest.mark.parametrize("days", [["01/02/2026", "02/01/2026"], ["13/01/2026", "01/13/2026"]])
def test_days_nobody_can_tell_apart_are_refused(tmp_path: Path, days: list[str]) -> None:
    with pytest.raises(UnreadableFileError, match="two ways"):
        events(tmp_path, TOGGL + "".join(entry(day) for day in days))


def test_a_report_that_overlaps_adds_nothing_twice(tmp_path: Path) -> None:
    rows = [entry(start=f"0{n}:00:00", description=f"d{n}") for n in range(1, 9)]
    names = [
        {e.statement for e in events(tmp_path, TOGGL + "".join(part)) if isinstance(e, Statement)}
        for part in (rows[:5], rows[3:])
    ]
    assert len(names[0] & names[1]) == 2
    assert len(names[0] | names[1]) == 8


def test_an_entry_renamed_later_keeps_its_name(tmp_path: Path) -> None:
    first, second = (
        events(tmp_path, TOGGL + entry(project=p, length=n))[0]
        for p, n in (("A", "01:00:00"), ("B", "02:00:00"))
    )
    assert isinstance(first, Statement)
    assert isinstance(second, Statement)
    assert first.statement == second.statement


def test_two_entries_at_one_moment_are_two_and_so_are_two_peoples(tmp_path: Path) -> None:
    found = events(tmp_path, TOGGL + entry() + entry() + entry(user="Ben"))
    assert len({e.statement for e in found if isinstance(e, Statement)}) == 3


def test_names_and_mail_addresses_are_not_kept(tmp_path: Path) -> None:
    text = (
        TOGGL
        + entry(user="Zacharias")
        + entry(user="Zacharias", day="nie")
        + "Zacharias,z@mail.example,zu,wenig\n"
    )
    assert len(events(tmp_path, text)) == 3
    assert "mail.example" not in str(events(tmp_path, text))
    assert "Zacharias" not in str(events(tmp_path, text)[:2])


def test_a_kimai_export_with_german_columns_is_read(tmp_path: Path) -> None:
    rows = "09.01.2026;08:00;09:30;1:30;anna;Eigenes;Öffentlichkeit;Mastodon;;\n09.01.2026;10:00;11:00;3600;anna;;Texte;Lesen;;\n;;;2:30;;;;;;\n"
    assert hours(tmp_path, KIMAI + rows, kimai) == [("mastodon", 1.5), ("Texte", 1.0)]


def test_a_running_entry_is_a_problem_and_not_0_hours(tmp_path: Path) -> None:
    (problem,) = events(tmp_path, KIMAI + "09.01.2026;08:00;;;anna;;Texte;Lesen;;\n", kimai)
    assert isinstance(problem, Problem)
    assert problem.where == "report.csv:2"


@pytest.mark.parametrize("source", [toggl, kimai])
def test_another_table_is_said_to_be_another(tmp_path: Path, source: object) -> None:
    with pytest.raises(UnreadableFileError, match="columns"):
        events(tmp_path, "a,b\n1,2\n", source)


@given(st.lists(st.lists(st.sampled_from(["2026-01-09", "1/2/2026", "08:00", "1:30", '"', "ä", "", "9" * 30, "\x00", "\ud7ff"]), min_size=11, max_size=11), max_size=6))  # fmt: skip
@settings(max_examples=200)
def test_every_row_is_a_statement_or_a_problem_or_empty(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(LeumundError):
        for event in events(Path(folder), TOGGL + "".join(",".join(row) + "\n" for row in rows)):
            assert isinstance(event, Problem) or (
                isinstance(event, Statement) and 0 <= float(event.body["hours"] or 0) <= 744
            )
