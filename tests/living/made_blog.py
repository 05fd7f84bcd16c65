"""A made-up blog with feeds in pages, and a made-up receiver of its webmentions, on top of the server that can answer
badly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.servers.faulty import Answer, Asked, Faulty, computed, good

SITE = "https://anna.example"
KEY = "a-key-of-the-receiver"
START = datetime(2025, 3, 1, 8, tzinfo=UTC)
FEED, COMMENTS, MENTIONS = "/feed/", "/comments/feed/", "/api/mentions.jf2"


@dataclass(slots=True)
class MadeBlog:
    """The blog. count: posts, each a day after the one before; shown: how many a page of the feed holds.

    how: "plain" shows the newest only, "linked" says where the older ones stand, "wordpress" can be asked for them.
    before: what comes before a page of a feed or of mentions is answered, by the number of the request; None: the page.
    """

    server: Faulty
    count: int = 5
    shown: int = 10
    how: str = "plain"
    tags: bool = True
    comments: list[tuple[str, int]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[int], Answer | None] = lambda _number: None
    asked: int = 0

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> MadeBlog:
        page = (
            '<!doctype html><title>Anna</title><link rel="alternate" type="application/rss+xml" title="Anna" href="/feed/">'
            '<link rel="alternate" type="application/rss+xml" title="Anna: Kommentare" href="comments/feed/">'
        )
        self.server.answer("/", good(page.encode(), kind="text/html"))
        self.server.answer(FEED, computed(self.feed))
        self.server.answer(COMMENTS, computed(self._comments))
        self.server.answer(MENTIONS, computed(self._mentions))
        return self

    def names(self) -> dict[str, str]:
        """Every post with its text."""
        return {f"{SITE}/{n}": f"Beitrag {n}\n\nText von {n}." for n in range(self.count)}

    def feed(self, asked: Asked) -> Answer:
        """A page of the feed."""
        self.asked += 1
        if (bad := self.before(self.asked)) is not None:
            return bad
        page = int(asked.one("paged") or asked.one("page") or 1)
        first = self.count - 1 - (page - 1) * self.shown
        numbers = list(range(first, max(first - self.shown, -1), -1))
        if self.how == "wordpress" and page > 1 and not numbers:
            return good(b"<h1>Not found</h1>", status=404, kind="text/html")
        items = "".join(_item(n, START + timedelta(days=n)) for n in numbers)
        more = ""
        if self.how == "linked" and numbers and numbers[-1] > 0:
            more = f'<atom:link rel="next" href="{self.url}{FEED}?page={page + 1}"/>'
        if self.how == "wordpress":
            more = "<generator>https://wordpress.org/?v=6.9</generator>"
        return self._given(asked, rss(items, more=more))

    def _comments(self, asked: Asked) -> Answer:
        items = "".join(
            f"<item><title>Zu: {n}</title><link>{SITE}/{n}#comment-{k}</link><guid>{SITE}/?c={k}</guid>"
            f"<dc:creator>{who}</dc:creator><pubDate>{format_datetime(START + timedelta(hours=k))}</pubDate>"
            f"<description>Danke {k}!</description></item>"
            for k, (who, n) in enumerate(self.comments, start=1)
        )
        return self._given(asked, rss(items, title="Kommentare"))

    def _given(self, asked: Asked, body: bytes) -> Answer:
        if not self.tags:
            return good(body, kind="application/rss+xml")
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if asked.headers.get("if-none-match") == tag:
            return good(b"", status=304)
        return good(body, kind="application/rss+xml", headers={"ETag": tag})

    def _mentions(self, asked: Asked) -> Answer:
        self.asked += 1
        if (bad := self.before(self.asked)) is not None:
            return bad
        if asked.one("token") != KEY:
            told = {"error": "forbidden", "error_description": f"“{asked.one('token')}” was not valid"}
            return good(told, status=401)
        size, page = int(asked.one("per-page") or 20), int(asked.one("page") or 0)
        found = [m for m in self.mentions if m["wm-id"] > int(asked.one("since_id") or 0)]
        found = found if asked.one("sort-dir") == "up" else found[::-1]
        return good(
            {"type": "feed", "name": "Webmentions", "children": found[page * size : (page + 1) * size]}
        )


def rss(items: str, *, more: str = "", title: str = "Anna schreibt", link: str = SITE) -> bytes:
    """A feed with these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{title}</title><link>{link}</link>{more}{items}</channel></rss>"
    ).encode()


def _item(number: int, at: datetime) -> str:
    return (
        f"<item><title>Beitrag {number}</title><link>{SITE}/{number}</link><guid>{SITE}/{number}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate><description>Text von {number}.</description></item>"
    )


def mention(number: int, *, kind: str = "like-of", target: str = f"{SITE}/1", **more: Any) -> dict[str, Any]:
    """A webmention as the receiver tells it."""
    site = f"https://leser{number}.example"
    at = (START + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
    return {
        "type": "entry", "wm-id": number, "wm-property": kind, "wm-target": target, "wm-received": at, "wm-private": False,
        "wm-source": f"{site}/{number}", "url": f"{site}/{number}", "published": None,
        "author": {"type": "card", "name": f"Leser {number}", "url": f"{site}/"}, **more,
    }  # fmt: skip
