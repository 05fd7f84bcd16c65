"""What others did for the owner, in a person's words, with the post it was done with and a way to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from leumund.clean import clean
from leumund.locale import N_, _
from leumund.store.tables import Tables
from leumund.views import cells, written

DONE: Mapping[str, str] = {
    "reply": N_("answered you"),
    "mention": N_("mentioned you"),
    "quote": N_("quoted you"),
    "reshare": N_("shared a post of yours"),
    "like": N_("liked a post of yours"),
    "follow": N_("follows you"),
    "endorse": N_("recommended you"),
}
"""Each verb as somebody's deed. Who no longer follows is told nowhere."""
_LETTERS = 280


def deed(kind: str, at: Any, post: str | None, text: str | None) -> dict[str, str]:
    """One deed, written. post: where it is to be seen; text: what the post says, None where it is not known."""
    return {
        "words": _(DONE[kind]) if kind in DONE else cells.written("kind", kind),
        "day": cells.day(at),
        "link": written.web_address(post) if post else "",
        "text": clean(text, _LETTERS) if text else "",
    }


def texts_of(tables: Tables, posts: Iterable[str | None]) -> dict[str, str]:
    """What these posts say, by their URI; what was for a few only is left out."""
    wanted = pa.table({"post": pa.array(sorted({p for p in posts if p}), pa.string())})
    tables.bring("deed_posts", wanted)
    rows = tables.sql(
        f"""select p.post, any_value(substr(p.text, 1, {4 * _LETTERS})) from posts p semi join deed_posts using (post)
            where p.visibility in ('public', 'unlisted') group by p.post"""
    ).fetchall()
    return {post: text for post, text in rows if text}
