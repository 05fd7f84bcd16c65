"""By which a post's wording is found again among millions: ten numbers for each post that says something.

Thanks, greetings, replies and reshares are left out, and what has fewer than eight content words: everybody says those.
Two posts that share a number in the same place may be alike; `likeness.jaccard` says whether they are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from leumund.facts import Derived, Fact
from leumund.facts.likeness import BANDS, bands, normalised
from leumund.facts.manners import is_set_phrase

CONTENT_WORDS = 8
CONTENT_LETTERS = 4
"""A word of so many letters is taken for one that says something; shorter ones mostly join others."""


def content_words(plain: str) -> int:
    """How many words of a normalised text say something.

    >>> content_words("der tag im büro war lang aber das gespräch war gut")
    4
    """
    return sum(len(word) >= CONTENT_LETTERS for word in plain.split(" "))


def derive(posts: pa.Table) -> Derived:
    """One row for every post whose wording can be found again. content: how many content words."""
    columns = ("text", "reply_to", "reply_to_account", "quote_of")
    keep, plain, content = [], [], []
    for index, (text, to, whom, quoted) in enumerate(
        zip(*(posts[c].to_pylist() for c in columns), strict=True)
    ):
        if not text or to or whom or is_set_phrase(text):
            continue
        words = normalised(text)
        if (many := content_words(words)) >= CONTENT_WORDS and not quoted:
            keep.append(index)
            plain.append(words)
            content.append(many)
    rows = posts.select(["post", "account", "happened_at", "known_at", "exact"]).take(
        pa.array(keep, pa.int64())
    )
    rows = rows.append_column("content", pa.array(content, pa.int32()))
    numbers = pa.array(np.ascontiguousarray(bands(plain)).reshape(-1), pa.int32())
    starts = pa.array(np.arange(len(plain) + 1) * BANDS, pa.int32())
    return Derived(rows=rows.append_column("bands", pa.ListArray.from_arrays(starts, numbers)))


FACT = Fact(
    name="wordings",
    version="1",
    columns={
        "post": "VARCHAR", "account": "BIGINT", "happened_at": "TIMESTAMP", "known_at": "TIMESTAMP", "exact": "BOOLEAN",
        "content": "INTEGER", "bands": "INTEGER[]",
    },
    accounts=("account",),
    wanted="length(text) >= 40",
    derive=derive,
    at_import=False,
)  # fmt: skip
