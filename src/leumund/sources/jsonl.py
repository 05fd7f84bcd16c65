"""JSON lines: one event a line, in the documented shapes, as `leumund export` writes them.

Each line is an object whose "noun" says what it is ("post", "act", "account", "customer" ...) and whose
other names are the columns of that shape (`leumund csv-template NOUN`). Nouns may be mixed.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    lines = _lines(page.data)
    numbers = pa.array(np.arange(page.first, page.first + len(lines)), pa.int64())
    left = pa.table({"line": lines, "number": numbers})
    for noun in SHAPES:  # lines that begin with their noun, as ours do, need only that noun's columns looked for
        mine = pc.or_(pc.starts_with(left["line"], f'{{"noun":"{noun}"'), pc.starts_with(left["line"], f'{{"noun": "{noun}"'))
        if pc.any(mine).as_py():
            whole = pc.all(mine).as_py()
            part = left if whole else left.filter(mine)
            left = left.slice(0, 0) if whole else left.filter(pc.invert(mine))
            yield from _events(part, page, list(SHAPES[noun]))
    left = left.filter(pc.invert(pc.match_substring_regex(left["line"], r"^\s*$")))
    if left.num_rows:
        yield from _events(left, page, _COLUMNS)


def _events(lines: pa.Table, page: Page, columns: list[str]) -> Iterator[Event]:
    try:
        table = _transformed(lines, columns)
    except duckdb.Error:  # some line is not even JSON: look at each
        good, problems = _checked(lines, page)
        yield from problems
        table = _transformed(lines.filter(good), columns)
    nouns = table["noun"].combine_chunks().dictionary_encode()
    for code, noun in enumerate(nouns.dictionary.to_pylist()):
        part = table if len(nouns.dictionary) == 1 and not nouns.null_count else table.filter(pc.equal(nouns.indices, code))
        if noun in SHAPES:
            fields = [c for c in SHAPES[noun] if c in part.column_names]
            yield from as_events(part.select(fields), noun, where=page.where, numbers=part["number"].combine_chunks())
        else:
            yield from _unknown(part, page, noun)
    if nouns.null_count:
        yield from _unknown(table.filter(pc.is_null(nouns.indices)), page, None)


def _lines(data: bytes) -> pa.Array:
    """The lines as an Arrow array over the same bytes: nothing is copied."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets.tobytes()), pa.py_buffer(data))


def _transformed(lines: pa.Table, columns: list[str]) -> pa.Table:
    kinds = {c: '["VARCHAR"]' if c in _LISTS else '"VARCHAR"' for c in ("noun", *columns)}
    shape = ", ".join(f'"{column}": {kind}' for column, kind in kinds.items())
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("lines", lines)
        query = f"select number, unnest(json_transform(line::JSON, '{{{shape}}}')) from lines"
        return con.sql(query).to_arrow_table()


def _checked(lines: pa.Table, page: Page) -> tuple[pa.Array, list[Problem]]:
    good, problems = [], []
    for number, line in zip(lines["number"].to_pylist(), lines["line"].cast(pa.binary()).to_pylist(), strict=True):
        fault = None
        if line.strip():
            try:
                msgspec.json.decode(line, type=dict[str, object])
                line.decode()
            except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
                fault = _("not a JSON object: {error}").format(error=error)
        good.append(fault is None)
        if fault:
            problems.append(Problem(where=f"{page.where}:{number}", message=fault, excerpt=line[:80].decode("utf-8", "replace")))
    return pa.array(good, pa.bool_()), problems


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
