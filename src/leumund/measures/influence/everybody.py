"""What others do towards everybody, in one pass over the acts: for whoever ranks a whole network.

The same sums as `influence` takes for one account, at one moment, for all targets at once and in SQL alone, so that
neither the acts nor the pairs of people need fit into memory, and any engine can do it:

    scores_pairs     target, actor, x (what her acts are still worth), acts
    scores_parts     the same with g = 1 - exp(-x), tau and q of the actor
    scores_masses    target, known (T), strangers (X), admitted (U), actors, acts
    scores_everybody the same with whole (L), squares and largest of the actors' contributions, for the interval
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from leumund.measures.influence.acts import MEMORY_US
from leumund.measures.influence.behind import Behind
from leumund.measures.influence.score import ANCHOR, KAPPA
from leumund.measures.influence.single import SINGLE, age, define_open, faded
from leumund.measures.named import define_named
from leumund.measures.standing import Standing
from leumund.store.register import as_us
from leumund.store.tables import Tables


def define_everybody(tables: Tables, standing: Standing) -> None:
    """Keep `scores_everybody`: a row for each person towards whom anything was done that is not forgotten yet.

    Needs the fact `recommendations`. What counts, and how much, is as `influence` says.
    """
    end_us = as_us(tables.as_of)
    define_named(tables)
    define_open(tables, end_us - MEMORY_US, end_us)
    tables.define(
        "scores_pairs",
        f"""{SINGLE}
            select target, actor, sum(worth * ({" + ".join(faded(age(end_us)))})) as x, sum(times) as acts
            from single group by target, actor""",
    )
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


def _bring_behind(tables: Tables, standing: Standing, end_us: int) -> None:
    """Keep `scores_behind` (actor, tau, q): those actors whose standing is above 0 or who are barred."""
    rows = tables.arrow("select distinct actor from scores_pairs order by actor")
    people = rows["actor"].to_numpy().astype(np.int64)
    tau, quality = Behind(people, standing).at(end_us)
    some = (tau > 0) | (quality < 1)
    table = pa.table({"actor": people[some], "tau": tau[some], "q": quality[some]})
    tables.bring("scores_behind_rows", table)
    tables.define("scores_behind", "select * from scores_behind_rows")
