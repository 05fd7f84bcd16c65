"""Influence: its change, with the exact causes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from leumund.locale import _
from leumund.measures import Note, Reading
from leumund.measures.influence import sentences
from leumund.measures.influence.explain import CAUSES
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.today.since import end_before
from leumund.views import cells

_DAYS = 90
_LEAST = 0.05  # points
_TOLD = 2  # causes


def influence(readings: Readings, since: date) -> Change:
    """It matters where the score of then lies outside what the score of now may be."""
    reading = readings.reading("influence", days=_DAYS)
    score, low, high = (reading.figures.get(k) for k in ("score", "low", "high"))
    start = end_before(since)
    days = {"start": str(start.date()), "end": str(readings.as_of.date())}
    said = Change(
        name="influence", heading=_("Influence"), value=cells.unknown(), unknown=True,
        why=" ".join(cells.sentence(n) for n in reading.notes[:1]), course=[r["score"] for r in reading.dicts()],
        page="/measures/influence", command="show influence",
    )  # fmt: skip
    if not isinstance(score, float):
        return said
    explained = readings.explanation("influence", start=start)
    change, before = explained.figures.get("change"), explained.figures.get("from_score")
    of = ""
    if isinstance(low, float) and isinstance(high, float):
        of = _("between {low} and {high}").format(low=cells.number(low, 1), high=cells.number(high, 1))
    if not isinstance(change, float) or not isinstance(before, float):
        matters, why = False, " ".join(cells.sentence(n) for n in explained.notes[:1])
    elif isinstance(low, float) and isinstance(high, float) and low <= before <= high:
        matters = False
        why = _("Nothing that matters: it was {before}, and so exactly nobody knows it.")
        why = why.format(before=cells.number(before, 1))
    else:
        matters, why = True, " ".join(_reasons(explained, up=change > 0))
    return Change(
        name="influence", heading=said.heading, value=cells.number(score, 1), of=of,
        change=cells.number(change, 1, signed=True) if isinstance(change, float) else "", matters=matters, why=why,
        course=said.course, page="/why/influence?" + urlencode(days),
        command=f"why influence --from {days['start']} --to {days['end']}",
    )  # fmt: skip


def _reasons(explained: Reading, *, up: bool) -> Iterator[str]:
    """The causes that weigh most, and the person who did most."""
    causes = [n for n in explained.notes if _cause(n)]
    causes.sort(key=lambda n: -abs(float(n.values[_cause(n)])))
    yield from (cells.sentence(n) for n in causes[:_TOLD])
    best = [n for n in sentences(explained, 5) if (n.values["points"] > 0) == up][:1]
    yield from (cells.sentence(n) + "." for n in best)
    quiet = explained.figures.get("quiet_days")
    if not up and isinstance(quiet, int) and quiet:
        yield from (cells.sentence(n) for n in explained.notes if "quiet_points" in n.values)


def _cause(note: Note) -> str:
    """Which cause a note speaks of, "" for any other note."""
    return next((c for c in CAUSES if set(note.values) == {c} and abs(float(note.values[c])) >= _LEAST), "")
