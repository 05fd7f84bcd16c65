"""Who follows at a moment, and what was known of each then: facts first, signs for the model beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.measures.audience.features import Profile, Written, signs_of
from leumund.measures.days import DAY_US
from leumund.store.labels import TELLING
from leumund.store.register import as_us
from leumund.store.tables import Tables

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SILENT_DAYS = (90, 180)
MANY_FOLLOWED, LEAST_RATIO, MOST_RATIO = 1000, 0.8, 1.25
_ENOUGH_SEEN = 10  # posts and reshares, to say how many are originals
_TOLD_BY = 0.05  # where so many have a text, who has none left it empty
_POSTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is so, is not so, or is not known, of each follower."""

    is_so: Flags
    is_known: Flags

    @property
    def people(self) -> int:
        return int(self.is_so.sum())

    @property
    def known(self) -> int:
        return int(self.is_known.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The followers at a moment, each person once: keys and, in the same order, what is known of them."""

    keys: tuple[int, ...]
    rows: tuple[dict[str, Any], ...]
    facts: dict[str, Fact] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)


def audience_at(tables: Tables, at: datetime) -> Audience:
    """Who follows the owner at a moment, and the facts of each: automated, silent, follow_back, seen.

    Whoever followed and is not known to have left follows. Of somebody with several accounts that follow, the one seen
    last is looked at; silent is she only if none of her accounts is known to have done anything.
    """
    define_followers(tables, at)
    rows = tables.arrow(_FACTS, now=as_us(at)).to_pylist()
    found = Audience(keys=tuple(r["person"] for r in rows), rows=tuple(rows))
    now = as_us(at)
    found.facts["declared_automated"] = _fact([r["automated"] for r in rows])
    for days in SILENT_DAYS:
        found.facts[f"silent_{days}_days"] = _fact([_is_silent(r, now, days * DAY_US) for r in rows])
    found.facts["follow_back_pattern"] = _fact([_follows_back(r) for r in rows])
    return found


def define_followers(tables: Tables, at: datetime) -> None:
    """Keep `au_followers`: account, person, since (when it began to follow, where that is certain), of those who follow then."""
    tables.define(
        "au_followers",
        f"""with told as (
                select actor, target, epoch_us(happened_at) as at_us, exact, kind from by_account.acts
                where kind in ('follow', 'unfollow') and target in (select account from by_account.own)
                  and actor not in (select account from by_account.own) and epoch_us(happened_at) <= {as_us(at)}),
            last as (
                select actor, target, max_by(kind, at_us::HUGEINT * 2 + (kind = 'unfollow')::INTEGER) as kind,
                       max(at_us) filter (kind = 'follow' and exact) as since
                from told group by actor, target)
            select actor as account, coalesce(p.person, actor) as person, min(since) as since
            from last left join main.persons p on p.account = actor where kind = 'follow' group by all""",
    )


_FACTS = """
    with seen as (
        select s.account, epoch_us(s.happened_at) as at_us, s.followers, s.following, s.posts, s.automated,
               epoch_us(s.created_at) as created
        from by_account.sightings s semi join au_followers f on f.account = s.account
        where epoch_us(s.happened_at) <= $now),
    latest as (
        select account, max(at_us) as seen_at, max_by(followers, at_us) filter (followers is not null) as followers,
               max_by(following, at_us) filter (following is not null) as following,
               max_by(posts, at_us) filter (posts is not null) as posts,
               max_by(automated, at_us) filter (automated is not null) as automated, min(created) as created
        from seen group by account),
    counted as (select account, at_us, posts, lag(posts) over w as before, lag(at_us) over w as before_at
                from seen where posts is not null window w as (partition by account order by at_us)),
    moved as (select account, max(before_at) filter (before <> posts) as moved_after,
                     coalesce(max(at_us) filter (before <> posts), min(at_us)) as still_since, max(at_us) as still_until
              from counted group by account),
    done as (
        select account, max(at_us) as at_us from (
            select actor as account, epoch_us(happened_at) as at_us from by_account.acts where exact
            union all select account, epoch_us(happened_at) from by_account.posts where exact) d
        where at_us <= $now and account in (
            select account from au_followers
            union all select p.account from main.persons p where p.person in (select person from au_followers))
        group by account),
    resharing as (select actor as account, count(*) as n from by_account.acts
                  where kind = 'reshare' and epoch_us(happened_at) <= $now group by actor),
    writing as (select account, count(*) as n from by_account.posts where epoch_us(happened_at) <= $now group by account),
    active as (select coalesce(p.person, d.account) as person, max(at_us) as active_at
               from done d left join main.persons p on p.account = d.account group by 1),
    each as (
        select f.person, f.account, l.* exclude (account), m.* exclude (account), w.n as originals, r.n as reshares,
               row_number() over (partition by f.person order by l.seen_at desc nulls last, f.account) as nth,
               bool_or(l.automated) over (partition by f.person) as any_automated
        from au_followers f left join latest l on l.account = f.account left join moved m on m.account = f.account
             left join writing w on w.account = f.account left join resharing r on r.account = f.account)
    select e.* exclude (nth, automated, any_automated), any_automated as automated, a.active_at
    from each e left join active a on a.person = e.person where nth = 1 order by e.person
"""


def _fact(values: list[bool | None]) -> Fact:
    return Fact(
        is_so=np.array([v is True for v in values], bool),
        is_known=np.array([v is not None for v in values], bool),
    )


def _is_silent(row: dict[str, Any], now: int, span: int) -> bool | None:
    """Whether nothing was done for that long; None where nobody can tell.

    It was silent where the number of its posts stayed the same for so long, up to when it was seen last; or where it
    is that old and has none. It was not where it did something since, or its number of posts changed.
    """
    active = row["active_at"]
    if active is not None and now - active <= span:
        return False
    if row["moved_after"] is not None and now - row["moved_after"] <= span:
        return False
    until = row["still_until"]
    if until is None:
        return None
    began = row["still_since"]
    if row["posts"] == 0 and row["created"] is not None:
        began = min(began, row["created"])
    if active is not None:
        began = max(began, active)
    return True if until - began > span else None


def _follows_back(row: dict[str, Any]) -> bool | None:
    """The pattern of an account that follows thousands to be followed back, and says little itself."""
    followers, following = row["followers"], row["following"]
    if followers is None or following is None:
        return None
    if following <= MANY_FOLLOWED or not LEAST_RATIO < followers / following < MOST_RATIO:
        return False
    originals, reshares = row["originals"] or 0, row["reshares"] or 0
    if originals + reshares >= _ENOUGH_SEEN:
        return bool(originals < reshares)
    return None if row["posts"] is None else bool(row["posts"] < following)


def signs_at(tables: Tables, audience: Audience) -> Numbers:
    """The signs of each follower, as `features` reads them; unknown is NaN."""
    profiles = tables.profiles(audience.keys)
    written = _written(tables)
    texts = {n: [_told(profiles.get(k, []), r["account"], n) for k, r in _pairs(audience)] for n in _TEXTS}
    for name, values in texts.items():
        if name != "handle" and sum(bool(v) for v in values) >= _TOLD_BY * len(values):
            texts[name] = [
                "" if v is None and r["seen_at"] is not None else v
                for v, r in zip(values, audience.rows, strict=True)
            ]
    found = []
    for i, row in enumerate(audience.rows):
        age = None
        if row["created"] is not None and row["seen_at"] is not None:
            age = max(0.0, (row["seen_at"] - row["created"]) / DAY_US)
        found.append(
            Profile(
                followers=row["followers"], following=row["following"], posts=row["posts"], age_days=age,
                written=written.get(row["account"], ()), **{n: texts[n][i] for n in _TEXTS},
            )
        )  # fmt: skip
    return signs_of(found)


_TEXTS = ("handle", "name", "bio", "place", "url")


def _pairs(audience: Audience) -> list[tuple[int, dict[str, Any]]]:
    return list(zip(audience.keys, audience.rows, strict=True))


def _told(profiles: list[dict[str, Any]], account: int, name: str) -> str | None:
    """What the account says there; where the one looked at is not among them, another of the same person."""
    mine = sorted(profiles, key=lambda p: p.get("key") != account)
    value = next((p.get(name) for p in mine if p.get(name) is not None), None)
    return None if value is None else str(value)


def _written(tables: Tables) -> dict[int, list[Written]]:
    """The latest posts of each that everybody could see, in order of time."""
    rows = tables.sql(
        """select account, text, case when exact then epoch_us(happened_at) / 1e6 end, reply_to is not null
           from by_account.posts p semi join au_followers f on f.account = p.account
           where visibility in ('public', 'unlisted') and text is not null
           qualify row_number() over (partition by account order by happened_at desc, post) <= $most
           order by account, happened_at, post""",
        most=_POSTS,
    ).fetchall()
    found: dict[int, list[Written]] = {}
    for account, text, at, reply in rows:
        found.setdefault(account, []).append(Written(text, at, reply))
    return found


def labels_of(tables: Tables) -> dict[int, bool]:
    """What the owner said last of each whom she labelled: whether automated; who cannot be told is not in it."""
    rows = tables.sql(
        "select account, last(answer order by said_at, answer) from labels where answer <> 'later' group by account"
    ).fetchall()
    return {account: TELLING[answer] for account, answer in rows if answer in TELLING}
