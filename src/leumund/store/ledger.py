"""Hours and money: what the owner says she spent, and for which channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.channels import channel_of
from leumund.spoken.amounts import currency_said
from leumund.store.entries import Entry, EntryTable, Known, number_in, text_in


def _hours(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    hours = number_in(entry.body, "hours")
    if hours is not None and hours >= 0:
        what = text_in(entry.body, "time")
        yield {
            "channel": channel_of(what), "what": what, "hours": hours, "text": text_in(entry.body, "note")
        }  # fmt: skip


def _costs(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    amount = number_in(entry.body, "amount")
    if amount is not None:
        what = text_in(entry.body, "cost")
        yield {
            "channel": channel_of(what), "what": what, "amount": amount,
            "currency": currency_said(text_in(entry.body, "currency")), "text": text_in(entry.body, "note"),
        }  # fmt: skip


HOURS = EntryTable(
    kind="time",
    columns={"channel": "VARCHAR", "what": "VARCHAR", "hours": "DOUBLE", "text": "VARCHAR"},
    rows=_hours,
)
COSTS = EntryTable(
    kind="cost",
    columns={
        "channel": "VARCHAR",
        "what": "VARCHAR",
        "amount": "DOUBLE",
        "currency": "VARCHAR",
        "text": "VARCHAR",
    },
    rows=_costs,
)
