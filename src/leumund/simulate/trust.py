"""Whom she says she knows: her first loyal readers and some colleagues soon, two more when half a year is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.events import Statement
from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

SOON, LATE = 0.2, 0.985  # shares of the whole time
COLLEAGUES, READERS, LATECOMERS = 6, 4, 2


def trust(stage: Stage) -> tuple[Statement, ...]:
    """Her marks, in order of time. What she says soon holds from the day on which she came to know them."""
    dice = Dice(stage.seed, "trust")
    soon = stage.start + DAY * round(stage.days * SOON)
    late = stage.start + DAY * round(stage.days * LATE)

    def of(*kinds: str) -> list[Person]:
        there = (p for p in stage.people if p.who in kinds and p.joined is not None and p.left is None)
        return sorted(there, key=lambda p: (p.joined or moment(soon, 0.0), p.uri))

    known = [*of("loyal fan"), *of("coach")[:COLLEAGUES], *of("fan")[:READERS]]
    first = [p for p in known if p.joined is not None and p.joined < moment(soon, 18.0)]
    others = [p for p in of("fan")[READERS:] if p.joined is not None and p.joined < moment(soon, 18.0)]
    told = [(person, moment(soon, 18.0 + n / 60), person.joined) for n, person in enumerate(first)]
    told += [(p, moment(late, 19.0 + n / 60), None) for n, p in enumerate(dice.some(others, LATECOMERS))]
    return tuple(_mark(f"trust-{n}", *mark) for n, mark in enumerate(told, 1))


def _mark(name: str, person: Person, at: datetime, since: datetime | None) -> Statement:
    body: dict[str, str | bool] = {"trust": person.uri, "network": "mastodon", "holds": True}
    since_when: dict[str, str] = {} if since is None else {"since": since.isoformat()}
    return Statement(kind="trust", happened_at=at, body={**body, **since_when}, statement=name)
