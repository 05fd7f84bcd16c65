"""Reading tables of strings in one of the shapes, column by column.

A table of strings (from CSV or JSON lines) becomes `Rows`: accounts by their canonical names, times
in UTC, numbers as numbers. What does not fit is a `Problem` that names its row; the rest is kept.

Whole columns are read at once where they are plain. Where one value is not, every different value is
read by itself, in the same sense: what a row means never depends on the rows beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.events import NETWORKS, Event, Problem, Rows, Statement
from leumund.locale import _
from leumund.sources.account_columns import canonical, canonical_lists
from leumund.sources.shapes import SHAPES, STATED, Field
from leumund.sources.strings import is_composed, lowest, none_if_empty
from leumund.sources.values import (
    EPOCH,
    FLAGS,
    MOMENT,
    allowed,
    day_or_time,
    decimal,
    how_to_count,
    length,
    moment,
    moments,
    ungrouped,
    whole,
)
from leumund.spoken.amounts import currency_beside
from leumund.spoken.days import FIRST_YEAR, LAST_YEAR


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
    if noun in STATED:
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
        if isinstance(given, pa.ChunkedArray):
            # Long texts are not copied; of the rest the copy lets go what they were read from.
            alone = given.num_chunks == 1 and self.shape[name].type == "text"
            given = given.chunk(0) if alone else given.combine_chunks()
        return none_if_empty(given)

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
        words = [allowed(word, NETWORKS) for word in coded.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(coded.indices, pa.array(words, pa.string()))

    def _account(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        found = canonical(raw, self.networks)
        message = _("{column}: this cannot be an account on that network").format(column=name)
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message)
        return found

    def _accounts(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        """Lists of accounts, given as words or as JSON; what cannot be an account is left out."""
        self._blame(pc.starts_with(raw, "{"), raw, _("{column}: not a list of accounts").format(column=name))
        return canonical_lists(raw, self.networks)

    def _time(self, raw: pa.Array, name: str, _field: Field) -> pa.Array:
        found = moments(raw) if name not in self.formats else None
        if found is None:  # something in it is not plain ISO 8601: one by one then
            coded = raw.dictionary_encode()
            pattern = self.formats.get(name)
            by_hand = self.noun in STATED and pattern is None
            read = day_or_time if by_hand else lambda text: moment(text, pattern)
            times = [read(t) for t in coded.dictionary.to_pylist()]
            found = pa.array(times, MOMENT).take(coded.indices)
        message = _("{column}: not a date or time I can read").format(column=name)
        how = _("Write it like 2026-03-31 or 31.03.2026.") if self.noun in STATED else ""
        self._blame(pc.and_(pc.is_null(found), pc.is_valid(raw)), raw, message, lambda _text: how)
        if self.noun in STATED:  # what somebody says of her own life lies in no other age
            message = _("{column}: must lie between {least} and {most}").format(
                column=name, least=FIRST_YEAR, most=LAST_YEAR
            )
            years = pc.year(found)
            self._blame(pc.or_(pc.less(years, FIRST_YEAR), pc.greater(years, LAST_YEAR)), raw, message)
        return found

    def _text(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        if lowest(raw) == 0:  # signs of no meaning that some programs stop at
            raw = none_if_empty(pc.replace_substring(raw, "\x00", ""))
        return raw if is_composed(raw) else pc.utf8_normalize(raw, form="NFC")

    def _language(self, raw: pa.Array, _name: str, _field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        tags = [re.split(r"[-_]", w.strip().lower())[0] for w in coded.dictionary.to_pylist()]
        tags = [t if re.fullmatch(r"[a-z]{2,3}", t) and t != "und" else None for t in tags]
        return pa.array(tags, pa.string()).take(coded.indices)

    def _word(self, raw: pa.Array, name: str, field: Field) -> pa.Array:
        coded = raw.dictionary_encode()
        words = [allowed(word, field.words) for word in coded.dictionary.to_pylist()]
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
        return self._numbers(raw, name, pa.float64(), length)

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
        if lowest(raw) <= ord(" "):
            raw = none_if_empty(pc.ascii_trim_whitespace(raw))
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


def _statements(table: pa.Table, noun: str) -> Iterator[Statement]:
    for row in table.to_pylist():
        at = row.pop("happened_at", EPOCH)  # that accounts are one person holds at any time
        name = row.pop("statement", None)
        body = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if v is not None}
        yield Statement(kind=noun, happened_at=at, body=body, statement=name)  # type: ignore[arg-type]
