"""Customers and those who only asked, and through whom each of them came.

They are private like the no-go list: measures may count them, but no report and no public page names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from leumund.channels import channel_of
from leumund.spoken.amounts import currency_said
from leumund.store.entries import Entry, EntryTable, Known, number_in, text_in, time_in
from leumund.store.names import MASK

_STEP = re.compile(r"\s*(?:->|→|»|>|;)\s*")


def chain_in(body: Mapping[str, Any]) -> list[str]:
    """Through whom a customer came, as it was written: first who was nearest to the owner, last who told the customer.

    >>> chain_in({"through": "@anna@example.social", "recommended_by": "Ben > Frau K."})
    ['@anna@example.social', 'Ben', 'Frau K.']
    """
    told = (text_in(body, name) for name in ("through", "recommended_by"))
    return [step for text in told if text for step in _STEP.split(text) if step]


def _customers(entry: Entry, _known: Known) -> Iterator[Mapping[str, Any]]:
    body = entry.body
    found = text_in(body, "found_us_by")
    bought = time_in(body, "bought_at")
    lead = body.get("lead") is True and bought is None
    yield {
        "name": text_in(body, "customer"), "lead": lead,
        "bought_at": None if lead else entry.happened_at if bought is None else bought,
        "value": number_in(body, "value"), "currency": currency_said(text_in(body, "currency")), "channel": channel_of(found),
        "found_us_by": found, "steps": len(chain_in(body)), "text": text_in(body, "note"),
    }  # fmt: skip


def _chains(entry: Entry, known: Known) -> Iterator[Mapping[str, Any]]:
    for number, written in enumerate(chain_in(entry.body), 1):
        account = known(written)
        unnamed = account is not None or MASK in written  # somebody forgotten stays a step, and nobody
        yield {"step": number, "account": account, "name": None if unnamed else written}


CUSTOMERS = EntryTable(
    kind="customer",
    columns={
        "name": "VARCHAR",
        "lead": "BOOLEAN",
        "bought_at": "TIMESTAMP",
        "value": "DOUBLE",
        "currency": "VARCHAR",
        "channel": "VARCHAR",
        "found_us_by": "VARCHAR",
        "steps": "INTEGER",
        "text": "VARCHAR",
    },
    rows=_customers,
)
CHAINS = EntryTable(
    kind="customer",
    columns={"step": "INTEGER", "account": "BIGINT", "name": "VARCHAR"},
    rows=_chains,
    accounts=("account",),
)
