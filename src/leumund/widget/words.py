"""A post's plain text as paragraphs, lines and links. No markup comes in: whatever looks like it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leumund.clean import clean
from leumund.views.written import web_address

_LONGEST = 600  # letters; what is longer is read where it was written
_LONGEST_LINK = 44
_LINK = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_ENDS = ".,;:!?'’…"
_OPEN = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they stand. address: where they lead, "" for plain words."""

    text: str
    address: str = ""


Paragraph = list[list[Piece]]
"""Lines of pieces."""


def shortened(text: str, most: int = _LONGEST) -> tuple[str, bool]:
    """The text, cut between words where it is too long; whether it was.

    >>> shortened("one two three", 9)
    ('one two …', True)
    """
    if len(text) <= most:
        return text, False
    head = text[:most]
    gap = max(head.rfind(" "), head.rfind("\n"))
    return head[: gap if gap > most // 2 else most].rstrip(" \n.,;:–-") + " …", True


def paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs stand apart by an empty line."""
    return [
        [list(_pieces(line)) for line in part.split("\n")]
        for part in re.split(r"\n{2,}", text)
        if part.strip()
    ]


def title_of(text: str, most: int = 80) -> str:
    """The first words of a post in one line."""
    return shortened(clean(text.split("\n\n", 1)[0]), most)[0]


def _pieces(line: str) -> Iterator[Piece]:
    at = 0
    for found in _LINK.finditer(line):
        link = _without_end(found[0])
        address = web_address(link)
        if not address or link.endswith("://"):
            continue
        if found.start() > at:
            yield Piece(line[at : found.start()])
        yield Piece(_as_read(link), address)
        at = found.start() + len(link)
    if at < len(line):
        yield Piece(line[at:])


def _without_end(link: str) -> str:
    """The link without what belongs to the sentence around it.

    >>> _without_end("https://a.example/b_(c)."), _without_end("https://a.example/b).")
    ('https://a.example/b_(c)', 'https://a.example/b')
    """
    while link:
        last = link[-1]
        if last in _ENDS or (last in _OPEN and link.count(last) > link.count(_OPEN[last])):
            link = link[:-1]
        else:
            break
    return link


def _as_read(link: str) -> str:
    """A link as people read it: without its beginning, and not longer than a line."""
    plain = re.sub(r"\Ahttps?://(?:www\.)?", "", link, flags=re.IGNORECASE).rstrip("/")
    return plain if len(plain) <= _LONGEST_LINK else plain[: _LONGEST_LINK - 1] + "…"
