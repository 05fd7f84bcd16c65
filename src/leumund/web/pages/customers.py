"""Customers and those who only asked: how they found the owner, who recommended her to them, through whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leumund.entering import customers
from leumund.entering.lines import money
from leumund.entering.said import Said
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.locale import N_
from leumund.store.customers import chain_in
from leumund.store.entries import Entry, day_in, number_in, text_in
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sheets import Field, Filled, Sheet, changed, day_told, taken
from leumund.web.sight import Sight


def _said(lab: Lab, today: date, filled: Filled) -> Said:
    return customers.said(
        lab, today=today, name=filled["name"], on=filled["on"], value=filled["value"], found=filled["found"],
        recommended_by=filled["recommended_by"], through=filled["through"], lead=bool(filled["lead"]),
        bought=filled["bought"], note=filled["note"],
    )  # fmt: skip


def _told(entry: Entry) -> Filled:
    body = entry.body
    value, bought = number_in(body, "value"), day_in(body, "bought_at")
    return {
        "name": text_in(body, "customer") or "",
        "on": day_told(entry),
        "found": text_in(body, "found_us_by") or "",
        "recommended_by": _chain(body, "recommended_by"),
        "through": _chain(body, "through"),
        "value": money(value, text_in(body, "currency")) if value is not None else "",
        "lead": "1" if body.get("lead") is True else "",
        "bought": cells.day(bought) if bought else "",
        "note": text_in(body, "note") or "",
    }


def _chain(body: Mapping[str, Any], name: str) -> str:
    """One side of the chain as a person writes it."""
    return " > ".join(display_handle(step) for step in chain_in({"through": body.get(name)}))


_SHEETS = (
    Sheet(
        kind="customer",
        title=N_("Somebody new"),
        listed=N_("Who came"),
        nothing=N_("You have entered no customer yet."),
        fields=(
            Field(name="name", title=N_("What you call them"), example=N_("Mrs K.")),
            Field(name="on", title=N_("First came on"), example=N_("today")),
            Field(
                name="found", title=N_("“How did you find me?”"), example=N_("Mastodon, fair, search …"), wide=True
            ),
            Field(name="recommended_by", title=N_("Who told them of you"), example="@ben@example.social"),
            Field(name="through", title=N_("Through whom did that one know of you"), example="Anna > Ben"),
            Field(name="value", title=N_("What they brought"), example=N_("480 €")),
            Field(name="lead", title=N_("They only asked, so far"), kind="check"),
            Field(name="bought", title=N_("Became a customer on, if later"), example=N_("1 March")),
            Field(name="note", title=N_("Anything else"), wide=True),
        ),
        said=_said,
        told=_told,
        doubts=lambda lab, done: customers.strangers(lab, done.body),
    ),
)  # fmt: skip


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    return taken(_SHEETS, sight, asked)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    return changed(_SHEETS, "/customers", sight, asked)


PAGE = Page(
    name="customers",
    path="/customers",
    title=N_("My customers"),
    take=_take,
    change=_change,
    entered=True,
    group="entries",
    order=2,
    remembered=False,
    again=True,
    feeds=("returns", "fame", "self_runner"),
)
