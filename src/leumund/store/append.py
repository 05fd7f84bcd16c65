"""Adding a batch: find what is new, write it, and commit it together with the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from leumund.ids import account_key, network_of
from leumund.store import erasures, segments
from leumund.store.batch import Batch, statement_row
from leumund.store.register import Register, Segment, as_us
from leumund.store.schema import SCHEMA_VERSION, TABLES, UNDATED, Table, revised_mark

_A_DAY_US = 86_400 * 10**6


@dataclass(frozen=True, slots=True)
class Added:
    """What one commit did, in rows by table: new ones, ones already there, problems counted."""

    new: dict[str, int]
    known: dict[str, int]
    problems: int


def append(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    batch: Batch,
    *,
    at: datetime,
    source: str = "",
    fingerprint: str = "",
    import_id: int | None = None,
) -> Added:
    """Add what is new of a batch; all of it or nothing, together with the source's cursor.

    Raises:
        LabFullError, LabReadOnlyError: the lab is as it was before.
    """
    written: dict[Table, list[segments.Written]] = {}
    new: dict[str, int] = {}
    known: dict[str, int] = {}
    erasures.leave_out(register, batch)
    try:
        for name, table in batch.tables.items():
            fresh = _fresh(con, register, folder, name, table)
            new[name], known[name] = fresh, table.num_rows - fresh
            if fresh:
                written[name] = segments.write(con, folder, name, "fresh", columns=segments.column_list(name))
            con.unregister("arrived")
        with register.transaction() as db:
            for name, parts in written.items():
                for part in parts:
                    register.add_segment(
                        at=at, tbl=name, month=part.month, path=part.path, rows=part.rows,
                        revisions=part.revisions, bytes=part.bytes, min_at=part.min_at, max_at=part.max_at,
                        min_known=part.min_known, max_known=part.max_known, code=str(SCHEMA_VERSION),
                        **{"import": import_id},
                    )  # fmt: skip
                    if part.revisions:
                        register.put(revised_mark(name), "1")
            _register_accounts(register, batch)
            stated = [statement_row(s, as_us(at), as_us(s.happened_at)) for s in batch.statements]
            before = db.total_changes
            db.executemany("insert or ignore into statement values (?, ?, ?, ?, ?)", stated)
            if stated:
                new["statements"] = db.total_changes - before
                known["statements"] = len(stated) - new["statements"]
            if import_id is not None:
                _count(register, batch, import_id, new, known)
            if fingerprint:
                register.put_cursor(source, fingerprint, batch.position, at)
    except BaseException:
        segments.discard(folder, [w.path for parts in written.values() for w in parts])
        raise
    return Added(new, known, len(batch.problems))


def _fresh(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, name: Table, table: pa.Table
) -> int:
    """Make view `fresh` of the rows that the lab does not have; gives their number.

    Compared only with segments whose span of time comes within a day of the batch's (an event keeps its time)
    and with all rows without an exact time. Only identities are held; the rows themselves stay where they are.
    """
    shape = TABLES[name]
    numbered = table.append_column("row_number", pa.array(np.arange(table.num_rows)))
    con.register("arrived", numbered)
    con.execute(
        f"""create or replace temp table met as select row_number, {shape.identity} as identity,
            {shape.content} as content, exact, happened_at from {_one_name(con, register, name, "arrived")}"""
    )
    con.execute(
        """create or replace temp table dropped as select row_number from met
           where identity in (select identity from met group by identity having count(*) > 1)
           qualify row_number() over (partition by identity order by exact desc, row_number desc) > 1"""
    )
    con.execute("create or replace temp table revised as select 0 as row_number where false")
    if rivals := _rivals(con, register, name):
        there = segments.stored(folder, name, rivals)
        con.execute(
            f"""create or replace temp table known as select distinct identity, content from
                (select {shape.identity} as identity, {shape.content} as content
                 from {_one_name(con, register, name, there)})
                where identity in (select identity from met)"""
        )
        # what was known once in just this form is nothing new, however often a source tells it again
        con.execute(
            "insert into dropped select row_number from met semi join known using (identity, content)"
        )
        con.execute(
            """insert into revised select row_number from met semi join known using (identity)
               where row_number not in (from dropped)"""
        )
    con.execute(
        f"""create or replace temp view fresh as select {segments.column_list(name)},
            row_number in (from revised) as revision from arrived where row_number not in (from dropped)"""
    )
    ((dropped,),) = con.execute("select count(distinct row_number) from dropped").fetchall()
    return int(table.num_rows) - int(dropped)


def _one_name(con: duckdb.DuckDBPyConnection, register: Register, name: Table, relation: str) -> str:
    """A relation whose accounts stand under one key each, whichever of their URIs was told."""
    aliases = register.aliases()
    if not aliases:
        return relation
    rows = pa.table(
        {
            "key": pa.array(list(aliases), pa.int64()),
            "canonical": pa.array(list(aliases.values()), pa.int64()),
        }
    )
    con.register("alias_rows", rows)
    mapped = ", ".join(
        f'coalesce((select canonical from alias_rows where key = r."{c}"), r."{c}") as "{c}"'
        for c in TABLES[name].accounts
    )
    return f"(select * replace ({mapped}) from {relation} r)"


def _rivals(con: duckdb.DuckDBPyConnection, register: Register, name: Table) -> list[Segment]:
    """The segments that may hold one of the events in `met`."""
    ((low, high),) = con.execute(
        "select epoch_us(min(happened_at)), epoch_us(max(happened_at)) from met"
    ).fetchall()
    around = (
        (low - _A_DAY_US, high + _A_DAY_US) if low is not None else None
    )  # sources differ by seconds, or by zones
    found = register.segments(name, overlapping=around) if around else []
    dated = [s for s in found if s.month != UNDATED]
    undecided: list[Segment] = register.segments(name, month=UNDATED)
    return dated + undecided


def _register_accounts(register: Register, batch: Batch) -> None:
    db = register.db
    plain = [(k, a["uri"], a["network"]) for k, a in batch.accounts.items() if "seen_at" not in a]
    db.executemany("insert or ignore into account (key, uri, network) values (?, ?, ?)", plain)
    seen = [
        {
            "key": k,
            **dict.fromkeys(("handle", "name", "bio", "url", "place")),
            **a,
            "seen_at": as_us(a["seen_at"]),
        }
        for k, a in batch.accounts.items()
        if "seen_at" in a
    ]
    db.executemany(
        """insert into account (key, uri, network, handle, name, bio, url, place, seen_at, own)
           values (:key, :uri, :network, :handle, :name, :bio, :url, :place, :seen_at, :own)
           on conflict (key) do update set
             handle = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.handle, handle)
                      else coalesce(handle, excluded.handle) end,
             name = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.name, name)
                    else coalesce(name, excluded.name) end,
             bio = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.bio, bio)
                   else coalesce(bio, excluded.bio) end,
             url = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.url, url)
                   else coalesce(url, excluded.url) end,
             place = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.place, place)
                     else coalesce(place, excluded.place) end,
             seen_at = max(excluded.seen_at, coalesce(seen_at, 0)), own = max(own, excluded.own)""",
        seen,
    )
    for alias, uri in batch.aliases:
        join_aliases(register, alias, uri)


def join_aliases(register: Register, one: str, other: str) -> None:
    """Two URIs are one account from now on; the smaller key stands for both, whoever came first.

    To be called inside a transaction.
    """
    db = register.db
    keys = []
    for uri in (one, other):
        key = account_key(uri)
        db.execute(
            "insert or ignore into account (key, uri, network) values (?, ?, ?)", (key, uri, network_of(uri))
        )
        row = db.execute("select canonical from alias where key = ?", (key,)).fetchone()
        keys.append(row[0] if row else key)
    low, high = min(keys), max(keys)
    if low == high:
        return
    db.execute("update alias set canonical = ? where canonical = ?", (low, high))
    db.execute("insert or replace into alias values (?, ?)", (high, low))


def _count(
    register: Register, batch: Batch, import_id: int, new: dict[str, int], known: dict[str, int]
) -> None:
    db = register.db
    db.executemany(
        "insert or ignore into problem (import, place, message, excerpt, hint) values (?, ?, ?, ?, ?)",
        [(import_id, p.where, p.message, p.excerpt, p.hint) for p in batch.problems],
    )
    db.execute(
        "update import set new = new + ?, known = known + ?, problems = problems + ? where id = ?",
        (sum(new.values()), sum(known.values()), len(batch.problems), import_id),
    )
