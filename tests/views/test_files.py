from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leumund.measures import Note, Reading
from leumund.views.arrow import METADATA, as_arrow, as_parquet
from leumund.views.csv_text import as_csv
from leumund.views.json_text import as_json, rows_as_json

from .given import NOWHERE, column, german, hostile, reading


def everything() -> Reading:
    columns = [
        column("account", "account"), column("whole", "n"), column("number", "score", unit="points", optional=True),
        column("share", "share"), column("flag", "open"), column("time", "time"), column("week", "week"),
        column("kind", "kind"), column("text", "bio", optional=True),
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (
            1,
            3,
            1 / 3,
            0.25,
            True,
            datetime(2026, 11, 23, 14, 5, 0, 7, tzinfo=UTC),
            date(2026, 11, 23),
            "reply",
            'says "hi", then\nleaves',
        ),
        (2, -3, None, 0.0, False, datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 16), "like", ""),
    ]
    return reading(
        "table", columns, rows, names={1: "@anna@a.example"}, figures={"low": math.nan, "n": 2},
        notes=(Note("{n} people", {"n": 1412}),), options={"since": date(2026, 1, 1), "kinds": ("a", "b")},
    )  # fmt: skip


def test_json_has_one_shape() -> None:
    assert json.loads(as_json(everything())) == {
        "measure": "m",
        "title": "Title",
        "shape": "table",
        "as_of": "2026-11-23T00:00:00Z",
        "figures": {"low": None, "n": 2},
        "columns": [
            {"name": "account", "kind": "account", "title": "Account", "unit": "", "optional": False},
            {"name": "n", "kind": "whole", "title": "N", "unit": "", "optional": False},
            {"name": "score", "kind": "number", "title": "Score", "unit": "points", "optional": True},
            {"name": "share", "kind": "share", "title": "Share", "unit": "", "optional": False},
            {"name": "open", "kind": "flag", "title": "Open", "unit": "", "optional": False},
            {"name": "time", "kind": "time", "title": "Time", "unit": "", "optional": False},
            {"name": "week", "kind": "week", "title": "Week", "unit": "", "optional": False},
            {"name": "kind", "kind": "kind", "title": "Kind", "unit": "", "optional": False},
            {"name": "bio", "kind": "text", "title": "Bio", "unit": "", "optional": True},
        ],
        "rows": [
            {
                "account": "@anna@a.example", "n": 3, "score": 1 / 3, "share": 0.25, "open": True,
                "time": "2026-11-23T14:05:00.000007Z", "week": "2026-11-23", "kind": "reply", "bio": 'says "hi", then\nleaves',
            },
            {
                "account": "2", "n": -3, "score": None, "share": 0.0, "open": False,
                "time": "2026-11-23T00:00:00Z", "week": "2026-11-16", "kind": "like", "bio": "",
            },
        ],
        "notes": [{"sentence": "1,412 people", "text": "{n} people", "values": {"n": 1412}}],
        "coverage": {"first": "1970-01-01T00:00:00Z", "last": "1970-01-02T00:00:00Z", "rows": 1234, "undated": 2, "sources": ["mastodon"], "later": 0},
        "people": [],
        "options": {"since": "2026-01-01", "kinds": ["a", "b"]}, "happened": [],
    }  # fmt: skip


def test_json_names_all_accounts_of_a_person() -> None:
    handles = {1: ("@anna@a.example", "@anna.b.example")}
    read = reading("ranking", [column("account", "account")], [(1,)], names={1: "Anna Lind"}, handles=handles)
    said = json.loads(as_json(read))
    assert said["rows"] == [{"account": "Anna Lind"}]
    assert said["people"] == [{"name": "Anna Lind", "accounts": ["@anna@a.example", "@anna.b.example"]}]


def test_a_day_is_a_date_in_files() -> None:
    read = reading("series", [column("day", "day")], [(date(2026, 11, 23),)])
    assert json.loads(as_json(read))["rows"] == [{"day": "2026-11-23"}]
    assert as_csv(read).splitlines() == ["day", "2026-11-23"]


def test_json_differs_between_languages_in_titles_and_sentences_only() -> None:
    english = json.loads(as_json(everything()))
    with german():
        in_german = json.loads(as_json(everything()))
    assert in_german["notes"][0]["sentence"] == "1.412 Personen"
    assert in_german["columns"][2]["title"] == "Punkte"
    same = ("measure", "shape", "as_of", "figures", "rows", "coverage", "options")
    assert [english[k] for k in same] == [in_german[k] for k in same]


def test_json_of_an_empty_reading_says_that_nothing_was_seen() -> None:
    said = json.loads(as_json(reading("ledger", [column("account")], [], coverage=NOWHERE)))
    assert said["rows"] == []
    assert said["coverage"]["first"] is None


def test_csv_is_rfc_4180_with_full_precision_and_empty_for_unknown() -> None:
    assert as_csv(everything()) == (
        "account,n,score,share,open,time,week,kind,bio\r\n"
        'anna@a.example,3,0.3333333333333333,0.25,true,2026-11-23T14:05:00.000007Z,2026-11-23,reply,"says ""hi"", then leaves"\r\n'
        '2,-3,,0.0,false,2026-11-23T00:00:00Z,2026-11-16,like,""\r\n'
    )


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), (" =1", "'=1"), ("\t=1", "'=1"),
        ("＝1", "'＝1"), ("|calc", "'|calc"), ("a=1", "a=1"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_a_spreadsheet_never_calculates_a_text(given: str, safe: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(reading("table", [column("text")], [(given,)])))))
    assert rows[1] == [safe]


@pytest.mark.parametrize(
    ("handle", "safe"),
    [
        ("@anna@a.example", "anna@a.example"),
        ("@anna.bsky.social", "anna.bsky.social"),
        ("@=1+1", "'=1+1"),
        ("@@SUM(A1)", "'@SUM(A1)"),
        ("@-x", "'-x"),
    ],
)
def test_a_handle_stays_readable_and_is_no_formula(handle: str, safe: str) -> None:
    said = as_csv(reading("table", [column("account")], [(1,)], names={1: handle}))
    assert next(iter(list(csv.reader(io.StringIO(said)))[1])) == safe


def test_negative_numbers_stay_numbers() -> None:
    assert as_csv(reading("table", [column("points"), column("number", "y")], [(-4.125, -1.0)])).endswith(
        "\r\n-4.125,-1.0\r\n"
    )


def test_harmful_names_break_neither_file_nor_terminal() -> None:
    given = hostile()
    table = list(csv.reader(io.StringIO(as_csv(given), newline="")))
    assert {len(row) for row in table} == {len(given.columns)}
    assert len(table) == len(given.rows) + 1
    for text in (as_csv(given), as_json(given)):
        text.encode("utf-8")
        assert not any(ord(c) < 32 and c not in "\r\n" for c in text)
        assert not any(0x7F <= ord(c) < 0xA0 or c in "\u202e\ufffe" for c in text)
    names = [row["account"] for row in json.loads(as_json(given))["rows"]]
    assert names[:5] == list(given.names.values())[:5]


# -- Arrow and Parquet


def test_arrow_has_types_and_nulls() -> None:
    table = as_arrow(everything())
    assert [str(f.type) for f in table.schema] == [
        "string", "int64", "double", "double", "bool", "timestamp[us, tz=UTC]", "date32[day]", "string", "string",
    ]  # fmt: skip
    rows = table.to_pylist()
    assert rows[0]["account"] == "@anna@a.example"
    assert rows[0]["score"] == 1 / 3
    assert rows[1]["score"] is None
    assert rows[0]["time"] == datetime(2026, 11, 23, 14, 5, 0, 7, tzinfo=UTC)
    assert rows[1]["week"] == date(2026, 11, 16)
    assert rows[1]["bio"] == ""  # known to be empty


def test_what_is_no_number_is_null_in_arrow() -> None:
    table = as_arrow(reading("table", [column("number", "x")], [(math.nan,), (math.inf,), (1,)]))
    assert table["x"].to_pylist() == [None, math.inf, 1.0]


def test_a_reading_without_rows_has_the_same_columns() -> None:
    whole = as_arrow(everything())
    empty = as_arrow(replace(everything(), rows=()))
    assert empty.num_rows == 0
    assert [(f.name, f.type) for f in empty.schema] == [(f.name, f.type) for f in whole.schema]


def test_parquet_carries_what_the_reading_says() -> None:
    table = pq.read_table(pa.BufferReader(as_parquet(everything())))
    assert table.to_pylist() == as_arrow(everything()).to_pylist()
    told = json.loads(table.schema.metadata[METADATA])
    assert told | {"rows": []} == told
    assert told == json.loads(as_json(everything())) | {"rows": []}


def test_whatever_strangers_wrote_can_be_stored() -> None:
    table = pq.read_table(pa.BufferReader(as_parquet(hostile())))
    assert table.num_rows == len(hostile().rows)
    assert "\x1b" not in "".join(str(v) for v in table["bio"].to_pylist())


def test_json_can_hold_rows_as_lists_or_nothing_else() -> None:
    whole = json.loads(as_json(everything()))
    lists = json.loads(as_json(everything(), lists=True))
    names = [c["name"] for c in whole["columns"]]
    assert [dict(zip(names, row, strict=True)) for row in lists["rows"]] == whole["rows"]
    assert json.loads(rows_as_json(everything())) == whole["rows"]
