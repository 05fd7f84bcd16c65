from __future__ import annotations

import io
import os
import re
import string
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from leumund import locale

_PACKAGE = Path(locale.__file__).parent.parent
_GERMAN = Path(locale.__file__).parent / "de" / "LC_MESSAGES"
_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "ngettext": (1, 2)}
_AGAIN = "run `make messages`, then translate what is empty in locale/de/LC_MESSAGES/leumund.po"

_THE_SAME_IN_BOTH = {
    "  {auc:.3f} ({low:.3f} … {high:.3f})  {what}",
    "480 €",
    "April",
    "August",
    "Blog",
    "Bluesky",
    "Experiment {n}",
    "Facebook",
    "Follow Friday",
    "Follow Friday: {board}",
    "Homepage",
    "LinkedIn",
    "Mastodon",
    "NAME",
    "Name",
    "November",
    "Person",
    "Person {n}",
    "SERVER",
    "September",
    "TEXT",
    "Text",
    "Text: {text}",
    "X (Twitter)",
    "{account}: {what}",
    "{check} ...",
    "{file}: {what}",
    "{mb} MB",
    "{month} {year}",
    "{name}, {kind}, {day}",
    "{name}: {unseen}, {seen}",
    "{path}: {what}",
    "{path}: {why}",
    "{stage}: {many}",
    "· {what} ({n}): {cost}",
}
Id = str | tuple[str, ...]


def _catalogue() -> Catalog:
    with (_GERMAN / "leumund.po").open("rb") as file:
        return read_po(file, locale="de")


def _messages() -> list[Message]:
    return [m for m in _catalogue() if m.id]


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _pairs() -> Iterator[tuple[str, str]]:
    """Each text with its German, each form of a plural with its own."""
    for message in _messages():
        yield from zip(_forms(message.id), _forms(message.string or ""), strict=True)


def _fields(text: str) -> Counter[tuple[str, str, str]]:
    """The placeholders of a text with their formats."""
    found = (
        (name, spec or "", how or "") for _text, name, spec, how in string.Formatter().parse(text) if name
    )
    return Counter(found)


@pytest.fixture(scope="module")
def extracted() -> set[Id]:
    """Every text that is marked in the sources."""
    found = extract_from_dir(_PACKAGE, _METHODS, {"**.html": {"encoding": "utf-8"}}, keywords=_KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def test_every_text_of_the_sources_is_in_the_catalogue(extracted: set[Id]) -> None:
    known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in _messages()}
    assert extracted - known == set(), _AGAIN


def test_the_catalogue_holds_nothing_that_the_sources_no_longer_say(extracted: set[Id]) -> None:
    known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in _messages()}
    assert known - extracted == set(), _AGAIN
    assert not _catalogue().obsolete, _AGAIN


def test_the_template_holds_the_same_texts_as_the_catalogue() -> None:
    with (_GERMAN.parent.parent / "leumund.pot").open("rb") as file:
        template = {m.id for m in read_po(file) if m.id}
    assert template == {m.id for m in _messages()}, _AGAIN


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    assert [m.id for m in _messages() if m.fuzzy or not all(_forms(m.string or ""))] == []


def test_every_translation_has_the_placeholders_of_its_text() -> None:
    assert [(text, german) for text, german in _pairs() if _fields(text) != _fields(german)] == []


def test_every_translation_begins_and_ends_with_the_same_space() -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [(text, german) for text, german in _pairs() if edges(text) != edges(german)] == []


def test_every_translation_is_a_sentence_where_its_text_is_one() -> None:
    def end(text: str) -> str:
        return text[-1] if text[-1] in ".:?!" else ""

    assert [(text, german) for text, german in _pairs() if end(text) != end(german)] == []


def test_commands_are_written_alike_in_both_languages() -> None:
    command = re.compile(r"leumund [a-z]+(?:-[a-z]+)?|--[a-z][a-z-]+")
    assert [
        (text, german)
        for text, german in _pairs()
        if Counter(command.findall(text)) != Counter(command.findall(german))
    ] == []


def test_nothing_was_left_in_english() -> None:
    assert {text for text, german in _pairs() if text == german} == _THE_SAME_IN_BOTH


def test_german_speaks_to_a_person_with_sie() -> None:
    familiar = re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?)\b", re.IGNORECASE)
    assert [g for _text, g in _pairs() if familiar.search(g)] == []


def test_german_quotation_marks_stand_in_pairs() -> None:
    assert [g for _text, g in _pairs() if g.count("„") != g.count("“") or "”" in g] == []


def test_the_catalogue_says_how_it_is_written_and_how_plurals_are_made() -> None:
    catalogue = _catalogue()
    assert catalogue.charset == "utf-8"
    assert catalogue.plural_forms == "nplurals=2; plural=(n != 1);"
    assert catalogue.locale is not None
    assert catalogue.locale.language == "de"


def test_the_compiled_catalogue_is_what_the_catalogue_compiles_to() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue())
    assert (_GERMAN / "leumund.mo").read_bytes() == compiled.getvalue(), "run `make messages`"


# -- the program itself


def _run(*arguments: str, **environment: str) -> str:
    """What the program prints, in an environment that asks for no language unless told."""
    silent = ("LEUMUND_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG")
    clean = {k: v for k, v in os.environ.items() if k not in silent}
    done = subprocess.run(
        [sys.executable, "-c", "from leumund.cli import main; main()", *arguments],
        capture_output=True, check=True, encoding="utf-8", env={**clean, **environment}, timeout=60,
    )  # fmt: skip
    return done.stdout


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_HOME", str(tmp_path))
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))


def test_help_speaks_german_when_asked_to() -> None:
    said = _run("--help", "--lang", "de")
    assert "Das Labor für Ihren Ruf im Netz" in said
    assert "Ein eigenes Labor anlegen." in said
    assert "Zum Anfangen: leumund demo" in said


def test_a_post_is_judged_in_german_when_asked_to() -> None:
    said = _run("check-ff", "Danke! #FF @anna@b.example", "--lang", "de").splitlines()
    assert said[0] == "Das zählt als Empfehlung."
    assert "Empfohlen: @anna@b.example" in said
    assert "@anna@b.example erhält damit 0,50 Ihrer Stimme in dieser Woche." in said


@pytest.mark.parametrize(
    ("environment", "first"),
    [
        ({"LANG": "de_DE.UTF-8"}, "Das zählt nicht als Empfehlung."),
        ({"LANG": "de_AT"}, "Das zählt nicht als Empfehlung."),
        ({"LANG": "C"}, "This does not count as a recommendation."),
        ({"LANG": "fr_FR.UTF-8"}, "This does not count as a recommendation."),
        ({"LANG": "C", "LEUMUND_LANG": "de"}, "Das zählt nicht als Empfehlung."),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "This does not count as a recommendation."),
        ({}, "This does not count as a recommendation."),
    ],
)
def test_the_environment_chooses_the_language(environment: dict[str, str], first: str) -> None:
    assert _run("check-ff", "Guten Morgen", **environment).splitlines()[0] == first


def test_each_plural_has_both_its_forms() -> None:
    before = locale.code()
    try:
        locale.use("de")
        said = [locale.ngettext("{n} post", "{n} posts", n).format(n=n) for n in (0, 1, 2)]
    finally:
        locale.use(before)
    assert said == ["0 Beiträge", "1 Beitrag", "2 Beiträge"]
