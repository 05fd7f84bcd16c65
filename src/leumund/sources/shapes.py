"""The documented shapes of tables: one per noun, for everything that has no importer of its own.

How the columns are read stands in `leumund.sources.columns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leumund.events import KINDS, NETWORKS, VISIBILITIES
from leumund.locale import N_
from leumund.spoken.amounts import MOST_HOURS, MOST_MONEY, MOST_WANTED

ColumnType = Literal[
    "account",
    "accounts",
    "time",
    "text",
    "language",
    "whole",
    "flag",
    "word",
    "uri",
    "number",
    "money",
    "hours",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a shape.

    needed: a table must have it, and a row without it is a problem; unless it may be blank: a picture
    has no text. example: for the template. least, most: of numbers, both included; others are problems.
    """

    type: ColumnType
    needed: bool = False
    blank: bool = False
    example: str = ""
    words: tuple[str, ...] = ()
    says: str = ""
    least: float | None = None
    most: float | None = None


_WHEN = N_("date or time, ISO 8601; without a zone it is UTC")
_WHO = N_("an account: address, handle or profile link")
_ID = N_("the post's address or number")

_STATEMENT = Field(
    type="text", says=N_("its own number, as an export gives it; the same one again corrects it")
)

_BY_HAND: dict[str, Field] = {
    "statement": _STATEMENT,
    "said_at": Field(type="time", says=N_("when you said it, as an export gives it")),
    "entry": Field(
        type="text", says=N_("the number of the entry that this row corrects, as an export gives it")
    ),
    "holds": Field(type="flag", says=N_("false where you took the entry away")),
}
"""What is said of an entry that the owner makes, and may correct, by hand."""

_WHERE = N_("which network: mastodon, bluesky ...; empty: all")

SHAPES: dict[str, dict[str, Field]] = {
    "post": {
        "post": Field(type="uri", needed=True, example="https://example.social/@anna/1", says=_ID),
        "account": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-09T08:15:00Z", says=_WHEN),
        "text": Field(
            type="text", needed=True, blank=True, example="#FF @ben@example.social, who explains patiently"
        ),
        "exact": Field(type="flag", says=N_("false where the time is only known to be no later")),
        "language": Field(type="language", example="en", says=N_("as declared: en, de, pt-BR ...")),
        "reply_to": Field(type="uri", says=_ID),
        "reply_to_account": Field(type="account", says=_WHO),
        "quote_of": Field(type="uri", says=_ID),
        "mentions": Field(
            type="accounts", example="@ben@example.social", says=N_("accounts named, separated by spaces")
        ),
        "visibility": Field(type="word", words=VISIBILITIES, example="public"),
        "url": Field(type="text"),
        "likes": Field(type="whole", example="3"),
        "reshares": Field(type="whole", example="1"),
        "replies": Field(type="whole", example="0"),
        "views": Field(type="whole", says=N_("how often the network says the post was shown")),
    },
    "act": {
        "kind": Field(type="word", needed=True, words=KINDS, example="reshare"),
        "actor": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "target": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-09T09:00:00Z", says=_WHEN),
        "exact": Field(type="flag", says=N_("false where the time is only known to be no later")),
        "act": Field(type="uri", says=N_("the act's own address, if it has one")),
        "post": Field(
            type="uri", example="https://example.social/@anna/1", says=N_("the post it was done to")
        ),
        "via": Field(type="uri", says=N_("the post it was done with (the reply, the quote)")),
        "count": Field(type="whole", example="1", says=N_("how many times, where only a sum is known")),
    },
    "account": {
        "account": Field(type="account", needed=True, example="@anna@example.social", says=_WHO),
        "seen_at": Field(type="time", needed=True, example="2026-01-09", says=_WHEN),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "handle": Field(type="text", example="@anna@example.social"),
        "name": Field(type="text", example="Anna Berg"),
        "bio": Field(type="text"),
        "url": Field(type="text"),
        "place": Field(type="text"),
        "aliases": Field(
            type="accounts", says=N_("other addresses of the same account, separated by spaces")
        ),
        "created_at": Field(type="time", says=_WHEN),
        "followers": Field(type="whole", example="812"),
        "following": Field(type="whole", example="430"),
        "posts": Field(type="whole", example="95"),
        "automated": Field(type="flag"),
        "locked": Field(type="flag"),
        "discoverable": Field(type="flag"),
        "indexable": Field(type="flag"),
        "limited": Field(type="flag"),
        "featurable": Field(type="flag"),
        "own": Field(type="flag", example="true", says=N_("true for your own account")),
    },
    "customer": {
        "customer": Field(
            type="text",
            needed=True,
            blank=True,
            example="Mrs K.",
            says=N_("any name or number you know them by; may stay empty"),
        ),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "found_us_by": Field(type="text", example="mastodon"),
        "recommended_by": Field(
            type="text",
            example="@ben@example.social",
            says=N_("who told them of you; several with > between them, who is nearest to you first"),
        ),
        "through": Field(type="text", says=N_("through whom that one knew of you, if not directly")),
        "value": Field(type="money", example="480", least=-MOST_MONEY, most=MOST_MONEY),
        "currency": Field(type="text", example="EUR"),
        "lead": Field(type="flag", example="false", says=N_("true while they only asked")),
        "bought_at": Field(type="time", says=N_("when somebody who had only asked became a customer")),
        "note": Field(type="text"),
        **_BY_HAND,
    },
    "time": {
        "time": Field(type="text", needed=True, example="mastodon", says=N_("what it was spent on")),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "hours": Field(type="hours", needed=True, example="1.5", least=0, most=MOST_HOURS),
        "note": Field(type="text"),
        **_BY_HAND,
    },
    "cost": {
        "cost": Field(type="text", needed=True, example="advertisement", says=N_("what it was spent on")),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "amount": Field(type="money", needed=True, example="120.00", least=0, most=MOST_MONEY),
        "currency": Field(type="text", example="EUR"),
        "note": Field(type="text"),
        **_BY_HAND,
    },
    "goal": {
        "goal": Field(
            type="text",
            needed=True,
            example="followers",
            says=N_("followers, people, responders, board or customers"),
        ),
        "happened_at": Field(type="time", needed=True, example="2026-01-01", says=_WHEN),
        "target": Field(type="number", needed=True, example="5000", least=1, most=MOST_WANTED),
        "until": Field(type="time", needed=True, example="2026-03-31", says=_WHEN),
        "network": Field(type="text", says=_WHERE),
        "note": Field(type="text"),
        **_BY_HAND,
    },
    "note": {
        "note": Field(type="text", needed=True, example="A week of holidays"),
        "happened_at": Field(type="time", needed=True, example="2026-02-02", says=_WHEN),
        "fun": Field(type="whole", example="4", says=N_("how much fun it was: 1 to 5"), least=1, most=5),
        "about": Field(type="word", words=("note", "silence", "outage"), example="silence"),
        "until": Field(type="time", example="2026-02-08", says=_WHEN),
        "network": Field(type="text", says=_WHERE),
        **_BY_HAND,
    },
    "experiment": {
        "experiment": Field(type="text", needed=True, example="Mornings", says=N_("what you call it")),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "change": Field(
            type="text", needed=True, example="I post before nine", says=N_("the one thing done otherwise")
        ),
        "outcome": Field(
            type="text", needed=True, example="responders", says=N_("what it is measured by, said before")
        ),
        "network": Field(type="text", says=_WHERE),
        "pairs": Field(type="whole", example="12", says=N_("how many pairs of weeks"), least=1, most=520),
        "washout_days": Field(
            type="whole",
            example="1",
            says=N_("days at the beginning of each week that do not count"),
            least=0,
            most=6,
        ),
        "begins": Field(type="time", example="2026-01-05", says=N_("the Monday of the first week")),
        "seed": Field(type="text", says=N_("what the coin was thrown with")),
        "weeks": Field(
            type="text", example="10 01 01", says=N_("each week in its order: 1 with the change, 0 without")
        ),
        "started_at": Field(type="time", says=_WHEN),
        "stopped_at": Field(type="time", says=_WHEN),
        "note": Field(type="text"),
        **_BY_HAND,
    },
    "trust": {
        "trust": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "since": Field(
            type="time", example="2025-01-01", says=N_("from when on it counts, if not from that day")
        ),
        "holds": Field(type="flag", says=N_("false where you take it back")),
        "statement": _STATEMENT,
    },
    "nogo": {
        "nogo": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "since": Field(
            type="time", example="2025-01-01", says=N_("from when on it counts, if not from that day")
        ),
        "reason": Field(type="text", example="adverts only", says=N_("why, in your own words")),
        "until": Field(type="time", example="2026-12-31", says=N_("when it ends by itself")),
        "review": Field(type="time", example="2026-07-01", says=N_("when you want to look at it again")),
        "holds": Field(type="flag", says=N_("false where you take it back")),
        "statement": _STATEMENT,
    },
    "consent": {
        "consent": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "purpose": Field(
            type="word",
            needed=True,
            words=("board", "parts"),
            example="board",
            says=N_("what they agreed to: a published board, or your blog and reports"),
        ),
        "how": Field(type="text", example="by mail, 2 January", says=N_("how they said so: words or a link")),
        "until": Field(type="time", example="2027-12-31", says=N_("when it ends by itself")),
        "holds": Field(type="flag", says=N_("false where they took it back")),
        "statement": _STATEMENT,
    },
    "label": {
        "label": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "answer": Field(
            type="word",
            needed=True,
            words=("person", "robot", "reviewed", "follow_back", "later"),
            example="person",
            says=N_("what you say of it"),
        ),
        "statement": _STATEMENT,
    },
    "thanks": {
        "thanks": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "happened_at": Field(type="time", needed=True, example="2026-01-02", says=_WHEN),
        "answer": Field(
            type="word",
            needed=True,
            words=("thanked", "let go"),
            example="thanked",
            says=N_("thanked where no source sees it, or let go"),
        ),
        **_BY_HAND,
    },
    "person": {
        "person": Field(
            type="text", needed=True, example="1", says=N_("any word; rows with the same one are one person")
        ),
        "account": Field(type="account", needed=True, example="@ben@example.social", says=_WHO),
        "network": Field(type="word", needed=True, words=NETWORKS, example="mastodon"),
        "name": Field(type="text", example="Ben", says=N_("what you call that person")),
        "owner": Field(type="flag", example="false", says=N_("true where that person is you")),
        "evidence": Field(type="text", says=N_("why we think so; empty: you say so")),
    },
}


STATED = {
    "customer", "time", "cost", "goal", "note", "experiment", "person", "trust", "label", "nogo", "thanks", "consent",
}  # fmt: skip
"""Nouns that somebody states of her own life: they are read more strictly than what networks give."""


def noun_of(header: list[str]) -> str | None:
    """Whose shape a header is: all that a noun needs must be there; the noun with most columns in common wins.

    >>> noun_of(["kind", "actor", "target", "network", "happened_at"]), noun_of(["a", "b"])
    ('act', None)
    """
    names = set(header)
    fitting = [n for n, shape in SHAPES.items() if all(c in names for c, f in shape.items() if f.needed)]
    return max(fitting, key=lambda n: (len(names & set(SHAPES[n])), n), default=None)


def nearest(header: list[str]) -> tuple[str, list[str]] | None:
    """The noun that a header is nearly the shape of, and the needed columns it lacks: at most half of them.

    >>> nearest(["actor", "target", "network", "happened_at"]), nearest(["a", "b"])
    (('act', ['kind']), None)
    """
    names = set(header)
    found = []
    for noun, shape in SHAPES.items():
        needed = [c for c, field in shape.items() if field.needed]
        missing = [c for c in needed if c not in names]
        if 0 < 2 * len(missing) <= len(needed) and len(names & set(shape)) > 1:
            found.append((len(missing) / len(needed), -len(names & set(shape)), noun, missing))
    return min(found)[2:] if found else None
