"""Adding a batch: find what is new, write it, and commit it together with the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from leumund.ids import account_key, network_of
from leumund.store import erasures, segments, session
from leumund.store.batch import Batch, statement_row
from leumund.store.register import Register, as_us
from leumund.store.schema import TABLES, UNDATED, Table


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
            con.execute("drop table if exists fresh")
        with register.transaction() as db:
            for name, parts in written.items():
                for part in parts:
                    register.add_segment(
                        at=at, tbl=name, month=part.month, path=part.path, rows=part.rows,
                        revisions=part.revisions, bytes=part.bytes, min_at=part.min_at, max_at=part.max_at,
                        min_known=part.min_known, max_known=part.max_known, **{"import": import_id},
                    )  # fmt: skip
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
    """Make table `fresh` of the rows that the lab does not have; gives their number.

    Compared only with segments whose span of time overlaps the batch's (an event keeps its time)
    and, for rows without an exact time, with all such rows. Undated times say only "at the latest
    then", so their spans say nothing.
    """
    shape = TABLES[name]
    columns = segments.column_list(name)
    con.register("arrived", table)
    con.execute(
        f"""create or replace temp table fresh as select {columns}, false as revision,
            {shape.identity} as identity, {shape.content} as content from arrived"""
    )
    con.unregister("arrived")
    con.execute(
        "create or replace temp table twice as select identity from fresh group by identity having count(*) > 1"
    )
    con.execute(
        """delete from fresh where rowid in (select rowid from fresh where identity in (from twice)
           qualify row_number() over (partition by identity order by exact desc, content desc) > 1)"""
    )
    (row,) = con.execute(
        """select epoch_us(min(happened_at) filter (exact)), epoch_us(max(happened_at) filter (exact)),
           coalesce(bool_or(not exact), false) from fresh"""
    ).fetchall()
    low, high, undated = row
    rivals = register.segments(name, overlapping=(low, high)) if low is not None else []
    rivals = [s for s in rivals if s.month != UNDATED]
    if undated:
        rivals += register.segments(name, month=UNDATED)
    if rivals:
        there = session.files([folder / s.path for s in rivals])
        con.execute(
            f"""create or replace temp table met as
                select identity, arg_max(content, known_at) as newest from
                (select {shape.identity} as identity, {shape.content} as content, known_at from read_parquet({there}))
                where identity in (select identity from fresh) group by identity"""
        )
        con.execute(
            "delete from fresh using met where fresh.identity = met.identity and fresh.content = met.newest"
        )
        con.execute("update fresh set revision = true from met where fresh.identity = met.identity")
    (count,) = con.execute("select count(*) from fresh").fetchone() or (0,)
    return int(count)


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
