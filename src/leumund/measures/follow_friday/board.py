"""The board: votes added up by account, and the places on it."""

from __future__ import annotations

import pyarrow as pa

from leumund.measures.days import as_moments
from leumund.measures.follow_friday.places import intervals
from leumund.measures.named import week_of
from leumund.store.tables import Tables

_STEPS = 2.0**44
KAPPA = 0.25  # all unknown people together add at most this part of the score and one vote
L0 = 1.0  # that one vote


def in_steps(part: str, newest: int, half_life_weeks: float) -> str:
    """SQL: what a vote is worth, in whole steps of a vote of the newest week. part: its value, or what counts apart."""
    return f"round({part} * pow(2, (week - {newest}) / {half_life_weeks!r}::DOUBLE) * {_STEPS!r}::DOUBLE)::BIGINT"


def one_step(weeks: int, half_life_weeks: float) -> float:
    """What such a step is worth now. weeks: from now to the newest week, 0 or less."""
    return float(2.0 ** max(-1000.0, weeks / half_life_weeks) / _STEPS)


def define_board(
    tables: Tables, *, half_life_weeks: float, until: int | None = None, alike: bool = False
) -> None:
    """Keep `ff_worth` (recommender, account, steps, more) and `ff_board`: account, score, unknown, added, recommenders, weeks, votes, reasons, net, first, last; needs `ff_votes`.

    score: B, from people with standing; unknown: X, what nobody of standing stands behind; added: what X may count
    for beside B, U = kappa (B + L0) (1 - exp(-X / (kappa (B + L0)))).
    The worth of votes is added up in whole steps of 2^-44 of a vote of the newest week, so that the sum, and with
    it every rank, is the same in whatever order the votes are read. (A vote more than 44 half-lives older than
    the newest one therefore adds nothing.)

    until: the last week that counts, as if it were the week of as_of. alike: all voices count the same, as they did
    before anything was known of standing.
    """
    now = week_of(tables) if until is None else until
    same = "replace (value + unknown as value, 0.0 as unknown)" if alike else ""
    tables.define("ff_counted", f"select * {same} from ff_votes where week <= {now}")
    newest = tables.arrow("select max(week) as week from ff_counted")["week"][0].as_py()
    week = now if newest is None else newest
    worth = one_step(week - now, half_life_weeks)
    steps, more = (in_steps(part, week, half_life_weeks) for part in ("value", "unknown"))
    tables.define("ff_worth", f"select *, {steps} as steps, {more} as more from ff_counted")
    points = f"::DOUBLE * {worth!r}::DOUBLE"
    tables.define(
        "ff_board",
        f"""with received as (
                select account, sum(steps) as steps, sum(more) as more,
                       count(distinct recommender) as recommenders,
                       count(*) as votes, count(*) filter (where reason) as reasons,
                       min(first_at) as first, max(last_at) as last
                from ff_worth group by account
            ), given as (
                select recommender, sum(steps) as steps from ff_worth group by recommender
            ), added as (
                select account, r.steps as order_by, r.more as then_by, r.steps{points} as score,
                       r.more{points} as unknown, recommenders, votes / recommenders as weeks, votes, reasons,
                       (r.steps - coalesce(g.steps, 0)){points} as net, first, last,
                       {KAPPA!r}::DOUBLE * (r.steps{points} + {L0!r}::DOUBLE) as room
                from received r left join given g on g.recommender = r.account
            )
            select * exclude (room), room * (1 - exp(-unknown / room)) as added from added""",
    )


def define_places(tables: Tables) -> int:
    """Keep `ff_placed`, the accounts of a board in their order, and count them; needs `ff_board` and `ff_on_board`.

    By the voices of people with standing; where these are equal, by those of unknown people, who can so never lift
    anybody above somebody whom people with standing recommend more.
    """
    tables.define(  # what is sorted is moved about: a third quicker with few columns
        "ff_placed",
        """with placed as (
               select account, basis,
                      row_number() over (order by order_by desc, then_by desc, recommenders desc, account) as rank
               from ff_board join ff_on_board using (account)
           )
           select rank, account, score, unknown, added, recommenders, weeks, votes, reasons, net, first, last, basis
           from ff_board join placed using (account)""",
    )
    return int(tables.arrow("select count(*) as n from ff_placed")["n"][0].as_py())


def board_rows(tables: Tables, limit: int | None, *, known: bool) -> tuple[pa.Table, int]:
    """The first `limit` places of a board and the owner's own, and how many there are in all.

    known: whether anything is known of standing; where not, there are no unknown people to be told apart.
    """
    total = define_places(tables)
    _define_sureness(tables, total)
    apart = "" if known else "replace (null::DOUBLE as unknown, null::DOUBLE as added)"
    rows = tables.arrow(
        f"""select * {apart} from ff_placed join ff_sure using (rank)
            {"" if limit is None else f"where rank <= {limit} or account in (select account from own)"}
            order by rank"""
    )
    for name in ("first", "last"):
        rows = rows.set_column(rows.column_names.index(name), name, as_moments(rows[name]))
    return rows, total


def _define_sureness(tables: Tables, total: int) -> None:
    """Keep `ff_sure` (rank, rank_low, rank_high); needs `ff_placed` and `ff_worth`."""
    low, high = intervals(placed_votes(tables), total)
    ranks = pa.array(range(1, total + 1), pa.int64())
    tables.bring("ff_sure_rows", pa.table({"rank": ranks, "rank_low": low, "rank_high": high}))
    tables.define("ff_sure", "select * from ff_sure_rows")


def placed_votes(tables: Tables) -> pa.Table:
    """What each recommender gives to each place of a board (recommender, rank, worth, more: steps); needs `ff_placed`."""
    return tables.arrow(
        """select recommender, rank, sum(steps)::DOUBLE as worth, sum(more)::DOUBLE as more
           from ff_worth join ff_placed using (account) group by recommender, rank order by recommender, rank"""
    )
