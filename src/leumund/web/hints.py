"""What went wrong, in words that fit a page: no hint to type a command where a link will do."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"\bleumund [a-z]|--[a-z]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def in_pages(hint: str) -> str:
    """The hint without the sentences that name a command.

    >>> in_pages("Is the name spelled right? Try again with: leumund sync")
    'Is the name spelled right?'
    """
    return " ".join(s for s in _SENTENCE.split(hint) if not _COMMAND.search(s))
