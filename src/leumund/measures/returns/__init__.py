"""Returns: what presence brought, by whom, at what cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, MOST_DAYS
from leumund.measures.returns.channels import Channel, channels_of, quotient
from leumund.measures.returns.credit import UNKNOWN
from leumund.measures.returns.customers import Came, came_in
from leumund.measures.returns.spending import Spending, check_rate, spending_in
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables

__all__ = ["MEASURE", "NO_CUSTOMER", "UNPRICED", "returns"]

NO_CUSTOMER = Note(N_("No customer is entered yet. Enter the first one: leumund customer add"))
UNPRICED = N_(
    "{hours:.1f} hours are not priced, so it cannot be told what a customer cost. Say what an hour of yours is worth: --rate 60, or once for all: leumund settings hourly_rate 60"
)
_WORDS = (
    N_("advert"), N_("fair"), N_("print"), N_("word of mouth"), N_("search"), N_("website"), N_("press"), N_("event"),
    N_("newsletter"), N_("unknown"),
)  # fmt: skip


def returns(tables: Tables, *, days: int = MOST_DAYS, rate: float | None = None) -> Result:
    """What each channel brought and what one customer through it cost.

    credit: a customer's chain is everyone by whom she came, on the channel on which that person first turned to the owner,
    and at its end her own answer to "how did you find us?"; each link of it has an equal share of her.
    cost of one = (hours * rate + money) / credit, with the interval of Gamma(credit + 1/2)
    ratio = cost of one through social networks / cost of one through adverts, fairs, print ... (quotient of two Gammas)

    Args:
        days: how far back; all that was entered, unless told. rate: what an hour of the owner's is worth; None: hours are not priced.
    Gives: customers (credit) with low (no other channel had part in it) and high (any part in it); first and last:
        if whoever stands first or last had it all; asked: the same credit of all who came, customers among them; hours,
        cash, spent; per_customer and per_asked with intervals (90 %); turnover. Figures: customers, asked, unknown_share,
        ratio with bounds. Whoever came unknown how may have come by any channel: the bounds of costs and of the ratio allow for it.
        What was spent is unknown where there are hours and no rate (they were not free), and where nothing was entered.
    Bounds: the credits sum to the customers; low <= credit, first, last <= high. No way of sharing leaves these bounds.
    Edges: without a customer only a lower bound of the cost is known. Somebody who buys later than as_of has only
        asked. Money in another currency than most is left out and counted.
    Source: ours; interval: Jeffreys' prior for a Poisson rate.
    """
    if not 1 <= days <= MOST_DAYS:
        text = _("Between 1 and {most} days, not {value}.")
        raise UsageError(text.format(most=MOST_DAYS, value=days))
    check_rate(rate)
    since = as_us(tables.as_of) - days * DAY_US
    came = [c for c in came_in(tables) if c.customer.at_us > since]
    spending = spending_in(tables, since)
    channels = channels_of(came, spending, rate)
    bought = sum(not c.customer.lead for c in came)
    unknown = next((c.customers.credit for c in channels if c.name == UNKNOWN), 0.0)
    ratio = quotient(channels)
    figures: dict[str, float | int | str | None] = {
        "customers_entered": bought, "asked_entered": len(came), "unknown_share": unknown / bought if bought else None,
        "ratio": ratio.value, "ratio_low": ratio.low, "ratio_high": ratio.high,
        "hourly_rate": rate,
    }  # fmt: skip
    if spending.currency:
        figures["currency"] = spending.currency
    notes = tuple(_notes(came, channels, spending, figures))
    return Result(
        rows=pa.Table.from_pylist([_row(c) for c in channels], _SHAPE), notes=notes, figures=figures
    )


def _row(channel: Channel) -> dict[str, Any]:
    row: dict[str, Any] = {
        "channel": channel.name, "customers": channel.customers.credit, "customers_low": float(channel.customers.alone),
        "customers_high": float(channel.customers.involved), "first": channel.customers.first, "last": channel.customers.last,
        "asked": channel.asked.credit, "hours": channel.spent.hours, "cash": channel.spent.cash, "spent": channel.worth or None,
        "turnover": channel.turnover,
    }  # fmt: skip
    for name, one in (("per_customer", channel.per_customer), ("per_asked", channel.per_asked)):
        if one is not None:
            row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
    return row


def _notes(
    came: Sequence[Came], channels: Sequence[Channel], spending: Spending, figures: dict[str, Any]
) -> Iterator[Note]:
    if not came:
        yield NO_CUSTOMER
    hours = sum(c.spent.hours for c in channels)
    if hours and figures["hourly_rate"] is None:
        yield Note(UNPRICED, {"hours": hours})
    if figures["unknown_share"]:
        text = N_(
            "Of {unknown_share:.0%} of the customers nobody knows how they came: ask each new one. What one cost is “at least” so much if all of them came by that channel."
        )
        yield Note(text, figures)
    if spending.others:
        text = N_("{others} costs in another currency than {currency} are left out.")
        yield Note(text, {"others": spending.others, "currency": spending.currency})
    if foreign := sum(c.is_foreign for c in came):
        text = N_("What {foreign} customers brought in another currency than {currency} is left out.")
        yield Note(text, {"foreign": foreign, "currency": spending.currency})
    if came:
        text = N_(
            "A customer who came by several is shared equally among them. “At least” counts those for whom no other channel had part in it, “at most” those in whom it had any."
        )
        yield Note(text)


def explain(tables: Tables, account: int | None) -> Result:
    """The referral tree: each customer's chain, link by link, with what each person did first towards the owner."""
    del account  # customers are the owner's alone
    rows: list[dict[str, Any]] = []
    came = came_in(tables)
    for one in came:
        for touch in one.chain:
            link = touch.link
            rows.append(
                {
                    "time": as_time(one.customer.at_us), "customer": one.customer.name or _("without a name"), "step": touch.step,
                    "account": link.account if link else None, "name": _said(touch.link is None, link.name if link else None, touch.channel),
                    "channel": touch.channel, "share": touch.share, "first": link.first if link else None,
                    "since": as_time(link.since_us) if link and link.since_us is not None else None,
                    "is_customer": link.customer if link else None, "lead": one.customer.lead,
                    "value": None if one.customer.value is None else one.customer.value * touch.share, "entry": one.entry,
                }
            )  # fmt: skip
    notes = (NO_CUSTOMER,) if not came else (
        Note(N_("Each customer's chain, from who first knew you to who told her. Her own answer stands last.")),
    )  # fmt: skip
    return Result(rows=pa.Table.from_pylist(rows, _CHAIN), notes=notes)


def _said(own_answer: bool, name: str | None, channel: str) -> str | None:
    """Who is meant, where it is no account of the lab."""
    if not own_answer:
        return name
    return _("nothing is told") if channel == UNKNOWN else _("her own answer")


_SHAPE = pa.schema(
    {
        "channel": pa.string(), "customers": pa.float64(), "customers_low": pa.float64(), "customers_high": pa.float64(),
        "first": pa.int64(), "last": pa.int64(), "asked": pa.float64(), "hours": pa.float64(), "cash": pa.float64(),
        "spent": pa.float64(), "per_customer": pa.float64(), "per_customer_low": pa.float64(),
        "per_customer_high": pa.float64(), "per_asked": pa.float64(), "per_asked_low": pa.float64(),
        "per_asked_high": pa.float64(), "turnover": pa.float64(),
    }
)  # fmt: skip
_CHAIN = pa.schema(
    {
        "time": pa.timestamp("us", tz="UTC"), "customer": pa.string(), "step": pa.int64(), "account": pa.int64(),
        "name": pa.string(), "channel": pa.string(), "share": pa.float64(), "first": pa.string(),
        "since": pa.timestamp("us", tz="UTC"), "is_customer": pa.bool_(), "lead": pa.bool_(), "value": pa.float64(),
        "entry": pa.string(),
    }
)  # fmt: skip

MEASURE = Measure(
    name="returns",
    topic="success",
    title=N_("Returns"),
    question=N_("What brought customers, and what did each of them cost?"),
    shape="ranking",
    columns=(
        Column(name="channel", kind="kind", title=N_("Channel")),
        Column(name="customers", kind="number", title=N_("Customers")),
        Column(name="customers_low", kind="number", title=N_("At least")),
        Column(name="customers_high", kind="number", title=N_("At most")),
        Column(name="spent", kind="number", title=N_("Spent"), optional=True),
        Column(name="per_customer", kind="number", title=N_("One customer cost"), optional=True),
        Column(name="per_customer_low", kind="number", title=N_("At least"), optional=True),
        Column(name="per_customer_high", kind="number", title=N_("At most"), optional=True),
        Column(name="asked", kind="number", title=N_("Customers and people who asked")),
        Column(name="per_asked", kind="number", title=N_("One of these cost"), optional=True),
        Column(name="per_asked_low", kind="number", title=N_("At least"), optional=True),
        Column(name="per_asked_high", kind="number", title=N_("At most"), optional=True),
        Column(name="hours", kind="number", title=N_("Hours")),
        Column(name="cash", kind="number", title=N_("Money")),
        Column(name="turnover", kind="number", title=N_("Turnover"), optional=True),
        Column(name="first", kind="whole", title=N_("If the first touch had it all")),
        Column(name="last", kind="whole", title=N_("If the last touch had it all")),
    ),
    order=("-customers", "-asked", "channel"),
    compute=returns,
    figures={
        "customers_entered": N_("Customers entered"),
        "asked_entered": N_("Entered with those who only asked"),
        "unknown_share": N_("Nobody knows how they came"),
        "ratio": N_("Cost of one: networks over adverts and fairs"),
        "ratio_low": N_("At least"),
        "ratio_high": N_("At most"),
        "hourly_rate": N_("An hour is worth"),
        "currency": N_("Currency"),
    },
    explain=explain,
    explain_title=N_("By whom customers came"),
    explain_columns=(
        Column(name="time", kind="time", title=N_("Time")),
        Column(name="customer", kind="text", title=N_("Customer")),
        Column(name="step", kind="whole", title=N_("Step")),
        Column(
            name="account", kind="account", title=N_("Account"), optional=True, nothing=N_("not in the lab")
        ),
        Column(name="name", kind="text", title=N_("Who"), optional=True, nothing="–"),
        Column(name="channel", kind="kind", title=N_("Channel")),
        Column(name="share", kind="share", title=N_("Share")),
        Column(name="first", kind="kind", title=N_("First did"), optional=True, nothing="–"),
        Column(name="since", kind="time", title=N_("When"), optional=True, nothing="–"),
        Column(name="is_customer", kind="flag", title=N_("A customer too"), optional=True, nothing="–"),
        Column(name="lead", kind="flag", title=N_("Only asked")),
        Column(name="value", kind="number", title=N_("Share of turnover"), optional=True),
        Column(name="entry", kind="text", title=N_("Entry")),
    ),
    explain_order=("time", "entry", "step"),
    private=True,
    reference=N_(
        "Our own: what customers said of how they found you, beside your hours and costs. Interval: Jeffreys' prior for a rate."
    ),
)
