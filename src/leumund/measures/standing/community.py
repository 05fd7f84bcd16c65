"""Standing in a community's lab: whom the trusted answer, pass on and recommend, and whom those do, and so on.

    p = 1/2 * seeds + 1/2 * P'p;   standing = |seeds| / (1/2) * p

seeds: the accounts that the operator trusts (`leumund trust`). P: who did what costs something towards whom (reply 2,
reshare and quote 3, recommendation 4) in the 52 weeks before, each one's acts adding up to 1. Of what one does towards
one other in a week no more than 50 acts count: more are no closer tie. A bare follow or like is no sign. Standing is made
anew each Monday, from the weeks before: no act of this week weighs itself.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from leumund.errors import UsageError
from leumund.locale import N_
from leumund.measures import Note
from leumund.measures.named import define_ever_named
from leumund.measures.public import seen_by_all
from leumund.measures.standing.personal import Flags, Indices, Numbers, Personal, found, personal
from leumund.measures.standing.searched import distinct, places
from leumund.measures.standing.ties import NEVER
from leumund.measures.weeks import WEEK, week_at, week_start
from leumund.measures.worth import ANSWERING, BASE, COSTLY, base_value, is_among
from leumund.store.tables import Tables

if TYPE_CHECKING:
    from leumund.graph import Graph

# SciPy's graphs are read in where standing is reckoned: on most days it is known already
ALPHA = 0.5
_KEPT = 8  # vectors
WEEKS = 52
A_WEEKS_ACTS = 50
"""Of more acts than these, by one towards one other in one week, each counts less in proportion."""
WORTH = {kind: BASE[kind] for kind in COSTLY}
TOLERANCE = 1e-13
"""Of the sum of all errors, so that it does not show in any score where the steps began."""

_NO_SEEDS = N_(
    "Nobody has standing yet: this community has no trusted accounts. Say them with: leumund trust ACCOUNT"
)


@dataclass
class Community:
    """Everybody's standing, week by week. keys: of the people in the graph, sorted.

    source, target (places in the keys), weight and week: the acts of each week between two people, in order of week.
    until: the first week of whose graph they are no part any more, since a year is over or they were deleted before.
    """

    keys: Indices
    source: Indices
    target: Indices
    weight: Numbers
    week: Indices
    until: Indices
    marks: Personal
    kind: Literal["community"] = "community"
    begun: Numbers | None = None
    """An earlier answer, in the order of the keys, to begin with; edges may have been taken away since."""
    _graph: tuple[int, Flags, Graph] | None = None  # week, who was left out, the graph of the weeks before
    _last: tuple[bytes, Numbers] | None = None  # seeds, p
    _made: dict[tuple[int, bytes], Numbers] = field(default_factory=dict)

    @property
    def known_since(self) -> int | None:
        """Since when the operator trusts anybody; None where she never did."""
        return self.marks.earliest("trust")

    def notes(self) -> tuple[Note, ...]:
        """What must be said where there are no seeds."""
        return () if self.known_since is not None else (Note(_NO_SEEDS),)

    def at(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Numbers:
        """The standing of these people: 0 or more, 1 is what trust alone gives. marks_us: the marks as of then."""
        return found(self.keys, keys, self.everybody(moment_us, marks_us=marks_us))

    def barred(self, keys: Indices, moment_us: int, *, marks_us: int | None = None) -> Flags:
        """Who is on the no-go list or a robot by her own word."""
        return self.marks.barred(keys, moment_us, marks_us=marks_us)

    def turn(self, moment_us: int, *, marks_us: int | None = None) -> tuple[int, int, int]:
        """What all standing depends on: two moments with the same turn give the same."""
        return (week_at(moment_us), *self.marks.turn(moment_us, marks_us=marks_us))

    def everybody(self, moment_us: int, *, marks_us: int | None = None) -> Numbers:
        """The standing of all, in the order of the keys."""
        week = week_at(moment_us)
        seeds, barred = self._seeds(week, moment_us if marks_us is None else marks_us)
        if not len(seeds):
            return np.zeros(len(self.keys))
        made = week, seeds.tobytes() + barred.tobytes()
        if made not in self._made:
            if len(self._made) > _KEPT:
                self._made.clear()
            from leumund.graph import reach, standing

            graph = self._of_week(week, barred)
            start = (
                self._last[1] if self._last is not None and self._last[0] == seeds.tobytes() else self.begun
            )
            ranks = standing(graph, seeds, alpha=ALPHA, tolerance=TOLERANCE, start=start)
            if start is self.begun is not None:  # what lost its last lender must fall to exactly 0
                ranks.p[~reach(graph, seeds).accounts] = 0.0
            self._last = (seeds.tobytes(), ranks.p)
            tau = len(seeds) / ALPHA * ranks.p
            tau[barred] = 0.0
            self._made[made] = tau
        return self._made[made]

    def last(self) -> Numbers | None:
        """The last answer, to begin the next with; None where there was none."""
        return None if self._last is None else self._last[1]

    def reached(self, moment_us: int) -> tuple[float | None, float | None]:
        """What share of accounts and of ties the trusted accounts can see at all; None where there are none."""
        from leumund.graph import reach

        week = week_at(moment_us)
        seeds, barred = self._seeds(week, moment_us)
        found = reach(self._of_week(week, barred), seeds)
        return found.account_share, found.edge_share

    def _seeds(self, week: int, marks_us: int) -> tuple[Indices, Flags]:
        """The trusted accounts, as places in the keys, and who is left out of that week's graph; nobody is both."""
        trusted = self.marks.trusted(marks_us)
        at = np.searchsorted(self.keys, trusted)  # keys are many and sorted: `isin` would sort them again
        there = at < len(self.keys)
        there[there] = self.keys[at[there]] == trusted[there]
        seeds = at[there]
        barred = self.marks.barred(self.keys, week_start(week))
        return seeds[~barred[seeds]], barred

    def _of_week(self, week: int, barred: Flags) -> Graph:
        """The graph of the weeks before one; from that of the week before it where this is at hand."""
        graph = self._moved(week, barred)
        if graph is None:
            first, last = np.searchsorted(self.week, [week - WEEKS, week])
            there = np.arange(first, last)
            graph = self._plus(None, there[self.until[there] > week], 1.0, barred)
            self._last = None  # what flowed along edges that are no more must not be gone on from
        self._graph = (week, barred, graph)
        return graph

    def _moved(self, week: int, barred: Flags) -> Graph | None:
        """The graph at hand, moved on to this week; None where that cannot be done, or is no less work."""
        if self._graph is None or not np.array_equal(self._graph[1], barred):
            return None
        begun, _barred, graph = self._graph
        if not begun <= week < begun + WEEKS // 4:
            return None
        try:
            for w in range(begun, week):
                came = np.arange(*np.searchsorted(self.week, [w, w + 1]))
                graph = self._plus(graph, came[self.until[came] > w + 1], 1.0, barred)
                ended = np.arange(*np.searchsorted(self.until, [w + 1, w + 2], sorter=self._by_end))
                left = self._by_end[ended]
                graph = self._plus(graph, left[self.week[left] < w], -1.0, barred)
        except UsageError:  # beside a huge weight a small one was rounded away: it cannot be taken off again
            return None
        return graph

    @cached_property
    def _by_end(self) -> Indices:
        return np.argsort(self.until, kind="stable")

    def _plus(self, graph: Graph | None, rows: Indices, sign: float, barred: Flags) -> Graph:
        from leumund.graph import Graph

        source, target, weight = self.source[rows], self.target[rows], self.weight[rows]
        kept = ~barred[source]
        parts = source[kept], target[kept], sign * weight[kept], len(self.keys)
        return Graph.of(*parts) if graph is None else graph.plus(*parts)


def community(tables: Tables) -> Community:
    """What a community's lab knows of everybody."""
    define_ever_named(tables, name="standing_named")
    define_edges(tables)
    rows = tables.arrow("select * from standing_edges order by week, actor, target, until_us")
    return community_of(rows, personal(tables))


def define_edges(tables: Tables, *, first: int | None = None, last: int | None = None) -> None:
    """Keep `standing_edges` (actor, target, week, until_us, weight): who did what costs something towards whom.

    first, last: only these weeks. Needs `standing_named`.
    """
    when, weeks = "true", "true"
    if first is not None and last is not None:
        when = f"happened_at >= make_timestamp({week_start(first)}) and happened_at < make_timestamp({week_start(last + 1)})"
        weeks = f"week between {first} and {last}"
    with tables.with_gone() if tables.has_deletions else nullcontext():
        gone = "gone_at" if tables.has_deletions else "null::TIMESTAMP"
        tables.define(
            "standing_edges",
            f"""select actor, target, week, until_us, any_value(part) * sum(weight)::DOUBLE as weight from (
                    select *, least(1, {A_WEEKS_ACTS} / sum(times) over (partition by actor, target, week)) as part from (
                        select actor, target, {WEEK} as week, {base_value(ANSWERING)} * "count" as weight,
                               "count" as times, coalesce(epoch_us({gone}), {NEVER}) as until_us
                        from acts a
                        where exact and actor <> target and {is_among(ANSWERING)} and {when} and {seen_by_all("a.via")}
                        union all
                        select recommender, account, week, {WORTH["endorse"]}, 1, max(coalesce(epoch_us(gone_at), {NEVER}))
                        from standing_named where {weeks} group by all
                    )
                ) group by all""",
        )


def community_of(rows: pa.Table, marks: Personal) -> Community:
    """The standing that these edges give: actor, target, week, until_us, weight, in order of week."""
    actor, target = (rows[name].to_numpy().astype(np.int64, copy=False) for name in ("actor", "target"))
    keys = distinct(np.concatenate([actor, target, marks.keys]))
    week, until_us = (rows[name].to_numpy().astype(np.int64, copy=False) for name in ("week", "until_us"))
    until = (
        np.minimum(week + WEEKS, week_at(until_us)) + 1
    )  # a deletion counts from the next Monday, as all else
    return Community(
        keys=keys, source=places(keys, actor), target=places(keys, target),
        weight=rows["weight"].to_numpy().astype(np.float64, copy=False), week=week, until=until,
        marks=marks,
    )  # fmt: skip
