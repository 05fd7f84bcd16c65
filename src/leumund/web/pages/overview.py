"""The first page: what there is to know at a glance, what changed, what is worth doing today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from leumund.locale import N_
from leumund.measures import Reading
from leumund.report.overview import Overview, sections, take
from leumund.report.page import at_a_glance, written_moment
from leumund.report.sections import Section
from leumund.views import cells
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_FEW = 3


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    del asked
    taken: Overview = sight.once("overview", lambda: take(sight.lab, sight.as_of, at=sight.at))
    parts = [_part(sight, taken, number, section) for number, section in enumerate(sections(taken), 1)]
    return {
        "owner": taken.owner,
        "as_of": written_moment(sight.as_of),
        "parts": parts,
        "waiting": _waiting(taken),
    }


def _part(sight: Sight, taken: Overview, number: int, section: Section) -> dict[str, Any]:
    """One section: its first figure, its sentences, its first drawing, and where there is more."""
    ident = f"s{number}"
    shown = [
        sight.shown(f"{ident}r{i}", r, marks=tuple(section.marks)) for i, r in enumerate(section.readings)
    ]
    first = at_a_glance(section, shown)
    return {
        "ident": ident,
        "heading": section.heading,
        "lead": section.paragraphs(),
        "headline": asdict(first) if first else None,
        "reading": shown[0] if shown else None,
        "more": _more(taken, section.readings[0]) if section.readings else "",
    }


def _more(taken: Overview, reading: Reading) -> str:
    """The page that a reading of the overview has for itself."""
    if reading is not taken.fall or taken.fall_span is None:
        return f"/measures/{reading.measure}"
    start, end = taken.fall_span
    before = start.date() - timedelta(days=1)  # an explanation goes from the end of a day
    return f"/why/{reading.measure}?start={before}&end={end.date()}"


def _waiting(taken: Overview) -> list[dict[str, str]]:
    """Who has waited longest for thanks."""
    rows = sorted((r for r in taken.thanks.dicts() if r["open"]), key=lambda r: r["time"])
    return [
        {"name": str(r["account"]), "kind": cells.written("kind", r["kind"]), "day": cells.day(r["time"])}
        for r in rows[:_FEW]
    ]


PAGE = Page(name="overview", path="/", title=N_("Overview"), take=_take, group="start", order=1)
