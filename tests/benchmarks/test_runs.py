"""`make bench`: it goes on where it was stopped, one that fails stops no other, what is missing is said in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from benchmarks.__main__ import Bench, all_benches
from benchmarks.timing import Row, absent, compared

from benchmarks import __main__ as runner
from benchmarks import results, tables


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr(runner, "state", lambda name, _versions: f"{name} as it stands")
    monkeypatch.setattr(runner, "versions", lambda: {"orjson": "1"})
    return tmp_path


class Made:
    """A benchmark that counts how often it was run."""

    GROUP = "start"

    def __init__(self, *rows: Row | BaseException) -> None:
        self.rows, self.runs = rows, 0

    def run(self, *, small: bool) -> Iterator[Row]:
        self.runs += 1
        for row in self.rows:
            if isinstance(row, BaseException):
                raise row
            yield row


def test_what_was_measured_is_not_measured_again_unless_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Made(compared("a", [1.0], [2.0], limit=1.0))
    for expected in (1, 1):
        assert runner._measure([Bench("made", made)], "usual", anew=False) == 0
        assert made.runs == expected
    monkeypatch.setattr(runner, "state", lambda _name, _versions: "changed")
    runner._measure([Bench("made", made)], "usual", anew=False)
    assert made.runs == 2
    runner._measure([Bench("made", made)], "usual", anew=True)
    assert made.runs == 3


def test_a_stopped_run_goes_on_where_it_was() -> None:
    first, stopped = Made(compared("a", [1.0], [2.0], limit=1.0)), Made(KeyboardInterrupt())
    benches = [Bench("first", first), Bench("stopped", stopped)]
    with pytest.raises(KeyboardInterrupt):
        runner._measure(benches, "usual", anew=False)
    stopped.rows = (compared("b", [1.0], [2.0], limit=1.0),)
    assert runner._measure(benches, "usual", anew=False) == 0
    assert (first.runs, stopped.runs) == (1, 2)


def test_one_that_fails_stops_no_other_and_is_not_kept() -> None:
    fails, good = Made(RuntimeError("no such wheel")), Made(compared("a", [1.0], [2.0], limit=1.0))
    assert runner._measure([Bench("fails", fails), Bench("good", good)], "usual", anew=False) == 1
    assert good.runs == 1
    assert results.kept("fails", "usual") is None


def test_a_missed_limit_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    slow = Made(compared("slow", [3.0], [2.0], limit=1.0))
    assert runner._measure([Bench("slow", slow)], "usual", anew=False) == 1
    assert "MISSED" in capsys.readouterr().out


def test_the_ratio_is_that_of_the_pairs_not_of_the_medians() -> None:
    row = compared("a", [1.0, 4.0, 3.0], [2.0, 8.0, 1.0], limit=1.0)
    assert (row["ours"], row["peer"], row["ratio"], row["spread"]) == (3.0, 2.0, 0.5, (0.5, 3.0))


def test_tables_hold_every_row_and_say_what_is_missing(tmp_path: Path) -> None:
    rows = (
        compared("parsed", [1.0, 1.2], [2.0, 2.0], limit=0.5, against="orjson"),
        absent("ranked, igraph", "igraph is not installed"),
    )
    runner._measure([Bench("made", Made(*rows))], "usual", anew=False)
    page = tmp_path / "page.md"
    page.write_text(f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n", "utf-8")
    assert tables.write([("start", "made", "What it shows.\n\nMore.")], page=page) == 0
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "More." not in text
    assert "| parsed | 1.1 CPU s | 2 CPU s, orjson | 0.55 (0.50 to 0.60) | 0.50 | **missed** |" in text
    assert "| ranked, igraph | | | | | igraph is not installed |" in text
    assert "`python -m benchmarks made`" in text


def test_a_table_says_when_it_was_made_with_other_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    benches = [Bench(name, Made(compared(name, [1.0], [2.0], limit=1.0))) for name in ("old", "new")]
    runner._measure(benches[:1], "usual", anew=False)
    monkeypatch.setattr(runner, "versions", lambda: {"orjson": "2"})
    monkeypatch.setattr(runner, "machine", lambda: {"processor": "another"})
    runner._measure(benches[1:], "usual", anew=False)
    old = results.kept("old", "usual")
    assert old is not None
    replace(old, at="2026-01-01T00:00+00:00").keep()
    text = tables.as_page([("start", "old", "Old."), ("start", "new", "New.")])
    (line,) = (line for line in text.splitlines() if line.startswith("`python -m benchmarks old`"))
    assert "orjson 1" in line
    (line,) = (line for line in text.splitlines() if line.startswith("`python -m benchmarks new`"))
    assert "; with" not in line


def test_the_docs_have_a_place_for_the_tables_and_name_no_benchmark_that_is_gone() -> None:
    text = tables.PAGE.read_text("utf-8")
    assert text.count(tables.BEGIN) == text.count(tables.END) == 1
    named = set(re.findall(r"`python -m benchmarks (\w+)", text))
    assert named <= {b.name for b in all_benches()}


def test_every_benchmark_says_where_it_belongs() -> None:
    for bench in all_benches():
        assert bench.group != "more", bench.name
        assert (bench.module.__doc__ or "").strip(), bench.name
    assert Bench("none", SimpleNamespace()).group == "more"
