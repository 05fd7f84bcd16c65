"""What tells that somebody is known: exchange with the owner, her follows, and the ties of those whom she trusts.

    exchanged   both answered, quoted or reshared the other, in at least three weeks each (a mention or a pasted list
                that one politely answers is no exchange)
    followed    the owner follows the account
    known       somebody trusted follows the account, or answered, passed on or recommended it
    automated   the account says itself that it is a robot

Each tie holds from one moment to another; those of `known` also name the person (`through`) through whom it is one.
"""

from __future__ import annotations

import pyarrow as pa

from leumund.measures.named import define_named
from leumund.measures.public import seen_by_all
from leumund.measures.weeks import WEEK
from leumund.measures.worth import ANSWERING, is_among
from leumund.store.tables import Tables

TIES = ("exchanged", "followed", "known", "automated")
LEAST_WEEKS = 3
BEGINNING, NEVER = -(2**62), 2**62  # microseconds: since always, and never over


def ties_in(tables: Tables) -> pa.Table:
    """Every tie that is known: account (person's key), tie, since_us, until_us, through (0 for none); in a fixed order."""
    tables.define(
        "standing_me", f"select {tables.own or 0}::BIGINT as account where {tables.own is not None}"
    )
    tables.define(
        "standing_trusted",
        """select distinct account from marks where mark = 'trust' and holds
           and account not in (select account from standing_me)""",
    )
    me, trusted = "(select account from standing_me)", "(select account from standing_trusted)"
    define_named(tables, name="standing_named", only=f"n.recommender in {trusted}")
    parts = (
        _exchanged(me),
        _followed(f"actor in {me}", "followed", "0::BIGINT"),
        _known(trusted),
        _AUTOMATED,
    )
    return tables.arrow(
        f"{' union all '.join(f'({part})' for part in parts)} order by tie, account, through, since_us"
    )


def _exchanged(me: str) -> str:
    return f"""
        with done as (
            select actor, target, happened_at from acts a
            where exact and actor <> target and (actor in {me} or target in {me}) and {is_among(ANSWERING)}
              and {seen_by_all("a.via")}
        ), weeks as (
            select case when actor in {me} then target else actor end as account, actor in {me} as hers,
                   {WEEK} as week, min(epoch_us(happened_at)) as at_us
            from done group by 1, 2, 3
        ), grown as (
            select account, hers, at_us, row_number() over (partition by account, hers order by at_us) as weeks from weeks
        )
        select account, 'exchanged' as tie, max(at_us) as since_us, {NEVER} as until_us, 0::BIGINT as through
        from grown where weeks = {LEAST_WEEKS} group by account having count(*) = 2"""


def _followed(who: str, tie: str, through: str) -> str:
    """Follows until they were taken back; one whose time is not known was there all along, as far as anybody knows."""
    return f"""
        select target as account, '{tie}' as tie, since_us, until_us, through from (
            select target, kind, at_us as since_us, {through} as through,
                   coalesce(lead(at_us) over (partition by actor, target order by at_us, kind), {NEVER}) as until_us
            from (select actor, target, kind,
                         case when exact or kind = 'unfollow' then epoch_us(happened_at) else {BEGINNING} end as at_us
                  from acts where {who} and kind in ('follow', 'unfollow') and actor <> target)
        ) where kind = 'follow' and since_us < until_us"""


def _known(trusted: str) -> str:
    return f"""
        {_followed(f"actor in {trusted}", "known", "actor")}
        union all
        select account, 'known', min(at_us), {NEVER}, through from (
            select target as account, actor as through, epoch_us(happened_at) as at_us from acts a
            where actor in {trusted} and actor <> target and exact and {is_among(ANSWERING)} and {seen_by_all("a.via")}
            union all
            select account, recommender, epoch_us(happened_at) from standing_named where recommender in {trusted}
        ) group by account, through"""


_AUTOMATED = f"""
    select account, 'automated' as tie, since_us, until_us, 0::BIGINT as through from (
        select coalesce(p.person, s.account) as account, automated, epoch_us(happened_at) as since_us,
               coalesce(lead(epoch_us(happened_at)) over (partition by s.account order by happened_at), {NEVER}) as until_us
        from sightings s left join persons p on p.account = s.account where automated is not null
    ) where automated and since_us < until_us"""
