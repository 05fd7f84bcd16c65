"""One post of the owner's: what it says, what came back, from whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import called
from leumund.store.register import as_time
from leumund.views import cells, written
from leumund.views.words import word
from leumund.web import box
from leumund.web.deeds import DONE, SHORT
from leumund.web.page import Asked, Page
from leumund.web.pages.posts import what_came
from leumund.web.sight import Sight

_SIZE = 100
_LONGEST = 20_000


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    tables = sight.state.tables
    box.define_box(sight)
    post = asked.query.get("post", "")  # without one it is the newest
    rows = tables.arrow(
        f"""select post, at_us, exact, network, url, text, visibility, likes, reshares, replies,
                   coalesce(responders, 0) as responders, {", ".join(f"coalesce(seen_{k}, 0) as seen_{k}" for k in box.COUNTED)}
            from mine left join came_back using (post)
            where post = $post or ($post = '' and not answers and visibility in ('public', 'unlisted'))
            order by at_us desc limit 1""",
        post=post,
    ).to_pylist()
    if not rows:
        raise UsageError(_("No post of yours has this address."), hint=_("Find it among your posts."))
    row = rows[0]
    post = row["post"]
    place = box.place_said(asked.query.get("before", ""), older=True)
    acts = box.page_of(tables, size=_SIZE + 1, place=place, post=post)
    more = box.place_of(acts[_SIZE - 1], older=True).written() if len(acts) > _SIZE else ""
    for_all = row["visibility"] in {"public", "unlisted"}
    return {
        "paragraphs": [clean(p) for p in row["text"][:_LONGEST].splitlines() if p.strip()] if for_all else [],
        "for_all": for_all,
        "when": cells.moment(as_time(row["at_us"])),
        "network": word(row["network"]),
        "link": written.web_address(row["url"] or post),
        "back": what_came(row),
        "acts": _acts(sight, acts[:_SIZE]),
        "more": "?" + urlencode({"post": post, "before": more}) if more else "",
        "why": "/why/resonance?" + urlencode({"of": post}),
    }


def _acts(sight: Sight, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names, _handles = called(sight.state.tables, sight.lab.names, {r["actor"] for r in rows})
    texts = box.texts_of(sight.state.tables, rows)
    return [
        {
            "key": r["actor"],
            "name": clean(names.get(r["actor"], str(r["actor"])), 80),
            "words": DONE[r["kind"]](1),
            "when": cells.moment(as_time(r["at_us"])),
            "link": written.web_address(r["via"]) if r["via"] else "",
            "text": clean(texts.get(r["via"], ""), SHORT),
        }
        for r in rows
    ]


PAGE = Page(name="post", path="/posts/one", title=N_("A post of mine"), take=_take)
