"""Where the lab's data come from, how far back they reach, and what could not be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.clean import clean
from leumund.locale import N_
from leumund.reach import Part, reach_of
from leumund.store.problems import Left, left_out
from leumund.views import cells
from leumund.views.stretches import when
from leumund.web.hints import note_in_pages
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_MOST_PROBLEMS = 100


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    del asked
    total, problems = left_out(sight.lab.register, _MOST_PROBLEMS)
    return {
        "parts": [_part(p) for p in reach_of(sight.lab)],
        "problems": [_problem(p) for p in problems],
        "total": total,
        "total_said": cells.number(total),
        "most": cells.number(_MOST_PROBLEMS),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "place": clean(part.place),
        "connected": part.connected,
        "stretches": [(s.what, when(s), note_in_pages(clean(s.note))) for s in part.stretches],
        "cannot": list(part.cannot_tell),
    }


def _problem(left: Left) -> dict[str, str]:
    return {name: clean(text, 400) for name, text in left._asdict().items() if name != "file"}


PAGE = Page(
    name="sources", path="/sources", title=N_("Sources and problems"), take=_take, group="lab", order=10
)
