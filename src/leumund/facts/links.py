"""Where the links of a post lead: registrable domains, links to oneself, and links whose end nobody can see.

A registrable domain is what somebody registered or rented: `bbc.co.uk`, `anna.blogspot.com`, by the list of public
suffixes that comes with `publicsuffixlist`; nothing is fetched. Nor is a shortened link followed: its end is known
only where the text itself holds it (`bit.ly/x -> https://example.org`, as a parameter or beside it). `t.co` stands
for pictures and quotes too, so such a link says nothing of where it leads: it is counted as hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from leumund.facts import Derived, Fact
from leumund.ids import display_handle

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LINK = re.compile(r"""(?:https?://|\bwww\.)[^\s<>"“”«»]+""", re.IGNORECASE)
_END = ".,;:!?)]}'’…"
_HOST = re.compile(r"(?:https?://)?(?:[^/?#@]*@)?([^/?#:]+)([^\s]*)", re.IGNORECASE)
_OTHERS = re.compile(r"/(?:@|users/|profile/)([^/?#]+)", re.IGNORECASE)
_LONGEST_HOST = 253
SHORTENERS = frozenset(
    [
        "t.co",
        "bit.ly",
        "bitly.com",
        "j.mp",
        "tinyurl.com",
        "ow.ly",
        "is.gd",
        "v.gd",
        "goo.gl",
        "g.co",
        "buff.ly",
        "dlvr.it",
        "ift.tt",
        "lnkd.in",
        "fb.me",
        "wp.me",
        "trib.al",
        "cli.gs",
        "tr.im",
        "su.pr",
        "tiny.cc",
        "ff.im",
        "adf.ly",
        "migre.me",
        "snipurl.com",
        "snurl.com",
        "shorturl.at",
        "cutt.ly",
        "rebrand.ly",
        "rb.gy",
        "t.ly",
        "zpr.io",
        "shrtm.nu",
        "soo.gd",
        "s.id",
        "po.st",
        "url4.eu",
        "twurl.nl",
        "short.to",
        "budurl.com",
    ]
)
"""Hosts that only pass on. Those of one shop or paper (`amzn.to`) tell enough and are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What the links of a text are. domains: where they lead, each once, sorted; own: so many lead to the author herself;
    hidden: so many lead nobody sees where, and dim: so many of these may be no links at all but pictures (t.co).
    """

    count: int = 0
    domains: tuple[str, ...] = ()
    own: int = 0
    hidden: int = 0
    dim: int = 0


NONE = Links()


def links_of(text: str, *, author: str = "") -> Links:
    """The links of a text. author: her canonical URI, to know her own pages.

    >>> links_of("See https://www.news.example.co.uk/a and http://bit.ly/2x")
    Links(count=2, domains=('example.co.uk',), own=0, hidden=1, dim=0)
    """
    found = LINK.findall(text)
    if not found:
        return NONE
    mine, name = _own_places(author) if author else ("", "")
    domains: set[str] = set()
    own = hidden = dim = 0
    links = dict.fromkeys(f.rstrip(_END) for f in found)
    for link in links:
        host, rest = _host(link)
        if host in SHORTENERS:
            hidden += 1
            dim += host == "t.co"
            continue
        domain = registrable(host)
        if not domain:
            continue
        domains.add(domain)
        whose = _OTHERS.match(rest)
        if whose is not None:
            own += bool(name) and whose[1].lower().partition("@")[0] == name
        else:
            own += bool(mine) and domain == mine
    return Links(count=len(links), domains=tuple(sorted(domains)), own=own, hidden=hidden, dim=dim)


def _host(link: str) -> tuple[str, str]:
    match = _HOST.match(link)
    if match is None or len(match[1]) > _LONGEST_HOST:
        return "", ""
    host = match[1].lower().rstrip(".")
    return host.removeprefix("www.").removeprefix("m."), match[2]


@lru_cache(maxsize=4096)
def _own_places(author: str) -> tuple[str, str]:
    """The domain that is an author's own as far as her name tells, and her name without it."""
    if author.startswith(("https://x.com/", "did:")):
        return "", display_handle(author).lstrip("@").lower()
    if author.startswith("at://"):
        host = author[5:]
        return ("" if host.endswith(".bsky.social") else registrable(host)), host.partition(".")[0].lower()
    if author.startswith("acct:"):
        name, _, host = author[5:].partition("@")
        return registrable(host), name.lower()
    if author.startswith("http"):
        return registrable(_host(author)[0]), ""
    return "", ""


@lru_cache(maxsize=65536)
def registrable(host: str) -> str:
    """The part of a host name that somebody registered; "" for what is none, such as an address in numbers.

    >>> registrable("www.bbc.co.uk"), registrable("anna.blogspot.com"), registrable("127.0.0.1"), registrable("de")
    ('bbc.co.uk', 'anna.blogspot.com', '', '')
    """
    if not host or host[-1].isdigit() or "." not in host:
        return ""
    return _suffixes().privatesuffix(host) or ""


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def derive(posts: pa.Table) -> Derived:
    """One row for every post with a link."""
    keep, found = [], []
    authors = posts["author_uri"].to_pylist()
    for index, text in enumerate(posts["text"].to_pylist()):
        links = links_of(text or "", author=authors[index] or "")
        if links.count:
            keep.append(index)
            found.append(links)
    rows = posts.select(["post", "account", "happened_at", "known_at", "exact"]).take(
        pa.array(keep, pa.int64())
    )
    for name in ("own", "hidden", "dim"):
        rows = rows.append_column(name, pa.array([getattr(f, name) for f in found], pa.int32()))
    rows = rows.append_column("links", pa.array([f.count for f in found], pa.int32()))
    return Derived(
        rows=rows.append_column("domains", pa.array([f.domains for f in found], pa.list_(pa.string())))
    )


FACT = Fact(
    name="links",
    version="1",
    columns={
        "post": "VARCHAR", "account": "BIGINT", "happened_at": "TIMESTAMP", "known_at": "TIMESTAMP", "exact": "BOOLEAN",
        "links": "INTEGER", "domains": "VARCHAR[]", "own": "INTEGER", "hidden": "INTEGER", "dim": "INTEGER",
    },
    accounts=("account",),
    wanted="contains(text, '://') or contains(text, 'www.') or contains(text, 'WWW.')",
    derive=derive,
    at_import=False,
)  # fmt: skip
