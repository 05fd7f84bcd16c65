"""Standing in a community's lab: whom the trusted answer, pass on and recommend, and whom those do, and so on.

    p = 1/2 * seeds + 1/2 * P'p;   standing = |seeds| / (1/2) * p

seeds: the accounts that the operator trusts (`leumund trust`). P: who did what costs something towards whom (reply 2,
reshare and quote 3, recommendation 4) in the 52 weeks before, each one's acts adding up to 1. Of what one does towards
one other in a week no more than 50 acts count: more are no closer tie. A bare follow or like is no sign. Standing is made
anew each Monday, from the weeks before: no act of this week weighs itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
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
_IN_MEMORY = 4_000_000
"""So many edges at most are put together in memory where there is a folder for more."""
_AT_ONCE = 1_000_000
Places: TypeAlias = npt.NDArray[np.int32]
WEEKS = 52
A_WEEKS_ACTS = 50
"""Of more acts than these, by one towards one other in one week, each counts less in proportion."""
WORTH = {kind: BASE[kind] for kind in COSTLY}
TOLERANCE = 1e-13
"""Of the sum of all errors, so that it does not show in any score where the steps began."""

NO_SEEDS = N_(
    "Nobody has standing yet: this community has no trusted accounts. Say them with: leumund trust ACCOUNT"
)


@dataclass
class Community:
    """Everybody's standing, week by week. keys: of the people in the graph, sorted.

    source, target (places in the keys), weight and week: the acts of each week between two people, in order of week.
    cut, until: those of them (rising) that were deleted before a year was over, and the first week of whose graph they are no part.
    folder: where what grows with the acts lies in files; None: in memory.
    """

    keys: Indices
    source: Places
    target: Places
    weight: Numbers
    week: Places
    cut: Indices
    until: Indices
    marks: Personal
    folder: Path | None = None
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
        return () if self.known_since is not None else (Note(NO_SEEDS),)

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
            graph = self._anew(week, barred)
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
                came = self._holding(*self._of_weeks(w, w + 1), w + 1)
                graph = graph.plus(*self._edges(came, barred), len(self.keys))
                source, target, weight = self._edges(self._ended(w + 1), barred)
                graph = graph.plus(source, target, -weight, len(self.keys))
        except UsageError:  # beside a huge weight a small one was rounded away: it cannot be taken off again
            return None
        return graph

    def _anew(self, week: int, barred: Flags) -> Graph:
        """The graph of the weeks before one, from all their edges."""
        from leumund.graph import Graph

        first, last = self._of_weeks(week - WEEKS, week)

        def pieces() -> Iterator[tuple[Places, Places, Numbers]]:
            for begun in range(first, last, _AT_ONCE):
                yield self._edges(self._holding(begun, min(begun + _AT_ONCE, last), week), barred)

        if self.folder is not None and last - first > _IN_MEMORY:
            return Graph.in_files(self.folder, pieces, len(self.keys))
        return Graph.of(*self._edges(self._holding(first, last, week), barred), len(self.keys))

    def _of_weeks(self, first: int, last: int) -> tuple[int, int]:
        """Where the edges of these weeks, without the last, begin and end."""
        begin, end = np.searchsorted(self.week, np.array([first, last], self.week.dtype))
        return int(begin), int(end)

    def _holding(self, first: int, last: int, week: int) -> Indices:
        """Of the edges first to last - 1, all of weeks of the year before, those that are part of this week's graph."""
        low, high = np.searchsorted(self.cut, [first, last])
        return np.delete(np.arange(first, last), self.cut[low:high][self.until[low:high] <= week] - first)

    def _ended(self, week: int) -> Indices:
        """The edges that are part of the graph of the week before this one, and no more of this one's."""
        first, last = self._of_weeks(week - 1 - WEEKS, week - WEEKS)
        low, high = np.searchsorted(self.cut, [first, last])
        a_year_over = np.delete(np.arange(first, last), self.cut[low:high] - first)
        deleted = self.cut[self.until == week]
        return np.concatenate([a_year_over, deleted[self.week[deleted] < week - 1]])

    def _edges(self, rows: Indices, barred: Flags) -> tuple[Places, Places, Numbers]:
        source = self.source[rows]
        if not (left := barred[source]).any():
            return source, self.target[rows], self.weight[rows]
        rows = rows[~left]
        return source[~left], self.target[rows], self.weight[rows]


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


def community_of(rows: pa.Table, marks: Personal, *, folder: Path | None = None) -> Community:
    """The standing that these edges give: actor, target, week, until_us, weight, in order of week.

    folder: where all that grows with the acts is put, in files (see `graph.files`); None: into memory.
    """
    from leumund.graph import files

    keys = distinct(marks.keys)
    for batch in rows.to_batches():
        for name in ("actor", "target"):
            keys = _with_all(keys, _whole(batch, name))

    def column(kind: type[np.generic]) -> npt.NDArray[Any]:
        return np.empty(rows.num_rows, kind) if folder is None else files.empty(folder, rows.num_rows, kind)

    source, target, week, weight = (column(k) for k in (np.int32, np.int32, np.int32, np.float64))
    cut, until = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    begun = 0
    for batch in rows.to_batches():
        here = slice(begun, begun + batch.num_rows)
        source[here], target[here] = (places(keys, _whole(batch, n)) for n in ("actor", "target"))
        week[here], weight[here] = batch["week"].to_numpy(), batch["weight"].to_numpy()
        whole_year = week[here].astype(np.int64) + WEEKS
        until_us: Any = _whole(batch, "until_us")
        last = np.minimum(whole_year, week_at(until_us))
        early = np.flatnonzero(last < whole_year)
        cut.append(early + begun)
        until.append(last[early] + 1)  # a deletion counts from the next Monday, as all else
        begun += batch.num_rows
    return Community(
        keys=keys, source=source, target=target, weight=weight, week=week, cut=np.concatenate(cut),
        until=np.concatenate(until), marks=marks, folder=folder,
    )  # fmt: skip


def _with_all(keys: Indices, more: Indices) -> Indices:
    """Sorted keys and these, each once."""
    more = distinct(more)
    at = np.searchsorted(keys, more)
    new = at == len(keys)
    new[~new] = keys[at[~new]] != more[~new]
    return np.insert(keys, at[new], more[new]) if new.any() else keys


def _whole(batch: pa.RecordBatch, name: str) -> npt.NDArray[Any]:
    return batch[name].to_numpy().astype(np.int64, copy=False)  # type: ignore[no-any-return]
