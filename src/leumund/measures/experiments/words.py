"""What an experiment showed and did not show, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leumund.locale import N_
from leumund.locale import _ as translated
from leumund.measures import Note
from leumund.measures.experiments.design import LEAST_PAIRS, MOST_PAIRS
from leumund.measures.experiments.outcomes import OUTCOMES
from leumund.measures.experiments.planned import REFUSALS
from leumund.store.tables import Tables

if TYPE_CHECKING:
    from leumund.measures.experiments import Taken

_MOST_TOLD = 5


def sentences(tables: Tables, taken: Sequence[Taken]) -> Iterator[Note]:
    """What is said of the newest experiments, the newest first."""
    if not taken:
        yield Note(
            N_("No experiment is written down yet. Plan one: leumund experiment plan NAME --change TEXT")
        )
        return
    for one in reversed(taken[-_MOST_TOLD:]):
        yield from _told(tables, one)
    if any(one.found is not None for one in taken):
        yield Note(
            N_("What no experiment shows: why it works, whether it lasts, and whether it holds for other things than the one counted.")
        )  # fmt: skip


def _told(tables: Tables, one: Taken) -> Iterator[Note]:
    plan, now = one.plan, tables.as_of
    said: dict[str, Any] = {
        "name": plan.name, "change": plan.change, "pairs": len({w.pair for w in one.weeks}), "planned": plan.pairs,
        "least": LEAST_PAIRS, "most": MOST_PAIRS, "day": plan.refused_day,
        "outcome": translated(OUTCOMES.get(plan.outcome, plan.outcome)),
    }  # fmt: skip
    if plan.refused:
        yield Note(REFUSALS[plan.refused], said)
        return
    if one.state == "not_started":
        yield Note(N_("“{name}” was planned and not started. Begin: leumund experiment start NAME"), said)
        return
    yield from _this_week(one, now, said)
    if one.found is None:
        if one.state == "stopped":
            yield Note(
                N_("“{name}” was stopped after {pairs} pairs of weeks; {least} are needed to see anything."),
                said,
            )
        elif plan.weeks and plan.weeks[0].monday <= now.date():
            yield Note(
                N_(
                    "“{name}”: {pairs} of {planned} pairs of weeks are over. Before {least} are over nothing is said."
                ),
                said,
            )
        return
    yield from _result(one, said)
    yield from _troubles(tables, one, said)


def _this_week(one: Taken, now: datetime, said: dict[str, Any]) -> Iterator[Note]:
    if one.state == "planned":
        values = {**said, "day": one.plan.weeks[0].monday}
        if one.plan.started_at is None:
            text = N_("“{name}” is planned from {day} on and not started yet: leumund experiment start NAME")
        else:
            text = N_("“{name}” begins on {day}.")
        yield Note(text, values)
    elif one.state == "running" and (week := one.plan.week_of(now)) is not None:
        text = (
            N_("“{name}”: this is a week with the change: {change}")
            if week.on
            else N_("“{name}”: this is a week without the change.")
        )
        yield Note(text, said)


def _result(one: Taken, said: dict[str, Any]) -> Iterator[Note]:
    result = one.found
    if result is None:
        return
    values = {
        **said, "effect": result.effect, "low": result.low, "high": result.high, "p": result.p, "q": one.q,
        "on": result.on, "off": result.off,
    }  # fmt: skip
    yield Note(
        N_(
            "“{name}”, counted: {outcome}. With the change {on:.1f} a week, without {off:.1f}: {effect:.2f} times as many;"
            " between {low:.2f} and {high:.2f} times can be (95 per cent)."
        ),
        values,
    )
    if one.verdict in ("more", "less"):
        text = N_(
            "Chance alone makes as great a difference in {p:.1%} of such experiments: most probably the change did it."
        )
    elif one.verdict == "may_be_luck":
        text = N_(
            "Alone it would count as seen ({p:.1%} by chance), but among all your experiments it may be luck ({q:.1%})."
        )
    else:
        text = N_(
            "Chance alone makes as great a difference in {p:.0%} of such experiments: no effect is seen. That is no proof that there is none."
        )
    yield Note(text, values)
    if one.after is not None:
        middle, low, high = (_times(x) for x in one.after)
        yield Note(
            N_(
                "If you keep it up, expect about {middle:.2f} times as many (between {low:.2f} and {high:.2f}, 90 per cent):"
                " a first result flatters."
            ),
            {"middle": middle, "low": low, "high": high},
        )


def _times(log: float) -> float:
    from math import exp

    return exp(log)


def _troubles(tables: Tables, one: Taken, said: dict[str, Any]) -> Iterator[Note]:
    """What makes a result weaker than it looks."""
    if one.state == "stopped":
        yield Note(
            N_(
                "It was stopped after {pairs} of {planned} pairs. If the result was the reason, the share of chance is too small."
            ),
            said,
        )
    elif one.state == "running":
        yield Note(
            N_(
                "{pairs} of {planned} pairs are over. Who looks every week and stops when it suits is deceived: wait for the end."
            ),
            said,
        )
    empty = sum(one.counts.get(w.monday, 0) == 0 for w in one.weeks)
    if empty:
        yield Note(
            N_(
                "Weeks of it in which nothing at all was counted: {empty}. If your lab did not see them, the result is wrong: leumund coverage"
            ),
            {"empty": empty},
        )
    disturbed = _disturbed(tables, [w.monday for w in one.weeks])
    if disturbed:
        yield Note(
            N_(
                "Weeks of it in which you noted a silence or an outage: {weeks}. The coin spreads them fairly, the result gets wider."
            ),
            {"weeks": disturbed},
        )


def _disturbed(tables: Tables, mondays: Sequence[date]) -> int:
    """How many of these weeks have a silence or an outage in them."""
    if not mondays:
        return 0
    rows = tables.sql(
        """select happened_at::DATE, coalesce("until", happened_at)::DATE from notes
           where about in ('silence', 'outage')"""
    ).fetchall()
    return sum(any(a <= m + timedelta(days=6) and b >= m for a, b in rows) for m in mondays)
