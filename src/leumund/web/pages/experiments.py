"""Experiments: what a plan would see is shown first; then it is written down, begun, ended, and put into a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.entering import experiments, kept
from leumund.entering.experiment_words import of_others, of_power, of_state, of_stopping, of_week, to_publish
from leumund.entering.said import Said
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.measures.experiments.design import LEAST_PAIRS, MOST_PAIRS
from leumund.measures.experiments.outcomes import OUTCOMES
from leumund.measures.experiments.planned import REFUSALS, Planned
from leumund.saying import can_be_taken_back
from leumund.views import cells
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.sheets import SOME_NETWORK, Field, as_fields, changed
from leumund.web.sight import Sight

_FIELDS = (
    Field(name="name", title=N_("What you call it"), example=N_("Mornings"), needed=True),
    Field(name="change", title=N_("The one thing you do otherwise"), example=N_("I post before nine"), needed=True, wide=True),
    Field(name="outcome", title=N_("What is counted"), kind="select", choices=tuple(OUTCOMES.items())),
    Field(name="pairs", title=N_("How many pairs of weeks, 6 to 26"), example=str(experiments.USUAL_PAIRS)),
    Field(name="begin", title=N_("From when on"), example=N_("next Monday")),
    Field(name="network", title=N_("On which network"), kind="select", choices=SOME_NETWORK),
)  # fmt: skip


def at_of(sight: Sight) -> datetime:
    """The moment that counts as now: the demo's last day, else the clock."""
    return sight.as_of if sight.as_of != sight.at else datetime.now(UTC)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    at = at_of(sight)
    plans = experiments.planned(sight.lab, at=at)
    filled = asked.form if asked.form.get("do") in {"look", "write"} else asked.query
    return {
        "undo": can_be_taken_back(sight.lab.register, {"experiment"}),
        "fields": as_fields(_FIELDS, filled),
        "preview": _preview(sight, asked.query, at) if "seed" in asked.query and not asked.form else None,
        "listed": [
            _written(e.entry.body, plans, e.entry.entry, at)
            for e in kept.listed(sight.lab, "experiment")
            if e.entry.entry in plans
        ],
    }


def _said(lab: Lab, filled: Mapping[str, str], at: datetime) -> Said:
    pairs = filled.get("pairs", "").strip() or str(experiments.USUAL_PAIRS)
    if not pairs.isdecimal() or len(pairs) > 4:
        text = _("How many pairs of weeks is a number from {least} to {most}.")
        raise UsageError(text.format(least=LEAST_PAIRS, most=MOST_PAIRS))
    return experiments.said(
        lab, at=at, name=filled.get("name", ""), change=filled.get("change", ""),
        outcome=filled.get("outcome", "") or "responders", pairs=int(pairs), begin=filled.get("begin") or None,
        seed=filled.get("seed") or None, on_network=filled.get("network") or None,
    )  # fmt: skip


def _preview(sight: Sight, filled: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """What such an experiment would see, before anything is written down."""
    said = _said(sight.lab, filled, at)
    first, what, *effects, last = of_power(
        experiments.expected(sight.lab, said, at=at), str(said.body["outcome"])
    )
    kept_so = {f.name: filled.get(f.name, "") for f in _FIELDS}
    return {
        "name": clean(str(said.body["experiment"]), 200),
        "change": clean(str(said.body["change"]), 500),
        "first": first,
        "what": what,
        "effects": effects,
        "last": last,
        "hidden": [*kept_so.items(), ("seed", str(said.body["seed"]))],
    }


def _written(
    body: Mapping[str, Any], plans: Mapping[str, Planned], number: str, at: datetime
) -> dict[str, Any]:
    plan = plans[number]
    return {
        "number": number,
        "name": clean(plan.name, 200),
        "change": clean(plan.change, 500),
        "counted": clean(_(OUTCOMES.get(plan.outcome, plan.outcome)), 200),
        "state": clean(_state(plan, at), 1000),
        "begun": plan.started_at is not None,
        "stopped": plan.stopped_at is not None or bool(plan.ends and plan.ends <= at.date()),
        "publish": clean(to_publish(body)),
        "weeks": [of_week(w.monday, on=w.on) for w in plan.weeks],
        "beside": clean(of_others(beside), 1000) if (beside := experiments.beside(plans, number)) else "",
    }


def _state(plan: Planned, at: datetime) -> str:
    """How it stands; of one that shows nothing, why."""
    if plan.refused:
        day = cells.day(plan.refused_day) if plan.refused_day else ""
        return _(REFUSALS[plan.refused]).format(name=plan.name, least=LEAST_PAIRS, most=MOST_PAIRS, day=day)
    return of_state(plan, at)


def _change(sight: Sight, asked: Asked) -> Elsewhere:
    at, form = at_of(sight), asked.form
    number = form.get("number", "")
    with Lab.open(sight.folder) as lab:
        match form.get("do", ""):
            case "look":
                said = _said(lab, form, at)
                filled = {f.name: form.get(f.name, "") for f in _FIELDS}
                return Elsewhere("/experiments?" + urlencode({**filled, "seed": said.body["seed"]}))
            case "write":
                kept.add(lab, _said(lab, form, at), at=at)
                return Elsewhere("/experiments", _("Written down. Say publicly what you are going to do, then begin."))  # fmt: skip
            case "start":
                experiments.begin(lab, number, at=at)
                return Elsewhere("/experiments", _("It is begun. Take the weeks into your calendar."))
            case "stop":
                experiments.stop(lab, number, at=at)
                return Elsewhere("/experiments", of_stopping())
            case "remove":
                kept.remove(lab, "experiment", number, at=at)
                return Elsewhere("/experiments", _("Taken away."))
    return changed((), "/experiments", sight, asked, kinds=("experiment",))


PAGE = Page(
    name="experiments",
    path="/experiments",
    title=N_("My experiments"),
    take=_take,
    change=_change,
    entered=True,
    group="entries",
    order=5,
    remembered=False,
    again=True,
    feeds=("experiments",),
)
