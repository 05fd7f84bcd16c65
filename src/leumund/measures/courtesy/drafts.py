"""Drafts of a thank-you, in the reader's language where that is German or English, else the owner's. Never sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    return drafts_for_all(tables, {account: kinds})[account]


def drafts_for_all(
    tables: Tables, open_kinds: Mapping[int, Iterable[str]]
) -> dict[int, dict[Network, str | None]]:
    """The same for several people at once. open_kinds: what is open from each, by her key."""
    own, done = tables.own, {account: tuple(kinds) for account, kinds in open_kinds.items()}
    if own is None or not any(done.values()):
        return {account: {} for account in done}
    known = tables.profiles([*done, own])
    mine = {p["network"] for p in known.get(own, ())}
    languages = _languages(tables, own, list(done))
    found: dict[int, dict[Network, str | None]] = {}
    for account, kinds in done.items():
        handles = {p["network"]: h for p in reversed(known.get(account, [])) if (h := handle_of(p))}
        found[account] = {
            n: draft(n, handles[n], kinds, languages[account])
            for n in LIMITS
            if kinds and n in handles and n in mine
        }
    return found


def _languages(tables: Tables, own: int, accounts: list[int]) -> dict[int, Language]:
    """The language most of that person's posts are in; else that of most of the owner's; else the one in use."""
    found = writings(tables, [*accounts, own])

    def spoken(keys: tuple[int, ...]) -> Language:
        for key in keys:
            said = found[key].language if key in found else None
            if said in ("de", "en"):
                return "de" if said == "de" else "en"
        return "de" if code() == "de" else "en"

    return {account: spoken((account, own)) for account in accounts}
