"""Items with a date, some of them open: how many, how old, of which kind."""

from __future__ import annotations

from collections import Counter
from typing import Any

from leumund.locale import _
from leumund.measures import Reading
from leumund.views import Frame, Headline, View, cells, charts, written
from leumund.views.words import label

_CLASSES = (2, 7, 28)  # days; what is older is the last class
_MOST_KINDS = 6


def _items(reading: Reading) -> list[tuple[Any, ...]]:
    """The open items; all, where the reading does not tell which are open."""
    at = written.called(reading, "open")
    if at is None or reading.columns[at].kind != "flag":
        return list(reading.rows)
    return [row for row in reading.rows if row[at]]


def _tells_open(reading: Reading) -> bool:
    at = written.called(reading, "open")
    return at is not None and reading.columns[at].kind == "flag"


def _age(reading: Reading, row: tuple[Any, ...]) -> int | None:
    at = written.find(reading, "time", "day", "week")
    if at is None or row[at] is None:
        return None
    return max(0, (cells.as_day(reading.as_of) - cells.as_day(row[at])).days)


def _headlines(reading: Reading, _highlight: frozenset[int]) -> tuple[Headline, ...]:
    if not reading.rows:
        return ()
    items = _items(reading)
    ages = [a for row in items if (a := _age(reading, row)) is not None]
    title = _("Open") if _tells_open(reading) else _("Entries")
    detail = _("the oldest {n} days old").format(n=cells.span(max(ages))) if ages and max(ages) > 1 else ""
    return (Headline(title, cells.written("whole", len(items)), "", detail),)


def _age_classes() -> list[str]:
    first, second, third = _CLASSES
    return [
        _("up to {n} days").format(n=first),
        _("{first} to {last} days").format(first=first + 1, last=second),
        _("{first} to {last} days").format(first=second + 1, last=third),
        _("older"),
    ]


def _class_of(age: int) -> int:
    return sum(age > limit for limit in _CLASSES)


def _kind(reading: Reading, row: tuple[Any, ...]) -> str:
    at = written.find(reading, "kind")
    if at is None:
        return _("Open") if _tells_open(reading) else _("Entries")
    return label(str(row[at])) if row[at] is not None else cells.unknown()


def _describe(reading: Reading) -> str:
    headline = written.joined(_headlines(reading, frozenset())) or written.nothing()
    headline = headline.rstrip(".") + "."
    kinds = Counter(_kind(reading, row) for row in _items(reading))
    if len(kinds) < 2:
        return headline
    return headline + " " + ", ".join(f"{k} {cells.alone(n)}" for k, n in kinds.most_common()) + "."


def _as_chart(reading: Reading, frame: Frame) -> Any:
    counts: Counter[tuple[str, int]] = Counter()
    for row in _items(reading):
        if (age := _age(reading, row)) is not None:
            counts[_kind(reading, row), _class_of(age)] += 1
    if not counts:
        return None
    import altair as alt

    totals: Counter[str] = Counter()
    for (kind, _at), n in counts.items():
        totals[kind] += n
    kinds = sorted(totals, key=lambda k: (-totals[k], k))[:_MOST_KINDS]
    names = _age_classes()
    rows = [
        {"kind": k, "age": names[c], "order": c, "n": n} for (k, c), n in sorted(counts.items()) if k in kinds
    ]
    y = alt.Y("kind:N", title=None, sort=kinds, axis=_axis(frame))
    x = alt.X("n:Q", title=None, axis=None, stack=True)
    colour = alt.Color(
        "age:N", scale=alt.Scale(domain=names, range=[charts.COLOURS[c] for c in charts.AGES]), sort=names,
        legend=alt.Legend(symbolType="square", offset=20 if frame.narrow else 10),
    )  # fmt: skip
    stacked = (
        alt.Chart(charts.data(rows))
        .mark_bar(height=13 if frame.narrow else 19)
        .encode(x=x, y=y, color=colour, order=alt.Order("order:Q"))
    )
    sums = alt.Chart(
        charts.data([{"kind": k, "n": totals[k], "text": cells.number(totals[k])} for k in kinds])
    ).encode(y=y)
    layers = [
        stacked,
        sums.mark_text(align="left", dx=7, fontSize=12.5, color=charts.COLOURS["ink"]).encode(
            x=alt.X("n:Q"), text="text:N"
        ),
    ]
    if frame.narrow:
        words = sums.mark_text(
            align="left", dy=-16, fontSize=12.5, color=charts.COLOURS["muted"], limit=frame.width - 10
        )
        layers.append(words.encode(x=alt.value(0), text="kind:N"))
    longest = max(len(cells.number(n)) for n in totals.values())
    return charts.finish(
        alt.layer(*layers), frame, height=len(kinds) * (42 if frame.narrow else 32), right=20 + 7 * longest
    )


def _axis(frame: Frame) -> Any:
    import altair as alt

    if frame.narrow:
        return None
    return alt.Axis(
        domain=False, ticks=False, labelLimit=300, labelFontSize=13, labelColor=charts.COLOURS["ink"]
    )


VIEW = View(
    shape="ledger", headlines=_headlines, describe=_describe, as_table=written.table, as_chart=_as_chart
)
