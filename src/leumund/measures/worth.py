"""What each kind of act is worth, and which of them cost the one who does it something."""

from __future__ import annotations

from collections.abc import Iterable

BASE = {
    "endorse": 4.0,
    "reshare": 3.0,
    "quote": 3.0,
    "reply": 2.0,
    "mention": 1.5,
    "follow": 1.0,
    "like": 0.3,
}

ANSWERING = ("reshare", "quote", "reply")
"""What one does with somebody's post that takes time or a word of one's own."""

COSTLY = ("endorse", *ANSWERING)
"""Acts that cost something: these alone can lend standing. (Recommendations are read from posts: `measures.named`.)"""


def base_value(kinds: Iterable[str] = BASE) -> str:
    """SQL: the base value of an act by its column `kind`, DOUBLE; null for other kinds than these."""
    values = " ".join(f"when '{kind}' then {BASE[kind]!r}::DOUBLE" for kind in kinds)
    return f"(case kind {values} end)"


def is_among(kinds: Iterable[str]) -> str:
    """SQL: whether an act, by its column `kind`, is of one of these kinds."""
    return f"kind in ({', '.join(repr(kind) for kind in kinds)})"
