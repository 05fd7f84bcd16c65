"""Hours and costs: what the owner spent, and for which channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leumund.entering import costs, hours
from leumund.entering.lines import money
from leumund.entering.said import Said
from leumund.lab import Lab
from leumund.locale import N_
from leumund.store.entries import Entry, number_in, text_in
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sheets import Field, Filled, Sheet, changed, day_told, taken
from leumund.web.sight import Sight


def _hours_said(_lab: Lab, today: date, filled: Filled) -> Said:
    return hours.said(
        today=today, hours=filled["hours"], channel=filled["channel"], on=filled["on"], note=filled["note"]
    )


def _hours_told(entry: Entry) -> Filled:
    length = number_in(entry.body, "hours")
    minutes = round((length or 0) * 60)
    return {
        "hours": f"{minutes // 60}:{minutes % 60:02}" if length is not None else "",
        **_common(entry, "time"),
    }


def _costs_said(_lab: Lab, today: date, filled: Filled) -> Said:
    return costs.said(
        today=today, amount=filled["amount"], channel=filled["channel"], on=filled["on"], note=filled["note"]
    )


def _costs_told(entry: Entry) -> Filled:
    amount = number_in(entry.body, "amount")
    written = money(amount, text_in(entry.body, "currency")) if amount is not None else ""
    return {"amount": written.replace(cells.MINUS, "-"), **_common(entry, "cost")}


def _common(entry: Entry, kind: str) -> Filled:
    body = entry.body
    return {
        "channel": text_in(body, kind) or "",
        "on": day_told(entry),
        "note": text_in(body, "note") or "",
    }


_CHANNEL = Field(name="channel", title=N_("For what"), example=N_("Mastodon, advert, fair …"), needed=True)
_REST = (
    Field(name="on", title=N_("On which day"), example=N_("today")),
    Field(name="note", title=N_("Anything else"), wide=True),
)
_SHEETS = (
    Sheet(
        kind="time",
        title=N_("Hours spent"),
        listed=N_("Your hours"),
        nothing=N_("You have noted no hours yet."),
        fields=(Field(name="hours", title=N_("How long"), example="1:30", needed=True), _CHANNEL, *_REST),
        said=_hours_said,
        told=_hours_told,
    ),
    Sheet(
        kind="cost",
        title=N_("Money spent"),
        listed=N_("Your costs"),
        nothing=N_("You have noted no costs yet."),
        fields=(
            Field(name="amount", title=N_("How much"), example=N_("120.50 €"), needed=True),
            _CHANNEL,
            *_REST,
        ),
        said=_costs_said,
        told=_costs_told,
    ),
)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    return taken(_SHEETS, sight, asked)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    return changed(_SHEETS, "/spending", sight, asked)


PAGE = Page(
    name="spending",
    path="/spending",
    title=N_("My hours and costs"),
    take=_take,
    change=_change,
    entered=True,
    group="entries",
    order=3,
    remembered=False,
    again=True,
    feeds=("returns", "courtesy", "diary"),
)
