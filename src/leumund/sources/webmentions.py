"""Webmentions as webmention.io hands them out: who liked, shared, answered or linked to pages of one's site.

    /api/mentions.jf2   {"type": "feed", "children": [{"wm-id", "wm-property": "like-of", "wm-target", "wm-received",
                        "wm-private", "url", "published", "author": {"name", "url"}, "content": {"text", "html"}}]}
    /api/mentions.json  {"links": [{"id", "source", "target", "private", "verified_date", "activity": {"type": "like"},
                        "data": {"url", "published", "content", "author": {"name", "url"}}}]}

A token may stand in the address they were asked by, never in the file. `mention_events` reads the same from the
network. Through a bridge (Bridgy) come likes and answers from Mastodon and Bluesky: their authors are known by
their accounts there. No webmention joins two accounts: its sender chooses what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from leumund.errors import UnreadableFileError
from leumund.events import Account, Act, Event, Kind, Post
from leumund.locale import N_, _
from leumund.refused import reason
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.html_text import plain_text
from leumund.sources.json_records import (
    BROKEN_AT,
    HINT_AGAIN,
    NOT_UTF8,
    RECORDS_PER_PAGE,
    RecordError,
    as_utf8,
    join,
    page_records,
    parse_problems,
    problem_data,
    record_problem,
    split_records,
    tidy,
    utc_time,
)
from leumund.sources.text_files import is_regular
from leumund.sources.web_addresses import (
    guest_name,
    guest_of,
    page_name,
    post_name,
    site_of,
    web_address,
)
from leumund.sources.webmention_authors import author_of, home_of, link_of
from leumund.sources.webmention_shapes import Author, Content, Mention, read_mention

LARGEST = 256 << 20
_HEAD = 1 << 14
_KINDS: Mapping[str, Kind] = {
    "like-of": "like", "repost-of": "reshare", "in-reply-to": "reply", "mention-of": "mention",
    "like": "like", "repost": "reshare", "reply": "reply", "link": "mention", "mention": "mention",
}  # fmt: skip
_LEFT_OUT = {"bookmark-of", "bookmark", "rsvp", "invite", "follow-of", "tag-of", "listen-of"}
_LIST = re.compile(rb'"(?:children|links)"\s*:\s*(?=\[)')


def recognise(path: Path) -> Found | None:
    """A JSON file whose head speaks of webmentions."""
    if not is_regular(path):
        return None
    try:
        with path.open("rb") as handle:
            head = as_utf8(handle.read(_HEAD))[0]
    except OSError:
        return None
    start = head.lstrip()[:1]
    ours = b'"wm-property"' in head or (b'"links"' in head and b'"activity"' in head and b'"target"' in head)
    empty = b'"Webmentions"' in head and b'"children"' in head
    return (
        Found(sure=0.9, what=_("webmentions from webmention.io"))
        if start in b"{[" and (ours or empty)
        else None
    )


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The mentions, a thousand a page.

    Raises:
        UnreadableFileError: no file, too large, or no list of mentions in it.
    """
    path = settings.path
    if not is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))
    try:
        size = path.stat().st_size
        if size > LARGEST:
            why = _("this is too large: I read up to {size} MB").format(size=LARGEST >> 20)
            raise UnreadableFileError(path, why, hint=_("Ask webmention.io for fewer pages at once."))
        data, mended = as_utf8(path.read_bytes())
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error
    try:
        records, whole = _split(data)
    except RecordError as error:
        raise UnreadableFileError(path, str(error)) from None
    start = int(cursor["record"] or 0) if cursor else -1
    problems = [problem_data(path.name, NOT_UTF8, count=mended)] if mended else []
    problems += [] if whole else [problem_data(path.name, BROKEN_AT, HINT_AGAIN, count=len(records))]
    for problem in problems if start < 0 else ():
        yield Page(kind="problem", where=path.name, data=problem, position={"record": 0}, done=0, size=size)
    for first in range(max(start, 0), len(records), RECORDS_PER_PAGE):
        part = records[first : first + RECORDS_PER_PAGE]
        end = first + len(part)
        yield Page(
            kind="mentions", where=path.name, data=join(part), first=first + 1, position={"record": end},
            done=size * end // len(records), size=size,
        )  # fmt: skip


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    shown: set[str] = set()
    for number, raw in page_records(page):
        try:
            yield from _events(raw, shown, at=None)
        except RecordError as error:
            yield record_problem(page, number, error, excerpt=bytes(raw)[:80].decode("utf-8", "replace"))


def mention_events(data: bytes, *, at: datetime) -> Iterator[Event]:
    """The events of one answer of webmention.io, asked at that time; a bad record is a Problem.

    Raises:
        UnreadableFileError: it holds no list of mentions.
    """
    where = "webmention.io"
    try:
        records, _whole = _split(as_utf8(data)[0])
    except RecordError as error:
        raise UnreadableFileError(where, str(error)) from None
    page = Page(kind="mentions", where=where, data=join(records))
    shown: set[str] = set()
    for number, raw in page_records(page):
        try:
            yield from _events(raw, shown, at=at)
        except RecordError as error:
            yield record_problem(page, number, error)


def _split(data: bytes) -> tuple[list[Any], bool]:
    """The records of either form, or of a bare list, and whether those were all."""
    if data.lstrip().startswith(b"["):
        return split_records(data)
    found = _LIST.search(data)
    if found is None:
        raise RecordError(_("there is no list of webmentions in it"))
    return split_records(b'{"items":' + data[found.end() :], key="items")


def _events(raw: bytes | msgspec.Raw, shown: set[str], *, at: datetime | None) -> Iterator[Event]:
    mention = read_mention(raw)
    if mention.private or mention.property in _LEFT_OUT:
        return
    kind = _KINDS.get(mention.property)
    if kind is None:
        raise RecordError(_("“{kind}” is no kind of mention I know").format(kind=mention.property[:40]))
    target, post = site_of(mention.target), page_name(mention.target)
    if target is None or post is None:
        raise RecordError(_("“{text}” is no address of a page").format(text=mention.target[:100]))
    happened_at = _when(mention, at)
    author = mention.author if isinstance(mention.author, Author) else Author(url=mention.author)
    person = author_of(mention, author.url)
    link = link_of(mention, author.url if person else None)
    believed = person is not None
    person = person or home_of(link)
    if person is None and not author.name:
        raise RecordError(_("it says neither who nor where"))
    actor, network = person or (guest_of(target, author.name), "other")
    if actor == target:
        return  # a site that links to itself
    via = post_name(link) if kind in ("reply", "mention") else None
    if believed and network == "bluesky" and via and via.startswith("at://did:"):
        actor = via[5:].split("/", maxsplit=1)[0]  # whose post it is; a handle is not joined with it for that
    if actor not in shown:
        shown.add(actor)
        yield Account(
            account=actor,
            seen_at=happened_at,
            network=network,
            name=guest_name(author.name) if believed or person is None else None,
            url=web_address(author.url) if believed else None,
        )
    text = _text(mention.content)
    if via and text:
        yield Post(
            post=via,
            account=actor,
            network=network if network != "other" else "blog",
            happened_at=happened_at,
            text=text,
            language=_language(mention.lang),
            reply_to=post if kind == "reply" else None,
            reply_to_account=target if kind == "reply" else None,
            mentions=(target,) if kind == "mention" else (),
            url=link,
        )
    yield Act(
        kind=kind, actor=actor, target=target, network="blog", happened_at=happened_at, post=post, via=via
    )


def _when(mention: Mention, at: datetime | None) -> datetime:
    """When it was published; a like seldom says so, then when the site was told: mostly minutes later."""
    for text in (mention.published, mention.received):
        try:
            if text and (time := utc_time(text)).year > 1:
                return time
        except RecordError:
            continue
    if at is None:
        raise RecordError(_("it says no time"))
    return at


def _text(content: Content | str | None) -> str:
    if isinstance(content, str):
        return tidy(plain_text(content)) or ""
    if content is None:
        return ""
    return tidy(plain_text(content.html) if content.html else content.text or content.value) or ""


def _language(tag: str | None) -> str | None:
    short = re.split(r"[-_]", (tag or "").lower())[0]
    return short if re.fullmatch(r"[a-z]{2,3}", short) else None


SOURCE = Source(
    name="webmentions",
    title=N_("Webmentions from webmention.io (mentions.jf2 or mentions.json, saved as a file)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Who liked, reshared, answered or linked to pages of your site, and with which words."),
        N_("Of people who came over a bridge: their account on Mastodon or Bluesky."),
    ),
    cannot_tell=(
        N_("When exactly somebody liked something: only when your site was told, mostly minutes later."),
        N_("Whether a page's author is who the page says; only her own site and known bridges are believed."),
        N_(
            "Whether a bridge was lied to, by a server that somebody runs for that; and that a handle and a number on Bluesky are one account: connect Bluesky for that."
        ),
        N_("Private mentions and bookmarks are left out."),
        N_(
            "Whether you brought in the same like from the network itself too: then it stands there for the post there, "
            "and here for the page."
        ),
        N_("Links to your site by pages that send no webmentions."),
    ),
    reference="https://github.com/aaronpk/webmention.io#api",
)
