"""The pieces of the first page, each worked out and remembered by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from leumund.report.overview import sections, take
from leumund.report.page import at_a_glance
from leumund.today.changes import Change
from leumund.today.changes.board import board
from leumund.today.changes.followers import followers
from leumund.today.changes.goals import goals
from leumund.today.changes.influence import influence
from leumund.today.changes.thanks import thanks
from leumund.today.choosing import three
from leumund.views.sparks import spark
from leumund.web.hints import sentence_in_pages, ways
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_CHANGES: Mapping[str, Callable[[Sight, date], Change]] = {
    "influence": influence,
    "followers": followers,
    "thanks": thanks,
    "board": board,
    "goals": goals,
}


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    piece = asked.path["piece"]
    if piece == "doing":
        return {"doing": three(sight)}
    if piece == "community":
        return {"parts": _community(sight)}
    change = _CHANGES[piece](sight, date.fromisoformat(asked.path["since"]))
    change = replace(change, why=sentence_in_pages(change.why))
    return {"change": change, "spark": spark(change.course)}


def _community(sight: Sight) -> list[dict[str, Any]]:
    """A lab of many in which nobody is the owner: who is recommended, and whose acts count."""
    parts = []
    for number, section in enumerate(sections(take(sight.lab, sight.as_of, at=sight.at)), 1):
        ident = f"s{number}"
        shown = [sight.shown(f"{ident}r{i}", r) for i, r in enumerate(section.readings)]
        first = at_a_glance(section, shown)
        parts.append(
            {
                "ident": ident,
                "heading": section.heading,
                "lead": [sentence_in_pages(p) for p in section.paragraphs()],
                "ways": ways(section.paragraphs()),
                "headline": asdict(first) if first else None,
                "reading": shown[0],
                "more": f"/measures/{section.readings[0].measure}",
            }
        )
    return parts


PAGE = Page(name="overview_piece", path="", title="", take=_take)
