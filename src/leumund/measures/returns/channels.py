"""What each channel brought and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from leumund.channels import SOCIAL
from leumund.measures.returns.cost import Each, each, times
from leumund.measures.returns.credit import UNKNOWN, WORD_OF_MOUTH, Credit, credits_of
from leumund.measures.returns.customers import Came
from leumund.measures.returns.spending import Spending, Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """customers, asked: its credit of those who bought and of all who came; turnover: the same share of what they
    brought, None where no value was entered; spent: hours and cash; worth: both as money.
    """

    name: str
    customers: Credit
    asked: Credit
    turnover: float | None
    spent: Spent
    worth: float | None
    per_customer: Each | None
    per_asked: Each | None


def channels_of(came: Sequence[Came], spending: Spending, rate: float | None) -> list[Channel]:
    """Every channel that brought somebody or cost something, by credit of customers, then of all who came, then by name.

    What one cost is told only where something was spent.
    """
    bought = [c for c in came if not c.customer.lead]
    customers, asked = credits_of([c.chain for c in bought]), credits_of([c.chain for c in came])
    turnover: dict[str, list[float]] = {}
    for one in bought:
        for touch in one.chain:
            if one.customer.value is not None:
                turnover.setdefault(touch.channel, []).append(one.customer.value / len(one.chain))
    names = sorted({*customers, *asked, *spending.by_channel})
    hidden, all_hidden = (of.get(UNKNOWN, Credit()).credit for of in (customers, asked))
    found = []
    for name in names:
        spent = spending.of(name)
        worth = spent.worth(rate)
        own, all_ = customers.get(name, Credit()), asked.get(name, Credit())
        found.append(
            Channel(
                name=name, customers=own, asked=all_, turnover=fsum(turnover[name]) if name in turnover else None, spent=spent, worth=worth,
                per_customer=_each(name, worth, own.credit, hidden), per_asked=_each(name, worth, all_.credit, all_hidden),
            )
        )  # fmt: skip
    return sorted(found, key=lambda c: (-c.customers.credit, -c.asked.credit, c.name))


def _each(name: str, worth: float | None, number: float, hidden: float) -> Each | None:
    """What one cost through a channel; hidden: who came nobody knows how, of whom any may have come by it."""
    if not worth:
        return None
    return each(worth, number, unknown=0.0 if name == UNKNOWN else hidden)


@dataclass(frozen=True, slots=True)
class Side:
    """Several channels together. customers, asked: credit of bought and of all who came; hidden, asked_hidden: those of
    whom nobody knows how they came, by whatever channel; worth: what was spent, None where hours are among it that nobody priced.
    """

    customers: float
    asked: float
    hidden: float
    asked_hidden: float
    hours: float
    worth: float | None


def is_paid(name: str) -> bool:
    """Whether a channel is marketing of the old kind: no social network, not what others tell, not unknown."""
    return name not in SOCIAL and name not in (WORD_OF_MOUTH, UNKNOWN)


def together(channels: Sequence[Channel], *, social: bool) -> Side:
    """All social networks, or all marketing of the old kind on which something was spent."""
    some = [c for c in channels if (c.name in SOCIAL if social else is_paid(c.name) and c.worth != 0)]
    hidden = [c for c in channels if c.name == UNKNOWN]
    return Side(
        customers=sum(c.customers.credit for c in some),
        asked=sum(c.asked.credit for c in some),
        hidden=sum(c.customers.credit for c in hidden),
        asked_hidden=sum(c.asked.credit for c in hidden),
        hours=sum(c.spent.hours for c in some),
        worth=None if any(c.worth is None for c in some) else sum(c.worth or 0.0 for c in some),
    )


def quotient(channels: Sequence[Channel], *, asked: bool = False) -> Each:
    """How many times as much one customer (or one who came at all) cost through social networks as otherwise."""
    here, there = together(channels, social=True), together(channels, social=False)
    n, m = (here.asked, there.asked) if asked else (here.customers, there.customers)
    hidden = here.asked_hidden if asked else here.hidden
    return times(here.worth or 0.0, n, there.worth or 0.0, m, unknown=hidden)
