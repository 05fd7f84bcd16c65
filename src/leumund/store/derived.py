"""Facts kept beside the events: computed once per post, thrown away when their input or rules change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from leumund.errors import LabError
from leumund.facts import Derived, Fact
from leumund.ids import account_key, network_of
from leumund.store import erasures, segments, session
from leumund.store.register import Register, Segment

NETWORK = "network"
"""The folder in the lab's where a network's sums are kept (`leumund.network`): accounts stand in them."""
_POSTS_AT_ONCE = 250_000


def missing(register: Register, fact: Fact) -> list[Segment]:
    """The segments of posts for which this fact has not been computed with today's rules."""
    done: set[int] = set()
    for segment in register.segments(fact.name):
        if segment.code == fact.version:
            done.update(json.loads(segment.inputs or "[]"))
    return [s for s in register.segments("posts") if s.id not in done]


def bring_up_to_date(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    fact: Fact,
    *,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Compute a fact for all posts that lack it; gives the number of rows made.

    Each group of segments is committed by itself, so an interrupted run goes on where it stopped.
    progress: called with (posts done, posts in all).
    """
    _drop_stale(register, fact, at)
    todo = missing(register, fact)
    total, done, made = sum(s.rows for s in todo), 0, 0
    while todo:
        group = [todo.pop(0)]
        while todo and sum(s.rows for s in group) + todo[0].rows <= _POSTS_AT_ONCE:
            group.append(todo.pop(0))
        made += _compute(con, register, folder, fact, group, at)
        done += sum(s.rows for s in group)
        if progress:
            progress(done, total)
    return made


def _compute(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    fact: Fact,
    group: list[Segment],
    at: datetime,
) -> int:
    paths = session.files([folder / s.path for s in group])
    posts = con.sql(f"select * from read_parquet({paths}) where {fact.wanted}").to_arrow_table()
    for column, uri in (("account", "author_uri"), ("reply_to_account", "reply_to_uri")):
        keys = posts[column].to_pylist()
        uris = register.uris(k for k in set(keys) if k is not None)
        posts = posts.append_column(uri, pa.array([uris.get(k) for k in keys], pa.string()))
    derived = _without_erased(register, fact, fact.derive(posts))
    con.register("derived_rows", derived.rows)
    columns = ", ".join(f'"{c}"::{kind} as "{c}"' for c, kind in fact.columns.items())
    con.execute(
        f"create or replace temp table facts as select {columns}, false as revision from derived_rows"
    )
    con.unregister("derived_rows")
    written = segments.write(
        con, folder, fact.name, "facts", columns=", ".join(f'"{c}"' for c in fact.columns)
    )
    con.execute("drop table facts")
    inputs = json.dumps([s.id for s in group])
    try:
        with register.transaction() as db:
            db.executemany(
                "insert or ignore into account (key, uri, network) values (?, ?, ?)",
                [(account_key(u), u, network_of(u)) for u in derived.accounts],
            )
            for part in written:
                register.add_segment(
                    at=at, tbl=fact.name, month=part.month, path=part.path, rows=part.rows, revisions=0,
                    bytes=part.bytes, min_at=part.min_at, max_at=part.max_at, min_known=part.min_known,
                    max_known=part.max_known, inputs=inputs, code=fact.version,
                )  # fmt: skip
            if not written:  # nothing found is a finding too: not to be looked for again
                register.add_segment(
                    at=at, tbl=fact.name, month="none", path=f"none/{fact.name}/{group[0].id}-{fact.version}-{at:%s%f}",
                    rows=0, revisions=0, bytes=0, min_at=2**62, inputs=inputs, code=fact.version,
                )  # fmt: skip
    except BaseException:
        segments.discard(folder, [w.path for w in written])
        raise
    return len(derived.rows)


def _without_erased(register: Register, fact: Fact, derived: Derived) -> Derived:
    """What was derived, without accounts that were erased: a text may name one in a way not foreseen."""
    try:
        erased = erasures.erased_among(register, derived.accounts)
    except LabError:  # without the key nobody can tell; the import that needs it says so
        return derived
    if not erased:
        return derived
    keys = {account_key(uri) for uri in erased}
    rows = derived.rows
    for column in fact.account_lists:
        kept = [[k for k in found or [] if k not in keys] for found in rows[column].to_pylist()]
        place = rows.column_names.index(column)
        rows = rows.set_column(place, column, pa.array(kept, pa.list_(pa.int64())))
    return Derived(rows=rows, accounts=tuple(a for a in derived.accounts if a not in erased))


def _drop_stale(register: Register, fact: Fact, at: datetime) -> None:
    """Retire what was made by other rules or from segments that are no more."""
    living = {s.id for s in register.segments("posts")}
    stale = [
        s.id
        for s in register.segments(fact.name)
        if s.code != fact.version or not set(json.loads(s.inputs or "[]")) <= living
    ]
    if stale:
        with register.transaction():
            register.retire(stale, at)
