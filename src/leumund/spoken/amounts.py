"""Numbers as people write them: 1.200,50 and 1,200.50, 5k, 1:30 hours, 480 €. What may be two numbers is refused."""

from __future__ import annotations

import re

from leumund.errors import UsageError
from leumund.locale import _

_GROUPS = {
    "german": re.compile(r"[1-9]\d{0,2}(?:[.'’  ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"),
    "english": re.compile(r"[1-9]\d{0,2}(?:[,'’  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"),
}
_THOUSANDS = re.compile(r"(?P<number>[\d.,]+)\s?(?:k|tsd\.?|tausend|thousand)", re.IGNORECASE)
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "£": "GBP", "gbp": "GBP", "chf": "CHF", "fr": "CHF", "franken": "CHF", "francs": "CHF",
}  # fmt: skip
_MONEY = re.compile(r"(?P<before>[^\d\s.,'’+-]+)?\s*(?P<number>\d[\d.,'’  ]*?)\s*(?P<after>[^\d\s.,'’]+)?\.?")
_CLOCK = re.compile(
    r"(?P<h>\d{1,3})(?::| ?(?:h|std|stunden?|hours?)\.? ?)(?P<m>[0-5]\d)(?: ?(?:min\.?|m|minuten|minutes))?"
)
_MINUTES = re.compile(r"(?P<m>\d{1,4}) ?(?:m|min|mins|minuten?|minutes?)\.?")
_HOURS = re.compile(r"(?P<h>[\d.,]+) ?(?:h|std|stunden?|hrs?|hours?)?\.?")
MOST_HOURS = 744.0
"""Of one entry: a month of days and nights."""
MOST_MONEY = 1e12
"""Of one entry, in any currency: more is a slip of the finger."""
MOST_WANTED = 1e10
"""Of a goal: more than there are people."""


def number_said(text: str) -> float:
    """A number in German or in English writing.

    >>> number_said("1.200,50"), number_said("1,200.50"), number_said("1200,5"), number_said("1'200")
    (1200.5, 1200.5, 1200.5, 1200.0)

    Raises:
        UsageError: it is none, or may be two: 1.200.
    """
    plain = text.strip()
    readings = _readings(plain)
    if len(readings) > 1:
        one, other = sorted(readings)
        raise UsageError(
            _("“{text}” may be {one} or {other}.").format(text=text, one=f"{one:g}", other=f"{other:g}"),
            hint=_(
                "Write {other} without a sign between its digits, or {one} with fewer digits after the point."
            ).format(one=f"{one:g}", other=f"{other:g}"),
        )
    if not readings:
        raise _no_number(text)
    return readings.pop()


def count_said(text: str) -> int:
    """A whole number: 5000, 5.000, 5,000, 5 000, 5k.

    Raises:
        UsageError: it is none, or has parts of one.
    """
    plain = text.strip()
    if found := _THOUSANDS.fullmatch(plain):
        value = min(_readings(found["number"]), default=None)
        value = value * 1000 if value is not None else None
    else:
        value = max(_readings(plain), default=None)  # 5.000 is no 5: there is no half follower
    if value is None or value != int(value):
        raise _no_number(text)
    return int(value)


def money_said(text: str) -> tuple[float, str | None]:
    """An amount, rounded to cents, and its currency where one is written. 1.200 is 1200: no money has three decimals.

    >>> money_said("1.200,50 €"), money_said("$1,200"), money_said("480")
    ((1200.5, 'EUR'), (1200.0, 'USD'), (480.0, None))

    Raises:
        UsageError: it is none.
    """
    found = _MONEY.fullmatch(text.strip())
    values = _readings(found["number"].strip()) if found else set()
    words = [w.lower() for w in (found["before"], found["after"]) if w] if found else []
    if not values or len(words) > 1 or any(w not in _CURRENCIES for w in words):
        hint = _("Write it like 1200,50 or 1,200.50 EUR.")
        raise UsageError(_("“{text}” is no amount I can read.").format(text=text), hint=hint)
    value = round(max(values), 2)
    if value > MOST_MONEY or (not value and max(values)):
        raise UsageError(_("{text}: an amount must be a cent or more and at most {most}.").format(
            text=text, most=f"{MOST_MONEY:,.0f}"))  # fmt: skip
    return value, _CURRENCIES[words[0]] if words else None


def currency_said(text: str | None) -> str | None:
    """The code of a currency however it is written; other words in capitals; None for none.

    >>> currency_said("€"), currency_said("euro"), currency_said("sek"), currency_said(" ")
    ('EUR', 'EUR', 'SEK', None)
    """
    plain = (text or "").strip()
    return _CURRENCIES.get(plain.lower(), plain.upper()) or None


def currency_beside(text: str) -> str | None:
    """The code of the currency that stands before or after an amount; None for none.

    >>> currency_beside("480 €"), currency_beside("CHF 12.50"), currency_beside("480")
    ('EUR', 'CHF', None)
    """
    found = _MONEY.fullmatch(text.strip())
    words = [w.lower() for w in (found["before"], found["after"]) if w] if found else []
    return _CURRENCIES.get(words[0]) if len(words) == 1 else None


def hours_said(text: str) -> float:
    """Hours: 1:30, 1h30, 90m, 1,5, 1.5 h.

    >>> hours_said("1:30"), hours_said("1h30"), hours_said("90 min"), hours_said("1,5")
    (1.5, 1.5, 1.5, 1.5)

    Raises:
        UsageError: it is none, or too many for one entry.
    """
    plain = text.strip().lower()
    if found := _CLOCK.fullmatch(plain):
        hours = int(found["h"]) + int(found["m"]) / 60
    elif found := _MINUTES.fullmatch(plain):
        hours = int(found["m"]) / 60
    elif found := _HOURS.fullmatch(plain):
        hours = number_said(found["h"])
    else:
        hint = _("Write it like 1:30, 1h30, 90m or 1.5.")
        raise UsageError(_("“{text}” is no length of time I can read.").format(text=text), hint=hint)
    if not 0 < hours <= MOST_HOURS:
        raise UsageError(_("{text}: hours of one entry must be more than 0 and at most {most}.").format(
            text=text, most=f"{MOST_HOURS:g}"))  # fmt: skip
    return hours


def _readings(plain: str) -> set[float]:
    """Every number that this may be."""
    found = set()
    if _GROUPS["german"].fullmatch(plain):
        found.add(float(re.sub(r"[.'’  ]", "", plain).replace(",", ".")))
    if _GROUPS["english"].fullmatch(plain):
        found.add(float(re.sub(r"[,'’  ]", "", plain)))
    return found


def _no_number(text: str) -> UsageError:
    hint = _("Write it like 5000, 1200,50 or 1,200.50.")
    return UsageError(_("“{text}” is no number I can read.").format(text=text), hint=hint)
