"""Reading tables of strings in one of the shapes, column by column.

A table of strings (from CSV or JSON lines) becomes `Rows`: accounts by their canonical names, times
in UTC, numbers as numbers. What does not fit is a `Problem` that names its row; the rest is kept.

Whole columns are read at once where they are plain. Where one value is not, every different value is
read by itself, in the same sense: what a row means never depends on the rows beside it.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Literal, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UsageError
from leumund.events import NETWORKS, Event, Network, Problem, Rows, Statement
from leumund.ids import BadNameError, account_uri
from leumund.locale import _
from leumund.sources.shapes import SHAPES, Field
from leumund.sources.values import (
    EPOCH,
    FLAGS,
    MOMENT,
    decimal,
    how_to_count,
    moment,
    moments,
    ungrouped,
    whole,
)
from leumund.spoken.amounts import currency_beside, hours_said
from leumund.spoken.days import FIRST_YEAR, LAST_YEAR, day_said

_STATED = {
    "customer", "time", "cost", "goal", "note", "experiment", "person", "trust", "label", "nogo", "thanks", "consent",
}  # fmt: skip
_LISTED = r'^\[("[^"\\]*"(,"[^"\\]*")*)?\]$'


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
    that are not ISO 8601, and for columns of numbers how one is written (1.234,56). Columns the shape does not have are ignored.
    """
    reader = _Reader(noun, table, formats or {})
    columns = reader.columns()
    good = reader.good
    problems = tuple(
        Problem(where=f"{where}:{place(i)}", message=message, excerpt=excerpt, hint=hint)
        for i, message, excerpt, hint in sorted(reader.problems)
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

    def __init__(self, noun: str, table: pa.Table, formats: Mapping[str, str]) -> None:
        self.noun, self.shape, self.table, self.formats = noun, SHAPES[noun], table, formats
        self.good = np.ones(table.num_rows, bool)
        self.problems: list[tuple[int, str, str, str]] = []
        self.networks = self._coded_networks()

    def columns(self) -> dict[str, pa.Array]:
        read = {
            "account": self._account, "accounts": self._accounts, "time": self._time, "text": self._text,
            "language": self._language, "whole": self._whole, "flag": self._flag, "word": self._word,
            "uri": self._uri, "number": self._number, "money": self._money,
            "hours": self._hours,
        }  # fmt: skip
        found = {}
        present = [name for name in self.shape if name in self.table.column_names]
        for name in sorted(present, key=lambda n: n != "network"):  # a wrong network explains wrong accounts
            raw = self._raw(name)
            column = read[self.shape[name].type](raw, name, self.shape[name])
            self._bound(column, raw, name, self.shape[name])
            if self.shape[name].blank:
                column = pc.fill_null(column, "") if column.null_count else column
            elif self.shape[name].needed:
                message = _("{column} is empty").format(column=name)
                self._blame(pc.is_null(column), raw, message, lambda _text: self._how_to_fill())
            found[name] = column
        if (beside := self._currency(present)) is not None:
            told = found.get("currency")
            found["currency"] = beside if told is None else pc.coalesce(told, beside)
        return {name: found[name] for name in self.shape if name in found}

    def _currency(self, present: Sequence[str]) -> pa.Array | None:
        """The currencies that stand beside amounts: "480 €"; None where there is none."""
        amounts = [name for name in present if self.shape[name].type == "money"]
        if "currency" not in self.shape or not amounts or not pa.types.is_string(self._raw(amounts[0]).type):
            return None
        coded = self._raw(amounts[0]).dictionary_encode()
        beside = [currency_beside(text) for text in coded.dictionary.to_pylist()]
        return pa.array(beside, pa.string()).take(coded.indices) if any(beside) else None

    def _raw(self, name: str) -> pa.Array:
        given = self.table[name]
        return _none_if_empty(given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given)

    def _blame(
        self, bad: pa.Array, raw: pa.Array, message: str, hint: Callable[[str], str] = lambda _text: ""
    ) -> None:
        """Rows where `bad` holds cannot be used; each is counted once, by its first fault.

        hint: what to do about the text that stands there.
        """
        flags = np.asarray(bad.fill_null(False)) & self.good
        for index in np.flatnonzero(flags):
            text = str(raw[int(index)].as_py() or "")
            self.problems.append((int(index), message, text[:80], hint(text)))
        self.good &= ~flags

    def _bound(self, column: pa.Array, raw: pa.Array, name: str, field: Field) -> None:
        """No week has more hours than a week: rows with more, or less, than can be are problems."""
        if field.least is None or field.most is None:
            return
        outside = pc.or_(pc.less(column, field.least), pc.greater(column, field.most))
        message = _("{column}: must lie between {least} and {most}").format(
            column=name, least=f"{field.least:,.0f}", most=f"{field.most:,.0f}"
        )
        self._blame(outside, raw, message)

    def _how_to_fill(self) -> str:
        return _("What each row of the noun “{noun}” needs: leumund csv-template {noun} --explain").format(
            noun=self.noun
        )

    def _coded_networks(self) -> pa.DictionaryArray | None:
        """The network of each row, as our word for it; None where it is no network we know."""
        if "network" not in self.table.column_names:
            return None
        coded = self._raw("network").dictionary_encode()
        words = [_allowed(word, NETWORKS) for word in coded.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(coded.indices, pa.array(words, pa.string()))

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

    def _accounts(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        """Lists of accounts, given as words or as JSON; what cannot be an account is left out."""
        objects = pc.starts_with(raw, "{")
        self._blame(objects, raw, _("{column}: not a list of accounts").format(column=name))
        rows = np.flatnonzero(pc.is_valid(raw))
        words = pc.split_pattern_regex(_as_words(raw.drop_null()), r"[\s,]+")
        owner = pa.array(rows).take(pc.list_parent_indices(words))
        flat = pc.list_flatten(words)
        networks = self.networks.take(owner) if self.networks is not None else None
        uris = self._canonical(flat, networks).cast(pa.string())
        kept = pc.is_valid(uris)
        sizes = np.bincount(np.asarray(owner.filter(kept)), minlength=len(raw))
        offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), uris.filter(kept))

    def _time(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        found = moments(raw) if name not in self.formats else None
        if found is None:  # something in it is not plain ISO 8601: one by one then
            coded = raw.dictionary_encode()
            pattern = self.formats.get(name)
            by_hand = self.noun in _STATED and pattern is None
            read = _day_or_time if by_hand else lambda text: moment(text, pattern)
            times = [read(t) for t in coded.dictionary.to_pylist()]
            found = pa.array(times, MOMENT).take(coded.indices)
        message = _("{column}: not a date or time I can read").format(column=name)
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        if self.noun in _STATED:  # what somebody says of her own life lies in no other age
            message = _("{column}: must lie between {least} and {most}").format(
                column=name, least=FIRST_YEAR, most=LAST_YEAR
            )
            years = pc.year(found)
            self._blame(pc.or_(pc.less(years, FIRST_YEAR), pc.greater(years, LAST_YEAR)), raw, message)
        return found

    def _text(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        if _lowest(raw) == 0:  # signs of no meaning that some programs stop at
            raw = _none_if_empty(pc.replace_substring(raw, "\x00", ""))
        return raw if _is_composed(raw) else pc.utf8_normalize(raw, form="NFC")

    def _language(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        tags = [re.split(r"[-_]", w.strip().lower())[0] for w in coded.dictionary.to_pylist()]
        tags = [t if re.fullmatch(r"[a-z]{2,3}", t) and t != "und" else None for t in tags]
        return pa.array(tags, pa.string()).take(coded.indices)

    def _word(self, raw: pa.Array, name: str, field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        words = [_allowed(word, field.words) for word in coded.dictionary.to_pylist()]
        found = pa.array(words, pa.string()).take(coded.indices)
        message = _("{column}: must be one of {words}").format(column=name, words=", ".join(field.words))
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        return found

    def _flag(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        flags = [FLAGS.get(w.strip().lower()) for w in coded.dictionary.to_pylist()]
        found = pa.array(flags, pa.bool_()).take(coded.indices)
        self._blame(
            pc.and_(pc.is_null(found), pc.is_valid(raw)),
            raw,
            _("{column}: must be true or false").format(column=name),
        )
        return found

    def _whole(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        return self._numbers(raw, name, pa.int32(), whole)

    def _number(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        return self._numbers(raw, name, pa.float64(), decimal)

    def _hours(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        return self._numbers(raw, name, pa.float64(), _length)

    def _money(self, raw: pa.Array, name: str, field: Field) -> pa.Array:
        """1.200 may be twelve hundred or one and a fifth: without a format such a row is a problem."""
        if name not in self.formats:
            doubtful = pc.match_substring_regex(raw, r"^\s*[0-9]{1,3}[.,][0-9]{3}\s*$")
            message = _("{column}: may be two numbers").format(column=name)
            hint = _("Write it without a sign between its thousands, and with at most two decimals.")
            self._blame(pc.fill_null(doubtful, False), raw, message, lambda _text: hint)
        return self._number(raw, name, field)

    def _numbers(
        self, raw: pa.Array, name: str, kind: pa.DataType, read: Callable[[str], float | None]
    ) -> pa.Array:
        pattern = self.formats.get(name)  # with one, 1.480 may be more than a thousand
        try:
            found = raw.cast(kind)
            low, high = pc.min_max(found).as_py().values()
            plain = low is None or (high < np.inf and (low >= 0 or (kind == pa.float64() and low > -np.inf)))
            if plain and not pattern and not pc.any(pc.is_nan(found)).as_py():
                return found
        except pa.ArrowInvalid:
            pass
        coded = raw.dictionary_encode()
        numbers = [read(ungrouped(v, pattern)) for v in coded.dictionary.to_pylist()]
        found = pa.array(numbers, kind).take(coded.indices)
        self._blame(
            pc.and_(pc.is_null(found), pc.is_valid(raw)),
            raw,
            _("{column}: not a number I can use").format(column=name),
            how_to_count if kind == pa.int32() else lambda _text: "",
        )
        return found

    def _uri(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        """Addresses stay; a bare number becomes the network's own address for it."""
        if _lowest(raw) <= ord(" "):
            raw = _none_if_empty(pc.ascii_trim_whitespace(raw))
            broken = pc.match_substring_regex(raw, r"[\x00-\x20]")
            self._blame(broken, raw, _("{column}: no address has blanks in it").format(column=name))
        address = pc.fill_null(pc.match_substring(raw, ":"), True)
        if pc.all(address).as_py():
            return raw
        networks = self.networks.cast(pa.string()) if self.networks is not None else None
        if networks is None:
            networks = pa.repeat("other", len(raw))
        bare = pc.binary_join_element_wise(networks, raw, ":post:")
        on_x = pc.fill_null(pc.equal(networks, "x"), False)
        bare = pc.if_else(on_x, pc.binary_join_element_wise("https://x.com/i/status/", raw, ""), bare)
        return pc.if_else(address, raw, bare)


def _day_or_time(text: str) -> datetime | None:
    """A time as tables write it, else a day as people do; one that depends on today ("yesterday") is none in a file."""
    found = moment(text, None)
    if found is None and re.search(r"\d{4}", text):
        with contextlib.suppress(UsageError):
            found = datetime.combine(day_said(text, EPOCH.date(), toward="past"), time(), UTC)
    return found


def _length(text: str) -> float | None:
    """Hours as a number, else as people write them: 1:30, 90m."""
    found = decimal(text)
    if found is None:
        with contextlib.suppress(UsageError):
            found = hours_said(text)
    return found


def _none_if_empty(raw: pa.Array) -> pa.Array:
    if pa.types.is_null(raw.type):
        return raw.cast(pa.string())
    sizes = pc.binary_length(raw)
    if pc.min(sizes).as_py() != 0:
        return raw
    return pc.if_else(pc.equal(sizes, 0), pa.scalar(None, raw.type), raw)


def _bytes_of(raw: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of a column of strings, and where each string begins and the last one ends in them."""
    data = raw.buffers()[2]
    if data is None or not len(raw):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    offsets = np.frombuffer(raw.buffers()[1], np.int32)[raw.offset : raw.offset + len(raw) + 1]
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]


def _lowest(raw: pa.Array) -> int:
    """The smallest byte in a column of strings: whether there are blanks and the like in it at all."""
    return int(_bytes_of(raw)[0].min(initial=255))


def _is_composed(raw: pa.Array) -> bool:
    """Whether all texts are in NFC, as nearly all are; looking costs a tenth of bringing them into it.

    Letters below U+0300 (in UTF-8 all that begin below 0xCC) are so in any case: only texts with others are read.
    """
    signs, offsets = _bytes_of(raw)
    places = np.flatnonzero(signs >= 0xCC)
    rows = np.unique(np.searchsorted(offsets, places, side="right") - 1)
    return all(unicodedata.is_normalized("NFC", text) for text in raw.take(pa.array(rows)).to_pylist())


def _allowed(word: str, words: tuple[str, ...]) -> str | None:
    plain = word.strip().lower()
    return plain if plain in words else None


def _as_words(raw: pa.Array) -> pa.Array:
    """Lists in JSON as words with blanks between; other strings as they are."""
    listed = pc.starts_with(raw, "[")
    if not pc.any(listed).as_py():
        return raw
    plain = pc.match_substring_regex(raw, _LISTED)
    words = pc.if_else(plain, pc.replace_substring(pc.ascii_trim(raw, '[]"'), '","', " "), raw)
    if pc.all(pc.or_(plain, pc.invert(listed))).as_py():
        return words
    return pa.array(map(_words, words.to_pylist()), pa.string())


def _words(text: str) -> str:
    try:
        return " ".join(
            str(v) for v in msgspec.json.decode(text, type=list[object]) if isinstance(v, str | int)
        )
    except (msgspec.DecodeError, RecursionError):
        return text


_PLAIN: dict[Network, str] = {
    "mastodon": r"^acct:[a-z0-9_.~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$",
    "x": r"^https://x\.com/(i/user/[0-9]+|[a-z0-9_]{1,20})$",
    "bluesky": r"^did:(plc|web):[A-Za-z0-9._:%-]+$",
}


def _spelled(spellings: pa.Array, network: str | None) -> pa.Array:
    """The canonical spelling of each; what is canonical already is not looked at one by one."""
    plain = _PLAIN.get(cast("Network", network))
    if plain:
        odd = pc.invert(pc.fill_null(pc.match_substring_regex(spellings, plain), True))
        if not pc.any(odd).as_py():
            return spellings
        spelled = [_canonical(s, network) for s in spellings.filter(odd).to_pylist()]
        return pc.replace_with_mask(spellings, odd, pa.array(spelled, pa.string()))
    return pa.array([_canonical(s, network) for s in spellings.to_pylist()], pa.string())


@lru_cache(maxsize=200_000)
def _canonical(spelling: str | None, network: str | None) -> str | None:
    if spelling is None or network not in NETWORKS:
        return None
    try:
        return account_uri(spelling, network)
    except BadNameError:
        return None


def _statements(table: pa.Table, noun: str) -> Iterator[Statement]:
    for row in table.to_pylist():
        at = row.pop("happened_at", EPOCH)  # that accounts are one person holds at any time
        name = row.pop("statement", None)
        body = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if v is not None}
        yield Statement(kind=noun, happened_at=at, body=body, statement=name)  # type: ignore[arg-type]
