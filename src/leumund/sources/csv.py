"""CSV tables: one documented shape per noun, or any other table by a mapping file (`sources.mapping`)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from leumund.errors import IncompleteTableError, UnreadableFileError
from leumund.events import Event, Problem
from leumund.locale import N_, _, ngettext
from leumund.sources import Cursor, FileSettings, Found, Page, Source, csv_records, text_files
from leumund.sources.columns import as_events
from leumund.sources.mapping import Fitted, from_header, from_settings, lacking, noun_of_header
from leumund.sources.shapes import SHAPES, STATED

_SEPARATORS = b",;\t|"
_NOT_TABLES = {".json", ".js", ".zip"}


def recognise(path: Path) -> Found | None:
    """A text file whose header holds all that one of the shapes needs."""
    if path.suffix.lower() in _NOT_TABLES or not (start := text_files.opening(path)):
        return None
    noun = noun_of_header(_header(start).names)
    if noun is None:
        return None
    return Found(sure=0.9, what=_("CSV table, rows of the noun “{noun}”").format(noun=noun))


def lacks(path: Path) -> IncompleteTableError | None:
    """What a table lacks that is nearly in one of our shapes, for the person; None where it is no such table."""
    if path.suffix.lower() in _NOT_TABLES or not (start := text_files.opening(path)):
        return None
    return lacking(path, _header(start).names)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Pieces of whole records after the header. What the header and the mapping say goes with every page.

    Raises:
        UnreadableFileError: no table. IncompleteTableError: it lacks a column. UsageError: the mapping does not
            fit the file.
    """
    path = settings.path
    if not text_files.is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))
    start = text_files.opening(path)
    if start is None:
        hint = _("Save it as CSV in UTF-8 and import that.")
        raise UnreadableFileError(path, _("this is not a text file"), hint=hint)
    header = _header(start)
    if settings.mapping is None:
        fitted = from_header(path, header.names)
    else:
        fitted = from_settings(settings.mapping, header.names)
    context = {
        "columns": str(len(header.names)), "separator": header.separator.decode(),
        "spaced": "true" if header.spaced else "false", "mapping": json.dumps(fitted),
    }  # fmt: skip
    offset, line = header.end, 1 + start.count(b"\n", 0, header.end)
    if cursor:
        offset, line = int(cursor["offset"] or 0), int(cursor["line"] or 1)
    for data, after, done, size in text_files.pieces(
        path, start=offset, quoted=True, separators=header.separator, spaced=header.spaced, pass_over=True
    ):
        first, line = line, line + text_files.lines_in(data)
        yield Page(
            kind=text_files.kind_of(data, "rows"), where=path.name, data=data, first=first, done=done, size=size,
            context=context, position={"offset": after, "line": line},
        )  # fmt: skip


def parse(page: Page) -> Iterator[Event]:
    """The events of one piece; rows with too few or too many columns are problems."""
    if page.kind == text_files.TOO_LONG:
        yield text_files.too_long(page)
        return
    fitted: Fitted = json.loads(page.context["mapping"])
    table = _table(page, fitted)
    yield from table.problems
    if table.rows:
        names = {ours: f"c{rule['column']}" for ours, rule in fitted["columns"].items() if "column" in rule}
        formats = {ours: rule["format"] for ours, rule in fitted["columns"].items() if "format" in rule}
        columns = {}
        for ours, rule in fitted["columns"].items():
            column = table.columns[names[ours]] if ours in names else pa.repeat(rule["value"], table.rows)
            if "escaped" in fitted:
                column = _unescaped(column, ours, table.columns[f"c{fitted['escaped']}"])
            if words := fitted["words"].get(ours):
                column = _translated(column, words)
            columns[ours] = column
        yield from as_events(
            pa.table(columns), fitted["noun"], where=page.where, place=table.line, formats=formats
        )


def noun_in(path: Path) -> str | None:
    """What the rows of a table in one of our shapes are; None where it has none.

    Raises:
        UnreadableFileError: it is in none of our shapes.
    """
    page = next(fetch(FileSettings(path=path), None), None)
    return str(json.loads(page.context["mapping"])["noun"]) if page is not None else None


def template(noun: str) -> str:
    """A CSV with the header and one example row of a noun's shape."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SHAPES[noun])
    writer.writerow(field.example for field in SHAPES[noun].values())
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of the columns, what separates them, whether blanks follow that, and where the rows begin."""

    names: list[str]
    separator: bytes
    spaced: bool
    end: int


def _header(start: bytes) -> _Header:
    """The first line that holds anything; "sep=;" before it, as Excel writes, says the separator itself."""
    skipped = len(b"\xef\xbb\xbf") if start.startswith(b"\xef\xbb\xbf") else 0
    told = start[skipped:].split(b"\n", 1)
    separators = [_SEPARATORS[i : i + 1] for i in range(len(_SEPARATORS))]
    if len(directive := told[0].strip()) == len(b"sep=;") and directive.lower().startswith(b"sep="):
        skipped += len(told[0]) + 1
        separators = [directive[-1:]]
    data = start[skipped:]
    guesses = [(next(csv_records.records(data, s), None), s) for s in separators]
    record, separator = max(guesses, key=lambda guess: _fitting(data, *guess))
    if record is None or record.cells is None:
        return _Header([], separator, spaced=False, end=len(start))
    spaced = len(record.cells) > 1 and all(cell.startswith(b" ") for cell in record.cells[1:])
    if spaced:
        record = next(csv_records.records(data, separator, spaced=True))
    names = [text_files.as_text(cell).strip() for cell in record.cells or ()]
    return _Header(names, separator, spaced, skipped + record.end)


def _fitting(data: bytes, record: csv_records.Record | None, separator: bytes) -> tuple[bool, int]:
    """How well a separator fits the header: quotation marks around whole names, then the most names."""
    if record is None or record.cells is None:
        return False, 0
    return csv_records.is_regular(data[: record.end], separator), len(record.cells)


class _Table:
    """The rows of a page that have the right number of cells, and a problem for each other one."""

    def __init__(self, page: Page, *, exact: bool) -> None:
        """exact: what somebody states of herself is not guessed: where quotation marks may be read in two ways, it is not read."""
        self.columns: dict[str, pa.Array] = {}
        self.rows = 0
        self.problems: list[Problem] = []
        self._page, self._exact = page, exact
        self._lines: npt.NDArray[np.int64] | None = None
        self._plain = False  # every record has one line, every line is a record
        self._misfits: list[tuple[int, int, str]] = []

    def read(self, data: bytes, wanted: list[str], width: int) -> bool:
        """Read the data with Arrow; False where it cannot read it as we mean it."""
        names = [f"c{i}" for i in range(width)]
        try:
            table = pyarrow.csv.read_csv(
                io.BytesIO(data),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=names, use_threads=False, block_size=max(len(data) + 1, 1024)
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self._page.context["separator"], newlines_in_values=True,
                    invalid_row_handler=self._misfit, ignore_empty_lines=True,
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False,
                    quoted_strings_can_be_null=False, include_columns=wanted or names[:1],
                ),
            )  # fmt: skip
        except pa.ArrowInvalid:
            return False
        lines = text_files.lines_in(data) + (not data.endswith(b"\n"))
        returns = data.count(b"\r") if b"\r" in data else 0
        self._plain = table.num_rows + len(self._misfits) == lines and (
            not returns or returns == data.count(b"\r\n")
        )
        if self._plain and b'"' in (last := data[data.rfind(b"\n", 0, -1) + 1 :]):
            self._plain = csv_records.is_regular(last, self._separator)  # nothing is left open at the end
        if not (self._plain and not self._spaced and not self._exact) and not csv_records.is_regular(
            data, self._separator
        ):
            return False
        self.rows = table.num_rows
        self.columns = {name: table[name].combine_chunks() for name in wanted}
        if self._misfits:
            lines_of = self._lines_of_records()
            for number, cells, text in self._misfits:
                self._blame(int(lines_of[number - 1]), cells, width, text)
            self._lines = np.delete(lines_of, [number - 1 for number, _cells, _text in self._misfits])
        return True

    def read_slowly(self, data: bytes, wanted: list[str], width: int) -> None:
        """Read record by record: quotation marks stand where they should not."""
        places = [int(name[1:]) for name in wanted]
        kept: list[list[bytes]] = []
        lines: list[int] = []
        line, counted = self._page.first, 0
        for record in csv_records.records(data, self._separator, spaced=self._spaced):
            line, counted = line + data.count(b"\n", counted, record.start), record.start
            text = data[record.start : record.end]
            if record.cells is None:
                message = _("a quotation mark is opened and never closed")
                self._problem(line, message, text.decode("utf-8", "replace"))
            elif record.doubtful and self._exact:
                message = _("a quotation mark within a value, or one too few")
                hint = _("Write a mark within a value twice, and the value between two marks.")
                self._problem(line, message, text.decode("utf-8", "replace"), hint)
            elif len(record.cells) != width:
                self._blame(line, len(record.cells), width, text.decode("utf-8", "replace"))
            else:
                kept.append([record.cells[place] for place in places])
                lines.append(line)
        self.rows, self._lines = len(kept), np.array(lines, np.int64)
        self.columns = {
            name: pa.array([row[i] for row in kept], pa.binary()).cast(pa.string())
            for i, name in enumerate(wanted)
        }

    def trim(self) -> None:
        """Take away the blanks around each value."""
        self.columns = {name: pc.utf8_trim_whitespace(column) for name, column in self.columns.items()}

    def line(self, row: int) -> int:
        """The line a row begins on, found only when a problem asks for it."""
        if self._lines is None:
            self._lines = self._lines_of_records()
        return int(self._lines[row])

    def _lines_of_records(self) -> npt.NDArray[np.int64]:
        if self._plain:
            return np.arange(self._page.first, self._page.first + self.rows + len(self._misfits))
        return csv_records.lines_of_records(self._page.data, self._page.first)

    @property
    def _separator(self) -> bytes:
        return self._page.context["separator"].encode()

    @property
    def _spaced(self) -> bool:
        return self._page.context["spaced"] == "true"

    def _misfit(self, row: pyarrow.csv.InvalidRow) -> str:
        self._misfits.append((row.number, row.actual_columns, row.text or ""))
        return "skip"

    def _blame(self, line: int, cells: int, width: int, text: str) -> None:
        told = ngettext("{found} column instead of {wanted}", "{found} columns instead of {wanted}", cells)
        self._problem(line, told.format(found=cells, wanted=width), text)

    def _problem(self, line: int, message: str, text: str, hint: str = "") -> None:
        where = f"{self._page.where}:{line}"
        self.problems.append(Problem(where=where, message=message, excerpt=text.strip()[:80], hint=hint))


def _table(page: Page, fitted: Fitted) -> _Table:
    width = int(page.context["columns"])
    places = {rule["column"] for rule in fitted["columns"].values() if "column" in rule}
    wanted = sorted(f"c{place}" for place in {*places, *([fitted["escaped"]] if "escaped" in fitted else [])})
    exact = fitted["noun"] in STATED
    table = _Table(page, exact=exact)
    if not table.read(page.data, wanted, width):
        table = _Table(page, exact=exact)
        table.read_slowly(page.data, wanted, width)
    if page.context["spaced"] == "true":
        table.trim()
    return table


def _unescaped(column: pa.Array, name: str, told: pa.Array) -> pa.Array:
    """The column without the apostrophes that an export put before what a spreadsheet would calculate."""
    ours = pc.match_substring_regex(told, rf"(^|\s){name}(\s|$)")
    return pc.if_else(ours, pc.replace_substring_regex(column, "^'", ""), column)


def _translated(column: pa.Array, words: dict[str, str]) -> pa.Array:
    coded = column.dictionary_encode()
    ours = [words.get(w, words.get(w.strip(), w)) for w in coded.dictionary.to_pylist()]
    return pa.array(ours, pa.string()).take(coded.indices)


SOURCE = Source(
    name="csv",
    title=N_("CSV tables in the documented shapes (also .gz), or any table with a mapping file"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("Whatever stands in it: accounts, posts, acts, customers, hours, costs, goals."),),
    cannot_tell=(N_("Whether it is complete: a file does not say what is missing from it."),),
    reference="leumund csv-template NOUN",
    group=N_("Tables of your own"),
    get=N_(
        "A file .csv with one line for each customer, each hour or each cost; the first line names the columns."
    ),
)
