"""A reading for spreadsheets and programs, as CSV (RFC 4180: commas, CRLF, quotes doubled, UTF-8).

The header holds the columns' names. Numbers have full precision and a decimal point; times are ISO 8601 in
UTC; a flag is true or false; a share is 0 to 1. An empty field is unknown: a spreadsheet leaves it out of a
mean, where a 0 or a word would spoil it. A text that is known to be empty is written "" in quotes.

A spreadsheet takes a cell that begins with = + - @ for a formula. Accounts therefore lose their leading "@"
(anna@example.social reads as well, and is found again by that name); any other text that begins with such
a character, with or without spaces before it, gets an apostrophe in front. Numbers are left alone.
"""

from __future__ import annotations

import re
from typing import Any

from leumund.clean import FORMULA, clean
from leumund.measures import ColumnKind, Reading
from leumund.views import cells, json_text

_TEXTS: frozenset[ColumnKind] = frozenset({"account", "text", "kind", "post"})
_FORMULA = re.compile(FORMULA)
_QUOTED = re.compile(r'[",\r\n]')


def as_csv(reading: Reading) -> str:
    """The reading's rows, with a header."""
    kinds = [c.kind for c in reading.columns]
    lines = [",".join(_quoted(c.name) for c in reading.columns)]
    lines += [",".join(map(_field, kinds, row.values())) for row in reading.dicts()]
    return "\r\n".join(lines) + "\r\n"


def _field(kind: ColumnKind, value: Any) -> str:
    if cells.is_unknown(value):
        return ""
    if kind in _TEXTS:
        return _quoted(_safe(kind, str(value))) or '""'
    plain = json_text.value(kind, value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if plain is None:  # infinite
        return "inf" if value > 0 else "-inf"
    return _quoted(str(plain))


def _safe(kind: ColumnKind, text: str) -> str:
    """The text in one line, without control codes, and nothing that a spreadsheet would calculate."""
    line = clean(text)
    if kind == "account":
        line = line.removeprefix("@")
    return "'" + line if _FORMULA.match(line) else line


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
