"""What was done for the owner and merits thanks, and what the owner did that may be an answer; and the other way round.

The same words serve both sides: `toward` is who was done good, the givers are all others. An account is a person here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from leumund.measures.left_out import define_left_out
from leumund.measures.named import define_named
from leumund.measures.public import seen_by_all
from leumund.store.tables import Tables

Merit = Literal["endorse", "reshare", "quote", "mention"]
MERITS: tuple[Merit, ...] = ("endorse", "reshare", "quote", "mention")
MOST_NAMED = 5  # whoever names more people at once has not singled anybody out
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An act that merits thanks. account: of the other person; post: where it was done, or what was reshared.

    on: the post of theirs that can be answered or liked, None for a reshare. argued: a reason was given.
    """

    account: int
    kind: Merit
    at: int
    post: str | None
    on: str | None
    argued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Something done towards a person that may answer. on: the post it was done to; by: what it was done with.

    thanks: it was read as a thank-you; of: the kinds of acts it thanks for, () where it does not say.
    """

    account: int
    kind: str
    at: int
    on: str | None = None
    by: str | None = None
    thanks: bool = False
    of: tuple[str, ...] = ()


def define_dues(tables: Tables, *, since: int) -> None:
    """Keep `cy_dues` (giver, taker, kind, moment, post, on_post, argued) between the owner and others, both ways.

    Not there: what somebody declared automated or on the no-go list did; what was for a few only; a mention inside a
    conversation, in a thank-you, in a list of many, or with a link from somebody who never did anything else.
    """
    mine = "(select account from own)"
    define_named(tables, only=f"n.account in {mine} or n.recommender in {mine}", name="cy_named")
    define_left_out(tables)
    between = f"(actor in {mine}) <> (target in {mine})"
    words = r"regexp_replace(p.text, '(https?://\S+)|([@#＃＠]\S+)|[^\pL\s]+', ' ', 'g')"
    tables.define(
        "cy_dues",
        f"""with given as (
                select recommender as giver, account as taker, 'endorse' as kind, happened_at, post, post as on_post,
                       reason_given as argued
                from cy_named
                union all
                select actor, target, kind, happened_at, case when kind = 'quote' then coalesce(via, post) else post end,
                       case when kind = 'quote' then via end, false
                from acts a where kind in ('reshare', 'quote') and exact and {between} and {seen_by_all("a.via")}
                union all
                select a.actor, a.target, 'mention', a.happened_at, a.via, a.via, false
                from acts a join posts p on p.post = a.via
                where a.kind = 'mention' and a.exact and {between} and p.visibility in ('public', 'unlisted')
                  and p.reply_to is null and p.reply_to_account is null and p.quote_of is null
                  and len(p.mentions) <= {MOST_NAMED}
                  and len(string_split_regex(trim({words}), '\\s+')) >= {FEWEST_WORDS}
                  and not exists (select 1 from recommendations r where r.post = a.via)
                  and not exists (select 1 from thanks t where t.post = a.via and t.class = 'thanks')
                  and (not contains(p.text, '://') or exists (select 1 from acts b where b.actor = a.actor
                       and b.target = a.target and b.kind in ('like', 'reshare', 'quote', 'endorse')))
            )
            select giver, taker, kind, epoch_us(happened_at) as moment, post, on_post, bool_or(argued) as argued
            from given where epoch_us(happened_at) > {since} and giver <> taker
              and giver not in (select account from left_out) and taker not in (select account from left_out)
            group by all""",
    )


def define_answers(tables: Tables, *, since: int) -> None:
    """Keep `cy_answers` (giver, taker, kind, moment, on_post, done_with, thanks, text): whatever may answer; needs `cy_dues`."""
    mine = "(select account from own)"
    between = f"(actor in {mine}) <> (target in {mine})"
    tables.define(
        "cy_thanks",
        f"""with said as (
                select post, account, happened_at, thanked from thanks where class = 'thanks' and exact
                union all
                select p.post, p.account, p.happened_at, p.mentions from posts p join recommendations r using (post)
                where r.class = 'thanks' and p.exact
                  and not exists (select 1 from thanks t where t.post = p.post and t.class = 'thanks')
            ), each as (select post, account as actor, happened_at, unnest(thanked) as target from said)
            select e.*, p.reply_to, lower(coalesce(p.text, '')) as text from each e left join posts p using (post)
            where {between} and epoch_us(e.happened_at) > {since}""",
    )
    tables.define(
        "cy_answers",
        f"""with done as (
                select actor as giver, target as taker, kind, happened_at, post as on_post, coalesce(via, act, post) as done_with,
                       via, false as thanks, '' as text
                from acts where kind in ('reply', 'like', 'reshare', 'quote', 'mention', 'endorse') and exact and {between}
                union all
                select recommender, account, 'endorse', happened_at, null, post, post, false, '' from cy_named
                union all
                select actor, target, 'thanks', happened_at, reply_to, post, post, true, text from cy_thanks
            )
            select giver, taker, kind, epoch_us(happened_at) as moment, on_post, done_with, thanks, text from done d
            where epoch_us(happened_at) > {since}
              and (thanks or not exists (select 1 from cy_thanks t where t.post = d.via and t.target = d.taker))""",
    )


def owed(tables: Tables, *, by_owner: bool = True) -> tuple[list[Due], list[Answer]]:
    """What the owner was done and how she answered; by_owner False: what she did for others and how they answered."""
    other, side = ("giver", "taker") if by_owner else ("taker", "giver")
    mine = "(select account from own)"
    rows = tables.sql(
        f"""select {other}, kind, moment, post, on_post, argued from cy_dues where {side} in {mine}
            order by moment, {other}, kind, post"""
    ).fetchall()
    dues = [Due(account=a, kind=k, at=t, post=p, on=o, argued=bool(r)) for a, k, t, p, o, r in rows]
    wanted = "taker" if by_owner else "giver"  # of an answer to what the other did, the other is the taker
    rows = tables.sql(
        f"""select {wanted}, kind, moment, on_post, done_with, thanks, text from cy_answers
            where {"giver" if by_owner else "taker"} in {mine}
              and {wanted} in (select {other} from cy_dues where {side} in {mine})
            order by moment, {wanted}, kind, done_with, on_post"""
    ).fetchall()
    answers = [
        Answer(account=a, kind=k, at=t, on=o, by=b, thanks=bool(said), of=thanked_for(text) if said else ())
        for a, k, t, o, b, said, text in rows
    ]
    return dues, answers


_FOR: dict[Merit, tuple[str, ...]] = {
    "endorse": ("#ff", "followfriday", "follow friday", "empfehl", "recommend", "shout"),
    "reshare": ("teilen", "geteilt", "rts", "retweet", "reshare", "boost", "weitersag", "weitergetragen", "weiterverbreit",
                "sharing", "shares", "repost", "fürs rt", "for the rt"),
    "quote": ("zitat", "zitier", "weiterdenk", "aufgreif", "ergänzung", "quote", "quoting"),
    "mention": ("erwähn", "mention", "nennung"),
}  # fmt: skip


def thanked_for(text: str) -> tuple[Merit, ...]:
    """The kinds of acts a thank-you says it is for; () where it does not say.

    >>> thanked_for("danke fürs teilen und für eure #ff"), thanked_for("danke!")
    (('endorse', 'reshare'), ())
    """
    return tuple(kind for kind in MERITS if any(word in text for word in _FOR[kind]))


def by_account(things: Iterable[Due]) -> dict[int, list[int]]:
    """Places in a list by whose they are."""
    places: dict[int, list[int]] = {}
    for place, thing in enumerate(things):
        places.setdefault(thing.account, []).append(place)
    return places
