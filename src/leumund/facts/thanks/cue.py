"""A word of thanks in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

FIRST: Final = re.compile(r"\b(?:ich|wir|mich|uns|man|i|we)\b", re.IGNORECASE)
"""Words for whoever speaks."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in its place: before and after are the rest of its sentence; `text` all own words, start and end in them."""

    kind: str
    word: str
    before: str
    after: str
    text: str
    start: int
    end: int
