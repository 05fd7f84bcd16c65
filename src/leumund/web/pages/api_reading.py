"""A reading for programs, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.views.csv_text import as_csv
from leumund.views.json_text import as_json
from leumund.web.options import reading_asked
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    reading = reading_asked(sight, asked)
    return {"text": as_json(reading) if asked.path["kind"] == "json" else as_csv(reading)}


PAGE = Page(name="api_reading", path="", title="", take=_take)
