"""JSON lines: every noun, in any order, and every way a line can be broken."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError
from leumund.events import Rows, Statement
from leumund.sources import FileSettings, text_files
from leumund.sources.jsonl import fetch, lacks, parse, recognise
from leumund.sources.shapes import SHAPES

from .tables import Told, pages, told, told_in_pieces

NOTE = {"noun": "note", "happened_at": "2026-02-02"}
ACT = {"noun": "act", "kind": "like", "actor": "ben", "target": "anna", "network": "facebook",
       "happened_at": "2026-01-09T08:15:00Z"}  # fmt: skip
NO_NOUN = f"“noun” must be one of {', '.join(SHAPES)}"


def note(text: object, **more: object) -> str:
    return json.dumps({**NOTE, "note": text, **more}, ensure_ascii=False)


def read(folder: Path, *lines: str | bytes) -> Told:
    file = folder / "lines.jsonl"
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return told(file)


def notes(folder: Path, *lines: str | bytes) -> list[str]:
    read(folder, *lines)
    return [
        str(e.body["note"])
        for page in pages(folder / "lines.jsonl")
        for e in parse(page)
        if isinstance(e, Statement)
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"noun":"note","happened_at":"2026-02-02","note":"half', "not JSON: "),
        (b'{"noun":"note","happened_at":"2026-02-02","note":"\\ud800"}', "not JSON: "),
        ('{"noun":"note","happened_at":"2026-02-02","note":"a\\nb}', "not JSON: "),
        ('{"noun":"note","note":"a\x00b","happened_at":"2026-02-02"}', "not JSON: "),
        ('{"noun":"note","note":"a\tb","happened_at":"2026-02-02"}', "not JSON: "),
        ("{'noun': 'note'}", "not JSON: "),
        (note("a") + " x", "not JSON: "),
        (note("a") + note("b"), "not JSON: "),
        ("[" * 100_000, "not JSON: "),
        ("\x00", "not JSON: "),
        ("[1, 2]", "not a JSON object"),
        ('"note"', "not a JSON object"),
        ("5", "not a JSON object"),
        ("null", "not a JSON object"),
        ("[" * 100_000 + "]" * 100_000, "not a JSON object"),
        ("{}", NO_NOUN),
        ('{"noun":"wish"}', NO_NOUN),
        ('{"noun":7}', NO_NOUN),
        ('{"noun":null}', NO_NOUN),
        ('{"noun":["note"]}', NO_NOUN),
        ('{"Noun":"note"}', NO_NOUN),
        (note(["a"]), "note: a list or an object, not one value"),
        (note({"a": 1}), "note: a list or an object, not one value"),
        (note(None), "note is empty"),
        (note(""), "note is empty"),
        (note("a", happened_at=1767946500), "happened_at: not a date or time I can read"),
        (note("a", happened_at={"year": 2026}), "happened_at: a list or an object, not one value"),
        ('{"noun":"note","note":"a"}', "happened_at is empty"),
        (json.dumps({**ACT, "count": -1}), "count: not a number I can use"),
        (json.dumps({**ACT, "count": 10**400}), "count: not a number I can use"),
        (json.dumps(ACT)[:-1] + ',"count":1e999}', "count: not a number I can use"),
        (json.dumps({**ACT, "exact": "maybe"}), "exact: must be true or false"),
        ('{"noun":"time","time":"x","happened_at":"2026-01-01","hours":1e999}', "hours: not a number I can use"),
        ('{"noun":"time","time":"x","happened_at":"2026-01-01","hours":NaN}', "hours: not a number I can use"),
        (json.dumps({"noun": "account", "account": "ben", "seen_at": "2026-01-09", "network": "facebook",
                     "aliases": {"a": 1}}), "aliases: not a list of accounts"),
    ],
)  # fmt: skip
def test_a_broken_line_is_a_problem_and_the_others_stay(tmp_path: Path, line: str | bytes, says: str) -> None:
    found = read(tmp_path, note("before"), line, json.dumps(ACT), note("after"))
    assert len(found.rows) == 3
    assert list(found.problems) == [2]
    assert found.problems[2].startswith(says)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (note("a", deep=json.loads("[" * 200 + "]" * 200)), "a"),
        (note(5), "5"),
        (note(True), "true"),
        (note("[not a list]"), "[not a list]"),
        (note("{not an object}"), "{not an object}"),
        (b'{"noun":"note","happened_at":"2026-02-02","note":"a\\u0000b\\ud83d\\ude00"}', "ab😀"),
        ('{"note":"a","note":"b","happened_at":"2026-02-02","noun":"note"}', "a"),
        ('{ "happened_at":"2026-02-02",\t"noun" : "note", "note" : "a" }  ', "a"),
        ("  " + note("a") + "\r", "a"),
        ("\ufeff" + note("a"), "a"),
        ("\n \t\r\n" + note("a") + "\n\n", "a"),
        ('{"n\\u006fun":"note","note":"a","happened_at":"2026-02-02"}', "a"),
        (b'{"noun":"note","happened_at":"2026-02-02","note":"Gr\xfc\xdfe"}', "Grüße"),
        (note("a\u2028b"), "a\u2028b"),
        (note("x" * 200_000), "x" * 200_000),
    ],
)
def test_a_line_may_be_written_in_many_ways(tmp_path: Path, line: str | bytes, expected: str) -> None:
    assert notes(tmp_path, line) == [expected]
    assert recognise(tmp_path / "lines.jsonl") is not None


def test_what_lies_deep_in_a_column_nobody_asked_for_does_no_harm(tmp_path: Path) -> None:
    deep = '{"x":' + "[" * 100_000 + "]" * 100_000 + ',"noun":"note","note":"a","happened_at":"2026-02-02"}'
    assert notes(tmp_path, note("b"), deep) == ["b", "a"]
    assert recognise(tmp_path / "lines.jsonl") is not None


def test_a_broken_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    assert notes(tmp_path, '{"noun": "note"', '{"noun": ["note"]}', note("a")) == ["a"]
    assert recognise(tmp_path / "lines.jsonl") is not None


def test_one_broken_line_among_very_many_costs_itself_alone(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text((json.dumps(ACT) + "\n") * 130_000 + json.dumps(ACT)[:-9] + "\n")
    read = told(file)
    assert len(read.rows) == 130_000
    assert list(read.problems) == [130_001]
    assert read.problems[130_001].startswith("not JSON")


def test_a_line_too_long_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "LONGEST_RECORD", 2**20)
    (tmp_path / "x.jsonl").write_text("\n".join([note("a"), note("x" * 3 * 2**20), note("b"), "c"]))
    read = told_in_pieces(tmp_path / "x.jsonl", 2**16, monkeypatch)
    assert len(read.rows) == 2
    assert next(iter(read.problems.items())) == (2, "longer than 1 MB and passed over")
    assert list(read.problems) == [2, 4]


@pytest.mark.parametrize(
    ("without", "says"),
    [
        (["noun"], "rows of the noun “act”, but the column “noun” is missing"),
        (["noun", "kind"], "rows of the noun “act”, but the columns “noun”, “kind” are missing"),
    ],
)
def test_lines_that_lack_something_are_told_what(tmp_path: Path, without: list[str], says: str) -> None:
    line = json.dumps({name: value for name, value in ACT.items() if name not in without})
    (tmp_path / "x.jsonl").write_text(f"{line}\n{line}\n")
    assert recognise(tmp_path / "x.jsonl") is None
    error = lacks(tmp_path / "x.jsonl")
    assert error is not None
    assert says in error.message
    assert "act" in error.hint


@pytest.mark.parametrize("text", ["", "{}", '{"a":1,"b":2}\n', '{"noun":"wish","note":"a"}\n', "{" * 50_000])
def test_lines_of_something_else_lack_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    assert lacks(tmp_path / "x.jsonl") is None


@pytest.mark.parametrize("text", ["", "\n\n", "{}", "[1]", "{" * 50_000, '{"noun":{"a":1}}', "noun: note"])
def test_what_is_not_ours_is_not_recognised(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    assert recognise(tmp_path / "x.jsonl") is None


@pytest.mark.parametrize(
    ("given", "accounts"),
    [
        (["@a@x.example", "acct:b@x.example"], ["acct:a@x.example", "acct:b@x.example"]),
        ("@a@x.example, @b@x.example", ["acct:a@x.example", "acct:b@x.example"]),
        (["@a@x.example", "no\\one", 5, None, ["@b@x.example"]], ["acct:a@x.example"]),
        ([], []),
        (None, []),
        ("", []),
        ("[", []),
    ],
)
def test_accounts_named_may_be_a_list_or_words(tmp_path: Path, given: Any, accounts: list[str]) -> None:
    post = {"noun": "post", "post": "https://x.example/1", "account": "@c@x.example", "network": "mastodon",
            "happened_at": "2026-01-09", "text": "Hallo", "mentions": given}  # fmt: skip
    read(tmp_path, json.dumps(post))
    (event,) = [e for page in pages(tmp_path / "lines.jsonl") for e in parse(page)]
    assert isinstance(event, Rows)
    assert event.table["mentions"].to_pylist() == [accounts]


@pytest.mark.parametrize("size", [30, 200, 5000])
def test_pieces_of_any_size_tell_the_same(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = Path(__file__).parent / "jsonl"
    for name in ("sample_broken.jsonl", "sample_every_noun.jsonl", "sample_packed.jsonl.gz"):
        assert told_in_pieces(sample / name, size, monkeypatch) == told(sample / name)


values = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(),
    st.lists(st.text(max_size=3), max_size=2),
)
objects = st.dictionaries(
    st.sampled_from(["noun", "note", "happened_at", "text", "network", "mentions", "x"]), values, max_size=5
)
known = st.builds(lambda noun, more: {"noun": noun, **more}, st.sampled_from(sorted(SHAPES)), objects)
rows = st.one_of(known, objects, values).map(lambda v: json.dumps(v, ensure_ascii=True))
broken = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=20)


@given(st.lists(st.one_of(rows, broken), max_size=10))
@settings(max_examples=40)
def test_every_line_is_an_event_or_a_problem(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), *lines)
    text = "\n".join(lines).removeprefix("\ufeff")
    full = [line for line in text.split("\n") if line.strip(" \t\r\x0b\x0c\n")]
    assert len(found.rows) + len(found.faults) == len(full)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b'{"noun":"note",', note("a").encode() + b"\n", b"\x1f\x8b"]),
)
@settings(max_examples=40)
def test_no_bytes_raise_anything_but_our_own_errors(rest: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.jsonl"
        file.write_bytes(start + rest)
        recognise(file)
        with contextlib.suppress(LeumundError):
            for page in fetch(FileSettings(path=file), None):
                list(parse(page))


def test_rows_written_as_lines_come_back_as_they_were(tmp_path: Path) -> None:
    from leumund.simulate.files import write_jsonl

    file = tmp_path / "a.jsonl"
    write_jsonl(file, 1500, 4)
    found = [e for page in pages(file) for e in parse(page)]
    again = tmp_path / "b.jsonl"
    with again.open("w", encoding="utf-8") as out:
        for event in found:
            assert isinstance(event, Rows)
            assert not event.problems
            out.writelines(
                json.dumps({**row, "noun": event.noun}, default=str) + "\n" for row in event.table.to_pylist()
            )
    assert told(again) == told(file)
    assert len(told(file).rows) == 1500
