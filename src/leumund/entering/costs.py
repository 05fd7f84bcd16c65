"""Costs: what was paid for a channel."""

from __future__ import annotations

from datetime import date

from leumund.entering.said import Said, day, stripped
from leumund.spoken.amounts import money_said


def said(
    *,
    today: date,
    amount: str | None = None,
    channel: str | None = None,
    on: str | None = None,
    note: str | None = None,
) -> Said:
    """A cost. amount: 120,50 or 1.200,50 €; channel: a network, advert, fair ...; on: which day.

    Raises:
        UsageError: what is doubtful is refused.
    """
    value, currency = money_said(amount) if amount else (amount, amount)
    body = {"cost": stripped(channel), "amount": value, "currency": currency, "note": stripped(note)}
    return Said("cost", body, day(on, today))
