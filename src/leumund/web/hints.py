"""What went wrong, in words that fit a page: no hint to type a command where a link will do."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"\bleumund [a-z]|--[a-z]")
_AT_END = re.compile(r"\s*[:;,(]?\s*\bleumund [a-z][\w ./-]*\)?$")
_LAST = re.compile(r":\s*leumund [a-z]+ [^.]*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def in_pages(hint: str) -> str:
    """The hint without the sentences that name a command.

    >>> in_pages("Is the name spelled right? Try again with: leumund sync")
    'Is the name spelled right?'
    """
    return " ".join(s for s in _SENTENCE.split(hint) if not _COMMAND.search(s))


def sentence_in_pages(sentence: str) -> str:
    """The sentence without a command at its end: buttons beneath lead to where it can be said.

    >>> sentence_in_pages("No experiment is written down yet. Plan one: leumund experiment plan NAME --change TEXT")
    'No experiment is written down yet. Plan one.'
    >>> sentence_in_pages("Nothing is missing.")
    'Nothing is missing.'
    """
    kept = _LAST.sub("", sentence)
    return sentence if kept == sentence else f"{kept}."


def note_in_pages(note: str) -> str:
    """The note without a command at its end.

    >>> note_in_pages("the older part is still to be read: leumund sync")
    'the older part is still to be read'
    """
    return _AT_END.sub("", note)
