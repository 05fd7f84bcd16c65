"""Does a post give thanks? Each cue is looked at in its sentence; one that holds is enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from leumund.facts.endorsements.text import readable
from leumund.facts.thanks import around, english, german
from leumund.facts.thanks.cue import Cue
from leumund.facts.thanks.cues import CUE, PERHAPS
from leumund.facts.thanks.own_words import own_words
from leumund.facts.thanks.record import Thanks, ThanksKind
from leumund.facts.thanks.requests import is_closing, is_request

_LONGEST: Final = 20_000  # letters of a post that are read; thanks in a longer text is no post of thanks
_MOST_CUES: Final = 60
_END: Final = re.compile(r"[.!?…](?=[\s\"“”„]|$)|\n|[;|]")
_PERHAPS: Final = re.compile(PERHAPS)


def read_thanks(text: str, *, author: str | None = None) -> Thanks:
    """Whether a post thanks somebody, in German or English.

    >>> read_thanks("Vielen Dank für die Empfehlung, @anna!").kind
    'thanks'
    >>> read_thanks("Dank des Regens bleiben wir zu Hause").kind, read_thanks("No thanks, @ben").kind
    ('cause', 'declined')
    """
    if not _PERHAPS.search(text):
        return Thanks()
    own, others = own_words(readable(text[:_LONGEST]), author)
    found: Thanks | None = None
    for number, match in enumerate(CUE.finditer(own)):
        if number >= _MOST_CUES:
            break
        cue = _cue(own, match)
        kind = _kind(cue)
        if kind == "thanks":
            return Thanks(kind=kind, words=_shown(cue))
        if kind != "none" and (found is None or found.kind == "told"):
            found = Thanks(kind=kind, words=_shown(cue))
    if found is None and others and CUE.search(others):
        return Thanks(kind="quoted", words=others.strip()[:60])
    return found or Thanks()


def _cue(own: str, match: re.Match[str]) -> Cue:
    start, end = match.span()
    ends = [m.end() for m in _END.finditer(own, max(0, start - 400), start)]
    first = ends[-1] if ends else max(0, start - 400)
    stop = _END.search(own, end, min(len(own), end + 400))
    last = stop.start() + 1 if stop else min(len(own), end + 400)
    return Cue(str(match.lastgroup), match[0].lower(), own[first:start], own[end:last], own, start, end)


def _shown(cue: Cue) -> str:
    return " ".join((cue.before[-20:] + cue.text[cue.start : cue.end] + cue.after[:30]).split())


def _kind(cue: Cue) -> ThanksKind:
    meant = _BY_KIND[cue.kind](cue)
    if meant != "thanks":
        return meant
    before, after = cue.before, cue.after
    if _is_declined(cue):
        return "declined"
    if _is_wanted(before) and not around.I_SAY.search(before):
        return "told"
    if around.WOULD_BE.match(after) or _DOUBTED.match(after):
        return "told"
    if _is_ironic(cue):
        return "ironic"
    if around.ADVANCE_BEFORE.search(before) or around.ADVANCE_AFTER.match(after):
        return "advance"
    if is_closing(cue.text, cue.end) and is_request(cue.text[: cue.start]):
        return "advance"
    if is_closing(after, 0) and is_request(before):
        return "advance"
    return "thanks"


_DOUBTED: Final = re.compile(
    r"\s*\?|[^.!?]{0,80}\b(?:said no ?(?:one|body)|sagte niemand)\b|[^.!?]{0,60}\bsays?\s+(?:[A-Z@]|the\b|a\b)(?!\w*\s+(?:you|u)\b)"
)


def _is_wanted(before: str) -> bool:
    """Thanks are missed, asked for or told of; a comma starts anew, but for *she said, thank you*."""
    wanted = around.WANTED.search(before)
    if wanted is None or not re.search(r",\s*$", before):
        return wanted is not None
    return re.search(
        r"\b(?:say|says|said|sag|sagt|sagte|vergessen)\W*$", before, re.IGNORECASE
    ) is not None and not re.search(r"\bto\s+say\W*$", before, re.IGNORECASE)


def _is_declined(cue: Cue) -> bool:
    if around.DECLINED_AFTER.match(cue.after):
        return True
    if not around.DECLINED_BEFORE.search(cue.before):
        return False
    return not (cue.word.startswith("dank") and around.FOR_YOU.match(cue.after)) and not cue.text[cue.start : cue.end].endswith(("YOU", "DIR"))  # fmt: skip


def _is_ironic(cue: Cue) -> bool:
    around_it = cue.text[max(0, cue.start - 150) : cue.end + 150]
    if around.DRY.search(cue.text[max(0, cue.start - 120) : cue.start]) and not around.FOR_YOU.match(
        cue.after
    ):
        return True
    if around.BYE.match(cue.after) and re.search(r"\b(?:m?k|ok(?:ay)?)\W*$", cue.before, re.IGNORECASE):
        return True
    if around.NA.search(cue.before) or around.IRONY.search(around_it) or around.BLAMED.match(cue.after):
        return True
    if around.ALSO.match(cue.after) and cue.kind == "dank":
        return True
    trouble = around.TROUBLE.search(cue.after)
    if (
        trouble
        and around.FOR_TROUBLE.match(cue.after)
        and not around.NOT_ONLY.search(cue.after[: trouble.start()])
    ):
        return True
    big = re.match(
        r"\s*(?:a (?:bunch|lot|million)|loads|heaps|very much|so much)\b", cue.after, re.IGNORECASE
    )
    if not big and not (cue.kind == "dank" and re.search(r"(?:vielen|schönen|besten|herzlichen)\s*$", cue.before, re.IGNORECASE)):  # fmt: skip
        return False
    near = cue.text[max(0, cue.start - 120) : cue.start] + cue.after
    return around.TROUBLE.search(near) is not None and not around.NOT_ONLY.search(near) and not re.search(r"\bfor\b|\bfür", cue.after)  # fmt: skip


def _always(cue: Cue) -> ThanksKind:
    if cue.word.startswith("vergelt"):
        return "thanks"
    if re.match(r"\s+ab\b", cue.after, re.IGNORECASE):
        return "none"
    if re.match(r"\s+de[mrs]\s+\w+\s+(?:ist|sind|hat|haben|habe|war|bin|wird|kann|können|geht|läuft|gibt|muss|kommt)\b", cue.after, re.IGNORECASE):  # fmt: skip
        return "cause"
    if cue.word.startswith("merci") and re.match(r"\s+(?:mon dieu|beaucoup de)", cue.after, re.IGNORECASE):
        return "none"
    return "thanks"


_BY_KIND: Final[dict[str, Callable[[Cue], ThanksKind]]] = {
    "hashtag": _always, "danke": _always, "dank": german.dank, "danken": german.danken, "dankt": german.dankt, "dankbar": german.dankbar,
    "thanks": english.thanks, "thankyou": english.thankyou, "thank": english.thank, "cheers": english.cheers, "grateful": english.grateful,
    "appreciate": english.appreciate,
}  # fmt: skip
