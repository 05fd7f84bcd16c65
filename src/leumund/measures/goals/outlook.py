"""How a goal stands: the chance of it, what may be expected on its day, when it may be reached, what it would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from leumund.measures.audience import audience
from leumund.measures.days import DAY_US
from leumund.measures.follow_friday_history import follow_friday_history
from leumund.measures.goals import tracks
from leumund.measures.goals.courses import SEED
from leumund.measures.goals.curves import WEEK, Curve, Numbers, day_of
from leumund.measures.goals.forecast import HIGH, LOW, Forecast, chances, first_reached, forecast
from leumund.store.tables import Tables

FARTHEST = 520  # weeks
LOOKED = 156  # weeks in which the day of reaching is looked for, if the goal's own day is not later
TOGETHER = 4  # weeks: who responds in a week is the mean of so many
_FIRST = date(1970, 1, 1)
_NORMAL_90 = 3.29  # a 90 % interval is so many standard deviations wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the owner wants: followers, people, responders, board or customers, at the end of a day."""

    what: str
    target: float
    by: date
    network: str | None
    text: str
    since_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Which share of the followers are people, with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Everything that is known of a goal; None is unknown.

    now: the number, counted on day `seen`. then: that of the goal's day, where that is over. paths: possible numbers at
    the end of each week after `seen`. chance: that the number is reached by the day; low, middle, high: on the day.
    first, half, last: by when 10, 50 and 90 of 100 courses get there; None: later than was looked.
    places: of a board, where the number is a place on it.
    needed: a week, from now to the goal's day; None where no week is left. gaining: a week, now.
    """

    goal: Goal
    curve: Curve | None = None
    found: Forecast | None = None
    paths: Numbers | None = None
    now: float | None = None
    seen: date | None = None
    then: float | None = None
    chance: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    first: date | None = None
    half: date | None = None
    last: date | None = None
    needed: float | None = None
    gaining: float | None = None
    share: Share | None = None
    places: int | None = None

    def chances(self) -> Numbers:
        """That the number is reached by the end of each week after `seen`."""
        if self.paths is None or self.now is None:
            return np.zeros(0)
        if self.now >= self.goal.target:
            return np.ones(self.paths.shape[1])
        return chances(first_reached(self.paths, self.now, self.goal.target), self.paths.shape[1])


def past_of(found: Outlook) -> Numbers:
    """The number at the end of each week until `seen`, NaN where it is not known."""
    return np.zeros(0) if found.curve is None else _past(found.goal, found.curve, found.share)


def goals_of(tables: Tables) -> list[Goal]:
    """The owner's goals, the nearest day first."""
    rows = tables.arrow(
        """select what, target, "by", network, text, epoch_us(happened_at) as since from goals
           order by "by", happened_at, entry"""
    ).to_pylist()
    return [
        Goal(
            what=r["what"], target=r["target"], by=r["by"], network=r["network"], text=r["text"] or "",
            since_us=r["since"],
        )
        for r in rows
    ]  # fmt: skip


def outlooks(tables: Tables, goals: list[Goal]) -> list[Outlook]:
    """How each of these goals stands. What several are about is read and foretold once."""
    curves: dict[Any, Curve | None] = {}
    forecasts: dict[Any, Forecast | None] = {}
    found = []
    for goal in goals:
        key = (goal.what, goal.network, goal.since_us if goal.what == "customers" else None)
        if goal.what == "board":
            found.append(_on_board(tables, goal))
            continue
        if goal.what == "people":
            key = ("followers", goal.network, None)
        if key not in curves:
            curves[key] = _read(tables, goal)
            longest = max((_weeks_to(g, curves[key]) for g in goals), default=1)
            forecasts[key] = _foretold(curves[key], longest)
        share = _people(tables) if goal.what == "people" else None
        found.append(_outlook(tables, goal, curves[key], forecasts[key], share))
    return found


def _on_board(tables: Tables, goal: Goal) -> Outlook:
    """The owner's place on the board of all languages, this week."""
    told = follow_friday_history(tables, days=WEEK).figures
    place, places = told.get("place"), told.get("places")
    if not isinstance(place, int) or not isinstance(places, int):
        return Outlook(goal=goal)
    return Outlook(goal=goal, now=float(place), seen=tables.as_of.date(), places=places)


def _read(tables: Tables, goal: Goal) -> Curve | None:
    """The curve of what a goal is about; None where nothing is known or nothing can be foretold (a place)."""
    if goal.what in {"followers", "people"}:
        return tracks.followers(tables, goal.network)
    if goal.what == "responders":
        return tracks.responders(tables, goal.network)
    return tracks.customers(tables, goal.since_us) if goal.what == "customers" else None


def _foretold(curve: Curve | None, longest: int) -> Forecast | None:
    return None if curve is None else forecast(curve, min(FARTHEST, max(LOOKED, longest)))


def _weeks_to(goal: Goal, curve: Curve | None) -> int:
    """From the last count to the goal's day, to the nearest week."""
    return 0 if curve is None else round(((goal.by - _FIRST).days - curve.last_day) / WEEK)


def _people(tables: Tables) -> Share | None:
    told = audience(tables).figures
    followers, value, low, high = (told.get(n) for n in ("followers", "people", "people_low", "people_high"))
    if not followers or value is None or low is None or high is None:
        return None
    all_of_them = float(followers)
    return Share(
        value=float(value) / all_of_them, low=float(low) / all_of_them, high=float(high) / all_of_them
    )


def _outlook(
    tables: Tables, goal: Goal, curve: Curve | None, found: Forecast | None, share: Share | None
) -> Outlook:
    if curve is None or (goal.what == "people" and share is None):
        return Outlook(goal=goal, curve=curve)
    path = _past(goal, curve, share)
    known = path[~np.isnan(path)]
    if not len(known):
        return Outlook(goal=goal, curve=curve)
    now = float(known[-1])
    weeks = _weeks_to(goal, curve)
    today = tables.as_of.date()
    base = Outlook(goal=goal, curve=curve, now=now, seen=day_of(curve.last_day), share=share)
    if goal.by < today:
        back = len(path) - 1 + weeks
        known_then = weeks <= 0 <= back and not np.isnan(path[back])
        return replace(base, then=float(path[back]) if known_then else None)
    rate = None if found is None else float(found.growth.rate[0]) * (share.value if share else 1.0)
    left = (goal.by - today).days / WEEK
    needed = None if goal.what == "responders" or left < 1 else (goal.target - now) / left
    if found is None or weeks > FARTHEST:
        return replace(base, needed=needed, gaining=rate)
    paths = _ahead(goal, curve, found, share)
    at = max(1, weeks) - 1
    when = first_reached(paths, now, goal.target)
    there = now >= goal.target
    low, middle, high = (float(q) for q in np.quantile(paths[:, at], [LOW, 0.5, HIGH]))
    first, half, last = (_reached(curve, when, share_of) for share_of in (LOW, 0.5, HIGH))
    return replace(
        base, found=found, paths=paths, chance=1.0 if there else float(chances(when, at + 1)[at]), low=low, middle=middle,
        high=high, first=None if there else first, half=None if there else half, last=None if there else last,
        needed=None if there else needed, gaining=rate,
    )  # fmt: skip


def _past(goal: Goal, curve: Curve, share: Share | None) -> Numbers:
    """The number of the goal at the end of each week that was."""
    if goal.what == "responders":
        return np.concatenate([np.full(min(TOGETHER, len(curve.counts)), np.nan), _means(curve.gains)])
    if goal.what == "customers":  # what lies before the goal was set is not of it
        return np.where(curve.counts < 0, np.nan, curve.counts)
    return curve.counts * (share.value if share else 1.0)


def _ahead(goal: Goal, curve: Curve, found: Forecast, share: Share | None) -> Numbers:
    """Possible numbers at the end of each week to come."""
    if goal.what == "responders":
        before = np.full(len(found.courses), curve.now)[:, None]
        steps = np.maximum(0.0, np.diff(np.hstack([before, found.courses]), axis=1))
        past = np.tile(curve.gains[-(TOGETHER - 1) :], (len(steps), 1))
        return _means(np.hstack([past, steps]))
    if goal.what == "customers":
        return _since(found.courses, round((goal.since_us // DAY_US - curve.last_day) / WEEK))
    if share is None:
        return found.courses
    dice = np.random.default_rng(SEED)
    drawn = dice.normal(share.value, (share.high - share.low) / _NORMAL_90, (len(found.courses), 1))
    return np.rint(found.courses * np.clip(drawn, 0.0, 1.0))


def _since(courses: Numbers, weeks: int) -> Numbers:
    """Only what comes after so many weeks: what is foretold for the time before the goal was set is not of it."""
    if weeks <= 0:
        return courses
    before = courses[:, [min(weeks, courses.shape[1]) - 1]]
    return np.maximum(0.0, courses - before)


def _means(weekly: Numbers) -> Numbers:
    """The mean of each week and the three before it, of those that have three before."""
    sums = np.cumsum(np.concatenate([np.zeros((*weekly.shape[:-1], 1)), weekly], axis=-1), axis=-1)
    found: Numbers = (sums[..., TOGETHER:] - sums[..., :-TOGETHER]) / TOGETHER
    return found


def _reached(curve: Curve, when: Numbers, share: float) -> date | None:
    """The day by which this share of the courses got there."""
    week = float(np.quantile(when, share, method="higher"))
    return None if np.isinf(week) else day_of(curve.last_day) + timedelta(weeks=week)
