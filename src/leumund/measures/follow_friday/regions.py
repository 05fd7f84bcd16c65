"""Places as accounts state them: which country and which region the words of a profile name. Nothing is guessed.

A place names a country by one of its names, by its flag, or by its two or three letters after a comma or alone; and
by a city or region of the German-speaking countries that `regions.toml` lists, unless it names another country
(“Hamburg, New York, USA”). Languages, names and habits say nothing about a place here.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"\w+")
_PART = re.compile(r"[,;/|()·•–—]|\s-\s")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_A = 0x1F1E6
_LETTERS = {"uk": "GB", "usa": "US", "us": "US", "ger": "DE", "aut": "AT", "sui": "CH"}
_STATES = re.compile(
    r"AL|AK|AZ|AR|CA|CO|CT|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI"
    r"|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|AB|BC|MB|NB|NS|ON|PE|QC|SK"
)
"""Of North America, as in “Hamburg, NY”. Some are countries elsewhere (“, CA”): they name none, and no listed city."""
_ELSEWHERE = "??"
_ALONE = frozenset({"zug", "essen", "wels", "halle", "siegen", "hagen", "hamm"})
"""Cities whose names are words too: only where nothing else is said (“Essen, Germany”, not “Essen und Trinken”)."""
_LONGEST = 300  # characters of a place that are read

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words of a place as they are compared: small letters, umlauts as two letters, accents taken away.

    >>> words_of("St. Pölten / Österreich"), words_of("Genève")
    (('st', 'poelten', 'oesterreich'), ('geneve',))
    """
    small = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    for umlaut, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        small = unicodedata.normalize("NFC", small).replace(umlaut, two)
    bare = "".join(c for c in unicodedata.normalize("NFD", small) if unicodedata.category(c) != "Mn")
    return tuple(_WORD.findall(bare))


def country_named(written: str) -> str | None:
    """The two letters of a country that is written by them or by its name; None where there is none.

    >>> country_named("at"), country_named("Österreich"), country_named("Germany"), country_named("Atlantis")
    ('AT', 'AT', 'DE', None)
    """
    upper = written.strip().upper()
    return upper if upper in _countries() else _by_name().get(words_of(written))


def is_in_country(place: str, code: str) -> bool:
    """Whether a place, as somebody states it, lies in that country by its own words.

    >>> is_in_country("Hamburg", "DE"), is_in_country("Hamburg, NY, USA", "DE"), is_in_country("Wien 🇦🇹", "AT")
    (True, False, True)
    >>> is_in_country("mostly at home", "AT"), is_in_country("Graz, AT", "AT"), is_in_country("Hamburg, NY", "DE")
    (False, True, False)
    """
    named = _countries_named(place)
    return code in named if named else code in {country for country, _region in _regions_in(place)}


def is_in_region(place: str, region: str) -> bool:
    """Whether a place names that region or city by its words, or a city that is known to lie in it.

    >>> is_in_region("Kassel, Deutschland", "Hessen"), is_in_region("Bad Hamburgstein", "Hamburg")
    (True, False)
    """
    said, wanted = words_of(place), words_of(region)
    if _holds(said, wanted):
        return True
    meant = _region_names().get(wanted)
    return meant is not None and meant in _regions_in(place) and _may_lie_in(place, meant[0])


def countries_in(place: str) -> set[str]:
    """The two letters of every country in which a place lies by its own words.

    >>> countries_in("Graz, AT"), countries_in("somewhere nice")
    ({'AT'}, set())
    """
    return (_countries_named(place) or {country for country, _region in _regions_in(place)}) - {_ELSEWHERE}


def regions_in(place: str) -> set[str]:
    """The listed regions in which a place lies, or which it names.

    >>> regions_in("Kassel, Deutschland")
    {'Hessen'}
    """
    return {region for country, region in _regions_in(place) if _may_lie_in(place, country)}


def _may_lie_in(place: str, country: str) -> bool:
    named = _countries_named(place)
    return not named or country in named


def _countries_named(place: str) -> set[str]:
    """The countries that a place names: by name, by flag, by letters standing by themselves."""
    found = {code for words in _names_in(words_of(place), _by_name()) if (code := _by_name()[words])}
    for flag in _FLAG.findall(place[:_LONGEST]):
        code = "".join(chr(ord(c) - _FLAG_A + ord("A")) for c in flag)
        found |= {code} & _countries().keys()
    parts = [p.strip() for p in _PART.split(place[:_LONGEST])]
    for at, part in enumerate(parts):
        letters = part.replace(".", "")
        if letters.casefold() in _LETTERS:
            found.add(_LETTERS[letters.casefold()])
        elif at and _STATES.fullmatch(letters):
            found.add(_ELSEWHERE)
        elif letters.isupper() and letters in _countries() and (at or len(parts) == 1):
            found.add(letters)
    return found


def _regions_in(place: str) -> set[tuple[str, str]]:
    """The listed regions, each with its country, of which a place names the region or a city."""
    found: set[tuple[str, str]] = set()
    for part in _PART.split(place[:_LONGEST]):
        said = words_of(part)
        for words in _names_in(said, _places()):
            if words == said or words[0] not in _ALONE:
                found |= _places()[words]
    return found


def _names_in(said: Words, known: Mapping[Words, object]) -> list[Words]:
    """The names that stand in these words, the longest first: who says Guinea-Bissau does not say Guinea."""
    longest, at, found = max(len(words) for words in known), 0, []
    while at < len(said):
        ends = range(min(at + longest, len(said)), at, -1)
        end = next((end for end in ends if said[at:end] in known), None)
        if end is not None:
            found.append(said[at:end])
        at = at + 1 if end is None else end
    return found


def _holds(said: Words, wanted: Words) -> bool:
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1))


def _read(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def _countries() -> Mapping[str, list[str]]:
    return dict(tomllib.loads(files(__package__).joinpath("countries.toml").read_text("utf-8")))


@cache
def _by_name() -> Mapping[Words, str]:
    return {words_of(name): code for code, names in _countries().items() for name in names}


@cache
def _places() -> Mapping[Words, set[tuple[str, str]]]:
    """Every listed region and city -> the regions it is or lies in."""
    found: dict[Words, set[tuple[str, str]]] = {}
    for country, regions in _read("regions.toml").items():
        for region, cities in regions.items():
            names = region.split("|")
            for name in (*names, *cities):
                found.setdefault(words_of(name), set()).add((country, names[0]))
    return found


@cache
def _region_names() -> Mapping[Words, tuple[str, str]]:
    regions = ((c, r) for c, all_of in _read("regions.toml").items() for r in all_of)
    return {words_of(name): (c, r.split("|")[0]) for c, r in regions for name in r.split("|")}
