"""Compaction: the many small segments of a month that is over become few, sorted by account.

What a compaction takes has a bound, however many rows the month has: it sorts in memory, and a row that lies in a segment
large enough is not written again. So all compactions together cost the same for each row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from leumund.store import segments
from leumund.store.register import Register, Segment
from leumund.store.schema import SCHEMA_VERSION, TABLES, UNDATED, Table

MOST_SEGMENTS = 8
"""A month that is over may consist of so many segments that are not large before they are compacted."""
MOST_SMALL = 64
SMALL_ROWS = 50_000
"""A month still running may have so many small segments: streams leave one every few seconds."""
MOST_ROWS = 1_000_000
"""So many rows become one segment at most."""
LARGE_ROWS = MOST_ROWS // 2
"""A segment of so many rows stays as it is."""


def due(register: Register, at: datetime, *, most: int = MOST_SEGMENTS) -> list[tuple[Table, list[Segment]]]:
    """The segments worth making one: those of a month that is over and has more than `most` that are not large; small
    ones of a month still running, when they are many.
    """
    now = f"{at:%Y-%m}"
    found: list[tuple[Table, list[Segment]]] = []
    for name in TABLES:
        months: dict[str, list[Segment]] = {}
        for segment in register.segments(name):
            months.setdefault(segment.month, []).append(segment)
        for month, pieces in sorted(months.items()):
            over = month < now or month == UNDATED
            some = [s for s in pieces if s.rows < (LARGE_ROWS if over else SMALL_ROWS)]
            if len(some) > (most if over else MOST_SMALL):
                found += [(name, those) for those in _side_by_side(some)]
    return found


def _side_by_side(pieces: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Groups of several, neighbours in time, of so many rows that each becomes one segment."""
    group: list[Segment] = []
    for piece in sorted(pieces, key=lambda s: (s.min_at or 0, s.id)):
        if group and sum(s.rows for s in group) + piece.rows > MOST_ROWS:
            if len(group) > 1:
                yield group
            group = []
        group.append(piece)
    if len(group) > 1:
        yield group


def compact(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    name: Table,
    old: Sequence[Segment],
    *,
    at: datetime,
) -> None:
    """Make one sorted segment of several of one month; readers see the old ones or the new one, never both.

    Every row stays, revisions too, so that old readings can be reproduced. The old files are swept
    later, when no reader can still hold them.
    """
    shape = TABLES[name]
    # which rows these are cannot be told here: what they are new versions of may lie in another segment
    revised = sum(s.revisions for s in old)
    con.execute(
        f"""create or replace temp view whole as select {segments.column_list(name)}, false as revision
            from {segments.stored(folder, name, old)}"""
    )
    written = segments.write(
        con, folder, name, "whole", columns=segments.column_list(name), order=shape.order
    )
    try:
        with register.transaction():
            new = [
                register.add_segment(
                    at=at, tbl=name, month=old[0].month, path=w.path, rows=w.rows, revisions=min(revised, w.rows), bytes=w.bytes,
                    min_at=w.min_at, max_at=w.max_at, min_known=w.min_known, max_known=w.max_known,
                    code=str(SCHEMA_VERSION),
                )
                for w in written
            ]  # fmt: skip
            register.retire([s.id for s in old], at)
            if name == "posts":
                _keep_facts(register, old, new)
    except BaseException:
        segments.discard(folder, [w.path for w in written])
        raise


def _keep_facts(register: Register, old: Sequence[Segment], new: list[int]) -> None:
    """What was derived from the old segments holds for the new ones, where it covered all of them."""
    gone = {s.id for s in old}
    rows = register.db.execute(
        "select id, tbl, code, inputs from segment where retired_at is null and inputs is not null"
    ).fetchall()
    covered: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        covered.setdefault((row["tbl"], row["code"]), set()).update(json.loads(row["inputs"]))
    for row in rows:
        inputs = set(json.loads(row["inputs"]))
        if inputs & gone and gone <= covered[row["tbl"], row["code"]]:
            kept = sorted((inputs - gone) | set(new))
            register.db.execute("update segment set inputs = ? where id = ?", (json.dumps(kept), row["id"]))
