"""Small tables of other programs, row by row: which columns they have, and each row as values by column name.

For tables that `csv` cannot take as they are, because a row means more than its columns say. They are read record
by record (see `csv_records`): a hundred thousand rows a second, which such reports never have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leumund.errors import UnreadableFileError
from leumund.events import Problem
from leumund.locale import _, ngettext
from leumund.sources import Cursor, Page, csv_records, text_files

_SEPARATORS = (b",", b";", b"\t", b"|")
_MOST_COLUMNS = 500
_MAIL = re.compile(r"[^\s,;|\"]+@[^\s,;|\"]+")


@dataclass(frozen=True, slots=True)
class Head:
    """The names of the columns in small letters, what separates them, where the rows begin, and what stands there."""

    names: tuple[str, ...]
    separator: bytes
    end: int
    rest: bytes

    def has(self, *names: str) -> bool:
        return set(names) <= set(self.names)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line, its values by column name (in small letters)."""

    line: int
    values: Mapping[str, str]

    def first(self, names: Sequence[str]) -> str:
        """The value of the first of these columns that holds anything; "" where none does."""
        return next((v for n in names if (v := self.values.get(n, "").strip())), "")


def head_of(path: Path) -> Head | None:
    """The head of a table; None where the file is no text or has no columns."""
    start = text_files.opening(path)
    if start is None:
        return None
    skipped = len(b"\xef\xbb\xbf") if start.startswith(b"\xef\xbb\xbf") else 0
    line = start[skipped:].split(b"\n", 1)[0]
    if re.fullmatch(rb"sep=.\r?", line, re.IGNORECASE):
        skipped += len(line) + 1
    data = start[skipped:]
    heads = []
    for separator in _SEPARATORS:
        record = next(csv_records.records(data, separator), None)
        if record and record.cells and 1 < len(record.cells) <= _MOST_COLUMNS:
            names = tuple(_plain(text_files.as_text(cell)) for cell in record.cells)
            heads.append(Head(names, separator, skipped + record.end, data[record.end :]))
    return max(heads, key=lambda head: len(head.names), default=None)


def table_pages(
    path: Path, head: Head, cursor: Cursor, *, context: Mapping[str, str] | None = None
) -> Iterator[Page]:
    """The rows in pieces of whole records; the head goes with every page."""
    about = {"names": json.dumps(head.names), "separator": head.separator.decode()} | dict(context or {})
    start = text_files.opening(path)
    offset, line = head.end, 1 + (start or b"").count(b"\n", 0, head.end)
    if cursor:
        offset, line = int(cursor["offset"] or 0), int(cursor["line"] or 1)
    for data, after, done, size in text_files.pieces(
        path, start=offset, quoted=True, separators=head.separator
    ):
        first, line = line, line + data.count(b"\n")
        yield Page(
            kind="rows", where=path.name, data=data, first=first, done=done, size=size, context=about,
            position={"offset": after, "line": line},
        )  # fmt: skip


def rows(page: Page) -> Iterator[Row | Problem]:
    """The rows of a page; one with too few or too many values, or a mark never closed, is a problem."""
    names = json.loads(page.context["names"])
    line, counted = page.first, 0
    for record in csv_records.records(page.data, page.context["separator"].encode()):
        line, counted = line + page.data.count(b"\n", counted, record.start), record.start
        if record.cells is None:
            message = _("a quotation mark is opened and never closed")
        elif len(record.cells) != len(names):
            text = ngettext(
                "{found} column instead of {wanted}", "{found} columns instead of {wanted}", len(record.cells)
            )
            message = text.format(found=len(record.cells), wanted=len(names))
        else:
            yield Row(line, dict(zip(names, (text_files.as_text(c) for c in record.cells), strict=True)))
            continue
        excerpt = text_files.as_text(page.data[record.start : record.start + 400]).split("\n", 1)[0][:80]
        yield Problem(where=f"{page.where}:{line}", message=message, excerpt=_MAIL.sub("…", excerpt))


def no_table(path: Path, what: str) -> UnreadableFileError:
    """The error of a file that has not the columns it should have."""
    return UnreadableFileError(path, _("the columns are not those of {what}").format(what=what))


def _plain(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).lower()
