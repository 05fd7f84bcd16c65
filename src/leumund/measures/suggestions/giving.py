"""Who gave much to the owner and got little back, and who of them may be recommended at all."""

from __future__ import annotations

from leumund.measures.days import DAY_US
from leumund.measures.left_out import define_left_out
from leumund.measures.named import define_named
from leumund.measures.public import seen_by_all
from leumund.measures.weeks import WEEK_US
from leumund.measures.worth import base_value, is_among
from leumund.store.register import as_us
from leumund.store.tables import Tables

KINDS = ("endorse", "reshare", "quote", "reply", "mention", "like")
HALF_LIFE_DAYS = 28
AGAIN_AFTER_WEEKS = 8  # the same person is not suggested sooner


def define_giving(tables: Tables, *, days: int) -> None:
    """Keep `su_acts` and `su_people`, for everybody who did something towards the owner in these days.

    su_acts: account, mine (whether the owner did it, towards account), kind, happened_at, worth (of its kind, fading
    with a half-life of four weeks), post, via. A recommendation is worth its share of the list of that post, and one
    that the owner's post did is no mention besides. Only what everybody could see.
    su_people: account, given, returned, endorse ... like (how many they did), last (when the owner last
    recommended them), past (how often she did, halved every 28 days).
    """
    now = as_us(tables.as_of)
    me = "(select account from own)"
    define_named(tables, name="su_every")
    tables.define("su_lists", "select post, count(*) as named from su_every group by post")
    tables.define(
        "su_named",
        f"""select n.*, 1 / coalesce(named, 1) as share from su_every n left join su_lists using (post)
            where account in {me} or recommender in {me}""",
    )
    tables.define(
        "su_acts",
        f"""with told as (
                select recommender as actor, account as target, 'endorse' as kind, happened_at, share, post, post as via
                from su_named
                union all
                select actor, target, kind, happened_at, "count"::DOUBLE, post, via from acts a
                where exact and {is_among(KINDS[1:])} and (actor in {me}) <> (target in {me})
                  and {seen_by_all("a.via")}
                  and not exists (select 1 from su_named n where n.post = a.via and n.recommender = a.actor)
            )
            select case when actor in {me} then target else actor end as account, actor in {me} as mine, kind,
                   happened_at, post, via,
                   {base_value(KINDS)} * share * pow(2, (epoch_us(happened_at) - {now}) / {HALF_LIFE_DAYS * DAY_US}.0)
                   as worth
            from told where epoch_us(happened_at) > {now - days * DAY_US}""",
    )
    counts = ", ".join(
        f"count(*) filter (where kind = '{kind}' and not mine) as \"{kind}\"" for kind in KINDS
    )
    tables.define(
        "su_people",
        f"""with gave as (
                select account, coalesce(sum(worth) filter (where not mine), 0) as given,
                       coalesce(sum(worth) filter (where mine), 0) as returned, {counts}
                from su_acts where account not in {me} group by account
                having count(*) filter (where not mine) > 0
            ), hers as (
                select account, max(happened_at) as last,
                       sum(pow(2, (epoch_us(happened_at) - {now}) / {HALF_LIFE_DAYS * DAY_US}.0)) as past
                from su_named where recommender in {me} group by account
            )
            select g.*, h.last, coalesce(h.past, 0) as past from gave g left join hers h using (account)""",
    )


def define_barred(tables: Tables) -> None:
    """Keep `su_barred` (account, why): who is never to be suggested; needs `su_people`. For a person one account is enough."""
    now = as_us(tables.as_of)
    define_left_out(tables)
    tables.define(
        "su_barred",
        f"""with sighted as (
                select coalesce(p.person, s.account) as account,
                       arg_max(locked, happened_at) filter (where locked is not null) as locked,
                       arg_max(limited, happened_at) filter (where limited is not null) as limited,
                       arg_max(featurable, happened_at) filter (where featurable is not null) as featurable
                from by_account.sightings s left join persons p on p.account = s.account
                group by s.account, p.person
            )
            select account, why from left_out
            union all select account, 'closed' from sighted where locked or limited or featurable = false
            union all select account, 'lately' from su_people
            where epoch_us(last) > {now - AGAIN_AFTER_WEEKS * WEEK_US}""",
    )
