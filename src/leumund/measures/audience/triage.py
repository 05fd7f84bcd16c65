"""Whom the owner is asked about next while she goes through her followers, and what she is shown of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from leumund.ids import display_handle
from leumund.measures.audience.model import shipped
from leumund.measures.audience.prevalence import WANTED, next_asked, strata_of
from leumund.measures.audience.who import Audience, audience_at, signs_at
from leumund.store.labels import ANSWERS, TELLING
from leumund.store.tables import Tables

_POSTS = 2


@dataclass(frozen=True, slots=True)
class Triage:
    """A sitting. found: the followers; order: whom to ask about, by key; told: how many were answered how so far."""

    found: Audience
    order: list[int]
    told: Mapping[str, int]

    @property
    def labels(self) -> int:
        """Answers that say what an account is."""
        return sum(n for answer, n in self.told.items() if answer in TELLING)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "followers": len(self.found),
            "wanted": WANTED,
            "labels": self.labels,
            "answers": {answer: self.told.get(answer, 0) for answer in ANSWERS},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What everybody can see of an account, as strangers wrote it; nothing that a model says of it. None: not known."""

    uri: str
    name: str
    handle: str
    followers: int | None
    following: int | None
    posts: int | None
    words: tuple[str, ...]
    recent: tuple[str, ...]


def triage_at(tables: Tables, at: datetime) -> Triage:
    """The followers at that moment, whom to ask about in which order, and what was answered."""
    found = audience_at(tables, at)
    last = dict(
        tables.sql(
            "select account, last(answer order by said_at, answer) from labels group by account"
        ).fetchall()
    )
    told = Counter(last[key] for key in found.keys if key in last)
    if not len(found):
        return Triage(found, [], told)
    others = np.flatnonzero(~found.facts["declared_automated"].is_so)
    keys = [found.keys[i] for i in others]
    answered = np.array([last.get(k) in TELLING for k in keys], bool)
    seen = np.array([last.get(k, "later") != "later" for k in keys], bool)
    sums = shipped().sums(signs_at(tables, found)[others])
    order = next_asked(keys, strata_of(sums), answered, seen)
    put_off = [k for k in order if last.get(k) == "later"]
    return Triage(found, [*(k for k in order if last.get(k) != "later"), *put_off], told)


def seen_of(tables: Tables, sitting: Triage, key: int) -> Seen:
    """What she is shown of one of them."""
    row = sitting.found.rows[sitting.found.keys.index(key)]
    known = tables.profiles([key]).get(key, [])
    profile = next(
        (p for p in known if p.get("key") == row["account"]),
        known[0] if known else {"uri": str(row["account"])},
    )
    handle = profile.get("handle")
    recent = tables.sql(
        """select text from by_account.posts where account = $account and visibility in ('public', 'unlisted')
           order by happened_at desc, post limit $most""",
        account=row["account"],
        most=_POSTS,
    ).fetchall()
    return Seen(
        uri=profile["uri"],
        name=str(profile.get("name") or ""),
        handle="@" + str(handle).lstrip("@") if handle else display_handle(profile["uri"]),
        followers=row["followers"],
        following=row["following"],
        posts=row["posts"],
        words=tuple(str(t) for t in (profile.get("bio"), profile.get("place"), profile.get("url")) if t),
        recent=tuple(str(text or "") for (text,) in recent),
    )
