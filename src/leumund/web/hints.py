"""What went wrong, in words that fit a page: no hint to type a command where a link will do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leumund.locale import _
from leumund.measures import all_measures
from leumund.web.page import all_pages

_COMMAND = re.compile(r"\bleumund [a-z]|--[a-z]")
_AT_END = re.compile(r"\s*[:;,(]?\s*\bleumund [a-z][\w ./-]*\)?$")
_LAST = re.compile(r"(?::\s*|,? (?:or|oder) (?:with|mit) )(?:leumund [a-z]|--[a-z]).*$", re.DOTALL)
_ASIDE = re.compile(r"\s*\((?:[^()]*\bleumund [a-z]|--[a-z])[^()]*\)")
_VERB = re.compile(r"(?:\bleumund |--)([a-z][a-z-]*)(?: ([a-z_]+))?")
_PAGES = {
    "goal": "/goals", "triage": "/triage", "trust": "/people", "thanked": "/thanks", "nogo": "/nogo", "customer": "/customers",
    "settings": "/settings", "minutes-a-day": "/settings", "zone": "/settings", "rate": "/settings", "me": "/settings",
    "time": "/spending", "spend": "/spending", "note": "/diary", "experiment": "/experiments", "coverage": "/sources",
    "problems": "/sources", "connect": "/connect", "sync": "/sources", "import": "/import", "consent": "/board",
}  # fmt: skip
"""Where a page does what a command, or an option of one, does."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def in_pages(hint: str) -> str:
    """The hint without the sentences that name a command.

    >>> in_pages("Is the name spelled right? Try again with: leumund sync")
    'Is the name spelled right?'
    """
    return " ".join(s for s in _SENTENCE.split(hint) if not _COMMAND.search(s))


def sentence_in_pages(sentence: str) -> str:
    """The sentence without a command in it: buttons beneath lead to where it can be said (see `ways`).

    >>> sentence_in_pages("No experiment is written down yet. Plan one: leumund experiment plan NAME --change TEXT")
    'No experiment is written down yet. Plan one.'
    >>> sentence_in_pages("Assumed: 15 minutes a day. Say yours with --minutes-a-day and --minutes-each.")
    'Assumed: 15 minutes a day.'
    >>> sentence_in_pages("An experiment tells more (leumund experiment plan). Nothing is missing.")
    'An experiment tells more. Nothing is missing.'
    """
    if not _COMMAND.search(sentence):
        return sentence
    kept = []
    for one in _SENTENCE.split(_ASIDE.sub("", sentence)):
        shorter = _LAST.sub("", one)
        if not _COMMAND.search(shorter):
            kept.append(one if shorter == one else f"{shorter}.")
    return " ".join(kept)


def ways(sentences: Iterable[str]) -> list[tuple[str, str]]:
    """Where that can be done which the commands in the sentences would do: addresses with what stands on the button.

    >>> ways(["Plan one: leumund experiment plan NAME", "Plan another: leumund experiment plan NAME"])
    [('/experiments', 'My experiments')]
    """
    found: dict[str, str] = {}
    for sentence in sentences:
        for verb, which in _VERB.findall(sentence):
            address = _PAGES.get(verb) or (
                f"/measures/{which}" if verb == "show" and which in all_measures() else ""
            )
            if address:
                found[address] = _title(address)
    return list(found.items())


def _title(address: str) -> str:
    measure = all_measures().get(address.removeprefix("/measures/"))
    page = next((p for p in all_pages().values() if p.path == address), None)
    return _(measure.title) if measure else _(page.title) if page else ""


def note_in_pages(note: str) -> str:
    """The note without a command at its end.

    >>> note_in_pages("the older part is still to be read: leumund sync")
    'the older part is still to be read'
    """
    return _AT_END.sub("", note)
