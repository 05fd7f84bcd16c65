"""The same posts for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from leumund.views.written import web_address
from leumund.widget import pages
from leumund.widget.posts import Chosen, Shown
from leumund.widget.wanted import Wanted
from leumund.widget.words import title_of

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(chosen: Chosen, wanted: Wanted) -> bytes:
    """The posts as Atom; whole texts, plain."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {f"{_XML}lang": wanted.language})
    _add(feed, "id", _feed_id(chosen, wanted))
    _add(feed, "title", _title(chosen, wanted))
    newest = max((p.at for p in chosen.posts), default=_NEVER)
    _add(feed, "updated", _time(newest))
    if wanted.site:
        _add(feed, "link", rel="self", type="application/atom+xml", href=wanted.site + pages.ATOM)
        _add(feed, "link", rel="alternate", type="text/html", href=wanted.site)
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", _author(chosen) or _title(chosen, wanted))
    if address := _profile(chosen):
        _add(author, "uri", address)
    for post in chosen.posts:
        entry = ET.SubElement(
            feed, f"{{{_ATOM}}}entry", {f"{_XML}lang": post.language} if post.language else {}
        )
        _add(entry, "id", _id(post))
        _add(entry, "title", title_of(post.text))
        _add(entry, "updated", _time(post.at))
        _add(entry, "published", _time(post.at))
        if post.address:
            _add(entry, "link", rel="alternate", href=post.address)
        _add(entry, "content", post.text, type="text")
    ET.indent(feed, "")
    text: str = ET.tostring(feed, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def json_feed(chosen: Chosen, wanted: Wanted) -> bytes:
    """The posts as JSON Feed; whole texts, plain."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(chosen, wanted),
        "language": wanted.language,
    }
    if wanted.site:
        feed |= {"home_page_url": wanted.site, "feed_url": wanted.site + pages.JSON_FEED}
    author = {"name": _author(chosen), "url": _profile(chosen)}
    if any(author.values()):
        feed["authors"] = [{k: v for k, v in author.items() if v}]
    feed["items"] = [_item(p) for p in chosen.posts]
    return json.dumps(feed, ensure_ascii=False, indent=1).encode() + b"\n"


def _item(post: Shown) -> dict[str, Any]:
    item = {
        "id": _id(post),
        "url": post.address,
        "content_text": post.text,
        "date_published": _time(post.at),
        "language": post.language,
    }
    return {k: v for k, v in item.items() if v}


def _id(post: Shown) -> str:
    """The post's own name where that is an address, else one made from it: both stay the same for good."""
    named = post.post if post.post.startswith("at://") else web_address(post.post)
    return named or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'leumund:{post.account}:{post.post}')}"


def _feed_id(chosen: Chosen, wanted: Wanted) -> str:
    whose = wanted.site or ",".join(a.uri for a in chosen.authors)
    return wanted.site or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'leumund:{whose}')}"


def _title(chosen: Chosen, wanted: Wanted) -> str:
    name, title = pages.name(chosen), pages.title(wanted)
    return f"{title} – {name}" if name else title


def _author(chosen: Chosen) -> str:
    return pages.name(chosen) or next((a.handle for a in chosen.authors), "")


def _profile(chosen: Chosen) -> str:
    return next((a.address for a in chosen.authors if a.address), "")


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(to: ET.Element, name: str, text: str = "", **values: str) -> None:
    ET.SubElement(to, f"{{{_ATOM}}}{name}", values).text = text or None
