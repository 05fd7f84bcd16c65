"""The analytics workbook, opened without trust and read as tables of plain cells.

A workbook is a zip of XML. Its parts are read through `archive_files`, which bounds what they grow to, and
only those a table is made of are handed on, packed anew; nothing reads the file itself. A sheet whose last
cell lies far out would fill the memory with empty cells: such a sheet is refused before it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.locale import _
from leumund.sources.archive_files import Archive, open_archive
from leumund.sources.archive_limits import LIMITS
from leumund.sources.json_records import clean

Cell = str | float | date | None
Grid = list[list[Cell]]

_LIMITS = replace(LIMITS, member=16 << 20, total=64 << 20, members=2_000, directory=1 << 20)
_MOST_ROWS, _MOST_COLUMNS = 5_000, 60
_PART = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|sharedStrings|styles)\.xml"
                   r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d{1,3}\.xml)")  # fmt: skip
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]{0,500}?\bname=[\"']([^\"']{1,100})[\"']")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,9})(\d{1,12})[\"']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its cells; numbers that are written as text are text."""

    name: str
    rows: Grid


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets; none where it is no workbook. Cheap: opens one part.

    Raises:
        UnreadableFileError, DangerousFileError: broken, or made to do harm.
    """
    with open_archive(path, lambda name: name == "xl/workbook.xml", glance=True, limits=_LIMITS) as archive:
        if "xl/workbook.xml" not in archive.members:
            return []
        return [_unescaped(name) for name in _SHEET.findall(archive.read("xl/workbook.xml"))]


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of the workbook.

    Raises:
        UnreadableFileError: no workbook, cut off, or too large. DangerousFileError: made to do harm.
    """
    from python_calamine import CalamineWorkbook

    with open_archive(path, lambda name: _PART.fullmatch(name) is not None, limits=_LIMITS) as archive:
        if "xl/workbook.xml" not in archive.members:
            raise UnreadableFileError(path, _("this is no workbook (XLSX)."))
        packed = _packed(archive)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        return [Sheet(clean(name), _cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
                for name in book.sheet_names]  # fmt: skip
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library comes as a BaseException of its own
        hint = _("Export it from LinkedIn again; a complete file often mends it.")
        raise UnreadableFileError(path, _("the workbook is damaged or cut off."), hint=hint) from error


def _packed(archive: Archive) -> bytes:
    """The parts as a zip of their own, none of it compressed and no sheet too wide."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        for name in archive.members:
            data = archive.read(name)
            if name.startswith("xl/worksheets/"):
                _check_spread(archive.path, name, data)
            made.writestr(name, data)
    return whole.getvalue()


def _check_spread(path: Path, name: str, data: bytes) -> None:
    for column, row in _PLACE.findall(data):
        if int(row) > _MOST_ROWS or _column(column) > _MOST_COLUMNS:
            raise DangerousFileError(
                path, _("{name} has cells further out than any such table.").format(name=name)
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cells(rows: Sequence[Sequence[object]]) -> Grid:
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return " ".join(clean(value).split()) or None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _unescaped(name: bytes) -> str:
    text = clean(name.decode("utf-8", "replace"))
    for sign, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(sign, meant)
    return text


def whole(cell: Cell) -> int | None:
    """A count, also one written as text with marks between the thousands; None where it is none.

    >>> whole("1,234"), whole("1.234"), whole(12.0), whole("2%"), whole(None)
    (1234, 1234, 12, None, None)
    """
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**31 else None
    plain = re.sub(r"(?<=\d)[.,'’\s](?=\d{3}(?!\d))", "", cell) if isinstance(cell, str) else ""
    return int(plain) if re.fullmatch(r"-?\d{1,10}", plain, re.ASCII) and abs(int(plain)) < 2**31 else None


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
