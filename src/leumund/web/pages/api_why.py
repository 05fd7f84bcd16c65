"""The facts behind a reading for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leumund.measures import Reading, measure_named
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight
from leumund.web.told import told


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    measure = measure_named(asked.path["name"])

    def take(options: Mapping[str, Any]) -> Reading:
        rest = {k: v for k, v in options.items() if k != "account"}
        return sight.explanation(measure.name, options.get("account"), **rest)

    return {"told": told(sight, asked, measure, take, explained=True)}


PAGE = Page(name="api_why", path="", title="", take=_take, remembered=False)
