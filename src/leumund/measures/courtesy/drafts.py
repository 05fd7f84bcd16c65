"""Drafts of a thank-you, in the reader's language where that is German or English, else the owner's. Never sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from leumund.events import Network
from leumund.facts.thanks import read_thanks
from leumund.locale import code
from leumund.measures.suggestions.drafts import LIMITS, handle_of
from leumund.measures.suggestions.fitting import writings
from leumund.store.tables import Tables

Language = Literal["de", "en"]

_FOR: dict[Language, dict[str, str]] = {
    "de": {
        "endorse": "deine Empfehlung", "reshare": "dein Weitersagen", "quote": "dein Weiterdenken",
        "mention": "deine Erwähnung",
    },
    "en": {
        "endorse": "recommending me", "reshare": "sharing my post", "quote": "taking my thought further",
        "mention": "mentioning me",
    },
}  # fmt: skip
_THANKS: dict[Language, str] = {"de": "@{handle} Danke für {what}!", "en": "@{handle} Thank you for {what}!"}
_AND: dict[Language, str] = {"de": " und ", "en": " and "}


def draft(network: Network, handle: str, kinds: Iterable[str], language: Language) -> str | None:
    """A thank-you for all that is open from one person; None where it does not fit or would not be read as thanks.

    >>> draft("mastodon", "ben@example.social", ["reshare", "endorse"], "de")
    '@ben@example.social Danke für deine Empfehlung und dein Weitersagen!'
    """
    done = set(kinds)
    parts = [words for kind, words in _FOR[language].items() if kind in done]
    if not parts or network not in LIMITS:
        return None
    what = _AND[language].join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    text = _THANKS[language].format(handle=handle, what=what)
    limit, length = LIMITS[network]
    return text if length(text) <= limit and read_thanks(text).kind == "thanks" else None


def drafts_for(tables: Tables, account: int, kinds: Iterable[str]) -> dict[Network, str | None]:
    """A draft for each network on which both have an account."""
    own, done = tables.own, tuple(kinds)
    if own is None or not done:
        return {}
    known = tables.profiles([account, own])
    mine = {p["network"] for p in known.get(own, ())}
    handles = {p["network"]: h for p in reversed(known.get(account, [])) if (h := handle_of(p))}
    language = language_for(tables, account)
    return {n: draft(n, handles[n], done, language) for n in LIMITS if n in handles and n in mine}


def language_for(tables: Tables, account: int) -> Language:
    """The language most of that person's posts are in; else that of most of the owner's; else the one in use."""
    keys = [k for k in (account, tables.own) if k is not None]
    found = writings(tables, keys)
    for key in keys:
        spoken = found[key].language if key in found else None
        if spoken in ("de", "en"):
            return "de" if spoken == "de" else "en"
    return "de" if code() == "de" else "en"
