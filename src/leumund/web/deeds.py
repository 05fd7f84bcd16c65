"""What others did for the owner, in a person's words, with the post it was done with and a way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from leumund.clean import clean
from leumund.locale import ngettext
from leumund.store.tables import Tables
from leumund.views import cells, written

DONE: Mapping[str, Callable[[int], str]] = {
    "reply": lambda n: ngettext("answered you", "answered you", n),
    "mention": lambda n: ngettext("mentioned you", "mentioned you", n),
    "quote": lambda n: ngettext("quoted you", "quoted you", n),
    "reshare": lambda n: ngettext("shared a post of yours", "shared a post of yours", n),
    "like": lambda n: ngettext("liked a post of yours", "liked a post of yours", n),
    "follow": lambda n: ngettext("follows you", "follow you", n),
    "endorse": lambda n: ngettext("recommended you", "recommended you", n),
}
"""Each verb as the deed of so many people. Who no longer follows is told nowhere."""
SHORT = 280
"""So many letters of a post are shown where it is one of many."""


def deed(kind: str, at: Any, post: str | None, text: str | None) -> dict[str, str]:
    """One deed, written. post: where it is to be seen; text: what the post says, None where it is not known."""
    return {
        "words": DONE[kind](1) if kind in DONE else cells.written("kind", kind),
        "day": cells.day(at),
        "link": written.web_address(post) if post else "",
        "text": clean(text, SHORT) if text else "",
    }


def texts_of(tables: Tables, posts: Iterable[str | None]) -> dict[str, str]:
    """What these posts say, by their URI; what was for a few only is left out."""
    wanted = pa.table({"post": pa.array(sorted({p for p in posts if p}), pa.string())})
    tables.bring("deed_posts", wanted)
    rows = tables.sql(
        f"""select p.post, any_value(substr(p.text, 1, {4 * SHORT})) from posts p semi join deed_posts using (post)
            where p.visibility in ('public', 'unlisted') group by p.post"""
    ).fetchall()
    return {post: text for post, text in rows if text}
