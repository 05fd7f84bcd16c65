"""Which words of a post are its author's own, and which are passed on from somebody else.

Comment RT @anna: text         old reshare; everything from RT on is anna's
RT & #FF @anna: text           still a reshare: the words are anna's, though the tag is not
“@anna: text” comment          quote with the name inside; the closing mark may be missing
Comment @anna: text @author    old mobile programs: no mark at all; told by the author's own name
standing in words that someone else introduces
“#FF @ben @author”             all in quotation marks, the author's own name inside
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from leumund.facts.handles import same_account

_RT: Final = re.compile(
    r"""(?<![\w#@])(?: (?:RT|MT|Rt|rt|mt) \s* [:,]? \s* ["“”«„]? \s* @ \w
                   |   RT \s* ["“«„]
                   |   (?:RT|rt|Rt) \s* (?: & | \+ | e | ed | and | und | y | et ) \s* \#\s?(?i:ff|followfriday) \s* :? \s* @ \w
                   |   [♻♺] \s* @ \w )""",
    re.VERBOSE,
)
_SIGNS: Final = ("RT", "MT", "rt ", "rt@", "Rt", "mt ", "♻", "♺")
_QUOTE: Final = re.compile(
    r"""(?:(?<=\s)|(?<=[.…,:;!?)])|^|(?<=\w)) ["“”„«] \s* @(\w+) (\s*:|(?=\s))""", re.VERBOSE
)
_QUOTES: Final = ('"', "“", "”", "«", "„")
_CLOSING: Final = re.compile(r"""["”“»]""")
_WHOLE: Final = re.compile(r"""\s*["“”](.*)["“”»]\s*""", re.DOTALL)
_BARE: Final = re.compile(r"(?:^|\s)@(\w+)\s?: ")


@dataclass(frozen=True, slots=True)
class Split:
    """A post's own words, the words passed on, and whose they are ("" where nothing is passed on)."""

    own: str
    passed_on: str = ""
    by: str = ""
    reshare: bool = False


def split(text: str, author: str | None) -> Split:
    """Tells own words from passed-on ones. `reshare`: marked RT, not merely quoted.

    >>> split("Yes! RT @anna: #FF @ben", None)
    Split(own='Yes! ', passed_on='@anna: #FF @ben', by='anna', reshare=True)
    >>> split("“@anna: #FF @ben” indeed", None)
    Split(own=' indeed', passed_on='@anna: #FF @ben', by='anna', reshare=False)
    """
    if any(sign in text for sign in _SIGNS) and (found := _RT.search(text)):
        at = text.find("@", found.start())
        name = re.match(r"@(\w+)", text[at:]) if at >= 0 else None
        return Split(text[: found.start()], text[max(at, 0) :], name[1] if name else "", reshare=True)
    if any(sign in text for sign in _QUOTES) and (quote := _quoted(text, author)):
        return quote
    if author and ": " in text and (bare := _BARE.search(text)) and "#" not in text[: bare.start()]:
        passed_on = text[bare.end() :]
        names = re.findall(r"@(\w+)", passed_on)
        if not same_account(bare[1], author) and any(same_account(name, author) for name in names):
            return Split(text[: bare.start()], text[bare.start() :].lstrip(), bare[1])
    return Split(text)


def _quoted(text: str, author: str | None) -> Split | None:
    whole = _WHOLE.fullmatch(text)
    if whole and author and any(same_account(name, author) for name in re.findall(r"@(\w+)", whole[1])):
        first = re.match(r"\s*@(\w+)", whole[1])
        return Split("", whole[1], first[1] if first else "")
    found = _QUOTE.search(text)
    if not found:
        return None
    start = text.find("@", found.start())
    closings = [match.start() for match in _CLOSING.finditer(text, found.end())]
    if not found[2] and not closings:  # `"@anna says` without colon or closing mark is no quote
        return None
    end = closings[-1] if closings else len(text)
    own = text[: found.start()] + text[end + 1 :]
    return Split(own, text[start:end], found[1])
