"""A WordPress export (Tools > Export, a WXR file): posts and pages, and what was said to them.

Comments are posts of their authors and replies to the blog; pingbacks and trackbacks are mentions. What is not
published, waits for approval, is spam or in the bin is left out. E-mail addresses and IPs are never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Account, Act, Event, Kind, Network, Post
from leumund.locale import N_, _
from leumund.refused import reason
from leumund.sources import Cursor, FileSettings, Found, Page, Source, text_files, wxr
from leumund.sources.html_text import plain_text
from leumund.sources.json_records import (
    BROKEN_AT,
    HINT_AGAIN,
    RecordError,
    decode,
    page_records,
    parse_problems,
    problem_data,
    record_problem,
    tidy,
    utc_time,
)
from leumund.sources.record_stream import Record, stream_pages
from leumund.sources.web_addresses import (
    guest_of,
    page_name,
    person_of,
    same_site,
    shown_host,
    site_of,
)
from leumund.sources.wordpress_records import SHOWN, Channel, Comment, Item, channel_of, item_of, written_time

_HEAD = 1 << 14
_OTHER: Network = "other"
_NOBODY = ("", "0")
_TYPES = {"post", "page"}
# What plugins for webmentions write into comment_type. A bookmark is no act we know.
_KINDS: Mapping[str, Kind] = {
    "pingback": "mention", "trackback": "mention", "mention": "mention", "webmention": "mention", "like": "like",
    "favorite": "like", "repost": "reshare", "": "reply", "comment": "reply", "reply": "reply",
}  # fmt: skip
_SHORTCODE = re.compile(
    r"\[/?(?:caption|gallery|embed|audio|video|playlist|vc_\w+|et_pb_\w+)\b[^\]]{0,2000}\]"
)


def recognise(path: Path) -> Found | None:
    """An XML file whose head speaks of WordPress's export."""
    start = text_files.opening(path, _HEAD)
    if start is None or b"wordpress.org/export/" not in start or b"<rss" not in start:
        return None
    if text_files.is_gzip(path):  # nobody packs it so
        return None
    link = re.search(rb"<link>\s*(?:<!\[CDATA\[)?([^<\]\s]{8,300})", start)
    site = site_of(link[1].decode("utf-8", "replace")) if link else None
    what = (
        _("export of the WordPress site {site}").format(site=shown_host(site))
        if site
        else _("WordPress export")
    )
    return Found(sure=0.95, what=what, owner=site)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The site, then its posts with their comments, some hundred a page.

    Raises:
        UnreadableFileError: no export. DangerousFileError: made to do harm.
    """
    path = settings.path
    start = text_files.opening(path, _HEAD)
    if start is None or b"wordpress.org/export/" not in start:
        raise UnreadableFileError(path, _("this is no WordPress export"))
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            records = _records(stream, path.name)
            head = next(records, None)
            channel = decode(head.data, Channel) if head and head.kind == "site" else Channel()
            site = site_of(channel.link)
            if head is None or site is None:
                raise UnreadableFileError(path, _("the export does not say which site it belongs to"))
            context = {"site": site, "made": channel.made}
            every = (record for part in ([head], records) for record in part)
            stamp = f"{site} {channel.made} {size}"
            yield from stream_pages(every, cursor, where=path.name, stamp=stamp, size=size, context=context)
    except wxr.RefusedError:
        raise DangerousFileError(path, _("it declares entities of its own, which no export does")) from None
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error


def _records(stream: BinaryIO, name: str) -> Iterator[Record]:
    reading = wxr.Reading()
    number = 0
    authors: set[str] = set()
    for found in wxr.records(stream, reading):
        if isinstance(found, wxr.Channel):
            authors = set(found.authors)
            yield Record("site", msgspec.json.encode(channel_of(found.fields)), 1, reading.done)
            continue
        number += 1
        status = found.fields.get("wp:status", "")
        if found.fields.get("wp:post_type") in _TYPES and status in SHOWN:
            yield Record(
                "items", msgspec.json.encode((number, item_of(found, authors))), number, reading.done
            )
    if reading.broken:
        why = problem_data(name, BROKEN_AT, HINT_AGAIN, count=number)
        yield Record("problem", why[1:-1], 1, reading.done)


# -- parse -----------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; a record that cannot be used is a Problem with its place."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    site = page.context["site"]
    guests: set[str] = set()
    for number, raw in page_records(page):
        if page.kind == "site":
            yield _site(decode(raw, Channel), site)
            continue
        number, item = decode(raw, tuple[int, Item])  # noqa: PLW2901  its number among all items of the file
        try:
            at = _time(item.at)
            post = _post(item, site, at)
        except RecordError as error:
            yield record_problem(page, number, error, excerpt=item.title[:80])
            continue
        yield post
        if item.left_out:
            message = _("more than {count} comments: the rest was left out").format(count=wxr.MOST_COMMENTS)
            yield record_problem(page, number, RecordError(message), excerpt=item.title[:80])
        yield from _comments(item, post, site, guests, page, number)


def _time(text: str) -> datetime:
    if not text:
        raise RecordError(_("it says no time"))
    return written_time(text) or utc_time(text) if "," in text else utc_time(text)


def _site(channel: Channel, site: str) -> Account:
    made = channel.made or datetime.fromtimestamp(0, UTC).isoformat()
    return Account(
        account=site,
        seen_at=utc_time(made),
        network="blog",
        name=tidy(channel.title),
        bio=tidy(channel.about),
        url=channel.link,
        own=True,
    )


def _post(item: Item, site: str, at: datetime) -> Post:
    name = page_name(item.link or (f"{site}/?p={item.id}" if item.id.isdecimal() else None))
    if name is None:
        raise RecordError(_("a post without an address"))
    text = "\n\n".join(part for part in (tidy(plain_text(item.title)), _text(item.text)) if part)
    return Post(
        post=name,
        account=site,
        network="blog",
        happened_at=at,
        text=text,
        visibility="followers" if item.visibility == "followers" else "public",
        url=item.link or name,
    )


def _text(html: str) -> str:
    """The text of a post. Older posts have empty lines in place of paragraphs."""
    html = _SHORTCODE.sub("", html[: wxr.LONGEST_TEXT])
    if "<p" not in html and "<!-- wp:" not in html:
        html = html.replace("\r\n", "\n").replace("\n\n", "<p>").replace("\n", "<br>")
    return tidy(plain_text(html)) or ""


def _comments(
    item: Item, post: Post, site: str, guests: set[str], page: Page, number: int
) -> Iterator[Event]:
    """What was said to a post: each comment, and what it does to the blog or to whom it answers."""
    actors: dict[str, str] = {}
    for comment in item.comments:
        kind = _KINDS.get(comment.type)
        if kind is None:
            continue
        try:
            at = _time(comment.at)
        except RecordError as error:
            why = _("comment {number}: {why}").format(number=comment.id[:20], why=error)
            yield record_problem(page, number, RecordError(why), excerpt=comment.name[:80])
            continue
        own = comment.own or (bool(comment.url) and same_site(comment.url, site))
        person = person_of(comment.url)
        actor, network = person or (guest_of(site, comment.name), _OTHER)
        actor = site if own else actor
        actors[comment.id] = actor
        if actor != site and actor not in guests:
            guests.add(actor)
            yield Account(
                account=actor, seen_at=at, network=network, url=comment.url if person else None,
                name=(comment.name or None) if kind != "mention" else None,  # of a pingback: the page's title
            )  # fmt: skip
        if kind != "reply":
            via = page_name(comment.url, fragment=True) if kind == "mention" else None
            if actor != site:
                act = f"{post.post}#comment-{comment.id}" if comment.id else None
                yield Act(
                    kind=kind,
                    actor=actor,
                    target=site,
                    network="blog",
                    happened_at=at,
                    act=act,
                    post=post.post,
                    via=via,
                )
            continue
        answered = actors.get(comment.parent, site) if comment.parent not in _NOBODY else site
        yield from _reply(comment, actor, answered, post, at)


def _reply(comment: Comment, actor: str, target: str, post: Post, at: datetime) -> Iterator[Event]:
    parent = f"{post.post}#comment-{comment.parent}" if comment.parent not in _NOBODY else post.post
    name = f"{post.post}#comment-{comment.id}"
    yield Post(
        post=name,
        account=actor,
        network="blog",
        happened_at=at,
        text=_text(comment.text),
        reply_to=parent,
        reply_to_account=target,
        visibility=post.visibility,
        url=f"{post.url}#comment-{comment.id}",
    )
    if actor != target:
        yield Act(
            kind="reply", actor=actor, target=target, network="blog", happened_at=at, post=parent, via=name
        )


SOURCE = Source(
    name="wordpress",
    title=N_("WordPress export (WXR file)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("Every published post and page of your blog, with its time and text."),
        N_("Who commented on it, when and what; whom you answered."),
        N_("Which sites linked to a post and told yours so (pingbacks, trackbacks, webmentions)."),
    ),
    cannot_tell=(
        N_("How often a post was read."),
        N_(
            "Who commented under another name or without an address of their own: a name at your blog is no account."
        ),
        N_("Whether a commenter is who the comment says."),
        N_("Links to your blog of which yours was not told."),
        N_("The language of a post."),
    ),
    reference="https://wordpress.org/documentation/article/tools-export-screen/",
    group=N_("A blog"),
    get=N_("WordPress: Tools, Export, All content: a file .xml."),
)
