"""Bars lying on their side: names at the left (on a phone above), the value at the end, intervals as thin lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from leumund.clean import clean
from leumund.views import Frame, charts

_WIDEST_NAME = 42  # letters
_LETTER = 7.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. begin: where it starts (0, or the running sum of a waterfall); end: None for unknown."""

    name: str
    text: str
    end: float | None
    begin: float = 0.0
    low: float | None = None
    high: float | None = None
    colour: str = "soft"
    strong: bool = False
    tick: bool = False  # a level, drawn as an upright stroke: where a waterfall begins and ends


def draw(bars: Sequence[Bar], frame: Frame, *, zero: bool = True, joined: bool = False) -> Any:
    """The bars from top to bottom. zero: lengths start at 0; joined: fine lines lead from bar to bar."""
    import altair as alt

    if not any(b.end is not None for b in bars):
        return None
    rows = [_row(i, b, frame) for i, b in enumerate(bars)]
    for row, following in zip(rows, [*rows[1:], {"key": ""}], strict=True):
        row["next"] = following["key"]
    edges = [v for b in bars for v in (b.begin, b.end, b.low, b.high) if v is not None]
    low, high = (min(0.0, *edges), max(0.0, *edges)) if zero else (min(edges), max(edges))
    room = (high - low) or abs(high) or 1.0
    before = 0.0 if zero and low == 0 else 0.16
    x = alt.X(
        "begin:Q",
        title=None,
        axis=None,
        scale=alt.Scale(domain=[low - room * before, high + room * 0.02], nice=False, zero=False),
    )
    y = _names_axis(frame, rows)
    base = alt.Chart(charts.data(rows)).encode(y=y, x=x)
    solid = base.transform_filter("!datum.tick && isValid(datum.end)")
    fill = alt.Color(
        "colour:N",
        scale=alt.Scale(domain=list(charts.COLOURS), range=list(charts.COLOURS.values())),
        legend=None,
    )
    thick = 11 if frame.narrow else 17
    layers = [solid.mark_bar(height=thick, cornerRadius=2).encode(x2="end:Q", color=fill)]
    if joined and not frame.narrow:  # there they would cross the names
        steps = base.transform_filter("datum.next !== ''")
        rule = steps.mark_rule(color=charts.COLOURS["muted"], strokeWidth=1, opacity=0.6)
        layers.append(rule.encode(x=alt.X("end:Q"), y2="next:N"))
    if any(b.tick for b in bars):
        ticks = base.transform_filter("datum.tick && isValid(datum.end)")
        layers.append(
            ticks.mark_tick(thickness=4, size=thick + 9, color=charts.COLOURS["ink"], opacity=1).encode(
                x=alt.X("end:Q", title=None)
            )
        )
    if any(b.low is not None for b in bars):
        held = base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        halo = held.mark_rule(strokeWidth=5, color=charts.COLOURS["paper"], opacity=0.5)
        layers.append(halo.encode(x=alt.X("low:Q"), x2="high:Q"))
        layers.append(
            held.mark_rule(strokeWidth=1.5, color=charts.COLOURS["ink"], opacity=0.75).encode(
                x=alt.X("low:Q"), x2="high:Q"
            )
        )
        for end in ("low", "high"):
            stop = held.mark_tick(thickness=1.5, size=7, color=charts.COLOURS["ink"], opacity=0.75)
            layers.append(stop.encode(x=alt.X(f"{end}:Q")))
    for strong in (False, True):
        some = base.transform_filter(f"datum.strong === {'true' if strong else 'false'}")
        words = some.mark_text(
            align="left",
            dx=7,
            fontSize=12.5,
            color=charts.COLOURS["ink"],
            fontWeight="bold" if strong else "normal",
        )
        layers.append(words.encode(x=alt.X("text_at:Q"), text="text:N"))
        if frame.narrow:
            names = some.mark_text(
                align="left", dy=-15, fontSize=12.5, color=charts.COLOURS["ink" if strong or joined else "muted"],
                fontWeight="bold" if strong else "normal", limit=frame.width - 10,
            )  # fmt: skip
            layers.append(names.encode(x=alt.value(0), text="name:N"))
    longest = max(len(b.text) for b in bars)
    height = len(bars) * (40 if frame.narrow else 29)
    return charts.finish(alt.layer(*layers), frame, height=height, right=int(longest * _LETTER) + 14)


def _row(i: int, bar: Bar, frame: Frame) -> dict[str, Any]:
    edges = [v for v in (bar.begin, bar.end, bar.high) if v is not None]
    name = clean(bar.name, 44 if frame.narrow else _WIDEST_NAME)
    return asdict(bar) | {"name": name, "key": f"{i:03d} {name}", "text_at": max(edges)}


def _names_axis(frame: Frame, rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    if frame.narrow:
        return alt.Y(
            "key:N",
            title=None,
            axis=None,
            sort="ascending",
            scale=alt.Scale(paddingInner=0, paddingOuter=0.12),
        )
    bold = [r["key"][:3] for r in rows if r["strong"]]  # numbers only: names stay out of expressions
    axis = alt.Axis(
        domain=False, ticks=False, labelExpr="substring(datum.label, 4)", labelLimit=320, labelFontSize=13, labelColor=charts.COLOURS["ink"],
        labelFontWeight=alt.condition(f"indexof({bold}, substring(datum.value, 0, 3)) >= 0", alt.value("bold"), alt.value("normal")),
    )  # fmt: skip
    return alt.Y("key:N", title=None, axis=axis, sort="ascending")
