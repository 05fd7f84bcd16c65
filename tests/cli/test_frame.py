"""Help and errors of usage: in the language that was asked for, and what is wrong with asking for it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from leumund import locale
from leumund.cli import frame
from leumund.cli.app import app

from .conftest import Run

ENGLISH = re.compile(
    r"Usage|Options|Arguments|Commands|Show this|required|default:|Missing|No such|Error|Try |Invalid|Got unexpected"
)


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every text of ours reads backwards: what stays as it is was not translated."""

    def turned(text: str) -> str:
        return "".join(p if p.startswith("{") else p[::-1] for p in re.split(r"(\{\w*\})", text)[::-1])

    monkeypatch.setattr(frame, "_", turned)


@pytest.mark.parametrize(
    "verb", [(), ("show",), ("problems",), ("link",), ("import",), ("restore",), ("me",)]
)
def test_no_word_of_the_frame_of_help_stays_english(run: Run, backwards: None, verb: tuple[str, ...]) -> None:
    said = run(*verb, "--help")
    assert said.code == 0
    assert not ENGLISH.search(said.out), said.out
    assert ":egasU" in said.out
    assert "<" not in said.out, "types are the program's business"


def test_every_word_that_stands_for_something_to_write_can_be_translated(run: Run, backwards: None) -> None:
    for verb in (c.name for c in app.registered_commands):
        said = run(verb, "--help")
        usage = said.out.partition("\n\n")[0].partition("leumund")[2]
        words = set(re.findall(r"\b[A-Z]{2,}\b", usage)) - {"SNOITPO"}
        turned = {word[::-1] for word in words}
        assert turned <= frame._PLACES, f"leumund {verb}: {turned}"
    assert "[REVRES" not in run("look", "--help").out


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("show",), "MEASURE is missing."),
        (("show", "x", "--dys", "3"), "There is no option --dys. Did you mean --by, --csv, --days?"),
        (("show", "x", "-q"), "There is no option -q."),
        (("show", "x", "--days", "three"), "--days must be a whole number."),
        (("show", "x", "--days"), "--days needs a value."),
        (("show", "x", "--json=3"), "--json takes no value."),
        (("init", "b", "c"), "That is more than can be used: b c"),
        (("shw",), "Command: there is no “shw”."),
        (("--",), "The command is missing."),
    ],
)
def test_what_is_asked_wrongly_is_said_in_our_words(run: Run, asked: tuple[str, ...], told: str) -> None:
    said = run(*asked)
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[0] == told
    assert "Error" not in said.err


@pytest.mark.parametrize(
    "asked", [("show",), ("show", "x", "--dys"), ("show", "x", "--days", "y"), ("init", "b"), ("show", "--days")]
)  # fmt: skip
def test_errors_of_usage_are_translated(run: Run, backwards: None, asked: tuple[str, ...]) -> None:
    said = run(*asked)
    assert said.code == 2
    assert not ENGLISH.search(said.err)


def test_what_the_reader_says_in_a_new_way_is_passed_on_as_it_is() -> None:
    class NewError(Exception):
        def format_message(self) -> str:
            return "Something nobody knew."

    assert list(frame.told(NewError())) == ["Something nobody knew."]


def test_without_a_word_the_whole_help_is_shown_as_it_is_laid_out(run: Run) -> None:
    said = run()
    assert said.code == 2
    assert "\n  doctor" in said.err


def test_an_unknown_language_is_refused_with_those_there_are(run: Run) -> None:
    for asked in (("--lang", "fr"), ("--lang=fr",)):
        said = run("measures", *asked)
        assert said.code == 2
        assert said.err == "--lang: there is no “fr”.\nThere are: de, en\n"
    assert "--lang de" in run("measures", "--lang").err


def test_a_wrong_language_is_refused_in_that_of_the_surroundings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEUMUND_LANG", "de")
    assert "gibt es nicht" in run("measures", "--lang", "fr").err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'language = "fr"', ["config.toml: language", "de, en"]),
        (b"language = de", ["config.toml", "not TOML", 'language = "de"']),
        (b"\xff\xfel\x00a\x00", ["config.toml", "not TOML", "UTF-8"]),
        (b"langage = 'de'", ["config.toml", "langage", "lab, language"]),
        (b"lab = 3", ["config.toml", "lab"]),
    ],
)
def test_a_wrong_setting_is_said_with_its_place_and_what_would_be_right(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, told: list[str]
) -> None:
    monkeypatch.delenv("LEUMUND_LANG")
    monkeypatch.setenv("LC_ALL", "C")
    (home / "config.toml").write_bytes(content)
    said = run("overview")
    assert (said.code, said.out) == (2, "")
    for part in told:
        assert part in said.err, part


def test_settings_that_are_a_folder_are_said(run: Run, home: Path) -> None:
    (home / "config.toml").mkdir()
    said = run("overview")
    assert said.code == 2
    assert "config.toml" in said.err


def test_settings_written_with_notepad_are_read(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEUMUND_LANG")
    (home / "config.toml").write_bytes(b'\xef\xbb\xbflanguage = "de"\n')
    assert "gibt es nicht" in run("nonsense").err
    locale.use("en")


def test_help_needs_none_of_the_heavy_libraries(home: Path) -> None:
    script = """
import sys
from leumund.cli import main
for words in (["show", "--help"], ["show", "--days", "x", "y"], ["nonsense"], ["import"]):
    try: main(words)
    except SystemExit: pass
heavy = {"duckdb", "pyarrow", "numpy", "rich.console", "sqlite3", "jinja2"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=home)
