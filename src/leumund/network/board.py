"""The board of all, day after day: votes of weeks that are over are kept, and summed once a week.

A vote is worth what it was given in its week; what fades is the week. So within a week only the votes of that week are
counted and added to the sums of all before. A week is counted anew, and all after it, where something in it is not what it was:
its recommendations, what was deleted or linked, or the standing of its voices.

    votes   of each week that is over: recommender, account, named, reason, first_at, last_at, value, unknown
    sums    of all these, in steps of a vote of the newest week: by account, by recommender, by pair of both
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from leumund.measures import Result
from leumund.measures.days import MOMENT
from leumund.measures.follow_friday import figures_of, notes_of
from leumund.measures.follow_friday.board import KAPPA, L0, in_steps, one_step
from leumund.measures.follow_friday.places import bounds
from leumund.measures.follow_friday.votes import OLDEST_HALF_LIVES, define_votes
from leumund.measures.named import week_of
from leumund.measures.standing.weekly import Basis
from leumund.measures.weeks import WEEK
from leumund.network.changed import UNDATED, Weeks
from leumund.network.kept import Kept
from leumund.network.pairs import read, write
from leumund.network.tally import ROWS, Numbers, Tally, Whole
from leumund.network.trusted import Trusted
from leumund.store.tables import Tables

_HALF_LIFE = 4.0
"""Weeks, as boards have it that nobody asked otherwise for."""
_ROWS = pa.schema([(name, pa.int64()) for name in ROWS])


def forget_touched(kept: Kept, weeks: Weeks) -> None:
    """Drop the votes of weeks that are not what they were, and of all after them."""
    known: dict[str, Any] = kept.told.get("votes", {})
    begun = -1 if weeks.touched is None else min(weeks.touched, default=None)
    if begun is not None:
        kept.told["votes"] = {week: entry for week, entry in known.items() if int(week) < begun}


def board(tables: Tables, kept: Kept, weeks: Weeks, standing: Trusted) -> Result:
    """What the measure `follow_friday` says of everybody.

    What is kept is brought up to date, to be committed. tables: person by person, with this standing given.
    """
    now = week_of(tables)
    basis, posts = _bring_up_to_date(tables, kept, weeks, standing, now)
    over: dict[str, Any] = kept.told["votes"]
    ((today,),) = tables.sql("select count(*) from ff_today").fetchall()
    newest = now if today else max((int(w) for w, e in over.items() if e["rows"]), default=now)
    tally = _over(tables, kept, newest)
    if today:
        tally = tally.plus(Tally.of(_in_pairs(tables, "ff_today", newest)))
    order = np.lexsort((-tally.recommenders, -tally.more, -tally.steps))
    rows = _rows(tally, order, one_step(newest - now, _HALF_LIFE), known=basis.known)
    for entry in over.values():
        for kind, count in entry["posts"].items():
            posts[kind] = posts.get(kind, 0) + count
    figures = figures_of(
        tables, places=len(order), votes=int(tally.votes.sum()), recommenders=len(tally.givers), posts=posts,
        undated=UNDATED in weeks.votes,
    )  # fmt: skip
    return Result(rows=rows, notes=notes_of(basis, figures, (), placed=False), figures=figures)


def _bring_up_to_date(
    tables: Tables, kept: Kept, weeks: Weeks, standing: Trusted, now: int
) -> tuple[Basis, dict[str, int]]:
    """Keep the votes of all weeks that are over, and `ff_today`, those of this one; gives its posts by what they are."""
    known: dict[str, Any] = kept.told.get("votes", {})
    wanted = {
        week: [print_, standing.rests(week), standing.known_since is None]
        for week, print_ in weeks.votes.items()
        if max(UNDATED + 1, now - int(OLDEST_HALF_LIVES * _HALF_LIFE)) <= week < now
    }
    differs = [
        w for w in wanted.keys() | {int(w) for w in known} if known.get(str(w), {}).get("is") != wanted.get(w)
    ]
    begun = min(differs, default=now)
    known = {w: entry for w, entry in known.items() if int(w) < begun}
    since = begun if known and not weeks.moved else None
    if since is not None:
        tables.bring("ff_before", _voted(kept, known))
    basis = define_votes(tables, half_life_weeks=_HALF_LIFE, since_week=since)
    read_ = "recommendations" if since is None else "recommendations_since"
    counted = tables.sql(
        f"""select {WEEK} as week, class, count(*) filter (where visibility in ('public', 'unlisted'))
            from {read_} where exact group by all"""
    ).fetchall()
    posts: dict[int, dict[str, int]] = {}
    for week, kind, count in counted:
        posts.setdefault(int(week), {})[str(kind)] = count
    rows = tables.arrow(
        f"""select week, recommender, account, named, reason, first_at, last_at, value, unknown from ff_votes
            where week >= {begun} and week < {now} order by week, recommender, account"""
    )
    of_week = rows["week"].to_numpy()
    for week in sorted(w for w in wanted if w >= begun):
        low, high = (int(x) for x in np.searchsorted(of_week, [week, week + 1]))
        file = kept.new(f"votes-{week}") + ".arrow"
        write(kept, file, rows.slice(low, high - low))
        known[str(week)] = {
            "is": wanted[week], "file": file, "rows": high - low, "posts": posts.get(week, {}),
        }  # fmt: skip
    kept.told["votes"] = known
    tables.define("ff_today", f"select * from ff_votes where week = {now}")
    return basis, dict(posts.get(now, {}))


def _voted(kept: Kept, known: dict[str, Any]) -> pa.Table:
    """The votes of these weeks."""
    return pa.concat_tables([read(kept, entry["file"]) for entry in known.values()])


def _over(tables: Tables, kept: Kept, newest: int) -> Tally:
    """The sums of all weeks that are over; made where they are not kept."""
    over = {week: entry["file"] for week, entry in kept.told["votes"].items() if entry["rows"]}
    said: dict[str, Any] = kept.told.get("board", {})
    if said.get("newest") == newest and said.get("over") == over:
        return Tally(**{n: kept.get(file) for n, file in said["files"].items()}, different=said["pairs"])
    if not over:
        return Tally.of(_ROWS.empty_table())
    tables.bring("ff_over", _voted(kept, kept.told["votes"]))
    made = Tally.of(_in_pairs(tables, "ff_over", newest))
    files = {n: kept.put(f"board-{n}", values) for n, values in made.kept().items()}
    kept.told["board"] = {"newest": newest, "over": over, "files": files, "pairs": made.different}
    return made


def _in_pairs(tables: Tables, votes: str, newest: int) -> pa.Table:
    """These votes pair by pair, in steps of a vote of the newest week."""
    steps, more = (in_steps(part, newest, _HALF_LIFE) for part in ("value", "unknown"))
    return tables.arrow(
        f"""select recommender, account, sum({steps})::BIGINT as steps, sum({more})::BIGINT as more, count(*) as votes,
                   count(*) filter (reason) as reasons, min(epoch_us(first_at)) as first, max(epoch_us(last_at)) as last
            from {votes} group by recommender, account order by recommender, account"""
    )


def _rows(tally: Tally, order: Whole, step: float, *, known: bool) -> pa.Table:
    """The places as the measure says them. step: what one is worth now; known: whether anything is known of standing."""
    size = len(order)
    place = np.empty(size, np.int64)
    place[order] = np.arange(size)
    who, whom = tally.pairs >> 32, place[tally.pairs & 0xFFFFFFFF]
    found = bounds(
        tally.givers.view(np.uint64), who, whom, tally.worth, tally.extra, size, pairs=tally.different
    )
    low, high = found or (np.zeros(size, np.int64), np.zeros(size, np.int64))
    account = tally.accounts[order]
    score, unknown = (part[order].astype(np.float64) * step for part in (tally.steps, tally.more))
    room = KAPPA * (score + L0)
    given = np.zeros(len(tally.accounts), np.int64)
    at = np.minimum(np.searchsorted(tally.accounts, tally.givers), max(0, size - 1))
    both = tally.accounts[at] == tally.givers if size else np.zeros(0, bool)
    given[at[both]] = tally.given[both]
    recommenders, votes = tally.recommenders[order], tally.votes[order]

    def apart(values: Numbers) -> pa.Array:
        return pa.array(values) if known else pa.nulls(size, pa.float64())

    return pa.table(
        {
            "rank": pa.array(np.arange(1, size + 1)), "account": pa.array(account), "score": pa.array(score),
            "unknown": apart(unknown), "added": apart(room * (1 - np.exp(-unknown / room))),
            "recommenders": pa.array(recommenders), "weeks": pa.array(votes / recommenders), "votes": pa.array(votes),
            "reasons": pa.array(tally.reasons[order]),
            "net": pa.array((tally.steps - given)[order].astype(np.float64) * step),
            "first": pa.array(tally.first[order], MOMENT), "last": pa.array(tally.last[order], MOMENT),
            "basis": pa.repeat(pa.scalar("not needed"), size),
            "rank_low": pa.array(low, mask=None if found else np.ones(size, bool)),
            "rank_high": pa.array(high, mask=None if found else np.ones(size, bool)),
        }
    )  # fmt: skip
