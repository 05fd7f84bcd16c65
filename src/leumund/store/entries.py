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
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any, NamedTuple

import msgspec

from leumund.events import Statement, StatementKind
from leumund.ids import account_key
from leumund.store.register import Register, as_time, as_us

Known = Callable[[str], int | None]
"""Gives the key of the account that a text names, None where the lab knows none of that name."""


class Version(NamedTuple):
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
    query = f"select kind, id, happened_at, known_at, body from statement where kind in ({marks}) order by known_at, rowid"
    found: dict[tuple[str, str], list[tuple[bool, Version]]] = {}
    for kind, number, happened_at, known_at, written in register.db.execute(query, tuple(kinds)):
        if known_by is not None and known_at > known_by:
            continue
        body = _decoded(written)
        said_at = time_in(body, "said_at") if "said_at" in body else None
        of, holds = body.pop("entry", None), body.pop("holds", None) is not False
        body.pop("said_at", None)
        corrects = isinstance(of, str) and of != number
        version = Version(happened_at, known_at if said_at is None else said_at, known_at, holds, body)
        found.setdefault((kind, of if corrects else number), []).append((corrects, version))
    entries = [
        Entry(kind, entry, _in_order(words))  # type: ignore[arg-type]
        for (kind, entry), words in found.items()
    ]
    return sorted(entries, key=lambda e: (e.happened_at, e.kind, e.entry))


def _decoded(written: str) -> dict[str, Any]:
    """The body of a statement. Some were kept with a number that JSON has no word for (NaN): they are read all the same."""
    try:
        return msgspec.json.decode(written, type=dict[str, Any])
    except msgspec.DecodeError:
        return dict(json.loads(written))


def _in_order(words: list[tuple[bool, Version]]) -> tuple[Version, ...]:
    if len(words) > 1:
        words.sort(key=lambda w: (w[0], w[1].said_at))
    return tuple(version for _, version in words)


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
    """What is said anew of an entry: its whole body, not only what changed. holds False takes it away.

    It is said after all that was said before, also where the clock has been set back since.
    """
    after = max(said_at, as_time(entry.last.said_at) + timedelta(microseconds=1))
    told: dict[str, Any] = {**body, "entry": entry.entry, "said_at": after.isoformat()}
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
