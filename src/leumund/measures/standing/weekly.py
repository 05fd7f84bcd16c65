"""Standing week by week, for boards: what somebody's voice was worth when she used it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from leumund.measures import Note
from leumund.measures.days import DAY_US
from leumund.measures.standing.kinds import Standing, standing_of
from leumund.measures.standing.personal import Indices
from leumund.store.tables import Tables

_WEEK_US = 7 * DAY_US
_FIRST_MONDAY_US = -3 * DAY_US  # week 0, see measures.named


@dataclass(frozen=True, slots=True)
class Basis:
    """On what the weights stand. known: whether anybody has standing at all; notes: what must be said of it."""

    kind: Literal["personal", "community"]
    known: bool
    notes: tuple[Note, ...] = ()


def define_weekly(tables: Tables, pairs: str) -> Basis:
    """Keep `standing_by_week` (account, week, tau), rows with tau above 0 only.

    pairs: a query that gives account and week (ISO weeks as `measures.named` numbers them), each pair once. tau is
    the standing at the end of the Sunday before that week, so nobody's vote changes what the vote itself is worth;
    of the owner's marks those made until the end of the week count too.
    """
    standing = standing_of(tables)
    rows = tables.arrow(f"select account, week from ({pairs}) order by week, account")
    tables.bring("standing_by_week_rows", _weighed(standing, rows))
    tables.define("standing_by_week", "select * from standing_by_week_rows where tau > 0")
    return Basis(standing.kind, standing.known, standing.notes())


def _weighed(standing: Standing, rows: pa.Table) -> pa.Table:
    accounts = rows["account"].to_numpy().astype(np.int64)
    weeks = rows["week"].to_numpy().astype(np.int64)
    tau = np.zeros(len(accounts))
    for first, last in _runs(weeks):
        monday = _FIRST_MONDAY_US + int(weeks[first]) * _WEEK_US
        tau[first:last] = standing.at(accounts[first:last], monday, marks_us=monday + _WEEK_US - 1)
    return pa.table({"account": accounts, "week": weeks, "tau": tau})


def _runs(values: Indices) -> Iterator[tuple[int, int]]:
    """The stretches of equal values: from, to."""
    edges = np.flatnonzero(np.diff(values)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), len(values)], strict=True) if len(values) else ()
