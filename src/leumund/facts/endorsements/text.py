"""Makes a post's text readable before its grammar is read: entities, mis-decoded accents, odd letters.

Posts come through many hands: `&amp;amp;` for &, `perchÃ©` for perché (UTF-8 read as Windows-1252 or
Latin-1, often only in part of a text), `ＲＴ` in full-width letters, marks nobody can see. Each repair is
done only where its signs are, so that a clean text costs next to nothing. Handles are plain ASCII and
come through unchanged.
"""

from __future__ import annotations

import html
import re
import unicodedata

from leumund.facts.handles import without_invisible

_MISREAD = re.compile(
    "[\u00c2-\u00f4](?:[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]){1,3}"
)
_LOST_SPACE = re.compile("Ã (?=[ \\w]|$)")  # "Ã" + no-break space is à; many programs made it a plain space
_WIDE = re.compile("[\uff01-\uff5e]")


def readable(text: str) -> str:
    """The text as it was meant.

    >>> readable("perchÃ© sÃ¬ &amp;amp; cosÃ¬"), readable("ＲＴ ＠anna")
    ('perché sì & così', 'RT @anna')
    """
    if "&" in text:
        text = _without_entities(text)
    if text.isascii():
        return text
    if "Ã" in text or "Â" in text or "â" in text or "ð" in text:
        text = _LOST_SPACE.sub("à ", _MISREAD.sub(_decoded, text))
    if _WIDE.search(text):
        text = unicodedata.normalize("NFKC", text)
    return without_invisible(text)


def _without_entities(text: str) -> str:
    for _ in range(3):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text


def _decoded(run: re.Match[str]) -> str:
    raw = b"".join(_byte(letter) for letter in run[0])
    for end in range(len(raw), 1, -1):
        try:
            return raw[:end].decode() + run[0][end:]
        except UnicodeDecodeError:
            continue
    return run[0]


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")
