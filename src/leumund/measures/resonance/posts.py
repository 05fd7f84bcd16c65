"""The owner's posts and who responded to them: people, each once per post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.measures.days import DAY_US, check_days
from leumund.measures.left_out import define_left_out
from leumund.measures.public import seen_by_all
from leumund.measures.resonance.usual import Curve, Moments, curve_of
from leumund.store.register import as_us
from leumund.store.tables import Tables

MOST_DAYS = 3660
KINDS = ("like", "reshare", "reply")
"""What networks count of a post. Quotes are responses too, but hardly any network tells how many."""

_ALL = "('like', 'reshare', 'reply', 'quote')"
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """The owner's public posts of these days, oldest first.

    rows: no, post, network, text, at_us, reply_to, mine (it goes on under a post of her own), quote_of, names (somebody is
    named in it), responders, seen_KIND (acts that were seen), told_KIND (the network's own count, null where it does not tell).
    ages: microseconds at as_of. curve: how fast responses come.
    unknown: posts left out, since nobody tells what came back: older than the first one on their network to which a
    response is known. counted_later: whether the networks' counts may be younger than as_of.
    """

    rows: pa.Table
    ages: Moments
    curve: Curve
    unknown: int
    counted_later: bool

    def column(self, name: str) -> list[Any]:
        """One column as Python values."""
        values: list[Any] = self.rows[name].to_pylist()
        return values

    @property
    def responders(self) -> Numbers:
        """Distinct responders of each post."""
        return np.asarray(self.rows["responders"].to_numpy(), np.float64)

    @property
    def at_us(self) -> Moments:
        """When each was written, microseconds since 1970."""
        return np.asarray(self.rows["at_us"].to_numpy(), np.int64)


def posts_of(tables: Tables, days: int) -> Posts:
    """Read the owner's posts and what came back; keeps re_posts, re_responses (see `_RESPONSES`) and left_out.

    A responder is a person who liked, reshared, answered or quoted the post in public; not the owner herself,
    nobody on the no-go list and no robot by its own word.

    Raises:
        UsageError: the days are too few or too many.
    """
    check_days(days, MOST_DAYS)
    now = as_us(tables.as_of)
    define_left_out(tables)
    tables.define(
        "re_posts",
        f"""select row_number() over (order by happened_at, post) - 1 as no, post, url, account, network, text,
                   epoch_us(happened_at) as at_us, epoch_us(known_at) as known_us, reply_to, quote_of,
                   reply_to is not null and coalesce(reply_to_account = account, reply_to in (
                       select post from posts q where q.account in (select account from own))) as mine,
                   len(list_filter(coalesce(mentions, []), lambda x: x <> account)) > 0
                       or regexp_matches(coalesce(text, ''), '(^|\\s)[@＠]\\w') as names,
                   likes, reshares, replies
            from posts where account in (select account from own) and exact and visibility in ('public', 'unlisted')
              and epoch_us(happened_at) > {now - days * DAY_US}""",
    )
    tables.define("re_responses", _RESPONSES)
    counts = ", ".join(
        f"coalesce(sum(times) filter (where kind = '{kind}'), 0)::BIGINT as seen_{kind}" for kind in KINDS
    )
    told = "likes as told_like, reshares as told_reshare, replies as told_reply"
    rows = tables.arrow(
        f"""with came as (
                select post, count(distinct actor) filter (where counts) as responders, {counts}
                from re_responses group by post
            )
            select no, post, url, network, coalesce(text, '') as text, at_us, known_us, reply_to, mine, quote_of, names, {told},
                   coalesce(responders, 0) as responders,
                   {", ".join(f"coalesce(seen_{kind}, 0) as seen_{kind}" for kind in KINDS)}
            from re_posts left join came using (post) order by no"""
    )
    first = tables.arrow(
        """select min(at_us) as delay, any_value(post_us) as post_us from (
               select r.post, r.actor, epoch_us(r.happened_at) - p.at_us as at_us, p.at_us as post_us
               from re_responses r join re_posts p using (post) where r.counts and r.exact
           ) group by post, actor"""
    )
    delays, written = (np.asarray(first[c].to_numpy(), np.int64) for c in ("delay", "post_us"))
    kept = _since_something_is_told(rows)
    counted = rows.filter(pc.is_valid(rows["told_like"])) if rows.num_rows else rows
    latest = max(counted["known_us"].to_pylist(), default=now)
    left = rows.filter(pa.array(kept, pa.bool_()))
    return Posts(
        rows=left,
        ages=now - np.asarray(left["at_us"].to_numpy(), np.int64),
        curve=curve_of(delays, now - written),
        unknown=rows.num_rows - left.num_rows,
        counted_later=latest > now,
    )


def _since_something_is_told(rows: pa.Table) -> list[bool]:
    """Which posts are not older than the first one on their network to which a response is known."""
    since: dict[str, int] = {}
    listed = list(zip(*(rows[c].to_pylist() for c in ("network", "at_us", "responders")), strict=True))
    for network, at_us, responders in listed:
        if responders:
            since.setdefault(network, at_us)  # rows come oldest first
    return [network in since and at_us >= since[network] for network, at_us, _n in listed]


def _written(by: str, kind: str) -> str:
    """Responses that are known as posts, whether or not a source told the act too."""
    return f"""select {by}, account, '{kind}', happened_at, exact, post, 1 from posts
               where {by} in (select post from re_posts) and visibility in ('public', 'unlisted')"""


_RESPONSES = f"""
    with told as (
        select post, actor, kind, happened_at, exact, coalesce(via, act, actor::VARCHAR) as with_, "count" as times
        from acts a where kind in {_ALL} and post in (select post from re_posts) and {seen_by_all("a.via")}
        union all {_written("reply_to", "reply")}
        union all {_written("quote_of", "quote")}
    )
    select post, actor, kind, coalesce(min(happened_at) filter (exact), min(happened_at)) as happened_at,
           bool_or(exact) as exact, with_, max(times) as times, actor not in (select account from left_out) as counts
    from told where actor not in (select account from own) group by post, actor, kind, with_
"""
"""post, actor (a person's key), kind, happened_at, exact, with_, times, counts (whether the actor is a responder)."""
