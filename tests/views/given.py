"""What the tests of the views share: small readings, German words, and names that mean harm."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from leumund import locale
from leumund.measures import Column, Reading, Shape
from leumund.store.tables import Coverage

AS_OF = datetime(2026, 11, 23, tzinfo=UTC)
COVERAGE = Coverage(first=0, last=86_400_000_000, rows=1234, undated=2, sources=("mastodon",))
NOWHERE = Coverage(first=None, last=None, rows=0, undated=0, sources=())

HOSTILE = {
    11: "<script>alert(1)</script>",
    12: '"><img src=x onerror=alert(1)>',
    13: "@anna\u202egnp.exe",
    14: "nul\x00byte",
    15: "\x1b[2J\x1b]0;owned\x07",
    16: "\x9b31mred\x85",
    17: "@" + "x" * 5000,
    18: "a" + "\u0301" * 500,
    19: "half \ud800 a character",
    20: "]]>&amp;<!--",
    21: "{{ 7 * 7 }}{% raw %}",
    22: "javascript:alert(1)",
    23: "not \ufffe XML \uffff",
    24: '=HYPERLINK("http://evil.example")',
    25: "two\r\nlines\ttab",
    26: "</style></svg></title>",
    27: "' onload='x",
    28: "",
}

_GERMAN = {
    "unknown": "unbekannt", "yes": "ja", "no": "nein", "week of {day}": "Woche ab {day}", "reply": "Antwort",
    "learned later": "später erfahren", "between {low} and {high}": "zwischen {low} und {high}", "Score": "Punkte",
    "{n} people": "{n} Personen", "As of {moment}": "Stand: {moment}",
}  # fmt: skip


class _Words(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return _GERMAN.get(message, message)


@contextmanager
def german() -> Iterator[None]:
    """Speak German, with a few words of our own, whatever the catalogue holds."""
    with mock.patch.object(locale, "_catalogue", return_value=_Words()), locale.speaking("de"):
        yield


def column(kind: Any, name: str = "x", **given: Any) -> Column:
    return Column(name=name, kind=kind, **({"title": name.capitalize()} | given))


def reading(shape: Shape, columns: list[Column], rows: list[tuple[Any, ...]], **given: Any) -> Reading:
    fixed: dict[str, Any] = {"measure": "m", "title": "Title", "as_of": AS_OF, "coverage": COVERAGE}
    return Reading(shape=shape, columns=tuple(columns), rows=tuple(rows), **(fixed | given))


def hostile(shape: Shape = "ranking") -> Reading:
    """Every harmful name as an account, as a text and as a post."""
    columns = [
        column("account", "account"),
        column("number", "score"),
        column("text", "bio"),
        column("post", "post"),
        column("kind", "kind"),
        column("time", "time"),
    ]
    rows = [(key, float(100 - key), name, name, name or "none", AS_OF) for key, name in HOSTILE.items()]
    return reading(shape, columns, rows, names=HOSTILE)
