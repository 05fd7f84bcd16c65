"""Weeks side by side: influence, hours, who came, who responded, and how much was in one's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from leumund.channels import SOCIAL
from leumund.measures.influence.acts import acts_towards
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.score import capped, mass, score, sums
from leumund.measures.influence.steps import steps
from leumund.measures.returns.customers import Came
from leumund.measures.returns.effect import Numbers
from leumund.measures.standing import standing_of
from leumund.measures.weeks import WEEK, monday_of, week_at, week_end, week_start
from leumund.store.register import as_us
from leumund.store.tables import Tables

MOST_WEEKS = 156
"""Three years: what was true of older weeks may be so no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """One figure for each week, oldest first.

    influence: at the week's end, NaN before the first act known. hours: on social networks. customers, asked: who came (asked: all who came,
    customers among them). responders: different people who did anything. own_share: own posts among own posts and
    reshares of others, NaN where there were none.
    """

    mondays: tuple[date, ...]
    influence: Numbers
    hours: Numbers
    customers: Numbers
    asked: Numbers
    responders: Numbers
    own_share: Numbers

    def __len__(self) -> int:
        return len(self.mondays)


def weekly(tables: Tables, came: Sequence[Came], *, unfinished: bool = False) -> Weekly:
    """The weeks since the owner first entered a customer, hours or a cost, at most three years.

    unfinished: with the week that is going on, as far as it has come; else only those that are over.
    """
    now = as_us(tables.as_of)
    end = week_at(now) if unfinished else week_at(now + 1) - 1
    (first_us,) = tables.sql(
        """select min(epoch_us(happened_at)) from (select happened_at from customers union all
           select happened_at from hours union all select happened_at from costs)"""
    ).fetchall()[0]
    start = end + 1 if first_us is None else max(week_at(first_us), end + 1 - MOST_WEEKS)
    numbers = np.arange(start, end + 1)
    at_us = np.array([c.customer.at_us for c in came], np.int64)
    lead = np.array([c.customer.lead for c in came], bool)
    arrived = np.array([week_at(int(t)) for t in at_us], np.int64)
    responders = _by_week(
        tables, numbers, "count(distinct actor)", "acts",
        "exact and kind in ('like', 'reply', 'reshare', 'quote', 'mention', 'endorse') and target in (select account from own)"
        " and actor not in (select account from own)",
    )  # fmt: skip
    social = ", ".join(f"'{name}'" for name in sorted(SOCIAL))
    posts = _by_week(tables, numbers, "count(*)", "posts", "exact and account in (select account from own)")
    passed = _by_week(
        tables, numbers, "count(*)", "acts",
        "exact and kind = 'reshare' and actor in (select account from own) and target not in (select account from own)",
    )  # fmt: skip
    with np.errstate(invalid="ignore"):
        own_share = posts / (posts + passed)
    return Weekly(
        mondays=tuple(monday_of(int(w)) for w in numbers),
        influence=_influence(tables, numbers),
        hours=_by_week(tables, numbers, "sum(hours)", "hours", f"channel in ({social})"),
        customers=_counts(arrived[~lead], numbers),
        asked=_counts(arrived, numbers),
        responders=responders,
        own_share=own_share,
    )


def _counts(arrived: np.ndarray, numbers: np.ndarray) -> Numbers:
    return np.array([np.count_nonzero(arrived == w) for w in numbers], np.float64)


def _by_week(tables: Tables, numbers: np.ndarray, what: str, source: str, where: str) -> Numbers:
    found = np.zeros(len(numbers))
    if len(numbers):
        begin, end = week_start(int(numbers[0])), week_end(int(numbers[-1]))
        query = f"""select {WEEK} as week, ({what})::DOUBLE from {source}
                    where {where} and epoch_us(happened_at) between {begin} and {end} group by 1"""
        for week, value in tables.sql(query).fetchall():
            found[week - int(numbers[0])] = value
    return found


def _influence(tables: Tables, numbers: np.ndarray) -> Numbers:
    """The owner's score at the end of each week; see measure influence."""
    found = np.full(len(numbers), np.nan)
    if not len(numbers):
        return found
    ends = np.array([min(week_end(int(w)), as_us(tables.as_of)) for w in numbers], np.int64)
    acts = acts_towards(tables, None, start_us=int(ends[0]))
    if acts.first_us is None:
        return found
    known = np.flatnonzero(ends >= acts.first_us)
    behind = Behind(acts.people, standing_of(tables))
    for at, step in zip(known.tolist(), steps(acts, ends[known]), strict=True):
        tau, quality = behind.at(step.to_us)
        x = sums(acts.person_of, step.worth, len(acts.people))
        found[at] = score(mass(tau, quality, capped(x)).whole)
    return found
