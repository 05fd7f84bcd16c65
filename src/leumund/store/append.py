"""Adding a batch: find what is new, write it, and commit it together with the cursor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.ids import account_key, network_of
from leumund.store import erasures, people, segments
from leumund.store.aliases import join_all
from leumund.store.batch import DESCRIBED, Batch, statement_row
from leumund.store.marks import MARKS
from leumund.store.register import Register, Segment, as_us
from leumund.store.schema import SCHEMA_VERSION, TABLES, UNDATED, Table, revised_mark

_A_DAY_US = 86_400 * 10**6


@dataclass(frozen=True, slots=True)
class Added:
    """What one commit did, in rows by table: stored ones (changed: how many of these are new versions of known ones),
    ones already there; problems counted.
    """

    new: dict[str, int]
    known: dict[str, int]
    problems: int
    changed: dict[str, int] = field(default_factory=dict)


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
            fresh, revised = _fresh(con, register, folder, name, table)
            new[name], known[name] = fresh.num_rows, table.num_rows - fresh.num_rows
            if fresh.num_rows:
                written[name] = segments.write_fresh(folder, name, fresh, revised)
        with register.transaction():
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
            _state(register, batch, as_us(at), new, known)
            if import_id is not None:
                _count(register, batch, import_id, new, known)
            if fingerprint:
                register.put_cursor(source, fingerprint, batch.position, at)
    except BaseException:
        segments.discard(folder, [w.path for parts in written.values() for w in parts])
        raise
    changed = {name: sum(p.revisions for p in parts) for name, parts in written.items()}
    return Added(new, known, len(batch.problems), {name: n for name, n in changed.items() if n})


def _fresh(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, name: Table, table: pa.Table
) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """The rows that the lab does not have, and which of these are a new version of one that it has.

    Compared only with segments whose span of time comes within a day of the batch's (an event keeps its time)
    and with all rows without an exact time.
    """
    shape = TABLES[name]
    numbered = table.append_column("row_number", pa.array(np.arange(table.num_rows)))
    con.register("arrived", numbered)
    arrived = _one_name(con, register, name, "arrived")
    con.execute(
        f"create or replace temp table met as select row_number, {shape.identity} as identity from {arrived}"
    )
    met = con.execute("select row_number, identity from met").fetchnumpy()
    kept = _once(
        met["row_number"], met["identity"], table["exact"].to_numpy(), table["happened_at"].to_numpy()
    )
    revised = np.zeros(table.num_rows, np.bool_)
    rivals = _rivals(register, name, table["happened_at"])
    if rivals and (known := _known(con, register, folder, name, rivals)) is not None:
        con.register("arrived", numbered.take(met["row_number"][np.isin(met["identity"], known)]))
        both = con.execute(
            f"""select row_number, (identity, content) in (select (identity, content) from known) as same
                from (select row_number, {shape.identity} as identity, {shape.content} as content from {arrived})"""
        ).fetchnumpy()
        # what was known once in just this form is nothing new, however often a source tells it again
        kept[both["row_number"][both["same"]]] = False
        revised[both["row_number"]] = True
    con.unregister("arrived")
    if kept.all():
        return table, revised
    return table.filter(pa.array(kept)), revised[kept]


def _known(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, name: Table, rivals: list[Segment]
) -> npt.NDArray[np.uint64] | None:
    """Make table `known`: every form in which the events in `met` are known; gives their identities, None for none."""
    shape = TABLES[name]
    there = _one_name(con, register, name, segments.stored(folder, name, rivals))
    if name == "posts":  # reading all their texts is worth a look whether it is needed
        same = (
            f"select 1 from (select {shape.identity} as identity from {there}) semi join met using (identity)"
        )
        if not con.execute(f"{same} limit 1").fetchall():
            return None
    con.execute(
        f"""create or replace temp table known as select distinct identity, content
            from (select {shape.identity} as identity, {shape.content} as content from {there})
            where identity in (select identity from met)"""
    )
    found = con.execute("select identity from known").fetchnumpy()["identity"]
    return found if len(found) else None


def _once(
    rows: npt.NDArray[np.int64],
    identities: npt.NDArray[np.uint64],
    exact: npt.NDArray[np.bool_],
    at: npt.NDArray[np.datetime64],
) -> npt.NDArray[np.bool_]:
    """Which rows stay when each event is told once: of several the last, of these rather one with a certain time."""
    kept = np.ones(len(rows), np.bool_)
    ordered = np.sort(identities)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(several):
        met = np.flatnonzero(several[np.searchsorted(several[:-1], identities)] == identities)
        met = met[np.lexsort((rows[met], at[rows[met]], exact[rows[met]], identities[met]))]
        again = identities[met][1:] == identities[met][:-1]
        kept[rows[met[:-1][again]]] = False
    return kept


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


def _rivals(register: Register, name: Table, times: pa.ChunkedArray) -> list[Segment]:
    """The segments that may hold one of the events that happened at these times."""
    low, high = pc.min_max(times.cast(pa.int64())).as_py().values()
    around = (
        (low - _A_DAY_US, high + _A_DAY_US) if low is not None else None
    )  # sources differ by seconds, or by zones
    found = register.segments(name, overlapping=around) if around else []
    dated = [s for s in found if s.month != UNDATED]
    undecided: list[Segment] = register.segments(name, month=UNDATED)
    return dated + undecided


def _register_accounts(register: Register, batch: Batch) -> None:
    db = register.db
    # in the order of their keys, in which the register keeps them
    plain = sorted((k, a["uri"], a["network"]) for k, a in batch.accounts.items() if "seen_at" not in a)
    db.executemany("insert or ignore into account (key, uri, network) values (?, ?, ?)", plain)
    columns = ("uri", "network", *DESCRIBED, "seen_at", "own")
    seen = sorted(
        (k, *(a.get(column) for column in columns)) for k, a in batch.accounts.items() if "seen_at" in a
    )
    newest = ", ".join(
        f"""{column} = case when excluded.seen_at >= coalesce(seen_at, 0) then coalesce(excluded.{column}, {column})
            else coalesce({column}, excluded.{column}) end"""
        for column in DESCRIBED
    )
    db.executemany(
        f"""insert into account (key, {", ".join(columns)}) values (?{", ?" * len(columns)})
            on conflict (key) do update set {newest}, seen_at = max(excluded.seen_at, coalesce(seen_at, 0)),
            own = case when excluded.own then 1 else own end""",
        seen,
    )
    join_all(register, batch.aliases)


def _state(register: Register, batch: Batch, at_us: int, new: dict[str, int], known: dict[str, int]) -> None:
    """Keep what the owner states; a statement that has an id of its own may be told anew with other words."""
    db = register.db
    rows, links = [], []
    for statement in batch.statements:
        if statement.kind == "person":
            links.append(statement)
        else:
            rows.append((*statement_row(statement, at_us, as_us(statement.happened_at)), statement.statement))
    before = db.total_changes
    db.executemany(
        """insert into statement select ?1, ?2, ?3, ?4, ?5 where true on conflict (kind, id) do update
           set happened_at = ?3, known_at = ?4, body = ?5
           where ?6 is not null and (happened_at, body) is not (?3, ?5)""",
        rows,
    )
    if rows:
        new["statements"] = db.total_changes - before
        known["statements"] = len(rows) - new["statements"]
    marked = [uri for s in batch.statements if s.kind in MARKS and isinstance(uri := s.body.get(s.kind), str)]
    db.executemany(
        "insert or ignore into account (key, uri, network) values (?, ?, ?)",
        [(account_key(uri), uri, network_of(uri)) for uri in marked],
    )
    if links:
        taken = people.take_in(register, links)
        new["persons"], known["persons"] = taken.new, taken.known
        batch.problems.extend(taken.problems)


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
    if (span := _span(batch)) is not None:
        db.execute(
            """update import set first_at = min(coalesce(first_at, :first), :first),
               last_at = max(coalesce(last_at, :last), :last) where id = :id""",
            {"first": span[0], "last": span[1], "id": import_id},
        )


def _span(batch: Batch) -> tuple[int, int] | None:
    """From when to when what was told happened, as far as its time is known (microseconds since 1970)."""
    ends: list[int] = []
    for name in ("posts", "acts"):
        table = batch.tables.get(name)
        if table is not None:
            told = pc.min_max(table["happened_at"].filter(table["exact"]).cast(pa.int64())).as_py()
            ends += [v for v in told.values() if v is not None]
    return (min(ends), max(ends)) if ends else None
