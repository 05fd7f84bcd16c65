"""The graph: a large base, and beside it the few edges of the last days, so that a day does not cost a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from leumund.errors import UsageError
from leumund.graph import files
from leumund.graph.checks import LIGHTEST, check_sums, checked, kept
from leumund.graph.rows import Floats, Rows, Whole, times
from leumund.locale import _

_FRESH_SHARE = 1 / 8  # of the base: with more edges beside it, or taken out of it, the base is made anew
_AT_ONCE = 1 << 20  # edges looked at together
_CRUMB = 1e-9  # of an edge: what rounding may leave of one that was taken away in pieces


@dataclass(frozen=True)
class Graph:
    """Weighted edges source -> target between accounts 0 to size - 1. Made by `of`, `in_files` and `plus`, never changed.

    base, fresh: the edges, added up. given: the weight each account gave in all, 0 for who gave none.
    lightest: no edge is lighter. shrunk: edges were taken away since the graph was made by `of`; what nobody lends to any more may still
    have a standing in an older answer, so `standing` does not start from one.
    folder: where the base lies in files, and each that is made from it; None: in memory.
    """

    base: Rows
    fresh: Rows
    given: Floats
    lightest: float
    shrunk: bool = False
    folder: Path | None = None

    @classmethod
    def of(
        cls, source: npt.NDArray[Any], target: npt.NDArray[Any], weight: npt.NDArray[Any], size: int
    ) -> Self:
        """The graph of these edges, in any order. The same edge twice counts with both weights; acts towards
        oneself and weights of 0 are no edges.

        Raises UsageError for arrays that are no edges among `size` accounts.
        """
        new = checked(source, target, weight, size, least=0.0)
        base = Rows.of(new.source, new.target, new.weight, size, new.oneself)
        given = base.given()
        check_sums(given)
        return cls(base, _nothing(size), given, new.lightest)

    @classmethod
    def in_files(cls, folder: Path, pieces: Callable[[], Iterable[files.Piece]], size: int) -> Self:
        """The same from edges that come in pieces, the base in files of that folder: memory grows with the accounts alone.

        pieces: gives the edges, the same each time it is called. Raises UsageError as `of`, OSError where there is no room.
        """
        lightest = 1.0
        for piece in pieces():
            lightest = min(lightest, checked(*piece, size, least=0.0).lightest)
        base = files.rows_of(folder, pieces, size)
        given = base.given()
        check_sums(given)
        return cls(base, _nothing(size), given, lightest, folder=folder)

    @property
    def size(self) -> int:
        """The number of accounts, those without edges too."""
        return len(self.given)

    @cached_property
    def edges(self) -> int:
        """The number of pairs with an edge."""
        return self.edges_from(np.ones(self.size, np.bool_))

    def edges_from(self, accounts: npt.NDArray[np.bool_]) -> int:
        """The number of pairs with an edge that starts at one of these accounts (a mask of all)."""
        # A pair in both layers is one edge.
        source, target, weight = self.fresh.edges()
        place = self.base.places(source, target)
        sources, weights = self.base.matrix.indices, self.base.matrix.data
        again = (place >= 0) & (weight > 0)
        again[again] = weights[place[again]] > 0
        found = int(np.count_nonzero(accounts[source] & (weight > 0) & ~again))
        for begun in range(0, len(sources), _AT_ONCE):
            piece = slice(begun, begun + _AT_ONCE)
            found += int(np.count_nonzero(accounts[sources[piece]] & (weights[piece] > 0)))
        return found

    def plus(
        self, source: npt.NDArray[Any], target: npt.NDArray[Any], weight: npt.NDArray[Any], size: int
    ) -> Graph:
        """The graph with these edges too, among `size` accounts (at least as many as before).

        A weight below 0 takes away from an edge; the rest of an edge below a billionth of it is rounding and
        goes too. The base is shared: only a list of rows is copied, and the weights if any are taken away.

        Raises UsageError also if more is taken away than there is.
        """
        if size < self.size:
            raise UsageError(_("A graph of {many} accounts cannot shrink to {few}.").format(many=self.size, few=size))  # fmt: skip
        new = checked(source, target, weight, size, least=-np.inf)
        other = new.source != new.target
        source, target, weight = new.source[other], new.target[other], new.weight[other]
        base = self.base if size == self.size else self.base.wider(size)
        lightest = min(self.lightest, new.lightest)
        more = weight > 0
        old = self.fresh.edges()
        fresh = Rows.few(
            np.concatenate((old[0], source[more])),
            np.concatenate((old[1], target[more])),
            np.concatenate((old[2], weight[more])),
            size,
        )
        given = np.pad(self.given, (0, size - self.size))
        less = weight < 0
        if less.any():
            base, fresh = _less(
                base, fresh, Rows.few(source[less], target[less], -weight[less], size), self.folder
            )
            given = base.given() + fresh.given()
            lightest = min(lightest, base.lightest(), fresh.lightest())
        else:
            given += np.bincount(source[more], weights=weight[more], minlength=size)
        check_sums(given)
        graph = Graph(base, fresh, given, lightest, self.shrunk or bool(less.any()), self.folder)
        stale = graph.fresh.matrix.nnz
        if graph.shrunk:
            stale += base.matrix.nnz - int(np.count_nonzero(base.matrix.data))
        if stale <= base.matrix.nnz * _FRESH_SHARE:
            return graph
        return replace(graph, base=graph.merged(), fresh=_nothing(size))

    def merged(self) -> Rows:
        """All edges in one layer, without weights of 0."""
        if self.folder is not None:
            return files.merged(self.folder, self.base, self.fresh)
        return self.base.merged(self.fresh)

    def flow(self, from_each: Floats) -> Floats:
        """What arrives at each account when each hands out `from_each` times the weight of its edge."""
        arrives = times(self.base.matrix, from_each)
        arrives[self.fresh.targets] += times(self.fresh.matrix, from_each)
        return arrives

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The graph as plain arrays, to be kept; `from_arrays` makes it again. They are not copied."""
        base, fresh = self.base.matrix, self.fresh.matrix
        return {
            "bounds": base.indptr,
            "sources": base.indices,
            "weights": base.data,
            "fresh_targets": _targets(self.fresh),
            "fresh_bounds": fresh.indptr,
            "fresh_sources": fresh.indices,
            "fresh_weights": fresh.data,
            "shrunk": np.array([self.shrunk]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The graph that `to_arrays` gave. Raises UsageError for arrays that are no graph: they were in a file."""
        try:
            size = len(arrays["bounds"]) - 1
            base = kept(arrays["bounds"], arrays["sources"], arrays["weights"], size)
            fresh = kept(
                arrays["fresh_bounds"],
                arrays["fresh_sources"],
                arrays["fresh_weights"],
                size,
                arrays["fresh_targets"],
            )
            shrunk = bool(arrays["shrunk"].item())
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            message = _("What is kept of the graph is damaged ({why}).").format(why=error)
            raise UsageError(message, hint=_("Have it made anew from the edges.")) from error
        lightest = min(base.lightest(), fresh.lightest())
        return cls(base, fresh, base.given() + fresh.given(), lightest, shrunk)


def _nothing(size: int) -> Rows:
    return Rows.few(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), size)


def _targets(few: Rows) -> Whole:
    assert few.targets is not None
    return few.targets


def _less(base: Rows, fresh: Rows, taken: Rows, folder: Path | None) -> tuple[Rows, Rows]:
    """Both layers without what is taken away: first from the fresh edges, then from the base."""
    source, target, amount = taken.edges()
    at_fresh, at_base = fresh.places(source, target), base.places(source, target)
    new, old = _weights_at(fresh, at_fresh), _weights_at(base, at_base)
    there = new + old
    rest = there - amount
    if (rest < -_CRUMB * there).any() or not there.all():
        wrong = int(np.flatnonzero((rest < -_CRUMB * there) | (there == 0))[0])
        raise UsageError(
            _("{taken} was to be taken from the edge {source} to {target}, which has {there}.").format(
                taken=float(amount[wrong]), source=int(source[wrong]), target=int(target[wrong]),
                there=float(there[wrong]),
            )
        )  # fmt: skip
    gone = rest <= _CRUMB * there
    new_left = np.where(gone, 0, np.maximum(new - amount, 0))
    old_left = np.where(gone, 0, old - np.maximum(amount - new, 0))
    return _lowered(base, at_base, old_left, folder), _lowered(fresh, at_fresh, new_left, None)


def _weights_at(rows: Rows, places: npt.NDArray[np.intp]) -> Floats:
    weights = np.zeros(len(places))
    weights[places >= 0] = rows.matrix.data[places[places >= 0]]
    return weights


def _lowered(rows: Rows, places: npt.NDArray[np.intp], weights: Floats, folder: Path | None) -> Rows:
    old = rows.matrix.data
    data = old.copy() if folder is None else files.copied(folder, old)
    data[places[places >= 0]] = np.where(weights < LIGHTEST, 0, weights)[places >= 0]
    return rows.with_weights(data)
