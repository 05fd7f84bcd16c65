"""What reading X costs, said before it is spent; and asking X so that every request is paid for before it is sent.

Prices per thing returned (docs.x.com/x-api/getting-started/pricing, August 2026). "Owned reads" are one's own posts,
mentions, followers and follows, asked for by the owner of the developer app as herself. What comes along (who wrote a
mention) counts as a thing returned. X charges the same thing once a day (UTC); we count it each time, since X promises
that only "mostly". An answer that is no success costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from leumund.budget import Budget, dollars
from leumund.errors import CreditSpentError, SourceError, StrangeAnswerError
from leumund.http import Answer, Client
from leumund.locale import N_, _
from leumund.sources.json_records import tidy
from leumund.sources.x_api_shapes import Answered, answered

ACCOUNT = Decimal("0.010")
"""An account looked up; never an owned read."""
MOST_POSTS, MOST_MENTIONS = 3_200, 800
"""What X gives of the past."""
A_DAY, A_WEEK, LOOK_AGAIN = timedelta(days=1), timedelta(days=7), timedelta(days=14)
PART_FOR_PEOPLE = Decimal("0.5")
"""So much of what is left of a month may go into one list of people: posts and mentions matter more."""
_MONTH_DAYS = Decimal("30.4")
_CAPPED = (b"UsageCapExceeded", b"usage-capped", b"SpendCapReached", b"CreditsDepleted", b"problems/credits")

Params = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Prices:
    """In US dollars. post, person: each one returned by a list."""

    post: Decimal
    person: Decimal


OWNED = Prices(post=Decimal("0.001"), person=Decimal("0.001"))
NOT_OWNED = Prices(post=Decimal("0.005"), person=Decimal("0.010"))


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks X and pays. each: the price of one thing asked for; along: of how many things that come along."""

    client: Client
    budget: Budget
    prices: Prices

    def ask(
        self, url: str, params: Params, *, most: int = 1, each: Decimal = ACCOUNT, along: int = 0
    ) -> Answered:
        """The answer, paid for.

        Raises:
            BudgetSpentError: it could cost more than is left; nothing was asked. SourceError: X says no.
        """
        put_aside = each * most + self.prices.person * along

        def pay(_url: str) -> Callable[[Answer | None], None]:
            settle = self.budget.reserve(put_aside)

            def told(answer: Answer | None) -> None:
                settle(self._cost(answer, each, put_aside))
                if answer is not None:
                    _refuse(answer)

            return told

        self.client.pay = pay
        try:
            answer = self.client.get(url, params=dict(params))
        finally:
            self.client.pay = _nothing_unpaid
        return answered(answer.body, url)

    def affordable(self, one: Decimal, *, besides: Decimal = Decimal(0), least: int, most: int) -> int:
        """How many things can be asked for at once with what is left; `least` where even that is too much."""
        can = (self.budget.left() - besides) / one
        return max(least, min(most, int(can.to_integral_value(ROUND_DOWN))))

    def _cost(self, answer: Answer | None, each: Decimal, put_aside: Decimal) -> Decimal:
        if answer is None or not 200 <= answer.status < 300:
            return Decimal(0)
        try:
            asked_for, along = answered(answer.body, "").resources()
        except StrangeAnswerError:  # it came, and nobody can say how much of it there was
            return put_aside
        return each * asked_for + self.prices.person * along


def _nothing_unpaid(_url: str) -> Callable[[Answer | None], None]:
    raise AssertionError  # every request goes through `ask`


def _refuse(answer: Answer) -> None:
    """Say plainly what waiting and trying again will not mend."""
    if answer.status not in {402, 403, 429}:
        return
    told = _told(answer)
    capped = any(word in answer.body for word in _CAPPED)
    if answer.status == 402 or capped:
        raise CreditSpentError("X", told)
    if answer.status == 403:
        raise SourceError(
            _("X does not let your developer app read this (403).") + (f" “{told}”" if told else ""),
            hint=_(
                "In the console the app must have the right to read, belong to a project, and have credit."
            ),
        )


def _told(answer: Answer) -> str:
    try:
        found: Any = answer.json()
    except StrangeAnswerError:
        return ""
    detail = found.get("detail") or found.get("title") if isinstance(found, dict) else None
    return (tidy(detail) or "")[:200] if isinstance(detail, str) else ""


# -- the estimate


@dataclass(frozen=True, slots=True)
class Counts:
    """What the account tells of itself; None where it does not."""

    posts: int | None
    following: int | None
    followers: int | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be read. count: how many of them; cost: in US dollars; left_out: it would take too much."""

    what: str
    count: int
    cost: Decimal
    at_most: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the first sync costs at most, and each month afterwards about."""

    parts: tuple[Part, ...]
    monthly: Decimal

    @property
    def first(self) -> Decimal:
        """All parts that are read, and the profile."""
        return ACCOUNT + sum((p.cost for p in self.parts if not p.left_out), Decimal(0))


def estimate(counts: Counts, prices: Prices, left: Decimal, at: datetime) -> Estimate:
    """What syncing will cost. left: what may be spent this month."""
    unknown = counts.posts is None
    posts = min(MOST_POSTS if counts.posts is None else counts.posts, MOST_POSTS)
    parts = [
        Part(N_("your posts"), posts, prices.post * posts + prices.person * -(-posts // 100), at_most=unknown),
        Part(N_("posts that name you"), MOST_MENTIONS, (prices.post + prices.person) * MOST_MENTIONS, at_most=True),
    ]  # fmt: skip
    rest = left - parts[0].cost
    for what, number in ((N_("whom you follow"), counts.following), (N_("your followers"), counts.followers)):
        cost = prices.person * (number or 0)
        fits = cost <= rest * PART_FOR_PEOPLE
        parts.append(Part(what, number or 0, cost, at_most=number is None, left_out=not fits))
        rest -= cost if fits else 0
    months = (
        max(Decimal(1), Decimal((at - counts.created_at).days) / _MONTH_DAYS)
        if counts.created_at
        else Decimal(12)
    )
    again = 1 + Decimal(LOOK_AGAIN.days) / A_WEEK.days
    people = sum((p.cost for p in parts[2:] if not p.left_out), Decimal(0))
    a_month = (
        min(Decimal(posts), (counts.posts or posts) / months) * again * prices.post
        + _MONTH_DAYS * ACCOUNT
        + people * _MONTH_DAYS / A_WEEK.days
    )
    return Estimate(tuple(parts), a_month)


def said(found: Estimate, prices: Prices, monthly: Decimal, left: Decimal) -> list[str]:
    """The estimate in plain words, a line each."""
    lines = [_("What reading costs at X's prices (as of August 2026, in US dollars):")]
    for part in found.parts:
        if part.left_out:
            text = _("· {what} ({n}): left out, {cost} would be more than half of what is left then")
        elif part.at_most:
            text = _("· {what} (at most {n}): at most {cost}")
        else:
            text = _("· {what} ({n}): {cost}")
        lines.append(text.format(what=_(part.what), n=f"{part.count:,}", cost=dollars(part.cost)))
    lines += [
        _("The first sync costs at most {cost}.").format(cost=dollars(found.first)),
        _("Later about {cost} a month, if you write as much as so far, and {each} for each post that names you.").format(
            cost=dollars(found.monthly), each=dollars(prices.post + prices.person)
        ),
        _("Read are: what is new once, the posts of the last 14 days again each week, your profile each day, lists of people each week."),
        _("Your budget: {budget} a month, {left} of it left. More is never spent; what does not fit waits.").format(
            budget=dollars(monthly), left=dollars(left)
        ),
    ]  # fmt: skip
    return lines
