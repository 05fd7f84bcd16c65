"""A saved feed of a blog: RSS, Atom or JSON Feed. `feed_events` reads the same from the network.

A feed shows the newest posts only, often cut. Entries that answer something (a feed of comments) are told as
replies. Whose blog it is, a feed does not say: `leumund me https://anna.example` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leumund.errors import UnreadableFileError
from leumund.events import Account, Act, Event, Network, Post, Problem
from leumund.locale import N_, _
from leumund.refused import reason
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.feed_documents import Document, Entry, is_feed, read_document
from leumund.sources.json_records import BROKEN_AT, HINT_AGAIN, NOT_UTF8, RecordError
from leumund.sources.text_files import is_regular
from leumund.sources.web_addresses import (
    entry_name,
    guest_name,
    guest_of,
    page_name,
    person_of,
    post_name,
    same_site,
    site_of,
)

LARGEST = 32 << 20
"""Bytes of a feed; the newest posts of a blog never come near."""
_HEAD = 4096
_COMMENT = re.compile(r"#(?:comment|c|isso|discuss)-?\d+\Z|[?&]showComment=\d+")
_FIRST = datetime(2, 1, 1, tzinfo=UTC)


def recognise(path: Path) -> Found | None:
    """A text that begins as a feed does, whatever its name. Of a WordPress export `wordpress` takes care."""
    if not is_regular(path):
        return None
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
    except OSError:
        return None
    return Found(sure=0.9, what=_("feed of a blog")) if is_feed(head) else None


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The whole file is one page. With a cursor it has been read already.

    Raises:
        UnreadableFileError: no file, too large, or no feed.
    """
    if cursor:
        return
    path = settings.path
    if not is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))
    try:
        size, changed = path.stat().st_size, path.stat().st_mtime
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error
    if size > LARGEST:
        why = _("this is too large for a feed: I read up to {size} MB").format(size=LARGEST >> 20)
        raise UnreadableFileError(path, why, hint=_("For a whole blog use its export instead."))
    if not is_feed(data[:_HEAD]):
        raise UnreadableFileError(path, _("it is no feed"))
    at = datetime.fromtimestamp(changed, UTC).replace(microsecond=0)
    yield Page(
        kind="feed", where=path.name, data=data, context={"at": at.isoformat()}, position={"read": 1},
        done=len(data), size=len(data),
    )  # fmt: skip


def parse(page: Page) -> Iterator[Event]:
    """The events of the feed, seen when its newest entry was written (else when the file was)."""
    try:
        document = read_document(page.data, url="")
    except RecordError as error:
        yield Problem(where=f"{page.where}:1", message=str(error), hint=_(HINT_AGAIN))
        return
    times = [entry.at for entry in document.entries if entry.at] + ([document.at] if document.at else [])
    at = max(times, default=datetime.fromisoformat(page.context["at"]))
    yield from _events(document, where=page.where, url="", at=at)


def feed_events(data: bytes, *, url: str, at: datetime) -> Iterator[Event]:
    """The events of a feed that was found at `url` at that time: the blog, its posts, answers to them.

    Raises:
        UnreadableFileError: it is no feed.
    """
    try:
        document = read_document(data, url=url)
    except RecordError as error:
        raise UnreadableFileError(url, str(error)) from None
    yield from _events(document, where=url, url=url, at=at)


@dataclass(frozen=True, slots=True)
class _Site:
    """Whose feed it is."""

    account: str
    network: Network


def _events(document: Document, *, where: str, url: str, at: datetime) -> Iterator[Event]:
    if document.mended:
        yield Problem(where=f"{where}:1", message=_(NOT_UTF8).format(count=document.mended))
    if not document.whole:
        document.entries = document.entries[:-1]  # the last one may have lost its end
        message = _(BROKEN_AT).format(count=len(document.entries))
        yield Problem(where=f"{where}:1", message=message, hint=_(HINT_AGAIN))
    for number, why in document.bad:
        yield Problem(where=_("{file}: item {number}").format(file=where, number=number), message=why)
    site = _site(document, url)
    if site is None:
        yield Problem(where=f"{where}:1", message=_("the feed does not say which site it belongs to"))
        return
    if not all(_is_comment(entry) for entry in document.entries):  # a feed of comments has a title of its own
        yield Account(
            account=site.account,
            seen_at=at,
            network=site.network,
            name=document.title,
            bio=document.subtitle,
            url=document.link,
        )
    told: set[str] = set()
    guests: set[str] = set()
    for number, entry in enumerate(document.entries, start=1):
        try:
            events = list(_entry_events(entry, document, site, at))
        except RecordError as error:
            place = _("{file}: item {number}").format(file=where, number=number)
            yield Problem(where=place, message=str(error), excerpt=(entry.title or "")[:80])
            continue
        for event in events:
            if isinstance(event, Account):
                if event.account not in guests:
                    guests.add(event.account)
                    yield event
            elif isinstance(event, Post) and event.post in told:
                break
            else:
                told.add(event.post if isinstance(event, Post) else "")
                yield event


def _site(document: Document, url: str) -> _Site | None:
    """The blog, or the account on Mastodon or Bluesky whose posts a feed repeats."""
    first = next((e.link for e in document.entries if e.link), None)
    for address in (document.link, url, first):
        person = person_of(address)
        if person and person[1] in ("mastodon", "bluesky", "x"):
            return _Site(*person)
        if site := site_of(address):
            return _Site(site, "blog")
    return None


def _entry_events(entry: Entry, document: Document, site: _Site, at: datetime) -> Iterator[Event]:
    happened_at, exact = (entry.at, entry.certain) if entry.at and entry.at >= _FIRST else (at, False)
    if site.network == "blog" and _is_comment(entry):
        yield from _comment(entry, document, happened_at, exact=exact)
        return
    name, account = _name_of(entry, site)
    opening = entry.title if entry.title and not entry.text.startswith(entry.title.rstrip("….")) else None
    text = "\n\n".join(part for part in (opening, entry.text) if part)
    if not text and not entry.link:
        raise RecordError(_("an entry without text and without an address"))
    yield Post(
        post=name,
        account=account,
        network=site.network,
        happened_at=happened_at,
        exact=exact,
        text=text,
        language=entry.language or document.language,
        url=entry.link,
    )


def _is_comment(entry: Entry) -> bool:
    return bool(entry.link and (entry.answers or _COMMENT.search(entry.link)))


def _name_of(entry: Entry, site: _Site) -> tuple[str, str]:
    """What the post is called, and whose it is: a feed that gathers others' posts names their sites."""
    account = site.account
    if entry.guid and entry.guid.startswith("at://did:"):
        return entry.guid, entry.guid[5:].split("/", maxsplit=1)[0]
    if site.network != "blog":
        return post_name(entry.link) or entry_name(site.account, entry.guid or entry.text), account
    if entry.source and (other := site_of(entry.source)):
        account = other
    own = [a for a in (entry.link, entry.guid) if a and same_site(a, account)]
    if name := page_name(own[0] if own else None):
        return name, account
    told = entry.guid or entry.link or f"{entry.title}\n{entry.text}"
    return entry_name(account, told), account


def _comment(entry: Entry, document: Document, happened_at: datetime, *, exact: bool) -> Iterator[Event]:
    assert entry.link is not None  # asked before
    parent = page_name(entry.answers) or page_name(entry.link)
    target = site_of(parent)
    if parent is None or target is None:
        raise RecordError(_("an answer that does not say to what"))
    person = person_of(entry.author_url)
    actor, network = person or (guest_of(target, entry.author), "other")
    name = page_name(entry.link, fragment=True) or entry_name(target, entry.guid or entry.text)
    if "#" not in name:  # Blogger tells its comments apart by the query, others by their own page
        name = name if name != parent else entry_name(target, f"{parent}\n{entry.guid or entry.text}")
    if actor != target:
        yield Account(
            account=actor,
            seen_at=happened_at,
            network=network,
            name=guest_name(entry.author),
            url=entry.author_url,
        )
    yield Post(
        post=name,
        account=actor,
        network="blog",
        happened_at=happened_at,
        exact=exact,
        text=entry.text,
        language=entry.language or document.language,
        reply_to=parent,
        reply_to_account=target,
        url=entry.link,
    )
    if actor != target:
        yield Act(
            kind="reply", actor=actor, target=target, network="blog", happened_at=happened_at, exact=exact,
            post=parent, via=name,
        )  # fmt: skip


SOURCE = Source(
    name="feed",
    title=N_("Feed of a blog, saved as a file (RSS, Atom, JSON Feed)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("The newest posts of a blog with their time, title, text and language."),
        N_("In a feed of comments: who answered which post."),
    ),
    cannot_tell=(
        N_("Older posts: a feed shows the newest only."),
        N_("The whole text, where the blog shows but its beginning."),
        N_("Whose blog it is. Say so with: leumund me ADDRESS."),
        N_("Who read, liked or linked to a post."),
    ),
    reference="https://www.rssboard.org/rss-specification",
    group=N_("A blog"),
    get=N_("Its feed, saved as a file (RSS, Atom). Easier: connect the blog."),
)
