"""Customers and those who only asked: who came, what it was worth, and through whom. For the owner alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from leumund.entering.said import Said, day, day_in_body, stripped
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.locale import _
from leumund.meant import heads, person_called, several
from leumund.spoken.accounts import is_bare
from leumund.spoken.amounts import money_said
from leumund.store.customers import chain_in

_ADDRESS = re.compile(r"https?://|acct:|did:|at://|[\w.-]+\.bsky\.social$|\S+@\S+\.\w+$")


def said(
    lab: Lab,
    *,
    today: date,
    name: str | None = None,
    on: str | None = None,
    value: str | None = None,
    found: str | None = None,
    recommended_by: str | None = None,
    through: str | None = None,
    lead: bool | None = None,
    bought: str | None = None,
    note: str | None = None,
) -> Said:
    """A customer. found: the answer to “how did you find me?”; recommended_by, through: as `steps`; lead: only asked.

    Raises:
        UsageError: what is doubtful is refused.
    """
    amount, currency = money_said(value) if value else (value, value)
    body = {
        "customer": stripped(name), "lead": lead, "value": amount, "currency": currency,
        "found_us_by": stripped(found), "recommended_by": steps(lab, recommended_by), "through": steps(lab, through),
        "bought_at": day_in_body(bought, today), "note": stripped(note),
    }  # fmt: skip
    return Said("customer", body, day(on, today))


def steps(lab: Lab, written: str | None) -> str | None:
    """A chain "A > B", the one nearest to the owner first: accounts of the lab, and people under her own names for
    them, under their full addresses; other words are names of people. "" and None as they are.

    Raises:
        UsageError: one of them may be several accounts.
    """
    if not written:
        return written
    return " > ".join(_step(lab, step) for step in chain_in({"through": written}))


def strangers(lab: Lab, body: Mapping[str, Any]) -> list[str]:
    """Accounts of a customer's chain that the lab does not know (by their spelling: @ben, ben.bsky.social), with those
    spelled alike. Nothing is known of where they met the owner, so they count as word of mouth.
    """
    told = []
    for step in chain_in(body):
        if (step.startswith("@") or _ADDRESS.match(step)) and not heads(lab, step):
            near = ", ".join(lab.spelled_alike(step))
            text = _("{account} is not in this lab and counts as word of mouth until it is.")
            told.append(
                text.format(account=display_handle(step))
                + (" " + _("Do you mean {near}?").format(near=near) if near else "")
            )
    return told


def _step(lab: Lab, step: str) -> str:
    keys = set(heads(lab, step)) if step.startswith("@") or not is_bare(step) else set()
    if not keys and (key := person_called(lab, step)) is not None:
        keys = {key}
    if len(keys) > 1:
        raise several(step, [row["uri"] for row in lab.register.known_as(keys).values()])
    known = lab.register.known_as(keys)
    return str(next(iter(known.values()))["uri"]) if known else step
