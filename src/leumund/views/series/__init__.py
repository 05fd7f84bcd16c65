"""Figures over time: in words, as a table, and as a chart (`chart`) with what happened meanwhile (`marks`)."""

from __future__ import annotations

from datetime import timedelta

from leumund.locale import _, ngettext
from leumund.measures import Reading
from leumund.views import Headline, View, cells, vague, written
from leumund.views.series.chart import as_chart
from leumund.views.series.lines import MOST_LINES, Point, lines_of

_WEEK = timedelta(days=7)


def _headlines(reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    at = written.value_at(reading)
    if at is None:
        return ()
    if written.called(reading, "held") is not None:
        return _kept(reading)
    column = reading.columns[at]
    said = []
    for name, points in list(lines_of(reading).items())[:MOST_LINES]:
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


def _in_words(label: str, known: list[Point]) -> Headline:
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


def _detail(reading: Reading, at: int, points: list[Point], first: Point, last: Point) -> str:
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
    for name, points in list(lines_of(reading).items())[:MOST_LINES]:
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


def _as_table(reading: Reading, highlight: frozenset[int]) -> written.Table:
    when = written.find(reading, "time", "day", "week")
    known = (
        [] if when is None else [cells.as_moment(row[when]) for row in reading.rows if row[when] is not None]
    )
    return written.table(reading, highlight, backwards=bool(known) and known[0] < known[-1])


VIEW = View(shape="series", headlines=_headlines, describe=_describe, as_table=_as_table, as_chart=as_chart)
