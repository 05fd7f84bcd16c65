"""From posts to votes: who named whom in which week, and what each vote is worth.

    ff_given   one row per post and person it recommends (`measures.named`)
    ff_votes   one row per recommender, recommended person and week, with all that its worth is made of

An account is a person here: whoever has several stands under one key (see `store.tables`).

The worth of a vote, s * e * 1/n * rotation * reciprocity, stands there in its parts, so that `explain` can
show each step. s is the recommender's standing before the week began. What of her voice no standing stands behind,
1 - min(1, s), counts apart, among the voices of unknown people.
"""

from __future__ import annotations

from leumund.errors import UsageError
from leumund.locale import _
from leumund.measures.follow_friday.standing import define_standing, others_weight
from leumund.measures.named import define_named, week_of
from leumund.measures.standing.weekly import Basis
from leumund.measures.weeks import week_start
from leumund.store.tables import Tables

RHO = 0.7  # an exchange in full swing takes at most this part of a vote
LEAST_ROTATION = 0.4  # what is left of the hundredth vote for the same account
NO_REASON = 0.5
LONGEST_HALF_LIFE = 10_000
"""Weeks, two hundred years: whoever wants votes never to fade gets as good as that."""
OLDEST_HALF_LIVES = 1000.0  # older votes weigh less than 1e-301; dropped, so that no power of two underflows


def define_votes(
    tables: Tables, *, half_life_weeks: float = 4.0, fridays_only: bool = False, since_week: int | None = None
) -> Basis:
    """Keep `ff_given` and `ff_votes`; gives what is known of the recommenders' standing.

    ff_votes: recommender, account, week, first_at, last_at, reason (was one given), named (n, how many
    people the recommender named that week), standing (s), rotation, reciprocity (factors, 1 = nothing lost),
    value = s * e * 1/n * rotation * reciprocity, and unknown, the same with 1 - min(1, s) for s; both still
    without age.

    m_ij and m_ji are running sums of 2^((week - newest) / half-life) / n within a pair of people, so that every
    vote is read once however long a pair has known each other; pairs with a single vote need none.

    since_week: only the votes from that week on; those before, of the same pairs, are in a table `ff_before`
    (recommender, account, week, named).

    Raises:
        UsageError: the half-life is not above 0.
    """
    if not 0 < half_life_weeks <= LONGEST_HALF_LIFE:
        text = _("half_life_weeks must be above 0 and at most {most}, not {value}.")
        raise UsageError(text.format(most=LONGEST_HALF_LIFE, value=half_life_weeks))
    since_us = None if since_week is None else week_start(since_week)
    # standing has an `ff_named` of its own
    define_named(tables, fridays_only=fridays_only, name="ff_given", since_us=since_us)
    oldest = week_of(tables) - int(OLDEST_HALF_LIVES * half_life_weeks)
    pair = "least(recommender, account) as lo, greatest(recommender, account) as hi"
    tables.define(
        "ff_once",
        f"""select recommender, account, week, bool_or(reason_given) as reason,
                   min(happened_at) as first_at, max(happened_at) as last_at
            from ff_given where week >= {oldest} group by recommender, account, week""",
    )
    tables.define(
        "ff_lists", "select recommender, week, count(*) as named from ff_once group by recommender, week"
    )
    basis = define_standing(tables)
    earlier, again = "", ""
    if since_week is not None:
        tables.define("ff_met", f"select distinct {pair} from ff_once")
        tables.define(
            "ff_earlier",
            f"select * from (select *, {pair} from ff_before where week >= {oldest}) semi join ff_met using (lo, hi)",
        )
        earlier = "union all select lo, hi from ff_earlier"
        again = """union all by name select recommender, account, week, named, lo, hi, false as reason,
                                            null::TIMESTAMP as first_at, null::TIMESTAMP as last_at from ff_earlier"""
    tables.define(
        "ff_pairs",
        f"select lo, hi from (select {pair} from ff_once {earlier}) group by lo, hi having count(*) > 1",
    )
    tables.define(
        "ff_weighed",
        f"""select *, pow(2, (week - {week_of(tables)}) / {half_life_weeks!r}::DOUBLE) as fresh
            from (select v.*, l.named, {pair} from ff_once v join ff_lists l using (recommender, week) {again})""",
    )
    new = "true" if since_week is None else f"week >= {since_week}"
    up = "sum(case when recommender = lo then fresh / named else 0 end)"
    down = "sum(case when recommender = hi then fresh / named else 0 end)"
    tables.define(
        "ff_votes",
        f"""with met as (
                select recommender, account, week, reason, first_at, last_at, named,
                       case when recommender = lo then {up} over before else {down} over before end / fresh as m_ij,
                       case when recommender = lo then {down} over until else {up} over until end / fresh as m_ji
                from ff_weighed semi join ff_pairs using (lo, hi)
                window before as (partition by lo, hi order by week
                                  range between unbounded preceding and 1 preceding),
                       until as (partition by lo, hi order by week
                                 range between unbounded preceding and current row)
                union all
                select recommender, account, week, reason, first_at, last_at, named, 0, 0
                from ff_weighed anti join ff_pairs using (lo, hi)
            ), parts as (
                select m.recommender, account, week, reason, first_at, last_at, named,
                       coalesce(weight, {others_weight(basis)!r}) as standing,
                       greatest({LEAST_ROTATION}, pow(1 + coalesce(m_ij, 0), -0.5)) as rotation,
                       1 - {RHO} * coalesce(m_ji, 0) / (1 + coalesce(m_ji, 0)) as reciprocity
                from (select * from met where {new}) m left join ff_standing s using (recommender, week)
            ), whole as (
                select *, (case when reason then 1 else {NO_REASON} end) / named * rotation * reciprocity as worth
                from parts
            )
            select * exclude (worth), standing * worth as value, (1 - least(1, standing)) * worth as unknown
            from whole""",
    )
    return basis
