"""Experiments: planned with coins, begun, stopped. What was planned is not changed any more: a correction would show."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from leumund.coins import as_written
from leumund.entering import kept
from leumund.entering.said import Said, midnight, network, today_at
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import _
from leumund.measures.experiments.design import LEAST_PAIRS, MOST_PAIRS, WASHOUT_DAYS, next_monday
from leumund.measures.experiments.outcomes import OUTCOMES, own_weeks
from leumund.measures.experiments.planned import REFUSALS, Planned, planned_in
from leumund.measures.experiments.power import Outlook, outlook
from leumund.saying import keep
from leumund.spoken.days import day_said
from leumund.store.entries import Entry, corrected, day_in, held
from leumund.store.register import as_time

USUAL_PAIRS = 12


def said(
    lab: Lab,
    *,
    at: datetime,
    name: str,
    change: str,
    outcome: str = "responders",
    pairs: int = USUAL_PAIRS,
    begin: str | None = None,
    seed: str | None = None,
    on_network: str | None = None,
) -> Said:
    """A plan, its coins thrown; to be shown before it is kept. begin: a day ahead, else the next Monday; seed: else drawn.

    Raises:
        UsageError: with the reason why such an experiment shows nothing; there is one of that name.
    """
    _check(name, change, outcome, pairs)
    if any(_is_called(e.body, name) for e in held(lab.register, "experiment")):
        raise UsageError(_("There is an experiment “{name}” already.").format(name=name))
    seed = seed or secrets.token_hex(4)
    body = {
        "experiment": name.strip(), "change": change.strip(), "outcome": outcome, "network": network(on_network),
        "pairs": pairs, "washout_days": WASHOUT_DAYS, "begins": midnight(_first_monday(begin, today_at(at))).isoformat(),
        "seed": seed, "weeks": as_written(seed, pairs),
    }  # fmt: skip
    return Said("experiment", {k: v for k, v in body.items() if v}, at)


def expected(lab: Lab, plan: Said, *, at: datetime) -> Outlook:
    """What such a plan would see, from the owner's own weeks so far: to be shown before it is kept."""
    with lab.tables(as_of=at) as tables:
        counts = own_weeks(
            tables.person_by_person(), str(plan.body["outcome"]), network=plan.body.get("network")
        )
    return outlook(np.array(counts, np.float64), int(plan.body["pairs"]))


def begin(lab: Lab, name: str, *, at: datetime) -> Said:
    """Begin a plan; one whose first week has come meanwhile begins on the next Monday: nothing was promised yet.

    Raises:
        UsageError: there is none of that name, or it has begun already.
    """
    entry = meant(lab, name)
    if entry.body.get("started_at"):
        raise UsageError(_("“{name}” has begun already.").format(name=entry.body["experiment"]))
    body, today, first = dict(entry.body), today_at(at), day_in(entry.body, "begins")
    if first is None or first <= today:
        body["begins"] = midnight(next_monday(today)).isoformat()
    return _anew(lab, entry, body | {"started_at": at.isoformat()}, at=at)


def stop(lab: Lab, name: str, *, at: datetime) -> Said:
    """End an experiment before its time.

    Raises:
        UsageError: there is none of that name, it has not begun, or it was stopped already.
    """
    entry = meant(lab, name)
    called = entry.body["experiment"]
    if not entry.body.get("started_at"):
        hint = _("A plan that has not begun can be taken away.")
        raise UsageError(_("“{name}” has not begun yet.").format(name=called), hint=hint)
    if entry.body.get("stopped_at"):
        raise UsageError(_("“{name}” was stopped already.").format(name=called))
    return _anew(lab, entry, {**entry.body, "stopped_at": at.isoformat()}, at=at)


def meant(lab: Lab, name: str) -> Entry:
    """The experiment of that name, or of which that is the number or its beginning.

    Raises:
        UsageError: there is none, or several.
    """
    there = held(lab.register, "experiment")
    found = [e for e in there if _is_called(e.body, name)]
    if len(found) == 1:
        return found[0]
    if not found and not any(e.entry.startswith(name) for e in there):
        names = ", ".join(f"“{e.body.get('experiment')}”" for e in there)
        hint = _("There are: {names}").format(names=names) if names else ""
        raise UsageError(_("There is no experiment “{name}”.").format(name=name), hint=hint)
    return kept.meant(lab, "experiment", name)


def planned(lab: Lab, *, at: datetime) -> dict[str, Planned]:
    """All that are written down, with their weeks, by number."""
    with lab.tables(as_of=at) as tables:
        return {p.entry: p for p in planned_in(tables.person_by_person())}


def beside(plans: Mapping[str, Planned], number: str) -> list[str]:
    """The names of other experiments that have weeks in common with that one and were not stopped."""
    mine = {w.monday for w in plans[number].weeks}
    return [
        p.name
        for p in plans.values()
        if p.entry != number and p.stopped_at is None and mine & {w.monday for w in p.weeks}
    ]


def _anew(lab: Lab, entry: Entry, body: Mapping[str, Any], *, at: datetime) -> Said:
    when = as_time(entry.happened_at)
    keep(lab, [corrected(entry, body, happened_at=when, said_at=at)], at=at)
    return Said("experiment", body, when)


def _check(name: str, change: str, outcome: str, pairs: int) -> None:
    if not name.strip() or not change.strip():
        raise UsageError(_("An experiment needs a name and a change."))
    why = (
        "outcome" if outcome not in OUTCOMES else "pairs" if pairs < LEAST_PAIRS
        else "long" if pairs > MOST_PAIRS else None
    )  # fmt: skip
    if why is not None:
        reason = REFUSALS[why]
        raise UsageError(_(reason).format(name=name, least=LEAST_PAIRS, most=MOST_PAIRS))


def _first_monday(begin: str | None, today: date) -> date:
    if not begin:
        return next_monday(today)
    day = day_said(begin, today, toward="future")
    if day <= today:
        hint = _("What is written down afterwards shows nothing.")
        raise UsageError(_("It must begin after today."), hint=hint)
    return day if day.weekday() == 0 else next_monday(day)


def _is_called(body: Mapping[str, Any], name: str) -> bool:
    return str(body.get("experiment", "")).strip().casefold() == name.strip().casefold()
