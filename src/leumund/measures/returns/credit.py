"""Who has a share in a customer: the chain by which she came, and what each link of it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

UNKNOWN = "unknown"
WORD_OF_MOUTH = "word of mouth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody who came, or only asked (lead).

    at_us: when, microseconds since 1970. found_us_by: her own answer, as a channel; "" where she gave none.
    through: by whom she came, from the first to whoever told her: the key of an account, or a name as it was written.
    """

    name: str
    at_us: int
    lead: bool = False
    value: float | None = None
    found_us_by: str = ""
    through: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somebody who passed the word on. account: her key where the lab knows her, else name; customer: she is one
    herself; first, since_us: what she did first towards the owner, and when; channel: where.
    """

    channel: str
    name: str | None = None
    account: int | None = None
    first: str | None = None
    since_us: int | None = None
    customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A link of one customer's chain with its share of her. link None: her own answer, or nothing known."""

    step: int
    channel: str
    share: float
    link: Link | None = None


Known = Callable[[int, int], Link]
"""An account as a link, as of a moment: what she had done towards the owner by then."""


def chains(customers: Sequence[Customer], known: Known) -> list[tuple[Touch, ...]]:
    """The chain of each customer, first touch to last; the shares of one chain are equal and sum to 1. Who is named twice
    in one is one touch, there where she stands first.

    Everyone by whom she came is a touch, on the channel on which that person first turned to the owner. Where that
    person is an earlier customer, that one's chain stands before. The customer's own answer is the last touch. Where nothing
    is told there is one touch: unknown.
    """
    links: dict[int, list[Link | str]] = {}
    order = sorted(range(len(customers)), key=lambda i: (customers[i].at_us, customers[i].name, i))
    earlier: dict[str, int] = {}
    for i in order:
        customer = customers[i]
        found: list[Link | str] = []
        for place, who in enumerate(customer.through):
            if isinstance(who, int):
                found.append(known(who, customer.at_us))
                continue
            before = earlier.get(_bare(who))
            if before is not None and place == 0:  # of the others it is told from whom they had it
                found += [x for x in links[before] if x != UNKNOWN]
            found.append(Link(channel=WORD_OF_MOUTH, name=who, customer=before is not None))
        found = _each_once(found)
        if customer.found_us_by:
            found.append(customer.found_us_by)
        links[i] = found or [UNKNOWN]
        if customer.name:
            earlier.setdefault(_bare(customer.name), i)
    return [_touches(links[i]) for i in range(len(customers))]


def _each_once(links: Sequence[Link | str]) -> list[Link | str]:
    found: dict[object, Link | str] = {}
    for place, link in enumerate(links):
        who: object = place  # an answer is nobody: each stands for itself
        if isinstance(link, Link):
            who = link.account if link.account is not None else _bare(link.name or "")
            who = ("account" if link.account is not None else "name", who)
        found.setdefault(who, link)
    return list(found.values())


def _touches(links: Sequence[Link | str]) -> tuple[Touch, ...]:
    share = 1 / len(links)
    return tuple(
        Touch(step=step, channel=x, share=share)
        if isinstance(x, str)
        else Touch(step=step, channel=x.channel, share=share, link=x)
        for step, x in enumerate(links, 1)
    )


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass(slots=True)
class Credit:
    """What a channel is given of a number of customers. first, last: if whoever stands first (last) had it all; alone,
    involved: at least, where no other channel had part in it, and at most, where it had any part.
    """

    credit: float = 0.0
    first: int = 0
    last: int = 0
    alone: int = 0
    involved: int = 0


def credits_of(chains_: Sequence[tuple[Touch, ...]]) -> Mapping[str, Credit]:
    """The credit of each channel: equal shares along each chain; all credits sum to the number of chains.

    alone <= first, last, credit <= involved, whatever the chains: no way of sharing leaves these bounds.
    """
    found: dict[str, Credit] = {}
    exact: dict[str, Fraction] = {}  # thirds and sevenths sum to whole customers
    for chain in chains_:
        channels = {t.channel for t in chain}
        for touch in chain:
            found.setdefault(touch.channel, Credit())
            exact[touch.channel] = exact.get(touch.channel, Fraction()) + Fraction(1, len(chain))
        for channel in channels:
            found[channel].involved += 1
            found[channel].alone += len(channels) == 1
        found[chain[0].channel].first += 1
        found[chain[-1].channel].last += 1
    for channel, credit in exact.items():
        found[channel].credit = float(credit)
    return found
