"""What is true of a made-up world: what measures are held against, and what no source would tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from leumund.simulate.trial import Trial

Who = Literal[
    "self",
    "fan",
    "loyal fan",
    "ring",
    "farm",
    "bot declared",
    "bot undeclared",
    "advertiser",
    "coach",
    "person",
]
"""What an account is. coach: another coach, on the board by honest votes. person: reads, seldom acts."""

HUMAN: frozenset[Who] = frozenset({"self", "fan", "loyal fan", "coach", "person"})
"""Kinds with a person behind them who means what is said (a ring has people too, but a purpose)."""

MACHINES: frozenset[Who] = frozenset({"bot declared", "bot undeclared", "farm", "advertiser"})
"""Kinds that run by themselves, whether they say so or not."""

FridayClass = Literal["argued", "list", "ring", "back", "thanks", "begging", "other", "empty"]
"""What a post with a Follow-Friday tag is.

argued, list: honest recommendations, with and without a reason. ring: a pasted list of the ring.
back: thanks and recommends in return. thanks, begging, empty, other (the tag means something else):
no recommendation.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FridayPost:
    """A post with a Follow-Friday tag: whom it names, and whom it recommends (account URIs)."""

    post: str
    author: str
    happened_at: datetime
    friday_class: FridayClass
    named: tuple[str, ...]
    endorsed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """An act towards her that merits thanks; open while `thanked_at` is None.

    subject: the act's URI (reshare) or the post it was done with (endorsement, quote, mention).
    by: the post or act she thanked with; how: like, reply, collective (one post for several) or
    reshare (she reshared one of theirs in return).
    Acts of bots, farms and advertisers are not in this list; the ring's are.
    """

    subject: str
    actor: str
    merit: Literal["endorsement", "reshare", "quote", "mention"]
    since: datetime
    thanked_at: datetime | None = None
    by: str | None = None
    how: Literal["reply", "like", "collective", "reshare"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer and how she came. chain: accounts the word passed through, first to last; may be empty."""

    name: str
    since: date
    channel: str
    chain: tuple[str, ...]
    value: float
    """Turnover in euro; 0 for somebody who only asked."""
    lead: bool = False
    bought: date | None = None
    """When somebody who had only asked became a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The whole truth of a world.

    own: her main account; same_person: accounts of one person on several networks, hers first.
    silence: first and last day without any act of hers (both included).
    followers: her followers at 23:30 of each day in Berlin, main account.
    audience: who follows her at the end on any network, each person once: the first of her accounts.
    hours: hours spent on the network, by the Monday of the week. costs: (day, channel, euro). goal: followers, and by
    which day. fun: what she noted on that day, 1 to 5. trial: her experiment, None where there was no room for one.
    not_thanks: her posts that say "Dank" and thank nobody. thanks_posts: post -> accounts thanked.
    copies: (copy, original): posts taken over word by word or nearly. featured: acts `endorse`.
    gone: deleted posts, acts and accounts.
    """

    own: str
    same_person: tuple[tuple[str, ...], ...]
    who: Mapping[str, Who]
    silence: tuple[date, date]
    followers: Mapping[date, int]
    audience: tuple[str, ...]
    fridays: tuple[FridayPost, ...]
    debts: tuple[Debt, ...]
    thanks_posts: Mapping[str, tuple[str, ...]]
    not_thanks: tuple[str, ...]
    copies: tuple[tuple[str, str], ...]
    featured: tuple[str, ...]
    gone: tuple[str, ...]
    customers: tuple[Customer, ...]
    hours: Mapping[date, float]
    costs: tuple[tuple[date, str, float], ...]
    goal: tuple[int, date]
    fun: Mapping[date, int] = field(default_factory=dict)
    trial: Trial | None = None

    @property
    def open_thanks(self) -> tuple[Debt, ...]:
        """Thanks she owes at the end, oldest first."""
        return tuple(d for d in self.debts if d.thanked_at is None)

    @property
    def answered_thanks(self) -> tuple[Debt, ...]:
        """Thanks given, in order of the acts they answer."""
        return tuple(d for d in self.debts if d.thanked_at is not None)

    @property
    def people_following(self) -> int:
        """How many of those who follow her at the end are people."""
        return sum(self.who[account] not in MACHINES for account in self.audience)

    def accounts(self, *kinds: Who) -> tuple[str, ...]:
        """The accounts of these kinds."""
        return tuple(account for account, who in self.who.items() if who in kinds)

    def honest_board(self) -> list[tuple[str, float]]:
        """Accounts by votes of people: each recommender's weekly voice split among those named, no fading.

        A plain yardstick, not the measure: no standing, no rotation, no reciprocity; the ring is left out.
        """
        named: dict[tuple[str, int, int], set[str]] = {}
        for friday in self.fridays:
            if friday.endorsed and self.who[friday.author] in HUMAN:
                year, week, _ = friday.happened_at.isocalendar()
                named.setdefault((friday.author, year, week), set()).update(friday.endorsed)
        points: dict[str, float] = {}
        for accounts in named.values():
            for account in sorted(accounts):
                points[account] = points.get(account, 0.0) + 1 / len(accounts)
        return sorted(points.items(), key=lambda row: (-row[1], row[0]))
