"""The facts behind a reading for programs, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.report.unlisted import without_listed
from leumund.views.csv_text import as_csv
from leumund.views.json_text import as_json
from leumund.web.options import explanation_asked
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    reading = explanation_asked(sight, asked)
    if not asked.own and reading.measure == "influence":  # its causes name whose acts count no more
        reading = without_listed(sight.state.tables, reading)
    return {"text": as_json(reading) if asked.path["kind"] == "json" else as_csv(reading)}


PAGE = Page(name="api_why", path="", title="", take=_take)
