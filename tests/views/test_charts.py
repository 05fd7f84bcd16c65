from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from leumund.measures import Reading, Shape
from leumund.measures.happenings import Happening
from leumund.views import Frame, Mark, all_views, view_of
from leumund.views.charts import COLOURS, DARK, draw
from leumund.views.series.lines import lines_of

from .given import AS_OF, HOSTILE, column, german, hostile, reading

SVG = "{http://www.w3.org/2000/svg}"


def days(values: list[float | None], *, skip: frozenset[int] = frozenset()) -> Reading:
    columns = [
        column("time", "day"),
        column("number", "score", optional=True),
        column("number", "low", optional=True),
        column("number", "high", optional=True),
    ]
    start = AS_OF - timedelta(days=len(values) - 1)
    rows = [
        (start + timedelta(days=i), v, None if v is None else v - 1, None if v is None else v + 1)
        for i, v in enumerate(values)
        if i not in skip
    ]
    return reading("series", columns, rows)


def causes(*parts: tuple[str, float | None], **figures: float | None) -> Reading:
    return reading(
        "breakdown", [column("kind", "cause"), column("points", "points")], list(parts), figures=figures
    )


def drawn(given: Reading, **frame: Any) -> ET.Element:
    drawing = draw(given, Frame(**frame))
    assert drawing is not None
    return ET.fromstring(drawing.svg)


def texts(root: ET.Element) -> list[str]:
    return [e.text or "" for e in root.iter(f"{SVG}text")]


def painted(root: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in root.iter() if f"-{name}" in e.get("class", "")]


def lines(root: ET.Element) -> list[str]:
    """Where the strokes of the line of a series run; a break begins a new one."""
    paths = [e.get("d", "") for e in painted(root, "accent") if "s-accent" in e.get("class", "")]
    return [part for d in paths for part in re.split("(?=M)", d) if part]


def test_every_shape_has_a_view() -> None:
    assert set(all_views()) == set(get_args(Shape))


def test_a_line_breaks_where_nothing_is_known_and_never_falls_to_0() -> None:
    root = drawn(days([50.0, 51.0, None, None, 52.0, 53.0]))
    assert len(lines(root)) == 2
    assert not painted(drawn(days([50.0, 51.0, 52.0])), "gap")
    assert painted(root, "gap")
    assert "?" in texts(root) or "unknown" in texts(root)
    assert "0" not in texts(root)


def test_a_day_that_is_missing_altogether_is_a_gap_too() -> None:
    root = drawn(days([50.0, 51.0, 51.0, 52.0, 53.0, 54.0], skip=frozenset({3})))
    assert len(lines(root)) == 2
    assert painted(root, "gap")


def test_a_known_day_between_unknown_ones_is_a_dot() -> None:
    alone = drawn(days([50.0, 51.0, None, 55.0, None, 52.0, 53.0]))
    whole = drawn(days([50.0, 51.0, 52.0, 55.0, 52.0, 52.0, 53.0]))
    dots = [
        len([e for e in painted(r, "accent") if "f-accent" in e.get("class", "") and not e.get("opacity")])
        for r in (alone, whole)
    ]
    assert dots == [2, 1]  # the lone one, and the last one of every line


def test_an_axis_speaks_the_language() -> None:
    given = days([1000.0 + i * 40 for i in range(120)])
    assert any(re.fullmatch(r"\d,\d{3}", t) for t in texts(drawn(given)))
    with german():
        said = texts(drawn(given))
    assert any(re.fullmatch(r"\d\.\d{3}", t) for t in said)
    assert any(t.startswith("1. ") for t in said)
    assert "5.760,0" in said


def test_what_happened_is_marked_and_what_lies_outside_is_not() -> None:
    marks = (
        Mark(date(2026, 11, 20), "Talk"),
        Mark(date(2026, 11, 10), "Silence", until=date(2026, 11, 16)),
        Mark(date(2020, 1, 1), "Long ago"),
    )
    said = texts(drawn(days([50.0 + i % 3 for i in range(30)]), marks=marks))
    assert {"Talk", "Silence"} <= set(said)
    assert "Long ago" not in said


def test_marks_that_would_touch_stand_in_rows() -> None:
    marks = tuple(Mark(date(2026, 11, 15 + i), f"A rather long event {i}") for i in range(3))
    root = drawn(days([50.0 + i % 3 for i in range(30)]), marks=marks, width=340)
    heights = {
        re.findall(r"[\d.-]+", e.get("transform", ""))[1]
        for e in root.iter(f"{SVG}text")
        if "event" in (e.text or "")
    }
    assert len(heights) == 3


def test_lines_of_several_networks_have_a_legend() -> None:
    rows = [(AS_OF - timedelta(days=i), n, 10 + i) for i in range(9) for n in ("mastodon", "bluesky")]
    given = reading("series", [column("time", "day"), column("kind", "network"), column("whole", "n")], rows)
    assert {"Mastodon", "Bluesky"} <= set(texts(drawn(given)))


def test_the_owner_is_picked_out_even_far_down() -> None:
    rows = [(i, float(100 - i)) for i in range(1, 60)]
    given = reading(
        "ranking", [column("account"), column("number", "score")], rows, names={50: "@me@a.example"}
    )
    root = drawn(given, highlight=frozenset({50}))
    assert "50. @me@a.example" in texts(root)
    assert len(painted(root, "accent")) == 1
    assert len([t for t in texts(root) if ". " in t]) == 13
    assert not painted(drawn(given), "accent")


def test_a_place_is_told_of_so_many_as_there_are_and_not_as_are_listed() -> None:
    columns = [
        column("whole", "rank"),
        column("whole", "rank_low"),
        column("whole", "rank_high"),
        column("account"),
        column("number", "score"),
    ]
    listed = reading("ranking", columns, [(1, 1, 1, 1, 5.0), (2, 2, 4, 2, 4.0)], figures={"places": 161})
    first, second = view_of(listed).headlines(listed, frozenset({1, 2}))
    assert (first.value, first.interval, first.detail) == (
        "1",
        "most probably this place",
        "of 161 places, Score 5.00",
    )
    assert (second.value, second.interval) == ("2", "between 2 and 4")
    unknown = reading("ranking", columns, [(2, 2, 4, 2, 4.0)])
    assert view_of(unknown).headlines(unknown, frozenset({2}))[0].detail == "Score 4.00"


def test_an_unknown_score_has_no_bar_but_a_word() -> None:
    given = reading(
        "ranking", [column("account"), column("number", "score", optional=True)], [(1, 5.0), (2, None)]
    )
    root = drawn(given)
    assert "unknown" in texts(root)
    assert len(painted(root, "soft")) == 1


def test_a_waterfall_runs_from_the_start_over_every_cause_to_the_end() -> None:
    given = causes(("new", 1.5), ("fading", -6.0), ("fading", -2.5), start=53.0, end=46.0)
    root = drawn(given)
    rows = {
        t: float(re.findall(r"[\d.-]+", e.get("transform", ""))[1])
        for e in root.iter(f"{SVG}text")
        if (t := e.text or "")[:1].isalpha()
    }
    assert sorted(rows, key=rows.__getitem__) == ["At the start", "New", "Fading", "At the end"]
    assert sorted(t for t in texts(root) if not t[:1].isalpha()) == sorted(["53.0", "+1.5", "−8.5", "46.0"])
    assert (len(painted(root, "plus")), len(painted(root, "minus"))) == (1, 1)


def test_parts_that_do_not_make_up_the_change_are_owned_up_to() -> None:
    assert "Not explained" in texts(drawn(causes(("new", 1.0), start=50.0, end=52.0)))
    assert "Not explained" not in texts(drawn(causes(("new", 2.0), start=50.0, end=52.0)))


def test_many_causes_become_few_and_the_rest_is_named() -> None:
    root = drawn(causes(*((f"cause_{i}", 1.0 + i) for i in range(20)), start=0.0, end=210.0))
    assert "All others" in texts(root)
    assert len([t for t in texts(root) if t.startswith("Cause")]) == 8


def test_two_words_name_a_cause_together() -> None:
    columns = [column("kind", "cause"), column("kind", "kind"), column("account"), column("points", "points")]
    rows = [
        ("new", "like", 1, 0.5),
        ("new", "like", 2, 0.25),
        ("new", "reply", 1, 1.0),
        ("fading", "like", None, -1.0),
    ]
    root = drawn(reading("breakdown", columns, rows, figures={"from_score": 50.0, "to_score": 50.75}))
    assert {"New: like", "+0.8", "New: reply", "Fading: like", "At the end"} <= set(texts(root))


def test_from_an_unknown_start_no_change_is_told_and_no_sum_drawn() -> None:
    given = causes(("new", 34.0), ("fading", -0.5), from_score=None, to_score=33.5)
    (headline,) = view_of(given).headlines(given, frozenset())
    assert (headline.value, headline.unknown, headline.detail) == ("unknown", True, "now 33.5")
    assert {"New", "+34.0"} <= set(texts(drawn(given)))
    assert "Together" not in texts(drawn(given))
    assert "Together" in texts(drawn(causes(("new", 34.0), ("fading", -0.5))))


def test_a_day_is_drawn_at_its_end_and_one_that_is_not_over_at_its_moment() -> None:
    columns = [column("day", "day"), column("whole", "n")]
    noon = AS_OF + timedelta(hours=12)
    rows = [((AS_OF - timedelta(days=1 - i)).date(), 3 + i) for i in range(2)]
    points = lines_of(reading("series", columns, rows, as_of=noon))[""]
    assert [p.at for p in points] == [AS_OF - timedelta(microseconds=1), noon]
    (headline,) = view_of(given := reading("series", columns, rows)).headlines(given, frozenset())
    assert headline.detail == "+1 since 22 Nov 2026"


def test_an_unknown_part_is_shown_as_unknown() -> None:
    given = reading(
        "breakdown",
        [column("kind", "group"), column("share", "share", optional=True)],
        [("people", 0.7), ("sleepers", None)],
    )
    root = drawn(given)
    assert {"Sleepers", "unknown", "70%"} <= set(texts(root))
    assert view_of(given).describe(given) == "People 70%. Unknown: Sleepers."


def test_open_items_are_counted_by_kind_and_age_and_answered_ones_are_not() -> None:
    columns = [column("kind", "kind"), column("time", "time"), column("flag", "open")]
    rows = [("reply", AS_OF - timedelta(days=d), d != 5) for d in (0, 1, 5, 20, 300)] + [
        ("like", AS_OF, True)
    ]
    given = reading("ledger", columns, rows)
    assert {"Reply", "Like", "4", "1", "older"} <= set(texts(drawn(given)))
    (headline,) = view_of(given).headlines(given, frozenset())
    assert (headline.label, headline.value, headline.detail) == ("Open", "5", "the oldest 300 days old")


@pytest.mark.parametrize("shape", get_args(Shape))
def test_nothing_known_draws_nothing(shape: Shape) -> None:
    columns = [
        column("account"),
        column("kind", "kind"),
        column("time", "time"),
        column("number", "score", optional=True),
    ]
    assert draw(reading(shape, columns, [])) is None
    unknown = reading(shape, columns, [(None, None, None, None)] * 3)
    assert draw(unknown) is None
    assert draw(reading(shape, [column("text")], [("a",)])) is None
    assert view_of(unknown).describe(unknown)


@pytest.mark.parametrize("width", [340, 800])
@pytest.mark.parametrize("shape", ["ranking", "ledger", "breakdown", "series"])
def test_harmful_names_leave_a_well_formed_drawing_of_shapes_and_texts(shape: Shape, width: int) -> None:
    given = hostile(shape)
    marks = tuple(Mark(AS_OF, name) for name in HOSTILE.values())
    drawing = draw(given, Frame(width=width, highlight=frozenset(HOSTILE), marks=marks))
    if drawing is None:
        assert shape == "series"  # all at one moment
        return
    root = ET.fromstring(drawing.svg)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "path",
        "line",
        "text",
        "rect",
        "defs",
        "clipPath",
    }
    names = {a for e in root.iter() for a in e.attrib}
    assert not {a for a in names if a.startswith("on") or a in {"href", "style"} or a.endswith("}href")}
    assert all("http" not in v for e in root.iter() for v in e.attrib.values())


def test_harmful_lines_of_a_series_are_only_names() -> None:
    rows = [(AS_OF - timedelta(days=i), key, i) for i in range(3) for key in HOSTILE]
    given = reading(
        "series", [column("time", "day"), column("account", "who"), column("whole", "n")], rows, names=HOSTILE
    )
    assert "<script>alert(1)</script>" in texts(drawn(given))


def test_the_same_reading_gives_the_same_bytes_whatever_was_drawn_before() -> None:
    given = days([50.0, None, 52.0, 51.0, 53.0])
    first = draw(given, ident="a")
    draw(causes(("new", 1.0), start=1.0, end=2.0))
    assert draw(given, ident="a") == first


def test_ids_of_two_charts_on_one_page_differ() -> None:
    given = days([50.0, 51.0, 52.0])
    one, two = (set(re.findall(r' id="([^"]+)"', d.svg)) for i in "ab" if (d := draw(given, ident=i)))
    assert one
    assert not one & two


def test_a_drawing_says_in_words_what_it_shows() -> None:
    root = drawn(days([50.0, None, 52.0]))
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    found = {e.get("id"): e.text for e in root if e.tag in {f"{SVG}title", f"{SVG}desc"}}
    words = (
        "From 50.0 on 21 Nov 2026 to 52.0 on 23 Nov 2026; lowest 50.0 on 21 Nov 2026, highest 52.0 on 23 Nov 2026. "
        "1 of 3 values is unknown."
    )
    assert [found[i] for i in named] == ["Title", words]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("colours", [COLOURS, DARK])
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ink", 7),
        ("muted", 4.5),
        ("accent", 4.5),
        ("minus", 4.5),
        ("plus", 4.5),
        ("third", 4.5),
        ("fourth", 4.5),
        ("fifth", 4.5),
    ],
)
def test_colours_stand_out_from_the_paper(colours: dict[str, str], name: str, least: float) -> None:
    light, dark = sorted((luminance(colours[name]), luminance(colours["paper"])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_each_colour_has_a_value_of_its_own_and_a_dark_twin() -> None:
    assert len(set(COLOURS.values())) == len(COLOURS)
    assert set(COLOURS) == set(DARK)


def test_looking_at_a_table_loads_no_chart_library() -> None:
    code = "import sys, leumund.views as v; v.all_views(); import leumund.report; print([m for m in ('altair', 'vl_convert', 'jinja2', 'rich') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def on_the_axes(given: Reading, **frame: Any) -> tuple[list[str], list[str]]:
    """What stands on the axis of time, and on that of values."""
    said = [e for e in drawn(given, **frame).iter(f"{SVG}text") if e.get("font-weight") != "bold"]
    left = [e for e in said if e.get("transform", "").startswith("translate(-")]
    return [e.text or "" for e in said if e not in left], [e.text or "" for e in left]


@pytest.mark.parametrize(
    "values", [[0, 1, 1], [3, 3, 4], [0, 0], [10.1, 10.4, 10.2], [0.0, 0.5, 0.2], [0.01, 0.012]]
)
@pytest.mark.parametrize("width", [320, 640, 1200])
def test_no_number_and_no_date_stands_twice_on_an_axis(values: list[float], width: int) -> None:
    kind = "whole" if all(isinstance(v, int) for v in values) else "number"
    columns = [column("day", "day"), column(kind, "followers")]
    for apart in (1, 3, 40, 420):
        rows = [((AS_OF - timedelta(days=apart * (9 - i))).date(), v) for i, v in enumerate(values)]
        for axis in on_the_axes(reading("series", columns, rows), width=width):
            assert axis
            assert len(axis) == len(set(axis)), axis


def test_an_axis_of_counts_has_no_parts_of_one() -> None:
    columns = [column("day", "day"), column("whole", "followers")]
    rows = [((AS_OF - timedelta(days=1 - i)).date(), v) for i, v in enumerate((0, 2))]
    assert on_the_axes(reading("series", columns, rows))[1] == ["0", "1", "2"]


def test_parts_too_small_for_the_decimals_shown_are_one_row() -> None:
    given = causes(("new", 12.0), ("fading", -0.04), ("trust", 0.03), ("weight", 0.02), ("deleted", -3.0))
    shown = [[cell.text for cell in row] for row in view_of(given).as_table(given, frozenset()).rows]
    assert shown == [["new", "+12.0"], ["deleted", "−3.0"], ["3 smaller things", "+0.01"]]
    one = causes(("new", 12.0), ("fading", -0.04))
    assert len(view_of(one).as_table(one, frozenset()).rows) == 2, "one alone is named"


def test_what_took_most_of_the_time_is_marked_where_it_begins_without_a_field() -> None:
    given = days([50.0 + i % 3 for i in range(30)])
    first, last = given.rows[0][0], given.rows[-1][0]
    plain = drawn(given)
    for until, fields in ((max(first, last), 0), (min(first, last) + timedelta(days=4), 1)):
        root = drawn(given, marks=(Mark(min(first, last), "Trial", until=until),))
        assert "Trial" in texts(root)
        soft = [e for e in root.iter() if "f-soft" in e.get("class", "")]
        assert len(soft) == fields
    assert not [e for e in plain.iter() if "f-soft" in e.get("class", "")]


def test_what_happened_meanwhile_is_marked_from_the_reading_itself() -> None:
    given = days([50.0 + i % 3 for i in range(30)])
    start = AS_OF - timedelta(days=9)
    happened = (
        Happening(start, None, "note", "Talk"),
        Happening(start + timedelta(days=2), start + timedelta(days=4), "silence"),
        Happening(start, None, "outage", "Server"),
    )
    said = texts(drawn(replace(given, happened=happened)))
    assert {"Talk", "no post", "outage: Server"} <= set(said)
    many = tuple(Happening(start, None, "note", f"N{n}") for n in range(30))
    said = texts(drawn(replace(given, happened=(*many, happened[2]))))
    assert sum(t.startswith("N") for t in said) == 7
    assert "outage: Server" in said
