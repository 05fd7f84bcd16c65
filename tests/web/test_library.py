"""`import leumund`: the words of the command line, and a notebook that stands in the docs."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.views.given import HOSTILE, hostile

import leumund
from leumund import library
from leumund.errors import NoLabError, UsageError

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def home(demo_lab: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEUMUND_HOME", str(demo_lab.parent))
    monkeypatch.setenv("LEUMUND_CONFIG", str(demo_lab.parent / "none"))
    monkeypatch.delenv("LEUMUND_LAB", raising=False)
    return demo_lab.parent


@pytest.fixture
def lab(home: Path) -> Iterator[library.Lab]:
    del home
    with leumund.open(language="en") as opened:
        yield opened


@pytest.mark.parametrize("page", ["programs.md", "programs.de.md"])
@pytest.mark.usefixtures("home")
def test_the_notebook_in_the_docs_runs(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_LANG", "en")
    text = (DOCS / page).read_text("utf-8").replace("```", "\n")
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert len(test.examples) >= 5
    told: list[str] = []
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    found = doctest.DocTestRunner(optionflags=flags).run(test, out=told.append)
    assert not found.failed, "".join(told)


def test_it_loads_nothing_before_something_is_asked() -> None:
    code = "import leumund, sys; dir(leumund); print([m for m in sys.modules if m.split('.')[0] in ('pyarrow', 'duckdb', 'altair')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        leumund.nothing_of_the_kind  # noqa: B018


def test_options_may_be_values_of_python(lab: library.Lab) -> None:
    end = datetime(2026, 2, 15, 23, 59, 59, 999999, UTC)
    first = lab.why("influence", start=date(2026, 2, 8), end=end)
    assert first.to_dicts() == lab.why("influence", start="8.2.2026", end="2026-02-15").to_dicts()
    own = "@maralindner@berufung.example"
    assert (
        lab.why("follow_friday", own, limit=2).to_dicts()
        == lab.why("follow_friday", account=own).to_dicts()[:2]
    )


def test_a_limit_gives_the_newest_of_a_series_and_the_first_of_a_ranking(lab: library.Lab) -> None:
    days = [row["day"] for row in lab.show("influence", days=30)]
    assert [row["day"] for row in lab.show("influence", days=30, limit=3)] == days[-3:]
    assert [row["rank"] for row in lab.show("follow_friday", limit=3)] == [1, 2, 3]
    assert len(lab.show("follow_friday")) > 100  # all, not the first places a person is shown


def test_whatever_takes_arrow_takes_a_reading(lab: library.Lab, tmp_path: Path) -> None:
    reading = lab.show("influence", days=5)
    table = pa.table(reading)
    assert table.to_pylist() == reading.to_dicts()
    reading.to_parquet(tmp_path / "influence.parquet")
    assert pq.read_table(tmp_path / "influence.parquet").equals(table)
    assert reading.to_csv().startswith("day,score")


def test_a_notebook_shows_the_drawing_and_few_rows(lab: library.Lab) -> None:
    shown = lab.show("follow_friday")._repr_html_()
    assert "<svg" in shown
    assert shown.count("<tr>") == 21
    assert "more rows" in shown
    assert "<script" not in shown


def test_what_strangers_wrote_is_text_in_a_notebook() -> None:
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)
            assert not [n for n, _v in attrs if n.startswith("on")]

    Tags().feed(library.Reading(hostile(), "en")._repr_html_())
    assert len(HOSTILE) > 10
    assert not {"script", "img"} & set(seen)


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are(home: Path, lab: library.Lab) -> None:
    del lab
    with pytest.raises(UsageError) as refused:
        leumund.open(language="xx")
    assert "de, en" in str(refused.value.hint)


def test_what_is_not_there_is_said(home: Path, lab: library.Lab) -> None:
    with pytest.raises(NoLabError):
        leumund.open(home / "nowhere")
    for wrong in ({"days": 0}, {"dayz": 1}, {"account": "nobody@nowhere.example"}):
        with pytest.raises(UsageError):
            lab.show("influence", **wrong)
    with pytest.raises(leumund.LeumundError):
        lab.show("nothing")


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_what_is_not_installed_is_not_needed(
    lab: library.Lab, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    reading = lab.show("influence", days=2)
    assert len(reading) == 2
    with pytest.raises(ModuleNotFoundError, match=name):
        getattr(reading, f"to_{name}")()


def test_posts_nobody_read_yet_are_warned_of(lab: library.Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from leumund.facts import all_facts

    monkeypatch.setattr(lab._lab, "facts_missing", lambda _names: list(all_facts().values())[:1])
    with pytest.warns(UserWarning, match="not read yet"):
        lab.show("follow_friday", limit=1)
