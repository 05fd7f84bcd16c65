"""A batch on its way into the lab: events gathered by noun, as columns, accounts turned into keys."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import Account, Act, Checkpoint, Deletion, Event, Post, Problem, Rows, Statement
from leumund.ids import account_key
from leumund.store.register import as_us
from leumund.store.schema import Table

_MOMENT = pa.timestamp("us", tz="UTC")
_TEXT, _WHOLE, _FLAG = pa.string(), pa.int32(), pa.bool_()

# The fields of each noun that become columns of its table, with their Arrow types. Accounts are
# still URIs here. "at" names the field that becomes happened_at.
_FIELDS: dict[Table, dict[str, pa.DataType]] = {
    "posts": {
        "post": _TEXT, "account": _TEXT, "network": _TEXT, "happened_at": _MOMENT, "exact": _FLAG,
        "text": _TEXT, "language": _TEXT, "reply_to": _TEXT, "reply_to_account": _TEXT, "quote_of": _TEXT,
        "mentions": pa.list_(_TEXT), "visibility": _TEXT, "url": _TEXT,
        "likes": _WHOLE, "reshares": _WHOLE, "replies": _WHOLE, "views": _WHOLE,
    },
    "acts": {
        "kind": _TEXT, "actor": _TEXT, "target": _TEXT, "network": _TEXT, "happened_at": _MOMENT,
        "exact": _FLAG, "act": _TEXT, "post": _TEXT, "via": _TEXT, "count": _WHOLE,
    },
    "sightings": {
        "account": _TEXT, "network": _TEXT, "seen_at": _MOMENT, "created_at": _MOMENT, "followers": _WHOLE,
        "following": _WHOLE, "posts": _WHOLE, "automated": _FLAG, "locked": _FLAG, "discoverable": _FLAG,
        "indexable": _FLAG, "limited": _FLAG, "featurable": _FLAG,
    },
    "deletions": {"of": _TEXT, "subject": _TEXT, "happened_at": _MOMENT, "exact": _FLAG},
}  # fmt: skip
_ACCOUNTS = ("account", "reply_to_account", "actor", "target")
_DEFAULTS: dict[str, Any] = {"exact": True, "visibility": "public", "count": 1, "mentions": []}
_NOUNS: dict[str, Table] = {"account": "sightings", "post": "posts", "act": "acts", "deletion": "deletions"}


class _Told(NamedTuple):
    """What a sighting tells that is kept in the register. seen_at: in microseconds."""

    account: str
    seen_at: int
    network: str
    aliases: Sequence[str] | None
    own: bool | None
    handle: str | None
    name: str | None
    bio: str | None
    url: str | None
    place: str | None


DESCRIBED = _Told._fields[5:]
"""What the register says of an account, in the newest words known of each."""


@dataclass(slots=True)
class Batch:
    """What one commit holds. tables: columns by table, accounts as keys.

    named: key -> URI of every account that this writer had not met; accounts: key -> who that is, of those described.
    """

    tables: dict[Table, pa.Table] = field(default_factory=dict)
    named: dict[int, str] = field(default_factory=dict)
    accounts: dict[int, dict[str, Any]] = field(default_factory=dict)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    position: Any = None


class Keys:
    """Account keys of whole columns of names.

    The names met first, which are mostly those met most, are remembered: Arrow finds them in less time than they are
    hashed in. Of all others is only remembered that this writer has met them, in 8 bytes each.

    con: an engine that hashes many names in a third of the time Python takes; None for Python.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection | None = None, *, named: int = 100_000, limit: int = 20_000_000
    ) -> None:
        self._con = con
        self._named, self._limit = named, limit
        self._uris = pa.array([], _TEXT)
        self._keys = pa.array([], pa.int64())
        self._met: list[npt.NDArray[np.int64]] = []
        """In order, each at least twice as long as the next: so that none is sorted in often."""

    def columns(
        self, columns: Sequence[pa.ChunkedArray | pa.Array], known: dict[int, str]
    ) -> list[pa.ChunkedArray]:
        """The keys of columns of URIs; the ones not met before are added to `known`."""
        parts = [_parts(column) for column in columns]
        named = [_names(part) for column in parts for part in column]
        uris = pa.concat_arrays([pa.array([], _TEXT), *named])
        places = pc.index_in(uris, value_set=self._uris)
        found = self._keys.take(places)
        if places.null_count > uris.null_count:
            missing = pc.and_(pc.is_null(places), pc.is_valid(uris))
            others = uris.filter(missing).dictionary_encode()
            keys = self._met_now(others.dictionary, known)
            found = pc.replace_with_mask(found, missing, keys.take(others.indices))
        begin = 0
        keyed = []
        for column in parts:
            chunks = []
            for part in column:
                end = begin + len(_names(part))
                keys = found.slice(begin, end - begin)
                chunks.append(keys.take(part.indices) if pa.types.is_dictionary(part.type) else keys)
                begin = end
            keyed.append(pa.chunked_array(chunks, pa.int64()))
        return keyed

    def _met_now(self, uris: pa.Array, known: dict[int, str]) -> pa.Array:
        """The keys of names that are not remembered, each once."""
        keys = self._hashed(uris)
        new = np.flatnonzero(~self._have_met(keys))
        if len(new):
            known.update(zip(keys[new].tolist(), uris.take(pa.array(new)).to_pylist(), strict=True))
            self._meet(keys[new])
        if len(room := uris[: self._named - len(self._uris)]):
            self._uris = pa.concat_arrays([self._uris, room])
            self._keys = pa.concat_arrays([self._keys, pa.array(keys[: len(room)])])
        return pa.array(keys)

    def _hashed(self, uris: pa.Array) -> npt.NDArray[np.int64]:
        if self._con is None or len(uris) < _MANY:
            return account_keys(uris.to_pylist())
        self._con.register("named", pa.table({"place": np.arange(len(uris)), "uri": uris}))
        found = self._con.execute(f"select place, {_KEY} as key from named").fetchnumpy()
        self._con.unregister("named")
        keys = np.empty(len(uris), np.int64)
        keys[found["place"]] = found["key"]
        return keys

    def _have_met(self, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        order = np.argsort(keys)  # looked for in their order, so that neighbours are found side by side
        wanted, there = keys[order], np.zeros(len(keys), np.bool_)
        for run in self._met:
            there |= run[np.minimum(np.searchsorted(run, wanted), len(run) - 1)] == wanted
        met = np.empty_like(there)
        met[order] = there
        return met

    def _meet(self, keys: npt.NDArray[np.int64]) -> None:
        if sum(map(len, self._met)) > self._limit:  # forgetting costs a second look, memory would cost more
            self._met.clear()
        run = np.sort(keys)
        while self._met and len(self._met[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._met.pop(), run]), kind="stable")  # merges what is in order
        self._met.append(run)


_MANY = 2_000
"""From so many names on an engine is worth being asked."""
_KEY = "(('0x' || substr(md5(uri), 1, 16))::UBIGINT >> 1)::BIGINT"
"""`ids.account_key` in the engine's words."""


def account_keys(uris: Iterable[str]) -> npt.NDArray[np.int64]:
    """The keys of many accounts at once, in their order: `account_key` of each, in half the time."""
    md5 = hashlib.md5
    digests = b"".join([md5(uri.encode(), usedforsecurity=False).digest() for uri in uris])
    return (np.frombuffer(digests, ">u8")[::2] >> np.uint64(1)).astype(np.int64)


def _parts(column: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _names(part: pa.Array) -> pa.Array:
    return part.dictionary if pa.types.is_dictionary(part.type) else part


def gather(events: Iterable[Event], keys: Keys, *, known_at: datetime) -> Batch:
    """All events of one commit as columns. known_at: when the lab learned of them."""
    batch = Batch()
    lists: dict[Table, list[Any]] = {}
    tables: dict[Table, list[pa.Table]] = {}
    for event in events:
        match event:
            case Post():
                lists.setdefault("posts", []).append(event)
            case Act():
                lists.setdefault("acts", []).append(event)
            case Account():
                lists.setdefault("sightings", []).append(event)
                told = [getattr(event, name) for name in _Told._fields]
                _describe(
                    batch,
                    account_key(event.account),
                    _Told._make(told)._replace(seen_at=as_us(event.seen_at)),
                )
            case Deletion():
                lists.setdefault("deletions", []).append(event)
            case Statement():
                batch.statements.append(event)
            case Problem():
                batch.problems.append(event)
            case Checkpoint():
                batch.position = event.position
            case Rows():
                tables.setdefault(_NOUNS[event.noun], []).append(event.table)
                batch.problems.extend(event.problems)
                if event.noun == "account":
                    for key, row in _accounts(event.table):
                        _describe(batch, key, row)
    found: dict[Table, pa.Table] = {}
    for name in _FIELDS:
        parts = [_from_records(name, lists[name])] if name in lists else []
        parts += [_from_table(name, table) for table in tables.get(name, ()) if table.num_rows]
        if parts:
            found[name] = _joined(name, parts)
    named = {name: _accounts_of(name, table) for name, table in found.items()}
    keyed = iter(keys.columns([uris for part in named.values() for uris in part.values()], batch.named))
    for name, table in found.items():
        batch.tables[name] = _keyed(name, table, {column: next(keyed) for column in named[name]}, known_at)
    return batch


def _from_records(name: Table, records: list[Any]) -> pa.Table:
    return pa.table(
        {
            column: pa.array([getattr(r, column) for r in records], kind)
            for column, kind in _FIELDS[name].items()
        }
    )


def _from_table(name: Table, table: pa.Table) -> pa.Table:
    """The same columns from a table that may lack some of them: those hold the noun's default."""
    columns = {}
    for column, kind in _FIELDS[name].items():
        default = pa.scalar(_DEFAULTS.get(column), kind)
        if column in table.column_names:
            found = table[column]
            same = found.type == kind or (
                pa.types.is_dictionary(found.type) and found.type.value_type == kind
            )
            columns[column] = found if same else found.cast(kind)
            if column in _DEFAULTS and columns[column].null_count:
                columns[column] = pc.fill_null(columns[column], default)
        else:
            columns[column] = pa.repeat(default, table.num_rows)
    return pa.table(columns)


def _joined(name: Table, parts: list[pa.Table]) -> pa.Table:
    """All parts as one table; what is coded in some of them only is plain in all."""
    if any(part.schema != parts[0].schema for part in parts):
        plain = pa.schema(_FIELDS[name].items())
        parts = [part.cast(plain) for part in parts]
    return pa.concat_tables(parts)


def _accounts_of(name: Table, table: pa.Table) -> dict[str, pa.ChunkedArray | pa.Array]:
    """The columns of a table that name accounts, by URI; of lists what lies in them."""
    columns = {c: table[c] for c in _ACCOUNTS if c in table.column_names}
    if name == "deletions":
        is_account = pc.starts_with(table["of"], "account")
        if pc.any(is_account).as_py():
            columns["account"] = pc.if_else(is_account, table["subject"], pa.scalar(None, _TEXT))
    if name == "posts":
        columns["mentions"] = table["mentions"].combine_chunks().values
    return columns


def _keyed(name: Table, table: pa.Table, keys: dict[str, pa.ChunkedArray], known_at: datetime) -> pa.Table:
    """URIs to keys, seen_at to happened_at, and when it became known."""
    columns = {c: table[c] for c in table.column_names} | keys
    if name == "posts":
        lists = table["mentions"].combine_chunks()
        columns["mentions"] = pa.ListArray.from_arrays(lists.offsets, keys["mentions"].combine_chunks())
    if name == "deletions" and not keys:
        columns["account"] = pa.nulls(table.num_rows, pa.int64())
    if name == "sightings":
        columns["happened_at"] = columns.pop("seen_at")
        columns["exact"] = pa.repeat(True, table.num_rows)
    columns["known_at"] = pa.repeat(pa.scalar(known_at, _MOMENT), table.num_rows)
    for column in ("happened_at", "known_at", "created_at"):
        if column in columns:  # from here on times are UTC by agreement, not by type
            columns[column] = columns[column].cast(pa.timestamp("us"))
    return pa.table(columns)


def _accounts(table: pa.Table) -> Iterator[tuple[int, _Told]]:
    """The rows of a table of accounts by their keys, with what is kept in the register; counts go to the segments."""
    columns: list[list[Any]] = []
    for name in _Told._fields:
        if name not in table.column_names:
            columns.append([None] * table.num_rows)
        elif name == "seen_at":
            columns.append(table[name].cast(_MOMENT).cast(pa.int64()).to_pylist())
        else:
            columns.append(table[name].to_pylist())
    keys = account_keys(columns[_Told._fields.index("account")]).tolist()
    yield from zip(keys, map(_Told._make, zip(*columns, strict=True)), strict=True)


def _describe(batch: Batch, key: int, told: _Told) -> None:
    """Keep who that is: the newest word on each of handle, name, bio, url, place."""
    kept = batch.accounts.get(key)
    if kept is None:
        batch.named[key] = told.account
        kept = batch.accounts[key] = dict(zip(DESCRIBED, told[5:], strict=True))
        kept["uri"], kept["network"] = told.account, told.network
        kept["seen_at"], kept["own"] = told.seen_at, bool(told.own)
    else:
        newer = told.seen_at >= kept["seen_at"]
        for name, value in zip(DESCRIBED, told[5:], strict=True):
            if value is not None and (newer or kept[name] is None):
                kept[name] = value
        kept["seen_at"] = max(told.seen_at, kept["seen_at"])
        kept["own"] = kept["own"] or bool(told.own)
    for alias in told.aliases or ():
        if alias != told.account:
            batch.aliases.append((alias, told.account))


def statement_row(statement: Statement, known_at_us: int, happened_at_us: int) -> tuple[Any, ...]:
    """A statement as its row in lab.sqlite; without an id of its own its content is its id."""
    plain = {k: _plain(v) for k, v in statement.body.items() if v is not None}
    body = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    name = statement.statement or content_number(statement.kind, happened_at_us, body)
    return (name, statement.kind, happened_at_us, known_at_us, body)


def content_number(kind: str, happened_at_us: int, body: str) -> str:
    """The number of a statement that has none of its own. Who guesses its words can compute it."""
    return f"{account_key(f'{kind}|{happened_at_us}|{body}'):016x}"


def _plain(value: Any) -> Any:
    """One spelling for one value, so that a statement that comes back from an export is the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) >= len("2026-01-01") and value[4:5] == value[7:8] == "-":
        with contextlib.suppress(ValueError, OverflowError):  # year 1 somewhere is year 0 in UTC
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value
