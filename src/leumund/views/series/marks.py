"""What happened meanwhile, on a chart over time: fields, and lines with words above the plot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from leumund.clean import clean
from leumund.locale import _
from leumund.measures import Reading
from leumund.measures.happenings import Happening
from leumund.views import Frame, Mark, cells, charts
from leumund.views.series.lines import iso

_MOST_MARKS = 8
_LONG = 0.4  # of the time a chart spans
_LETTER = 6.3  # average width of a letter of a mark, in pixels


def marked(reading: Reading, frame: Frame, begin: datetime, end: datetime) -> Frame:
    """The frame with what happened meanwhile: experiments, outages and silences first, then the newest notes."""
    first = {"experiment": 0, "outage": 1, "silence": 2}
    found = sorted(reading.happened, key=lambda h: (first.get(h.kind, 3), -h.at.timestamp()))
    marks = [m for m in (_as_mark(h) for h in found) if _within(m, begin, end)]
    return replace(frame, marks=(*frame.marks, *marks[: max(0, _MOST_MARKS - len(frame.marks))]))


def _as_mark(happening: Happening) -> Mark:
    word = {"experiment": _("experiment"), "outage": _("outage"), "silence": _("no post")}.get(
        happening.kind, ""
    )
    label = ": ".join(part for part in (word, happening.text) if part) or _("note")
    return Mark(happening.at, label, until=happening.until)


def _within(mark: Mark, begin: datetime, end: datetime) -> bool:
    return cells.as_moment(mark.at) <= end and cells.as_moment(mark.until or mark.at) >= begin


def _is_long(mark: Mark, begin: datetime, end: datetime) -> bool:
    """Whether a field for it would colour most of the chart: then its begin alone is marked."""
    seen = min(cells.as_moment(mark.until or mark.at), end) - max(cells.as_moment(mark.at), begin)
    return seen > (end - begin) * _LONG


def spans(frame: Frame, begin: datetime, end: datetime) -> list[Any]:
    """A field for each mark that lasts, unless it would colour most of the chart."""
    import altair as alt

    rows = [
        {"at": iso(max(cells.as_moment(m.at), begin)), "until": iso(min(cells.as_moment(m.until), end))}
        for m in frame.marks
        if m.until is not None and _within(m, begin, end) and not _is_long(m, begin, end)
    ]
    if not rows:
        return []
    chart = alt.Chart(charts.data(rows)).mark_rect(color=charts.COLOURS["soft"], opacity=0.28)
    return [chart.encode(x=alt.X("at:T", title=None), x2="until:T")]


def labels(frame: Frame, begin: datetime, end: datetime) -> list[Any]:
    """Lines with words above the plot, in as many rows as they need not to touch; the chart makes room for them by itself."""
    import altair as alt

    marks = sorted(
        (m for m in frame.marks if _within(m, begin, end)), key=lambda m: (cells.as_moment(m.at), m.label)
    )
    if not marks:
        return []
    plot = frame.width - 100
    most = 22 if frame.narrow else 36
    free: list[float] = []  # where each row of words ends
    layers, rows = [], []
    for mark in marks:
        at = max(cells.as_moment(mark.at), begin)
        text = clean(mark.label, most)
        x = plot * ((at - begin) / (end - begin))
        width = len(text) * _LETTER + 12
        left = x + width <= plot + 50
        start = x if left else x - width
        row = next((i for i, until in enumerate(free) if until <= start), len(free))
        free[row : row + 1] = [start + width]
        rows.append({"at": iso(at), "text": text, "left": left, "row": row})
    for row in range(len(free)):
        for left in (True, False):
            some = [r for r in rows if r["row"] == row and r["left"] is left]
            if some:
                base = alt.Chart(charts.data(some)).encode(x=alt.X("at:T", title=None))
                top = -8 - 18 * row
                layers.append(
                    base.mark_rule(color=charts.COLOURS["muted"], strokeDash=[2, 3]).encode(
                        y=alt.value(top - 6), y2=alt.value("height")
                    )
                )
                words = base.mark_text(
                    align="left" if left else "right",
                    dx=5 if left else -5,
                    color=charts.COLOURS["muted"],
                    fontSize=12,
                    baseline="middle",
                )
                layers.append(words.encode(y=alt.value(top), text="text:N"))
    return layers
