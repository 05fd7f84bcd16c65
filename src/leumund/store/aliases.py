"""Several URIs of one account: joined when a source shows both, and taken apart when a name changes hands.

A handle (at://anna.example) can be given up and taken by somebody else; a DID stays with its account for good. So
what two DIDs claim one after the other belongs to the one that claimed it last, and never joins the two.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from leumund.ids import account_key, network_of
from leumund.store.register import Register


def join_all(register: Register, pairs: Sequence[tuple[str, str]]) -> None:
    """The same as `join_aliases` for each pair in turn; what is known is passed over, new names go in at once.

    To be called inside a transaction.
    """
    db = register.db
    keys = {uri: account_key(uri) for pair in pairs for uri in pair}
    heads = _heads(db, list(keys.values()))
    told = Counter(uri for pair in dict.fromkeys(pairs) for uri in set(pair))
    new: dict[tuple[str, str], None] = {}
    for pair in pairs:
        one, other = keys[pair[0]], keys[pair[1]]
        if told[pair[0]] > 1 or told[pair[1]] > 1 or one == other:  # the order may matter
            join_aliases(register, *pair)
        elif one not in heads and other not in heads:
            new[pair] = None
        elif heads.get(one) != heads.get(other):
            join_aliases(register, *pair)
    accounts = [(keys[uri], uri, network_of(uri)) for pair in new for uri in pair]
    db.executemany("insert or ignore into account (key, uri, network) values (?, ?, ?)", accounts)
    joined = [(max(keys[a], keys[b]), min(keys[a], keys[b])) for a, b in new]
    db.executemany("insert into alias values (?, ?)", joined)


def _heads(db: sqlite3.Connection, keys: Sequence[int]) -> dict[int, int]:
    """Key -> the key that stands for it, for those of these that are joined with another; the standing ones too."""
    heads: dict[int, int] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ", ".join("?" * len(part))
        heads.update(db.execute(f"select key, canonical from alias where key in ({marks})", part).fetchall())
        standing = db.execute(f"select distinct canonical from alias where canonical in ({marks})", part)
        heads.update((key, key) for (key,) in standing)
    return heads


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
