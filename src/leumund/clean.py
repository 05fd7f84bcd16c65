"""Texts written by strangers, made safe to show: no control codes, no turned-round writing, no endless marks.

Escaping for HTML or SVG is not done here: the template and the chart writer do that. What is taken out is
replaced by "�" and not dropped, so that a doctored handle never looks like somebody else's.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "�"

_UNSEEN = "\t-\r\x1c-\x20\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
FORMULA = f"^[{_UNSEEN}]*[=+\\-@|%＝＋－＠−]|^[\t\r\n]"  # every sign by itself: "\\s" is less in DuckDB than in Python
"""How a cell begins that a spreadsheet would calculate, or run, also behind what cannot be seen; for Python and DuckDB alike."""
ESCAPED = "escaped"
"""The column of a CSV of ours that names those of its row in which an apostrophe stands before such a cell."""

_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
# C0, DEL and C1 controls; lone surrogates; what turns the direction of writing; what cannot be seen (the joiners
# U+200C and U+200D stay, emoji and Persian need them); two code points that no XML may hold.
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_MOST_MARKS = 4  # accents on one letter; Vietnamese needs two, pointed Hebrew three


def clean(text: str, most: int = 0) -> str:
    r"""The text in one line, safe to show; cut to `most` characters with "…" (0: not cut).

    >>> clean("anna\x1b[2J"), clean("@a\u202eb"), clean("two\nlines"), clean("abcdef", 4)
    ('anna�[2J', '@a�b', 'two lines', 'abc…')
    """
    line = _UNSAFE.sub(REPLACEMENT, _SPACES.sub(" ", text)).strip()
    if not line.isascii():
        line = _few_marks(line)
    return line if not most or len(line) <= most else line[: most - 1].rstrip() + "…"


def _few_marks(text: str) -> str:
    """The text with at most four combining marks in a row."""
    kept: list[str] = []
    run = 0
    for c in text:
        run = run + 1 if unicodedata.category(c) in {"Mn", "Me"} else 0
        if run <= _MOST_MARKS:
            kept.append(c)
    return "".join(kept)
