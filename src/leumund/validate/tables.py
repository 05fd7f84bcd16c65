"""Tables of other people's collections, as they are found: with or without a header, any separator, packed or not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from leumund.errors import UnreadableFileError
from leumund.locale import _
from leumund.sources.text_files import head, is_regular, pieces

MOST_COLUMNS = 2_000
MOST_ROWS = 50_000_000
_SEPARATORS = ",;\t|"
_COMMENT = re.compile(rb"^[%#][^\n]*(?:\n|\Z)", re.MULTILINE)
_SPACE = re.compile(rb"[ \t]+")
_BROKEN_LINE = re.compile(rb"[^\n]*\x00[^\n]*(?:\n|\Z)")
_MOST_ZEROS = 16  # at the beginning of a file: more, and it is no text
_GERMAN = re.compile(r"[+-]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))")  # 1,234 may be a thousand
_AROUND = re.compile(rb"^ | (?=\r?$)", re.MULTILINE)

Numbers = npt.NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A table that was looked at but not read yet. first: its first row; second: the row after it, () for none.

    has_header: whether `first` names the columns, to be set by who knows what they should be called.
    left_out: how many rows had too few or too many cells, or bytes that are no text, counted while reading.
    """

    path: Path
    separator: str
    comments: bool
    first: tuple[str, ...]
    second: tuple[str, ...]
    has_header: bool = True
    left_out: int = 0
    rows: int = field(default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called, in small letters."""
        return tuple(cell.strip().strip('"').lower() for cell in self.first)

    def read(self, wanted: Sequence[int]) -> Iterator[pa.Table]:
        """The wanted columns as text, "0", "1", ... in that order, a piece of the file at a time.

        Raises:
            UnreadableFileError: it is broken or cut off, no table, or longer than can be looked at.
        """
        names = [str(i) for i in range(len(self.first))]
        include = [str(i) for i in wanted]
        skip, quoted = (
            self.has_header,
            self.separator != " ",
        )  # where spaces separate, a quotation mark is a letter
        for piece, *_rest in pieces(self.path, quoted=quoted, separators=_SEPARATORS.encode()):
            data = self._plain(piece.removeprefix(b"\xef\xbb\xbf"))
            if not data.strip():
                continue
            try:
                part = csv.read_csv(
                    io.BytesIO(data),
                    read_options=csv.ReadOptions(
                        column_names=names, skip_rows=int(skip), block_size=len(data) + 1, use_threads=False
                    ),
                    parse_options=csv.ParseOptions(
                        delimiter=self.separator,
                        quote_char='"' if quoted else False,
                        newlines_in_values=quoted,
                        invalid_row_handler=self._odd,
                    ),
                    convert_options=csv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()),
                        strings_can_be_null=False,
                        include_columns=sorted(set(include), key=int),
                    ),
                )
            except pa.ArrowInvalid as error:
                if skip and "Empty CSV" in str(error):
                    skip = False
                    continue
                why = _("it cannot be read as a table")
                raise UnreadableFileError(self.path, why, hint=_("Is it really a table of text?")) from error
            skip = False
            self.rows += part.num_rows
            if self.rows > MOST_ROWS:
                why = _("more than {most} rows").format(most=MOST_ROWS)
                raise UnreadableFileError(self.path, why, hint=_("Take a part of it."))
            yield part.select(include).rename_columns([str(i) for i in range(len(include))])

    def _plain(self, data: bytes) -> bytes:
        if b"\x00" in data:
            data, broken = _BROKEN_LINE.subn(b"", data)
            self.left_out += broken
        if self.comments:
            data = _COMMENT.sub(b"", data)
        if self.separator == " ":
            data = _AROUND.sub(b"", _SPACE.sub(b" ", data))
        return data

    def _odd(self, row: csv.InvalidRow) -> str:
        del row
        self.left_out += 1
        return "skip"


def look(path: Path, *, comments: bool = False) -> Sheet:
    """The table's separator and first rows. comments: lines that begin with % or # say nothing.

    Raises:
        UnreadableFileError: no ordinary file, no text, empty, or of absurdly many columns.
    """
    if not is_regular(path):
        why = _("this is no ordinary file") if path.exists() else _("there is no such file or folder")
        raise UnreadableFileError(path, why)
    text = head(path, zeros=_MOST_ZEROS)
    if text is None:
        raise UnreadableFileError(
            path, _("this is no text"), hint=_("A table in CSV is wanted, packed with gzip or not.")
        )
    lines = [
        line
        for line in text.splitlines()
        if line.strip() and "\0" not in line and not (comments and line[0] in "%#")
    ]
    if not lines:
        raise UnreadableFileError(path, _("the file is empty"))
    start = lines[0]
    found = max(_SEPARATORS, key=start.count)
    separator = found if found in start else " "
    first, second = (_cells(line, separator) for line in (start, lines[1] if len(lines) > 1 else ""))
    if len(first) > MOST_COLUMNS:
        raise UnreadableFileError(path, _("more than {most} columns").format(most=MOST_COLUMNS))
    return Sheet(path=path, separator=separator, comments=comments, first=first, second=second)


def _cells(line: str, separator: str) -> tuple[str, ...]:
    import csv as lines

    if separator == " ":
        return tuple(line.split())
    try:
        return tuple(c.strip() for c in next(lines.reader([line], delimiter=separator), []))
    except lines.Error:
        return tuple(c.strip() for c in line.split(separator))


def numbers(column: pa.ChunkedArray) -> Numbers:
    """The cells as numbers; NaN for what is none."""
    bare = pc.utf8_trim_whitespace(column)
    try:
        return np.asarray(pc.cast(bare, pa.float64()).to_numpy(), np.float64)
    except pa.ArrowInvalid:
        return np.array([_number(v) for v in bare.to_pylist()], np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float(text.replace(",", ".")) if _GERMAN.fullmatch(text) else float("nan")


def is_number(cell: str) -> bool:
    """Whether a cell can be read as a number."""
    return not np.isnan(_number(cell))


def missing(path: Path, names: Iterable[str], *, hint: str = "") -> UnreadableFileError:
    """The error that says which columns are missing."""
    listed = ", ".join(f"“{n}”" for n in names)
    return UnreadableFileError(path, _("these columns are missing: {names}").format(names=listed), hint=hint)
