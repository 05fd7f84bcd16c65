"""How a value of each column kind is written in the language in use.

Unknown is a word, never 0 and never nothing. A value is never rounded to a false zero or a false hundred per
cent: then it gets more decimals than its neighbours. Accounts must come as people write them, not as keys.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from leumund.clean import clean
from leumund.locale import _, code
from leumund.measures import Column, ColumnKind, Note
from leumund.spoken.zones import here, on_the_clock
from leumund.views import vague
from leumund.views.words import word

NUMERIC: frozenset[ColumnKind] = frozenset({"whole", "number", "points", "share"})
PLACES = frozenset({"rank", "place", "position"})
"""Columns that hold a place among others."""
MINUS = "−"
_NBSP = "\u00a0"
_MOST_DECIMALS = 4
_NUMBERING = frozenset({"row", "goal", "step", "pair", "turn"})
"""Columns that number the rows: that says nothing about anybody."""
_SAID = "reason"
"""Column, and field of a note, that says in words what was done and how often."""
_ALONE = re.compile(r"(?<=: )\{(\w+)\}(?= of \{| von \{|[.,;)]|\Z)")
_ROUNDED = re.compile(r"(\+?)\.(\d)([f%])")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_KEPT = re.compile(
    r"(?:^|_)(?:days|weeks|months|years|hours|minutes|least|most|fewest|planned|pairs|target)(?:_|$)"
)
_BOUND = re.compile(r"\{low\b")
_INTERVAL = re.compile(r"\s*\([^()]*\{(?!until)(?:\w+_)?low(?:_more)?\b[^()]*\)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_unknown(value: Any) -> bool:
    """Whether a value says nothing: None, or a number that is none."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def known(value: Any) -> float | None:
    """The value as a number, None if it is unknown."""
    return None if is_unknown(value) else float(value)


def unknown(*, narrow: bool = False) -> str:
    """The word for what nobody knows; narrow: a question mark, to be explained beneath."""
    return "?" if narrow else _("unknown")


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with the thousands and decimal marks of the language, and a real minus sign.

    Where words are written instead of numbers (`vague`), how many roughly; `HIDDEN` for what cannot be counted.

    >>> number(-1234.5, 1), number(3, signed=True)
    ('−1,234.5', '+3')
    """
    if vague.is_on():
        return _vaguely(value, decimals, signed=signed)
    if math.isinf(value):
        digits = "∞"
    else:
        digits = f"{abs(value):,.{decimals}f}"
        if code() == "de":
            digits = digits.translate(str.maketrans(",.", ".,"))
    is_zero = not any(c in "123456789∞" for c in digits)
    sign = "" if is_zero else MINUS if value < 0 else "+" if signed else ""
    return sign + digits


def alone(value: int) -> str:
    """How many, where the figure stands for itself behind a colon.

    >>> alone(1234)
    '1,234'
    """
    return vague.alone(value) if vague.is_on() else number(value)


def span(value: float) -> str:
    """How many days, weeks or places there are: a length or a limit stays a figure where words are written.

    >>> span(1234)
    '1,234'
    """
    with vague.in_words(False):
        return number(value)


HIDDEN = "⋯"
"""What stands for a figure that words cannot tell: a score, an amount."""


def _vaguely(value: float, decimals: int, *, signed: bool) -> str:
    if signed:
        return vague.change(value, whole=not decimals)
    return HIDDEN if decimals else vague.count(value)


def as_day(value: Any) -> date:
    """The UTC day of a time, as series and coverage count days: of a date, an aware or naive time, or microseconds since 1970."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    return (_EPOCH + timedelta(microseconds=value)).date()


def as_moment(value: Any) -> datetime:
    """The same as an aware UTC time; a date is its first moment."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return _EPOCH + timedelta(microseconds=value)


def day(value: Any) -> str:
    """A day, or the day of a time as the owner's clocks tell it.

    >>> day(date(2026, 11, 23))
    '23 Nov 2026'
    """
    d = value if _is_date(value) else on_the_clock(as_moment(value))[0]
    if code() == "de":
        return f"{d.day}.{d.month}.{d.year}"
    return f"{d.day} {_MONTHS[d.month - 1]} {d.year}"


def moment(value: Any) -> str:
    """A day and, unless nobody knows it, the time of day by the owner's clocks; of clocks in UTC that is said."""
    if _is_date(value):
        return day(value)
    on, clock = on_the_clock(as_moment(value))
    if not clock:
        return day(on)
    return f"{day(on)}, {clock}" + (" UTC" if str(here()) == "UTC" else "")


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def decimals_for(kind: ColumnKind, values: Sequence[Any]) -> int:
    """How many decimals make the values of one column worth reading; the largest decides.

    >>> decimals_for("number", [1234.5, 0.2]), decimals_for("number", [0.034]), decimals_for("share", [0.31])
    (1, 4, 0)
    """
    if kind == "whole":
        return 0
    sizes = [abs(float(v)) for v in values if not is_unknown(v) and not math.isinf(float(v))]
    largest = max(sizes, default=0.0)
    if kind == "share":
        return 0 if largest >= 0.1 or largest == 0 else 1
    if largest == 0 or largest >= (1 if kind == "points" else 10):
        return 1
    return 2 if largest >= 1 or kind == "points" else 3 if largest >= 0.1 else 4


def written(kind: ColumnKind, value: Any, *, decimals: int | None = None, narrow: bool = False) -> str:
    """One value in the language in use.

    >>> written("points", -4.1), written("share", 0.25), written("flag", True), written("whole", None)
    ('−4.1', '25%', 'yes', 'unknown')
    """
    if is_unknown(value):
        return unknown(narrow=narrow)
    if kind in NUMERIC:
        return _figure(kind, float(value), decimals_for(kind, [value]) if decimals is None else decimals)
    if kind == "flag":
        return _("yes") if value else _("no")
    if kind in ("time", "day"):
        return day(value)
    if kind == "week":
        return _("week of {day}").format(day=day(value))
    if kind == "kind":
        return word(str(value))
    return clean(str(value)) or "–"


def _figure(kind: ColumnKind, value: float, decimals: int) -> str:
    if vague.is_on():
        if kind == "share":
            return vague.share(value)
        return vague.alone(value) if kind == "whole" else _vaguely(value, 1, signed=kind == "points")
    scaled = value * 100 if kind == "share" else value
    while (
        decimals < _MOST_DECIMALS
        and kind != "whole"
        and _misleads(scaled, decimals, whole=100 if kind == "share" else 0)
    ):
        decimals += 1
    said = number(scaled, decimals, signed=kind == "points")
    if value and _misleads(scaled, decimals, whole=0):
        said = "≈" + _NBSP + said
    if kind == "share":
        return said + (_NBSP + "%" if code() == "de" else "%")
    return said


def _misleads(value: float, decimals: int, *, whole: int) -> bool:
    """Whether rounding turns something into nothing, or nearly all into all."""
    if math.isinf(value):
        return False
    shown = round(value, decimals)
    return (shown == 0 and value != 0) or (bool(whole) and shown == whole and value != whole)


def column(described: Column, values: Sequence[Any], *, narrow: bool = False) -> list[str]:
    """All values of one column, with the same number of decimals unless each row is a figure of its own; in words each
    beside the largest.
    """
    if vague.is_on() and described.name in PLACES:
        return [unknown(narrow=narrow) if is_unknown(v) else vague.place(v) for v in values]
    if vague.is_on() and described.name in _NUMBERING:
        return [unknown(narrow=narrow) if is_unknown(v) else span(v) for v in values]
    if vague.is_on() and described.kind == "number" and not described.apart:
        return [said or unknown(narrow=narrow) for said in vague.sizes(values)]
    if described.apart:
        return [written(described.kind, v, decimals=_own_decimals(v), narrow=narrow) for v in values]
    if vague.is_on() and described.name == _SAID and described.kind == "text":
        return [vague.untimed(written("text", v, narrow=narrow)) for v in values]
    decimals = decimals_for(described.kind, values) if described.kind in NUMERIC else None
    return [written(described.kind, v, decimals=decimals, narrow=narrow) for v in values]


def _own_decimals(value: Any) -> int:
    """How many decimals make one figure worth reading: none of whole ones and of hundreds."""
    if is_unknown(value) or math.isinf(float(value)) or float(value).is_integer():
        return 0
    size = abs(float(value))
    return 0 if size >= 100 else 1 if size >= 10 else 2


def any_value(value: Any) -> str:
    """A value of no declared kind: a figure of a reading, or a field of a note."""
    if isinstance(value, bool):
        return written("flag", value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return HIDDEN if vague.is_on() else _bare(written("number", value))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(any_value(v) for v in value)
    if isinstance(value, str) and _ISO_DAY.match(value):
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    return unknown() if value is None else clean(str(value), 200) or "–"


def _bare(said: str) -> str:
    """A number without zeros at the end of its decimals, as it stands in a sentence."""
    point = "," if code() == "de" else "."
    return said.rstrip("0").rstrip(point) if point in said else said


def _truer(value: float, spec: str) -> str:
    """The same format with as many decimals as it takes not to turn something into nothing, or nearly all into all.

    >>> _truer(.028, ".1f"), _truer(-.02, "+.1f"), _truer(0, ".1f"), _truer(.997, ".0%"), _truer(5, "d")
    ('.2f', '+.2f', '.1f', '.1%', 'd')
    """
    if not (found := _ROUNDED.fullmatch(spec)):
        return spec
    sign, decimals, kind = found[1], int(found[2]), found[3]
    scaled, whole = (value * 100, 100) if kind == "%" else (value, 0)
    while decimals < _MOST_DECIMALS and _misleads(scaled, decimals, whole=whole):
        decimals += 1
    return f"{sign}.{decimals}{kind}"


def _grouped(spec: str) -> str:
    """The same format with its thousands told apart, as they are in tables.

    >>> format(29022.4, _grouped(".0f")), format(29022.4, _grouped("+.1f")), format(.264, _grouped(".0%"))
    ('29,022', '+29,022.4', '26%')
    """
    return re.sub(r"^(\+?)(\.\d+f)$", r"\1,\2", spec)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A figure that stays one where words are written."""

    value: Any


class _Fields(string.Formatter):
    """str.format that writes numbers and dates as the language does."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value, first = super().get_field(field_name, args, kwargs)
        if field_name == _SAID and isinstance(value, str) and vague.is_on():
            value = vague.untimed(value)
        return (_Kept(value) if is_kept(field_name) else value), first

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, _Kept):
            with vague.in_words(False):
                return self.format_field(value.value, "" if format_spec == "alone" else format_spec)
        if format_spec == "alone" and (isinstance(value, bool) or not isinstance(value, int)):
            return any_value(value)
        if is_unknown(value):
            return unknown()
        if not format_spec or not isinstance(value, int | float):
            return any_value(value) if not format_spec else clean(format(value, format_spec))
        if vague.is_on():
            return _vague_field(value, format_spec)
        said = format(value, _grouped(_truer(value, format_spec)))
        if code() == "de":
            said = said.translate(str.maketrans(",.", ".,"))
        if said.endswith("%") and code() == "de":
            said = said[:-1] + _NBSP + "%"
        return said.replace("-", MINUS, 1) if said.lstrip().startswith("-") else said


def is_kept(field: str) -> bool:
    """Whether a field of a note says how long, or a limit that it is measured by: that is no figure about anybody.

    >>> is_kept("silent_days"), is_kept("least"), is_kept("followers")
    (True, True, False)
    """
    return bool(_KEPT.search(field))


def _vague_field(value: float, spec: str) -> str:
    if spec == "alone":
        return vague.alone(value) if isinstance(value, int) else any_value(value)
    if spec.endswith("%"):
        return vague.part(value)
    return HIDDEN


def without_interval(text: str) -> str:
    """A text of ours without its interval in brackets where words are written, for between words there is nothing.

    >>> with vague.in_words():
    ...     without_interval("About {n} (most probably {low} to {high}).")
    'About {n}.'
    """
    return _INTERVAL.sub("", text) if vague.is_on() else text


def sentence(note: Note) -> str:
    """A note in the language in use, its numbers and dates too; in words without its interval, and "" where a figure would
    be hidden in it.
    """
    if not vague.is_on():
        return clean(_Fields().vformat(_(note.text), (), note.values))
    text = _ALONE.sub(r"{\1:alone}", without_interval(_(note.text)))
    said = clean(_Fields().vformat(text, (), note.values))
    low, high = (note.values.get(end) for end in ("low", "high"))
    blurred = isinstance(low, int) and isinstance(high, int) and vague.count(low) == vague.count(high)
    blurred = blurred and bool(_BOUND.search(without_interval(note.text)))
    return "" if HIDDEN in said or blurred else vague.opening(said)
