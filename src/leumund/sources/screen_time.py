"""Which network a page or a program belongs to, and how stretches of time are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

Stretch = tuple[float, float]
"""From, to: seconds since 1970."""

DAY = 86_400.0

_HOSTS = {
    "x.com": "x", "twitter.com": "x", "tweetdeck.com": "x", "bsky.app": "bluesky", "deck.blue": "bluesky",
    "linkedin.com": "linkedin", "facebook.com": "facebook", "fb.com": "facebook", "wordpress.com": "blog",
    "elk.zone": "mastodon", "phanpy.social": "mastodon", "mastodon.social": "mastodon", "mastodon.online": "mastodon",
    "mas.to": "mastodon", "mstdn.social": "mastodon", "chaos.social": "mastodon", "norden.social": "mastodon",
    "troet.cafe": "mastodon", "nrw.social": "mastodon", "ruhr.social": "mastodon", "hachyderm.io": "mastodon",
    "fosstodon.org": "mastodon", "infosec.exchange": "mastodon", "det.social": "mastodon", "berlin.social": "mastodon",
    "muenchen.social": "mastodon", "hessen.social": "mastodon", "sueden.social": "mastodon", "bonn.social": "mastodon",
    "literatur.social": "mastodon", "digitalcourage.social": "mastodon", "techhub.social": "mastodon",
    "mastodontech.de": "mastodon", "social.tchncs.de": "mastodon", "fediscience.org": "mastodon",
    "openbiblio.social": "mastodon", "gruene.social": "mastodon", "social.bund.de": "mastodon", "dju.social": "mastodon",
}  # fmt: skip
_SERVER = re.compile(r"(?:social|mastodon|mstdn|toot|troet|fedi)\.|mastodon[\w-]*\.|[\w.-]+\.social\Z")
_PATH = re.compile(r"/(?:web/)?@[\w.-]+@[\w.-]+|/deck/|/web/timelines|/users/[\w.-]+/statuses/")
_BLOG = re.compile(r"/wp-admin/|/wp-login\.php|/ghost/")
_APPS = {
    "tusky": "mastodon", "ivory": "mastodon", "mona": "mastodon", "ice cubes": "mastodon", "icecubesapp": "mastodon",
    "mammoth": "mastodon", "tuba": "mastodon", "dev.geopjr.tuba": "mastodon", "whalebird": "mastodon",
    "fedistar": "mastodon", "tokodon": "mastodon", "toot!": "mastodon", "mastodon": "mastodon", "fedilab": "mastodon",
    "moshidon": "mastodon", "megalodon": "mastodon", "pachli": "mastodon", "bluesky": "bluesky", "twitter": "x",
    "x": "x", "linkedin": "linkedin", "facebook": "facebook",
}  # fmt: skip
_BROWSERS = re.compile(
    r"firefox|chrom|brave|edge|safari|opera|vivaldi|librewolf|waterfox|floorp|zen|arc|epiphany|falkon|duckduckgo|navigator",
    re.IGNORECASE,
)


def network_of_page(url: str) -> str | None:
    """The network a page belongs to; None where it belongs to none we know.

    >>> network_of_page("https://www.linkedin.com/feed/"), network_of_page("https://anna.example/wp-admin/post.php")
    ('linkedin', 'blog')
    >>> network_of_page("https://example.social/home"), network_of_page("https://bank.example/")
    ('mastodon', None)
    """
    try:
        parts = urlsplit(url[:2048])
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    labels = host.split(".")
    known = next((n for i in range(len(labels)) if (n := _HOSTS.get(".".join(labels[i:])))), None)
    if known:
        return known
    if _BLOG.search(parts.path):
        return "blog"
    return "mastodon" if _SERVER.match(host) or _PATH.match(parts.path) else None


def network_of_app(name: str) -> str | None:
    """The network a program is made for."""
    return _APPS.get(name.strip().lower().removesuffix(".exe").removesuffix(".app"))


def is_browser(name: str) -> bool:
    """Whether a program shows web pages."""
    return _BROWSERS.search(name) is not None


def union(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same time, in order and without overlap.

    >>> union([(5, 9), (1, 3), (2, 4)])
    [(1, 4), (5, 9)]
    """
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def both(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """The time that lies in both; each must be in order and without overlap.

    >>> both([(0, 5), (8, 9)], [(3, 8.5)])
    [(3, 5), (8, 8.5)]
    """
    found: list[Stretch] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def days_of(stretches: Sequence[Stretch]) -> Iterator[tuple[int, Stretch]]:
    """Each stretch cut at midnight (UTC), with the number of its day since 1970."""
    for start, end in stretches:
        for day in range(int(start // DAY), int(end // DAY) + 1):
            part = (max(start, day * DAY), min(end, (day + 1) * DAY))
            if part[0] < part[1]:
                yield day, part
