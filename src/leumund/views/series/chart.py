"""A series as a chart: a line that breaks where nothing is known, with its interval and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from leumund.measures import Reading
from leumund.views import Frame, cells, charts, vague, written
from leumund.views.series.lines import MOST_LINES, Point, filled, iso, lines_of
from leumund.views.series.marks import labels, marked, spans

_WORD = 62  # pixels that the word for unknown needs


def as_chart(reading: Reading, frame: Frame) -> Any:
    """The chart (Altair); None where less than two moments are known."""
    lines = {n: filled(p) for n, p in list(lines_of(reading).items())[:MOST_LINES]}
    known = [p for points in lines.values() for p in points if p.value is not None]
    at = written.value_at(reading)
    if not known or at is None:
        return None
    import altair as alt

    begin = min(p.at for points in lines.values() for p in points)
    end = max(p.at for points in lines.values() for p in points)
    if begin == end:
        return None
    frame = marked(reading, frame, begin, end)
    edges = [v for p in known for v in (p.value, p.low, p.high) if v is not None]
    zero = min(edges) >= 0 and min(edges) < 0.45 * max(edges)
    most = max(3, frame.width // 130)
    when = charts.date_ticks(begin, end, most)
    days: dict[str, Any] = {"values": [iso(d) for d in when]} if when else {}
    x = alt.X(
        "at:T", title=None, scale=alt.Scale(type="utc", domain=[iso(begin), iso(end)]),
        axis=alt.Axis(format=charts.date_format((end - begin).days), grid=False, tickCount=most, labelFlush=True, **days),
    )  # fmt: skip
    span = _roomy([0 if zero else min(edges), max(edges)])
    how = charts.number_axis(reading.columns[at].kind, *span)
    y_axis = alt.Axis(domain=False, ticks=False, tickCount=4, **how)
    y = alt.Y("value:Q", title=None, axis=y_axis, scale=alt.Scale(zero=zero, nice=True, domain=span))
    base = alt.Chart(charts.data([_row(n, p) for n, points in lines.items() for p in points])).encode(
        x=x, y=y
    )
    single = len(lines) == 1
    layers = [*(_gaps(lines, frame, x) if single else []), *spans(frame, begin, end)]
    if single and any(p.low is not None for p in known):
        layers.append(
            base.mark_area(
                color=charts.COLOURS["accent"], opacity=0.16, line=False, invalid="break-paths-show-domains"
            ).encode(y=alt.Y("low:Q", title=None, axis=y_axis), y2="high:Q")
        )
    names = list(lines)
    colour: Any = alt.Color(
        "line:N", scale=alt.Scale(domain=names, range=[charts.COLOURS[c] for c in charts.SERIES[: len(names)]]),
        legend=None if single else alt.Legend(symbolType="stroke", symbolStrokeWidth=3, orient="bottom", offset=6),
    )  # fmt: skip
    layers.append(
        base.mark_line(strokeWidth=2.25, invalid="break-paths-show-domains", strokeJoin="round").encode(
            color=colour
        )
    )
    layers.append(_points(lines, x, y, colour))
    if single:
        layers.append(_last_value(reading, at, next(iter(lines.values())), x, y))
    layers.extend(labels(frame, begin, end))
    return charts.finish(
        alt.layer(*layers),
        frame,
        height=190 if frame.narrow else 260,
        right=14 + int(7.6 * len(_last_text(reading, at, lines))) if single else 12,
    )


def _row(name: str, p: Point) -> dict[str, Any]:
    return {"line": name, "at": iso(p.at), "value": p.value, "low": p.low, "high": p.high}


def _roomy(span: list[float]) -> list[float]:
    low, high = span
    room = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return [low if low == 0 else low - room, high + room]


def _gaps(lines: dict[str, list[Point]], frame: Frame, x: Any) -> list[Any]:
    """Pale fields where nothing is known, with a word where there is room."""
    import altair as alt

    points = next(iter(lines.values()))
    pixel = (points[-1].at - points[0].at) / (frame.width - 100)
    rows = [
        {"at": iso(a), "until": iso(b), "word": cells.unknown(narrow=(b - a) / pixel < _WORD)}
        for a, b in _holes(points)
    ]
    if not rows:
        return []
    chart = alt.Chart(charts.data(rows)).encode(x=x, x2="until:T")
    text = alt.Chart(charts.data(rows)).transform_calculate(
        middle="(toDate(datum.at) + toDate(datum.until)) / 2"
    )
    words = text.mark_text(
        color=charts.COLOURS["muted"], fontSize=11, baseline="bottom", fontStyle="italic", dy=-5
    )
    return [
        chart.mark_rect(color=charts.COLOURS["gap"]),
        words.encode(x=alt.X("middle:T", title=None), y=alt.value("height"), text="word:N"),
    ]


def _holes(points: list[Point]) -> Iterator[tuple[datetime, datetime]]:
    """From the last known point before to the first known one after each stretch of unknown points."""
    since: datetime | None = None
    last = points[0].at
    for p in points:
        if p.value is None:
            since = since or last
        elif since is not None:
            yield since, p.at
            since = None
        last = p.at
    if since is not None and last > since:
        yield since, last


def _points(lines: dict[str, list[Point]], x: Any, y: Any, colour: Any) -> Any:
    """Dots for known points that no line reaches, and for the last known one of each line."""
    import altair as alt

    rows = []
    for name, points in lines.items():
        last = max((i for i, p in enumerate(points) if p.value is not None), default=-1)
        for i, p in enumerate(points):
            alone = all(q.value is None for q in (*points[max(0, i - 1) : i], *points[i + 1 : i + 2]))
            if p.value is not None and (i == last or alone):
                rows.append(_row(name, p))
    return alt.Chart(charts.data(rows)).mark_circle(size=46, opacity=1).encode(x=x, y=y, color=colour)


def _last_text(reading: Reading, at: int, lines: dict[str, list[Point]]) -> str:
    values = [p.value for p in next(iter(lines.values())) if p.value is not None]
    return "" if vague.is_on() else cells.column(reading.columns[at], values)[-1]


def _last_value(reading: Reading, at: int, points: list[Point], x: Any, y: Any) -> Any:
    import altair as alt

    last = [p for p in points if p.value is not None][-1]
    row = _row("", last) | {"text": _last_text(reading, at, {"": points})}
    return (
        alt.Chart(charts.data([row]))
        .mark_text(
            align="left", dx=8, fontSize=13, fontWeight="bold", color=charts.COLOURS["ink"], baseline="middle"
        )
        .encode(x=x, y=y, text="text:N")
    )
