"""Talk: replies given and received, with how many people, and in how many threads it went to and fro."""

from __future__ import annotations

from leumund.measures.days import DAY_US
from leumund.measures.public import seen_by_all
from leumund.store.register import as_us
from leumund.store.tables import Tables

Figures = dict[str, float | int | str | None]


def dialogue(tables: Tables, days: int) -> Figures:
    """Figures of the public replies of these days between the owner and others; needs re_posts and left_out.

    replies_given, replies_received; partners: people with whom there were both; answered_share: replies received that
    the owner replied to in her turn; dialogue_share: replies to others among her own public posts; threads: in how
    many she and one other person each replied to the other at least once. Replies of robots by their own word and of
    those on the no-go list are left out. None where there is nothing to divide by, or nobody said who the owner is.
    """
    names = ("replies_given", "replies_received", "partners", "threads", "answered_share", "dialogue_share")
    if tables.own is None:
        return dict.fromkeys(names)
    begins = as_us(tables.as_of) - days * DAY_US
    tables.define("re_replies", _replies(begins))
    ((given, received),) = tables.sql(
        "select count(*) filter (where mine), count(*) filter (where not mine) from re_replies"
    ).fetchall()
    ((partners,),) = tables.sql(
        """select count(*) from (select other from re_replies group by other
                                 having bool_or(mine) and not bool_and(mine))"""
    ).fetchall()
    ((known, answered),) = tables.sql(
        """select count(*), count(*) filter (where reply in (select parent from re_replies where mine))
           from re_replies where not mine and named"""
    ).fetchall()
    ((posts, replies),) = tables.sql(
        "select count(*), count(*) filter (where reply_to is not null and not mine) from re_posts"
    ).fetchall()
    return {
        "replies_given": int(given),
        "replies_received": int(received),
        "partners": int(partners),
        "threads": _threads(tables),
        "answered_share": answered / known if known else None,
        "dialogue_share": replies / posts if posts else None,
    }


def _replies(begins: int) -> str:
    """SQL: replies between the owner and others, each once.

    reply: the post, or something else that tells it apart; named: whether it is the post; parent; other: the other
    person; mine.
    """
    own = "(select account from own)"
    return f"""
        with told as (
            select coalesce(via, act, actor || ' ' || epoch_us(happened_at)) as reply, via is not null as named,
                   post as parent, actor, target
            from acts a where kind = 'reply' and exact and epoch_us(happened_at) > {begins} and actor <> target
              and {seen_by_all("a.via")}
            union all
            select post, true, reply_to, account, reply_to_account from posts
            where reply_to is not null and reply_to_account <> account and exact
              and visibility in ('public', 'unlisted') and epoch_us(happened_at) > {begins}
        )
        select reply, max(parent) as parent, actor in {own} as mine,
               case when actor in {own} then target else actor end as other, bool_or(named) as named
        from told where (actor in {own}) <> (target in {own})
          and (actor in {own} or actor not in (select account from left_out))
        group by reply, actor, target"""


def _threads(tables: Tables) -> int:
    """Threads in which the owner and one other person both replied to each other; a thread is known by its root."""
    rows = tables.sql("select reply, parent, other, mine from re_replies").fetchall()
    parents = {reply: parent for reply, parent, _other, _mine in rows if parent is not None}
    sides: dict[tuple[str, int], set[bool]] = {}
    for reply, _parent, other, mine in rows:
        sides.setdefault((_root(reply, parents), other), set()).add(mine)
    return len({root for (root, _other), both in sides.items() if len(both) == 2})


def _root(post: str, parents: dict[str, str]) -> str:
    """The post on which all others of a thread hang, as far as they are known; shortens the way for the next."""
    way = {post: None}
    while (
        above := parents.get(post)
    ) is not None and above not in way:  # a ring of replies is a fault, but no trap
        post = above
        way[post] = None
    way.pop(post)
    parents.update(dict.fromkeys(way, post))
    return post
