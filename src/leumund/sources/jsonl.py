"""JSON lines: one event a line, in the documented shapes, as `leumund export` writes them.

Each line is an object whose "noun" says what it is ("post", "act", "account", "customer" ...) and whose
other names are the columns of that shape (`leumund csv-template NOUN`). Nouns may be mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import Event, Problem
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source, text_files
from leumund.sources.shapes import SHAPES, as_events

_COLUMNS = sorted({c for shape in SHAPES.values() for c in shape})
_STARTS = {f'{{"noun":{space}"{noun}"': noun for noun in SHAPES for space in ("", " ")}
_LONGEST_START = max(map(len, _STARTS))
_LISTS = {c for shape in SHAPES.values() for c, f in shape.items() if f.type == "accounts"}


def recognise(path: Path) -> Found | None:
    """A file whose first lines are JSON objects with a noun we know."""
    if not path.is_file() or not (text := text_files.head(path, 20_000)):
        return None
    line = next((part for part in text.splitlines() if part.strip()), "")
    try:
        first = msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    if first.get("noun") not in SHAPES:
        return None
    return Found(sure=0.95, what=_("JSON lines: one event a line"))


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Pieces of whole lines. Position: offset in bytes and number of the next line."""
    start, line = (int(cursor["offset"] or 0), int(cursor["line"] or 1)) if cursor else (0, 1)
    for data, offset, done, size in text_files.pieces(settings.path, start=start):
        after = line + data.count(b"\n")
        yield Page(
            kind="lines", where=settings.path.name, data=data, first=line,
            position={"offset": offset, "line": after}, done=done, size=size,
        )  # fmt: skip
        line = after


def parse(page: Page) -> Iterator[Event]:
    """The events of one piece; a line that is no JSON object of a known noun is a problem."""
    lines = _lines(
        page.data if text_files.is_utf8(page.data) else page.data.decode("utf-8", "replace").encode()
    )
    table = pa.table({"line": lines, "number": np.arange(page.first, page.first + len(lines))})
    starts = pc.unique(pc.binary_slice(lines.cast(pa.binary()), 0, _LONGEST_START)).to_pylist()
    plain = [s for s in _STARTS if any(start.startswith(s.encode()) for start in starts)]
    for (
        start
    ) in plain:  # lines that begin with their noun, as ours do, need only that noun's columns looked for
        yield from _events(table, f"starts_with(line, '{start}')", page, list(SHAPES[_STARTS[start]]))
    if any(not start.startswith(tuple(s.encode() for s in plain)) for start in starts):
        others = "".join(f"not starts_with(line, '{s}') and " for s in plain)
        yield from _events(table, f"{others} not regexp_matches(line, '^\\s*$')", page, _COLUMNS)


def _events(table: pa.Table, where: str, page: Page, columns: list[str]) -> Iterator[Event]:
    try:
        found = _transformed(table, where, columns)
    except duckdb.Error:  # some line is not even JSON: look at each
        good, problems = _checked(table, where, page)
        yield from problems
        found = _transformed(good, "true", columns)
    nouns = found["noun"].combine_chunks().dictionary_encode()
    for code, noun in enumerate(nouns.dictionary.to_pylist()):
        only = len(nouns.dictionary) == 1 and not nouns.null_count
        part = found if only else found.filter(pc.equal(nouns.indices, code))
        if noun in SHAPES:
            fields = [c for c in SHAPES[noun] if c in part.column_names]
            yield from as_events(part.select(fields), noun, where=page.where, place=_place(part["number"]))
        else:
            yield from _unknown(part, page, noun)
    if nouns.null_count:
        yield from _unknown(found.filter(pc.is_null(nouns.indices)), page, None)


def _place(numbers: pa.ChunkedArray) -> Callable[[int], int]:
    return lambda index: int(numbers[index].as_py())


def _lines(data: bytes) -> pa.Array:
    """The lines as an Arrow array over the same bytes: nothing is copied."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets.tobytes()), pa.py_buffer(data))


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _transformed(lines: pa.Table, where: str, columns: list[str]) -> pa.Table:
    """The columns of the lines for which `where` holds, as strings, with their numbers."""
    kinds = {c: '["VARCHAR"]' if c in _LISTS else '"VARCHAR"' for c in ("noun", *columns)}
    shape = ", ".join(f'"{column}": {kind}' for column, kind in kinds.items())
    with _engine().cursor() as con:
        con.register("lines", lines)
        query = f"select number, unnest(json_transform(line::JSON, '{{{shape}}}')) from lines where {where}"
        return con.sql(query).to_arrow_table()


def _checked(lines: pa.Table, where: str, page: Page) -> tuple[pa.Table, list[Problem]]:
    """The lines that are JSON objects, and a problem for each other one."""
    with _engine().cursor() as con:
        con.register("lines", lines)
        table = con.sql(f"select line::BLOB as line, number from lines where {where}").to_arrow_table()
    good, problems = [], []
    for number, line in zip(table["number"].to_pylist(), table["line"].to_pylist(), strict=True):
        try:
            msgspec.json.decode(line, type=dict[str, object])
            good.append(True)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            good.append(False)
            fault = _("not a JSON object: {error}").format(error=error)
            problems.append(
                Problem(
                    where=f"{page.where}:{number}",
                    message=fault,
                    excerpt=line[:80].decode("utf-8", "replace").strip(),
                )
            )
    kept = table.filter(pa.array(good, pa.bool_()))
    return kept.set_column(0, "line", kept["line"].cast(pa.string())), problems


def _unknown(table: pa.Table, page: Page, noun: str | None) -> Iterator[Problem]:
    for number in table["number"].to_pylist():
        message = _("“noun” must be one of {words}").format(words=", ".join(SHAPES))
        yield Problem(where=f"{page.where}:{number}", message=message, excerpt=noun or "")


SOURCE = Source(
    name="jsonl",
    title=N_("JSON lines in Leumund's own shapes (also .gz), as `leumund export` writes them"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("Whatever stands in it: accounts, posts, acts, customers, hours, costs, goals."),),
    cannot_tell=(N_("Whether it is complete: a file does not say what is missing from it."),),
    reference="leumund csv-template NOUN",
)
