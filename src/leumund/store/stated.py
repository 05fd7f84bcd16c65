"""The tables of what the owner entered: goals, customers and their chains, hours, costs, notes, experiments, thanks.

Measures see them as they see posts and acts. A row is there from `happened_at` on: what the owner says of the past is
taken as true of the past, and `said_at` tells when she said it. Unknown is null.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from leumund.ids import account_key
from leumund.store.customers import CHAINS, CUSTOMERS
from leumund.store.diary import NOTES
from leumund.store.entries import Entry, EntryTable, Known, held
from leumund.store.experiments import EXPERIMENTS
from leumund.store.goals import GOALS
from leumund.store.ledger import COSTS, HOURS
from leumund.store.register import Register
from leumund.store.thanked import THANKED

STATED: Mapping[str, EntryTable] = {
    "goals": GOALS,
    "customers": CUSTOMERS,
    "chains": CHAINS,
    "hours": HOURS,
    "costs": COSTS,
    "notes": NOTES,
    "experiments": EXPERIMENTS,
    "thanked": THANKED,
}
_ALWAYS = {"entry": "VARCHAR", "happened_at": "TIMESTAMP", "said_at": "TIMESTAMP"}
_TYPES = {
    "VARCHAR": pa.string(), "DOUBLE": pa.float64(), "INTEGER": pa.int32(), "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(),
}  # fmt: skip


def columns_of(name: str) -> dict[str, str]:
    """The columns of one of these tables, name -> DuckDB type: the entry, when it happened, when it was said, its own."""
    return {**_ALWAYS, **STATED[name].columns}


def stated_in(
    register: Register, heads: Mapping[int, int], *, known_by: int | None = None
) -> dict[str, pa.Table]:
    """Every table of what the owner entered, by name; entries taken away are left out.

    heads: the one key of accounts with several. known_by: what the lab knew then, in microseconds since 1970.
    """
    kinds = sorted({table.kind for table in STATED.values()})
    by_kind: dict[str, list[Entry]] = {}
    for entry in held(register, *kinds, known_by=known_by):
        by_kind.setdefault(entry.kind, []).append(entry)
    known = _known_in(register, heads)
    return {name: _table(name, by_kind.get(STATED[name].kind, []), known) for name in STATED}


def _table(name: str, entries: list[Entry], known: Known) -> pa.Table:
    rows = [
        {"entry": e.entry, "happened_at": e.happened_at, "said_at": e.last.said_at, **row}
        for e in entries
        for row in STATED[name].rows(e, known)
    ]
    columns = columns_of(name)
    arrays = [pa.array([row[c] for row in rows], _TYPES[kind]) for c, kind in columns.items()]
    return pa.table(arrays, names=list(columns))


def _known_in(register: Register, heads: Mapping[int, int]) -> Known:
    """Whom a text names: an address, a handle with its server or a link of an account that the lab knows."""

    def known(written: str) -> int | None:
        text = written.strip()
        if not any(sign in text for sign in "@.:/"):
            return None  # a name, as people call each other
        bare = text.lstrip("@").lower()
        spelled = [text, f"acct:{bare}", f"at://{bare}"] + (
            [f"https://x.com/{bare}"] if text[0] == "@" else []
        )
        keys = [account_key(uri) for uri in spelled]
        rows = register.accounts(keys)
        return next((heads.get(key, key) for key in keys if key in rows), None)

    return known
