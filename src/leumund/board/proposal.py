"""A list of recommended accounts for a network, to be made there by hand: a Mastodon collection, a Bluesky starter pack.

Nothing is sent. Only accounts of that network stand on it: for Mastodon those that let everybody put them into
collections, as the network itself demands; for Bluesky those that agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leumund.asking import State
from leumund.board.options import Options
from leumund.board.taken import Shown, shown_as
from leumund.consent import may_appear
from leumund.errors import UnknownNameError
from leumund.ids import network_of
from leumund.locale import _
from leumund.measures.follow_friday.published import published

Kind = Literal["mastodon", "bluesky"]
MOST: Mapping[Kind, int] = {"mastodon": 25, "bluesky": 150}
"""How many accounts the networks allow: Mastodon 4.6 collections, Bluesky starter packs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A list to be made by hand. where: the page on which to begin; people: in the order of the board."""

    network: Kind
    title: str
    text: str
    where: str
    people: tuple[Shown, ...]

    def lines(self) -> Iterator[str]:
        """All of it for a terminal or a text field."""
        yield _("Title: {title}").format(title=self.title)
        yield _("Text: {text}").format(text=self.text)
        yield ""
        for number, person in enumerate(self.people, 1):
            yield f"{number:>4}  {person.handle}  {person.link}".rstrip()
        if not self.people:
            yield _nobody(self.network)
        yield ""
        yield self.where
        yield _("Nothing was sent: you make the list yourself.")


def kind_named(written: str) -> Kind:
    """The network that is meant.

    Raises:
        UnknownNameError: there are no such lists.
    """
    kind = next((k for k in MOST if k == written.strip().lower()), None)
    if kind is None:
        raise UnknownNameError("--for", written, list(MOST))
    return kind


def propose_list(state: State, options: Options, kind: Kind, *, at: datetime) -> Proposal:
    """The first of the board on that network who may stand on such a list; one account each, never the owner's own."""
    accounts: dict[int, int] = {}
    own = set(state.lab.register.own_accounts())

    def may(people: Collection[int]) -> list[int]:
        groups = {p: state.tables.people[p].accounts if p in state.tables.people else (p,) for p in people}
        answers = may_appear(state.lab, state.tables, [a for g in groups.values() for a in g], "board", at=at)
        uris = state.lab.register.known_as(answers)
        for person, group in groups.items():
            if any(answers[a].refuses for a in group) or own & set(group):
                continue
            fitting = [
                a for a in group
                if answers[a].yes and network_of(uris[a]["uri"]) == kind and (kind != "mastodon" or answers[a].on_lists)
            ]  # fmt: skip
            if fitting:
                accounts[person] = fitting[0]
        return list(accounts)

    board = published(state.tables, options.board, may, weeks_back=0)
    places = [p for p in board.places if p.score > 0 or not board.standing][: MOST[kind]]
    return Proposal(
        network=kind,
        title=_("Follow Friday"),
        text=_("Recommended most under #FollowFriday, as my own laboratory counts it. Whoever wants to be taken off: a word is enough."),
        where=_where(kind),
        people=tuple(shown_as(state, accounts[p.account]) for p in places),
    )  # fmt: skip


def _where(kind: Kind) -> str:
    if kind == "mastodon":
        return _(
            "On your server: Profile, Collections, New collection. At most 25 accounts (Mastodon 4.6 and later)."
        )
    return _("In Bluesky: Profile, Starter Packs, Create. At most 150 accounts.")


def _nobody(kind: Kind) -> str:
    if kind == "mastodon":
        return _(
            "Nobody on this board lets everybody put the account into collections, as far as your server told in the last week."
        )
    return _(
        "Nobody on this board with a Bluesky account has agreed. Ask them: leumund consent add ACCOUNT --for board"
    )
