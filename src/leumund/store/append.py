"""Adding a batch: find what is new, write it, and commit it together with the cursor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from leumund.ids import account_key, network_of
from leumund.store import erasures, people, segments
from leumund.store.aliases import join_all
from leumund.store.batch import DESCRIBED, Batch, statement_row
from leumund.store.marks import MARKS
from leumund.store.met import Identities, Met
from leumund.store.news import Aliases, new_of
from leumund.store.register import Register, as_us
from leumund.store.schema import SCHEMA_VERSION, Table, revised_mark


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
    met: Met,
    source: str = "",
    fingerprint: str = "",
    import_id: int | None = None,
) -> Added:
    """Add what is new of a batch; all of it or nothing, together with the source's cursor.

    met: what this writer remembers of the lab's segments.

    Raises:
        LabFullError, LabReadOnlyError: the lab is as it was before.
    """
    written: dict[Table, list[segments.Written]] = {}
    new: dict[str, int] = {}
    known: dict[str, int] = {}
    erasures.leave_out(register, batch)
    aliases = Aliases(register)
    identities: dict[Table, Identities] = {}
    try:
        for name, table in batch.tables.items():
            fresh, revised, identities[name] = new_of(
                con, register, folder, name, table, aliases=aliases, met=met
            )
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
    for name, parts in written.items():
        for part in parts:
            met.add(part.path, identities[name] if part.which is None else identities[name][part.which])
    changed = {name: sum(p.revisions for p in parts) for name, parts in written.items()}
    return Added(new, known, len(batch.problems), {name: n for name, n in changed.items() if n})


def _register_accounts(register: Register, batch: Batch) -> None:
    db = register.db
    # in the order of their keys, in which the register keeps them
    plain = [(k, uri, network_of(uri)) for k, uri in sorted(batch.named.items()) if k not in batch.accounts]
    db.executemany("insert or ignore into account (key, uri, network) values (?, ?, ?)", plain)
    columns = ("uri", "network", *DESCRIBED, "seen_at", "own")
    seen = [(k, *map(who.get, columns)) for k, who in sorted(batch.accounts.items(), key=itemgetter(0))]
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
    marked = [
        uri
        for s in batch.statements
        if s.kind in (*MARKS, "label", "thanks") and isinstance(uri := s.body.get(s.kind), str)
    ]
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
