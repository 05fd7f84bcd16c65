"""Who and what a web address means: the site or the person it belongs to, and one name for one page.

A page of a blog is named by its address: https, no `utm_*`, no fragment. So a feed, an export and a webmention
that speak of the same page give it the same name. An author may be named by any profile: a Mastodon or Bluesky
account, an X handle, a site of one's own.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from leumund.events import Network
from leumund.ids import BadNameError, account_uri
from leumund.sources.json_records import clean

_LONGEST = 2048
_X_STATUS = re.compile(r"https://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,20}/status/(\d{1,20})")
_BLUESKY_POST = re.compile(r"https://bsky\.app/profile/(did:[\w:.%-]+)/post/(\w+)")
_MASTODON_POST = re.compile(r"(https://[\w.:-]+)/@([A-Za-z0-9_]+)/(\d{10,20})\Z")
_X = {"x.com", "twitter.com", "mobile.twitter.com", "mobile.x.com"}
_CAMPAIGN = re.compile(r"utm_|mtm_|fbclid\Z|gclid\Z|mc_[ce]id\Z", re.IGNORECASE)
_FEDIVERSE_PATH = re.compile(r"/(?:@|users/|profile/@?)[\w.-]+(?:@[\w.:-]+)?/?\Z")
# Houses in which many live: there the first part of the path says who. On some it looks as on Mastodon.
_SHARED = {
    "github.com", "gitlab.com", "codeberg.org", "medium.com", "reddit.com", "youtube.com", "tiktok.com", "threads.net",
    "threads.com", "instagram.com", "substack.com", "news.ycombinator.com", "flickr.com", "micro.blog", "pinterest.com",
    "xing.com", "vimeo.com", "soundcloud.com", "dev.to", "gravatar.com", "about.me", "linktr.ee", "patreon.com",
    "ko-fi.com", "steady.page", "telegra.ph", "stackoverflow.com", "hackernoon.com", "goodreads.com", "lobste.rs",
}  # fmt: skip
_MANY_AUTHORS = re.compile(
    r"/(?:author|authors|autor|autoren|people|members?|~[\w.-]+|user)(?:/|\Z)", re.IGNORECASE
)
_MAIL = re.compile(r"\S+@\S+\.\w+")


def web_address(text: str | None, *, base: str = "") -> str | None:
    """An absolute http(s) address; None where the text is none.

    >>> web_address("/a b", base="https://anna.example/feed"), web_address("javascript:alert(1)")
    ('https://anna.example/a%20b', None)
    """
    text = clean(text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        text = urljoin(base, text) if base else text
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not text.isprintable():
        return None
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~-._") if not text.isascii() or " " in text else text


def page_name(text: str | None, *, base: str = "", fragment: bool = False) -> str | None:
    """The name of the page at an address, by which every source calls it; None where the text is no address.

    >>> page_name("http://Anna.Example/post/?utm_source=rss&p=3#top")
    'https://anna.example/post/?p=3'
    """
    address = web_address(text, base=base)
    if address is None:
        return None
    parts = urlsplit(address)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in (None, 80, 443) else "")
    query = parts.query
    if _CAMPAIGN.search(query):
        query = urlencode(
            [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _CAMPAIGN.match(k)]
        )
    name = f"https://{host}{parts.path or '/'}" + (f"?{query}" if query else "")
    return name + (f"#{parts.fragment}" if fragment and parts.fragment else "")


def post_name(link: str | None) -> str | None:
    """What a post is called by the source of its own network; of a page, its name.

    >>> post_name("https://example.social/@ben/115000000000000001")
    'https://example.social/users/ben/statuses/115000000000000001'
    >>> post_name("https://twitter.com/ben/status/20"), post_name("https://anna.example/1#comment-2")
    ('https://x.com/i/status/20', 'https://anna.example/1#comment-2')
    """
    name = page_name(link, fragment=True)
    if name is None:
        return None
    if match := _X_STATUS.match(name):
        return f"https://x.com/i/status/{match[1]}"
    if match := _BLUESKY_POST.match(name):
        return f"at://{match[1]}/app.bsky.feed.post/{match[2]}"
    if match := _MASTODON_POST.match(
        name
    ):  # the address people see; the archive and the API tell the other one
        return f"{match[1]}/users/{match[2]}/statuses/{match[3]}"
    return name


def site_of(text: str | None) -> str | None:
    """The account of the site a page belongs to: its origin, or in a house of many the one who lives there.

    >>> site_of("https://www.anna.example/2026/post"), site_of("https://medium.com/@anna/post-1")
    ('https://www.anna.example', 'https://medium.com/@anna')
    """
    address = web_address(text)
    if address is None:
        return None
    parts = urlsplit(address)
    host = _bare(parts.hostname or "")
    first = parts.path.split("/")[1:2]
    try:
        if host in _SHARED and first and first[0]:
            return account_uri(f"https://{host}/{first[0].lower()}", "other")
        return account_uri(address, "blog")
    except BadNameError:
        return None


def same_site(address: str, site: str) -> bool:
    """Whether a page belongs to a site, with or without www.

    >>> same_site("http://www.anna.example/1", "https://anna.example"), same_site("tag:1", "https://anna.example")
    (True, False)
    """
    return site_of(address) is not None and same_host(address, site)


def same_host(one: str, other: str) -> bool:
    """Whether two addresses lie on one host, with or without www; of X under either of its names."""
    hosts = [_bare(urlsplit(web_address(a) or "").netloc) for a in (one, other)]
    mine, theirs = ("x.com" if host in _X else host for host in hosts)
    return bool(mine) and mine == theirs


def same_home(one: str, other: str) -> bool:
    """Whether two addresses belong to one site, or in a house of many to the same who lives there.

    >>> same_home("https://medium.com/@anna/1", "https://medium.com/@ben"), same_home("https://a.example/1", "https://a.example/")
    (False, True)
    """
    homes = [urlsplit(site_of(a) or "").path for a in (one, other)]
    return same_host(one, other) and homes[0] == homes[1]


def person_of(text: str | None) -> tuple[str, Network] | None:
    """The account whose profile or site an address is, and its network; None where it names nobody.

    >>> person_of("https://example.social/@Ben"), person_of("https://ben.example/")
    (('acct:ben@example.social', 'mastodon'), ('https://ben.example', 'blog'))
    >>> person_of("https://bsky.app/profile/ben.example"), person_of("https://twitter.com/Ben")
    (('at://ben.example', 'bluesky'), ('https://x.com/ben', 'x'))
    """
    address = web_address(text)
    if address is None:
        return None
    parts = urlsplit(address)
    host, path = _bare(parts.hostname or ""), parts.path
    try:
        if host in _X:
            return account_uri(f"https://x.com{path}", "x"), "x"
        if host == "bsky.app":
            return account_uri(f"https://bsky.app{path}", "bluesky"), "bluesky"
        if host.endswith("linkedin.com") and path.startswith("/in/"):
            return account_uri(path.split("/")[2], "linkedin"), "linkedin"
        if host.removeprefix("m.") == "facebook.com":
            return account_uri(path, "facebook"), "facebook"
        if host in _SHARED:
            kept = path.rstrip("/").lower() + (f"?{parts.query}" if host == "news.ycombinator.com" else "")
            return (account_uri(f"https://{host}{kept}", "other"), "other") if len(kept) > 1 else None
        if _FEDIVERSE_PATH.match(path):
            uri = account_uri(f"https://{parts.netloc}{path}".replace("/profile/", "/users/"), "mastodon")
            return (uri, "mastodon") if uri.startswith("acct:") else None
        if _MANY_AUTHORS.match(path):
            return account_uri(f"https://{parts.netloc.lower()}{path.rstrip('/')}", "other"), "other"
        return account_uri(address, "blog"), "blog"
    except BadNameError:
        return None


def guest_of(site: str, name: str | None) -> str:
    """The account of somebody who left only a name at a site: the same name there is the same guest, nowhere else.

    An e-mail address in place of a name is not kept.

    >>> guest_of("https://anna.example", "Ben Beispiel")
    'other:anna.example:guest:ben%20beispiel'
    """
    shown = guest_name(name) or ""
    slug = quote(shown.lower()[:100], safe="") if shown else "somebody"
    return f"other:{site.removeprefix('https://')}:guest:{slug}"


def guest_name(name: str | None) -> str | None:
    """The name a guest gave, on one line; None where it is none, or an e-mail address."""
    shown = " ".join(clean(name or "").split())
    return None if not shown or _MAIL.search(shown) else shown[:200]


def entry_name(site: str, told: str) -> str:
    """A name for something at a site that has no address of its own, made from what is told of it.

    >>> entry_name("https://anna.example", "Guten Morgen")[:32]
    'https://anna.example/#entry-c872'
    """
    return f"{site}/#entry-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def shown_host(site: str) -> str:
    """A site as people write it."""
    return unquote(site.removeprefix("https://"))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
