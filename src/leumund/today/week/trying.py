"""What to try: what the lab can already tell, else how it could be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from leumund.clean import clean
from leumund.locale import _
from leumund.measures.experiments.planned import planned_in
from leumund.today import Readings
from leumund.today.changes.goals import open_goals, outlook, slips
from leumund.views import cells, vague

_LEAST = timedelta(days=7)  # left, for a goal to be worth a word


def trying(readings: Readings) -> Iterator[str]:
    """At most a handful of sentences, the surest first."""
    running = [p for p in planned_in(readings.state.tables) if p.is_running(readings.as_of)]
    for plan in running:
        week = plan.week_of(readings.as_of)
        if week is not None:
            text = _("Your experiment “{name}” goes on; this was a week without the change.")
            if week.on:
                text = _("Your experiment “{name}” goes on; this was a week with the change: {change}.")
            yield text.format(name=clean(plan.name, 80), change=clean(plan.change, 160))
    found = list(_standing_out(readings))
    yield from found
    yield from (
        _("Your goal “{goal}” slips. {outlook}").format(goal=clean(row["text"], 120), outlook=outlook(row))
        for row in [
            r for r in open_goals(readings) if slips(r) and r["by"] - readings.as_of.date() >= _LEAST
        ][:1]
    )
    if not found and not running:
        yield _(
            "Nothing you write about stands out for certain. To know whether something helps, try it in weeks that a coin chooses."
        )


def _standing_out(readings: Readings) -> Iterator[str]:
    """The topic that brings back more than usual for certain."""
    reading = readings.reading("resonance", by="topic")
    row = next((r for r in reading.dicts() if r["stands"] == "more"), None)
    if row is None:
        return
    text = _(
        "{group} brings back more than usual: {n} people for each post, usually {usual}. Write more of it."
    )
    if vague.is_on():
        text = _("{group} brings back more than usual. Write more of it.")
    yield text.format(
        group=clean(str(row["group"]), 80), n=cells.written("number", row["per_post"], decimals=1),
        usual=cells.written("number", reading.figures.get("usual"), decimals=1),
    )  # fmt: skip
