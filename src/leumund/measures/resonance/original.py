"""Whose words they are: own posts against reshares of others, and how many lead to the owner's own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from leumund.measures.days import DAY_US
from leumund.measures.public import seen_by_all
from leumund.measures.resonance.dialogue import Figures
from leumund.measures.resonance.groups import LINK
from leumund.store.register import as_us
from leumund.store.tables import Tables

_HOSTED = (".bsky.social", ".bsky.team")  # handles that are no home pages
_LEAST_KNOWN = 20  # so many others must be known before a server on which nobody else is counts as one's own


def reshares_of_others(tables: Tables, days: int) -> int:
    """How often the owner passed on what others wrote, in public, in these days."""
    begins = as_us(tables.as_of) - days * DAY_US
    ((n,),) = tables.sql(
        f"""select coalesce(sum("count"), 0)::BIGINT from acts a where kind = 'reshare' and exact
            and epoch_us(happened_at) > {begins} and actor in (select account from own)
            and target not in (select account from own) and {seen_by_all("a.via")}"""
    ).fetchall()
    return int(n)


def originality(tables: Tables, days: int) -> tuple[Figures, tuple[str, ...]]:
    """Figures of these days, and which hosts count as the owner's own; needs re_posts.

    posts: her own public ones; reshared: posts of others she passed on; original_share: her own among both;
    link_share: own posts with a link; own_link_share: own posts that lead to her own pages.
    Own pages: her blog's host, a host that is her handle, hosts linked in her words about herself, and her server if
    at least 20 others are known to the lab and none of them is there. Where a short link leads is not known.
    """
    if tables.own is None:
        names = ("posts", "reshared", "original_share", "link_share", "own_link_share")
        return dict.fromkeys(names), ()
    hosts = own_hosts(tables)
    texts = [row[0] or "" for row in tables.sql("select text from re_posts order by no").fetchall()]
    links = [{host for link in LINK.findall(text) if (host := host_of(link))} for text in texts]
    reshared, n = reshares_of_others(tables, days), len(texts)
    both = n + reshared
    figures: Figures = {
        "posts": n,
        "reshared": reshared,
        "original_share": n / both if both else None,
        "link_share": sum(bool(found) for found in links) / n if n else None,
        "own_link_share": sum(any(is_own(h, hosts) for h in found) for found in links) / n if n else None,
    }
    return figures, hosts


def host_of(link: str) -> str:
    """The host a link leads to, without www; "" where there is none.

    >>> host_of("https://www.Anna.example/a?b"), host_of("www.anna.example"), host_of("https://[broken")
    ('anna.example', 'anna.example', '')
    """
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".,;:!?)").removeprefix("www.")


def is_own(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of these or lies below one."""
    return any(host == own or host.endswith("." + own) for own in hosts)


def own_hosts(tables: Tables) -> tuple[str, ...]:
    """The hosts of the owner's own pages; see `originality`."""
    mine = tables.profiles([tables.own] if tables.own is not None else [])
    found: set[str] = set()
    servers: set[str] = set()
    for profile in (p for known in mine.values() for p in known):
        found |= {host for link in LINK.findall(profile.get("bio") or "") if (host := host_of(link))}
        uri, handle = str(profile["uri"]), str(profile["handle"] or "").lstrip("@").lower()
        if profile["network"] == "blog" and (host := host_of(uri)):
            found.add(host)
        elif profile["network"] == "bluesky" and "." in handle and not handle.endswith(_HOSTED):
            found.add(handle)
        elif uri.startswith("acct:"):
            servers.add(uri.rpartition("@")[2].lower())
    return tuple(sorted(found | (servers and _hers_alone(tables, servers))))


def _hers_alone(tables: Tables, servers: set[str]) -> set[str]:
    """Servers on which nobody else is known, where enough others are."""
    rows = tables.sql(
        """select distinct account from by_account.sightings
           where account not in (select account from by_account.own) and account not in (
               select account from persons where person in (select account from own)) order by account limit 5000"""
    ).fetchall()
    others = [p for known in tables.profiles(row[0] for row in rows).values() for p in known]
    if len(others) < _LEAST_KNOWN:
        return set()
    return servers - {str(p["uri"]).rpartition("@")[2].lower() for p in others}
