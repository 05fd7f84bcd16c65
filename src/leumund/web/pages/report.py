"""The report on a month, a quarter or a span of days: chosen, read here, taken along as one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.locale import N_, _
from leumund.report.page import written_moment
from leumund.report.periodic import ALSO, READERSHIPS, Periodic, Readership, take, title_of
from leumund.report.periodic.sections import sections
from leumund.report.sections import Section, coverage_sentences, unknown_sentences
from leumund.report.shown import Shown, shown
from leumund.spoken.periods import Period, month_said, months_from, quarter_said, span_said
from leumund.store.register import as_time
from leumund.web.hints import sentence_in_pages
from leumund.web.page import Asked, Page
from leumund.web.sight import Sight

_MONTHS, _QUARTERS = 12, 4


def _take(sight: Sight, asked: Asked) -> Mapping[str, Any]:
    given = asked.query
    report: dict[str, Any] = {"sections": [], "title": "", "as_of": "", "file": ""}
    if period := period_asked(sight, given):
        taken = taken_for(sight, period, given)
        kept = {k: given[k] for k in ("period", "first", "last", "for", *ALSO) if k in given}
        report = {
            "sections": [_written(taken, i, s) for i, s in enumerate(sections(taken), 1)],
            "title": _("Report: {period}").format(period=title_of(period)),
            "as_of": f"{clean(taken.owner, 200)}. {written_moment(taken.as_of)}",
            "file": "/report/file?" + urlencode({**kept, "lang": asked.language}),
        }
    return {
        "periods": list(_choices(sight.as_of.date(), _known_from(sight))),
        "period": given.get("period", ""),
        "first": given.get("first", ""),
        "last": given.get("last", ""),
        "readers": [("team", _("my team and me")),
                    ("client", _("a client"))],
        "for": given.get("for", "team"),
        "more": [("words", _("what I wrote on goals and experiments (names may stand in it)")),
                 ("customers", _("how many customers came"))],
        "chosen": [a for a in ALSO if given.get(a)],
        **report,
    }  # fmt: skip


def period_asked(sight: Sight, given: Mapping[str, str]) -> Period | None:
    """The time that was chosen; None where none was.

    Raises:
        UsageError: it means nothing.
    """
    today = sight.as_of.date()
    if first := given.get("first"):
        return span_said(first, given.get("last") or today.isoformat(), today)
    if not (text := given.get("period")):
        return None
    return quarter_said(text) if "Q" in text.upper() else month_said(text, today)


def taken_for(sight: Sight, period: Period, given: Mapping[str, str]) -> Periodic:
    """The report for those who shall read it.

    Raises:
        UsageError: the time has not begun.
    """
    readership: Readership = next((r for r in READERSHIPS if r == given.get("for")), "team")
    also = frozenset(a for a in ALSO if given.get(a)) if readership == "client" else frozenset()
    return sight.once(
        f"report {period} {readership} {sorted(also)}",
        lambda: take(sight.lab, period, at=sight.at, readership=readership, also=also),
    )


def _known_from(sight: Sight) -> date:
    """The first day of which anything is known."""
    first = sight.state.tables.coverage.first
    return as_time(first).date() if first is not None else sight.as_of.date()


def _choices(today: date, known_from: date) -> Iterator[tuple[str, str]]:
    """The last months and quarters of which anything is known, this one first."""
    month = months_from(today.replace(day=1), 1)
    quarter = months_from(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3)
    for _n in range(_MONTHS):
        if month.last < known_from:
            break
        yield f"{month.first:%Y-%m}", title_of(month)
        month = month.before
    for _n in range(_QUARTERS):
        if quarter.last < known_from:
            break
        yield f"{quarter.first.year}-Q{(quarter.first.month + 2) // 3}", title_of(quarter)
        quarter = quarter.before


def _written(taken: Periodic, number: int, section: Section) -> dict[str, Any]:
    """A section as the template sets it; its readings speak of the end of the period."""
    readings = [
        _in_pages(shown(f"s{number}r{i}", r, as_of=taken.as_of, highlight=section.highlight))
        for i, r in enumerate(section.readings, 1)
    ]
    return {
        "ident": f"s{number}",
        "heading": section.heading,
        "lead": [sentence_in_pages(p) for p in section.paragraphs()],
        "readings": readings,
        "beneath": [
            sentence_in_pages(s) for s in (*unknown_sentences(section), *coverage_sentences(section))
        ],
    }


def _in_pages(answer: Shown) -> Shown:
    return replace(answer, notes=[said for n in answer.notes if (said := sentence_in_pages(n))])


PAGE = Page(name="report", path="/report", title=N_("Report"), take=_take, group="start", order=60)
