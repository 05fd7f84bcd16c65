"""What the last posts of each account are, one fact after the other: the evidence from which all of conduct is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leumund.facts.likeness import NEAR, normalised, within
from leumund.facts.links import registrable
from leumund.measures.conduct import features, score
from leumund.measures.conduct.limits import KINDS, Kind, Limit, interval
from leumund.measures.conduct.similar import Similar, similar_posts
from leumund.measures.conduct.sureness import Posts, reach
from leumund.measures.conduct.told import (
    accounts_told,
    batches,
    counted_in,
    define_posts,
    define_told,
    rows_of,
)
from leumund.measures.left_out import define_left_out
from leumund.store.register import as_us
from leumund.store.tables import Tables

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FACTS = ("links", "manners", "wordings", "thanks")


_NO_POSTS = pa.schema({"post": pa.string(), "happened_at": pa.timestamp("us"), "text": pa.string()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """accounts: keys of people, sorted; posts: how many originals of each were looked at; counts: of these, by kind.

    points: as log odds, 0 an average account (see `score`); told: the features they are made from. posts_of: the posts themselves: post, account (a place in
    `accounts`), happened_at, text, and one flag for each kind; none where everybody was asked about. known: how many posts of each.
    similar: what the similar ones are similar to, by post. few: accounts with too few posts; listed, trusted, robots: who is on
    the no-go list, whom the owner trusts, and who says itself that it is automated.
    """

    accounts: Whole
    posts: Numbers
    counts: dict[Kind, Numbers]
    points: Numbers
    posts_of: pa.Table
    similar: dict[str, Similar]
    told: dict[str, Numbers]
    known: Whole
    few: int
    listed: Flags
    trusted: Flags
    robots: Flags

    def bounds(self, kind: Kind) -> tuple[Numbers, Numbers]:
        """The 90 % interval of each account's share."""
        return interval(self.counts[kind], self.posts)

    @property
    def has_any(self) -> Flags:
        """Of whom at least one post is evidence of anything; thanks are evidence of nothing."""
        found = [self.counts[kind] > 0 for kind in KINDS if kind != "thanks"]
        return np.asarray(np.logical_or.reduce(found), np.bool_)

    @property
    def proposable(self) -> Flags:
        """Who may be proposed at all: nobody listed, trusted, or a robot that says so and counts for nothing anyway."""
        return ~(self.listed | self.trusted | self.robots)

    def passed(self, limits: Sequence[Limit]) -> list[list[Limit]]:
        """The limits that each account's evidence lies beyond, those the owner said first first."""
        found: list[list[Limit]] = [[] for _ in range(len(self.accounts))]
        for limit in limits:
            for at in np.flatnonzero(limit.is_passed(*self.bounds(limit.kind))):
                found[int(at)].append(limit)
        return found


def evidence(tables: Tables, *, only: int | None = None) -> Evidence:
    """The evidence about everybody but the owner of whom at least five posts are known that all may see; or about one.

    An original is a post that is not another's words ("RT @..."). A repetition is like another post of the same author
    (likeness .7 or more), both among the last hundred; thanks, greetings and replies are none.
    """
    few = define_posts(tables, only)
    found = {s.post: s for s in similar_posts(tables)}
    define_told(tables)
    accounts, often = accounts_told(tables)
    parts = [_of_some(tables, accounts[of], found) for of in batches(often)]
    listed, trusted, robots = _marks(tables, accounts)
    profile = _profile(tables, accounts)
    told = {n: _joined([part.told[n] for part in parts]) for n in features.POSTS}
    curves, size = score.shipped(), len(accounts)
    shown = [part.posts_of for part in parts] if only is not None else []
    return Evidence(
        accounts=accounts, posts=_joined([part.posts for part in parts]),
        counts={k: _joined([part.counts[k] for part in parts]) for k in KINDS},
        points=score.total(curves.posts, told, size) + score.total(curves.profile, profile, size),
        posts_of=pa.concat_tables(shown) if shown else _NO_POSTS.empty_table(), similar=found,
        told={**told, **{f"profile {n}": f for n, f in profile.items()}}, few=few,
        known=often, listed=listed, trusted=trusted, robots=robots,
    )  # fmt: skip


def reach_of(tables: Tables, found: Evidence, places: Whole) -> Numbers:
    """By how much the points of these accounts may be off (see `sureness`); after `evidence`, whose posts are still kept."""
    off = np.zeros(len(places))
    order = np.argsort(places)
    of_whom = places[order]
    for of in batches(found.known[of_whom]):
        some = of_whom[of]
        rows, author = rows_of(tables, found.accounts[some], ("account", *features.NEEDED))
        made_of = Posts(
            author=author, counted=counted_in(rows), same_site=found.told["same_site"][some], alike=found.told["alike"][some]
        )  # fmt: skip
        off[order[of]] = reach(made_of, np.arange(len(some)))
    return off


@dataclass(frozen=True, slots=True, kw_only=True)
class _Some:
    """What `Evidence` holds, of a part of the accounts."""

    posts: Numbers
    counts: dict[Kind, Numbers]
    told: dict[str, Numbers]
    posts_of: pa.Table


def _of_some(tables: Tables, accounts: Whole, similar: Mapping[str, Similar]) -> _Some:
    rows, author = rows_of(tables, accounts, ("post", "account", "happened_at", "text", "domains", "thanked", *features.NEEDED))  # fmt: skip
    size, counted = len(accounts), counted_in(rows)
    thanked = np.asarray(rows["thanked"].to_numpy(zero_copy_only=False), np.bool_)
    domains = rows["domains"].to_pylist()
    alike = within(author, _Normalised(rows["text"]), size)
    own = counted["reshare"] <= 0
    is_similar = pc.is_in(rows["post"], pa.array(list(similar), pa.string()))
    kinds = kinds_of(
        counted, alike.likest, thanked,
        homepage=_to_homepage(tables, accounts, author, domains), similar=np.asarray(is_similar.to_numpy(), np.bool_),
    )  # fmt: skip
    shown = rows.select(["post", "happened_at", "text"]).append_column("account", pa.array(author))
    for kind in KINDS:
        shown = shown.append_column(kind, pa.array(kinds[kind]))

    def sums(flags: Flags) -> Numbers:
        return np.bincount(author, flags.astype(np.float64), minlength=size).astype(np.float64)

    return _Some(
        posts=sums(own), counts={kind: sums(flags) for kind, flags in kinds.items()},
        told=features.of_posts(author, size, counted, features.sites(author, size, domains), alike.mean),
        posts_of=shown.append_column("original", pa.array(own)),
    )  # fmt: skip


def _joined(parts: list[Numbers]) -> Numbers:
    return np.concatenate(parts)


class _Normalised(Sequence[str]):
    """Texts, each normalised when it is asked for: all of them at once would be held twice."""

    def __init__(self, texts: pa.ChunkedArray) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: Any) -> Any:
        return normalised(self._texts[at].as_py())


def kinds_of(
    counted: features.Counted, likest: Numbers, thanked: Flags, *, homepage: Flags, similar: Flags
) -> dict[Kind, Flags]:
    """What each post is, by kind. counted: as of `facts.manners`; likest: to another post of its author."""
    flag = {n: counted[n] > 0 for n in ("reply", "reshare", "greeting", "advert", "own", "only_link")}
    found: dict[Kind, Flags] = {
        "advert": flag["advert"],
        "self": flag["own"] | homepage,
        "bare": flag["only_link"],
        "repeat": (likest >= NEAR) & ~(flag["reply"] | flag["greeting"] | thanked),
        "similar": similar,
        "thanks": thanked,
    }
    return {kind: of & ~flag["reshare"] for kind, of in found.items()}


def _to_homepage(tables: Tables, accounts: Whole, author: Whole, domains: Sequence[Sequence[str]]) -> Flags:
    """Which posts lead to the site that stands in the author's profile as her own: a whole site, not a page on one."""
    linking = {int(accounts[a]) for a, found in zip(author.tolist(), domains, strict=True) if found}
    sites = {
        key: {s for one in told if (s := _site(one["url"]))} for key, told in tables.profiles(linking).items()
    }
    return np.array(
        [
            not sites.get(int(accounts[a]), set()).isdisjoint(found)
            for a, found in zip(author.tolist(), domains, strict=True)
        ],
        np.bool_,
    )


def _site(url: str | None) -> str:
    try:
        told = urlsplit(url or "")
    except ValueError:
        return ""
    return registrable((told.hostname or "").removeprefix("www.")) if told.path in ("", "/") else ""


def _profile(tables: Tables, accounts: Whole) -> dict[str, Numbers]:
    """What the last known counts of their profiles say; of somebody with several accounts that with most followers."""
    keys = pa.table({"account": accounts})
    tables.bring("co_accounts", keys)
    rows = tables.arrow(
        f"""with told as (
                select coalesce(p.person, s.account) as account,
                       arg_max(followers, happened_at) filter (where followers is not null) as followers,
                       arg_max(following, happened_at) filter (where following is not null) as following,
                       arg_max(posts, happened_at) filter (where posts is not null) as posts,
                       max(happened_at) as seen, min(created_at) as created
                from by_account.sightings s left join persons p on p.account = s.account
                where coalesce(p.person, s.account) in (select account from co_accounts) and epoch_us(happened_at) <= {as_us(tables.as_of)}
                group by s.account, p.person
            ), one as (
                select * from told qualify row_number() over (partition by account order by followers desc nulls last, seen desc) = 1
            )
            select a.account, followers::DOUBLE as followers, following::DOUBLE as following, posts::DOUBLE as posts,
                   (epoch_us(seen) - epoch_us(created)) / 86400e6 as age
            from co_accounts a left join one using (account) order by a.account"""
    )
    known = {
        n: np.asarray(rows[n].to_numpy(zero_copy_only=False), np.float64)
        for n in ("followers", "following", "posts", "age")
    }
    return features.of_profile(
        followers=known["followers"],
        following=known["following"],
        posts=known["posts"],
        age_days=known["age"],
    )


def _marks(tables: Tables, accounts: Whole) -> tuple[Flags, Flags, Flags]:
    """Who is on the no-go list, whom the owner trusts, and who says itself that it is a robot; now."""
    define_left_out(tables)
    rows = tables.sql(
        "select why, account from left_out union select mark, account from marked_now where mark = 'trust'"
    ).fetchall()
    listed, trusted, robots = (
        np.isin(accounts, np.array([a for m, a in rows if m == mark], np.int64))
        for mark in ("nogo", "trust", "automated")
    )
    return listed, trusted, robots
