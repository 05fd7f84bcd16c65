"""Several URIs of one account: joined when a source shows both, and taken apart when a name changes hands.

A handle (at://anna.example) can be given up and taken by somebody else; a DID stays with its account for good. So
what two DIDs claim one after the other belongs to the one that claimed it last, and never joins the two.
"""

from __future__ import annotations

import sqlite3

from leumund.ids import account_key, network_of
from leumund.store.register import Register


def join_aliases(register: Register, one: str, other: str) -> None:
    """Two URIs are one account from now on; the smallest key stands for all of them, whoever came first.

    To be called inside a transaction.
    """
    db = register.db
    for uri in (one, other):
        db.execute(
            "insert or ignore into account (key, uri, network) values (?, ?, ?)",
            (account_key(uri), uri, network_of(uri)),
        )
    groups = [_group(db, account_key(uri)) for uri in (one, other)]
    if groups[0] == groups[1]:
        return
    lasting = [{u for u in group.values() if u.startswith("did:")} for group in groups]
    if lasting[0] and lasting[1] and lasting[0] != lasting[1]:
        handle = next((u for u in (one, other) if not u.startswith("did:")), None)
        if handle is None:
            return  # two accounts for good, whatever a source says
        _take_apart(db, groups[(one, other).index(handle)], account_key(handle))
        groups = [_group(db, account_key(uri)) for uri in (one, other)]
    _write(db, groups[0].keys() | groups[1].keys())


def _group(db: sqlite3.Connection, key: int) -> dict[int, str]:
    """All URIs of an account, by their keys."""
    row = db.execute("select canonical from alias where key = ?", (key,)).fetchone()
    head = row[0] if row else key
    keys = [head, *(r[0] for r in db.execute("select key from alias where canonical = ?", (head,)))]
    marks = ", ".join("?" * len(keys))
    return dict(db.execute(f"select key, uri from account where key in ({marks})", keys).fetchall())


def _write(db: sqlite3.Connection, keys: set[int]) -> None:
    head = min(keys)
    db.executemany("delete from alias where key = ?", [(k,) for k in keys])
    db.executemany("insert into alias values (?, ?)", [(k, head) for k in sorted(keys - {head})])


def _take_apart(db: sqlite3.Connection, group: dict[int, str], handle: int) -> None:
    """The handle leaves its account; what was known of the account stays with those names that last."""
    rest = set(group) - {handle}
    keeper = min(k for k in rest if group[k].startswith("did:"))
    row = db.execute(
        "select own, handle, name, bio, seen_at from account where key = ?", (handle,)
    ).fetchone()
    db.execute("update account set own = max(own, ?) where key = ?", (row["own"], keeper))
    db.execute("update account set own = 0, name = null, bio = null, seen_at = null where key = ?", (handle,))
    db.execute("update or ignore person_account set account = ? where account = ?", (keeper, handle))
    db.execute("delete from person_account where account = ?", (handle,))
    db.execute("delete from alias where key = ?", (handle,))
    _write(db, rest)
