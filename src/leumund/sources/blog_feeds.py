"""The feeds of a blog over the network: found from its address, then asked again without burdening its server.

What has not changed is not sent again (ETag, Last-Modified). Older entries are asked for once, page after page with
a pause: where the feed says where they stand (RFC 5005, next_url), and of WordPress, which says nothing but can.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from leumund.clean import clean
from leumund.errors import (
    LeumundError,
    NotNowError,
    ServerRefusedError,
    SourceError,
    StrangeAnswerError,
    TokenRefusedError,
)
from leumund.http import Answer, Client, Stopped
from leumund.http.client import with_params
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources.blog_spelling import origin
from leumund.sources.feed_documents import Document, is_feed, read_document
from leumund.sources.feed_links import Named, named_in
from leumund.sources.json_records import RecordError
from leumund.sources.living import Access
from leumund.sources.walking import Listing, walk
from leumund.sources.web_addresses import same_host

PAUSE_S = 1.0
"""Between two pages of older entries: a blog's server is often small."""
MOST_PAGES = 1_000
_MOST_TRIED = 3
_MOST_MARK = 500
_ACCEPTED = {
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.8, */*;q=0.5"
}
_HINT_FEED = N_("If you know the feed's address, write that: leumund connect blog https://anna.example/feed/")
HINT_MOVED = N_("If the blog has moved, connect it again: leumund connect blog ADDRESS")
_GONE = (404, 410)
_NOT_KNOWN = (400, 403, *_GONE)  # what servers say to a page they never heard of


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The feed of a blog. comments: the feed of answers, where one is named; named: what else its page names."""

    url: str
    data: bytes
    comments: str | None
    named: Named


def find(client: Client, address: str, tell: Callable[[str], None]) -> Found:
    """The feed at an address, or the one the page there names.

    Raises:
        SourceError: there is none, or it cannot be reached.
    """
    try:
        answer = _asked(client, address)
    except StrangeAnswerError as error:  # a page too long to be read, and the like
        raise SourceError(error.message, hint=_(_HINT_FEED)) from None
    if is_feed(answer.body):
        return Found(url=_settled(address, answer), data=answer.body, comments=None, named=Named())
    named = named_in(answer.body, url=answer.url)
    posts = named.posts(answer.url)
    failure: LeumundError | None = None
    for link in islice(posts, _MOST_TRIED):
        try:
            feed = _asked(client, _as_safe(link.url, answer.url))
        except SourceError as error:
            failure = failure or error
            continue
        if is_feed(feed.body):
            others = [f for f in posts if f is not link]
            if others:
                shown = ", ".join(clean(f.url, 100) for f in others[:5])
                tell(
                    _("Feed: {url}. There are others: {others}").format(
                        url=clean(link.url, 200), others=shown
                    )
                )
            answers = named.comments()
            return Found(
                url=_settled(_as_safe(link.url, answer.url), feed),
                data=feed.body,
                comments=_as_safe(answers.url, answer.url) if answers else None,
                named=named,
            )
    if failure is not None:
        raise failure
    raise SourceError(
        _("{url}: neither a feed nor a page that names one.").format(url=answer.url),
        hint=_(_HINT_FEED),
    )


def fetch_feed(access: Access, cursor: Cursor, url: str, made: Callable[[str, bytes], Page], *, history: bool) -> Iterator[Page]:  # fmt: skip
    """The feed, where it has changed, and what of its older pages is still to be read.

    made: makes a page of an address and its bytes. history: of WordPress, older posts are asked for by their page.

    Raises:
        SourceError: it cannot be reached, or is no feed.
    """
    if (
        cursor and cursor.get("feed") != url
    ):  # connected again with another one: what was read was not of this
        cursor = None
    reading = _Reading(access.client, cursor, url, history=history)

    def page(data: bytes, position: dict[str, str | int | float | None]) -> Page:
        found = made(reading.at, data)
        return Page(kind=found.kind, where=found.where, data=data, context=found.context,
                    position={**position, **reading.marks, "feed": url})  # fmt: skip

    try:
        yield from walk(cursor, reading.ask, lambda data, position: page(data, dict(position)), at=access.at)
    except NotNowError as error:  # the blog's own; whom else there is to ask does not care
        raise SourceError(error.message, hint=error.hint) from None


class _Reading:
    """One run through a feed. at: where the last answer came from; marks: what makes it known when asked again."""

    def __init__(self, client: Client, cursor: Cursor, url: str, *, history: bool) -> None:
        self._client, self._url, self._history = client, url, history
        self.at = url
        self._been = {url}
        known = cursor or {}
        self.marks = {name: str(known[name]) for name in ("etag", "modified", "digest") if known.get(name)}

    def ask(self, place: str | None) -> Listing:
        """The feed itself, or the page of it at a place: `17 linked https://anna.example/feed?page=17`."""
        if place is None:
            return self._newest()
        number, how, url = place.split(" ", 2)
        self._been.add(url)
        if self._client.stop.wait(PAUSE_S):
            raise Stopped
        guessed = how == "guessed"
        answer = _asked(self._client, url, accept=_NOT_KNOWN if guessed else _GONE)
        if answer.status >= 400 or (guessed and not is_feed(answer.body)):
            return _NOTHING
        return self._listing(answer, int(number))

    def _newest(self) -> Listing:
        sent = {}
        if "digest" in self.marks:
            sent = {h: self.marks[m] for h, m in _CONDITIONS.items() if m in self.marks}
        answer = _asked(self._client, self._url, headers=sent, accept=(304,) if sent else ())
        digest = hashlib.sha256(answer.body).hexdigest()[:32]
        if answer.status == 304 or digest == self.marks.get("digest"):
            return _NOTHING
        listing = self._listing(answer, 1)
        marks = {
            "etag": answer.headers.get("etag"),
            "modified": answer.headers.get("last-modified"),
            "digest": digest,
        }
        whole = listing.document.whole  # of a feed that was cut off the rest is wanted
        self.marks = {n: m for n, m in marks.items() if whole and m and len(m) <= _MOST_MARK and m.isascii()}
        return listing

    def _listing(self, answer: Answer, number: int) -> _FeedListing:
        document = _document(answer)
        self.at = answer.url
        ids = tuple(e.guid or e.link or e.text[:200] for e in document.entries)
        times = tuple(e.at for e in document.entries if e.at)
        following = self._older(document, answer.url, number + 1)
        return _FeedListing(answer.body, ids, times, following, document=document)

    def _older(self, document: Document, url: str, number: int) -> str | None:
        if number > MOST_PAGES or not document.entries:
            return None
        if document.older:
            older = _as_safe(document.older, url)
            return f"{number} linked {older}" if older not in self._been else None
        if self._history and "wordpress.org" in (document.made_with or ""):
            return f"{number} guessed {with_params(self._url, {'paged': number})}"
        return None


@dataclass(frozen=True, slots=True)
class _FeedListing(Listing):
    document: Document = field(kw_only=True)


_NOTHING = Listing(data=b"", ids=(), times=(), next=None)
_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "modified"}


def _asked(
    client: Client, url: str, *, headers: dict[str, str] | None = None, accept: tuple[int, ...] = ()
) -> Answer:
    """The answer, or what is wrong in words that fit a blog.

    Raises:
        SourceError: as `Client.get`, but a blog has no key, and what it lacks was there before.
    """
    try:
        return client.get(url, headers={**_ACCEPTED, **(headers or {})}, accept=accept)
    except TokenRefusedError:
        message = _("{url}: the page wants a password (401).").format(url=_without_query(url))
        raise SourceError(message, hint=_("Only what everybody can read can be read here.")) from None
    except ServerRefusedError as error:
        hint = _(HINT_MOVED) if error.status in _NOT_KNOWN else error.hint
        raise SourceError(error.message, hint=hint) from None


def _document(answer: Answer) -> Document:
    where = _without_query(answer.url)
    if not is_feed(answer.body):
        raise StrangeAnswerError(where, _("it is no feed"))
    try:
        return read_document(answer.body, url=answer.url)
    except RecordError as error:
        raise StrangeAnswerError(where, str(error)) from None


def _as_safe(url: str, base: str) -> str:
    """The address with https, where it is named by a page that came so: many sites forgot to change their links."""
    return "https" + url[4:] if url.startswith("http:") and base.startswith("https:") else url


def _settled(asked: str, answer: Answer) -> str:
    """Where to ask next time: where the answer came from, unless that is another's server."""
    return answer.url if same_host(asked, answer.url) else asked


def _without_query(url: str) -> str:
    return origin(url) + "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
