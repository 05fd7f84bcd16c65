"""Where the lab's data come from, how far back they reach, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leumund.clean import clean
from leumund.locale import N_, told
from leumund.reach import Part, reach_of
from leumund.views import cells
from leumund.views.stretches import when
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_MOST_PROBLEMS = 100


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    del asked
    total = sight.lab.register.db.execute("select count(*) from problem").fetchone()[0]
    return {
        "parts": [_part(p) for p in reach_of(sight.lab)],
        "problems": list(_problems(sight)),
        "total": total,
        "total_said": cells.number(total),
        "most": cells.number(_MOST_PROBLEMS),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "place": clean(part.place),
        "connected": part.connected,
        "stretches": [(s.what, when(s), clean(s.note)) for s in part.stretches],
        "cannot": list(part.cannot_tell),
    }


def _problems(sight: Sight) -> Iterator[dict[str, str]]:
    rows = sight.lab.register.db.execute(
        "select import.source, problem.place, message, excerpt, hint from problem join import on import.id = import order by problem.id limit ?",
        (_MOST_PROBLEMS,),
    )
    for row in rows:
        yield {
            name: clean(told(str(row[name] or "")), 400)
            for name in ("source", "place", "message", "excerpt", "hint")
        }


PAGE = Page(
    name="sources", path="/sources", title=N_("Sources and problems"), take=_take, group="lab", order=10
)
