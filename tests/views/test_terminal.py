from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from leumund.measures import Note
from leumund.views.terminal import as_terminal

from .given import AS_OF, COVERAGE, HOSTILE, NOWHERE, column, german, hostile, reading


def scores(**given: object) -> str:
    columns = [
        column("time", "day"),
        column("number", "score", optional=True),
        column("number", "low"),
        column("number", "high"),
    ]
    rows = [(AS_OF - timedelta(days=3 - i), v, 1.0, 9.0) for i, v in enumerate((5.5, None, 7.25, 3.5))]
    read = reading("series", columns, rows, notes=(Note("{n} people", {"n": 1412}),))
    return as_terminal(read, **given)  # type: ignore[arg-type]


def test_a_reading_says_first_what_to_know_and_last_what_it_was_made_from() -> None:
    assert scores(width=80) == (
        "Title\n"
        "As of 23 Nov 2026\n"
        "\n"
        "Score  3.50\n"
        "  between 1.00 and 9.00; −2.00 since 20 Nov 2026\n"
        "▅·█▁\n"
        "\n"
        "Day             Score    Low   High\n"
        "───────────────────────────────────\n"
        "23 Nov 2026      3.50   1.00   9.00\n"
        "22 Nov 2026      7.25   1.00   9.00\n"
        "21 Nov 2026   unknown   1.00   9.00\n"
        "20 Nov 2026      5.50   1.00   9.00\n"
        "\n"
        "• 1,412 people\n"
        "Unknown in 1 of 4 rows: Score.\n"
        "What was read: 1,234 records (2 without a date) from 1 Jan 1970 to 2 Jan 1970;\n"
        "source: Mastodon.\n"
    )


def test_a_figure_is_left_out_only_if_it_was_said_before() -> None:
    columns = [column("time", "day"), column("number", "score")]
    figures = {"score": 7.25, "people": 7, "before": 7.25, "votes": 25}
    said = as_terminal(reading("series", columns, [(AS_OF, 7.25)], figures=figures), width=80)
    assert "People: 7, Votes: 25" in said
    assert "Before" not in said


def test_records_dated_later_are_said_and_sources_have_their_titles() -> None:
    seen = replace(COVERAGE, later=3, sources=("csv", "demo"))
    titles = {"csv": "CSV tables (also .gz), or any table"}
    read = reading("table", [column("text")], [("a",)], coverage=seen, source_titles=titles)
    said = " ".join(as_terminal(read, width=200).split())
    assert said.endswith("sources: CSV tables, Demo. 3 records are dated later and do not count.")


def test_german_is_written_with_commas_and_points() -> None:
    with german():
        said = scores(width=80)
    assert "Stand: 23.11.2026" in said
    assert "unbekannt" in said
    assert "7,25" in said


def test_without_colour_there_is_no_escape_and_with_colour_there_are() -> None:
    assert "\x1b" not in scores(width=80)
    assert "\x1b[" in scores(width=80, colour=True)


@pytest.mark.parametrize("width", [20, 34, 45, 60, 80, 120])
def test_no_line_is_wider_than_asked_and_no_number_is_cut(width: int) -> None:
    said = scores(width=width)
    assert max(map(len, said.splitlines())) <= width
    for number in ("5.50", "7.25", "3.50", "9.00"):
        assert number in said


def test_in_a_narrow_table_a_question_mark_is_explained() -> None:
    said = scores(width=45)
    assert re.search(r"21 Nov 2026 +\? ", said)
    assert "? = unknown" in said


def test_a_long_reading_says_how_much_is_left_out() -> None:
    assert "3 more rows; all with --limit 0." in scores(width=80, most=1)
    assert "more rows" not in scores(width=80, most=0)


def test_columns_without_room_are_named_and_the_value_and_its_name_stay() -> None:
    columns = [
        column("whole", "rank"),
        column("account"),
        column("post", "post"),
        column("number", "score"),
        column("whole", "votes"),
    ]
    read = reading(
        "ranking", columns, [(1, 1, "https://a.example/" + "x" * 60, 5.25, 12)], names={1: "@anna@a.example"}
    )
    whole, some, least = (as_terminal(read, width=w) for w in (140, 60, 26))
    assert "Not shown" not in whole
    assert "Not shown for want of room: Post." in some
    assert "Not shown for want of room: Rank, Post, Votes." in " ".join(least.split())
    assert all("@anna@a.example" in t and "5.25" in t for t in (whole, some, least))
    assert "Votes: 12" in as_terminal(read, width=20)


def test_an_empty_reading_says_so() -> None:
    said = as_terminal(reading("ranking", [column("account")], [], coverage=NOWHERE))
    assert "There is nothing to show yet." in said
    assert "What was read: 0 records." in said


@pytest.mark.parametrize("width", [30, 100, 300])
@pytest.mark.parametrize("shape", ["ranking", "ledger", "table", "breakdown", "series"])
def test_a_harmful_name_cannot_steer_the_terminal(shape: str, width: int) -> None:
    said = as_terminal(hostile(shape), width=width, highlight=frozenset(HOSTILE), most=0)  # type: ignore[arg-type]
    assert said.replace("\n", "").isprintable()
    coloured = as_terminal(hostile(shape), width=width, colour=True, most=0)  # type: ignore[arg-type]
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).replace("\n", "").isprintable()


def test_markup_in_a_name_is_only_a_name() -> None:
    said = as_terminal(
        reading(
            "table",
            [column("account"), column("text", "y")],
            [(1, ":smile: [red]x[/red]")],
            names={1: "[bold]a[/bold]"},
        )
    )
    assert "[bold]a[/bold]" in said
    assert ":smile: [red]x[/red]" in said


def test_the_headline_of_a_series_is_of_now_and_not_of_what_is_foretold() -> None:
    columns = [
        column("day", "day"),
        column("number", "value"),
        column("number", "low"),
        column("number", "high"),
    ]
    rows = [(AS_OF - timedelta(days=7), 5.0, None, None), (AS_OF + timedelta(days=7), 9.0, 8.0, 10.0)]
    said = as_terminal(reading("series", columns, rows), width=80)
    headline = said.split("\n\n")[1]
    assert "5" in headline
    assert "9.0" not in headline
    assert "9.0" in said
