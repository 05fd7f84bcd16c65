"""A connected blog: its posts and the answers to them by its feeds, and what webmention.io received for it.

Nothing but the address is needed: feeds are for everybody. For webmentions the key of webmention.io is asked for, if
it is wanted (`--token`); `--server` names another server of that kind. A private one must stand where the blog does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from leumund.errors import NotOfferedError, SourceError, UnreadableFileError, UsageError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.ids import network_of
from leumund.locale import N_, _
from leumund.sources import Cursor, Page
from leumund.sources import blog_mentions as mentions
from leumund.sources.blog_feeds import HINT_MOVED, Found, fetch_feed, find
from leumund.sources.blog_spelling import Blog, blog_of, origin
from leumund.sources.feed import feed_events
from leumund.sources.json_records import utc_time
from leumund.sources.living import Access, Asked, Connected, Connection, Living, Stream
from leumund.sources.web_addresses import same_host, site_of, web_address
from leumund.sources.webmentions import mention_events


def connect(asked: Asked) -> Connected:
    """Connect the owner's blog by its address or that of its feed.

    Raises:
        UsageError: that is no address. SourceError: it cannot be reached, or names no feed.
    """
    address = _address(asked.where, private=bool(asked.options.get("private")))
    client = asked.client(origin(address))
    found = find(client, address, asked.tell)
    events = list(_feed(found, asked))
    blog = _whose(found, events)
    settings = {"feed": found.url, "pages": blog.pages}
    if found.comments:
        settings["comments"] = found.comments
    key = _key(asked) if asked.options.get("token") else None
    if key is None and same_host(found.named.webmention or "", mentions.SERVER):
        asked.tell(_("The blog receives webmentions. To read them too: leumund connect blog ADDRESS --token"))
    spellings = {site for a in (address, found.url, blog.pages) if (site := site_of(a)) and blog.has(a)}
    told = next((e for e in events if isinstance(e, Account) and e.account == blog.account), None)
    account = told or Account(
        account=blog.account, seen_at=asked.at, network=network_of(blog.account), url=address
    )
    return Connected(
        connection=Connection(
            id="", source="blog", server=origin(found.url), account=blog.account, settings=settings
        ),
        secret=key,
        events=(replace(account, own=True, aliases=tuple(sorted(spellings - {blog.account}))),),
    )


def fetch_posts(access: Access, cursor: Cursor) -> Iterator[Page]:
    """The blog's posts, the newest first; older ones where the blog tells them."""
    yield from _fetch(access, cursor, access.connection.settings["feed"], "posts")


def fetch_comments(access: Access, cursor: Cursor) -> Iterator[Page]:
    """Answers left at the blog."""
    url = access.connection.settings.get("comments")
    if url is None:
        raise NotOfferedError(_("the blog names no feed of its comments"))
    yield from _fetch(access, cursor, url, "comments")


def fetch_mentions(access: Access, cursor: Cursor) -> Iterator[Page]:
    """What webmention.io received for the blog."""
    yield from mentions.fetch_mentions(
        access,
        cursor,
        _blog(access),
        lambda url, data, position: replace(_page(access, "mentions", url, data), position=position),
    )


def parse(page: Page) -> Iterator[Event]:
    """The events of a page, the blog under its own name in all of them."""
    if page.data in (b"", b"[]"):  # nothing has changed since it was last asked for
        return
    blog = Blog(account=page.context["account"], pages=page.context["pages"])
    at, url = utc_time(page.context["at"]), page.context["url"]
    told = (
        mention_events(page.data, at=at)
        if page.kind == "mentions"
        else feed_events(page.data, url=url, at=at)
    )
    for event in map(blog.spelled, told):
        if isinstance(event, Act) and event.actor == event.target:
            continue
        yield from (_own(event, blog, page) if page.kind == "posts" else _of_others(event, blog, page))


def _own(event: Event, blog: Blog, page: Page) -> Iterator[Event]:
    """What the blog's feed tells; a domain that was given up may be another's by now."""
    if isinstance(event, Account) and event.network == "blog" and event.account != blog.account:
        message = _("the feed says that it belongs to {site}").format(site=event.account)
        yield Problem(where=page.where, message=message, hint=_(HINT_MOVED))
    yield event


def _of_others(event: Event, blog: Blog, page: Page) -> Iterator[Event]:
    """What comments and mentions tell: never anything of the blog itself, which its own feed tells better."""
    if isinstance(event, Account) and event.account == blog.account:
        return
    if isinstance(event, Post) and event.account == blog.account:
        if page.kind == "comments" and event.reply_to is None:
            message = _("an answer that does not say to what")
            yield Problem(where=page.where, message=message, excerpt=event.text[:80])
        if page.kind == "mentions" or event.reply_to is None:
            return
    yield event


# -- connecting


def _address(written: str, *, private: bool) -> str:
    """What a person writes as a web address.

    Raises:
        UsageError: it is none.
    """
    text = written.strip()
    address = web_address(text if "://" in text else "https://" + text)
    parts = urlsplit(address or "")
    named = private or "." in (parts.hostname or "")
    if address is None or parts.username or " " in text or not named:
        raise UsageError(
            _("“{text}” is no address of a blog.").format(text=written),
            hint=_("Write it like this: leumund connect blog https://anna.example"),
        )
    return address.partition("#")[0]


def _feed(found: Found, asked: Asked) -> Iterator[Event]:
    try:
        yield from feed_events(found.data, url=found.url, at=asked.at)
    except UnreadableFileError as error:
        raise SourceError(error.message) from None


def _whose(found: Found, events: list[Event]) -> Blog:
    """The blog the feed is of.

    Raises:
        SourceError: it is a feed of comments, or says of no site.
    """
    posts = [e for e in events if isinstance(e, Post)]
    if posts and all(e.reply_to for e in posts):
        raise SourceError(
            _("{url} is a feed of comments, not of posts.").format(url=found.url),
            hint=_("Write the blog's own address: leumund connect blog https://anna.example"),
        )
    blog = blog_of(events, fallback=site_of(found.url) or "")
    if not blog.account:
        raise SourceError(_("{url}: the feed does not say which site it belongs to.").format(url=found.url))
    return blog


def _key(asked: Asked) -> str:
    """The key of webmention.io as it is kept, once the server has said that it knows it.

    Raises:
        UsageError: that is none. SourceError: the server does not know it, or cannot be reached.
    """
    server = web_address(asked.options.get("server") or mentions.SERVER)
    if server is None:
        raise UsageError(_("“{text}” is no server.").format(text=asked.options["server"]))
    server = origin(server)
    asked.tell(_("The key stands at {server}/settings, once you have signed in there with your site.").format(server=server))  # fmt: skip
    key = asked.prompt(_("Key of {server}").format(server=urlsplit(server).netloc), True).strip()
    if not key or not key.isprintable() or " " in key:
        raise UsageError(_("That is no key."))
    mentions.check_key(asked.client(server), server, key)
    return mentions.as_secret(server, key)


# -- asking


def _blog(access: Access) -> Blog:
    return Blog(account=access.connection.account, pages=access.connection.settings["pages"])


def _fetch(access: Access, cursor: Cursor, url: str, kind: str) -> Iterator[Page]:
    yield from fetch_feed(
        access, cursor, url, lambda at, data: _page(access, kind, at, data), history=kind == "posts"
    )


def _page(access: Access, kind: str, url: str, data: bytes) -> Page:
    context = {
        "account": access.connection.account,
        "pages": access.connection.settings["pages"],
        "url": url,
        "at": access.at.isoformat(),
    }
    return Page(kind=kind, where=f"{urlsplit(url).netloc} {kind}", data=data, context=context)


LIVING = Living(
    name="blog",
    title=N_("Blog"),
    where="ADDRESS",
    asks=N_("The address of your blog"),
    example="https://anna.example",
    keys=(N_("Key of webmention.io"),),
    needs=N_("the address of your blog; for webmentions the key of webmention.io"),
    key=N_("on webmention.io under Settings, once you have signed in with your site"),
    connect=connect,
    streams=(
        Stream(name="posts", title=N_("your posts"), fetch=fetch_posts),
        Stream(name="comments", title=N_("answers to your posts"), fetch=fetch_comments),
        Stream(name="webmentions", title=N_("webmentions of your pages"), fetch=fetch_mentions),
    ),
    parse=parse,
    tells=(
        N_("Your posts, as long as the feed shows them; older ones where the blog gives its feed in pages."),
        N_("Who answered at the blog, where it has a feed of comments."),
        N_("With the key of webmention.io: who liked, reshared, answered or linked to your pages."),
    ),
    cannot_tell=(
        N_("Older posts, where the feed shows the newest only. The blog's export has them: leumund import."),
        N_("Who read a post, and who follows the feed: nobody tells."),
        N_("Which posts were deleted: what is no longer in a feed may only have become old."),
        N_("Comments that came and went between two syncs, and older ones than the feed of comments shows."),
        N_("Which comments are your own, where the feed tells only a name."),
        N_("Webmentions that were changed or withdrawn after they were read; private ones are left out."),
    ),
    reference="https://www.rfc-editor.org/rfc/rfc5005",
    options=("token", "server"),
)  # fmt: skip
