"""Days as people write them: 1.3.2027, 1. März 2027, March 1 2027, 2027-03-01, Ende März, yesterday, in 6 weeks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Literal

from leumund.errors import UsageError
from leumund.locale import _

Toward = Literal["past", "future"]
"""Where a day without a year is looked for: what happened lies in the past, what is planned in the future."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
_MONTHS = (
    ("january", "januar", "jänner", "jan"),
    ("february", "februar", "feber", "feb"),
    ("march", "märz", "maerz", "mar", "mär", "mrz"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nov"),
    ("december", "dezember", "dec", "dez"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAME = r"(?P<name>" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})"
_NEAR = {
    "today": 0, "heute": 0, "now": 0, "jetzt": 0, "yesterday": -1, "gestern": -1, "vorgestern": -2,
    "day before yesterday": -2, "tomorrow": 1, "morgen": 1, "übermorgen": 2,
}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "einem": 1, "einer": 1, "two": 2, "zwei": 2, "three": 3, "drei": 3, "four": 4, "vier": 4,
    "five": 5, "fünf": 5, "six": 6, "sechs": 6, "twelve": 12, "zwölf": 12,
}  # fmt: skip
_UNIT_DAYS = {"day": 1, "tag": 1, "week": 7, "woche": 7}
_UNIT_MONTHS = {"month": 1, "monat": 1, "year": 12, "jahr": 12}
_AWAY = re.compile(
    rf"(?P<lead>in|vor)?\s*(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}) "
    r"(?P<unit>day|tag|week|woche|month|monat|year|jahr)(?:e|en|s|n)?(?P<ago> ago)?"
)
_PARTS = {
    "anfang": "first", "beginning of": "first", "start of": "first", "early": "first", "mitte": "middle",
    "middle of": "middle", "mid": "middle", "ende": "last", "end of": "last", "late": "last",
}  # fmt: skip


def day_said(text: str, today: date, *, toward: Toward) -> date:
    """The day that is meant. A month alone is its last day, or with "Anfang"/"early" its first; so is a year.

    today: what "yesterday" is reckoned from. toward: of the days that a text without a year may mean, the nearest one
    on that side, today included.

    >>> day_said("bis Ende März", date(2026, 11, 23), toward="future")
    datetime.date(2027, 3, 31)
    >>> day_said("March 1st", date(2026, 11, 23), toward="past")
    datetime.date(2026, 3, 1)

    Raises:
        UsageError: it is no day, or may be two (03/04/2027).
    """
    plain = re.sub(r"\s+", " ", text.strip().lower().rstrip(".!"))
    plain = (
        re.sub(r"^(bis|by|until|till|am|on|seit|since|vom|from|zum|spätestens)\b ?(zum )?", "", plain)
        .removeprefix("the ")
        .strip()
    )
    for read in (_near, _away, _numbers, _slashed, _named, _month, _year):
        try:
            found = read(plain, today, toward)
        except (ValueError, OverflowError):  # the 31st of February
            break
        if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    hint = _("Write it like 2026-03-31, 31.3.2026 or March 31 2026.")
    raise UsageError(_("“{text}” is no day I can read.").format(text=text), hint=hint)


def _near(text: str, today: date, _toward: Toward) -> date | None:
    return today + timedelta(days=_NEAR[text]) if text in _NEAR else None


def _away(text: str, today: date, _toward: Toward) -> date | None:
    """In 6 weeks, vor zwei Tagen, a month ago."""
    found = _AWAY.fullmatch(text)
    if found is None or not (found["lead"] or found["ago"]):
        return None
    count = _COUNTS.get(found["count"]) or int(found["count"])
    sign = -1 if found["ago"] or found["lead"] == "vor" else 1
    if found["unit"] in _UNIT_DAYS:
        return today + timedelta(days=sign * count * _UNIT_DAYS[found["unit"]])
    months = today.year * 12 + today.month - 1 + sign * count * _UNIT_MONTHS[found["unit"]]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, _last(year, month + 1).day))


def _numbers(text: str, today: date, toward: Toward) -> date | None:
    """2027-03-01 and 1.3.2027; 1.3.27 and 1.3. too."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4}|\d{2})?", text):
        day, month = int(found[1]), int(found[2])
        if found[3]:
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
        return _nearest(partial(_on, month, day), today, toward)
    return None


def _slashed(text: str, _today: date, _toward: Toward) -> date | None:
    """31/3/2027 and 3/31/2027 can be told apart, 3/4/2027 cannot."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if found is None:
        return None
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        one, other = date(year, first, second).isoformat(), date(year, second, first).isoformat()
        raise UsageError(
            _("“{text}” may be two days: {one} or {other}.").format(text=text, one=one, other=other),
            hint=_("Write the one you mean like that."),
        )
    return date(year, second, first) if first > 12 else date(year, first, second)


def _named(text: str, today: date, toward: Toward) -> date | None:
    """1. März 2027, 1 March 2027, March 1st, 2027; without the year too."""
    for pattern in (
        rf"{_DAY}(?:\.|st|nd|rd|th)?(?: of)? ?{_NAME},?(?: ?{_YEAR})?",
        rf"{_NAME} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?",
    ):
        if found := re.fullmatch(pattern, text):
            day, month = int(found["day"]), _MONTH[found["name"]]
            if found["year"]:
                return date(int(found["year"]), month, day)
            return _nearest(partial(_on, month, day), today, toward)
    return None


def _month(text: str, today: date, toward: Toward) -> date | None:
    """March, Ende März, mid-March 2027, 2027-03."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return _last(int(found[1]), int(found[2]))
    part, rest = _part(text)
    found = re.fullmatch(rf"{_NAME}(?: {_YEAR})?", rest)
    if found is None:
        return None
    month = _MONTH[found["name"]]

    def of(year: int) -> date:
        if part == "first":
            return date(year, month, 1)
        return date(year, month, 15) if part == "middle" else _last(year, month)

    return of(int(found["year"])) if found["year"] else _nearest(of, today, toward)


def _year(text: str, today: date, toward: Toward) -> date | None:
    """Ende 2027, the end of the year."""
    part, rest = _part(re.sub(r"^(jahresende|year-?end)$", "ende des jahres", text))
    if rest in ("des jahres", "the year", "dieses jahres", "this year"):
        rest = str(today.year)
    found = re.fullmatch(_YEAR, rest)
    if found is None or (part is None and toward == "past"):
        return None
    year = int(found["year"])
    return (
        date(year, 1, 1) if part == "first" else date(year, 6, 30) if part == "middle" else date(year, 12, 31)
    )


def _part(text: str) -> tuple[str | None, str]:
    for words, part in _PARTS.items():
        if text.startswith((words + " ", words + "-")):
            return part, text[len(words) + 1 :]
    return None, text


def _on(month: int, day: int, year: int) -> date:
    return date(year, month, day)


def _last(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _nearest(of: Callable[[int], date], today: date, toward: Toward) -> date | None:
    """The nearest of the days that one may be in each year; the 29th of February is not in each."""
    years = range(today.year, today.year + 9) if toward == "future" else range(today.year, today.year - 9, -1)
    for year in years:
        try:
            day = of(year)
        except ValueError:
            continue
        if (day >= today) if toward == "future" else (day <= today):
            return day
    return None
