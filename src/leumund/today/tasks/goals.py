"""A goal that slips: more likely missed than reached, and there is still time."""

from __future__ import annotations

from datetime import timedelta

from leumund.clean import clean
from leumund.locale import _
from leumund.today import Doing, Readings, Task
from leumund.today.changes.goals import open_goals, outlook, slips

_LEAST = timedelta(days=7)


def find(readings: Readings) -> Doing | None:
    """The nearest goal that slips."""
    today = readings.as_of.date()
    rows = [r for r in open_goals(readings) if slips(r) and r["by"] - today >= _LEAST]
    if not rows:
        return None
    what = _("Look at your goal: {goal}").format(goal=clean(rows[0]["text"], 120))
    return Doing(what=what, why=outlook(rows[0]), go=_("To the goals"), page="/goals", command="show goals")


TASK = Task(name="goals", turn="in turn", find=find, order=10)
