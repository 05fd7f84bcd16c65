"""What the owner entered herself, as it stands now: each entry with the corrections she made since.

An entry is a statement; a correction is another statement of its kind whose body names the entry it belongs to
(`entry`) and says when it was said (`said_at`). The last word holds; `holds` false takes the entry away. Nothing is
overwritten, so what was known on an old day can be said again, and the last word can be taken back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from leumund.events import Statement, StatementKind
from leumund.ids import account_key
from leumund.store.register import Register, as_time, as_us

Known = Callable[[str], int | None]
"""Gives the key of the account that a text names, None where the lab knows none of that name."""


_OF_THE_ENTRY = ("entry", "holds", "said_at")


@dataclass(frozen=True, slots=True)
class Version:
    """One word on an entry. Times: microseconds since 1970. said_at: when it was said, as far as that was told."""

    happened_at: int
    said_at: int
    known_at: int
    holds: bool
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of hers. entry: its number; versions: every word on it, the last one holds."""

    kind: StatementKind
    entry: str
    versions: tuple[Version, ...]

    @property
    def last(self) -> Version:
        return self.versions[-1]

    @property
    def holds(self) -> bool:
        return self.last.holds

    @property
    def happened_at(self) -> int:
        return self.last.happened_at

    @property
    def body(self) -> Mapping[str, Any]:
        return self.last.body


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTable:
    """How measures see the entries of a kind. columns: name -> DuckDB type, beside `entry`, `happened_at`, `said_at`.

    rows: of one entry, the columns by name: times in microseconds since 1970, days as `date`; nothing where it cannot
    be used. accounts: which columns hold account keys.
    """

    kind: StatementKind
    columns: Mapping[str, str]
    rows: Callable[[Entry, Known], Iterable[Mapping[str, Any]]]
    accounts: tuple[str, ...] = ()


def entries_in(
    register: Register, kinds: Sequence[StatementKind], *, known_by: int | None = None
) -> list[Entry]:
    """The entries of these kinds, also those taken away, in the order in which they happened.

    known_by: only what the lab knew then (microseconds since 1970). A row that was told anew under its own number
    (a file with corrections) stands below every correction the owner made by hand.
    """
    marks = ", ".join("?" * len(kinds))
    query = f"select * from statement where kind in ({marks}) order by known_at, rowid"
    found: dict[tuple[str, str], list[tuple[tuple[bool, int], Version]]] = {}
    for row in register.db.execute(query, tuple(kinds)):
        if known_by is not None and row["known_at"] > known_by:
            continue
        body = json.loads(row["body"])
        said_at = time_in(body, "said_at")
        said_at = row["known_at"] if said_at is None else said_at
        number, holds, _ = (body.pop(name, None) for name in _OF_THE_ENTRY)
        version = Version(row["happened_at"], said_at, row["known_at"], holds is not False, body)
        corrects = isinstance(number, str) and number != row["id"]
        key = (row["kind"], number if corrects else row["id"])
        found.setdefault(key, []).append(((corrects, said_at), version))
    entries = [
        Entry(kind, entry, tuple(version for _, version in sorted(words, key=lambda w: w[0])))  # type: ignore[arg-type]
        for (kind, entry), words in found.items()
    ]
    return sorted(entries, key=lambda e: (e.happened_at, e.kind, e.entry))


def held(register: Register, *kinds: StatementKind, known_by: int | None = None) -> list[Entry]:
    """The entries of these kinds that were not taken away."""
    return [e for e in entries_in(register, kinds, known_by=known_by) if e.holds]


def entered(
    kind: StatementKind, body: Mapping[str, Any], *, happened_at: datetime, said_at: datetime
) -> Statement:
    """A new entry under a number of its own: two of the same words are two entries."""
    return Statement(
        kind=kind, happened_at=happened_at, body={**body, "said_at": said_at.isoformat()}, statement=_number()
    )


def corrected(
    entry: Entry,
    body: Mapping[str, Any],
    *,
    happened_at: datetime,
    said_at: datetime,
    holds: bool = True,
) -> Statement:
    """What is said anew of an entry: its whole body, not only what changed. holds False takes it away."""
    told: dict[str, Any] = {**body, "entry": entry.entry, "said_at": said_at.isoformat()}
    if not holds:
        told["holds"] = False
    return Statement(kind=entry.kind, happened_at=happened_at, body=told, statement=_number())


def _number() -> str:
    return f"{account_key(secrets.token_hex(16)):016x}"


def time_in(body: Mapping[str, Any], name: str) -> int | None:
    """A time of an entry's body in microseconds since 1970; None where there is none."""
    written = body.get(name)
    if not isinstance(written, str):
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return as_us(found) if found.tzinfo else None


def number_in(body: Mapping[str, Any], name: str) -> float | None:
    """A number of an entry's body; None where there is none."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def whole_in(body: Mapping[str, Any], name: str) -> int | None:
    """A whole number of an entry's body; None where there is none."""
    value = number_in(body, name)
    return int(value) if value is not None and value == int(value) else None


def day_in(body: Mapping[str, Any], name: str) -> date | None:
    """A day of an entry's body, in UTC; None where there is none."""
    at = time_in(body, name)
    return as_time(at).date() if at is not None else None


def text_in(body: Mapping[str, Any], name: str) -> str | None:
    """A text of an entry's body; None where it is empty or missing."""
    value = body.get(name)
    text = "" if value is None or isinstance(value, bool) else str(value).strip()
    return text or None
