"""From an Altair chart to an SVG of the house: quiet lines, one accent, colours that everybody can tell apart.

The drawing is inert: no script, no style sheet, no reference to anything outside. Its colours stand as plain
attributes (light), each with a class of its name (`c-ink`, `c-accent` ...), so that a page may repaint it for
dark screens. The same reading gives the same bytes on the same machine.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from leumund.locale import code
from leumund.views import Frame, vague, view_of, written

if TYPE_CHECKING:
    from leumund.measures import Reading

FONTS = (
    "Arial, 'Liberation Sans', Helvetica, sans-serif"  # all as wide as the one the layout is measured with
)

COLOURS = {
    "ink": "#1d2530",
    "muted": "#5c6672",
    "grid": "#dfdcd3",
    "gap": "#eeebe3",
    "paper": "#fbfaf6",
    "accent": "#0b6b66",
    "soft": "#a9bcbd",
    "minus": "#b5521b",
    "plus": "#0b6b67",
    "second": "#b5521c",
    "third": "#5a4a9c",
    "fourth": "#2f6fae",
    "fifth": "#7b6a1e",
    "age1": "#cfe0de",
    "age2": "#93c2bd",
    "age3": "#45938c",
    "age4": "#0a5550",
}
"""Colours for light paper. Each value stands once: it is how a class is found for it."""

DARK = {
    "ink": "#e9e6de",
    "muted": "#a3abb5",
    "grid": "#343b44",
    "gap": "#262c34",
    "paper": "#171b20",
    "accent": "#58c4ba",
    "soft": "#5d7074",
    "minus": "#f0935a",
    "plus": "#58c4ba",
    "second": "#f0935a",
    "third": "#b3a4f0",
    "fourth": "#7db4e6",
    "fifth": "#d3bf62",
    "age1": "#2b4644",
    "age2": "#3f7a75",
    "age3": "#62b1a9",
    "age4": "#b4ece6",
}
"""The same for dark screens."""

SERIES = ("accent", "second", "third", "fourth", "fifth")
AGES = ("age1", "age2", "age3", "age4")

_FEW = 5  # ticks
_SVG = "http://www.w3.org/2000/svg"
_NAMES = {value: name for name, value in COLOURS.items()}
_KEPT = frozenset(
    {
        "viewBox", "transform", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "fill", "stroke",
        "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity", "stroke-opacity",
        "text-anchor", "font-size", "font-weight", "font-style", "id", "clip-path",
    }
)  # fmt: skip
_WORDLESS = {
    "1": ("opacity", "fill-opacity", "stroke-opacity"),
    "normal": ("font-weight", "font-style"),
    "0": ("rx", "ry"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished chart. svg: one <svg> element; alt: what it shows, in words (also inside as <desc>)."""

    svg: str
    alt: str


def draw(reading: Reading, frame: Frame | None = None, *, ident: str = "chart") -> Drawing | None:
    """The reading as SVG; None where its shape has no chart or nothing is known that could be drawn.

    ident: starts every id inside, and must differ between charts of one page.
    """
    view = view_of(reading)
    chart = view.as_chart(reading, frame or Frame()) if view.as_chart and reading.rows else None
    if chart is None:
        return None
    import altair as alt
    import vl_convert

    german = code() == "de"
    raw = vl_convert.vegalite_to_svg(
        chart.to_dict(),
        vl_version=".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2]),
        allowed_base_urls=[],
        format_locale=_GERMAN_NUMBERS if german else _ENGLISH_NUMBERS,
        time_format_locale=_times(german=german),
    )
    words = view.describe(reading)
    return Drawing(_inert(raw, ident, written.title(reading), words), words)


def finish(chart: Any, frame: Frame, *, height: int, right: int = 8) -> Any:
    """A chart in the size and style of the house. right: pixels kept free for words beside the plot; above it grows by itself."""
    import altair as alt

    ink, muted, grid = COLOURS["ink"], COLOURS["muted"], COLOURS["grid"]
    return (
        chart.properties(
            width=frame.width,
            height=height,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            padding={"left": 2, "right": right, "top": 6, "bottom": 4},
            background="transparent",
        )
        .configure(font="Liberation Sans")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=muted, labelFontSize=12, titleColor=muted, titleFontSize=12, titleFontWeight="normal",
            gridColor=grid, domainColor=grid, tickColor=grid, labelPadding=6,
        )
        .configure_legend(
            orient="top", direction="horizontal", title=None, labelColor=ink, labelFontSize=12, symbolSize=90, labelLimit=150,
            columns=2 if frame.narrow else 4, offset=10, padding=0, columnPadding=14,
        )
    )  # fmt: skip


def data(rows: list[dict[str, Any]]) -> Any:
    """Rows as they stand in the chart itself."""
    import altair as alt

    return alt.InlineData(values=rows)


# -- numbers and dates in the axes

_ENGLISH_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "percent": "%"}
_GERMAN_NUMBERS = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["", ""],
    "percent": "\u00a0%",
}


def _times(*, german: bool) -> dict[str, Any]:
    import vl_convert

    found: dict[str, Any] = vl_convert.get_time_format_locale("de-DE" if german else "en-GB")
    if german:
        found["shortMonths"] = [
            "Jan",
            "Feb",
            "März",
            "Apr",
            "Mai",
            "Juni",
            "Juli",
            "Aug",
            "Sept",
            "Okt",
            "Nov",
            "Dez",
        ]
    return found


def date_format(days: int) -> str:
    """How dates stand on an axis that spans so many days."""
    if days > 3 * 366:
        return "%Y"
    if days > 150:
        return "%b %Y"
    return "%-d. %b" if code() == "de" else "%-d %b"


def number_format(kind: str, largest: float) -> str:
    """How numbers stand on an axis, in the words of d3-format."""
    if kind == "share":
        return ".0%" if largest >= 0.05 else ".1%"
    plus = "+" if kind == "points" else ""
    return (
        f"{plus},.0f"
        if largest >= 10 or kind == "whole"
        else f"{plus},.1f"
        if largest >= 1
        else f"{plus},.2f"
    )


def number_axis(kind: str, low: float, high: float) -> dict[str, Any]:
    """How numbers stand on an axis, and where if it is so short that two of them might be written alike.

    >>> number_axis("whole", 0, 1.04)
    {'format': ',.0f', 'values': [0.0, 1.0]}
    >>> number_axis("number", 42.1, 42.4), number_axis("whole", 0, 90)
    ({'format': ',.1f', 'values': [42.1, 42.2, 42.3, 42.4]}, {'format': ',.0f'})
    """
    if vague.is_on():
        return {"labels": False}
    said = number_format(kind, max(abs(low), abs(high)))
    before, _dot, tail = said.rpartition(".")
    for finer in range(4):
        decimals = int(tail[0]) + finer
        said = f"{before}.{decimals}{tail[1:]}"
        exact = decimals + (2 if tail.endswith("%") else 0)
        step = 10.0**-exact
        if (high - low) / step >= _FEW:
            break
        ticks = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        if len(ticks) > 1 or kind == "whole":
            return {"format": said, "values": [round(n * step, exact) for n in ticks]}
    return {"format": said}


def date_ticks(begin: datetime, end: datetime, most: int) -> list[datetime] | None:
    """Where an axis of time has its ticks if they are too near, or too far, for every one to be written otherwise.

    Of a few days each day's beginning, of many years that of a year; None where the chart may choose.
    """
    days = (end - begin).days
    if days <= most:
        first = datetime.combine(begin.date(), time.min, begin.tzinfo)
        found = [day for n in range(days + 2) if begin <= (day := first + timedelta(days=n)) <= end]
        return found or [begin]
    if date_format(days) == "%Y":
        years = range(begin.year + 1, end.year + 1)
        return [datetime(y, 1, 1, tzinfo=begin.tzinfo) for y in years[:: len(years) // most + 1]]
    return None


# -- the drawing made inert


def _inert(raw: str, ident: str, title: str, words: str) -> str:
    """The same drawing with nothing but shapes and texts, named for those who cannot see it."""
    root = ET.fromstring(raw)  # noqa: S314  made by the chart writer, no document type can stand in it
    ids: dict[str, str] = {}
    for element in root.iter():
        if old := element.get("id"):
            ids[old] = f"{ident}-{len(ids) + 1}"
    _prune(root)
    for element in root.iter():
        _repaint(element, ids)
    width, height = root.get("width", "0"), root.get("height", "0")
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    root.attrib.clear()
    root.attrib.update(
        {
            "xmlns": _SVG,
            **size,
            "role": "img",
            "aria-labelledby": f"{ident}-t {ident}-d",
            "font-family": FONTS,
            "class": "chart",
        }
    )
    for at, (tag, suffix, text) in enumerate((("title", "t", title), ("desc", "d", words))):
        element = ET.Element(tag, {"id": f"{ident}-{suffix}"})
        element.text = text
        root.insert(at, element)
    return ET.tostring(root, encoding="unicode")


def _prune(element: ET.Element) -> None:
    """Take out backgrounds, empty groups and everything that draws nothing."""
    for child in list(element):
        _prune(child)
        tag = _bare(child)
        empty = tag in {"g", "defs"} and len(child) == 0
        unseen = child.get("display") == "none" or child.get("opacity") == "0"
        shapeless = tag == "path" and ("background" in child.get("class", "") or not child.get("d"))
        paper = tag == "rect" and child.get("fill") in {"white", "transparent"}
        if (
            empty
            or unseen
            or shapeless
            or paper
            or tag not in {"g", "defs", "path", "line", "rect", "circle", "text", "clipPath", "tspan"}
        ):
            element.remove(child)


def _repaint(element: ET.Element, ids: dict[str, str]) -> None:
    classes = [
        f"{'f' if a == 'fill' else 's'}-{_NAMES[v]}"
        for a in ("fill", "stroke")
        if (v := element.get(a, "").lower()) in _NAMES
    ]
    element.tag = _bare(element)
    kept = {
        k: _short(v)
        for k, v in element.attrib.items()
        if k in _KEPT and not (v in _WORDLESS and k in _WORDLESS[v])
    }
    if "id" in kept:
        kept["id"] = ids[element.get("id", "")]
    if clip := re.match(r"url\(#([\w-]+)\)\Z", kept.pop("clip-path", "")):
        kept["clip-path"] = f"url(#{ids[clip[1]]})"
    if classes:
        kept["class"] = " ".join(classes)
    element.attrib.clear()
    element.attrib.update(kept)


def _bare(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _short(value: str) -> str:
    """Coordinates to a hundredth of a pixel."""
    return re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)


def repainted(prefix: str, colours: dict[str, str]) -> str:
    """CSS rules that give a chart other colours; prefix: what the chart stands in ("" or ".page ")."""
    return "\n".join(f"{prefix}.f-{n}{{fill:{v}}}{prefix}.s-{n}{{stroke:{v}}}" for n, v in colours.items())
