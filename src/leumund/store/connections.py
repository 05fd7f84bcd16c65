"""The accounts the owner connected, and how far each of their streams has been read."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leumund.errors import UnknownNameError
from leumund.ids import account_key
from leumund.locale import _, kept, told
from leumund.sources.living import Connection
from leumund.store.register import Register, as_time, as_us

_LAB = "lab_id"
_ENDED = "disconnected"
_NOT_OFFERED = -1  # in the place of a number of pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a stream reaches. ran_at: its last good run; since: the earliest it saw; whole: nothing is missing
    between since and ran_at that the server still tells; pages: how many the last good run read; note: what kept it from more, as `locale.kept` keeps it.
    offered: False where the server or the account has no such thing.
    """

    connection: str
    stream: str
    ran_at: datetime | None
    since: datetime | None
    whole: bool
    note: str
    pages: int = 0
    offered: bool = True


def add(register: Register, connection: Connection, *, at: datetime) -> Connection:
    """Remember a connection; the same account again keeps its name. Gives it with its id."""
    with register.transaction() as db:
        known = db.execute(
            "select id from connection where source = ? and server = ? and account = ?",
            (connection.source, connection.server, connection.account),
        ).fetchone()
        name = known["id"] if known else _free_name(db, connection.source)
        if _ended(register):
            register.put(_ENDED, json.dumps([e for e in _ended(register) if not _is_of(e, connection)]))
        db.execute(
            """insert into connection (id, source, server, account, settings, connected_at) values (?, ?, ?, ?, ?, ?)
               on conflict (id) do update set settings = excluded.settings, connected_at = excluded.connected_at""",
            (name, connection.source, connection.server, connection.account,
             json.dumps(dict(connection.settings), sort_keys=True), as_us(at)),
        )  # fmt: skip
    return replace(connection, id=name)


def all_connections(register: Register) -> list[Connection]:
    """Every connection, in the order in which they were made."""
    if register.version < 2:  # a lab that can only be looked at and was not brought up to date
        return []
    rows = register.db.execute("select * from connection order by connected_at, id").fetchall()
    return [
        Connection(
            id=r["id"],
            source=r["source"],
            server=r["server"],
            account=r["account"],
            settings=json.loads(r["settings"]),
        )
        for r in rows
    ]


def connection_named(register: Register, name: str) -> Connection:
    """The connection of that id, or the only one of that source.

    Raises:
        UnknownNameError: with the names there are.
    """
    known = all_connections(register)
    for connection in known:
        if connection.id == name:
            return connection
    of_source = [c for c in known if c.source == name]
    if len(of_source) == 1:
        return of_source[0]
    raise UnknownNameError(_("Connection"), name, [c.id for c in known])


def remove(register: Register, name: str) -> None:
    """Forget a connection and its cursors; what it brought stays, and how far that reaches."""
    gone = next((c for c in all_connections(register) if c.id == name), None)
    far = [r for r in reaches(register) if r.connection == name and r.ran_at is not None]
    with register.transaction() as db:
        if gone and far:
            told_of = [e for e in _ended(register) if not _is_of(e, gone)]
            register.put(_ENDED, json.dumps([*told_of, _as_ended(gone, far)]))
        db.execute("delete from stream where connection = ?", (name,))
        db.execute("delete from cursor where fingerprint like ? || '/%'", (name,))
        db.execute("delete from connection where id = ?", (name,))


def ended(register: Register) -> list[tuple[Connection, list[Reach]]]:
    """The accounts that are no longer connected, with how far their streams had been read."""
    return [
        (
            Connection(id=e["id"], source=e["source"], server=e["server"], account=e["account"]),
            [
                Reach(
                    connection=e["id"], stream=s["stream"], ran_at=as_time(s["ran_at"]),
                    since=as_time(s["since"]) if s["since"] is not None else None,
                    whole=s["whole"], note=told(s["note"]),
                )
                for s in e["streams"]
            ],
        )
        for e in _ended(register)
    ]  # fmt: skip


def forget_ended(register: Register, accounts: Collection[int]) -> None:
    """Forget that accounts of these keys were ever connected."""
    left = [e for e in _ended(register) if account_key(e["account"]) not in accounts]
    if left != _ended(register):
        with register.transaction():
            register.put(_ENDED, json.dumps(left))


def _ended(register: Register) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(register.get(_ENDED, "[]"))
    return found


def _is_of(entry: Mapping[str, Any], connection: Connection) -> bool:
    """Whether it is the same account, of the same source."""
    return (entry["source"], entry["account"]) == (connection.source, connection.account)


def _as_ended(connection: Connection, far: Sequence[Reach]) -> dict[str, Any]:
    streams = [
        {
            "stream": r.stream, "ran_at": as_us(r.ran_at), "since": as_us(r.since) if r.since else None,
            "whole": r.whole, "note": kept(r.note),
        }
        for r in far if r.ran_at
    ]  # fmt: skip
    who = {name: getattr(connection, name) for name in ("id", "source", "server", "account")}
    return {**who, "streams": streams}


def secret_name(register: Register, connection: str) -> str:
    """Under which name the connection's key is kept: its own, and the lab's, so that labs do not mix up theirs."""
    lab = register.get(_LAB, "")
    if not lab:
        lab = secrets.token_hex(4)
        with register.transaction():
            register.put(_LAB, lab)
    return f"{connection}@{lab}"


def lab_of_secret(name: str) -> str:
    """Whose key it is: the mark of the lab in its name, "" where there is none."""
    return name.partition("@")[2]


def is_own_secret(register: Register, name: str) -> bool:
    """Whether the key of that name belongs to this lab."""
    return lab_of_secret(name) == register.get(_LAB, "") != ""


def renamed_secrets(register: Register) -> list[tuple[str, str]]:
    """Give a lab that is a copy of another a name of its own for its keys; gives (old name, new name) of each."""
    if not register.get(_LAB, ""):
        return []
    names = [c.id for c in all_connections(register)]
    old = [secret_name(register, name) for name in names]
    with register.transaction():
        register.put(_LAB, "")
    return list(zip(old, (secret_name(register, name) for name in names), strict=True))


def reaches(register: Register) -> list[Reach]:
    """How far every stream has been read."""
    if register.version < 2:
        return []
    rows = register.db.execute("select * from stream order by connection, name").fetchall()
    return [
        Reach(
            connection=r["connection"],
            stream=r["name"],
            ran_at=as_time(r["ran_at"]) if r["ran_at"] is not None else None,
            since=as_time(r["since"]) if r["since"] is not None else None,
            whole=bool(r["whole"]),
            note=told(r["note"]),
            pages=max(r["pages"], 0),
            offered=r["pages"] != _NOT_OFFERED,
        )
        for r in rows
    ]


def put_reach(db: sqlite3.Connection, reach: Reach) -> None:
    """Remember how far a stream was read. A run that failed keeps the time of the last good one."""
    db.execute(
        """insert into stream (connection, name, ran_at, since, whole, note, pages) values (?, ?, ?, ?, ?, ?, ?)
           on conflict (connection, name) do update set
             ran_at = coalesce(excluded.ran_at, ran_at),
             since = case when since is null or excluded.since < since then excluded.since else since end,
             whole = excluded.whole, note = excluded.note,
             pages = case when excluded.ran_at is null and excluded.pages >= 0 then pages else excluded.pages end""",
        (reach.connection, reach.stream, as_us(reach.ran_at) if reach.ran_at else None,
         as_us(reach.since) if reach.since else None, reach.whole, kept(reach.note),
         reach.pages if reach.offered else _NOT_OFFERED),
    )  # fmt: skip


def _free_name(db: sqlite3.Connection, source: str) -> str:
    taken = {row[0] for row in db.execute("select id from connection")}
    number = 1
    while (name := source if number == 1 else f"{source}-{number}") in taken:
        number += 1
    return name
