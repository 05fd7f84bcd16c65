"""What is said of an experiment before and while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from leumund.locale import _
from leumund.measures.experiments.outcomes import OUTCOMES
from leumund.measures.experiments.planned import Planned
from leumund.measures.experiments.power import Outlook
from leumund.store.entries import day_in
from leumund.views.cells import number, written

_NEARLY_ALL = 0.99


def of_power(found: Outlook, outcome: str) -> list[str]:
    """What it would see, before anything is written down. The first sentence says from what, the second how large, then
    one line per effect, the last from how many pairs on half as many again is seen.
    """
    what = _(OUTCOMES[outcome])
    text = _("Your weeks so far: {mean} ({what}), the first day left out.")
    if not found.own:
        text = _(
            "Of your own weeks too few are known; reckoned with {mean} a week ({what}), the first day left out."
        )
    said = [text.format(mean=number(found.mean, 1), what=what)]
    text = _("With {pairs} pairs, that is {weeks} weeks, you would see")
    said.append(text.format(pairs=found.pairs, weeks=2 * found.pairs))
    for ratio, share in found.seen.items():
        effect = (
            _("twice as many") if ratio == 2 else _("{more} more").format(more=written("share", ratio - 1))
        )
        text = _("{effect}: in {share} of all cases")
        if share > _NEARLY_ALL:  # of so many drawn; nothing is seen for certain
            text = _("{effect}: in more than {share} of all cases")
        said.append(text.format(effect=effect, share=written("share", min(share, _NEARLY_ALL))))
    if found.enough is None:
        text = _("Half as many again would not be seen within a year. Count something that comes more often.")
    else:
        text = _("Half as many again is seen in four of five cases from {pairs} pairs on.")
    return [*said, text.format(pairs=found.enough)]


def to_publish(body: Mapping[str, Any]) -> str:
    """What the owner should say publicly, so that nobody can doubt the coins."""
    begins = day_in(body, "begins")
    return _(
        "Experiment “{name}”: from {day} on, {pairs} pairs of weeks; in one week of each pair: {change}. Counted: {what}."
        " A coin decides which week: the first one where SHA-256 of “{seed} 1”, “{seed} 2” … begins with an odd digit."
    ).format(
        name=body["experiment"], day=written("day", begins) if begins else "?", pairs=body["pairs"], change=body["change"],
        what=_(OUTCOMES.get(str(body["outcome"]), str(body["outcome"]))), seed=body.get("seed", ""),
    )  # fmt: skip


def of_others(names: list[str]) -> str:
    """That other experiments have weeks in common with it."""
    text = _(
        "In some of its weeks another experiment goes on: {names}. The coins keep them apart, but both results get wider: better one after the other."
    )
    return text.format(names=", ".join(f"“{name}”" for name in names))


def of_stopping() -> str:
    """What stopping early means."""
    return _(
        "Stopped. Whole pairs up to today count; if the result was your reason, it is worth less than it looks."
    )


def of_state(plan: Planned, at: datetime) -> str:
    """Where an experiment stands, with its week or its day."""
    first = written("day", plan.weeks[0].monday) if plan.weeks else "?"
    last = written("day", plan.weeks[-1].monday + timedelta(days=6)) if plan.weeks else "?"
    match plan.state_at(at):
        case "refused":
            return _("refused: it shows nothing, whatever its weeks bring")
        case "stopped":
            return _("stopped on {day}").format(
                day=written("day", plan.stopped_at.date()) if plan.stopped_at else "?"
            )
        case "planned" if plan.started_at is None:
            return _("planned from {day} on, not begun yet").format(day=first)
        case "planned":
            return _("begins on {day}").format(day=first)
        case "not_started":
            return _("not begun, though its first week has come")
        case "running" if (week := plan.week_of(at)) is not None:
            text = _("running, week {n} of {most}: with the change")
            if not week.on:
                text = _("running, week {n} of {most}: as usual")
            return text.format(n=plan.weeks.index(week) + 1, most=len(plan.weeks))
    return _("finished on {day}").format(day=last)


def of_week(monday: date, *, on: bool) -> str:
    """One week of it."""
    text = _("{first} to {last}: with the change") if on else _("{first} to {last}: as usual")
    return text.format(first=written("day", monday), last=written("day", monday + timedelta(days=6)))
