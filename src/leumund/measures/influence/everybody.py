"""What others do towards everybody, in one pass over the acts: for whoever ranks a whole network.

The same sums as `influence` takes for one account, at one moment, for all targets at once and in SQL alone, so that
neither the acts nor the pairs of people need fit into memory, and any engine can do it:

    scores_pairs     target, actor, x (what her acts are still worth), acts
    scores_parts     the same with g = 1 - exp(-x), tau and q of the actor
    scores_masses    target, known (T), strangers (X), admitted (U), actors, acts
    scores_everybody the same with whole (L), squares and largest of the actors' contributions, for the interval
"""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pyarrow as pa

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import A_DAYS_ACTS, MEMORY_US
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.fading import RATES, SHARES
from leumund.measures.influence.score import ANCHOR, KAPPA
from leumund.measures.named import define_named
from leumund.measures.public import seen_by_all
from leumund.measures.standing import Standing
from leumund.measures.worth import base_value
from leumund.store.register import as_us
from leumund.store.tables import Tables

_DAY = f"epoch_us(happened_at) // {DAY_US}"


def define_everybody(tables: Tables, standing: Standing) -> None:
    """Keep `scores_everybody`: a row for each person towards whom anything was done that is not forgotten yet.

    Needs the fact `recommendations`. What counts, and how much, is as `influence` says.
    """
    end_us = as_us(tables.as_of)
    define_named(tables)
    with tables.with_gone() if tables.has_deletions else nullcontext():
        tables.define("scores_busy", _busy(end_us))
    tables.define("scores_open", _open(end_us))
    tables.define("scores_pairs", _pairs(end_us))
    _bring_behind(tables, standing, end_us)
    tables.define(
        "scores_parts",
        """select target, actor, acts, 1 - exp(-x) as g, coalesce(tau, 0.0) as tau,
                  (1 - least(1, coalesce(tau, 0.0))) * coalesce(q, 1.0) as stranger
           from scores_pairs left join scores_behind using (actor)""",
    )
    tables.define(
        "scores_masses",
        f"""with masses as (
                select target, sum(tau * g) as known, sum(stranger * g) as strangers, count(*) as actors,
                       sum(acts)::BIGINT as acts
                from scores_parts group by target
            ), rooms as (select *, {KAPPA!r} * (known + {ANCHOR!r}) as room from masses)
            select target, known, strangers, actors, acts, room * (1 - exp(-strangers / room)) as admitted from rooms""",
    )
    tables.define(
        "scores_everybody",
        """with each as (
               select p.target, g * (tau + case when strangers > 0 then stranger * admitted / strangers else 0 end) as part
               from scores_parts p join scores_masses m on m.target = p.target
           ), all_of as (
               select target, sum(part * part) as squares, max(part) as largest from each group by target
           )
           select target as account, known + admitted as whole, squares, largest, actors, acts
           from scores_masses join all_of using (target)""",
    )


def _busy(end_us: int) -> str:
    """Actors and days with more acts than one can mean, deleted since or not."""
    return f"""select actor, {_DAY} as day, sum("count")::DOUBLE as n from acts
               where exact and kind <> 'unfollow' and happened_at <= make_timestamp({end_us})
                 and happened_at > make_timestamp({end_us - MEMORY_US})
               group by all having sum("count") > {A_DAYS_ACTS}"""


def _open(end_us: int) -> str:
    """Acts towards anybody that are not forgotten; a recommendation once a week."""
    when = f"happened_at > make_timestamp({end_us - MEMORY_US}) and happened_at <= make_timestamp({end_us})"
    return f"""
        with votes as (
            select account as target, recommender as actor, happened_at, post from ff_named
            qualify row_number() over (partition by recommender, account, week order by happened_at, post) = 1
        )
        select 'endorse' as kind, actor, target, epoch_us(happened_at) as at_us, 1 as times, post as via
        from votes v where {when} and {seen_by_all("v.post")}
        union all
        select kind, actor, target, epoch_us(happened_at), "count", via from acts a
        where exact and kind not in ('unfollow', 'endorse') and actor <> target and {when} and {seen_by_all("a.via")}"""


def _pairs(end_us: int) -> str:
    """What each did towards each. Of one post the act that counts most counts, as few have several only these are sorted."""
    age = f"(({end_us} - at_us)::DOUBLE / {float(DAY_US)!r}::DOUBLE)"
    fades = " + ".join(
        f"{share!r}::DOUBLE * exp({-rate!r}::DOUBLE * {age})"
        for share, rate in zip(SHARES, RATES, strict=True)
    )
    return f"""
        with worth as (select target, actor, at_us, times, via, kind, {base_value()} * times as worth from scores_open),
        several as (select target, actor, via from worth where via is not null group by all having count(*) > 1),
        single as (
            select target, actor, at_us, times, worth from worth where via is null
            union all
            select target, actor, at_us, times, worth from worth anti join several using (target, actor, via)
            where via is not null
            union all
            select target, actor, at_us, times, worth from (
                select target, actor, at_us, times, worth,
                       row_number() over (partition by target, actor, via order by worth desc, kind, at_us) as place
                from worth semi join several using (target, actor, via)
            ) where place = 1
        )
        select s.target, s.actor, sum(worth * least(1, {A_DAYS_ACTS} / coalesce(n, 1)) * ({fades})) as x,
               sum(times) as acts
        from single s left join scores_busy b on b.actor = s.actor and b.day = at_us // {DAY_US}
        group by s.target, s.actor"""


def _bring_behind(tables: Tables, standing: Standing, end_us: int) -> None:
    """Keep `scores_behind` (actor, tau, q): those actors whose standing is above 0 or who are barred."""
    rows = tables.arrow("select distinct actor from scores_pairs order by actor")
    people = rows["actor"].to_numpy().astype(np.int64)
    tau, quality = Behind(people, standing).at(end_us)
    some = (tau > 0) | (quality < 1)
    table = pa.table({"actor": people[some], "tau": tau[some], "q": quality[some]})
    tables.bring("scores_behind_rows", table)
    tables.define("scores_behind", "select * from scores_behind_rows")
