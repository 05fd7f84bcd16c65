"""The feeds a page names in its head: `<link rel="alternate" type="application/rss+xml" title="..." href="/feed/">`.

Only whole, short tags outside comments and scripts are looked at, each once: an absurd page costs no more than its
length. The page's `<base href>` counts, as in a browser.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import islice

from leumund.sources.json_records import as_utf8, tidy
from leumund.sources.web_addresses import person_of, same_host, web_address

LONGEST_HEAD = 512 << 10
"""Bytes of a page that are looked at; heads end long before."""
_MOST = 50
_MOST_TAGS = 1_000
_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
_NETWORKS = {"mastodon", "bluesky", "x"}
_HIDES = re.compile(r"<(?:(!--)|(script|style|template|title|textarea)\b)", re.IGNORECASE)
_BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<(link|base)\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([a-zA-Z]{1,20})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_OF_COMMENTS = re.compile(r"comment|kommentar", re.IGNORECASE)
_OF_THE_SITE = re.compile(r"/comments/", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed as a page names it. comments: it is one of answers to posts."""

    url: str
    title: str | None
    comments: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a page names: its feeds, and where it wants webmentions to be sent."""

    feeds: tuple[FeedLink, ...] = ()
    webmention: str | None = None

    def posts(self, home: str) -> list[FeedLink]:
        """The feeds that may be the main one, in the page's order; accounts on networks that it names too come last."""
        return sorted((f for f in self.feeds if not f.comments), key=lambda f: _is_account(f.url, home))

    def comments(self) -> FeedLink | None:
        """The feed of all comments; WordPress also names one of the single post that is looked at."""
        found = sorted((f for f in self.feeds if f.comments), key=lambda f: not _OF_THE_SITE.search(f.url))
        return found[0] if found else None


def named_in(data: bytes, *, url: str) -> Named:
    """What the page at `url` names in its head; where its head names no feed, further down.

    >>> page = b'<base href="/blog/"><link rel=alternate type="application/atom+xml" href="feed?a=1&amp;b=2">'
    >>> named_in(page, url="https://anna.example/x/").feeds[0].url
    'https://anna.example/blog/feed?a=1&b=2'
    """
    page = _shown(as_utf8(data[:LONGEST_HEAD])[0].decode("utf-8", "replace"))
    body = _BODY.search(page)
    head = _named(page[: body.start()], url) if body else _named(page, url)
    return head if head.feeds or body is None else _named(page, url)


def _is_account(url: str, home: str) -> bool:
    person = person_of(url)
    return person is not None and person[1] in _NETWORKS and not same_host(url, home)


def _named(page: str, url: str) -> Named:
    tags = [
        (m[1].lower(), {k.lower(): html.unescape(v.strip("\"'")) for k, v in _ATTRIBUTE.findall(m[2])})
        for m in islice(_TAG.finditer(page), _MOST_TAGS)
    ]
    bases = (
        web_address(told.get("href"), base=url) for tag, told in tags if tag == "base" and told.get("href")
    )
    base = next((b for b in bases if b), url)
    feeds: dict[str, FeedLink] = {}
    webmention: str | None = None
    for tag, told in tags:
        address = web_address(told.get("href"), base=base)
        if tag != "link" or address is None:
            continue
        address = address.partition("#")[0]
        rel = told.get("rel", "").lower().split()
        if "webmention" in rel:
            webmention = webmention or address
        kind = told.get("type", "").lower().partition(";")[0].strip()
        if kind in _TYPES and ("alternate" in rel or "feed" in rel) and len(feeds) < _MOST:
            title = tidy(" ".join(told.get("title", "").split()))
            of_comments = any(_OF_COMMENTS.search(text) for text in (title or "", address))
            feeds.setdefault(address, FeedLink(url=address, title=title, comments=of_comments))
    return Named(feeds=tuple(feeds.values()), webmention=webmention)


def _shown(page: str) -> str:
    """The page without its comments, scripts and the like: what stands in them is no tag."""
    small = page.lower()
    kept: list[str] = []
    place = 0
    while found := _HIDES.search(page, place):
        kept.append(page[place : found.start()])
        end = "-->" if found[1] else f"</{found[2].lower()}"
        stop = small.find(end, found.end())
        if stop < 0:  # never closed: a browser shows nothing of the rest either
            return "".join(kept)
        place = stop + len(end)
    return "".join([*kept, page[place:]])
