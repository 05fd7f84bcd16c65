"""Comparison: the owner beside a few accounts she looks up to, by public figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import DAY_US
from leumund.measures.follow_friday.board import define_board, define_places
from leumund.measures.follow_friday.boards import board_named, define_on_board, leave_out_nogo
from leumund.measures.follow_friday.votes import define_votes
from leumund.measures.named import week_of
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.register import as_us
from leumund.store.tables import Tables

MOST = 5
_POSTS_DAYS = 91  # in which a network's counts of posts are compared
_LEAST_DAYS = 7  # between two such counts
_VOTES_WEEKS = 26
_ENOUGH = 0.8  # of the responses a network counted must have been seen, or the responders are unknown


def comparison(
    tables: Tables, *, with_: Sequence[int] = (), days: int = 28, without_nogo: bool = False
) -> Result:
    """The owner beside up to five accounts: what everybody can see of them, side by side.

    Args:
        with_: the accounts to compare with, at most five.
        days: in which responders are counted; at least 1. without_nogo: places on the board without those on the no-go list.
    Gives: account, followers (the last counts told, all accounts of a person together), posts (a week: the growth of
        the network's own count over the last 13 weeks; of the owner, where that is not told, those in this lab),
        recommenders (people, in 26 weeks) and place on the board of all (None: not on it), responders (different
        people within the days: of the owner; of others only where this lab saw at least eight tenths of the
        responses their networks counted).
    Edges: None is unknown, never 0. Nothing is added up into a score: these are different things.
    Source: ours.
    """
    if days < 1:
        raise UsageError(_("days must be at least 1, not {value}.").format(value=days))
    others = list(dict.fromkeys(p for a in with_ if (p := tables.person_of(a)) != tables.own))
    if len(others) > MOST:
        raise UsageError(_("A comparison is with {most} accounts at most, not {count}.").format(
            most=MOST, count=len(others)))  # fmt: skip
    whose = ([] if tables.own is None else [tables.own]) + others
    tables.bring("compared_rows", pa.table({"account": pa.array(whose, pa.int64())}))
    tables.define("compared", "select * from compared_rows")
    _define_accounts(tables)
    found = [
        _counts(tables),
        _posts(tables),
        _votes(tables, without_nogo=without_nogo),
        _responders(tables, days),
    ]
    rows = [
        {"account": key} | {k: v for part in found for k, v in part.get(key, {}).items()} for key in whose
    ]
    table = pa.Table.from_pylist([dict.fromkeys(_SHAPE.names) | row for row in rows], _SHAPE)
    return Result(rows=table, notes=_notes(tables, others, days))


Part = dict[int, dict[str, Any]]


def _define_accounts(tables: Tables) -> None:
    """Keep `compared_accounts` (account, person): sightings are of single accounts."""
    tables.define(
        "compared_accounts",
        """select coalesce(p.account, c.account) as account, c.account as person
           from compared c left join persons p on p.person = c.account""",
    )


def _part(tables: Tables, query: str) -> Part:
    """Rows of a query by their account, without what is null."""
    rows = tables.arrow(query).to_pylist()
    return {r["account"]: {k: v for k, v in r.items() if k != "account" and v is not None} for r in rows}


def _counts(tables: Tables) -> Part:
    return _part(
        tables,
        """with last as (
               select account, arg_max(followers, happened_at) as followers, max(happened_at) as seen
               from by_account.sightings where followers is not null
                 and account in (select account from compared_accounts) group by account
           )
           select c.person as account, sum(followers)::BIGINT as followers, min(seen)::DATE as seen
           from last join compared_accounts c using (account) group by 1""",
    )


def _posts(tables: Tables) -> Part:
    """Posts a week by the network's count; else, of the owner, by what this lab holds."""
    now = as_us(tables.as_of)
    told = _part(
        tables,
        f"""with spans as (
                select account, max(posts) - min(posts) as more,
                       (epoch_us(max(happened_at)) - epoch_us(min(happened_at))) / {DAY_US} as days
                from by_account.sightings
                where posts is not null and exact and epoch_us(happened_at) > {now - _POSTS_DAYS * DAY_US}
                  and account in (select account from compared_accounts) group by account
            )
            select c.person as account, sum(more / days * 7)::DOUBLE as posts
            from spans join compared_accounts c using (account) where days >= {_LEAST_DAYS} group by 1""",
    )
    mine = _part(
        tables,
        f"""select account, count(*) / 4.0::DOUBLE as posts from posts
            where exact and account in (select account from own) and epoch_us(happened_at) > {now - 28 * DAY_US}
            group by account""",
    )
    return mine | told


def _votes(tables: Tables, *, without_nogo: bool) -> Part:
    define_votes(tables)
    define_board(tables, half_life_weeks=4.0)
    define_on_board(tables, board_named("all"))
    if without_nogo:
        leave_out_nogo(tables)
    define_places(tables)
    since = week_of(tables) - _VOTES_WEEKS
    return _part(
        tables,
        f"""select account, rank as place,
                   (select count(distinct recommender) from ff_votes v
                    where v.account = b.account and week > {since}) as recommenders
            from ff_placed b where account in (select account from compared)""",
    )


def _responders(tables: Tables, days: int) -> Part:
    """Different people who responded: of the owner, and of those of whom this lab saw nearly all responses."""
    since = as_us(tables.as_of) - days * DAY_US
    return _part(
        tables,
        f"""with acted as (
                select * from acts where exact and epoch_us(happened_at) > {since} and actor <> target
                  and kind not in ('follow', 'unfollow') and target in (select account from compared)
            ), told as (
                select account, list(post) as posts,
                       sum(coalesce(likes, 0) + coalesce(reshares, 0) + coalesce(replies, 0)) as n
                from posts where exact and epoch_us(happened_at) > {since}
                  and account in (select account from compared)
                  and coalesce(likes, reshares, replies) is not null group by account
            ), seen as (
                select t.account, t.n, (select count(*) from acted a where list_contains(t.posts, a.post)) as m from told t
            )
            select target as account, count(distinct actor) as responders from acted
            where target in (select account from own)
               or target in (select account from seen where n > 0 and m >= {_ENOUGH} * n)
            group by target""",
    )


def _notes(tables: Tables, others: Sequence[int], days: int) -> tuple[Note, ...]:
    text = N_(
        "Followers as of the day beside them; posts of the last {post_weeks} weeks; recommended by in the last {vote_weeks} weeks;"
        " responses of the last {days} days, up to {moment}."
    )
    spans = {"post_weeks": _POSTS_DAYS // 7, "vote_weeks": _VOTES_WEEKS, "days": days, "moment": tables.as_of}
    notes = [Note(N_("Public figures only; what no source told is unknown, not 0.")), Note(text, spans)]
    if tables.own is None:
        notes.append(NOBODY_IS_OWNER)
    if not others:
        text = N_(
            "With whom? Name up to five accounts you look up to: leumund show comparison --with @name@server"
        )
        notes.insert(0, Note(text))
    return tuple(notes)


_SHAPE = pa.schema(
    {
        "account": pa.int64(), "followers": pa.int64(), "posts": pa.float64(), "recommenders": pa.int64(),
        "place": pa.int64(), "responders": pa.int64(), "seen": pa.date32(),
    }
)  # fmt: skip

MEASURE = Measure(
    name="comparison",
    topic="recommendations",
    title=N_("Beside those you look up to"),
    question=N_("How do I stand beside a few accounts I look up to?"),
    shape="table",
    columns=(
        Column(name="account", kind="account", title=N_("Account")),
        Column(name="followers", kind="whole", title=N_("Followers"), optional=True),
        Column(name="posts", kind="number", title=N_("Posts a week"), optional=True),
        Column(name="recommenders", kind="whole", title=N_("Recommended by"), unit=N_("people"), optional=True,
               nothing=N_("nobody known")),
        Column(name="place", kind="whole", title=N_("Place on the board of all"), optional=True, nothing=N_("not on the board")),
        Column(name="responders", kind="whole", title=N_("People who responded"), optional=True),
        Column(name="seen", kind="day", title=N_("Followers counted on"), optional=True),
    ),
    order=("-followers", "account"),
    compute=comparison,
    facts=("recommendations",),
    private=True,
    reference=N_("Our own: figures that everybody can see, side by side and added up into nothing."),
)  # fmt: skip
