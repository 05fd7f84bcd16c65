"""What is said of a build, and the lines to copy into a homepage: for the command and the page alike."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from leumund.locale import _, ngettext
from leumund.views import cells
from leumund.widget import oembed, pages
from leumund.widget.posts import Chosen, Why
from leumund.widget.wanted import Wanted

STAND_IN = "https://anna.example/posts/"
"""Stands for the address of the folder where she has not said it."""


def what_is_shown(chosen: Chosen) -> str:
    """How many posts, and how new they are."""
    n = len(chosen.posts)
    if not n:
        return _("No post to show yet: a friendly line stands in its place.")
    text = ngettext("{n} post, of {day}.", "{n} posts, the newest of {day}.", n)
    return text.format(n=n, day=cells.day(chosen.posts[0].at))


def what_is_left_out(chosen: Chosen) -> str:
    """How many newer posts are not shown, and why; "" where none is."""
    parts = [_left_out(why, n).format(n=n) for why, n in chosen.left_out.items()]
    return _("Left out, though as new: {parts}.").format(parts=", ".join(parts)) if parts else ""


def _left_out(why: Why, n: int) -> str:
    match why:
        case "reply":
            return ngettext("{n} answers somebody", "{n} answer somebody", n)
        case "quote":
            return ngettext("{n} quotes somebody", "{n} quote somebody", n)
        case "names":
            return ngettext("{n} names somebody who was not asked", "{n} name somebody who was not asked", n)
        case "wordless":
            return ngettext("{n} has no words", "{n} have no words", n)


def snippets(chosen: Chosen, wanted: Wanted) -> list[tuple[str, str]]:
    """(what for, the lines) for each way into a homepage; the address stands in for one not known yet."""
    site = wanted.site or STAND_IN
    path = urlsplit(site).path
    name = pages.title(wanted)
    frame = oembed.frame(chosen, Wanted(language=wanted.language, title=wanted.title, site=site))
    height = oembed.HEIGHT
    component = (
        f'<script type="module" src="{path}{pages.SCRIPT}"></script>\n'
        f'<leumund-posts style="display:block;height:{height}px;overflow:auto"><a href="{path}">{_escaped(name)}</a></leumund-posts>'
    )
    include = f'<?php readfile($_SERVER["DOCUMENT_ROOT"] . "{PurePosixPath(path) / pages.PART}"); ?>'
    ways = [
        (_("In any page, as a frame (also WordPress: block “Custom HTML”)"), frame),
        (_("In a page made with PHP: part of the page itself, found by search engines"), include),
        (_("In a plain HTML page: part of the page, with a small script"), component),
    ]
    return (
        ways if wanted.site else [w for w in ways if w[1] != include]
    )  # its style is found by the address alone


def _escaped(text: str) -> str:
    import html

    return html.escape(text)
