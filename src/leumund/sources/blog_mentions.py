"""The webmentions webmention.io received for a blog, asked for with its owner's key.

    /api/mentions.jf2?token=...&per-page=100&page=0&sort-dir=up&since_id=...    pages count from 0

The key stands in the address, as that server wants it; it never stands in a message. The list is asked for of all
the owner's sites and filtered here: told a `domain` it does not know, the server gives an empty list and no error,
and it knows a site with www or without, not both. Numbers (wm-id) grow over all who use the server, the list is
sorted by time; so a little before the last number is read again, and the page that was read last when it was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from leumund.errors import (
    NotOfferedError,
    ServerRefusedError,
    SourceError,
    StrangeAnswerError,
    TokenRefusedError,
)
from leumund.http import Client
from leumund.locale import _
from leumund.sources import Cursor, Page
from leumund.sources.blog_spelling import Blog
from leumund.sources.living import Access

SERVER = "https://webmention.io"
_AT_ONCE = 100
_LAST = 20  # the server's own size of a page: fewer than that are the end, whatever it makes of ours
_AGAIN = 1_000  # numbers before the last that are looked at again
_MOST_PAGES = 5_000

_Position = dict[str, str | int | float | None]


def check_key(client: Client, server: str, key: str) -> None:
    """Ask once whether the server knows the key.

    Raises:
        SourceError: it does not, or cannot be reached.
    """
    _ask(client, server, key, {"per-page": 1})


def as_secret(server: str, key: str) -> str:
    """The key as it is kept: with its server, unless that is the usual one, so that it is never sent to another.

    >>> as_secret("https://webmention.io", "abc"), as_secret("https://other.example", "abc")
    ('abc', 'https://other.example abc')
    """
    return key if server == SERVER else f"{server} {key}"


def fetch_mentions(access: Access, cursor: Cursor, blog: Blog, made: Callable[[str, bytes, _Position], Page]) -> Iterator[Page]:  # fmt: skip
    """What is new, the oldest first, a page at a time; of the blog's pages alone.

    Raises:
        NotOfferedError: there is no key. SourceError: the server cannot be reached, or refuses it.
    """
    server, _space, key = (access.secret() or "").rpartition(" ")
    if not key:
        raise NotOfferedError(_("no key of webmention.io; with one: leumund connect blog ADDRESS --token"))
    server = server or SERVER
    top, since, first = _number(cursor, "top"), _number(cursor, "since"), _number(cursor, "page")
    if cursor is None or cursor.get("page") is None:
        since, first = max(top - _AGAIN, 0), 0
    before: list[Any] = []
    for page in range(first, _MOST_PAGES):
        asked: dict[str, int | str | None] = {
            "per-page": _AT_ONCE,
            "page": page,
            "sort-dir": "up",
            "since_id": since or None,
        }
        records = _ask(access.client, server, key, asked)
        if records and records == before:  # a server that cannot page
            records = []
        before = records or before
        top = max([top, *(i for r in records if isinstance(r, dict) and type(i := r.get("wm-id")) is int)])
        ended = len(records) < _LAST
        kept = [r for r in records if _is_ours(r, blog)]
        position: _Position = {"top": top, "since": since, "page": None if ended else page}
        yield made(server, msgspec.json.encode({"children": kept}), position)
        if ended:
            return


def _is_ours(record: Any, blog: Blog) -> bool:
    """Whether it is for a page of the blog; one that does not say so is kept, and a problem of its own."""
    target = record.get("wm-target") if isinstance(record, dict) else None
    return not isinstance(target, str) or blog.has(target)


def _ask(client: Client, server: str, key: str, params: Mapping[str, int | str | None]) -> list[Any]:
    url = f"{server}/api/mentions.jf2"
    hint = _(
        "Make it anew with: leumund connect blog ADDRESS --token. The key stands at {server}/settings"
    ).format(server=server)
    try:
        found, _answer = client.get_json(url, params={"token": key, **params})
    except TokenRefusedError:
        raise SourceError(_("{url} does not know the key.").format(url=server), hint=hint) from None
    except ServerRefusedError as error:  # whatever it says may hold what it was sent
        raise SourceError(error.message.replace(key, "…"), hint=hint) from None
    children = found.get("children") if isinstance(found, dict) else None
    if not isinstance(children, list):
        raise StrangeAnswerError(url, _("there is no list of webmentions in it"))
    return children


def _number(cursor: Cursor, name: str) -> int:
    value = (cursor or {}).get(name)
    return value if isinstance(value, int) and value > 0 else 0
