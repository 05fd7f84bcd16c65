"""What tells that somebody is known: exchange with the owner, her follows, and the ties of those whom she trusts.

    exchanged   both answered, quoted or reshared the other, in at least three weeks each (a mention or a pasted list
                that one politely answers is no exchange)
    followed    the owner follows the account
    known       somebody trusted follows the account, or answered, passed on or recommended it
    automated   the account says itself that it is a robot

Each tie holds from one moment to another, and what told of it may be deleted; those of `known` also name the person (`through`) through whom it is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from leumund.measures.named import define_ever_named
from leumund.measures.public import seen_by_all
from leumund.measures.weeks import WEEK
from leumund.measures.worth import ANSWERING, is_among
from leumund.store.tables import Tables

TIES = ("exchanged", "followed", "known", "automated")
LEAST_WEEKS = 3
BEGINNING, NEVER = -(2**62), 2**62  # microseconds: since always, and never over


def ties_in(tables: Tables) -> pa.Table:
    """Every tie that was ever known: account (person's key), tie, since_us, until_us, through (0 for none), deleted
    (whether it ended because what told of it was deleted); in a fixed order.

    What was deleted counts until then: so a day has the standing of that day, whatever was deleted later.
    """
    tables.define(
        "standing_me", f"select {tables.own or 0}::BIGINT as account where {tables.own is not None}"
    )
    tables.define(
        "standing_trusted",
        """select distinct account from marks where mark = 'trust' and holds
           and account not in (select account from standing_me)""",
    )
    me, trusted = "(select account from standing_me)", "(select account from standing_trusted)"
    define_ever_named(tables, name="standing_named", only=f"n.recommender in {trusted}")
    with tables.with_gone() if tables.has_deletions else nullcontext():
        gone = "gone_at" if tables.has_deletions else "null::TIMESTAMP"
        tables.define("standing_exchange", _exchange(me, gone))
        parts = (
            _EXCHANGED,
            _followed(f"actor in {me}", "followed", "0::BIGINT", gone),
            _known(trusted, gone),
            _AUTOMATED,
        )
        ties = tables.arrow(" union all ".join(f"({part})" for part in parts))
        taken_back = tables.arrow(_TAKEN_BACK)
    ties = pa.concat_tables(
        [ties, pa.Table.from_pylist(list(_exchanged(taken_back.to_pylist())), ties.schema)]
    )
    return _in_order(ties)


def automated_in(tables: Tables) -> pa.Table:
    """Of these ties those of robots alone."""
    return _in_order(tables.arrow(_AUTOMATED))


def _in_order(ties: pa.Table) -> pa.Table:
    return ties.sort_by(
        [(name, "ascending") for name in ("tie", "account", "through", "since_us", "until_us")]
    )


def _exchange(me: str, gone: str) -> str:
    """Whom the owner answered, quoted or reshared, and who did so to her: account, hers (whether it was the owner)."""
    return f"""
        select case when actor in {me} then target else actor end as account, actor in {me} as hers, {WEEK} as week,
               epoch_us(happened_at) as at_us, coalesce(epoch_us({gone}), {NEVER}) as until_us
        from acts a where exact and actor <> target and (actor in {me} or target in {me}) and {is_among(ANSWERING)}
          and {seen_by_all("a.via")}"""


_EXCHANGED = f"""
    with weeks as (
        select account, hers, week, min(at_us) as at_us from standing_exchange
        where account not in (select account from standing_exchange where until_us < {NEVER}) group by all
    ), grown as (
        select account, hers, at_us, row_number() over (partition by account, hers order by at_us) as weeks from weeks
    )
    select account, 'exchanged' as tie, max(at_us) as since_us, {NEVER}::BIGINT as until_us, 0::BIGINT as through,
           false as deleted
    from grown where weeks = {LEAST_WEEKS} group by account having count(*) = 2"""
_TAKEN_BACK = f"""
    select * from standing_exchange
    where account in (select account from standing_exchange where until_us < {NEVER}) order by account"""


def _exchanged(acts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same where some of it was deleted: while both had three weeks each with something that was there."""
    for account, group in groupby(acts, key=itemgetter("account")):
        moments = sorted(
            (moment, step, act["hers"], act["week"])
            for act in group
            for moment, step in ((act["at_us"], 1), (act["until_us"], -1))
        )
        there: Counter[tuple[bool, int]] = Counter()
        since = None
        for moment, same in groupby(moments, key=itemgetter(0)):
            for _moment, step, hers, week in same:
                there[hers, week] += step
            weeks = Counter(hers for (hers, _week), count in there.items() if count > 0)
            holds = min(weeks[True], weeks[False]) >= LEAST_WEEKS
            if holds and since is None:
                since = moment
            elif since is not None and not holds:
                yield {"account": account, "tie": "exchanged", "since_us": since, "until_us": moment, "through": 0,
                       "deleted": moment < NEVER}  # fmt: skip
                since = None


def _followed(who: str, tie: str, through: str, gone: str) -> str:
    """Follows until they were taken back.

    One whose time is not known was there all along, as far as anybody knows: unless it was taken back before it was
    told of, or an earlier list of the same account's did not hold it. Then it counts from when it was told of.
    """
    before = "rows between unbounded preceding and 1 preceding"
    return f"""
        select target as account, '{tie}' as tie, since_us, least(until_us, gone_us) as until_us, through,
               gone_us < until_us as deleted
        from (
            select target, kind, at_us as since_us, gone_us, {through} as through,
                   coalesce(lead(at_us) over (partition by actor, target order by at_us, kind), {NEVER}) as until_us
            from (
                select actor, target, kind, coalesce(epoch_us({gone}), {NEVER}) as gone_us,
                       case when not exact and kind = 'follow' and happened_at <= interval 1 day +
                                min(happened_at) filter (not exact and kind = 'follow') over (partition by actor, network)
                             and not coalesce(bool_or(kind = 'unfollow') over
                                (partition by actor, target order by happened_at, kind {before}), false)
                            then {BEGINNING} else epoch_us(happened_at) end as at_us
                from acts where {who} and kind in ('follow', 'unfollow') and actor <> target
                  and (kind = 'follow' or {gone} is null)
            )
        ) where kind = 'follow' and since_us < least(until_us, gone_us)"""


def _known(trusted: str, gone: str) -> str:
    return f"""
        with told as (
            select target as account, actor as through, epoch_us(happened_at) as at_us,
                   coalesce(epoch_us({gone}), {NEVER}) as until_us from acts a
            where actor in {trusted} and actor <> target and exact and {is_among(ANSWERING)} and {seen_by_all("a.via")}
            union all
            select account, recommender, epoch_us(happened_at), coalesce(epoch_us(gone_at), {NEVER})
            from standing_named where recommender in {trusted}
        )
        {_followed(f"actor in {trusted}", "known", "actor", gone)}
        union all
        select account, 'known', min(at_us), {NEVER}::BIGINT, through, false from told where until_us = {NEVER}
        group by account, through
        union all
        select account, 'known', min(at_us), until_us, through, true from told where at_us < until_us and until_us < {NEVER}
        group by account, through, until_us"""


_AUTOMATED = f"""
    select account, 'automated' as tie, since_us, until_us, 0::BIGINT as through, false as deleted from (
        select coalesce(p.person, s.account) as account, automated, epoch_us(happened_at) as since_us,
               coalesce(lead(epoch_us(happened_at)) over (partition by s.account order by happened_at), {NEVER}) as until_us
        from sightings s left join persons p on p.account = s.account
        where automated is not null and s.account in (select account from sightings where automated)
    ) where automated and since_us < until_us"""
