"""One measure: its question, the answer with its chart and table, how sure it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from leumund.locale import N_, _
from leumund.measures import measure_named
from leumund.views import written
from leumund.web.hints import ways
from leumund.web.options import fields, reading_asked, to_add
from leumund.web.page import Asked, Page, all_pages
from leumund.web.sight import Sight


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    measure = measure_named(asked.path["name"])
    reading = reading_asked(sight, asked)
    query = "?" + urlencode(asked.query) if asked.query else ""
    whose = "?" + urlencode({"account": asked.query["account"]}) if "account" in asked.query else ""
    entered = {
        p.path: _(p.title)
        for p in sorted(all_pages().values(), key=lambda p: p.order)
        if measure.name in p.feeds
    }
    there = f"/measures/{measure.name}"
    further = {a: words for a, words in ways(written.notes(reading)) if a != there}
    return {
        "name": measure.name,
        "question": _(measure.question),
        "reading": sight.shown("r", reading),
        "fields": fields(measure, asked.query),
        "to_add": to_add(sight, measure, asked.query),
        "unknown": written.unknowns(reading),
        "coverage": written.coverage(reading),
        "private": measure.private,
        "reference": _(measure.reference) if measure.reference else "",
        "why": f"/why/{measure.name}{whose}" if measure.explain else "",
        "enter": list({**entered, **further}.items()),
        "data": [(kind.upper(), f"/api/measures/{measure.name}.{kind}{query}") for kind in ("json", "csv")],
    }


PAGE = Page(name="measure", path="/measures/{name}", title=N_("Answer"), take=_take)
