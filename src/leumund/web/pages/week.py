"""A week in five minutes: what happened and why, who was new, what is owed, what to try; past weeks can be read too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from leumund.locale import N_
from leumund.report.digest import title
from leumund.store.register import as_time
from leumund.today.week import Digest, digest
from leumund.today.week.span import Span, meant, of_day
from leumund.today.whose import first_looked_at
from leumund.web.hints import sentence_in_pages
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_WEEK = timedelta(weeks=1)


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    today = sight.as_of.date()
    first = first_looked_at(sight.state.tables)
    span = meant(asked.query.get("week", ""), today, first)
    found = _in_pages(digest(sight, span))
    return {
        "title": title(found),
        "digest": found,
        "earlier": _earlier(sight, span),
        "later": "" if span.newest else of_day(span.monday + _WEEK, today, first).name,
        "over": span.over,
    }


def _in_pages(found: Digest) -> Digest:
    """The same without a command to type: what it would do has its page."""
    figures = tuple(replace(f, why=sentence_in_pages(f.why)) for f in found.figures)
    parts = tuple(replace(p, sentences=tuple(sentence_in_pages(s) for s in p.sentences)) for p in found.parts)
    return replace(found, figures=figures, parts=parts)


def _earlier(sight: Sight, span: Span) -> str:
    """The week before, if anything is known of it; "" otherwise."""
    first = sight.state.tables.coverage.first
    before = of_day(span.monday - _WEEK, sight.as_of.date())
    return before.name if first is not None and as_time(first) <= before.end else ""


PAGE = Page(name="week", path="/week", title=N_("Your week"), take=_take, group="start", order=2)
