"""Forgetting an account: its rows, its name, and its handle in the texts of others, everywhere in a lab."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from leumund.facts import all_facts
from leumund.ids import BadNameError, account_key, account_uri
from leumund.store import derived, erasures, runs, segments, session
from leumund.store.batch import content_number
from leumund.store.names import Names
from leumund.store.people import spellings
from leumund.store.register import Register, Segment, as_us
from leumund.store.said import SAID_BY_HAND
from leumund.store.schema import SCHEMA_VERSION, TABLES, Table

_UNFINISHED = "forgetting"
_PATIENCE_MS = 2000
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: accounts (URIs), segments rewritten, rows gone; said: of what the owner said, gone or masked."""

    accounts: tuple[str, ...]
    segments: int
    rows: int
    files_left: tuple[str, ...]
    said: int = 0
    unfinished: bool = False
    """Something still has to be overwritten, once other programs have closed the lab."""


def related(register: Register, key: int) -> set[int]:
    """An account with all its aliases, and all other accounts of the person it belongs to with theirs."""
    db = register.db
    one = set(spellings(register, key))
    people = f"select person from person_account where account in {_in(one)}"
    others = db.execute(f"select account from person_account where person in ({people})").fetchall()
    return one.union(*(spellings(register, row[0]) for row in others))


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is to be forgotten: URIs, and the addresses of their profiles that sources gave."""

    uris: frozenset[str]
    urls: frozenset[str] = frozenset()


def meant(register: Register, keys: set[int]) -> Meant:
    """What this register knows of these accounts, for another lab (a backup) that may know less."""
    rows = register.accounts(keys).values()
    handles = {uri for row in rows if (uri := _by_handle(register, row, keys))}
    return Meant(frozenset(r["uri"] for r in rows) | handles, frozenset(r["url"] for r in rows if r["url"]))


def _by_handle(register: Register, row: sqlite3.Row, keys: set[int]) -> str | None:
    """The name that an account's handle gives, such as that of a DID; None where it tells none or is another's now.

    A handle can be given up and taken by somebody else: it is hers only if nobody else was seen with it.
    """
    try:
        uri = account_uri(row["handle"] or "", row["network"])
    except BadNameError:
        return None
    others = register.db.execute(
        "select key, seen_at, lower(handle) as handle from account where key = ? or (network = ? and lower(handle) in (?, ?))",
        (account_key(uri), row["network"], bare := row["handle"].lstrip("@").lower(), "@" + bare),
    )
    taken = any(o["key"] not in keys and o["seen_at"] is not None for o in others)
    return None if taken else uri


def forget(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, who: Meant, *, at: datetime
) -> Forgotten:
    """Erase these accounts, and no others; a keyed hash alone remains, so that they stay away from later imports.

    Segments in which they stand are written anew and swapped in one transaction; the old files are
    deleted at once and lab.sqlite is vacuumed (its deleted pages are overwritten, secure_delete). What a
    kill or an open reader leaves of that is done by the next `finish`.

    Raises:
        LabError: the key to recognise erased accounts is missing or another one; nothing was changed.
    """
    hashing_key = erasures.key_for(register)
    keys = {account_key(uri) for uri in who.uris}
    names = Names(who.uris, who.urls, is_known=erasures.known_in(register))
    changed: list[Segment] = []
    written: list[tuple[Table, segments.Written]] = []
    gone = 0
    try:
        for name in TABLES:
            for segment in register.segments(name):
                _mask_texts(con, register, folder, name, segment, names)
                if not _concerned(con, folder, name, segment, keys, names.address):
                    continue
                changed.append(segment)
                con.execute(
                    f"create or replace temp table cleaned as {_cleaned(folder, name, segment, keys, names.address)}"
                )
                parts = segments.write(
                    con, folder, name, "cleaned", columns=segments.column_list(name), order=TABLES[name].order
                )
                con.execute("drop table cleaned")
                written += [(name, part) for part in parts]
                gone += segment.rows - sum(part.rows for part in parts)
        facts = _facts_of(con, register, folder, {s.id for s in changed}, keys)
        with register.transaction():
            for name, part in written:
                register.add_segment(
                    at=at, tbl=name, month=part.month, path=part.path, rows=part.rows, revisions=part.revisions,
                    bytes=part.bytes, min_at=part.min_at, max_at=part.max_at, min_known=part.min_known,
                    max_known=part.max_known, code=str(SCHEMA_VERSION),
                )  # fmt: skip
            register.retire([s.id for s in changed] + [s.id for s in facts], at)
            _forget_in_register(register, keys, names)
            said = _forget_statements(register, keys, names, hashing_key)
            runs.forget(register)
            erasures.remember(register, who.uris, hashing_key, as_us(at))
            # older retired ones too: they may hold the account as well
            register.put(_UNFINISHED, json.dumps([path for _, path, _ in register.retired()]))
    except BaseException:
        segments.discard(folder, [part.path for _, part in written])
        raise
    done = finish(register, folder)
    left = () if done else tuple(p for p in unfinished(register) if (folder / p).exists())
    return Forgotten(tuple(sorted(who.uris)), len(changed), gone, left, said=said, unfinished=not done)


def unfinished(register: Register) -> list[str]:
    """The files a forgetting still has to delete; also one that has only pages to overwrite is unfinished."""
    return list(json.loads(register.get(_UNFINISHED, "[]")))


def is_unfinished(register: Register) -> bool:
    """Whether files are to be deleted or pages to be overwritten since a forgetting was committed."""
    return bool(register.get(_UNFINISHED))


def finish(register: Register, folder: Path) -> bool:
    """Delete the files and overwrite the pages that a forgetting left; True when nothing remains to be done.

    To be called by the one writer; where nothing was left undone it does nothing.
    """
    if not is_unfinished(register):
        return True
    shutil.rmtree(folder / derived.NETWORK, ignore_errors=True)
    paths = set(unfinished(register))
    left = set(segments.discard(folder, sorted(p for p in paths if not p.startswith("none/"))))
    with register.transaction() as db:
        db.executemany(
            "delete from segment where retired_at is not null and path = ?", [(p,) for p in paths - left]
        )
    for copy in folder.glob("lab.before-*.sqlite"):  # made before a migration; it holds what is forgotten
        try:
            copy.unlink()
        except OSError:
            left.add(copy.name)
    if not _overwritten(register) or left:
        return False
    with register.transaction() as db:
        db.execute("delete from meta where name = ?", (_UNFINISHED,))
    return True


def _overwritten(register: Register) -> bool:
    """Vacuum, and empty the write-ahead log; False while another program reads from it."""
    db = register.db
    (patience,) = db.execute("pragma busy_timeout").fetchone()
    db.execute(f"pragma busy_timeout = {_PATIENCE_MS}")
    try:
        db.execute("vacuum")
        (busy, *_pages) = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        db.execute(f"pragma busy_timeout = {patience}")
    return not busy


def _mask_texts(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    name: Table,
    segment: Segment,
    names: Names,
) -> None:
    """Make table `masked`: the rows of a segment, by number, in whose texts they are named, with the new text."""
    numbers: list[int] = []
    texts: list[str] = []
    if name == "posts":
        source = f"read_parquet({session.quoted(folder / segment.path)}, file_row_number = true)"
        query = f"select file_row_number, text, network, account from {source} where regexp_matches(text, $perhaps)"
        with con.cursor() as reader:
            reader.execute(query, {"perhaps": names.perhaps})
            while rows := reader.fetchmany(_ROWS_AT_ONCE):
                authors = register.uris({row[3] for row in rows if row[3] is not None})
                for number, text, network, account in rows:
                    if (new := names.mask(text, network, authors.get(account))) != text:
                        numbers.append(number)
                        texts.append(new)
    table = {"number": pa.array(numbers, pa.int64()), "new_text": pa.array(texts, pa.string())}
    con.register("masked_rows", pa.table(table))
    con.execute("create or replace temp table masked as select * from masked_rows")
    con.unregister("masked_rows")


def _in(keys: set[int]) -> str:
    return "(" + ", ".join(str(k) for k in sorted(keys)) + ")"


_TEXTS: dict[Table, tuple[str, ...]] = {
    "posts": ("reply_to", "quote_of", "url"),
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
        tests.append("exists (select 1 from masked)")
        tests.append("list_has_any(mentions, [" + ", ".join(str(k) for k in sorted(keys)) + "]::BIGINT[])")
    where = " or ".join(f"coalesce({t}, false)" for t in tests)
    parameters = {"pattern": pattern} if _TEXTS[name] else {}
    query = f"select count(*) from read_parquet({session.quoted(folder / segment.path)}) where {where}"
    ((count,),) = con.execute(query, parameters).fetchall()
    return bool(count)


def _cleaned(folder: Path, name: Table, segment: Segment, keys: set[int], pattern: str) -> str:
    shape = TABLES[name]
    said = session.quoted(pattern)
    columns = []
    for column in shape.columns:
        if name == "posts" and column == "text":
            columns.append("coalesce(new_text, text) as text")
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
    source = segments.stored(folder, name, [segment], ", file_row_number = true" if name == "posts" else "")
    if name == "posts":
        source += " left join masked on file_row_number = number"
    return f"select {', '.join(columns)}, {again} as revision from {source} where {keep}"


def _facts_of(
    con: duckdb.DuckDBPyConnection, register: Register, folder: Path, changed: set[int], keys: set[int]
) -> list[Segment]:
    """Everything derived that names them or comes from segments that were rewritten: it is computed anew."""
    return [
        s
        for s in register.all_segments()
        if s.tbl not in TABLES
        and (set(json.loads(s.inputs or "[]")) & changed or _fact_names(con, folder, s, keys))
    ]


def _fact_names(con: duckdb.DuckDBPyConnection, folder: Path, segment: Segment, keys: set[int]) -> bool:
    if not segment.rows:
        return False
    fact = all_facts().get(segment.tbl)
    if fact is None or segment.code != fact.version:
        return True  # of rules that are no more: nobody reads it
    tests = [f"coalesce({c} in {_in(keys)}, false)" for c in fact.accounts]
    tests += [
        f"coalesce(len(list_filter({c}, lambda x: x in {_in(keys)})) > 0, false)" for c in fact.account_lists
    ]
    query = f"select count(*) from read_parquet({session.quoted(folder / segment.path)}) where {' or '.join(tests)}"
    ((count,),) = con.execute(query).fetchall()
    return bool(count)


def _forget_in_register(register: Register, keys: set[int], names: Names) -> None:
    db = register.db
    for table, column in (
        ("account", "key"),
        ("alias", "key"),
        ("alias", "canonical"),
        ("person_account", "account"),
    ):
        db.executemany(f"delete from {table} where {column} = ?", [(k,) for k in sorted(keys)])
    db.execute("delete from person where id not in (select person from person_account)")
    for table, name, texts in (
        ("problem", "id", ("place", "message", "excerpt")),
        ("account", "key", ("bio", "name", "place")),
        ("import", "id", ("place",)),
    ):
        where = ("network", "uri") if table == "account" else ("null", "null")
        for row in db.execute(f"select {name}, {', '.join(where + texts)} from {table}").fetchall():
            for text in texts:
                if row[text] and (new := names.mask(row[text], row[1], row[2])) != row[text]:
                    db.execute(f"update {table} set {text} = ? where {name} = ?", (new, row[name]))


def is_only_named(register: Register, uri: str) -> bool:
    """Whether the owner named somebody in what she said (the chain of a customer, her diary) of whom no source told."""
    names = Names(frozenset((uri,)), frozenset(), is_known=erasures.known_in(register))
    written = register.db.execute("select body from statement").fetchall()
    return any(names.mask(body) != body for (body,) in written)


def _forget_statements(register: Register, keys: set[int], names: Names, hashing_key: bytes) -> int:
    """What the owner said about the erased goes whole; where they are only named, their name goes.

    A statement that has no number of its own has one made of its words, by which a guess at them could be tried: it gets
    one made with the key, here, in what was said of it later, and in what can be taken back.
    """
    db = register.db
    said = 0
    other: dict[tuple[str, str], str] = {}
    for row in db.execute("select rowid, * from statement").fetchall():
        kind, number = row["kind"], row["id"]
        about = json.loads(row["body"]).get(kind) if kind in erasures.ABOUT else None
        if isinstance(about, str) and account_key(about) in keys:
            db.execute("delete from statement where rowid = ?", (row["rowid"],))
            said += 1
        elif (body := names.mask(row["body"])) != row["body"]:
            if number == content_number(kind, row["happened_at"], row["body"]):
                other[kind, number] = number = erasures.renumbered(number, hashing_key)
            db.execute("update statement set body = ?, id = ? where rowid = ?", (body, number, row["rowid"]))
            said += 1
    if not other:
        return said
    for (kind, before), number in other.items():
        db.execute(
            """update statement set body = json_replace(body, '$.entry', ?)
               where kind = ? and json_extract(body, '$.entry') = ?""",
            (number, kind, before),
        )
    groups = json.loads(register.get(SAID_BY_HAND, "[]"))
    renamed = [[[kind, other.get((kind, number), number)] for kind, number in group] for group in groups]
    register.put(SAID_BY_HAND, json.dumps(renamed))
    return said
