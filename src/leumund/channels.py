"""Where customers come from and what hours and money go to: one word for one channel, however it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from leumund.events import NETWORKS

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "advert": ("ad", "ads", "advertisement", "advertising", "anzeige", "anzeigen", "inserat", "werbung", "google ads"),
    "fair": ("messe", "messestand", "trade fair", "fair stand", "markt", "market"),
    "print": ("druck", "flyer", "flugblatt", "leaflet", "brochure", "broschüre", "prospekt", "plakat", "poster"),
    "word of mouth": ("recommendation", "empfehlung", "mundpropaganda", "referral", "weiterempfehlung", "friend"),
    "search": ("google", "suche", "suchmaschine", "search engine", "bing", "duckduckgo"),
    "website": ("web", "homepage", "webseite", "internetseite", "site"),
    "press": ("presse", "newspaper", "zeitung", "zeitungsartikel", "artikel", "magazin", "magazine"),
    "event": ("veranstaltung", "talk", "vortrag", "workshop", "konferenz", "conference"),
    "newsletter": ("mail", "e-mail", "email", "rundbrief"),
    "mastodon": ("fediverse", "fediversum", "toot"),
    "bluesky": ("bsky",),
    "x": ("twitter", "tweet", "x.com"),
    "linkedin": ("linked in",),
    "facebook": ("fb",),
    "blog": ("weblog",),
    "unknown": ("unbekannt", "weiß nicht", "weiss nicht", "don't know", "?", "keine angabe", "k. a.", "n/a"),
}  # fmt: skip
"""The channels that have a word of their own, and what else people write for them; any other word is a channel too."""

_WORDS = {
    **{word: channel for channel, words in CHANNELS.items() for word in words},
    **{channel: channel for channel in CHANNELS},
}
SOCIAL = frozenset(NETWORKS) - {"other", "blog"}
"""The channels that are social networks: what they bring is compared with the rest."""


@lru_cache(maxsize=4096)
def channel_of(written: str | None) -> str | None:
    """The channel that is meant; None where nothing was written, or that it is unknown.

    >>> channel_of("Messe"), channel_of(" Twitter "), channel_of("Stadtfest"), channel_of("")
    ('fair', 'x', 'stadtfest', None)
    """
    plain = re.sub(r"\s+", " ", (written or "").strip().lower().lstrip("#"))
    found = _WORDS.get(plain, plain)
    return None if found in ("", "unknown") else found
