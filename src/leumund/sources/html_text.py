"""Plain text out of a post's HTML, with the links whole.

Mastodon cuts links with spans: `<a href="https://a.example/long/path"><span class="invisible">https://</span>
<span class="ellipsis">a.example/long</span><span class="invisible">/path</span></a>`; here the text
is the href. Paragraphs end in an empty line, `<br>` in a new one, list items begin with "- ".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

LONGEST = 200_000  # characters; a post beyond is not a person's

_BLOCKS = {
    "p",
    "div",
    "blockquote",
    "pre",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "section",
}
_LINES = {"br", "li", "tr", "hr", "dt", "dd"}
_VOID = {"br", "hr", "img", "wbr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track"}
_SILENT = {"script", "style", "template", "title"}
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")

Naming = Callable[[str, str], str]
"""(text as shown, href) -> how the mention is written."""


def plain_text(html: str, *, mention: Naming | None = None, without: frozenset[str] = frozenset()) -> str:
    """The text of a piece of HTML; at most `LONGEST` characters of it are looked at.

    mention: names those whom links of the class "mention" mean. without: classes left out whole.

    >>> print(plain_text("<p>Grüße &amp; Dank</p><p>an alle<br>hier</p>"))
    Grüße & Dank
    <BLANKLINE>
    an alle
    hier
    >>> plain_text('see <a href="https://a.example/b?c=1"><span class="invisible">https://</span>a.example/b</a>')
    'see https://a.example/b?c=1'
    """
    reader = _Reader(mention, without)
    reader.feed(_tame(html[:LONGEST]))
    reader.close()
    return reader.text()


def _tame(html: str) -> str:
    """Only whole tags, every other "<" written out; comments and declarations dropped.

    Thousands of unfinished tags or quotes stall html.parser for minutes, and `<![>` stops it with an assertion.

    >>> _tame("1 < 2 <b>x</b> <!-- no --><a href=")
    '1 &lt; 2 <b>x</b> &lt;a href='
    """
    first, *rest = html.split("<")
    out = [first]
    for piece in rest:
        tag, closed, after = piece.partition(">")
        if tag.startswith(("!", "?")):
            out.append(after)
        else:
            quotes = tag.count('"') or tag.count("'")
            out.append(("<" if closed and quotes % 2 == 0 else "&lt;") + piece)
    return "".join(out)


class _Reader(HTMLParser):
    def __init__(self, mention: Naming | None, without: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._mention, self._without = mention, without
        self._out: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether what it holds is left out
        self._count: Counter[str] = Counter()
        self._silent = 0
        self._link: tuple[str, frozenset[str]] | None = None
        self._shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = frozenset((values.get("class") or "").split())
        self._break_at(tag)
        if tag == "li":
            self._write("- ")
        if tag in _VOID:
            return
        if tag == "a" and self._link is None:
            self._link, self._shown = (values.get("href") or "", classes), []
        silent = tag in _SILENT or bool(classes & self._without)
        self._open.append((tag, silent))
        self._count[tag] += 1
        self._silent += silent

    def handle_endtag(self, tag: str) -> None:
        while self._count[tag]:  # each element is taken off once: linear, however badly nested
            name, silent = self._open.pop()
            self._count[name] -= 1
            self._silent -= silent
            if name == "a":
                self._end_link()
            if name == tag:
                break
        if tag in _BLOCKS:
            self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        text = data if self._count["pre"] else _SPACE.sub(" ", data)
        if self._link is not None:
            self._shown.append(text)
        else:
            self._write(text)

    def text(self) -> str:
        self._end_link()
        lines = [line.strip() for line in "".join(self._out).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _break_at(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._write("\n\n")
        elif tag in _LINES:
            self._write("\n")

    def _write(self, text: str) -> None:
        if self._silent:
            return
        if self._link is not None:
            self._shown.append(text)
        elif not (text.startswith(" ") and self._out and self._out[-1].endswith((" ", "\n"))):
            self._out.append(text)
        else:
            self._out.append(text[1:])

    def _end_link(self) -> None:
        if self._link is None:
            return
        (href, classes), shown = self._link, "".join(self._shown)
        self._link = None
        bare = shown.strip()
        if "mention" in classes and "hashtag" not in classes and not bare.startswith("#"):
            self._write(self._mention(bare, href) if self._mention else shown)
        elif bare.startswith(("#", "@")) or not href.startswith(("http://", "https://")):
            self._write(shown)
        elif not bare or _is_part(bare, href):
            self._write(href)
        else:
            self._write(f"{shown} {href}")


def _is_part(shown: str, href: str) -> bool:
    """Whether the text of a link is its address, whole or cut: "a.example/b…" of "https://a.example/b/c"."""
    return shown.rstrip("…").removesuffix("...") in href
