"""Plain rows: written as they are; there is nothing to draw."""

from __future__ import annotations

from leumund.locale import ngettext
from leumund.measures import Reading
from leumund.views import Headline, View, cells, written


def _headlines(_reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    return ()


def _describe(reading: Reading) -> str:
    rows = len(reading.rows)
    return ngettext("{n} row.", "{n} rows.", rows).format(n=cells.number(rows))


VIEW = View(shape="table", headlines=_headlines, describe=_describe, as_table=written.table)
