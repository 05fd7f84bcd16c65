"""The documented shapes of tables: one per noun, for everything that has no importer of its own.

A table of strings (from CSV or JSON lines) becomes `Rows`: accounts by their canonical names, times
in UTC, numbers as numbers. What does not fit is a `Problem` that names its row; the rest is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import KINDS, NETWORKS, VISIBILITIES, Event, Network, Problem, Rows, Statement
from leumund.ids import BadNameError, account_uri
from leumund.locale import N_, _

ColumnType = Literal["account", "accounts", "time", "text", "whole", "flag", "word", "uri", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a shape. needed: a row without it is a problem. example: for the template."""

    type: ColumnType
    needed: bool = False
    example: str = ""
    words: tuple[str, ...] = ()
    says: str = ""


_WHEN = N_("date or time, ISO 8601; without a zone it is UTC")
_WHO = N_("an account: address, handle or profile link")
_ID = N_("the post's address or number")

SHAPES: dict[str, dict[str, Field]] = {
    "post": {
        "post": Field(type="uri", needed=True, example="https://example.social/@anna/1", says=_ID),
        "account": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-09T08:15:00Z", says=_WHEN),
        "text": Field(type="text", needed=True, example="#FF @ben@example.social, who explains patiently"),
        "exact": Field(type="flag", says=N_("false where the time is only known to be no later")),
        "language": Field(type="text", example="en"),
        "reply_to": Field(type="uri", says=_ID),
        "reply_to_account": Field(type="account", says=_WHO),
        "quote_of": Field(type="uri", says=_ID),
        "mentions": Field(
            type="accounts", example="@ben@example.social", says=N_("accounts named, separated by spaces")
        ),
        "visibility": Field(type="word", words=VISIBILITIES, example="public"),
        "url": Field(type="text"),
        "likes": Field(type="whole", example="3"),
        "reshares": Field(type="whole", example="1"),
        "replies": Field(type="whole", example="0"),
    },
    "act": {
        "kind": Field(type="word", needed=True, words=KINDS, example="reshare"),
        "actor": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "target": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-09T09:00:00Z", says=_WHEN),
        "exact": Field(type="flag", says=N_("false where the time is only known to be no later")),
        "act": Field(type="uri", says=N_("the act's own address, if it has one")),
        "post": Field(
            type="uri", example="https://example.social/@anna/1", says=N_("the post it was done to")
        ),
        "via": Field(type="uri", says=N_("the post it was done with (the reply, the quote)")),
        "count": Field(type="whole", example="1", says=N_("how many times, where only a sum is known")),
    },
    "account": {
        "account": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "seen_at": Field(type="time", needed=True, example="2026-01-09", says=_WHEN),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "handle": Field(type="text", example="@anna@example.social"),
        "name": Field(type="text", example="Anna Berg"),
        "bio": Field(type="text"),
        "url": Field(type="text"),
        "place": Field(type="text"),
        "aliases": Field(
            type="accounts", says=N_("other addresses of the same account, separated by spaces")
        ),
        "created_at": Field(type="time", says=_WHEN),
        "followers": Field(type="whole", example="812"),
        "following": Field(type="whole", example="430"),
        "posts": Field(type="whole", example="95"),
        "automated": Field(type="flag"),
        "locked": Field(type="flag"),
        "discoverable": Field(type="flag"),
        "indexable": Field(type="flag"),
        "own": Field(type="flag", example="true", says=N_("true for your own account")),
    },
    "customer": {
        "customer": Field(
            type="text", needed=True, example="Mrs K.", says=N_("any name or number you know them by")
        ),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "found_us_by": Field(type="text", example="mastodon"),
        "recommended_by": Field(type="text", example="@ben@example.social"),
        "value": Field(type="number", example="480"),
        "lead": Field(type="flag", example="false", says=N_("true while they only asked")),
        "note": Field(type="text"),
    },
    "time": {
        "time": Field(type="text", needed=True, example="mastodon", says=N_("what it was spent on")),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "hours": Field(type="number", needed=True, example="1.5"),
        "note": Field(type="text"),
    },
    "cost": {
        "cost": Field(type="text", needed=True, example="advertisement", says=N_("what it was spent on")),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "amount": Field(type="number", needed=True, example="120.00"),
        "note": Field(type="text"),
    },
    "goal": {
        "goal": Field(type="text", needed=True, example="followers", says=N_("what is to be reached")),
        "happened_at": Field(type="time", needed=True, example="2026-01-01", says=_WHEN),
        "target": Field(type="number", needed=True, example="5000"),
        "until": Field(type="time", needed=True, example="2026-03-31", says=_WHEN),
        "note": Field(type="text"),
    },
    "note": {
        "note": Field(type="text", needed=True, example="A week of holidays"),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
    },
}
_STATED = {"customer", "time", "cost", "goal", "note"}
_FLAGS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "ja": True, "nein": False,
          "t": True, "f": False, "wahr": True, "falsch": False}  # fmt: skip


def noun_of(header: list[str]) -> str | None:
    """Whose shape a header is: all that a noun needs must be there; the noun with most columns in common wins.

    >>> noun_of(["kind", "actor", "target", "network", "happened_at"]), noun_of(["a", "b"])
    ('act', None)
    """
    names = set(header)
    fitting = [n for n, shape in SHAPES.items() if all(c in names for c, f in shape.items() if f.needed)]
    return max(fitting, key=lambda n: (len(names & set(SHAPES[n])), n), default=None)


def as_events(
    table: pa.Table,
    noun: str,
    *,
    where: str,
    place: Callable[[int], int],
    formats: Mapping[str, str] | None = None,
) -> Iterator[Event]:
    """The events of a table of strings in the shape of `noun`.

    place: gives a row's line in the file, asked for problems only. formats: strptime formats of time columns
    that are not ISO 8601. Columns the shape does not have are ignored.
    """
    reader = _Reader(SHAPES[noun], table, formats or {})
    columns = reader.columns()
    good = reader.good
    problems = tuple(
        Problem(where=f"{where}:{place(i)}", message=message, excerpt=excerpt)
        for i, message, excerpt in reader.problems
    )
    whole = pa.table(columns)
    if not good.all():
        whole = whole.filter(pa.array(good))
    if noun in _STATED:
        yield from problems
        yield from _statements(whole, noun)
    else:
        yield Rows(noun=cast("Literal['account', 'post', 'act']", noun), table=whole, problems=problems)


class _Reader:
    """Reads the columns of one table, noting which rows cannot be used."""

    def __init__(self, shape: Mapping[str, Field], table: pa.Table, formats: Mapping[str, str]) -> None:
        self.shape, self.table, self.formats = shape, table, formats
        self.good = np.ones(table.num_rows, bool)
        self.problems: list[tuple[int, str, str]] = []
        self.networks = self._coded_networks()

    def columns(self) -> dict[str, pa.Array]:
        read = {
            "account": self._account, "accounts": self._accounts, "time": self._time, "text": self._text,
            "whole": self._whole, "flag": self._flag, "word": self._word, "uri": self._uri, "number": self._number,
        }  # fmt: skip
        found = {}
        for name, field in self.shape.items():
            if name in self.table.column_names:
                given = self.table[name]
                raw = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
                if field.type != "accounts":
                    raw = _none_if_empty(raw)
                column = read[field.type](raw, name, field)
                if field.needed:
                    self._blame(pc.is_null(raw), raw, _("{column} is empty").format(column=name))
                found[name] = column
        return found

    def _blame(self, bad: pa.Array, raw: pa.Array, message: str) -> None:
        """Rows where `bad` holds cannot be used; each is counted once, by its first fault."""
        flags = np.asarray(bad.fill_null(False)) & self.good
        for index in np.flatnonzero(flags):
            self.problems.append((int(index), message, str(raw[int(index)].as_py() or "")[:80]))
        self.good &= ~flags

    def _coded_networks(self) -> pa.DictionaryArray | None:
        if "network" not in self.table.column_names:
            return None
        given = self.table["network"]
        raw = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
        return _none_if_empty(raw).dictionary_encode()

    def _account(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        found = self._canonical(raw, self.networks)
        message = _("{column}: this cannot be an account on that network").format(column=name)
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        return found

    def _canonical(self, raw: pa.Array, networks: pa.DictionaryArray | None) -> pa.DictionaryArray:
        """Every spelling once per network: a table has far fewer accounts than rows."""
        coded = raw.dictionary_encode()
        names = networks.dictionary.to_pylist() if networks is not None else ["other"]
        if len(names) <= 1:
            uris = _spelled(coded.dictionary, names[0] if names else None)
            return pa.DictionaryArray.from_arrays(coded.indices, uris)
        assert networks is not None
        pairs = pc.add(
            pc.multiply(coded.indices.cast(pa.int64()), len(names)), networks.indices.cast(pa.int64())
        )
        pairs = pairs.dictionary_encode()
        spellings = coded.dictionary.to_pylist()
        found = [
            _canonical(spellings[p // len(names)], names[p % len(names)])
            for p in pairs.dictionary.to_pylist()
        ]
        return pa.DictionaryArray.from_arrays(pairs.indices, pa.array(found, pa.string()))

    def _accounts(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        """Lists of accounts, given as lists or as words; what cannot be an account is left out."""
        if not pa.types.is_list(raw.type):
            raw = pc.split_pattern_regex(pc.fill_null(raw, ""), r"[\s,]+")
        owner = pc.list_parent_indices(raw)
        flat = pc.list_flatten(raw)
        networks = self.networks.take(owner) if self.networks is not None else None
        uris = self._canonical(flat, networks).cast(pa.string())
        kept = pc.is_valid(uris)
        sizes = np.bincount(np.asarray(owner.filter(kept)), minlength=len(raw))
        offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), uris.filter(kept))

    def _time(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        moment = pa.timestamp("us", tz="UTC")
        if name not in self.formats:
            try:
                return raw.cast(moment)
            except pa.ArrowInvalid:
                pass  # something in it is not plain ISO 8601 with a zone: one by one then
        coded = raw.dictionary_encode()
        times = [_moment(t, self.formats.get(name)) for t in coded.dictionary.to_pylist()]
        found = pa.array(times, moment).take(coded.indices)
        message = _("{column}: not a date or time I can read").format(column=name)
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        return found

    def _text(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        return pc.utf8_normalize(raw, form="NFC")

    def _word(self, raw: pa.Array, name: str, field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        allowed = set(field.words)
        words = [
            w.strip().lower() if w.strip().lower() in allowed else None for w in coded.dictionary.to_pylist()
        ]
        found = pa.array(words, pa.string()).take(coded.indices)
        message = _("{column}: must be one of {words}").format(column=name, words=", ".join(field.words))
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        return found

    def _flag(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        flags = [_FLAGS.get(w.strip().lower()) for w in coded.dictionary.to_pylist()]
        found = pa.array(flags, pa.bool_()).take(coded.indices)
        self._blame(
            pc.and_(pc.is_null(found), pc.is_valid(raw)),
            raw,
            _("{column}: must be true or false").format(column=name),
        )
        return found

    def _whole(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        return self._numbers(raw, name, pa.int32(), _whole)

    def _number(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        return self._numbers(raw, name, pa.float64(), _decimal)

    def _numbers(self, raw: pa.Array, name: str, kind: pa.DataType, read: object) -> pa.Array:
        try:
            return raw.cast(kind)
        except pa.ArrowInvalid:
            pass
        coded = raw.dictionary_encode()
        found = pa.array([read(v) for v in coded.dictionary.to_pylist()], kind).take(coded.indices)  # type: ignore[operator]
        self._blame(
            pc.and_(pc.is_null(found), pc.is_valid(raw)),
            raw,
            _("{column}: not a number I can use").format(column=name),
        )
        return found

    def _uri(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        """Addresses stay; a bare number becomes the network's own address for it."""
        address = pc.fill_null(pc.match_substring(raw, ":"), True)
        if pc.all(address).as_py():
            return raw
        networks = (
            self.networks.cast(pa.string()) if self.networks is not None else pa.repeat("other", len(raw))
        )
        bare = pc.binary_join_element_wise(networks, raw, ":post:")
        on_x = pc.fill_null(pc.equal(networks, "x"), False)
        bare = pc.if_else(on_x, pc.binary_join_element_wise("https://x.com/i/status/", raw, ""), bare)
        return pc.if_else(address, raw, bare)


def _none_if_empty(raw: pa.Array) -> pa.Array:
    if pa.types.is_null(raw.type):
        return raw.cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_length(raw), 0), pa.scalar(None, raw.type), raw)


_PLAIN: dict[Network, str] = {
    "mastodon": r"^acct:[a-z0-9_.~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$",
    "x": r"^https://x\.com/(i/user/[0-9]+|[a-z0-9_]{1,20})$",
    "bluesky": r"^did:(plc|web):[A-Za-z0-9._:%-]+$",
}


def _spelled(spellings: pa.Array, network: str | None) -> pa.Array:
    """The canonical spelling of each; what is canonical already is not looked at one by one."""
    plain = _PLAIN.get(cast("Network", network))
    if plain and pc.all(pc.match_substring_regex(spellings, plain)).as_py():
        return spellings
    return pa.array([_canonical(s, network) for s in spellings.to_pylist()], pa.string())


@lru_cache(maxsize=200_000)
def _canonical(spelling: str | None, network: str | None) -> str | None:
    if spelling is None or network not in NETWORKS:
        return None
    try:
        return account_uri(spelling, network)
    except BadNameError:
        return None


def _moment(text: str, pattern: str | None) -> datetime | None:
    """A time in UTC; a date alone is its midnight; without a zone it is UTC."""
    try:
        if pattern:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007  the zone is looked at below
        elif len(text) <= len("2026-01-01"):
            found = datetime.combine(date.fromisoformat(text), time())
        else:
            found = datetime.fromisoformat(text.strip())
        return (
            (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)) if found.year > 1 else None
        )
    except (ValueError, OverflowError):
        return None


def _whole(text: str) -> int | None:
    try:
        number = int(text.strip())
    except ValueError:
        return None
    return number if 0 <= number < 2**31 else None


def _decimal(text: str) -> float | None:
    """A number with a decimal point or, as in German, a decimal comma."""
    plain = text.strip().replace(" ", "")
    if "," in plain:
        plain = (
            plain.replace(".", "").replace(",", ".")
            if plain.rfind(",") > plain.rfind(".")
            else plain.replace(",", "")
        )
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _statements(table: pa.Table, noun: str) -> Iterator[Statement]:
    for row in table.to_pylist():
        at = row.pop("happened_at")
        body = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if v is not None}
        yield Statement(kind=noun, happened_at=at, body=body)  # type: ignore[arg-type]
