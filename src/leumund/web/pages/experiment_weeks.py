"""The weeks of an experiment as a file for any calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.entering import experiments
from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.views.calendar_text import as_calendar
from leumund.web.page import Asked, Page
from leumund.web.pages.experiments import at_of
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    plan = experiments.planned(sight.lab, at=at_of(sight)).get(asked.path["number"])
    if plan is None or not plan.weeks:
        raise UsageError(_("The weeks of that experiment cannot be told."))
    name = "".join(c if c.isalnum() else "-" for c in plan.name).strip("-")[:80] or "leumund"
    content = as_calendar(
        plan.name, plan.change, plan.seed, plan.weeks, stamp=plan.planned_at, washout_days=plan.washout_days
    )
    return {"name": f"{name}.ics", "content": content}


PAGE = Page(
    name="experiment_weeks",
    path="/experiments/{number}.ics",
    title=N_("Weeks for the calendar"),
    take=_take,
    sent_as="text/calendar; charset=utf-8",
    remembered=False,
)
