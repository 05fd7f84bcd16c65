"""Votes added up by account, by recommender and by pair of both, as arrays; two such sums make one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leumund.measures.standing.searched import distinct, places

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
ROWS = ("recommender", "account", "steps", "more", "votes", "reasons", "first", "last")
"""Of votes: one row for each pair, in the order of both; steps and more: whole numbers, of what they are worth."""


@dataclass(frozen=True, slots=True)
class Tally:
    """accounts (keys, rising) and of each steps, more, recommenders, votes, reasons, first, last; givers (keys, rising) and
    the steps that each gave.

    pairs: place of the giver << 32 | place of the account; worth, extra: the steps and more of that pair. A pair may stand there
    twice; `different` counts it once.
    """

    accounts: Whole
    steps: Whole
    more: Whole
    recommenders: Whole
    votes: Whole
    reasons: Whole
    first: Whole
    last: Whole
    givers: Whole
    given: Whole
    pairs: Whole
    worth: Numbers
    extra: Numbers
    different: int = 0

    @classmethod
    def of(cls, rows: pa.Table) -> Tally:
        """Of rows as `ROWS` says."""
        giver, account, *values = (rows[name].to_numpy().astype(np.int64, copy=False) for name in ROWS)
        steps, more, votes, reasons, first, last = values
        if not len(giver):
            return cls(*np.zeros((11, 0), np.int64), *np.zeros((2, 0)))
        begins = np.flatnonzero(np.diff(giver, prepend=giver[0] - 1))
        accounts = distinct(account)
        at = places(accounts, account)
        order = np.argsort(at, kind="stable")
        starts = np.searchsorted(at[order], np.arange(len(accounts)))

        def by_account(how: np.ufunc, what: Whole) -> Whole:
            return np.asarray(how.reduceat(what[order], starts), np.int64)

        return cls(
            accounts, by_account(np.add, steps), by_account(np.add, more), np.diff(starts, append=len(at)),
            by_account(np.add, votes), by_account(np.add, reasons), by_account(np.minimum, first),
            by_account(np.maximum, last), giver[begins], np.add.reduceat(steps, begins),
            np.repeat(np.arange(len(begins)), np.diff(begins, append=len(at))) << 32 | at,
            steps.astype(np.float64), more.astype(np.float64), len(at),
        )  # fmt: skip

    def kept(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "different"}

    def plus(self, other: Tally) -> Tally:
        """Both together. No pair may stand twice in this one, whose pairs must rise; the other is best the smaller one."""
        accounts, mine, its = _united(self.accounts, other.accounts)
        givers, my_givers, its_givers = _united(self.givers, other.givers)
        ours = my_givers[self.pairs >> 32] << 32 | mine[self.pairs & 0xFFFFFFFF]
        theirs = its_givers[other.pairs >> 32] << 32 | its[other.pairs & 0xFFFFFFFF]
        at = np.minimum(np.searchsorted(ours, theirs), max(0, len(ours) - 1))
        met = ours[at] == theirs if len(ours) else np.zeros(len(theirs), bool)

        def added(a: Whole, b: Whole, to: Whole, fro: Whole, size: int) -> Whole:
            whole = np.zeros(size, np.int64)
            whole[to] = a
            whole[fro] += b
            return whole

        def of_accounts(name: str) -> Whole:
            return added(getattr(self, name), getattr(other, name), mine, its, len(accounts))

        recommenders = of_accounts("recommenders")
        recommenders -= np.bincount(theirs[met] & 0xFFFFFFFF, minlength=len(accounts))
        first = np.full(len(accounts), np.iinfo(np.int64).max)
        last = np.full(len(accounts), np.iinfo(np.int64).min)
        first[mine], last[mine] = self.first, self.last
        first[its], last[its] = np.minimum(first[its], other.first), np.maximum(last[its], other.last)
        return Tally(
            accounts, of_accounts("steps"), of_accounts("more"), recommenders, of_accounts("votes"),
            of_accounts("reasons"), first, last, givers,
            added(self.given, other.given, my_givers, its_givers, len(givers)),
            np.concatenate([ours, theirs]), np.concatenate([self.worth, other.worth]),
            np.concatenate([self.extra, other.extra]), self.different + other.different - int(met.sum()),
        )  # fmt: skip


def _united(some: Whole, more: Whole) -> tuple[Whole, Whole, Whole]:
    """Two rising rows of keys as one, and where in it each of the first and of the second is."""
    at = np.searchsorted(some, more)
    new = np.ones(len(more), bool)
    inside = at < len(some)
    new[inside] = some[at[inside]] != more[inside]
    united = np.insert(some, at[new], more[new])
    moved = np.arange(len(some)) + np.searchsorted(at[new], np.arange(len(some)), side="right")
    return united, moved, np.searchsorted(united, more)
