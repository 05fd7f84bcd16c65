"""What goals are about, as curves by weeks: followers, people who respond in a week, customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leumund.measures.days import DAY_US
from leumund.measures.goals.curves import WEEK, Curve, Days, Numbers, curve_of
from leumund.measures.weeks import WEEK as WEEK_NUMBER
from leumund.measures.weeks import monday_of, week_at, week_end
from leumund.store.register import as_us
from leumund.store.tables import Tables

RESPONSES = "('like', 'reply', 'reshare', 'quote', 'mention', 'endorse')"
_EPOCH = np.datetime64("1970-01-01")


def followers(tables: Tables, network: str | None = None) -> Curve | None:
    """The followers of the owner's accounts together (on one network), as the networks counted them.

    After an account's last count the follows and unfollows known since are added, as the measure `followers` does. An
    account is taken to have had its first count before it, and its last one after it: what it gained there is
    unknown, and no week's gain holds any of it. None where nobody counted.
    """
    there = "network = $network" if network else "true"
    named = {"network": network} if network else {}
    rows = tables.arrow(
        f"""select account, epoch_us(happened_at) // {DAY_US} as day, arg_max(followers, happened_at) as n
            from by_account.sightings
            where followers is not null and account in (select account from by_account.own) and {there}
            group by 1, 2 order by 1, 2""",
        **named,
    )
    moves = tables.arrow(
        f"""select target as account, epoch_us(happened_at) // {DAY_US} as day,
                   sum(case when kind = 'follow' then "count" else -"count" end)::BIGINT as n
            from by_account.acts
            where kind in ('follow', 'unfollow') and exact and {there}
              and target in (select account from by_account.own)
            group by 1, 2 order by 1, 2""",
        **named,
    )
    of, day, n = (rows[c].to_numpy().astype(np.int64) for c in ("account", "day", "n"))
    moved, on, by = (moves[c].to_numpy().astype(np.int64) for c in ("account", "day", "n"))
    curves = []
    for key in np.unique(of):
        days, counts = day[of == key], n[of == key].astype(np.float64)
        later = (moved == key) & (on > days[-1])
        if later.any():
            days = np.append(days, on[later][-1])
            counts = np.append(counts, max(0.0, counts[-1] + by[later].sum()))
        curves.append(curve_of(days, counts))
    return together(curves) if curves else None


def together(curves: Sequence[Curve]) -> Curve:
    """Several curves as one: week by week, the newest week of all last."""
    last = max(c.last_day for c in curves)
    behind = [round((last - c.last_day) / WEEK) for c in curves]
    weeks = max(c.weeks + b for c, b in zip(curves, behind, strict=True))
    gains, spans, counts = np.zeros(weeks), np.ones(weeks), np.zeros(weeks + 1)
    for curve, late in zip(curves, behind, strict=True):
        own = slice(weeks - late - curve.weeks, weeks - late)
        gains[own] += curve.gains
        spans[own] = np.maximum(spans[own], curve.spans)
        counts += np.concatenate(
            [
                np.full(own.start, curve.counts[0]),
                curve.counts,
                np.full(late, curve.now),
            ]
        )
    return Curve(last_day=last, counts=counts, gains=gains, spans=spans)


def responders(tables: Tables, network: str | None = None) -> Curve | None:
    """How many different people responded to the owner in each whole ISO week; added up, so that weeks are its gains.

    From the first week in which any response is known to the last one of which anything was read: what came later is
    unknown, and not nobody. None where no response is known.
    """
    there = "network = $network" if network else "true"
    rows = tables.arrow(
        f"""select {WEEK_NUMBER} as week, count(distinct actor) as n from acts
            where exact and kind in {RESPONSES} and target in (select account from own)
              and actor not in (select account from own) and {there}
            group by 1 order by 1""",
        **({"network": network} if network else {}),
    )
    read = tables.coverage.last
    last = _last_whole_week(as_us(tables.as_of) if read is None else min(read, as_us(tables.as_of)))
    week = rows["week"].to_numpy().astype(np.int64)
    n = rows["n"].to_numpy().astype(np.float64)[week <= last]
    week = week[week <= last]
    return None if not len(week) else _by_weeks(week, n, last)


def customers(tables: Tables, since_us: int) -> Curve | None:
    """Customers by week, from the first one that the owner entered to the last week in which she entered anything.

    Counted from a moment on, below 0 before it. None where she entered no customer.
    """
    rows = tables.arrow(
        f"""select ({WEEK_NUMBER.replace("happened_at", "bought_at")}) as week, count(*) as n,
                   count(*) filter (epoch_us(bought_at) < $since) as before
            from customers where not lead and bought_at is not null and epoch_us(bought_at) <= $now
            group by 1 order by 1""",
        since=since_us,
        now=as_us(tables.as_of),
    )
    week = rows["week"].to_numpy().astype(np.int64)
    if not len(week):
        return None
    told = tables.arrow(
        "select max(at_us) as last from ("
        + " union all ".join(
            f"select epoch_us(happened_at) as at_us from {name}"
            for name in ("customers", "hours", "costs", "notes")
        )
        + ")"
    )["last"][0].as_py()
    last = max(_last_whole_week(min(told, as_us(tables.as_of))), int(week[-1]))
    curve = _by_weeks(week, rows["n"].to_numpy().astype(np.float64), last)
    before = float(rows["before"].to_numpy().sum())
    return Curve(last_day=curve.last_day, counts=curve.counts - before, gains=curve.gains, spans=curve.spans)


def _by_weeks(week: Days, n: Numbers, last: int) -> Curve:
    gains = np.zeros(last - int(week[0]) + 1)
    gains[week - int(week[0])] = n
    sunday = (np.datetime64(monday_of(last)) - _EPOCH).astype(int) + WEEK - 1
    counts = np.concatenate([[0.0], np.cumsum(gains)])
    return Curve(last_day=int(sunday), counts=counts, gains=gains, spans=np.ones(len(gains)))


def _last_whole_week(at_us: int) -> int:
    week = week_at(at_us)
    return week if at_us >= week_end(week) else week - 1
