from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest

from leumund.clean import clean
from leumund.measures import ColumnKind, Note
from leumund.views import cells
from leumund.views.cells import column as column_of
from leumund.views.cells import written

from .given import AS_OF, HOSTILE, column, german

EXAMPLES: list[tuple[ColumnKind, Any, str, str]] = [
    ("whole", 1234567, "1,234,567", "1.234.567"),
    ("whole", 0, "0", "0"),
    ("whole", -3, "−3", "−3"),
    ("number", 1234.5, "1,234.5", "1.234,5"),
    ("number", 0.0, "0.0", "0,0"),
    ("number", math.inf, "∞", "∞"),
    ("points", -4.1, "−4.1", "−4,1"),
    ("points", 3.0, "+3.0", "+3,0"),
    ("points", 0.0, "0.0", "0,0"),
    ("share", 0.256, "26%", "26\u00a0%"),
    ("share", 0.0, "0%", "0\u00a0%"),
    ("share", 1.0, "100%", "100\u00a0%"),
    ("flag", True, "yes", "ja"),
    ("flag", False, "no", "nein"),
    ("time", datetime(2026, 11, 23, 14, 5, tzinfo=UTC), "23 Nov 2026", "23.11.2026"),
    ("day", date(2026, 11, 23), "23 Nov 2026", "23.11.2026"),
    ("week", date(2026, 11, 23), "week of 23 Nov 2026", "Woche ab 23.11.2026"),
    ("kind", "reply", "reply", "Antwort"),
    ("kind", "learned_later", "learned later", "später erfahren"),
    ("text", "two\nlines", "two lines", "two lines"),
    ("text", "", "–", "–"),
    ("post", "https://a.example/1", "https://a.example/1", "https://a.example/1"),
    ("account", "@anna@a.example", "@anna@a.example", "@anna@a.example"),
]


@pytest.mark.parametrize(("kind", "value", "english", "in_german"), EXAMPLES)
def test_each_kind_is_written_as_the_language_writes_it(
    kind: ColumnKind, value: Any, english: str, in_german: str
) -> None:
    assert written(kind, value) == english
    with german():
        assert written(kind, value) == in_german


def test_the_examples_cover_every_kind_there_is() -> None:
    assert {e[0] for e in EXAMPLES} == set(get_args(ColumnKind))


@pytest.mark.parametrize("kind", get_args(ColumnKind))
@pytest.mark.parametrize("value", [None, math.nan])
def test_unknown_is_a_word_and_never_0_nor_nothing(kind: ColumnKind, value: Any) -> None:
    assert written(kind, value) == "unknown"
    assert written(kind, value, narrow=True) == "?"
    with german():
        assert written(kind, value) == "unbekannt"


def test_a_small_value_is_never_rounded_to_nothing_nor_a_large_share_to_all() -> None:
    assert column_of(column("number"), [52.0, 0.004]) == ["52.0", "0.004"]
    assert column_of(column("share"), [0.5, 0.996, 0.0004]) == ["50%", "99.6%", "0.04%"]
    assert written("points", -0.02) == "−0.02"
    assert column_of(column("number"), [52.0, 1e-9]) == ["52.0", "≈\u00a00.0000"]


def test_a_column_has_the_same_decimals_all_the_way_down() -> None:
    assert column_of(column("number"), [14.2, 9.0, None, 0.4]) == ["14.2", "9.0", "unknown", "0.4"]


def test_a_minus_that_rounds_away_leaves_no_sign() -> None:
    assert cells.number(-0.0) == "0"


def test_times_of_every_make_mean_the_same_day() -> None:
    made = [
        datetime(2026, 1, 1, 23, 0, tzinfo=UTC),
        datetime(2026, 1, 1, 23, 0),  # noqa: DTZ001  as an engine without time zones gives it
        datetime(2026, 1, 2, 1, 0, tzinfo=timezone(timedelta(hours=2))),
        date(2026, 1, 1),
        int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp() * 1_000_000),
    ]
    assert {cells.as_day(t) for t in made} == {date(2026, 1, 1)}
    assert {cells.day(t) for t in made} == {"1 Jan 2026"}


def test_a_moment_names_its_time_of_day_unless_it_is_midnight() -> None:
    assert cells.moment(datetime(2026, 1, 1, tzinfo=UTC)) == "1 Jan 2026"
    assert cells.moment(datetime(2026, 1, 1, 9, 5, tzinfo=UTC)) == "1 Jan 2026, 09:05 UTC"


def test_a_figure_of_no_declared_kind_is_written_by_what_it_is() -> None:
    given = (True, 1412, 1.9, 2.0, None, "2026-03-27", "2026-99-99", "word", AS_OF, ("a", 2), "")
    said = (
        "yes",
        "1,412",
        "1.9",
        "2",
        "unknown",
        "27 Mar 2026",
        "2026-99-99",
        "word",
        "23 Nov 2026",
        "a, 2",
        "–",
    )
    assert tuple(cells.any_value(v) for v in given) == said


def test_a_note_writes_its_numbers_and_dates_as_the_language_does() -> None:
    note = Note(
        "{n} of {x}, {p:+.1f}, {s:.0%} on {d}, {u}",
        {"n": 1412, "x": 1.9, "p": -0.84, "s": 0.5, "d": date(2026, 9, 4), "u": None},
    )
    assert cells.sentence(note) == "1,412 of 1.9, −0.8, 50% on 4 Sep 2026, unknown"
    with german():
        assert cells.sentence(note) == "1.412 of 1,9, −0,8, 50\u00a0% on 4.9.2026, unbekannt"


@pytest.mark.parametrize("name", HOSTILE.values())
def test_no_harmful_character_is_left_in_a_cell(name: str) -> None:
    said = clean(name, 80)
    assert len(said) <= 80
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in said)
    assert not set(said) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")
    said.encode("utf-8")
    assert cells.sentence(Note("by {who}", {"who": name})).isprintable()


def test_what_is_taken_out_leaves_a_trace_so_that_no_name_looks_like_another() -> None:
    assert clean("@anna\u202e") != "@anna"
    assert clean("@an\u200bna") != "@anna"


def test_names_in_any_script_and_emoji_stay_as_they_are() -> None:
    for name in ("Jürgen Weiß", "Tiếng Việt", "שָׁלוֹם", "日本語", "👩‍💻", "مرحبا"):
        assert clean(name) == name
