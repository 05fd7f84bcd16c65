"""CSV tables: one documented shape per noun, or any other table by a mapping file.

A mapping is TOML: which noun the rows are, and where each of its columns comes from.

    noun = "post"
    network = "x"
    [columns]
    post = "tweet_id"
    account = "author_screen_name"
    happened_at = { column = "created_at", format = "%a %b %d %H:%M:%S %z %Y" }
    text = "text"
    exact = { value = "true" }            # the same in every row
    [words.kind]                          # the file's words -> ours
    retweet = "reshare"
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from leumund.errors import UnreadableFileError, UsageError
from leumund.events import Event, Problem
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source, text_files
from leumund.sources.shapes import SHAPES, as_events, noun_of

_SEPARATORS = ",;\t|"


def recognise(path: Path) -> Found | None:
    """A text file whose header holds all that one of the shapes needs."""
    if (
        not path.is_file()
        or path.suffix.lower() in {".json", ".js", ".zip"}
        or not (text := text_files.head(path))
    ):
        return None
    header, _separator = _header(text)
    noun = noun_of([h.strip().lower() for h in header])
    if noun is None:
        return None
    return Found(sure=0.9, what=_("CSV table, rows of the noun “{noun}”").format(noun=noun))


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Pieces of whole records. The header and the mapping go with every page.

    Raises:
        UnreadableFileError: no table. UsageError: the mapping does not fit the file.
    """
    text = text_files.head(settings.path)
    if text is None:
        raise UnreadableFileError(settings.path, _("this is not a text file"))
    header, separator = _header(text)
    mapping = _checked_mapping(settings, header)
    context = {"header": json.dumps(header), "separator": separator, "mapping": json.dumps(mapping)}
    start, line = (int(cursor["offset"] or 0), int(cursor["line"] or 2)) if cursor else (0, 1)
    for data, offset, done, size in text_files.pieces(settings.path, start=start, quoted=True):
        after = line + data.count(b"\n")
        yield Page(
            kind="rows", where=settings.path.name, data=data, first=line, done=done, size=size,
            context={**context, "has_header": "true" if line == 1 else "false"},
            position={"offset": offset, "line": after},
        )  # fmt: skip
        line = after


def parse(page: Page) -> Iterator[Event]:
    """The events of one piece; rows with too few or too many columns are problems."""
    header: list[str] = json.loads(page.context["header"])
    mapping: dict[str, Any] = json.loads(page.context["mapping"])
    table, misfits = _table(page, header)
    yield from misfits
    if table.num_rows:
        shaped, formats = _mapped(table, mapping)
        place = _Places(page, len(header))
        yield from as_events(shaped, mapping["noun"], where=page.where, place=place, formats=formats)


def template(noun: str) -> str:
    """A CSV with the header and one example row of a noun's shape."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SHAPES[noun])
    writer.writerow(field.example for field in SHAPES[noun].values())
    return out.getvalue()


def _header(text: str) -> tuple[list[str], str]:
    line = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=line.count)
    row = next(csv.reader([line], delimiter=separator), [])
    return [h.strip().strip("\ufeff") for h in row], separator


def _checked_mapping(settings: FileSettings, header: list[str]) -> dict[str, Any]:
    """The mapping as plain JSON; without one the header must be a shape's own."""
    if settings.mapping is None:
        names = {h.lower(): h for h in header}
        noun = noun_of(list(names))
        if noun is None:
            needs = "; ".join(
                f"{n}: {', '.join(c for c, f in s.items() if f.needed)}" for n, s in SHAPES.items()
            )
            hint = _(
                "A table needs these columns ({needs}), or a mapping: leumund import FILE --mapping MAP.toml"
            ).format(needs=needs)
            raise UnreadableFileError(settings.path, _("the columns fit none of the shapes"), hint=hint)
        return {"noun": noun, "columns": {c: names[c] for c in SHAPES[noun] if c in names}}
    mapping = dict(settings.mapping)
    noun = mapping.get("noun", "")
    if noun not in SHAPES:
        raise UsageError(_("mapping: noun must be one of {words}").format(words=", ".join(SHAPES)))
    columns = dict(mapping.get("columns", {}))
    if "network" in mapping and "network" in SHAPES[noun]:
        columns.setdefault("network", {"value": mapping["network"]})
    for ours, theirs in columns.items():
        if ours not in SHAPES[noun]:
            raise UsageError(_("mapping: “{noun}” has no column “{name}”").format(noun=noun, name=ours),
                             hint=", ".join(SHAPES[noun]))  # fmt: skip
        name = theirs.get("column") if isinstance(theirs, Mapping) else theirs
        if name is not None and name not in header:
            raise UsageError(
                _("mapping: the file has no column “{name}”").format(name=name), hint=", ".join(header)
            )
    missing = [c for c, f in SHAPES[noun].items() if f.needed and c not in columns]
    if missing:
        raise UsageError(_("mapping: these columns are needed too: {names}").format(names=", ".join(missing)))
    return {"noun": noun, "columns": columns, "words": mapping.get("words", {})}


def _table(page: Page, header: list[str]) -> tuple[pa.Table, list[Problem]]:
    """The piece as strings, without the rows that have other columns than the header: those are problems."""
    misfits: list[str] = []

    def misfit(row: pyarrow.csv.InvalidRow) -> str:
        misfits.append(row.text)
        return "skip"

    data = page.data.removeprefix(b"\xef\xbb\xbf")
    if not text_files.is_utf8(data):  # a stray byte further on than the first look reached
        data = data.decode("utf-8", "replace").encode()
    names = [f"c{i}" for i in range(len(header))]
    problems = []
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, skip_rows=1 if _has_header(page) else 0, use_threads=False,
                block_size=max(len(data) + 1, 1024),
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=page.context["separator"], newlines_in_values=True, invalid_row_handler=misfit,
                ignore_empty_lines=True,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            problems.append(Problem(where=f"{page.where}:{page.first}", message=str(error).split("\n")[0]))
        table = pa.table({n: pa.array([], pa.string()) for n in names})
    if misfits:
        for line, row in _records(page):
            if row and len(row) != len(header):
                message = _("{found} columns instead of {wanted}").format(found=len(row), wanted=len(header))
                excerpt = page.context["separator"].join(row)[:80]
                problems.append(Problem(where=f"{page.where}:{line}", message=message, excerpt=excerpt))
    return table.rename_columns(_unique(header)), problems


def _has_header(page: Page) -> bool:
    return page.context["has_header"] == "true"


def _records(page: Page) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line it begins on, read slowly: for telling where a problem is."""
    text = page.data.decode("utf-8", "replace").removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=page.context["separator"])
    line = page.first
    for number, row in enumerate(reader):
        if number or not _has_header(page):
            yield line, row
        line = page.first + reader.line_num


class _Places:
    """The line of each row that was read, found only when a problem asks for it."""

    def __init__(self, page: Page, columns: int) -> None:
        self._page, self._columns = page, columns
        self._lines: list[int] | None = None

    def __call__(self, index: int) -> int:
        if self._lines is None:
            self._lines = [line for line, row in _records(self._page) if len(row) == self._columns]
        return self._lines[index] if index < len(self._lines) else self._page.first


def _unique(header: list[str]) -> list[str]:
    """The names, repeated ones told apart by their place."""
    return [h if header.index(h) == i else f"{h}.{i + 1}" for i, h in enumerate(header)]


def _mapped(table: pa.Table, mapping: Mapping[str, Any]) -> tuple[pa.Table, dict[str, str]]:
    """The table in our column names, and the time formats of the mapping."""
    columns: dict[str, Any] = {}
    formats: dict[str, str] = {}
    for ours, theirs in mapping["columns"].items():
        rule = theirs if isinstance(theirs, Mapping) else {"column": theirs}
        whole = pa.repeat(str(rule.get("value", "")), table.num_rows)
        column = table[rule["column"]] if "column" in rule else whole
        if words := mapping.get("words", {}).get(ours):
            for word, meaning in words.items():
                column = pc.if_else(pc.equal(column, word), meaning, column)
        if "format" in rule:
            formats[ours] = rule["format"]
        columns[ours] = column
    return pa.table(columns), formats


SOURCE = Source(
    name="csv",
    title=N_("CSV tables in the documented shapes (also .gz), or any table with a mapping file"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("Whatever stands in it: accounts, posts, acts, customers, hours, costs, goals."),),
    cannot_tell=(N_("Whether it is complete: a file does not say what is missing from it."),),
    reference="leumund csv-template NOUN",
)
