"""Standing week by week, for boards: what somebody's voice was worth when she used it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from leumund.measures import Note
from leumund.measures.standing.kinds import Standing, standing_of
from leumund.measures.standing.personal import Indices
from leumund.measures.weeks import week_end, week_start
from leumund.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Basis:
    """On what the weights stand. known_since: since when anybody has standing at all, None where nobody has; notes: what
    must be said of it.
    """

    kind: Literal["personal", "community"]
    known_since: int | None
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anybody has standing."""
        return self.known_since is not None


def define_weekly(tables: Tables, pairs: str) -> Basis:
    """Keep `standing_by_week` (account, week, tau), rows with tau above 0 only.

    pairs: a query that gives account and week (ISO weeks as `measures.weeks` numbers them), each pair once. tau is
    the standing at the end of the Sunday before that week, so nobody's vote changes what the vote itself is worth;
    of the owner's marks those made until the end of the week count too.
    """
    standing = standing_of(tables)
    rows = tables.arrow(f"select account, week from ({pairs}) order by week, account")
    tables.bring("standing_by_week_rows", _weighed(standing, rows))
    tables.define("standing_by_week", "select * from standing_by_week_rows where tau > 0")
    return Basis(standing.kind, standing.known_since, standing.notes())


def _weighed(standing: Standing, rows: pa.Table) -> pa.Table:
    accounts = rows["account"].to_numpy().astype(np.int64)
    weeks = rows["week"].to_numpy().astype(np.int64)
    tau = np.zeros(len(accounts))
    for first, last in _runs(weeks):
        week = int(weeks[first])
        tau[first:last] = standing.at(accounts[first:last], week_start(week), marks_us=week_end(week))
    return pa.table({"account": accounts, "week": weeks, "tau": tau})


def _runs(values: Indices) -> Iterator[tuple[int, int]]:
    """The stretches of equal values: from, to."""
    edges = np.flatnonzero(np.diff(values)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), len(values)], strict=True) if len(values) else ()
