"""Figures over time: a line that breaks where nothing is known, with its interval and what happened meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures import Reading
from leumund.measures.happenings import Happening
from leumund.views import Frame, Headline, Mark, View, cells, charts, vague, written

_WEEK = timedelta(days=7)
_MOST_LINES = 5
_MOST_MARKS = 8
_LONG = 0.4  # of the time a chart spans
_TO_THE_END = timedelta(days=1) - timedelta(microseconds=1)
_WORD = 62  # pixels that the word for unknown needs
_LETTER = 6.3  # average width of a letter of a mark, in pixels


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    value: float | None
    low: float | None = None
    high: float | None = None


def _lines(reading: Reading) -> dict[str, list[_Point]]:
    """The points of each line by its name, in order of time."""
    when, what = written.find(reading, "time", "day", "week"), written.value_at(reading)
    if when is None or what is None:
        return {}
    who = written.find(reading, "account", "kind")
    bounds = written.bounds_at(reading, what)
    lines: dict[str, list[_Point]] = {}
    for row in reading.rows:
        if row[when] is None:
            continue
        name = "" if who is None else _name(reading, row, who)
        low, high = (cells.known(row[b]) for b in bounds) if bounds else (None, None)
        lines.setdefault(name, []).append(
            _Point(_moment(reading, row, when), cells.known(row[what]), low, high)
        )
    for points in lines.values():
        points.sort(key=lambda p: p.at)
    return lines


def _moment(reading: Reading, row: tuple[Any, ...], when: int) -> datetime:
    """When a row's value holds: that of a day at its end, unless the day is not over."""
    if reading.columns[when].kind != "day":
        return cells.as_moment(row[when])
    return min(cells.as_moment(row[when]) + _TO_THE_END, max(cells.as_moment(row[when]), reading.as_of))


def _name(reading: Reading, row: tuple[Any, ...], who: int) -> str:
    if reading.columns[who].kind == "account":
        return written.name(reading, row[who], 40)
    return cells.written("kind", row[who])


def _filled(points: list[_Point]) -> list[_Point]:
    """The points and, where one or more are missing by the usual step, one unknown point in the hole."""
    steps = Counter(b.at - a.at for a, b in pairwise(points) if b.at > a.at)
    if not steps:
        return points
    usual = steps.most_common(1)[0][0]
    filled = points[:1]
    for before, after in pairwise(points):
        if after.at - before.at > usual * 1.5:
            filled.append(_Point(before.at + usual, None))
        filled.append(after)
    return filled


# -- in words


def _headlines(reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    at = written.value_at(reading)
    if at is None:
        return ()
    if written.called(reading, "held") is not None:
        return _kept(reading)
    column = reading.columns[at]
    said = []
    for name, points in list(_lines(reading).items())[:_MOST_LINES]:
        label = f"{written.head(column)}, {name}" if name else written.head(column)
        points = [p for p in points if p.at.date() <= reading.as_of.date()] or points  # noqa: PLW2901  what is foretold is not yet
        known = [p for p in points if p.value is not None]
        if not known:
            said.append(Headline(label, cells.unknown(), unknown=True))
            continue
        last, first = known[-1], known[0]
        if vague.is_on():
            said.append(_in_words(label, known))
            continue
        value, *_rest = cells.column(column, [p.value for p in (last, first)])
        interval = written.between(column, last.low, last.high) if written.bounds_at(reading, at) else ""
        said.append(Headline(label, value, interval, _detail(reading, at, points, first, last)))
    return tuple(said)


def _kept(reading: Reading) -> tuple[Headline, ...]:
    """Where rows are forecasts and what came: what they were worth, not what the last one said."""
    share, low, high, missed, plain = (
        reading.figures.get(name)
        for name in ("held_share", "held_low", "held_high", "missed", "plain_missed")
    )
    if not isinstance(share, float) or not isinstance(missed, float) or not isinstance(plain, float):
        return ()
    if vague.is_on():
        return (Headline(_("Forecasts that held"), cells.written("share", share)),)
    interval = _("between {low} and {high}").format(
        low=cells.written("share", low), high=cells.written("share", high)
    )
    detail = _("80 per cent should; missed by {missed}, a plain guess by {plain}").format(
        missed=cells.any_value(missed), plain=cells.any_value(plain)
    )
    return (Headline(_("Forecasts that held"), cells.written("share", share), interval, detail),)


def _in_words(label: str, known: list[_Point]) -> Headline:
    """How the last value stands beside the one of a week before, else beside the first."""
    last = known[-1]
    before = next((p for p in reversed(known) if p.at <= last.at - _WEEK), known[0])
    if before is last:
        return Headline(label, _("known on one day"))
    text = _("{compared} than on {day}")
    compared = vague.compared(last.value or 0.0, before.value or 0.0)
    if compared == _("about as much"):
        text = _("{compared} as on {day}")
    return Headline(label, text.format(compared=compared, day=cells.day(cells.as_day(before.at))))


def _detail(reading: Reading, at: int, points: list[_Point], first: _Point, last: _Point) -> str:
    column = reading.columns[at]
    if points[-1] is not last:
        return _("last known on {day}").format(day=cells.day(cells.as_day(last.at)))
    if first is last or first.value is None or last.value is None:
        return _("on {day}").format(day=cells.day(cells.as_day(last.at)))
    if column.kind == "share":
        before = cells.written("share", first.value)
        return _("{value} on {day}").format(value=before, day=cells.day(cells.as_day(first.at)))
    decimals = cells.decimals_for(column.kind, [first.value, last.value])
    change = round(last.value, decimals) - round(first.value, decimals)
    if round(change, decimals) == 0:
        return _("unchanged since {day}").format(day=cells.day(cells.as_day(first.at)))
    return _("{change} since {day}").format(
        change=cells.number(change, decimals, signed=True), day=cells.day(cells.as_day(first.at))
    )


def _describe(reading: Reading) -> str:
    at = written.value_at(reading)
    if at is None:
        return written.nothing()
    if vague.is_on():
        return written.joined(_headlines(reading, frozenset()))
    column, said = reading.columns[at], []
    for name, points in list(_lines(reading).items())[:_MOST_LINES]:
        known = [p for p in points if p.value is not None]
        if not known:
            said.append((f"{name}: " if name else "") + _("Nothing of this is known."))
            continue
        lowest, highest = (pick(known, key=lambda p: p.value or 0.0) for pick in (min, max))
        ends = (known[0], known[-1], lowest, highest)
        first, last, low, high = cells.column(column, [p.value for p in ends])
        text = _("From {first} on {start} to {last} on {end}; lowest {low} on {low_day}, highest {high} on {high_day}.").format(
            first=first, last=last, low=low, high=high, start=cells.day(cells.as_day(ends[0].at)), end=cells.day(cells.as_day(ends[1].at)),
            low_day=cells.day(cells.as_day(lowest.at)), high_day=cells.day(cells.as_day(highest.at)),
        )  # fmt: skip
        missing = len(points) - len(known)
        if missing:
            many = ngettext(
                "{n} of {total} values is unknown.", "{n} of {total} values are unknown.", missing
            )
            text += " " + many.format(n=cells.number(missing), total=cells.number(len(points)))
        said.append((f"{name}: " if name else "") + text)
    return " ".join(said) or written.nothing()


# -- as a chart


def _as_chart(reading: Reading, frame: Frame) -> Any:
    lines = {n: _filled(p) for n, p in list(_lines(reading).items())[:_MOST_LINES]}
    known = [p for points in lines.values() for p in points if p.value is not None]
    at = written.value_at(reading)
    if not known or at is None:
        return None
    import altair as alt

    begin = min(p.at for points in lines.values() for p in points)
    end = max(p.at for points in lines.values() for p in points)
    if begin == end:
        return None
    frame = _marked(reading, frame, begin, end)
    edges = [v for p in known for v in (p.value, p.low, p.high) if v is not None]
    zero = min(edges) >= 0 and min(edges) < 0.45 * max(edges)
    most = max(3, frame.width // 130)
    when = charts.date_ticks(begin, end, most)
    days: dict[str, Any] = {"values": [_iso(d) for d in when]} if when else {}
    x = alt.X(
        "at:T", title=None, scale=alt.Scale(type="utc", domain=[_iso(begin), _iso(end)]),
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
    layers = [*(_gaps(lines, frame, x) if single else []), *_spans(frame, begin, end)]
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
    marks, rows = _mark_labels(frame, begin, end)
    layers.extend(marks)
    return charts.finish(
        alt.layer(*layers),
        frame,
        height=190 if frame.narrow else 260,
        right=14 + int(7.6 * len(_last_text(reading, at, lines))) if single else 12,
        top=10 + 18 * rows,
    )


def _row(name: str, p: _Point) -> dict[str, Any]:
    return {"line": name, "at": _iso(p.at), "value": p.value, "low": p.low, "high": p.high}


def _iso(moment: datetime) -> str:
    return cells.as_moment(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _roomy(span: list[float]) -> list[float]:
    low, high = span
    room = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return [low if low == 0 else low - room, high + room]


def _gaps(lines: dict[str, list[_Point]], frame: Frame, x: Any) -> list[Any]:
    """Pale fields where nothing is known, with a word where there is room."""
    import altair as alt

    points = next(iter(lines.values()))
    pixel = (points[-1].at - points[0].at) / (frame.width - 100)
    rows = [
        {"at": _iso(a), "until": _iso(b), "word": cells.unknown(narrow=(b - a) / pixel < _WORD)}
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


def _holes(points: list[_Point]) -> Iterator[tuple[datetime, datetime]]:
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


def _points(lines: dict[str, list[_Point]], x: Any, y: Any, colour: Any) -> Any:
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


def _last_text(reading: Reading, at: int, lines: dict[str, list[_Point]]) -> str:
    values = [p.value for p in next(iter(lines.values())) if p.value is not None]
    return "" if vague.is_on() else cells.column(reading.columns[at], values)[-1]


def _last_value(reading: Reading, at: int, points: list[_Point], x: Any, y: Any) -> Any:
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


# -- what happened meanwhile


def _marked(reading: Reading, frame: Frame, begin: datetime, end: datetime) -> Frame:
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


def _spans(frame: Frame, begin: datetime, end: datetime) -> list[Any]:
    import altair as alt

    rows = [
        {"at": _iso(max(cells.as_moment(m.at), begin)), "until": _iso(min(cells.as_moment(m.until), end))}
        for m in frame.marks
        if m.until is not None and _within(m, begin, end) and not _is_long(m, begin, end)
    ]
    if not rows:
        return []
    chart = alt.Chart(charts.data(rows)).mark_rect(color=charts.COLOURS["soft"], opacity=0.28)
    return [chart.encode(x=alt.X("at:T", title=None), x2="until:T")]


def _mark_labels(frame: Frame, begin: datetime, end: datetime) -> tuple[list[Any], int]:
    """Lines with words above the plot, in as many rows as they need not to touch; gives the rows too."""
    import altair as alt

    marks = sorted(
        (m for m in frame.marks if _within(m, begin, end)), key=lambda m: (cells.as_moment(m.at), m.label)
    )
    if not marks:
        return [], 0
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
        rows.append({"at": _iso(at), "text": text, "left": left, "row": row})
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
    return layers, len(free)


def _as_table(reading: Reading, highlight: frozenset[int]) -> written.Table:
    when = written.find(reading, "time", "day", "week")
    known = (
        [] if when is None else [cells.as_moment(row[when]) for row in reading.rows if row[when] is not None]
    )
    return written.table(reading, highlight, backwards=bool(known) and known[0] < known[-1])


VIEW = View(shape="series", headlines=_headlines, describe=_describe, as_table=_as_table, as_chart=_as_chart)
