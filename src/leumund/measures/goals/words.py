"""How a goal stands, in sentences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leumund.locale import N_
from leumund.measures import Note
from leumund.measures.goals.curves import WEEK
from leumund.measures.goals.growth import LEAST_WEEKS
from leumund.measures.goals.outlook import LOOKED, Outlook

NO_GOAL = Note(N_('No goal is set. Set one: leumund goal add "5000 followers by 2027-03-01"'))
ALONE = Note(N_("This is known of yourself alone."))
HOW = Note(
    N_(
        "A course is drawn from how you gained and lost until now, and made wider or narrower by how far past forecasts"
        " missed. It knows nothing of what you will do otherwise."
    )
)

NUMBER_ALONE = Note(
    N_(
        "All your goals are about numbers of accounts, robots and sleepers among them. Goals may be about people too:"
        ' leumund goal add "800 people by 2027-03-01", or people who respond, or customers.'
    )
)

KINDS = (N_("followers"), N_("people"), N_("responders"), N_("customers"), N_("board"))
"""What goals are about, as it stands in a table: a kind is looked up in the catalogue by its name."""
_BETWEEN = {
    "followers": N_(
        "“{goal}”: in four of five possible courses you have between {low} and {high} followers on {by}."
    ),
    "people": N_(
        "“{goal}”: in four of five possible courses between {low} and {high} of your followers are people on {by}."
    ),
    "responders": N_(
        "“{goal}”: in four of five possible courses between {low} and {high} people respond to you in a week around {by}."
    ),
    "customers": N_(
        "“{goal}”: in four of five possible courses you have between {low} and {high} customers on {by}, since you set the goal."
    ),
}
_NOW = {
    "followers": N_("“{goal}”: you have {now} followers (counted on {seen})."),
    "people": N_("“{goal}”: about {now} of your followers are people (counted on {seen})."),
    "responders": N_("“{goal}”: {now} people respond to you in a week (mean of four weeks until {seen})."),
    "customers": N_("“{goal}”: you have {now} customers since you set it."),
}


def said(found: Outlook, today: date) -> list[Note]:
    """Everything there is to say of a goal."""
    goal = found.goal
    values: dict[str, Any] = {
        "goal": goal.text or goal.what, "target": whole(goal.target), "by": goal.by, "now": whole(found.now),
        "seen": found.seen,
    }  # fmt: skip
    if found.now is None:
        return [Note(_unknown(found), values)]
    if found.places is not None:
        text = N_(
            "“{goal}”: you stand at place {now} of {places}. A place hangs on what others do, so no chance is reckoned. Week by week: leumund show follow_friday_history"
        )
        return [Note(text, {**values, "places": found.places})]
    if found.goal.by < today and found.then is None:
        text = N_("“{goal}”: the day is over, and nobody counted around it. On {seen} it was {now}.")
        return [Note(text, values)]
    if found.then is not None:
        reached = found.then >= goal.target
        text = (
            N_("“{goal}”: the day is over; it was reached: {then}.")
            if reached
            else N_("“{goal}”: the day is over; it was not reached: {then} of {target}.")
        )
        return [Note(text, {**values, "then": whole(found.then)})]
    if found.chance is None:
        return [Note(_NOW[goal.what], values), *_not_foretold(found, values)]
    if found.now >= goal.target:
        return [Note(_NOW[goal.what], values), Note(N_("“{goal}”: it is reached already."), values)]
    values |= {"low": whole(found.low), "high": whole(found.high)}
    return [
        Note(_BETWEEN[goal.what], values),
        _chance(found, values),
        *_pace(found, values, today),
        *_when(found, values),
        *_bounds(found, values),
    ]


def _unknown(found: Outlook) -> str:
    if found.goal.what == "board":
        return N_(
            "“{goal}”: a place hangs on what others do, so no chance is reckoned. Where you stood: leumund show follow_friday_history"
        )
    if found.goal.what == "other":
        return N_("“{goal}”: this is nothing that can be counted here.")
    if found.goal.what == "people" and found.curve is not None:
        return N_(
            "“{goal}”: how many of your followers are people is not known yet. Look at some of them: leumund triage"
        )
    if found.goal.what == "customers":
        return N_("“{goal}”: no customer is entered yet, so nothing can be foretold.")
    return N_("“{goal}”: nothing of this was counted yet.")


def _not_foretold(found: Outlook, values: dict[str, Any]) -> list[Note]:
    weeks = 0 if found.curve is None else found.curve.weeks
    if weeks < LEAST_WEEKS:
        text = N_("“{goal}”: too little data for a forecast. Weeks known: {weeks}, needed: {least}.")
        return [Note(text, {**values, "weeks": weeks, "least": LEAST_WEEKS})]
    return [Note(N_("“{goal}”: that day is too far off to say anything."), values)]


def _chance(found: Outlook, values: dict[str, Any]) -> Note:
    chance = 100 * (found.chance or 0.0)
    if chance < 1:
        return Note(N_("“{goal}”: not one course in a hundred gets to {target} by then."), values)
    if chance > 99:
        return Note(
            N_("“{goal}”: nearly all courses get to {target} by then: at most one in a hundred does not."),
            values,
        )
    return Note(N_("“{goal}”: the chance of {target} is {chance:.0%}."), {**values, "chance": found.chance})


def _pace(found: Outlook, values: dict[str, Any], today: date) -> list[Note]:
    if found.needed is None and found.goal.what != "responders" and (found.goal.by - today).days < WEEK:
        missing = whole(found.goal.target - (found.now or 0.0))
        text = N_("“{goal}”: less than a week is left; still missing: {missing}.")
        return [Note(text, {**values, "missing": missing})]
    if found.needed is None or found.gaining is None:
        return []
    pace = {**values, "needed": found.needed, "gaining": abs(found.gaining)}
    exact = max(found.needed, abs(found.gaining)) < 10
    if found.gaining < 0:
        text = (
            N_("“{goal}”: it would need {needed:.1f} a week; now you lose {gaining:.1f}.")
            if exact
            else N_("“{goal}”: it would need {needed:.0f} a week; now you lose {gaining:.0f}.")
        )
    else:
        text = (
            N_("“{goal}”: it would need {needed:.1f} a week; now you gain {gaining:.1f}.")
            if exact
            else N_("“{goal}”: it would need {needed:.0f} a week; now you gain {gaining:.0f}.")
        )
    return [Note(text, pace)]


def _when(found: Outlook, values: dict[str, Any]) -> list[Note]:
    days = {**values, "first": found.first, "half": found.half, "last": found.last, "years": LOOKED // 52}
    if found.first is None:
        return [Note(N_("“{goal}”: not even one course in ten gets there within {years} years."), days)]
    if found.half is None:
        return [
            Note(
                N_(
                    "“{goal}”: one course in ten gets there by {first}, but not half of them within {years} years."
                ),
                days,
            )
        ]
    if found.last is None:
        return [
            Note(
                N_(
                    "“{goal}”: half of the courses get there by {half}, one in ten by {first}; one in ten not within {years} years."
                ),
                days,
            )
        ]
    return [
        Note(
            N_("“{goal}”: half of the courses get there by {half}; four of five between {first} and {last}."),
            days,
        )
    ]


def _bounds(found: Outlook, values: dict[str, Any]) -> list[Note]:
    if found.share is None:
        return []
    text = N_(
        "“{goal}”: it is taken that {share:.0%} of those who come are people, as now (between {least:.0%} and {most:.0%})."
    )
    return [
        Note(text, {**values, "share": found.share.value, "least": found.share.low, "most": found.share.high})
    ]


def stale(found: Outlook, as_of: datetime) -> list[Note]:
    """What must be said where the last count is old, or the weeks were counted with gaps."""
    notes = []
    if found.seen is not None and found.found is not None and (as_of.date() - found.seen).days > 21:
        text = N_("“{goal}”: the last count is of {seen}; what came since is foretold too.")
        notes.append(Note(text, {"goal": found.goal.text, "seen": found.seen}))
    return notes


def whole(value: float | None) -> int | None:
    """To the nearest whole number; unknown stays unknown."""
    return None if value is None else round(value)
