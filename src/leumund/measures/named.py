"""Who recommended whom, post by post: what the board, the influence, the courtesy and the standing all start from.

An account is a person here: whoever has several stands under one key (see `store.tables`). Weeks are numbered as
`measures.weeks` says.
"""

from __future__ import annotations

from leumund.measures.public import seen_by_all
from leumund.measures.weeks import WEEK, week_at
from leumund.store.register import as_us
from leumund.store.tables import Tables

# The old boards' Friday: Thursday 12:00 to Saturday 12:00 UTC, when it is Friday somewhere.
_FRIDAY = "isodow(happened_at + interval 12 hour) in (5, 6)"


def week_of(tables: Tables) -> int:
    """The number of the ISO week in which `as_of` lies."""
    return week_at(as_us(tables.as_of))


def define_named(
    tables: Tables, *, only: str = "true", fridays_only: bool = False, name: str = "ff_named",
    since_us: int | None = None,
) -> None:  # fmt: skip
    """Keep `ff_named`, or a table of another name: every recommendation of somebody in one post, but not of oneself.

    Columns: post, recommender, account (the recommended), happened_at, week, reason_given, reason, network. From
    posts read as a vote and from acts of the kind endorse; where the post of such an act was read too, it counts
    only if it was read as a vote. Only what everybody may see, and only where the time is known.

    only: SQL condition on `recommender` and `account`, for those who need but a part. since_us: only what happened since
    then, of posts of which nothing earlier was read (see `Tables.show_since`).
    """
    when = f"and {_FRIDAY}" if fridays_only else ""
    read = "recommendations"
    if since_us is not None:
        tables.show_since("recommendations", since_us)
        read, when = "recommendations_since", f"{when} and happened_at >= make_timestamp({since_us})"
    tables.define(
        "ff_told",
        f"select via, act, actor, target, happened_at, network from acts where kind = 'endorse' and exact {when}",
    )
    told = tables.arrow("select count(*) as n from ff_told")["n"][0].as_py()
    tables.define(
        name,
        f"""select post, recommender, account, happened_at, {WEEK} as week, reason_given, reason, network
            from (
                select post, account as recommender, unnest(endorsed) as account, happened_at,
                       coalesce(reason_given, false) as reason_given, coalesce(reason, '') as reason, network
                from {read}
                where class = 'vote' and visibility in ('public', 'unlisted') and exact {when}
                {_TOLD if told else ""}
            ) n
            where recommender <> account and ({only})""",
    )


def define_ever_named(tables: Tables, *, only: str = "true", name: str = "ff_named") -> None:
    """The same with one column more, gone_at: when the post was deleted (TIMESTAMP), null for what is still there.

    What was deleted is there within `tables.with_gone()` alone.
    """
    if not tables.has_deletions:
        define_named(tables, only=only, name=f"{name}_told")
        tables.define(name, f"select *, null::TIMESTAMP as gone_at from {name}_told")
        return
    with tables.with_gone():
        define_named(tables, only=only, name=f"{name}_told")
        tables.define(
            name,
            f"""select n.*, g.gone_at from {name}_told n left join (
                    select post, min(gone_at) as gone_at from (
                        select post, gone_at from posts union all
                        select coalesce(via, act), gone_at from acts where kind = 'endorse'
                    ) where post is not null and gone_at is not null group by post
                ) g on g.post = n.post""",
        )


_TOLD = f"""
    union all
    select coalesce(via, act), actor, target, happened_at, false, null, network
    from ff_told e
    where {seen_by_all("e.via")}
      and not exists (select 1 from recommendations r where r.post = e.via
                      and (r.class <> 'vote' or r.visibility not in ('public', 'unlisted')))"""
