"""Lists of JSON records from files nobody vouches for: split into pages, decoded one by one.

    bytes of a file -> as_utf8 -> split_records -> pages -> (stored) -> page_records -> decode -> record

The quick way (msgspec) is taken wherever the file is as it should be; where it is not, a slow and
patient one finds the records up to the place where it breaks. What a page holds is sound JSON.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from leumund.events import Problem
from leumund.locale import N_, _
from leumund.sources import Page

T = TypeVar("T")
RECORDS_PER_PAGE = 1_000
LONGEST_RECORD = 16 << 20  # characters
_CHUNK = 1 << 20
_SURROGATES = re.compile("[\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

NOT_UTF8 = N_(
    "{count} characters were not stored as UTF-8; they were read as Western European (Windows-1252)."
)
BROKEN_AT = N_("the file is broken or cut off after item {count}; what stands before it was read.")
NOT_JSON = N_("the file does not hold what it should: {why}.")
HINT_AGAIN = N_("Download the archive again; a complete download often mends it.")


class RecordError(ValueError):
    """A record that cannot be used; the text says why, for the person."""


def clean(text: str) -> str:
    """The text in NFC, without NUL and without halves of characters that mean nothing alone.

    >>> clean("Gru" + chr(0x308) + "ße" + chr(0) + chr(0xD800))
    'Grüße'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SURROGATES.sub("", text))
    return text.replace("\x00", "")


def tidy(text: str | None) -> str | None:
    """Cleaned and stripped; None where nothing is left."""
    return (clean(text).strip() or None) if text else None


def utc_time(text: str) -> datetime:
    """A time as ISO 8601 writes it, in UTC (taken to be UTC where no zone is named).

    >>> utc_time("2024-03-05T12:00:00+01:00").isoformat()
    '2024-03-05T11:00:00+00:00'

    Raises:
        RecordError: no such time.
    """
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RecordError(_("“{text}” is no time").format(text=text[:60])) from None


def as_utf8(data: bytes) -> tuple[bytes, int]:
    """The bytes as UTF-8 without a mark, and how many bytes had to be read as Windows-1252 for it."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            data = (
                data[len(mark) :] if name == "utf-8" else data[len(mark) :].decode(name, "replace").encode()
            )
            break
    else:
        if len(data) > 3 and (data[1] == 0) != (data[0] == 0):
            data = data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace").encode()
    data = data.rstrip(b"\x00")  # disks that failed leave them
    check = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK):
            check.decode(data[start : start + _CHUNK])
        check.decode(b"", final=True)
    except UnicodeDecodeError:
        return _mended(data)
    return data, 0


def _mended(data: bytes) -> tuple[bytes, int]:
    count = 0

    def as_windows(error: UnicodeError) -> tuple[str, int]:
        nonlocal count
        assert isinstance(error, UnicodeDecodeError)
        bad = error.object[error.start : error.end]
        count += len(bad)
        return "".join(_WINDOWS[byte] for byte in bad), error.end

    codecs.register_error("leumund_windows", as_windows)
    return data.decode("utf-8", "leumund_windows").encode(), count


_WINDOWS = tuple(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))


class _Collection(msgspec.Struct):
    ordered: list[msgspec.Raw] | None = msgspec.field(name="orderedItems", default=None)
    items: list[msgspec.Raw] | None = None


def split_records(data: bytes, *, key: str | None = None) -> tuple[list[bytes | msgspec.Raw], bool]:
    """The records of a JSON list (or of the list at `key` or "items" of an object), and whether that was all.

    Raises:
        RecordError: there is no such list.
    """
    try:
        if key is None:
            return list(msgspec.json.decode(data, type=list[msgspec.Raw])), True
        found = msgspec.json.decode(data, type=_Collection)
        records = found.ordered if found.ordered is not None else found.items
        if records is not None:
            return list(records), True
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return _patiently(data, key)


def _patiently(data: bytes, key: str | None) -> tuple[list[bytes | msgspec.Raw], bool]:
    start = 0
    if key is not None:
        match = re.search(rb'"(?:orderedItems|items)"\s*:\s*(?=\[)', data)
        if not match:
            raise RecordError(_("no list of items"))
        start = match.end()
    text = _Window(data, start)
    if text.next_sign() != "[":
        raise RecordError(_("no list of items"))
    text.at += 1
    records: list[bytes | msgspec.Raw] = []
    while True:
        sign = text.next_sign()
        if sign == "]":
            return records, True
        if sign == "," and records:
            text.at += 1
            if text.next_sign() == "]":  # a comma too many
                return records, True
        try:
            records.append(json.dumps(_cleaned(text.next_value())).encode())
        except (ValueError, RecursionError):
            return records, False


class _Window:
    """The text of a large file, a piece at a time."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data, self._next = data, start
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._json = json.JSONDecoder(
            strict=False, parse_constant=lambda _name: None
        )  # control characters, NaN: let pass
        self.text, self.at = "", 0

    def _more(self) -> bool:
        if self._next >= len(self._data):
            return False
        self.text = self.text[self.at :] + self._decode.decode(self._data[self._next : self._next + _CHUNK])
        self.at, self._next = 0, self._next + _CHUNK
        return True

    def next_sign(self) -> str:
        """The next character that is not space, left in place; "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n\ufeff":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def next_value(self) -> Any:
        while True:
            try:
                value, self.at = self._json.raw_decode(self.text, self.at)
            except ValueError:
                if len(self.text) - self.at > LONGEST_RECORD or not self._more():
                    raise
            else:
                return value


def _cleaned(value: Any) -> Any:
    """A decoded JSON value with every text cleaned."""
    if isinstance(value, str):
        return _SURROGATES.sub("", value).replace("\x00", "")
    if isinstance(value, list):
        return [_cleaned(v) for v in value]
    if isinstance(value, dict):
        return {_cleaned(k): _cleaned(v) for k, v in value.items()}
    return value


def join(records: Sequence[bytes | msgspec.Raw]) -> bytes:
    """Records as one JSON list."""
    return b"[" + b",".join(map(bytes, records)) + b"]"


def page_records(page: Page) -> Iterator[tuple[int, msgspec.Raw]]:
    """The records of a page with the number of each in its file."""
    yield from enumerate(msgspec.json.decode(page.data, type=list[msgspec.Raw]), start=page.first)


def decode(raw: bytes | msgspec.Raw, kind: type[T]) -> T:
    """The record as `kind`.

    Raises:
        RecordError: it does not have that shape; says in which field.
    """
    try:
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.convert(_cleaned(json.loads(bytes(raw), strict=False)), type=kind)
    except (ValueError, RecursionError) as error:
        raise RecordError(_misfit(error)) from None


def _misfit(error: Exception) -> str:
    """In plain words what msgspec says as "Expected `int`, got `str` - at `$.likes`"."""
    text = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return _("the record is broken")
    if match := re.search(r"missing required field `(\w+)`", text):
        return _("“{field}” is missing").format(field=match[1])
    if match := re.search(r"at `\$\.?([^`]+)`", text):
        return _("“{field}” holds something else than it should").format(field=match[1])
    return _("the record has another shape than it should")


def record_problem(page: Page, number: int | str, error: RecordError, *, excerpt: str = "") -> Problem:
    """The problem of one record, with its place: `outbox.json: item 17`; or with a number of its own."""
    where = _("{file}: item {number}").format(file=page.where, number=number)
    return Problem(where=where, message=str(error), excerpt=excerpt)


def problem_data(where: str, message: str, hint: str = "", **facts: str | int) -> bytes:
    """A problem that fetch met, as the data of a page of the kind "problem"; texts are marked, not translated."""
    plain = {name: str(value) if isinstance(value, str) else value for name, value in facts.items()}
    return msgspec.json.encode(
        [{"where": str(where), "message": str(message), "hint": str(hint), "facts": plain}]
    )


class _Told(msgspec.Struct):
    where: str
    message: str
    hint: str = ""
    facts: Mapping[str, str | int] = {}


def parse_problems(page: Page) -> Iterator[Problem]:
    """The problems of a page of the kind "problem"."""
    for told in msgspec.json.decode(page.data, type=list[_Told]):
        yield Problem(where=told.where, message=_(told.message).format(**told.facts), hint=_(told.hint))
