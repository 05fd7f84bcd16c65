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
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import IncompleteTableError
from leumund.events import Event, Problem
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source, text_files
from leumund.sources.columns import as_events
from leumund.sources.shapes import SHAPES, nearest, noun_of

_COLUMNS = sorted({c for shape in SHAPES.values() for c in shape})
_STARTS = {f'{{"noun":{space}"{noun}"': noun for noun in SHAPES for space in ("", " ")}
_HEAD = 2**20
_LINES_TRIED = 20
_ROWS_AT_ONCE = 122_880
_BROKEN = (duckdb.Error, OSError, UnicodeDecodeError)  # the last where DuckDB's message ends within a letter


def recognise(path: Path) -> Found | None:
    """A file among whose first lines is a JSON object with a noun we know."""
    if not any(str(row.get("noun")) in SHAPES for row in _first_rows(path)):
        return None
    return Found(sure=0.95, what=_("JSON lines: one event a line"))


def lacks(path: Path) -> IncompleteTableError | None:
    """What the lines of a file lack that are nearly in one of our shapes; None where they are no such lines."""
    for row in _first_rows(path):
        names = list(row)
        if noun := noun_of(names):
            missing, hint = ["noun"], _('Write "noun": "{noun}" into every line.').format(noun=noun)
        elif near := nearest(names):
            noun, missing = near
            hint = _("This shows what a line needs besides its noun: leumund csv-template {noun} --explain")
            missing = [*(["noun"] if row.get("noun") != noun else []), *missing]
        else:
            continue
        return IncompleteTableError(path, noun, missing, hint=hint.format(noun=noun))
    return None


def _first_rows(path: Path) -> Iterator[dict[str, object]]:
    """The objects among the first lines of a file."""
    text = text_files.head(path)
    if text is None or not text.lstrip().startswith("{"):
        return
    if "\n" not in text.lstrip():  # a long first line
        text = text_files.head(path, _HEAD) or ""
    for line in [line for line in text.split("\n") if line.strip()][:_LINES_TRIED]:
        try:
            yield msgspec.json.decode(line, type=dict[str, object])
        except (msgspec.DecodeError, RecursionError):
            continue


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Pieces of whole lines. Position: offset in bytes and number of the next line."""
    start, line = (int(cursor["offset"] or 0), int(cursor["line"] or 1)) if cursor else (0, 1)
    for data, offset, done, size in text_files.pieces(settings.path, start=start, pass_over=True):
        after = line + text_files.lines_in(data)
        yield Page(
            kind=text_files.kind_of(data, "lines"), where=settings.path.name, data=data, first=line,
            position={"offset": offset, "line": after}, done=done, size=size,
        )  # fmt: skip
        line = after


def parse(page: Page) -> Iterator[Event]:
    """The events of one piece; a line that is no JSON object of a known noun is a problem."""
    if page.kind == text_files.TOO_LONG:
        yield text_files.too_long(page)
        return
    data = page.data.removeprefix(b"\xef\xbb\xbf")
    offsets = _offsets(data)
    count = len(offsets) - 1
    begun = _begun(data, offsets[:-1])
    table = pa.table(
        {
            "line": pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data)),
            "number": pa.array(np.arange(page.first, page.first + count)),
            "begun": pa.array(begun),
        }
    )
    flat = not _has_nested(data, count)
    for number, noun in enumerate(_STARTS.values()):
        if of_it := np.count_nonzero(begun == number):
            # Lines that begin with their noun, as ours do, need only that noun's columns looked for.
            where = "" if of_it == count else f"begun = {number}"
            yield from _events(table, where, page, noun, flat=flat)
    if begun.min() < 0:
        yield from _events(table, r"begun < 0 and not regexp_matches(line, '^\s*$')", page, "", flat=flat)


def _offsets(data: bytes) -> npt.NDArray[np.int32]:
    """Where each line begins, and where the last one ends."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    last = () if data.endswith(b"\n") else (len(data),)
    return np.concatenate(([0], ends, last)).astype(np.int32)


def _begun(data: bytes, begins: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """With which of `_STARTS` each line begins, -1 for none."""
    found = np.full(len(begins), -1, np.int8)
    starts = [(number, start.encode()) for number, start in enumerate(_STARTS)]
    for number, start in sorted(starts, key=lambda s: not data.startswith(s[1])):
        left = np.flatnonzero(found < 0)
        left = left[begins[left] <= len(data) - len(start)]
        if len(left):  # eight signs at a time, the last eight may overlap: each start is longer
            eights = np.ndarray(len(data) - 7, np.uint64, data, strides=(1,))
            same = np.ones(len(left), np.bool_)
            for place in (*range(0, len(start) - 7, 8), len(start) - 8):
                same &= eights[begins[left] + place] == np.frombuffer(start, np.uint64, 1, place)
            found[left[same]] = number
    return found


def _has_nested(data: bytes, count: int) -> bool:
    """Whether there may be a list or an object within one of these lines."""
    signs = np.frombuffer(data, np.uint8)
    return b"[" in data or int(np.count_nonzero(signs == ord("{"))) > count


def _events(table: pa.Table, where: str, page: Page, noun: str, *, flat: bool) -> Iterator[Event]:
    """The events of the lines for which `where` holds. noun: theirs if they are JSON, "" where each may have its own."""
    found, sound = _transformed(table, where, list(SHAPES[noun]) if noun else _COLUMNS)
    if noun and sound:
        yield from _of_noun(table, found.drop_columns("noun"), noun, page, flat=flat)
        return
    nouns = found["noun"].combine_chunks().dictionary_encode()
    for code, name in enumerate(nouns.dictionary.to_pylist()):
        only = len(nouns.dictionary) == 1 and not nouns.null_count
        part = found if only else found.filter(pc.equal(nouns.indices, code))
        if name in SHAPES:
            yield from _of_noun(table, part, name, page, flat=flat)
        else:
            yield from _unknown(table, part, page)
    if nouns.null_count:
        yield from _unknown(table, found.filter(pc.is_null(nouns.indices)), page)


def _of_noun(table: pa.Table, part: pa.Table, noun: str, page: Page, *, flat: bool) -> Iterator[Event]:
    fields = [c for c in SHAPES[noun] if c in part.column_names]
    nested = {} if flat else _nested(table, part, noun, page)
    yield from nested.values()
    if nested:
        part = part.filter(pc.invert(pc.is_in(part["number"], pa.array(nested, pa.int64()))))
    yield from as_events(part.select(fields), noun, where=page.where, place=_place(part["number"]))


def _nested(table: pa.Table, part: pa.Table, noun: str, page: Page) -> dict[int, Problem]:
    """Problems by line number: a list or an object stands where a text or a number belongs."""
    found: dict[int, Problem] = {}
    for name, field in SHAPES[noun].items():
        if field.type == "accounts" or name not in part.column_names or _is_empty(part[name]):
            continue
        maybe = pc.or_(pc.starts_with(part[name], "{"), pc.starts_with(part[name], "["))
        numbers = part["number"].filter(maybe)
        if len(numbers):
            with _engine().cursor() as con:
                con.register("lines", table.take(pc.subtract(numbers, page.first)))
                kinds = con.sql(
                    f"select number, json_extract_string(line, '$.{name}') from lines "
                    f"where json_type(line, '$.{name}') in ('OBJECT', 'ARRAY')"
                ).fetchall()
            message = _("{column}: a list or an object, not one value").format(column=name)
            for number, text in kinds:
                found[number] = Problem(where=f"{page.where}:{number}", message=message, excerpt=text[:80])
    return found


def _is_empty(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == len(column))


def _place(numbers: pa.ChunkedArray) -> Callable[[int], int]:
    return lambda index: int(numbers[index].as_py())


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _transformed(lines: pa.Table, where: str, columns: list[str]) -> tuple[pa.Table, bool]:
    """The columns of the lines for which `where` holds, as strings, with their numbers, and whether all of them are JSON.

    Where one is not, its columns are NULL.
    """
    shape = ", ".join(f'"{column}": "VARCHAR"' for column in ("noun", *columns))
    filtered = f"where {where}" if where else ""
    with _engine().cursor() as con:
        con.register("lines", lines)

        def transformed(line: str) -> pa.Table:
            query = f"select number, unnest(json_transform({line}, '{{{shape}}}')) from lines {filtered}"
            return con.sql(query).to_arrow_reader(_ROWS_AT_ONCE).read_all()

        try:
            return transformed("line"), True
        except _BROKEN:  # one line is no JSON: each is looked at first, a quarter slower
            return transformed("try_cast(line as JSON)"), False


def _fault(line: bytes) -> str:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        return str(error)
    return _("half a character (a lone surrogate) or the like")


def _excerpt(line: bytes) -> str:
    return line[:400].decode("utf-8", "replace").strip()[:80]


def _unknown(table: pa.Table, part: pa.Table, page: Page) -> Iterator[Problem]:
    """A problem for each line that is not JSON, or no object of a noun we know."""
    with _engine().cursor() as con:
        con.register("lines", table.take(pc.subtract(part["number"], page.first)))
        rows = con.sql("select number, encode(line), json_valid(line) from lines").fetchall()
    for number, line, valid in rows:
        if not valid:
            message = _("not JSON: {error}").format(error=_fault(line))
        elif line.lstrip().startswith(b"{"):
            message = _("“noun” must be one of {words}").format(words=", ".join(SHAPES))
        else:
            message = _("not a JSON object")
        yield Problem(where=f"{page.where}:{number}", message=message, excerpt=_excerpt(line))


SOURCE = Source(
    name="jsonl",
    title=N_("JSON lines in Leumund's own shapes (also .gz), as an export of a lab holds them"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("Whatever stands in it: accounts, posts, acts, customers, hours, costs, goals."),),
    cannot_tell=(N_("Whether it is complete: a file does not say what is missing from it."),),
    reference="leumund csv-template NOUN",
)
