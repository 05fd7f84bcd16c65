"""Whom to believe of a webmention: its sender chooses what stands on the page it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from leumund.events import Network
from leumund.sources.web_addresses import person_of, same_home, same_host, site_of, web_address
from leumund.sources.webmention_shapes import Mention

_BACKFEED = re.compile(
    r"(?:www\.)?(?:brid\.gy|brid-gy\.appspot\.com)/(?:comment|like|react|repost|rsvp|post)/(\w+)/"
)
"""Pages that Bridgy makes of what it found on the network its address names."""
_CONVERTED = re.compile(r"(?:fed|ap|bsky)\.brid\.gy/convert/web/(.+)", re.DOTALL)
"""Pages that Bridgy Fed makes of what lies at an address, by its spelling an id or a web address."""
_BRIDGE = re.compile(r"(?:.+\.)?(?:brid\.gy|brid-gy\.appspot\.com)")
_SILOS: Mapping[str, Network] = {
    "mastodon": "mastodon", "bluesky": "bluesky", "twitter": "x", "facebook": "facebook",
}  # fmt: skip
_NAMED = re.compile(r"/(?:profile/|users/|@)([^/]+)")


def author_of(mention: Mention, address: str | None) -> tuple[str, Network] | None:
    """Who is said to be the author, where the page that was looked at may say so: None where it may not.

    Anybody can put anybody's name on a page and send a webmention of it. So a page speaks for its own site alone; one
    that Bridgy made, for accounts of the network it says it is from; one that Bridgy Fed made, for the site or the
    account whose page it is made of.
    """
    person = person_of(address)
    if person is None or address is None:
        return None
    account, network = person
    source = urlsplit(web_address(mention.source) or "")
    page = f"{source.hostname or ''}{source.path}"
    if match := _BACKFEED.match(page):
        named = urlsplit(address).hostname or ""
        silo = match[1]
        fits = network == _SILOS[silo] if silo in _SILOS else f".{named}".endswith(f".{silo}.com")
        return person if fits else None
    if match := _CONVERTED.match(page):
        made_of = unquote(match[1])
        if made_of.startswith("at:"):
            did = made_of.removeprefix("at:").lstrip("/").split("/", maxsplit=1)[0]
            there = network == "bluesky" and did.startswith("did:")
            fits = there and (account == did or account.startswith("at://"))
            return person_of(f"https://bsky.app/profile/{did}") if fits else None
        made_of = re.sub(r"^(https?):/+", r"\1://", made_of)
        return person if same_home(made_of, address) else None
    link = link_of(mention, None)
    return person if link and not _is_bridge(link) and same_home(link, address) else None


def link_of(mention: Mention, author: str | None) -> str | None:
    """Where the mention stands: its own address, if the page that was looked at may speak for that.

    author: the address of an author who is believed; of a bridge's page the original lies where the author does.
    """
    told = mention.url[0] if isinstance(mention.url, list) and mention.url else mention.url
    source = web_address(mention.source)
    address = web_address(told if isinstance(told, str) else None)
    if not address or source is None or same_home(source, address):
        return address or source
    if author is not None and _is_bridge(source) and _same_author(address, author):
        return address
    return source


def _same_author(post: str, author: str) -> bool:
    """Whether a post may be this author's: it lies on the same host, and its address names nobody else there."""
    if not same_host(post, author):
        return False
    theirs, hers = (_NAMED.match(urlsplit(address).path) for address in (post, author))
    if theirs is None or hers is None:
        return True
    numbers = {name for name in (theirs[1], hers[1]) if name.startswith("did:")}
    return len(numbers) == 1 or theirs[1].lower() == hers[1].lower()


def _is_bridge(address: str) -> bool:
    return _BRIDGE.fullmatch(urlsplit(address).hostname or "") is not None


def home_of(link: str | None) -> tuple[str, Network] | None:
    """The site a page lies on, where its author is not told; None for a bridge, which is nobody's site."""
    site = None if link and _is_bridge(link) else site_of(link)
    return (site, "blog" if site.count("/") == 2 else "other") if site else None
