"""The acts towards everybody within a span of time, each once and with its worth, as SQL for any engine.

scores_busy    actor, day, n: days on which somebody did more than one can mean
scores_open    kind, actor, target, at_us, times, via: what counts, a recommendation once a week
SINGLE         target, actor, at_us, times, worth: of one post the act that counts most, spread thin on busy days
"""

from __future__ import annotations

from contextlib import nullcontext

from leumund.measures.days import DAY_US
from leumund.measures.influence.acts import A_DAYS_ACTS
from leumund.measures.influence.fading import RATES, SHARES
from leumund.measures.public import seen_by_all
from leumund.measures.weeks import week_at
from leumund.measures.worth import base_value
from leumund.store.tables import Tables

_DAY = f"epoch_us(happened_at) // {DAY_US}"


def define_open(tables: Tables, since_us: int, until_us: int) -> None:
    """Keep `scores_busy` and `scores_open`: acts after since_us, up to until_us. Needs `ff_named`."""
    when = f"happened_at > make_timestamp({since_us}) and happened_at <= make_timestamp({until_us})"
    with tables.with_gone() if tables.has_deletions else nullcontext():
        tables.define("scores_busy", _busy(when))
    weeks = f"week between {week_at(since_us)} and {week_at(until_us)}"
    tables.define("scores_open", _open(when, weeks))


def age(moment_us: int) -> str:
    """SQL: how many days before a moment `at_us` lies."""
    return f"(({moment_us} - at_us)::DOUBLE / {float(DAY_US)!r}::DOUBLE)"


def faded(days: str) -> tuple[str, str]:
    """SQL: what is left of one worth after so many days, the fast part and the slow one."""
    fast, slow = (
        f"{share!r}::DOUBLE * exp({-rate!r}::DOUBLE * {days})"
        for share, rate in zip(SHARES, RATES, strict=True)
    )
    return fast, slow


def _busy(when: str) -> str:
    """Actors and days with more acts than one can mean, deleted since or not."""
    return f"""select actor, {_DAY} as day, sum("count")::DOUBLE as n from acts
               where exact and kind <> 'unfollow' and {when} group by all having sum("count") > {A_DAYS_ACTS}"""


def _open(when: str, weeks: str) -> str:
    """Acts towards anybody that are not forgotten; a recommendation once a week. weeks: the same span in whole weeks."""
    return f"""
        with votes as (
            select account as target, recommender as actor, happened_at, post from ff_named
            where {weeks}
            qualify row_number() over (partition by recommender, account, week order by happened_at, post) = 1
        )
        select 'endorse' as kind, actor, target, epoch_us(happened_at) as at_us, 1 as times, post as via
        from votes v where {when} and {seen_by_all("v.post")}
        union all
        select kind, actor, target, epoch_us(happened_at), "count", via from acts a
        where exact and kind not in ('unfollow', 'endorse') and actor <> target and {when} and {seen_by_all("a.via")}"""


SINGLE = f"""
    with worth as (select target, actor, at_us, times, via, kind, {base_value()} * times as worth from scores_open),
    several as (select target, actor, via from worth where via is not null group by all having count(*) > 1),
    each_once as (
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
    ), single as (
        select target, s.actor, at_us, times, worth * least(1, {A_DAYS_ACTS} / coalesce(n, 1)) as worth
        from each_once s left join scores_busy b on b.actor = s.actor and b.day = at_us // {DAY_US}
    )"""
"""Of one post the act that counts most; as few have several only these are sorted. To be followed by a select."""
