"""Goals: what is to be reached, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leumund.entering import goals
from leumund.entering.said import Said
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.spoken.amounts import count_said
from leumund.spoken.days import day_said
from leumund.store.entries import Entry, number_in, text_in
from leumund.store.entries import day_in as day_of
from leumund.store.goals import WHATS
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sheets import SOME_NETWORK, Field, Filled, Sheet, changed, day_told, taken
from leumund.web.sight import Sight

_TEXTS = {
    "followers": N_("{n} followers by {day}"),
    "people": N_("{n} people among the followers by {day}"),
    "responders": N_("{n} people who respond in a week by {day}"),
    "board": N_("place {n} on the Follow-Friday board by {day}"),
    "customers": N_("{n} customers by {day}"),
}
_WHAT = {
    "followers": N_("followers"),
    "people": N_("people among the followers"),
    "responders": N_("people who respond in a week"),
    "board": N_("place on the Follow-Friday board"),
    "customers": N_("customers"),
}


def _said(_lab: Lab, today: date, filled: Filled) -> Said:
    what = filled["what"]
    if what not in _TEXTS:
        raise UsageError(_("Say what is to be reached."))
    by = day_said(filled["until"], today, toward="future")
    text = _(_TEXTS[what]).format(n=cells.number(count_said(filled["number"])), day=cells.day(by))
    return goals.said(today=today, text=text, on_network=filled["network"], since=filled["since"])


def _told(entry: Entry) -> Filled:
    body = entry.body
    target, by, what = number_in(body, "target"), day_of(body, "until"), text_in(body, "goal")
    return {
        "what": what if what in WHATS else "",
        "number": cells.number(target) if target is not None else "",
        "until": cells.day(by) if by else "",
        "network": text_in(body, "network") or "",
        "since": day_told(entry),
    }


_SHEETS = (
    Sheet(
        kind="goal",
        title=N_("A new goal"),
        listed=N_("Your goals"),
        nothing=N_("You have no goal yet."),
        fields=(
            Field(name="number", title=N_("How many, or which place"), example=N_("5,000"), needed=True),
            Field(name="what", title=N_("Of what"), kind="select", choices=tuple(_WHAT.items())),
            Field(name="until", title=N_("By when"), example=N_("1 March 2027"), needed=True),
            Field(name="network", title=N_("On which network"), kind="select", choices=SOME_NETWORK),
            Field(name="since", title=N_("Pursued since"), example=N_("today")),
        ),
        said=_said,
        told=_told,
    ),
)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    return taken(_SHEETS, sight, asked)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    return changed(_SHEETS, "/goals", sight, asked)


PAGE = Page(
    name="goals",
    path="/goals",
    title=N_("My goals"),
    take=_take,
    change=_change,
    entered=True,
    group="entries",
    order=1,
    remembered=False,
    again=True,
    feeds=("goals", "forecasts"),
)
