"""What a value means, column by column, whether its whole column is plain or not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leumund.events import NETWORKS, Rows, Statement
from leumund.sources.columns import as_events
from leumund.sources.shapes import SHAPES, noun_of

POST = {
    "post": "https://x.example/1",
    "account": "other:a",
    "network": "other",
    "happened_at": "2026-01-09",
    "text": "x",
}


def read(
    noun: str, *rows: Mapping[str, str | None], formats: dict[str, str] | None = None
) -> tuple[list[Any], list[str]]:
    """The values kept and the messages of the problems."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({n: pa.array([row.get(n) for row in rows], pa.string()) for n in names})
    kept: list[Any] = []
    problems: list[str] = []
    for event in as_events(table, noun, where="x", place=lambda i: i, formats=formats):
        if isinstance(event, Rows):
            kept += event.table.to_pylist()
            problems += [p.message for p in event.problems]
        elif isinstance(event, Statement):
            kept.append({**event.body, "happened_at": event.happened_at})
        else:
            problems.append(event.message)  # type: ignore[union-attr]
    return kept, problems


def one(column: str, value: str, **more: str) -> Any:
    """The value alone and beside one that makes its column be read one by one: the same; None if refused."""
    alone, problems = read("post", {**POST, **more, column: value})
    odd = {"happened_at": "9. 1. 2026", "likes": "7.0", "exact": "ja", "account": "other:b"}.get(column, "x")
    beside, _ = read(
        "post", {**POST, **more, column: value}, {**POST, **more, column: odd, "network": "other"}
    )
    assert len(beside) == len(alone) + 1
    assert len(alone) + len(problems) == 1
    if not alone:
        return None
    assert alone[0] == beside[0]
    return alone[0][column]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-09T08:15:00Z", datetime(2026, 1, 9, 8, 15, tzinfo=UTC)),
        ("2026-01-09t08:15:00z", datetime(2026, 1, 9, 8, 15, tzinfo=UTC)),
        (" 2026-01-09 08:15:00+01:00 ", datetime(2026, 1, 9, 7, 15, tzinfo=UTC)),
        ("2026-01-09T08:15:00.123456789Z", datetime(2026, 1, 9, 8, 15, 0, 123456, tzinfo=UTC)),
        ("2026-01-09T08:15", datetime(2026, 1, 9, 8, 15, tzinfo=UTC)),
        ("2026-01-09", datetime(2026, 1, 9, tzinfo=UTC)),
        ("20260109", datetime(2026, 1, 9, tzinfo=UTC)),
        ("9.1.2026", datetime(2026, 1, 9, tzinfo=UTC)),
        ("09.01.2026, 08:15 Uhr", datetime(2026, 1, 9, 8, 15, tzinfo=UTC)),
        ("09.01.2026 08:15:30", datetime(2026, 1, 9, 8, 15, 30, tzinfo=UTC)),
        ("0002-01-01T00:00:00Z", datetime(2, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01", None),
        ("0000-01-01T00:00:00Z", None),
        ("0002-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("2026-01-09T08:15:00+25:00", None),
        ("2026-12-31T23:59:60Z", None),
        ("2026-02-30", None),
        ("30.2.2026", None),
        ("01/09/2026", None),
        ("1767946500", None),
        ("1612011230100", None),
        ("2026", None),
        ("gestern", None),
    ],
)
def test_a_time_is_read_as_it_is_written(written: str, read: datetime | None) -> None:
    assert one("happened_at", written) == read


@given(st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9](:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,7})?)?)?(Z|[+-][0-2][0-9](:?[0-5][0-9])?)?)?", fullmatch=True))  # fmt: skip
@settings(max_examples=400)
def test_a_time_means_the_same_beside_any_other(text: str) -> None:
    assume(text.isascii())
    one("happened_at", text)


def test_a_format_may_be_seconds_since_1970() -> None:
    for form, text in (("unix", "1767946500"), ("unix", "1767946500.0"), ("unix ms", "1767946500000")):
        kept, _ = read("post", {**POST, "happened_at": text}, formats={"happened_at": form})
        assert kept[0]["happened_at"] == datetime(2026, 1, 9, 8, 15, tzinfo=UTC)
    for text in ("nan", "inf", "1e99", "-1e99", "soon"):
        assert read("post", {**POST, "happened_at": text}, formats={"happened_at": "unix"})[0] == []


@pytest.mark.parametrize(
    ("written", "read"),
    [("3", 3), ("0", 0), (" 3 ", 3), ("3.0", 3), ("0x1f", 31), ("2147483647", 2147483647), ("2147483648", None),
     ("-1", None), ("1.5", None), ("1.000", None), ("many", None), ("9" * 400, None), ("1e999", None), ("nan", None)],
)  # fmt: skip
def test_a_count_is_a_whole_number_that_fits(written: str, read: int | None) -> None:
    assert one("likes", written) == read


@given(st.one_of(st.integers().map(str), st.from_regex(r"[-+]?(0x)?[0-9a-f]{1,12}(\.0)?", fullmatch=True)))
@settings(max_examples=300)
def test_a_count_means_the_same_beside_any_other(text: str) -> None:
    one("likes", text)


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.5", 1.5), ("1,5", 1.5), ("1.480,50", 1480.5), ("1,480.50", 1480.5), ("-3", -3.0), ("1 480", 1480.0),
     ("nan", None), ("inf", None), ("-Infinity", None), ("1e999", None), ("9" * 400, None), ("viel", None)],
)  # fmt: skip
def test_a_number_is_finite(written: str, value: float | None) -> None:
    row = {"customer": "x", "happened_at": "2026-01-01", "value": written}
    for rows in ([row], [row, {**row, "value": "0,5"}]):
        kept, problems = read("customer", *rows)
        assert len(kept) + len(problems) == len(rows)
        assert (kept[0]["value"] == value) if value is not None else problems
        assert all(math.isfinite(k["value"]) for k in kept)


@pytest.mark.parametrize("flag", ["true", "False", "1", "0", "Ja", "nein", "WAHR", "falsch", "yes", "no"])
def test_yes_and_no_are_understood_in_both_languages(flag: str) -> None:
    assert one("exact", flag) is (flag.lower() in {"true", "1", "ja", "wahr", "yes"})


@pytest.mark.parametrize(
    ("written", "tag"),
    [("de", "de"), ("DE-at", "de"), ("pt_BR", "pt"), ("und", None), ("Deutsch", None), ("", None)],
)
def test_a_language_is_its_lower_case_primary_tag(written: str, tag: str | None) -> None:
    kept, problems = read("post", {**POST, "language": written})
    assert (kept[0]["language"], problems) == (tag, [])


@pytest.mark.parametrize("column", ["network", "visibility"])
def test_a_word_we_do_not_know_is_a_problem_that_says_which_we_know(column: str) -> None:
    kept, problems = read("post", {**POST, column: "Friends"})
    assert kept == []
    assert problems[0].startswith(f"{column}: must be one of ")


def test_a_network_may_be_written_with_a_capital() -> None:
    rows = [
        {**POST, "network": n, "account": "@Anna@x.example"} for n in ("Mastodon", "mastodon", " MASTODON ")
    ]
    kept, problems = read("post", *rows)
    assert {k["account"] for k in kept} == {"acct:anna@x.example"}
    assert {k["network"] for k in kept} == {"mastodon"}
    assert not problems


@pytest.mark.parametrize(
    ("written", "network", "uri"),
    [
        ("1477", "x", "https://x.com/i/status/1477"),
        ("1477", "Facebook", "facebook:post:1477"),
        (" https://x.example/1 ", "other", "https://x.example/1"),
        ("https://x.example/a b", "other", None),
        ("https://x.example/\x00", "other", None),
        (" ", "other", None),
    ],
)
def test_a_number_becomes_an_address(written: str, network: str, uri: str | None) -> None:
    kept, problems = read("post", {**POST, "post": written, "network": network, "account": "anna"})
    assert ([k["post"] for k in kept], len(problems)) == (([uri], 0) if uri else ([], 1))


def test_each_row_is_counted_once_by_its_first_fault() -> None:
    kept, problems = read(
        "post", {**POST, "network": "myspace", "likes": "-1", "happened_at": "x", "account": ""}
    )
    assert (kept, len(problems)) == ([], 1)


def test_a_table_of_many_networks_names_each_account_by_its_own() -> None:
    rows = [{**POST, "network": n, "account": "anna.example.org"} for n in NETWORKS]
    kept, problems = read("post", *rows)
    found = {k["network"]: k["account"] for k in kept}
    assert found["bluesky"] == "at://anna.example.org"
    assert found["blog"] == "https://anna.example.org"
    assert {"mastodon", "x"}.isdisjoint(found)
    assert len(problems) == 2


def test_every_needed_column_can_be_missed() -> None:
    for noun, shape in SHAPES.items():
        row: dict[str, str | None] = {name: field.example for name, field in shape.items()}
        assert len(read(noun, row)[0]) == 1
        for name, field in shape.items():
            kept, problems = read(noun, {**row, name: None})
            assert len(kept) + len(problems) == 1
            assert bool(problems) == (field.needed and not field.blank)


def test_a_post_may_be_without_words() -> None:
    assert read("post", {**POST, "text": ""})[0][0]["text"] == ""


def test_the_noun_with_most_columns_in_common_is_meant() -> None:
    assert noun_of(["note", "happened_at", "customer", "value"]) == "customer"
    assert noun_of(["note", "happened_at"]) == "note"
    assert noun_of(["note"]) is None
