"""A reading for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.measures import measure_named
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight
from leumund.web.told import told


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    measure = measure_named(asked.path["name"])
    return {"told": told(sight, asked, measure, lambda o: sight.reading(measure.name, **o), explained=False)}


PAGE = Page(name="api_reading", path="", title="", take=_take, remembered=False)
