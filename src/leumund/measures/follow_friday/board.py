"""The board: votes added up by account, and which accounts belong on the board of a language."""

from __future__ import annotations

import pyarrow as pa

from leumund.measures.days import MOMENT
from leumund.measures.follow_friday.places import intervals
from leumund.measures.named import week_of
from leumund.store.tables import Tables

_STEPS = 2.0**44
_OWN_POSTS = 100


def define_board(tables: Tables, *, half_life_weeks: float) -> None:
    """Keep `ff_worth` (recommender, account, steps) and `ff_board`: account, score, recommenders, weeks, votes, reasons, net, first, last; needs `ff_votes`.

    The worth of votes is added up in whole steps of 2^-44 of a vote of the newest week, so that the sum, and with
    it every rank, is the same in whatever order the votes are read. (A vote more than 44 half-lives older than
    the newest one therefore adds nothing.)
    """
    newest = tables.arrow("select max(week) as week from ff_votes")["week"][0].as_py()
    week = week_of(tables) if newest is None else newest
    faded = 2.0 ** max(-1000.0, (week - week_of(tables)) / half_life_weeks)
    steps = (
        f"round(value * pow(2, (week - {week}) / {half_life_weeks!r}::DOUBLE) * {_STEPS!r}::DOUBLE)::BIGINT"
    )
    worth = faded / _STEPS
    tables.define("ff_worth", f"select *, {steps} as steps from ff_votes")
    tables.define(
        "ff_board",
        f"""with received as (
                select account, sum(steps) as steps, count(distinct recommender) as recommenders,
                       count(*) as votes, count(*) filter (where reason) as reasons,
                       min(first_at) as first, max(last_at) as last
                from ff_worth group by account
            ), given as (
                select recommender, sum(steps) as steps from ff_worth group by recommender
            )
            select account, r.steps as order_by, r.steps::DOUBLE * {worth!r}::DOUBLE as score, recommenders,
                   votes / recommenders as weeks, votes, reasons,
                   (r.steps - coalesce(g.steps, 0))::DOUBLE * {worth!r}::DOUBLE as net, first, last
            from received r left join given g on g.recommender = r.account""",
    )


def define_languages(tables: Tables) -> None:
    """Keep `ff_language` (account, language, basis); needs `ff_board` and `ff_named`.

    The language of at least 60 % of the last 100 posts of an account, counted among those whose language is known
    (language null: it mixes several). Where no post of its own tells, the same of the posts that recommend it.
    """
    shares = """select account, language, count(*) as n, sum(count(*)) over (partition by account) as known
                from {rows} where language is not null group by account, language"""
    best = "select account, max(case when n * 10 >= known * 6 then language end) as language from {shares} group by 1"
    tables.define(
        "ff_own_posts",
        f"""select account, language from languages
            where exact and account in (select account from ff_board)
            qualify row_number() over (partition by account order by happened_at desc, post) <= {_OWN_POSTS}""",
    )
    tables.define(
        "ff_about",
        """select distinct n.account, n.post, l.language from ff_named n join languages l on l.post = n.post
           where not exists (select 1 from ff_own_posts o where o.account = n.account and o.language is not null)""",
    )
    tables.define(
        "ff_language",
        f"""select *, 'own posts' as basis from ({best.format(shares=f"({shares.format(rows='ff_own_posts')})")})
            union all
            select *, 'recommendations' from ({best.format(shares=f"({shares.format(rows='ff_about')})")})""",
    )


def board_rows(tables: Tables, board: str, limit: int | None) -> tuple[pa.Table, int]:
    """The first `limit` places of a board and the owner's own, and how many there are in all."""
    if board == "all":
        chosen = "select *, 'not needed' as basis from ff_board"
    else:
        chosen = f"select b.*, l.basis from ff_board b join ff_language l using (account) where language = '{board}'"
    tables.define(
        "ff_placed",
        f"""select row_number() over (order by order_by desc, recommenders desc, account) as rank, account,
                   score, recommenders, weeks, votes, reasons, net, first, last, basis from ({chosen})""",
    )
    total = int(tables.arrow("select count(*) as n from ff_placed")["n"][0].as_py())
    _define_sureness(tables, total)
    rows = tables.arrow(
        f"""select * from ff_placed join ff_sure using (rank)
            {"" if limit is None else f"where rank <= {limit} or account in (select account from own)"}
            order by rank"""
    )
    for name in ("first", "last"):
        rows = rows.set_column(
            rows.column_names.index(name), name, rows[name].cast(pa.timestamp("us")).cast(MOMENT)
        )
    return rows, total


def _define_sureness(tables: Tables, total: int) -> None:
    """Keep `ff_sure` (rank, rank_low, rank_high); needs `ff_placed` and `ff_worth`."""
    votes = tables.arrow(
        """select recommender, rank, sum(steps)::DOUBLE as worth from ff_worth join ff_placed using (account)
           group by recommender, rank order by recommender, rank"""
    )
    low, high = intervals(votes, total)
    ranks = pa.array(range(1, total + 1), pa.int64())
    tables.bring("ff_sure_rows", pa.table({"rank": ranks, "rank_low": low, "rank_high": high}))
    tables.define("ff_sure", "select * from ff_sure_rows")
