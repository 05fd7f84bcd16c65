"""The owner's posts and the acts towards her, found quickly: three tables for each state of the lab, asked page by page.

mine      post, at_us, exact, network, url, text, visibility, answers (whether it answers somebody), likes, reshares, replies
inbox     number, kind, actor (a person's key), network, at_us (microseconds since 1970), post (of the owner's), via (what it was done with)
came_back post, responders (people), seen_KIND (acts of that kind)
Pages are asked for by the time of their first row, not by counting: the hundredth costs what the first does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from leumund.measures.days import DAY_US
from leumund.measures.named import define_named
from leumund.store.tables import Tables
from leumund.web.deeds import DONE, SHORT
from leumund.web.page import whole_said
from leumund.web.sight import Sight

COUNTED = ("like", "reshare", "reply", "quote")
"""What comes back of a post."""
_AROUND_US = 2 * DAY_US
_MINE = "(select account from own)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: before (older than) or after (newer than) an act. at: microseconds; number: its own."""

    at: int
    number: int
    older: bool = True

    def written(self) -> str:
        """As it stands in an address."""
        return f"{self.at}.{self.number}"


def place_said(text: str, *, older: bool) -> Place | None:
    """The place an address names; None where it names none.

    >>> place_said("17.4", older=True)
    Place(at=17, number=4, older=True)
    """
    at, number = (whole_said(part) for part in text.partition(".")[::2])
    return None if at is None or number is None else Place(at=at, number=number, older=older)


def define_box(sight: Sight) -> None:
    """Keep `mine`, `inbox` and `came_back` for this state of the lab.

    Not in the inbox: what has no certain time, and who no longer follows.
    """
    sight.once("box", lambda: _define(sight.state.tables))


def _define(tables: Tables) -> bool:
    tables.define(
        "mine",
        f"""select post, epoch_us(happened_at) as at_us, exact, network, url, coalesce(text, '') as text, visibility,
                   reply_to is not null and coalesce(reply_to_account not in {_MINE}, true) as answers,
                   likes, reshares, replies
            from posts where account in {_MINE} order by at_us, post""",
    )
    define_named(tables, only=f"n.account in {_MINE}", name="inbox_named")
    kinds = ", ".join(f"'{kind}'" for kind in DONE if kind != "endorse")
    tables.define(
        "inbox",
        f"""with told as (
                select kind, actor, network, happened_at, post, via from acts
                where target in {_MINE} and actor not in {_MINE} and exact and kind in ({kinds})
                  and not (kind = 'mention' and via in (select post from inbox_named))
            ), came as (
                from told
                union all {_written("reply_to", "reply")}
                union all {_written("quote_of", "quote")}
                union all select 'endorse', recommender, network, happened_at, null, post from inbox_named
            )
            select row_number() over (order by happened_at, actor, kind, via, post) as number,
                   kind, actor, network, epoch_us(happened_at) as at_us, post, via
            from came order by number""",
    )
    counts = ", ".join(f"count(*) filter (where kind = '{k}') as seen_{k}" for k in COUNTED)
    tables.define(
        "came_back",
        f"""select post, count(distinct actor) as responders, {counts} from inbox
            where post is not null and kind in ({", ".join(f"'{k}'" for k in COUNTED)}) group by post""",
    )
    return True


def _written(by: str, kind: str) -> str:
    """SQL: answers that are known as posts, where no source told the act."""
    return f"""select '{kind}', account, network, happened_at, {by}, post from posts
               where {by} in (select post from mine) and account not in {_MINE} and exact
                 and post not in (select via from told where kind = '{kind}' and via is not null)"""


def page_of(
    tables: Tables,
    *,
    size: int,
    place: Place | None = None,
    until: int | None = None,
    kinds: Collection[str] = (),
    network: str = "",
    people: Collection[int] | None = None,
    post: str | None = None,
) -> list[dict[str, Any]]:
    """The newest acts that fit, newest first, at most `size`.

    until: not after that moment (microseconds). people: only theirs, by key. post: only what was done to that one.
    """
    where, given = _fitting(until, kinds, network, people, post)
    order = "desc"
    if place is not None:
        sign, order = ("<", "desc") if place.older else (">", "asc")
        where.append(
            f"at_us {sign}= {place.at} and (at_us {sign} {place.at} or number {sign} {place.number})"
        )
    names = ("number", "kind", "actor", "network", "at_us", "post", "via")
    rows = tables.sql(
        f"select {', '.join(names)} from inbox where {' and '.join(where)} order by number {order} limit {int(size)}",
        **given,
    ).fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return found if order == "desc" else found[::-1]


def _fitting(
    until: int | None,
    kinds: Collection[str],
    network: str,
    people: Collection[int] | None,
    post: str | None,
) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = ["true"]
    given: dict[str, Any] = {}
    if until is not None:
        where.append(f"at_us <= {int(until)}")
    if kinds:
        where.append("kind in (select unnest($kinds))")
        given["kinds"] = list(kinds)
    if network:
        where.append("network = $network")
        given["network"] = network
    if people is not None:
        where.append(f"actor in ({', '.join(str(int(k)) for k in people) or 'null'})")
    if post is not None:
        where.append("post = $post")
        given["post"] = post
    return where, given


def texts_of(tables: Tables, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the posts of some acts say, by URI: the owner's, and those with which something was done; for a few only: not.

    A post is looked for around the time of its act, which spares reading the rest.
    """
    if not rows:
        return {}
    wanted = pa.table(
        {"post": pa.array(sorted({p for r in rows for p in (r["post"], r["via"]) if p}), pa.string())}
    )
    tables.bring("box_wanted", wanted)
    times = [r["at_us"] for r in rows]
    found = tables.sql(
        f"""select post, substr(text, 1, {4 * SHORT}) from mine semi join box_wanted using (post)
            union all
            select post, any_value(substr(text, 1, {4 * SHORT})) from posts p semi join box_wanted using (post)
            where visibility in ('public', 'unlisted')
              and happened_at between make_timestamp({min(times) - _AROUND_US}) and make_timestamp({max(times) + _AROUND_US})
            group by post"""
    ).fetchall()
    return {post: text for post, text in found if text}


def place_of(row: dict[str, Any], *, older: bool) -> Place:
    """The place of an act."""
    return Place(at=row["at_us"], number=row["number"], older=older)
