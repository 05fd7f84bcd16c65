"""A week of an experiment begins or ends: today is the day to change over."""

from __future__ import annotations

from datetime import date, timedelta

from leumund.clean import clean
from leumund.locale import _
from leumund.measures.experiments.planned import Planned, planned_in
from leumund.today import Doing, Readings, Task

_SUNDAY = 6
_BEGINNING = 2  # days on which a week begins


def find(readings: Readings) -> Doing | None:
    """The first experiment that asks for something today."""
    today = readings.as_of.date()
    for plan in planned_in(readings.state.tables):
        if (
            plan.refused
            or not plan.weeks
            or (plan.stopped_at is not None and plan.stopped_at <= readings.as_of)
        ):
            continue
        if (said := _said(plan, today)) is not None:
            what, why = said
            return Doing(what=what, why=why, go=_("To the experiment"), page="/experiments", command="show experiments")  # fmt: skip
    return None


def _said(plan: Planned, today: date) -> tuple[str, str] | None:
    """What is to be done and why; None where nothing is today."""
    name, change = clean(plan.name, 80), clean(plan.change, 160)
    first = plan.weeks[0].monday
    if plan.started_at is None:
        if not timedelta() < first - today <= timedelta(days=7):
            return None
        return _("Start your experiment “{name}”").format(name=name), _("Its first week is about to begin.")
    monday = today - timedelta(days=today.weekday())
    weeks = {w.monday: w.on for w in plan.weeks}
    if today.weekday() == _SUNDAY and (monday + timedelta(days=7)) in weeks:
        monday, when = monday + timedelta(days=7), _("“{name}”: tomorrow its next week begins.")
    elif today.weekday() < _BEGINNING and monday in weeks:
        when = _("“{name}”: a week of it begins.")
    elif today.weekday() == _SUNDAY and monday in weeks:
        return _("“{name}”: its last week ends today.").format(name=name), _(
            "From tomorrow on its result can be read."
        )
    else:
        return None
    what = _("A week with the change: {change}").format(change=change) if weeks[monday] else _("A week without the change: all as before")  # fmt: skip
    return what, when.format(name=name)


TASK = Task(name="experiments", turn="first", find=find, order=20)
