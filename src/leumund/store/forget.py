"""Forgetting an account: its rows, its name, and its handle in the texts of others, everywhere in a lab."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from leumund.store import erasures, segments, session
from leumund.store.register import Register, Segment, as_us
from leumund.store.schema import TABLES, Table


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: accounts (URIs), segments rewritten, rows gone."""

    accounts: tuple[str, ...]
    segments: int
    rows: int
    files_left: tuple[str, ...]


def related(register: Register, key: int) -> set[int]:
    """An account with all its aliases, and all other accounts of the person it belongs to with theirs."""
    db = register.db
    one = _aliases(register, key)
    people = f"select person from person_account where account in {_in(one)}"
    others = db.execute(f"select account from person_account where person in ({people})").fetchall()
    return one.union(*(_aliases(register, row[0]) for row in others))


def _aliases(register: Register, key: int) -> set[int]:
    db = register.db
    row = db.execute("select canonical from alias where key = ?", (key,)).fetchone()
    head = row[0] if row else key
    return {head, key, *(r[0] for r in db.execute("select key from alias where canonical = ?", (head,)))}


def forget(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, keys: set[int], *, at: datetime
) -> Forgotten:
    """Erase these accounts; a keyed hash alone remains, so that they stay away from later imports.

    Segments in which they stand are written anew and swapped in one transaction; the old files are
    deleted at once and lab.sqlite is vacuumed (its deleted pages are overwritten, secure_delete).
    """
    hashing_key = erasures.read_key(make=True)
    assert hashing_key is not None
    rows = register.accounts(keys)
    uris = {row["uri"] for row in rows.values()}
    handles = {row["handle"] for row in rows.values() if row["handle"]}
    pattern = _pattern(uris, handles, {row["url"] for row in rows.values() if row["url"]})
    changed: list[Segment] = []
    written: list[tuple[Table, segments.Written]] = []
    gone = 0
    try:
        for name in TABLES:
            for segment in register.segments(name):
                if not _concerned(con, folder, name, segment, keys, pattern):
                    continue
                changed.append(segment)
                con.execute(
                    f"create or replace temp table cleaned as {_cleaned(folder, name, segment, keys, pattern)}"
                )
                parts = segments.write(
                    con, folder, name, "cleaned", columns=segments.column_list(name), order=TABLES[name].order
                )
                con.execute("drop table cleaned")
                written += [(name, part) for part in parts]
                gone += segment.rows - sum(part.rows for part in parts)
        facts = _facts_of(register, {s.id for s in changed})
        with register.transaction() as db:
            for name, part in written:
                register.add_segment(
                    at=at, tbl=name, month=part.month, path=part.path, rows=part.rows, revisions=part.revisions,
                    bytes=part.bytes, min_at=part.min_at, max_at=part.max_at, min_known=part.min_known,
                    max_known=part.max_known,
                )  # fmt: skip
            register.retire([s.id for s in changed] + [s.id for s in facts], at)
            _forget_in_register(register, keys, pattern)
            db.executemany(
                "insert or ignore into erasure values (?, ?)",
                [(erasures.fingerprint(uri, hashing_key), as_us(at)) for uri in uris],
            )
    except BaseException:
        segments.discard(folder, [part.path for _, part in written])
        raise
    retired = register.retired()  # older ones too: they may hold the account as well
    left = segments.discard(folder, [path for _, path, _ in retired if not path.startswith("none/")])
    with register.transaction() as db:
        db.executemany(
            "delete from segment where id = ?", [(i,) for i, path, _ in retired if path not in left]
        )
    for copy in folder.glob(
        "lab.before-*.sqlite"
    ):  # made before a migration; it holds what is to be forgotten
        copy.unlink()
    register.db.execute("vacuum")
    register.db.execute("pragma wal_checkpoint(truncate)")
    return Forgotten(tuple(sorted(uris)), len(changed), gone, tuple(left))


def _pattern(uris: set[str], handles: set[str], urls: set[str]) -> str:
    """A regular expression (RE2) for every way of writing these accounts, and what may follow."""
    written = erasures.ways_of_writing(uris) | {"@" + h.lstrip("@") for h in handles} | urls
    ways = "|".join(sorted((re.escape(w) for w in written), key=lambda w: (-len(w), w)))
    return rf"(?i)(?:{ways})($|[^\w-])"


def _in(keys: set[int]) -> str:
    return "(" + ", ".join(str(k) for k in sorted(keys)) + ")"


_TEXTS: dict[Table, tuple[str, ...]] = {
    "posts": ("text", "reply_to", "quote_of", "url"),
    "acts": ("act", "post", "via"),
    "sightings": (),
    "deletions": ("subject",),
}


def _concerned(
    con: duckdb.DuckDBPyConnection, folder: Path, name: Table, segment: Segment, keys: set[int], pattern: str
) -> bool:
    shape = TABLES[name]
    tests = [f"{c} in {_in(keys)}" for c in shape.accounts]
    tests += [f"regexp_matches({c}, $pattern)" for c in _TEXTS[name]]
    if name == "posts":
        tests.append("list_has_any(mentions, [" + ", ".join(str(k) for k in sorted(keys)) + "]::BIGINT[])")
    where = " or ".join(f"coalesce({t}, false)" for t in tests)
    parameters = {"pattern": pattern} if _TEXTS[name] else {}
    query = f"select count(*) from read_parquet({session.quoted(folder / segment.path)}) where {where}"
    (count,) = con.execute(query, parameters).fetchone() or (0,)
    return bool(count)


def _cleaned(folder: Path, name: Table, segment: Segment, keys: set[int], pattern: str) -> str:
    shape = TABLES[name]
    said = session.quoted(pattern)
    columns = []
    for column in shape.columns:
        if name == "posts" and column == "text":
            columns.append(f"regexp_replace(text, {said}, '{erasures.MASK}\\1', 'g') as text")
        elif name == "posts" and column == "mentions":
            columns.append(f"list_filter(mentions, lambda x: x not in {_in(keys)}) as mentions")
        elif name == "posts" and column == "reply_to_account":
            columns.append(
                f"case when reply_to_account not in {_in(keys)} then reply_to_account end as reply_to_account"
            )
        elif column in _TEXTS[name] and name != "deletions":
            columns.append(
                f'case when not regexp_matches("{column}", {said}) then "{column}" end as "{column}"'
            )
        else:
            columns.append(f'"{column}"')
    whose = [c for c in shape.accounts if c != "reply_to_account"]
    keep = " and ".join(f"coalesce({c} not in {_in(keys)}, true)" for c in whose)
    if name == "deletions":
        keep += f" and not regexp_matches(subject, {said})"
    again = (
        f"row_number() over (partition by {shape.identity} order by known_at) > 1"
        if segment.revisions
        else "false"
    )
    source = f"read_parquet({session.quoted(folder / segment.path)})"
    return f"select {', '.join(columns)}, {again} as revision from {source} where {keep}"


def _facts_of(register: Register, changed: set[int]) -> list[Segment]:
    """Everything derived from segments that were rewritten: it is computed anew when next needed."""
    return [s for s in register.all_segments() if s.inputs and set(json.loads(s.inputs)) & changed]


def _forget_in_register(register: Register, keys: set[int], pattern: str) -> None:
    db = register.db
    for table, column in (
        ("account", "key"),
        ("alias", "key"),
        ("alias", "canonical"),
        ("person_account", "account"),
    ):
        db.executemany(f"delete from {table} where {column} = ?", [(k,) for k in sorted(keys)])
    db.execute("delete from person where id not in (select person from person_account)")
    found = re.compile(pattern.replace("($|[^\\w-])", "(?![\\w-])"))
    for table, name, texts in (
        ("problem", "id", ("place", "message", "excerpt")),
        ("statement", "id", ("body",)),
        ("account", "key", ("bio", "name", "place")),
        ("import", "id", ("place",)),
    ):
        for row in db.execute(f"select {name}, {', '.join(texts)} from {table}").fetchall():
            for text in texts:
                if row[text] and found.search(row[text]):
                    db.execute(
                        f"update {table} set {text} = ? where {name} = ?",
                        (found.sub(erasures.MASK, row[text]), row[name]),
                    )
