"""The diary: what happened, how much fun it was, and when the owner was silent or a network out of order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leumund.entering import notes
from leumund.entering.said import Said
from leumund.lab import Lab
from leumund.locale import N_
from leumund.store.entries import Entry, day_in, text_in, whole_in
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sheets import SOME_NETWORK, Field, Filled, Sheet, changed, day_told, taken
from leumund.web.sight import Sight

_FUN = (
    ("", N_("not said")), ("1", N_("1 – none at all")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", N_("5 – great fun")),
)  # fmt: skip
_ABOUT = (
    ("", N_("anything")),
    ("silence", N_("I was silent on purpose")),
    ("outage", N_("a network was out of order")),
)


def _said(_lab: Lab, today: date, filled: Filled) -> Said:
    return notes.said(
        today=today, text=filled["text"], fun=filled["fun"], about=filled["about"], on_network=filled["network"],
        on=filled["on"], until=filled["until"],
    )  # fmt: skip


def _told(entry: Entry) -> Filled:
    body = entry.body
    fun, until = whole_in(body, "fun"), day_in(body, "until")
    return {
        "text": text_in(body, "note") or "",
        "fun": str(fun or ""),
        "about": text_in(body, "about") or "",
        "network": text_in(body, "network") or "",
        "on": day_told(entry),
        "until": cells.day(until) if until else "",
    }


_SHEETS = (
    Sheet(
        kind="note",
        title=N_("A new note"),
        listed=N_("Your notes"),
        nothing=N_("Your diary is empty."),
        fields=(
            Field(name="text", title=N_("What happened"), kind="area", needed=True),
            Field(name="fun", title=N_("How much fun was it?"), kind="select", choices=_FUN),
            Field(name="on", title=N_("On which day"), example=N_("today")),
            Field(name="until", title=N_("To which day, if it lasted"), example=N_("tomorrow")),
            Field(name="about", title=N_("It is about"), kind="select", choices=_ABOUT),
            Field(name="network", title=N_("On which network"), kind="select", choices=SOME_NETWORK),
        ),
        said=_said,
        told=_told,
    ),
)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    return taken(_SHEETS, sight, asked)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    return changed(_SHEETS, "/diary", sight, asked)


PAGE = Page(
    name="diary",
    path="/diary",
    title=N_("My diary"),
    take=_take,
    change=_change,
    entered=True,
    group="entries",
    order=4,
    remembered=False,
    again=True,
    feeds=("diary",),
)
