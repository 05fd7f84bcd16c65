"""From posts to rates: which posts are compared, in which groups, what each could expect, what the groups are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.measures.resonance.groups import NO_TOPIC, Groups, Places, grouped
from leumund.measures.resonance.posts import Posts, posts_of
from leumund.measures.resonance.shrink import Shrunk, chance_of, chance_of_counts, scatter_of, shrink, sums_of
from leumund.measures.resonance.usual import YOUNG, usual_then
from leumund.store.tables import Tables

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """posts: those that are compared; the other arrays have one entry for each.

    complete: the share of the responses that is in; exposure: that times what was usual then and for its kind, so that the count to be
    expected is exposure times the usual rate. ripe: places of the posts that count (the others are too young).
    groups, shrunk: of the ripe posts; in `groups.at` are places in `posts`. shrunk: None where nothing came back.
    order: places of the groups, the best first. like_kind: the kind of posts that the usual rate is that of; None where
    it is that of all. unknown: see `Posts`.
    """

    posts: Posts
    complete: Numbers
    exposure: Numbers
    ripe: Places
    groups: Groups
    shrunk: Shrunk | None
    order: tuple[int, ...]
    like_kind: str | None
    unknown: int

    @property
    def young(self) -> int:
        """How many posts are too young to count."""
        return int(self.posts.rows.num_rows) - len(self.ripe)

    def members(self, group: int) -> Places:
        """The places of the posts in a group."""
        found: Places = self.groups.at[self.groups.of == group]
        return found


def take(tables: Tables, *, by: str, days: int, zone: tzinfo) -> Taken:
    """Compare the owner's posts of these days by one property; replies to others only where kinds are compared.

    Few see a reply to somebody else: beside the other posts it would make its hour and its tag look poor. For the
    same reason posts are held against what is usual for their kind, where it is not kinds or single posts that are
    compared.
    """
    found = posts_of(tables, days)
    posts = found if by == "kind" else _without_replies(found)
    counts = posts.responders
    complete = posts.curve.complete(posts.ages)
    exposure, like_kind = _expected(tables, posts, complete, by, zone)
    ripe = np.flatnonzero(complete >= YOUNG)
    groups = _of_these(grouped(tables, posts, by, zone), ripe)
    shrunk = _shrunk(counts, exposure, groups, by) if counts[ripe].sum() else None
    return Taken(
        posts=posts, complete=complete, exposure=exposure, ripe=ripe, groups=groups, shrunk=shrunk,
        order=_order(groups, shrunk), like_kind=like_kind, unknown=found.unknown,
    )  # fmt: skip


def _expected(
    tables: Tables, posts: Posts, complete: Numbers, by: str, zone: tzinfo
) -> tuple[Numbers, str | None]:
    """What each post could expect, over the usual rate: by its age, its time and its kind; and the kind that is 1.

    That is the kind to which most responses came; None where kinds make no difference.
    """
    counts = posts.responders
    if not counts.sum():
        return complete, None
    then = complete * usual_then(counts, complete, posts.at_us)
    if by in ("kind", "post"):
        return then, None
    kinds = grouped(tables, posts, "kind", zone)
    sums, spans = sums_of(counts, then, kinds.at, kinds.of, len(kinds.keys))
    of_kinds = shrink(sums, spans, scatter=scatter_of(counts, then, kinds.at, kinds.of, len(sums)))
    first = int(np.argmax(sums))
    like_its_kind = complete * (of_kinds.value / of_kinds.value[first])[kinds.of]
    return like_its_kind * usual_then(counts, like_its_kind, posts.at_us), kinds.titles[first]


def _without_replies(posts: Posts) -> Posts:
    rows = zip(posts.column("reply_to"), posts.column("mine"), strict=True)
    keep = np.array([parent is None or mine for parent, mine in rows], bool)
    return replace(posts, rows=posts.rows.filter(pa.array(keep, pa.bool_())), ages=posts.ages[keep])


def _of_these(groups: Groups, ripe: Places) -> Groups:
    """The groups that have ripe posts in them, and only these posts."""
    kept = np.isin(groups.at, ripe)
    there, of = np.unique(groups.of[kept], return_inverse=True)
    return Groups(
        keys=tuple(groups.keys[i] for i in there.tolist()), titles=tuple(groups.titles[i] for i in there.tolist()),
        at=groups.at[kept], of=of.astype(np.int64),
    )  # fmt: skip


def _shrunk(counts: Numbers, exposure: Numbers, groups: Groups, by: str) -> Shrunk:
    # the same posts throughout, in the order of time: what chance deals out is the same on every machine
    there, at = np.unique(groups.at, return_inverse=True)
    y, e, n = counts[there], exposure[there], len(groups.keys)
    if by == "post":
        return shrink(y[at], e[at], chance=chance_of_counts(y, e))
    scatter = scatter_of(y, e, at, groups.of, n)
    sums, spans = sums_of(y, e, at, groups.of, n)
    return shrink(sums, spans, scatter=scatter, chance=chance_of(y, e, at, groups.of, n))


def _order(groups: Groups, shrunk: Shrunk | None) -> tuple[int, ...]:
    """By the lower bound: what is surely good goes before what may be better. What is no topic comes after them all."""
    places = range(len(groups.keys))
    if shrunk is None:
        return tuple(sorted(places, key=lambda g: groups.keys[g]))
    low, value = shrunk.low, shrunk.value
    return tuple(
        sorted(places, key=lambda g: (groups.keys[g] in NO_TOPIC, -low[g], -value[g], groups.keys[g]))
    )
