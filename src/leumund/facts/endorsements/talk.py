"""Sentences in which the tag is a thing spoken of, so that a name near it is not recommended by it.

    @anna hast du gesehen, wie viele #FF das waren?    a question about the custom
    Vuoi guadagnarti un altro #ff @anna?               teases, recommends nothing
    da oggi vi seguo grazie al #FF di ben, @anna       how one came to know somebody
    #ff gibt's bei mir nicht                           a refusal further on in the sentence
    wer mich im #FF nennt, dem entfolge ich, @anna     a threat
    @anna aber warum verbieten sie das nicht? #moor #ff    talk, with the tag among others

Each rule gives the words it rests on, "" where it does not apply. A tag that points at a name, right
before or after it, is spoken of only in the second and third.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leumund.facts.endorsements.words import (
    ADVICE,
    DESERVE,
    FAVOUR,
    FOLLOW,
    GLAD,
    GREETING,
    HAPPY,
    NOT,
    QUALITY,
    RETURN,
    THANKS,
    TO,
    UNFOLLOW,
    WHY,
    WITHOUT,
    YOU,
    YOURS,
)

if TYPE_CHECKING:
    from leumund.facts.endorsements.tokens import Tokens

_WRITE: Final = {"scritto", "scrivere", "scrivi", "written", "wrote", "write", "geschrieben", "schreibst"}
_OWED: Final = {"grazie", "grazi", "dank", "thanks"}
_OWED_TO: Final = {"al", "all'", "dem", "des"}
_THERE_IS: Final = {"gibt", "gibt'", "gibts", "existiert", "mache", "esiste"}
_MEANT: Final = {"ti", "te", "vi", "voi", "dir", "dich", "euch"}


def talked_about(tokens: Tokens) -> str:
    """The words by which the tag is a thing spoken of, "" if it is not."""
    if len(tokens.tags) != 1 or tokens.every & RETURN or tokens.is_kind(tokens.tags[0], "B"):
        return ""
    tag = tokens.tags[0]
    first, last = _sentence(tokens, tag)
    asked = tokens.is_kind(last, "s") and "?" in tokens.words[last]
    if asked and _another(tokens, tag) and tag - first > 2 and not _named(tokens, last):
        return tokens.said(tag - 1, tag)
    if tokens.handle_after(tag) is not None:
        return ""
    there_is = tokens.is_kind(tag + 1, "w") and tokens.words[tag + 1] in _THERE_IS
    if there_is and not _named(tokens, tag + 6):
        for at in range(tag + 2, min(tag + 7, last + 1)):
            if tokens.has(at, NOT) and not tokens.has(at + 1, WITHOUT):
                return tokens.said(tag, at)
    if tokens.is_kind(tag - 1, "H"):
        return ""
    if tokens.is_kind(tag - 1, "w") and tokens.words[tag - 1] in _WRITE:
        return tokens.said(tag - 1, tag)
    if _yours(tokens, tag):
        return tokens.said(tag - 1, tag)
    if asked and _plain_question(tokens, tag, first, last):
        return tokens.said(first, last)
    for at in range(first, last + 1) if tokens.every & UNFOLLOW else ():
        if tokens.has(at, UNFOLLOW) and not _named(tokens, min(at, tag)):
            return tokens.said(at, at)
    return ""


def _yours(tokens: Tokens, tag: int) -> bool:
    """`@anna dein #ff hat ...`, not `@anna ecco il tuo #ff`."""
    head = tokens.leading()
    if not head or len(head) != len(tokens.handles) or not tokens.has(tag - 1, YOURS):
        return False
    return tokens.is_kind(tag + 1, "w") and _HERE.isdisjoint(tokens.words[max(tag - 4, 0) : tag])


_HERE: Final = {"ecco", "here", "here'", "hier", "da", "eccoti", "eccolo"}


def asks_whom(tokens: Tokens) -> str:
    """`Wem soll ich folgen? #ff`, `who should I follow this #ff?` with nobody named behind it."""
    found = _WHOM.search(tokens.text) if "?" in tokens.text else None
    if not found or any(tokens.starts[at] > found.end() for at in tokens.handles):
        return ""
    return found[0] if all(tokens.handle_after(tag) is None for tag in tokens.tags) else ""


_WHOM: Final = re.compile(
    r"""\b (?: we[mn]\ (?:soll|sollte|kann)\ (?:ich|man) | whom?\ should\ i | chi\ (?:dovrei|devo|posso) ) \b
        (?= [^?@]* (?: folgen | lesen | empfehlen | follow | read | recommend | seguire | leggere | consigliare ))
        [^?@]* \?""",
    re.VERBOSE | re.IGNORECASE,
)


def stray(tokens: Tokens) -> str:
    """The tag among other hashtags at the end of an answer that argues or asks and speaks of nobody as "you".

    Words of praise, thanks or greeting, a cause or a "you" make it a recommendation of the one answered.
    """
    if len(tokens.tags) != 1 or not tokens.is_kind(0, "H") or tokens.every & _SPEAKS_OF_HER:
        return ""
    head = tokens.leading()
    first = len(tokens)
    while first > 0 and tokens.kinds[first - 1] in "#Tms":
        first -= 1
    run = "".join(tokens.kinds[first:]).strip("ms")  # no marks inside: "... #ff! #moor"
    if len(head) != len(tokens.handles) or set(run) != {"#", "T"}:
        return ""
    said = [tokens.words[at] for at in range(head[-1] + 1, first) if tokens.kinds[at] == "w"]
    argues = "?" in tokens.text or not _ARGUES.isdisjoint(said)
    if len(said) < _TALK or not argues or not _PRAISE.isdisjoint(said):
        return ""
    return tokens.said(first, tokens.tags[0]).lstrip(" ?!.,:;")


_TALK: Final = 8
_ARGUES: Final = {"non", "nicht", "kein", "keine", "not", "t", "ma", "però", "aber", "but"}
_KIND: Final = QUALITY | THANKS | GLAD | HAPPY | GREETING | DESERVE | ADVICE | FAVOUR
_SPEAKS_OF_HER: Final = _KIND | YOU | YOURS | WHY | FOLLOW | RETURN
_GOOD: Final = """
    sei siete hai avete bravo brava bravi genio geniale ottimo ottima migliore migliori amo adoro mito applausi
    stima best love loved brilliant excellent rocks rules respect bist hast seid habt beste bester bestes besten
    genial klasse klug kluge kluger wunderbar brillant spitze großartig grossartig respekt
"""
_PRAISE: Final = _MEANT | set(_GOOD.split())


def _sentence(tokens: Tokens, tag: int) -> tuple[int, int]:
    """The first and the last place of the sentence a tag stands in, its closing mark included."""
    first = last = tag
    while first > 0 and tokens.kinds[first - 1] != "s":
        first -= 1
    while last < len(tokens) - 1 and tokens.kinds[last] != "s":
        last += 1
    return first, last


def _named(tokens: Tokens, place: int) -> bool:
    return bool(tokens.handles) and tokens.handles[-1] > place


def _another(tokens: Tokens, tag: int) -> bool:
    if tokens.is_kind(tag - 1, "w") and tokens.words[tag - 1] in {"altro", "another"}:
        return True
    return tag > 1 and tokens.words[tag - 2] == "noch" and tokens.words[tag - 1] in {"ein", "nen", "'n"}


def owed_to(tokens: Tokens) -> str:
    """The words of `grazie al #ff di ...`, `dank dem #ff von ...`, `thanks to the #ff of ...`: "" if none."""
    if not tokens.handles or tokens.every & RETURN or len(tokens.tags) != 1:
        return ""
    for tag in tokens.tags:
        at = tag - 1
        if tokens.is_kind(at, "w") and tokens.words[at] in {"the", "a"}:
            at -= 1
        if at < 1 or tokens.words[at - 1] not in _OWED:
            continue
        of = tokens.is_kind(tag + 1, "w") and tokens.words[tag + 1] in {"of", "from", "by"}
        if tokens.words[at] in _OWED_TO or (tokens.words[at] == "to" and of):
            return tokens.said(at - 1, tag)
    return ""


def _plain_question(tokens: Tokens, tag: int, first: int, last: int) -> bool:
    """A question to the head of a reply with the tag amid its words, not `#ff to you?`."""
    head = tokens.leading()
    if not head or len(head) != len(tokens.handles) or tokens.has(tag + 1, TO | YOU):
        return False
    first = max(first, head[-1] + 1)
    before = sum(tokens.kinds[at] == "w" for at in range(first, tag))
    after = sum(tokens.kinds[at] == "w" for at in range(tag + 1, last))
    if any(tokens.words[at] in _MEANT for at in range(first, last)):
        return False
    return before >= 2 or (before >= 1 and after >= 1)
