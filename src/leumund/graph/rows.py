"""Edges in rows, one row for each account that is acted towards, sorted: the shape that is quick to read.

A row holds who acted towards the account, in rising order, each once. So the same edges give the same bytes
in whatever order they came, a pair is found by halving, and reading runs through memory in one direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Whole: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Matrix: TypeAlias = sparse.csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix of weights: row = target, column = source. targets: the accounts of the rows; None: all of them.

    A weight of 0 is no edge; there are some where edges were taken away.
    """

    matrix: Matrix
    targets: Whole | None = None

    @classmethod
    def of(cls, source: Whole, target: Whole, weight: Floats, size: int, oneself: Whole) -> Self:
        """All accounts' rows, from edges in any order; the same edge twice is added up.

        oneself: accounts with edges to themselves, each once; those are no edges.
        Two counting passes, by source and then by target: the second leaves each row sorted.
        """
        edges = sparse.coo_array((weight, (source, target)), shape=(size, size))
        edges.has_canonical_format = (
            True  # not true yet: it only keeps scipy from sorting what is sorted below
        )
        matrix = edges.tocsr().T.tocsr()
        matrix.sum_duplicates()
        rows = cls(matrix)
        if len(oneself):
            place = rows.places(oneself, oneself)
            matrix.data[place] = 0
        return rows

    @classmethod
    def few(cls, source: Whole, target: Whole, weight: Floats, size: int) -> Self:
        """Rows of those accounts only to which an edge leads, for few edges among many accounts."""
        real = weight > 0
        source, target, weight = source[real], target[real], weight[real]
        order = np.argsort(target * np.int64(size) + source)
        source, target, weight = source[order], target[order], weight[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
        if len(order):
            weight = np.add.reduceat(weight, np.flatnonzero(first))
        source, target = source[first], target[first]
        targets, starts = np.unique(target, return_index=True)
        bounds = np.append(starts, len(target)).astype(np.int32)
        return cls(laid_out(bounds, source, weight, size), targets)

    def edges(self) -> tuple[Whole, Whole, Floats]:
        """The edges again: source, target, weight, in the order of the rows."""
        matrix = self.matrix
        targets = np.arange(matrix.shape[0], dtype=np.int32) if self.targets is None else self.targets
        return matrix.indices, np.repeat(targets, np.diff(matrix.indptr)), matrix.data

    def given(self) -> Floats:
        """The weight each account gave, all edges together."""
        return times(self.matrix.T, np.ones(self.matrix.shape[0]))

    def lightest(self) -> float:
        """The smallest weight but 0; 1 where there is none."""
        weights = self.matrix.data
        return float(weights.min(where=weights > 0, initial=1.0))

    def wider(self, size: int) -> Rows:
        """The same edges among more accounts; nothing but the list of rows is copied."""
        old = self.matrix
        bounds = old.indptr
        if self.targets is None:
            bounds = np.pad(bounds, (0, size - old.shape[0]), mode="edge")
        return Rows(laid_out(bounds, old.indices, old.data, size), self.targets)

    def merged(self, few: Rows) -> Rows:
        """All accounts' rows with the edges of `few` too; weights of 0 are left out."""
        many, size = self.matrix.shape
        bounds = np.zeros(many + 1, np.int32)
        if few.targets is not None:
            bounds[few.targets + 1] = np.diff(few.matrix.indptr)
        wide = laid_out(np.cumsum(bounds, dtype=np.int32), few.matrix.indices, few.matrix.data, size)
        return Rows(self.matrix + wide)

    def cut(self, low: int, high: int) -> Rows:
        """The rows of the accounts low to high - 1, which are counted from low; no edge is copied."""
        targets = self.targets
        if targets is not None:
            first, end = (int(x) for x in np.searchsorted(targets, (low, high)))
            targets = targets[first:end] - np.int32(low)
            low, high = first, end
        bounds = self.matrix.indptr[low : high + 1]
        part = slice(int(bounds[0]), int(bounds[-1]))
        size = self.matrix.shape[1]
        return Rows(
            laid_out(bounds - bounds[0], self.matrix.indices[part], self.matrix.data[part], size), targets
        )

    def places(self, source: Whole, target: Whole) -> npt.NDArray[np.intp]:
        """Where in the data these pairs stand, -1 for a pair without an edge: all of them halved at once."""
        bounds, indices = self.matrix.indptr, self.matrix.indices
        row: npt.NDArray[np.intp] = target.astype(np.intp)
        known = np.ones(len(target), np.bool_)
        if self.targets is not None:
            row = np.searchsorted(self.targets, target)
            known = row < len(self.targets)
            known[known] = self.targets[row[known]] == target[known]
        row = np.where(known, row, 0)
        if not len(indices):
            return np.full(len(target), -1)
        low, high = bounds[row].astype(np.intp), bounds[row + 1].astype(np.intp)
        end = np.where(known, high, low)
        high = end.copy()
        while (open_ := low < high).any():
            middle = (low + high) // 2
            less = indices[np.minimum(middle, len(indices) - 1)] < source
            low = np.where(open_ & less, middle + 1, low)
            high = np.where(open_ & ~less, middle, high)
        found = (low < end) & (indices[np.minimum(low, len(indices) - 1)] == source)
        return np.where(found, low, -1)

    def with_weights(self, weight: Floats) -> Rows:
        """The same edges with other weights."""
        old = self.matrix
        return Rows(laid_out(old.indptr, old.indices, weight, old.shape[1]), self.targets)


def times(matrix: Any, vector: Floats) -> Floats:
    """The matrix times the vector."""
    product: Floats = matrix @ vector
    return product


def laid_out(bounds: Whole, indices: Whole, data: Floats, size: int) -> Matrix:
    """A matrix of these very arrays. The constructor copies what is a small part of a larger array."""
    matrix: Matrix = sparse.csr_array((len(bounds) - 1, size), dtype=np.float64)
    matrix.indptr, matrix.indices, matrix.data = bounds, indices, data
    return matrix
