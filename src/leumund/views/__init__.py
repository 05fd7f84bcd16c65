"""How readings are shown: one file, one shape. A view knows shapes and kinds of columns, no measure.

    number series ranking table breakdown ledger    VIEW = View(shape, headlines, describe, as_table, as_chart)
    cells words clean                                how one value is written; what strangers wrote made safe
    terminal json_text csv_text arrow charts         a reading as text, for programs, as a drawing

What a measure agrees to with its columns: the first numeric column that is no rank and no bound is *the*
value; `low` and `high` (or `NAME_low`, `NAME_high`) are its bounds; `rank` with `rank_low`, `rank_high` is a
place, a figure `places` how many there are in all; a column `open` (flag) tells the open items of a ledger; figures `start` and `end` (or `before`, `after`,
`from_...`, `to_...`) are what a breakdown lies between. A figure named like a column is written like that
column, one named `share` or `..._share` as per cent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from leumund.discovery import records
from leumund.measures import Reading, Shape

if TYPE_CHECKING:
    from leumund.views.written import Table


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure to be said first. interval: "between … and …"; detail: when, of how many, since when."""

    label: str
    value: str
    interval: str = ""
    detail: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, to be marked on a chart over time: on a day, or from a day until another."""

    at: date | datetime
    label: str
    until: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a chart is drawn into. highlight: keys of accounts to be picked out; width in pixels."""

    width: int = 720
    highlight: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = field(default=())

    @property
    def narrow(self) -> bool:
        """Whether names must stand above their bars instead of beside them."""
        return self.width < 500


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How one shape is shown.

    headlines: the figures to be said first. describe: the chart in a sentence or two, for those who cannot see
    it. as_table: every row written out. as_chart: an Altair chart, or None where there is nothing to draw.
    """

    shape: Shape
    headlines: Callable[[Reading, frozenset[int]], tuple[Headline, ...]]
    describe: Callable[[Reading], str]
    as_table: Callable[[Reading, frozenset[int]], Table]
    as_chart: Callable[[Reading, Frame], Any] | None = None


@cache
def all_views() -> Mapping[str, View]:
    """Every view there is, by shape."""
    return {v.shape: v for v in records(__name__, "VIEW", View)}


def view_of(reading: Reading) -> View:
    """The view of a reading's shape."""
    return all_views()[reading.shape]
