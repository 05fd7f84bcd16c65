"""Followers: how many, day by day, as far as anybody counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US, Moments, as_days, day_ends, unfinished
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_time, as_us
from leumund.store.tables import Tables

_CHANGES = (7, 28)
_UNDATED = N_(
    "Found missing from the lists of followers in these days, nobody tells since when: {undated_unfollows}. They are among no day's unfollows."
)


def followers(tables: Tables, *, days: int = 90, account: int | None = None) -> Result:
    """The followers of the owner's accounts together, at the end of each of the last days (UTC).

    For each account the last count that was seen, carried forward, plus the follows and minus the unfollows known
    since; the sum over all accounts that have a count by then.

    Args:
        days: so many calendar days, one row each; the last one is that of as_of, as far as it has come.
        account: another account to look at, by itself; None: all of the owner's own ones together.
    Gives: followers (None before the first count: unknown, not 0), accounts (how many are counted by then),
        follows and unfollows (those known of that day). Figures: now; change_7 and change_28, since the same hour
        7 and 28 days ago, over the accounts counted at both ends; accounts and counted (how many have a count); seen (the day of the oldest of the
        counts that "now" is made of); undated_unfollows (noticed in these days, nobody tells when they happened).
    Edges: this counts accounts, not people: whoever follows two of the owner's accounts is counted twice, and
        two linked accounts that follow her are two. A sum over accounts jumps when another account is counted for the first time; column accounts shows it.
        Few sources tell unfollows, so between two counts the figure leans upwards. Who is only found missing from a
        list left at an unknown time before: the next count shows it, no day's unfollows do, and a note says how many.
    Source: ours.
    """
    mine = (
        "select account from by_account.own"
        if account is None
        else f"select {int(account)}::BIGINT as account"
    )
    tables.define("followers_mine", mine)
    seen = _by_account(
        tables,
        """select account, epoch_us(happened_at) as at_us, max(followers) as n from by_account.sightings
           where followers is not null and account in (select account from followers_mine)
           group by account, happened_at order by account, happened_at""",
    )
    moves = _by_account(
        tables,
        """select target as account, epoch_us(happened_at) as at_us,
                  sum(case when kind = 'follow' then "count" else -"count" end)::BIGINT as n
           from by_account.acts
           where kind in ('follow', 'unfollow') and exact and target in (select account from followers_mine)
           group by target, happened_at, kind order by account, at_us""",
    )
    undated = tables.arrow(
        """select coalesce(sum("count"), 0)::BIGINT as n from by_account.acts
           where kind = 'unfollow' and not exact and target in (select account from followers_mine)
             and epoch_us(happened_at) > $since""",
        since=int(day_ends(tables.as_of, days)[0]),
    )["n"][0].as_py()
    accounts = tables.arrow("select count(*) as n from followers_mine")["n"][0].as_py()
    ends = day_ends(tables.as_of, days)
    counts = _counts(seen, moves, ends[1:])
    known = ~np.isnan(counts)
    total = np.where(known.any(axis=0), np.nansum(counts, axis=0), np.nan)
    rows = pa.table(
        {
            "day": as_days(ends[1:]),
            "followers": pa.array(total, from_pandas=True).cast(pa.int64()),
            "accounts": pa.array(known.sum(axis=0), pa.int64()),
            "follows": pa.array(_moves_by_day(moves, ends, 1)),
            "unfollows": pa.array(_moves_by_day(moves, ends, -1)),
        }
    )
    now = as_us(tables.as_of)
    then = _counts(seen, moves, np.array([now, *(now - n * DAY_US for n in _CHANGES)]))
    last_seen = min((int(at_us[-1]) for at_us, _ in seen.values()), default=None)
    figures: dict[str, float | int | str | None] = {
        "now": _whole(total[-1]),
        **{f"change_{n}": _change(then[:, i], then[:, 0]) for i, n in enumerate(_CHANGES, 1)},
        "accounts": accounts,
        "counted": len(seen),
        "seen": as_time(last_seen).date().isoformat() if last_seen is not None else None,
        "undated_unfollows": undated,
    }
    notes = _notes(figures)
    if undated:
        notes = (*notes, Note(_UNDATED, {"undated_unfollows": undated}))
    if figures["counted"]:
        notes = (*notes, *unfinished(tables))
    return Result(rows=rows, notes=notes, figures=figures)


def _by_account(tables: Tables, query: str) -> dict[int, tuple[Moments, Moments]]:
    """Account -> (microseconds since 1970, n), in order of time."""
    rows = tables.arrow(query)
    key, at_us, n = (rows[name].to_numpy().astype(np.int64) for name in ("account", "at_us", "n"))
    return {int(k): (at_us[key == k], n[key == k]) for k in np.unique(key)}


def _counts(
    seen: Mapping[int, tuple[Moments, Moments]], moves: Mapping[int, tuple[Moments, Moments]], at: Moments
) -> Any:
    """The count of each account (rows) at each moment (columns), NaN before the first one."""
    return np.array([_count(seen[key], moves.get(key), at) for key in seen]).reshape(len(seen), len(at))


def _count(seen: tuple[Moments, Moments], moves: tuple[Moments, Moments] | None, at: Moments) -> Any:
    """The count of one account at each moment: the last one seen and what is known to have happened since."""
    index = np.searchsorted(seen[0], at, side="right") - 1
    counts = np.where(index >= 0, seen[1][np.maximum(index, 0)], np.nan)
    if moves is not None:
        sums = np.concatenate([[0], np.cumsum(moves[1])])
        until = sums[np.searchsorted(moves[0], at, side="right")]
        counted = sums[np.searchsorted(moves[0], seen[0][np.maximum(index, 0)], side="right")]
        counts = np.maximum(0, counts + until - counted)
    return counts


def _moves_by_day(moves: Mapping[int, tuple[Moments, Moments]], ends: Moments, sign: int) -> Moments:
    """How many follows (sign 1) or unfollows (sign -1) are known of each day; ends: as `day_ends` gives them."""
    days = np.zeros(len(ends) - 1, np.int64)
    for at_us, n in moves.values():
        sums = np.concatenate([[0], np.cumsum(np.maximum(0, n * sign))])
        days += np.diff(sums[np.searchsorted(at_us, ends, side="right")])
    return days


def _change(before: Any, now: Any) -> int | None:
    both = ~np.isnan(before) & ~np.isnan(now)
    return int((now - before)[both].sum()) if both.any() else None


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _notes(figures: Mapping[str, float | int | str | None]) -> tuple[Note, ...]:
    if not figures["accounts"]:
        return (NOBODY_IS_OWNER,)
    if not figures["counted"]:
        return (Note(N_("No source has told how many followers there are.")),)
    if figures["counted"] != figures["accounts"]:
        text = N_("Counted for {counted} of {accounts} accounts; of the others nothing is known.")
        return (Note(text, figures),)
    return ()


MEASURE = Measure(
    name="followers",
    topic="followers",
    title=N_("Followers"),
    question=N_("How many follow me, and how does that grow?"),
    shape="series",
    columns=(
        Column(name="day", kind="day", title=N_("Day")),
        Column(name="followers", kind="whole", title=N_("Followers"), optional=True),
        Column(name="accounts", kind="whole", title=N_("Accounts counted")),
        Column(name="follows", kind="whole", title=N_("New followers known")),
        Column(name="unfollows", kind="whole", title=N_("Unfollows known")),
    ),
    order=("day",),
    compute=followers,
    figures={
        "now": N_("Followers"),
        "change_7": N_("Change in 7 days"),
        "change_28": N_("Change in 28 days"),
        "accounts": "",
        "counted": "",
        "seen": "",
        "undated_unfollows": "",
    },
    reference=N_("Counts as the networks told them; between two counts the known follows and unfollows."),
)
