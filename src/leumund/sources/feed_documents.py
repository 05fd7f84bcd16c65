"""One feed document as its entries: RSS and Atom of every version, JSON Feed.

RSS and Atom are read by feedparser, which drops entity declarations and opens nothing outside the document;
it is given bytes in UTF-8, so that one wrong byte does not turn all umlauts of a feed into others.
JSON Feed: {"version": "https://jsonfeed.org/version/1.1", "title", "home_page_url", "feed_url", "language",
"items": [{"id", "url", "title", "content_html", "content_text", "date_published", "language", "authors"}]}.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from leumund.locale import _
from leumund.sources.html_text import plain_text
from leumund.sources.json_records import RecordError, as_utf8, tidy, utc_time
from leumund.sources.web_addresses import web_address

JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org(?:\\?/)version')
XML_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_ENDS = (b"</rss>", b"feed>", b"RDF>")
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_MAIL = re.compile(r"[(<]?\S+@\S+\.\w+[)>]?")
_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is told of one entry; None where it is not. text: plain. certain: the time is that of publishing."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    text: str = ""
    at: datetime | None = None
    certain: bool = True
    language: str | None = None
    author: str | None = None
    author_url: str | None = None
    answers: str | None = None  # the address it says it is a reply to
    source: str | None = None  # the site it was taken from, where the feed gathers those of others


@dataclass(slots=True, kw_only=True)
class Document:
    """A feed: its site, its name, its entries; mended: bytes that were no UTF-8; whole: not cut off.

    older: where the feed says that older entries stand (RFC 5005, JSON Feed's next_url); made_with: by which program.
    """

    link: str | None = None
    title: str | None = None
    subtitle: str | None = None
    language: str | None = None
    at: datetime | None = None
    entries: list[Entry] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    mended: int = 0
    whole: bool = True
    older: str | None = None
    made_with: str | None = None


def is_feed(head: bytes) -> bool:
    """Whether a document begins as a feed does."""
    start = as_utf8(head[:_HEAD])[0].lstrip()
    if start.startswith(b"{"):
        return JSON_FEED.search(start) is not None
    return (
        start.startswith(b"<")
        and XML_FEED.search(start) is not None
        and b"wordpress.org/export/" not in start
    )


def read_document(data: bytes, *, url: str) -> Document:
    """The feed in these bytes. url: where it came from, for addresses that are not absolute; may be "".

    Raises:
        RecordError: it is no feed.
    """
    text, mended = _as_utf8(data)
    document = _json_feed(text, url) if text.lstrip().startswith(b"{") else _xml_feed(text, url)
    document.mended = mended
    return document


def _as_utf8(data: bytes) -> tuple[bytes, int]:
    """The bytes as UTF-8: what they are already counts more than what they say they are."""
    declared = _DECLARED.match(data)
    name = declared[1].decode().lower() if declared else "utf-8"
    if name not in ("utf-8", "utf8") and not _is_utf8(data):
        try:
            data, mended = data.decode(name, "replace").encode(), 0
        except (LookupError, UnicodeError):
            data, mended = as_utf8(data)
    else:
        data, mended = as_utf8(data)
    if declared := _DECLARED.match(data):
        data = data[: declared.start(1)] + b"utf-8" + data[declared.end(1) :]
    return data.translate(None, _CONTROLS), mended


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# -- RSS and Atom ----------------------------------------------------------------------------------


def _xml_feed(data: bytes, url: str) -> Document:
    import feedparser  # type: ignore[import-untyped]  # a tenth of a second that only feeds need

    try:  # a stream, for text that looks like a file's name or an address would be opened
        parsed: dict[str, Any] = feedparser.parse(
            io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, AssertionError, RecursionError, AttributeError, TypeError) as error:
        raise RecordError(_("it is no feed: {why}").format(why=str(error)[:200])) from None
    version = str(parsed.get("version") or "")
    if not version:
        raise RecordError(_("it is no feed"))
    about: dict[str, Any] = parsed.get("feed") or {}
    document = Document(
        link=web_address(_text(about, "link"), base=url),
        title=_plain(about, "title"),
        subtitle=_plain(about, "subtitle"),
        language=_language(_text(about, "language")),
        at=_time(about, "updated_parsed") or _time(about, "published_parsed"),
        whole=any(end in data[-_HEAD:] for end in _ENDS),
        older=_older(about, url or _text(about, "link") or ""),
        made_with=_text(about, "generator"),
    )
    base = document.link or url
    for entry in parsed.get("entries") or ():
        document.entries.append(_entry(entry, base, atom=version.startswith("atom")))
    return document


def _older(about: dict[str, Any], url: str) -> str | None:
    """The next page of a feed in pages, else the archive before it."""
    links = [n for n in dict.get(about, "links") or () if isinstance(n, dict)]
    told = {str(n.get("rel")): web_address(str(n.get("href") or ""), base=url) for n in reversed(links)}
    return told.get("next") or told.get("prev-archive")


def _entry(raw: dict[str, Any], base: str, *, atom: bool) -> Entry:
    published, updated = _time(raw, "published_parsed"), _time(raw, "updated_parsed")
    contents = [c for c in dict.get(raw, "content") or () if isinstance(c, dict) and c.get("value")]
    body = max(contents, key=lambda c: "html" in str(c.get("type")), default=None)
    detail = body or dict.get(raw, "summary_detail") or {}
    text = str(detail.get("value") or "")
    if "html" in str(detail.get("type")):
        text = plain_text(text)
    author = dict.get(raw, "author_detail") or {}
    reply = dict.get(raw, "thr_in-reply-to") or {}
    source = dict.get(raw, "source") or {}
    answers = (
        [web_address(str(reply.get(k) or "")) for k in ("href", "ref")] if isinstance(reply, dict) else []
    )
    return Entry(
        guid=tidy(_text(raw, "id")),
        link=web_address(_text(raw, "link"), base=base),
        title=_plain(raw, "title"),
        text=tidy(text) or "",
        at=published or updated,
        certain=published is not None or not atom,  # dc:date and the like say when; Atom's "updated" does not
        language=_language(str(detail.get("language") or "")) or _language(_text(raw, "language")),
        author=tidy(_MAIL.sub("", _text(raw, "author") or "").strip(" ()<>")),
        author_url=web_address(str(author.get("href") or ""), base=base),
        answers=next((a for a in answers if a), None),
        source=web_address(str(source.get("href") or source.get("link") or ""))
        if isinstance(source, dict)
        else None,
    )


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    """A plain value; asked of the dict itself, for feedparser's own look-ups warn and guess."""
    value = dict.get(raw, name) if isinstance(raw, dict) else None
    return value if isinstance(value, str) else None


def _plain(raw: Mapping[str, Any], name: str) -> str | None:
    text = _text(raw, name) or ""
    detail = dict.get(raw, f"{name}_detail") if isinstance(raw, dict) else None
    kind = str(detail.get("type")) if isinstance(detail, dict) else ""
    return tidy(" ".join((plain_text(text) if "html" in kind else text).split()))


def _time(raw: Mapping[str, Any], name: str) -> datetime | None:
    value = dict.get(raw, name) if isinstance(raw, dict) else None
    try:
        year, month, day, hour, minute, second = value[:6] if value else (0,) * 6
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) if year > 1 else None
    except (ValueError, TypeError, OverflowError):
        return None


def _language(tag: str | None) -> str | None:
    """The primary subtag, in small letters."""
    short = re.split(r"[-_]", (tag or "").strip().lower())[0]
    return short if re.fullmatch(r"[a-z]{2,3}", short) and short not in ("und", "mul", "zxx") else None


# -- JSON Feed -------------------------------------------------------------------------------------


def _json_feed(data: bytes, url: str) -> Document:
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raise RecordError(_("it is no feed: the JSON is broken or cut off")) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("items"), list):
        raise RecordError(_("it is no feed: it has no list of items"))
    document = Document(
        link=web_address(_of(raw, "home_page_url"), base=url) or web_address(_of(raw, "feed_url")),
        title=tidy(_of(raw, "title")),
        subtitle=tidy(_of(raw, "description")),
        language=_language(_of(raw, "language")),
        older=web_address(_of(raw, "next_url"), base=url),
    )
    base = document.link or url
    for number, item in enumerate(raw["items"], start=1):
        if isinstance(item, dict):
            document.entries.append(_item(item, base))
        else:
            document.bad.append((number, _("the record has another shape than it should")))
    return document


def _item(item: dict[str, Any], base: str) -> Entry:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    author = next((a for a in authors or () if isinstance(a, dict)), {})
    html = _of(item, "content_html")
    guid = item.get("id")
    published, modified = _moment(_of(item, "date_published")), _moment(_of(item, "date_modified"))
    return Entry(
        guid=tidy(str(guid)) if isinstance(guid, str | int) and not isinstance(guid, bool) else None,
        link=web_address(_of(item, "url"), base=base) or web_address(_of(item, "external_url"), base=base),
        title=tidy(_of(item, "title")),
        text=tidy(plain_text(html) if html else _of(item, "content_text") or _of(item, "summary")) or "",
        at=published or modified,
        certain=published is not None,
        language=_language(_of(item, "language")),
        author=tidy(_of(author, "name")),
        author_url=web_address(_of(author, "url"), base=base),
    )


def _of(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) else None


def _moment(text: str | None) -> datetime | None:
    try:
        return utc_time(text) if text else None
    except RecordError:
        return None
