"""Drafts of a recommendation: one per network, within its length, with a reason in words. They are never sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from leumund.clean import clean
from leumund.events import Network
from leumund.facts.endorsements import read_post

Language = Literal["de", "en"]


def code_points(text: str) -> int:
    """Characters as Mastodon counts at most; on Bluesky, which counts graphemes, never fewer than these."""
    return len(unicodedata.normalize("NFC", text))


def weight_on_x(text: str) -> int:
    """The length as X counts it at most: Latin and common signs 1, all else (emoji, Chinese ...) 2.

    https://docs.x.com/fundamentals/counting-characters; an emoji of several code points counts there as one pair.

    >>> weight_on_x("Grüße – ja"), weight_on_x("你好")
    (10, 4)
    """
    light = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    return sum(
        1 if any(low <= ord(c) <= high for low, high in light) else 2
        for c in unicodedata.normalize("NFC", text)
    )


LIMITS: dict[Network, tuple[int, Callable[[str], int]]] = {
    "mastodon": (500, code_points),
    "bluesky": (300, code_points),
    "x": (280, weight_on_x),
}
"""How long a post may be, and how that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why somebody is worth recommending.

    topics: hashtags, without the sign; acts: kinds of what she does, most first; words: something short that she wrote.
    """

    topics: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    words: str = ""


_DOES: dict[Language, dict[str, str]] = {
    "de": {
        "reply": "redet mit", "quote": "denkt Gedanken weiter", "reshare": "teilt Gutes von anderen",
        "endorse": "stellt gern andere vor",
    },
    "en": {
        "reply": "joins the conversation", "quote": "takes thoughts further", "reshare": "shares what others write",
        "endorse": "likes to introduce others",
    },
}  # fmt: skip
_WRITES = {"de": "schreibt über {topics}", "en": "writes about {topics}"}
_PLAIN = {
    "de": "eine gute Adresse für anregende Beiträge",
    "en": "good company for anybody who likes to think",
}
_EXAMPLE = {"de": "Zum Beispiel: „{words}“", "en": "For example: “{words}”"}
_AND = {"de": " und ", "en": " and "}


def draft(network: Network, handle: str, grounds: Grounds, language: Language) -> str | None:
    """A post that recommends @handle, with as much of the reason as fits; None where not even a word of it does.

    >>> draft("x", "ben", Grounds(topics=("Garten",), acts=("reply",)), "de")
    '#FF @ben: schreibt über #Garten und redet mit.'
    """
    limit, length = LIMITS[network]
    for said in _reasons(grounds, language):
        text = f"#FF @{handle}: {said}"
        if length(text) <= limit and _is_vote(text, handle):
            return text
    return None


def handle_of(profile: Mapping[str, Any]) -> str:
    """How a post names that account; "" where it cannot."""
    uri, handle = str(profile["uri"]), str(profile["handle"] or "").lstrip("@")
    if uri.startswith("acct:"):
        handle = uri[5:]
    elif not handle and uri.startswith(("at://", "https://x.com/")) and "/i/user/" not in uri:
        handle = uri.rpartition("/")[2]
    return handle if handle.isprintable() and handle == clean(handle) and " " not in handle else ""


def _is_vote(text: str, handle: str) -> bool:
    """Whether it is read as what it is meant to be: a recommendation of that account alone, with a reason."""
    found = read_post(text)
    if found.kind != "vote" or not found.reason_given or len(found.endorsed) != 1:
        return False
    read = found.endorsed[
        0
    ].lower()  # of a name with dots perhaps only the first part; Bluesky itself knows who it is
    return handle.lower() == read or handle.lower().startswith(read + ".")


def _reasons(grounds: Grounds, language: Language) -> Iterator[str]:
    """The reason in words, shorter and shorter."""
    topics, acts = grounds.topics[:3], [a for a in grounds.acts if a in _DOES[language]][:2]
    for many in range(len(topics), -1, -1):
        for few in range(len(acts), -1, -1):
            parts = [_writes(topics[:many], language)] if many else []
            parts += [_DOES[language][a] for a in acts[:few]]
            if parts and grounds.words and not topics:
                yield f"{listed(parts, language)}. {_EXAMPLE[language].format(words=grounds.words)}"
            if parts:
                yield listed(parts, language) + "."
    yield _PLAIN[language] + "."


def _writes(topics: Sequence[str], language: Language) -> str:
    return _WRITES[language].format(topics=listed([f"#{clean(t)}" for t in topics], language))


def listed(parts: Sequence[str], language: Language) -> str:
    """Words in a row: a, b and c.

    >>> listed(["a", "b", "c"], "en"), listed(["a"], "de")
    ('a, b and c', 'a')
    """
    return _AND[language].join(filter(None, (", ".join(parts[:-1]), parts[-1])))
