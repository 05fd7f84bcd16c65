"""One measure: its question, the answer with its chart and table, how sure it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from leumund.locale import N_, _
from leumund.measures import measure_named
from leumund.views import written
from leumund.web.hints import sentence_in_pages
from leumund.web.options import fields, reading_asked
from leumund.web.page import Asked, Page, all_pages
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    measure = measure_named(asked.path["name"])
    reading = reading_asked(sight, asked)
    query = "?" + urlencode(asked.query) if asked.query else ""
    whose = "?" + urlencode({"account": asked.query["account"]}) if "account" in asked.query else ""
    answer = sight.shown("r", reading)
    entered = [
        (p.path, _(p.title))
        for p in sorted(all_pages().values(), key=lambda p: p.order)
        if measure.name in p.feeds
    ]
    return {
        "name": measure.name,
        "question": _(measure.question),
        "reading": replace(answer, notes=[sentence_in_pages(n) for n in answer.notes]) if entered else answer,
        "fields": fields(measure, asked.query),
        "unknown": written.unknowns(reading),
        "coverage": written.coverage(reading),
        "private": measure.private,
        "reference": _(measure.reference) if measure.reference else "",
        "why": f"/why/{measure.name}{whose}" if measure.explain else "",
        "enter": entered,
        "data": [(kind.upper(), f"/api/measures/{measure.name}.{kind}{query}") for kind in ("json", "csv")],
    }


PAGE = Page(name="measure", path="/measures/{name}", title=N_("Answer"), take=_take)
