"""Single values of tables, as people and programs write them: times, counts, amounts, yes and no."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leumund.errors import UsageError
from leumund.locale import _
from leumund.spoken.amounts import hours_said
from leumund.spoken.days import day_said

MOMENT = pa.timestamp("us", tz="UTC")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Times a lab can hold; year 1 is what programs write that do not know."""
_GERMAN = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: Uhr)?)?", re.ASCII
)
_CURRENCY = re.compile(r"\A(?:€|\$|£|EUR|CHF|USD|GBP)\s*|\s*(?:€|\$|£|EUR|CHF|USD|GBP|Fr\.)\Z", re.IGNORECASE)
_GROUPED = re.compile("[0-9]{1,3}(?:[.,'’ \u00a0\u2009\u202f][0-9]{3}){1,6}")  # 1.200, 1,200, 1 200, 1'200
_UNITS = {"unix": timedelta(seconds=1), "unix ms": timedelta(milliseconds=1)}
FLAGS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "ja": True, "nein": False,
          "t": True, "f": False, "wahr": True, "falsch": False}  # fmt: skip


def moments(raw: pa.Array) -> pa.Array | None:
    """A whole column of ISO 8601, all with a zone or all without; None where it is not so plain."""
    for kind in (MOMENT, pa.timestamp("us")):
        try:
            found = raw.cast(kind)
        except pa.ArrowInvalid:
            continue
        found = found.view(MOMENT)
        bounds = pc.min_max(found.view(pa.int64())).as_py()
        if bounds["min"] is None or (_micros(_FIRST) <= bounds["min"] and bounds["max"] <= _micros(_LAST)):
            return found
        inside = pc.and_(
            pc.greater_equal(found, pa.scalar(_FIRST, MOMENT)),
            pc.less_equal(found, pa.scalar(_LAST, MOMENT)),
        )
        return pc.if_else(inside, found, pa.scalar(None, MOMENT))
    return None


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(text: str, pattern: str | None) -> datetime | None:
    """A time in UTC; a date alone is its midnight; without a zone it is UTC."""
    text = text.strip()
    try:
        if pattern in _UNITS:
            found = EPOCH + float(text) * _UNITS[pattern]
        elif pattern:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007  the zone is looked at below
        elif german := _GERMAN.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in german.groups())
            found = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        elif len(text) <= len("2026-01-01"):
            found = datetime.combine(date.fromisoformat(text), time())
        elif text.isdecimal():  # seconds since 1970 or what else: a mapping can say so
            return None
        else:
            found = datetime.fromisoformat(text.upper())
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if found >= _FIRST else None


def whole(text: str) -> int | None:
    """A count; "3.0" is what some programs make of 3."""
    plain = text.strip().lower()
    try:
        number = int(plain, 16) if plain.startswith("0x") else int(plain.removesuffix(".0"))
    except ValueError:
        return None
    return number if 0 <= number < 2**31 else None


def ungrouped(text: str, pattern: str | None) -> str:
    """A number without its currency and, where a pattern such as 1.234,56 tells the signs, in plain writing.

    >>> ungrouped("1.480 €", "1.234,56"), ungrouped("CHF 1'480.50", "1'234.56"), ungrouped("12 €", None)
    ('1480', '1480.50', '12')
    """
    plain = _CURRENCY.sub("", text.strip())
    if pattern:
        *groups, point = [sign for sign in pattern if not sign.isdigit()]
        for sign in groups:
            plain = plain.replace(sign, "")
        plain = plain.replace(point, ".")
    return plain


def how_to_count(text: str) -> str:
    """How to write a whole number that stands there with points, commas or blanks between its thousands."""
    if not _GROUPED.fullmatch(text.strip()):
        return ""
    return _("Write it with digits alone: {number}").format(number=re.sub("[^0-9]", "", text))


def decimal(text: str) -> float | None:
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


def day_or_time(text: str) -> datetime | None:
    """A time as tables write it, else a day as people do; one that depends on today ("yesterday") is none in a file."""
    found = moment(text, None)
    if found is None and re.search(r"\d{4}", text):
        with contextlib.suppress(UsageError):
            found = datetime.combine(day_said(text, EPOCH.date(), toward="past"), time(), UTC)
    return found


def length(text: str) -> float | None:
    """Hours as a number, else as people write them: 1:30, 90m."""
    found = decimal(text)
    if found is None:
        with contextlib.suppress(UsageError):
            found = hours_said(text)
    return found


def allowed(word: str, words: tuple[str, ...]) -> str | None:
    """The word as we write it; None where it is none of these."""
    plain = word.strip().lower()
    return plain if plain in words else None
