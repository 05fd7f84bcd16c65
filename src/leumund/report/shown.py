"""One reading as a page shows it: figures, drawing, notes and table, all written and safe.

The template `reading.html` sets it; the report and the pages in the browser share both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from leumund.locale import ngettext
from leumund.measures import Reading
from leumund.views import Frame, Headline, Mark, cells, charts, view_of, written

_SERVER = re.compile(r"(?<=\w)@")
_WIDE, _NARROW = 800, 340  # pixels of the two drawings of each chart; the page shows the one that fits
_MOST_ROWS = 400
_SHORT = 12  # rows of a table that may stand open where there is no chart


def breakable(text: str) -> Markup:
    """The text, safe, whose handles may go on in the next line before their server, and not in the middle of a word.

    >>> breakable("@anna@example.social, <b>")
    Markup('@anna<wbr>@example.social, &lt;b&gt;')
    """
    return Markup(_SERVER.sub("<wbr>@", str(escape(text))))  # noqa: S704 - escaped just here


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A reading as the template wants it. ident: starts every id inside it."""

    ident: str
    title: str
    as_of: str
    headlines: tuple[Headline, ...]
    wide: Markup
    narrow: Markup
    words: str
    table: written.Table
    left_out: str
    summary: str
    folded: bool
    figures: list[tuple[str, str]]
    notes: list[str]
    nothing: str


def shown(
    ident: str,
    reading: Reading,
    *,
    highlight: frozenset[int] = frozenset(),
    marks: tuple[Mark, ...] = (),
    as_of: datetime | None = None,
) -> Shown:
    """The reading, written in the language in use.

    ident: must differ between readings of one page. highlight: keys of the accounts to be picked out. marks: what
    happened meanwhile, for charts over time. as_of: what the page around it speaks of; then only another moment is said.
    """
    view = view_of(reading)
    drawings = [
        charts.draw(
            reading,
            Frame(width=width, highlight=highlight, marks=marks),
            ident=f"{ident}{size}",
        )
        for size, width in (("w", _WIDE), ("n", _NARROW))
    ]
    wide, narrow = (Markup(d.svg if d else "") for d in drawings)  # noqa: S704  texts in it are escaped by the XML writer
    table = view.as_table(reading, highlight)
    rows = len(table.rows)
    left = max(0, rows - _MOST_ROWS)
    headlines = view.headlines(reading, highlight)
    return Shown(
        ident=ident,
        title=written.title(reading),
        as_of="" if reading.as_of == as_of else written.as_of(reading),
        headlines=headlines,
        wide=wide,
        narrow=narrow,
        words=drawings[0].alt if drawings[0] else "",
        table=written.Table(
            title=table.title, heads=table.heads, rows=table.rows[:_MOST_ROWS], marked=table.marked
        ),
        left_out=ngettext("And {n} more row.", "And {n} more rows.", left).format(n=cells.number(left))
        if left
        else "",
        summary=ngettext("The figures: one row", "The figures: {n} rows", rows).format(n=cells.number(rows)),
        folded=bool(wide) or rows > _SHORT,
        figures=written.further(reading, headlines) if rows or headlines else [],
        notes=written.notes(reading),
        nothing="" if rows or headlines or reading.notes else written.nothing(),
    )
