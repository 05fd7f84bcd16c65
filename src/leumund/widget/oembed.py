"""oEmbed 1.0 for pages that ask how to show an address (a blog's editor, a forum): a frame, nothing more."""

from __future__ import annotations

import html
import json
from urllib.parse import urlsplit

from leumund.widget import pages
from leumund.widget.posts import Chosen
from leumund.widget.wanted import Wanted

WIDTH, HEIGHT = 600, 480
_KEPT_S = 3600


def oembed(chosen: Chosen, wanted: Wanted) -> bytes:
    """The answer, the same for whatever width was asked for. wanted.site must be known."""
    name = pages.name(chosen)
    host = urlsplit(wanted.site).netloc
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": pages.title(wanted),
        "author_name": name,
        "author_url": next((a.address for a in chosen.authors if a.address), ""),
        "provider_name": host,
        "provider_url": f"{urlsplit(wanted.site).scheme}://{host}/",
        "cache_age": _KEPT_S,
        "width": WIDTH,
        "height": HEIGHT,
        "html": frame(chosen, wanted),
    }
    return (
        json.dumps({k: v for k, v in answer.items() if v != ""}, ensure_ascii=False, indent=1).encode()
        + b"\n"
    )


def frame(chosen: Chosen, wanted: Wanted) -> str:
    """The frame as it is pasted into a page: its size is told, so nothing moves when it comes."""
    name = pages.name(chosen)
    title = html.escape(f"{pages.title(wanted)} – {name}" if name else pages.title(wanted))
    address = html.escape(wanted.site)
    return f'<iframe src="{address}" title="{title}" loading="lazy" style="width:100%;max-width:{WIDTH}px;height:{HEIGHT}px;border:0"></iframe>'
