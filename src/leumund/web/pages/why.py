"""Why a measure says what it says: the facts it was made from, down to the single post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from leumund.locale import N_, _
from leumund.measures import measure_named
from leumund.views import written
from leumund.web.hints import ways
from leumund.web.options import explanation_asked, fields
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    measure = measure_named(asked.path["name"])
    reading = explanation_asked(sight, asked)
    query = "?" + urlencode(asked.query) if asked.query else ""
    return {
        "name": measure.name,
        "question": _(measure.question),
        "reading": sight.shown("r", reading),
        "fields": fields(measure, asked.query, explained=True),
        "unknown": written.unknowns(reading),
        "coverage": written.coverage(reading),
        "enter": ways(written.notes(reading)),
        "figures": f"/measures/{measure.name}",
        "title": _(measure.title),
        "data": [(kind.upper(), f"/api/why/{measure.name}.{kind}{query}") for kind in ("json", "csv")],
    }


PAGE = Page(name="why", path="/why/{name}", title=N_("Why"), take=_take)
