"""Made-up files in the public row shape: JSON lines of mixed nouns, CSV of one noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.events import Rows
from leumund.simulate.stream import ORIGINALS, WITH_POST, Noun, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa


def write_jsonl(path: Path, n: int, seed: int) -> None:
    """Exactly n lines, one JSON object each with its "noun".

    Accounts first, then posts and acts, piece by piece in order of time.

    Fields that are not known are left out; times are ISO 8601 in UTC with a Z.
    """
    with path.open("wb") as file:
        for rows in _exactly(n, seed):
            lines = _as_json(rows).to_pylist()
            file.write(("\n".join(lines) + "\n").encode() if lines else b"")


def write_csv(path: Path, n: int, seed: int, noun: Noun = "act") -> None:
    """Exactly n rows of one noun under a header of its fields; not known is an empty cell.

    Accounts named in a post stand in one cell, separated by a space. Acts have a column count, always 1.
    """
    import pyarrow as pa
    import pyarrow.csv as pacsv

    writer, left = None, n
    acts = {"act": n, "account": 1, "post": 1 + n * WITH_POST * ORIGINALS // (WITH_POST + ORIGINALS)}[noun]
    for rows in stream(seed, acts=max(1, acts), accounts=max(2, n if noun == "account" else acts // 20)):
        if rows.noun != noun or not left:
            continue
        columns = {name: _plain(column) for name, column in _columns(rows.table.slice(0, left))}
        if noun == "act":
            columns["count"] = pa.array([1]).take(pa.array([0] * min(left, len(rows.table))))
        table = pa.table(columns)
        writer = writer or pacsv.CSVWriter(path, table.schema)
        writer.write_table(table)
        left -= len(table)
    if writer is not None:
        writer.close()


def _exactly(n: int, seed: int) -> Iterator[Rows]:
    """A stream cut to n rows in all."""
    left = n
    for rows in stream(seed, acts=max(1, n * 100 // 120), accounts=max(2, n // 40)):
        table = rows.table.slice(0, left)
        left -= len(table)
        if len(table):
            yield Rows(noun=rows.noun, table=table)


def _columns(table: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    for name in table.column_names:
        yield name, table[name].combine_chunks()


def _plain(column: pa.Array) -> pa.Array:
    """Times as ISO 8601 text, lists as words, numbers and texts as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        return pc.strftime(
            column.cast(pa.timestamp("us")).cast(pa.timestamp("s"), safe=False), "%Y-%m-%dT%H:%M:%SZ"
        )
    if pa.types.is_list(column.type):
        return pc.binary_join(column, " ")
    return column


def _as_json(rows: Rows) -> pa.Array:
    """One JSON text per row, put together column by column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for name, column in _columns(rows.table):
        if pa.types.is_list(column.type):
            inside = pc.binary_join(column, '","')
            value = pc.if_else(
                pc.equal(pc.list_value_length(column), 0),
                "[]",
                pc.binary_join_element_wise('["', inside, '"]', ""),
            )
        elif pa.types.is_boolean(column.type) or pa.types.is_integer(column.type):
            value = column.cast(pa.string())
        else:
            value = pc.binary_join_element_wise('"', _escaped(_plain(column), pc.replace_substring), '"', "")
        parts.append(pc.binary_join_element_wise(f',"{name}":', value, ""))
    head = f'{{"noun":"{rows.noun}"'
    return pc.binary_join_element_wise(head, *parts, "}", "", null_handling="replace", null_replacement="")


def _escaped(column: pa.Array, replace: Callable[[pa.Array, str, str], pa.Array]) -> pa.Array:
    return replace(replace(column, "\\", "\\\\"), '"', '\\"')
