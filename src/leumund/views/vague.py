"""Words instead of numbers, for who does not want to be chased by figures.

Within `in_words()` whatever writes a figure (`cells`, the views, the axes of charts) writes a phrase: how many roughly,
which part roughly, more or less than before. Days, how long something lasts, and names stay. What the owner herself filled in is no figure of this
kind: pages on which she edits it are not set in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from leumund.locale import N_, _, code

_on: ContextVar[bool] = ContextVar("leumund_vague", default=False)

_COUNTS = (
    (0, N_("zero")), (1, N_("one")), (3, N_("a few")), (9, N_("several")), (19, N_("about a dozen")), (99, N_("a few dozen")),
    (199, N_("about a hundred")), (999, N_("several hundred")), (1999, N_("about a thousand")), (9999, N_("several thousand")),
    (99_999, N_("many thousand")),
)  # fmt: skip
"""In every language words that no sentence bends: they stand where a figure would."""
_SHARES = (
    (0.0, N_("nobody or nothing")), (0.05, N_("hardly any")), (0.2, N_("a small part")), (0.4, N_("about a third")),
    (0.6, N_("about half")), (0.8, N_("about two thirds")), (0.95, N_("most")), (0.99999, N_("nearly all")),
)  # fmt: skip
_PARTS = (
    (0.0, N_("zero per cent")), (0.05, N_("a few per cent")), (0.2, N_("five to twenty per cent")), (0.4, N_("about thirty per cent")),
    (0.6, N_("about fifty per cent")), (0.8, N_("about seventy per cent")), (0.95, N_("about ninety per cent")),
    (0.99999, N_("nearly a hundred per cent")),
)  # fmt: skip
"""The same words as no sentence bends them."""
_TIMES, _MAL = re.compile(r" (?:\d+ times|once)\b"), re.compile(r"\b(?:\d+-mal|einmal) ")
_PLACES = ((1, N_("right at the top")), (3, N_("among the first three")), (10, N_("among the first ten")), (100, N_("among the first hundred")))  # fmt: skip
_SAME, _LITTLE = 0.02, 0.1  # of the larger of two values
_MUCH, _MIDDLING = 0.7, 0.3  # of the largest value of a column


@contextmanager
def in_words(on: bool = True) -> Iterator[None]:
    """Write words instead of numbers meanwhile, if on."""
    token = _on.set(on)
    try:
        yield
    finally:
        _on.reset(token)


def is_on() -> bool:
    """Whether words are written instead of numbers."""
    return _on.get()


def count(value: float) -> str:
    """How many, roughly, within a sentence.

    >>> count(0), count(1), count(37), count(854), count(4_000_000)
    ('zero', 'one', 'a few dozen', 'several hundred', 'very many')
    """
    return next((_(words) for most, words in _COUNTS if abs(value) <= most), _("very many"))


def alone(value: float) -> str:
    """The same where it stands for itself, as in a table.

    >>> alone(0), alone(1), alone(37)
    ('not one', 'just one', 'a few dozen')
    """
    return _("not one") if not value else _("just one") if abs(value) == 1 else count(value)


def change(value: float, *, whole: bool = False) -> str:
    """More or fewer, roughly; of what cannot be counted only whether.

    >>> change(37, whole=True), change(-1, whole=True), change(3.2), change(0)
    ('a few dozen more', 'one fewer', 'more', 'the same')
    """
    if not value:
        return _("the same")
    if not whole:
        return _("more") if value > 0 else _("less")
    if abs(value) == 1:
        return _("one more") if value > 0 else _("one fewer")
    text = _("{count} more") if value > 0 else _("{count} fewer")
    return text.format(count=count(value))


def share(value: float) -> str:
    """Which part, roughly, where it stands for itself.

    >>> share(0.26), share(0.5), share(1.0)
    ('about a third', 'about half', 'all')
    """
    return next((_(words) for most, words in _SHARES if value <= most), _("all"))


def part(value: float) -> str:
    """The same within a sentence.

    >>> part(0.26), part(0.5), part(1.0)
    ('about thirty per cent', 'about fifty per cent', 'a hundred per cent')
    """
    return next((_(words) for most, words in _PARTS if value <= most), _("a hundred per cent"))


def place(value: float) -> str:
    """Where somebody stands, roughly.

    >>> place(1), place(7), place(400)
    ('right at the top', 'among the first ten', 'further down')
    """
    return next((_(words) for most, words in _PLACES if value <= most), _("further down"))


def size(value: float, largest: float) -> str:
    """How much, beside the largest of its kind.

    >>> size(9, 10), size(4, 10), size(1, 10), size(0, 10)
    ('much', 'middling', 'little', 'nothing')
    """
    if not value:
        return _("nothing")
    part = abs(value) / largest if largest and math.isfinite(largest) else 1.0
    return _("much") if part >= _MUCH else _("middling") if part >= _MIDDLING else _("little")


def sizes(values: Sequence[Any]) -> list[str]:
    """Each of these beside the largest; "" for what is unknown."""
    known = [abs(float(v)) for v in values if v is not None and not math.isnan(v)]
    largest = max(known, default=0.0)
    return ["" if v is None or math.isnan(v) else size(float(v), largest) for v in values]


def untimed(text: str) -> str:
    """What somebody did without how often, from the words of a measure.

    >>> untimed("recommended you 3 times, replied once in 84 days")
    'recommended you, replied in 84 days'
    """
    return _TIMES.sub("", text) if (code() != "de") else _MAL.sub("", text)


def opening(text: str) -> str:
    """A sentence that may begin with such a phrase, with its capital.

    >>> opening("a few dozen came")
    'A few dozen came'
    """
    return text[:1].upper() + text[1:]


def compared(now: float, before: float) -> str:
    """How a value stands beside an earlier one.

    >>> compared(101, 100), compared(107, 100), compared(60, 100)
    ('about as much', 'a little more', 'clearly less')
    """
    part = (now - before) / max(abs(now), abs(before), 1e-12)
    if abs(part) <= _SAME:
        return _("about as much")
    if abs(part) <= _LITTLE:
        return _("a little more") if part > 0 else _("a little less")
    return _("clearly more") if part > 0 else _("clearly less")
