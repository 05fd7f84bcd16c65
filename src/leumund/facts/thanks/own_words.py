"""Which words of a post are its author's own, as far as thanks go: not a reshare's, not those in quotation marks."""

from __future__ import annotations

import re
from typing import Final

from leumund.facts.endorsements.reshares import split

_QUOTED: Final = re.compile(
    r"„[^„“”\"]{2,600}[“”\"]|“[^“”]{2,600}”|«[^«»]{2,600}»|»[^«»]{2,600}«|(?<![\w\"])\"[^\"]{2,600}\"(?!\w)"
)
_OPEN: Final = re.compile(r":\s*([„“\"][^„“”\"]{2,})$")
_COMMENT: Final = re.compile(r"\s(?://|<{1,3}|<-+)\s*(\S.*)$")
_SAYS: Final = re.compile(
    r"\b(?:sage|sagen|sag|rufe|rufen)\s+(?:ich|wir)(?:\s+\w+){0,3}\W*$|\b(?:i|we|ich|wir)\s+(?:\w+\s+){0,4}(?:say|sage?|sagen)\W*$",
    re.IGNORECASE,
)
_SPOKEN_BY: Final = re.compile(r"^\s*\.@\w[\w.@-]*\s?:\s")
_TO_SOMEBODY: Final = re.compile(
    r"\b(?:dir|dich|euch|dein\w*|eure?[nmrs]?|ihnen|you|your|ur|u)\b", re.IGNORECASE
)
_NO_WORDS: Final = re.compile(r"[#@＃]\S+|https?://\S+|\([^)]{0,12}\)|[\W\d_]")


def own_words(text: str, author: str | None) -> tuple[str, str]:
    """The author's own words, and those of others.

    >>> own_words("Sie sagte „danke“ und ging", None)
    ('Sie sagte   und ging', '„danke“')
    """
    parts = split(text, author)
    own, others = parts.own, parts.passed_on
    if parts.reshare and (comment := _COMMENT.search(others)):
        own, others = f"{own} {comment[1]}", others[: comment.start()]
    if _SPOKEN_BY.match(own) and not _TO_SOMEBODY.search(own):
        return "", own + others
    taken: list[str] = []

    def leave_out(match: re.Match[str]) -> str:
        if _SAYS.search(own[: match.start()][-40:]):
            return match[0]
        taken.append(match[0])
        return " "

    left = _QUOTED.sub(leave_out, own)
    if (still := _OPEN.search(left)) and not _SAYS.search(left[: still.start()]):
        taken.append(still[1])
        left = left[: still.start()]
    if (
        taken
        and len(_NO_WORDS.sub(" ", left).split()) < 2
        and "@" not in left
        and ":" not in left.split("http")[0]
    ):
        return own, others  # all of it stands in quotation marks: it is what she said
    return left, " ".join([others, *taken]).strip()
