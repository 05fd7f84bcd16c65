"""By which words an advert, a call for oneself and everyday talk are known: the lists of `selling.toml`, applied.

A post is an advert by its words where two different grounds speak for it and a link or a price stands in it: a
price, a call to act, haste, a promise, a ware. One ground is not enough: everybody says "free" or "check this out".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

VERSION = "1"

Ground = Literal[
    "price", "call", "urgent", "claim", "ware", "me", "gather", "you", "we", "pitch", "mine", "chat", "daily"
]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
_BIT = {ground: 1 << place for place, ground in enumerate(GROUNDS)}
_SELLS = tuple(_BIT[g] for g in ("price", "call", "urgent", "claim", "ware"))
_MONEY = re.compile(
    r"(?:[$€£]\s?\d|\d\s?(?:[$€£]|euro\b|eur\b)|\d\s?% (?:rabatt|off)|-\d\d\s?%)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Lists:
    """words: what a single word is a ground for, as bits. first: phrases by their first word, each with its bit."""

    words: dict[str, int]
    first: dict[str, tuple[tuple[str, int], ...]]


@cache
def lists() -> Lists:
    """All lists of all languages; a word may be a ground for several things."""
    read = tomllib.loads(files("leumund.facts").joinpath("selling.toml").read_text("utf-8"))
    words: dict[str, int] = {}
    first: dict[str, tuple[tuple[str, int], ...]] = {}
    for ground in GROUNDS:
        for entry in dict.fromkeys(e for language in read[ground].values() for e in language):
            head, _, rest = entry.partition(" ")
            if rest:
                first[head] = (*first.get(head, ()), (f" {entry} ", _BIT[ground]))
            else:
                words[entry] = words.get(entry, 0) | _BIT[ground]
    return Lists(words, first)


def grounds_in(words: list[str], money: bool) -> tuple[int, dict[int, int]]:
    """Which grounds stand in a text (bits), and how often each word of one ground does; words in small letters.

    money: whether a sum stands in the text, which is a price.
    """
    known = lists()
    found = _BIT["price"] if money else 0
    often: dict[int, int] = {}
    whole = ""
    for word in words:
        if bits := known.words.get(word):
            found |= bits
            often[bits] = often.get(bits, 0) + 1
        if phrases := known.first.get(word):
            whole = whole or f" {' '.join(words)} "
            for phrase, bit in phrases:
                if not found & bit and phrase in whole:
                    found |= bit
    return found, often


def has_price(text: str) -> bool:
    """Whether a sum of money stands in a text."""
    return _MONEY.search(text) is not None


def is_advert(found: int, *, linked: bool) -> bool:
    """Whether these grounds make an advert."""
    grounds = sum(1 for bit in _SELLS if found & bit)
    return grounds >= 2 and (linked or (bool(found & _BIT["price"]) and grounds >= 3))


def calls_for_oneself(found: int) -> bool:
    """Whether somebody points at her own things: "my blog", "follow me"."""
    return bool(found & _BIT["me"])


def bit_of(ground: Ground) -> int:
    """The bit that stands for a ground."""
    return _BIT[ground]
