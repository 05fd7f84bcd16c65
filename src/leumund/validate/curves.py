"""Growth curves from a table: one row a count (series, date, count), or one column a series beside the dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.measures.goals.curves import Days
from leumund.validate import said
from leumund.validate.edges import seconds_of
from leumund.validate.tables import Numbers, Sheet, is_number, look, numbers

_WHEN = (
    "date",
    "datum",
    "tag",
    "day",
    "time",
    "timestamp",
    "datetime",
    "seen_at",
    "at",
    "created_at",
    "month",
    "when",
)
_WEEK = ("week", "week_number", "t")
_WHO = (
    "series",
    "account",
    "name",
    "handle",
    "username",
    "user",
    "id",
    "channel",
    "source",
    "repo",
    "entity",
    "konto",
    "reihe",
)
_COUNT = (
    "count",
    "followers",
    "followers_count",
    "follower_count",
    "value",
    "n",
    "total",
    "subscribers",
    "members",
    "users",
    "stars",
    "y",
)
_DAY = 86_400.0
_MONTHS = 12
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,' \u00a0]\d{3})+|\d{1,3}(?:\.\d{3}){2,}")
_FIRST_NUMBERED = 10_000
_MOST_COUNT = 1e12  # more of anything was counted by nobody
_HINT = N_("Wanted: series,date,count; or the dates in the first column and one column for each series.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of each series: days since 1970, rising, each once, and the counts. told: how it was read."""

    series: Mapping[str, tuple[Days, Numbers]]
    told: tuple[str, ...]


def read_counts(path: Path) -> Counts:
    """The counts of a table, of several of one day the last one in the file.

    Dates are as ISO 8601 or Germans write them, or with strokes (or seconds since 1970); a column "week" holds whole numbers. With strokes
    the month stands first unless some date of the file cannot be read so. Rows without a date,
    or without a count between 0 and 1e12, are left out and counted.

    Raises:
        UnreadableFileError: no table, or nothing in it that could be a growth curve.
    """
    sheet = look(path, comments=True)
    when, who, columns = _columns(sheet)
    order = [when, *([] if who is None else [who]), *columns]
    days, names, counts = [], [], []
    parts = list(sheet.read(order))
    if not parts:
        raise UnreadableFileError(path, _("there is no count in it"), hint=_(_HINT))
    whole = pa.concat_tables(parts)
    day = _days(whole["0"], sheet.names[when] if sheet.has_header else "")
    labels = None if who is None else whole["1"].to_numpy(zero_copy_only=False).astype(str)
    undated, odd = int(np.isnan(day).sum()), 0
    for place, column in enumerate(columns, len(order) - len(columns)):
        count = _counts(whole[str(place)])
        good = np.isfinite(day) & np.isfinite(count) & (count >= 0) & (count <= _MOST_COUNT)
        odd += int((np.isfinite(day) & ~good).sum())
        days.append(day[good].astype(np.int64))
        counts.append(count[good])
        own = sheet.first[column].strip() if sheet.has_header else ""
        names.append(np.full(int(good.sum()), own) if labels is None else labels[good])
    found = _by_series(np.concatenate(names), np.concatenate(days), np.concatenate(counts))
    if not found:
        raise UnreadableFileError(path, _("there is no count in it"), hint=_(_HINT))
    left_out = {"undated": undated, "odd": odd if who is not None else 0, "broken": sheet.left_out}
    told = said(
        N_(
            "Left out: {undated} rows without a date, {odd} without a count, {broken} with too few or too many cells."
        ),
        **left_out,
    )
    return Counts(series=found, told=(told,) if any(left_out.values()) else ())


def _columns(sheet: Sheet) -> tuple[int, int | None, list[int]]:
    """Where the date stands, the series (None: each column is one), and the counts; sets whether there is a header."""
    names = sheet.names
    sheet.has_header = not any(is_number(cell) for cell in sheet.first)
    if not sheet.has_header:
        return (0, None, [1]) if len(names) == 2 else (1, 0, [2])
    if len(names) < 2:
        raise UnreadableFileError(sheet.path, _("it has one column only"), hint=_(_HINT))
    when = next((names.index(w) for w in (*_WHEN, *_WEEK) if w in names), 0)
    who = next((names.index(w) for w in _WHO if w in names and names.index(w) != when), None)
    count = next((names.index(w) for w in _COUNT if w in names and names.index(w) not in {when, who}), None)
    rest = [i for i in range(len(names)) if i not in {when, who}]
    if who is None:
        return (
            when,
            None,
            rest if count is None or (len(rest) > 1 and not _one_count(names, rest)) else [count],
        )
    if count is None:
        count = next((i for i in rest if i < len(sheet.second) and is_number(sheet.second[i])), None)
    if count is None:
        raise UnreadableFileError(sheet.path, _("no column holds numbers"), hint=_(_HINT))
    return when, who, [count]


def _one_count(names: tuple[str, ...], rest: list[int]) -> bool:
    """Whether columns beside the date tell different things of one series: exactly one has a name for counts."""
    return sum(names[i] in _COUNT for i in rest) == 1


def _days(cells: pa.ChunkedArray, name: str) -> Numbers:
    """Days since 1970, NaN for what is no date."""
    plain = numbers(cells)
    known = np.isfinite(plain)
    if name in _WEEK and known.any() and np.nanmax(np.abs(plain)) < 1e5:
        return plain * 7 + _FIRST_NUMBERED
    if known.any() and known.all() and np.abs(plain).max() < 1e5:  # days numbered somehow
        return np.floor(plain)
    found: Numbers = np.floor(seconds_of(cells) / _DAY)
    for i in np.flatnonzero(np.isnan(found)).tolist():
        if german := _GERMAN_DAY.match(cells[i].as_py().strip()):
            found[i] = _day(*(int(n) for n in german.groups()))
    slashed = [
        (i, m)
        for i in np.flatnonzero(np.isnan(found)).tolist()
        if (m := _SLASHED_DAY.match(cells[i].as_py().strip()))
    ]
    months_first = all(int(m[1]) <= _MONTHS for _i, m in slashed)
    for i, match in slashed:
        first, second, year = (int(n) for n in match.groups())
        found[i] = _day(second, first, year) if months_first else _day(first, second, year)
    return found


def _day(day: int, month: int, year: int) -> float:
    try:
        return float((date(year, month, day) - date(1970, 1, 1)).days)
    except ValueError:
        return float("nan")


def _counts(cells: pa.ChunkedArray) -> Numbers:
    """The counts, also those written 12,345 or 1.234.567."""
    found = numbers(cells)
    for i in np.flatnonzero(np.isnan(found)).tolist():
        text = cells[i].as_py().strip()
        if _THOUSANDS.fullmatch(text):
            found[i] = float(re.sub(r"\D", "", text))
    return found


def _by_series(names: npt.NDArray[np.str_], days: Days, counts: Numbers) -> dict[str, tuple[Days, Numbers]]:
    found = {}
    order = np.lexsort((np.arange(len(days)), days, names))
    names, days, counts = names[order], days[order], counts[order]
    if not len(names):
        return {}
    starts = np.flatnonzero(np.append(True, names[1:] != names[:-1])).tolist()
    for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
        day, count = days[start:end], counts[start:end]
        last = np.append(day[1:] != day[:-1], True)
        found[str(names[start])] = (day[last], count[last])
    return found
