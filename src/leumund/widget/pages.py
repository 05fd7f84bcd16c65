"""The widget as HTML: a part to stand in her page, and a whole page, which a frame can show too."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from leumund.locale import N_, _, speaking
from leumund.views import cells
from leumund.views.words import label
from leumund.widget.posts import Chosen, Shown
from leumund.widget.wanted import Wanted
from leumund.widget.words import paragraphs, shortened

OEMBED = "oembed.json"
ATOM, JSON_FEED = "posts.atom", "posts.json"
SCRIPT = "leumund.js"
PART, PAGE = "widget.html", "index.html"
_TITLE = N_("Latest posts")


def style() -> bytes:
    """The one style sheet."""
    return (resources.files("leumund.widget") / "static" / "widget.css").read_bytes()


def style_name() -> str:
    """Its file: another style has another name, so that it may be kept for ever."""
    return f"leumund-{hashlib.sha256(style()).hexdigest()[:10]}.css"


def script() -> bytes:
    """The web component, for pages that can include nothing."""
    return (resources.files("leumund.widget") / "static" / SCRIPT).read_bytes()


def part(chosen: Chosen, wanted: Wanted) -> str:
    """The part of a page, with a link to its style."""
    with speaking(wanted.language):
        return _rendered("part.html", chosen, wanted, level=wanted.level, base=wanted.base)


def page(chosen: Chosen, wanted: Wanted, *, style: str = "") -> str:
    """The whole page; its links lead out of a frame. style: the address of its style where that is not beside it."""
    with speaking(wanted.language):
        return _rendered("page.html", chosen, wanted, level=1, base="", style=style)


def title(wanted: Wanted) -> str:
    """What stands above the posts, in the widget's language."""
    with speaking(wanted.language):
        return wanted.title or str(_(_TITLE))


def name(chosen: Chosen) -> str:
    """What she is called; "" where nobody knows."""
    return next((a.name for a in chosen.authors if a.name), "")


def day(at: datetime, wanted: Wanted) -> str:
    """The day as it is written, by her clock."""
    with speaking(wanted.language):
        return cells.day(at.astimezone(ZoneInfo(wanted.zone)).date() if wanted.zone else at)


def _rendered(
    template: str, chosen: Chosen, wanted: Wanted, *, level: int, base: str, style: str = ""
) -> str:
    text: str = (
        _templates()
        .get_template(template)
        .render(
            wanted=wanted,
            lang=wanted.language,
            level=level,
            title=title(wanted),
            name=name(chosen),
            authors=[{"network": label(a.network), "a": a} for a in chosen.authors if a.address],
            posts=[_post(p, wanted) for p in chosen.posts],
            style=style or base + style_name(),
            feeds=(base + ATOM, base + JSON_FEED),
            oembed=wanted.site + OEMBED if wanted.site else "",
        )
    )
    return text


def _post(post: Shown, wanted: Wanted) -> dict[str, Any]:
    text, cut = shortened(post.text)
    copies = [{"name": label(c.network), "address": c.address} for c in post.copies]
    return {
        "lang": post.language,
        "parts": paragraphs(text),
        "cut": cut and post.address,
        "address": post.address,
        "iso": post.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "day": day(post.at, wanted),
        "copies": copies,
    }


@cache
def _templates() -> Any:
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.PackageLoader("leumund.widget", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals["_"] = lambda text: str(_(text))
    return env
