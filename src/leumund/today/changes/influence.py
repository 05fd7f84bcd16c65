"""Influence: its change, with the exact causes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from urllib.parse import urlencode

from leumund.clean import clean
from leumund.locale import _
from leumund.measures import Note, Reading
from leumund.measures.influence import sentences
from leumund.measures.influence.explain import CAUSES
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.today.since import end_before
from leumund.views import cells, vague

_DAYS = 90
_LEAST = 0.05  # points
_TOLD = 2  # causes


def influence(readings: Readings, since: date) -> Change:
    """It matters where the score of then lies outside what the score of now may be."""
    reading = readings.reading("influence", days=_DAYS)
    score, low, high = (reading.figures.get(k) for k in ("score", "low", "high"))
    start = end_before(since)
    days = {"start": str(start.date())}
    if (
        readings.as_of.time() == time.max
    ):  # a week that is over; else until now: the end of today is still to come
        days["end"] = str(readings.as_of.date())
    said = Change(
        name="influence", heading=_("Influence"), value=cells.unknown(), unknown=True,
        why=" ".join(cells.sentence(n) for n in reading.notes[:1]), course=[r["score"] for r in reading.dicts()],
        page="/measures/influence", command="show influence",
    )  # fmt: skip
    if not isinstance(score, float):
        return said
    before = next((r["score"] for r in reading.dicts() if r["day"] == start.date()), None)
    kept = _is_kept(low, before, high)
    explained = None if kept else readings.explanation("influence", start=start)  # costly where much is known
    if explained is not None:
        before = explained.figures.get("from_score")
        kept = _is_kept(low, before, high)
    page = "/why/influence?" + urlencode(days)
    command = f"why influence --from {days['start']}" + (f" --to {days['end']}" if "end" in days else "")
    said = replace(
        said, unknown=False, matters=not kept and isinstance(before, float), page=page, command=command
    )
    if vague.is_on():
        return _in_words(said, score, before, explained)
    of = _("too little data for an interval")
    if isinstance(low, float) and isinstance(high, float):
        of = _("between {low} and {high}").format(low=cells.number(low, 1), high=cells.number(high, 1))
    return replace(
        said, value=cells.number(score, 1), of=of, why=_why(before, explained),
        change=cells.number(score - before, 1, signed=True) if isinstance(before, float) else "",
    )  # fmt: skip


def _why(before: object, explained: Reading | None) -> str:
    """The reasons; that it is nothing that matters; or that it is not known what was then."""
    if explained is None and isinstance(before, float):
        text = _("Nothing that matters: it was {before}, and so exactly nobody knows it.")
        return text.format(before=cells.number(before, 1))
    if explained is None:
        return ""
    change = explained.figures.get("change")
    if not isinstance(change, float):
        return " ".join(cells.sentence(n) for n in explained.notes[:1])
    return " ".join(_reasons(explained, up=change > 0))


def _is_kept(low: object, before: object, high: object) -> bool:
    """Whether the score of then lies within what the score of now may be."""
    known = isinstance(low, float) and isinstance(before, float) and isinstance(high, float)
    return known and low <= before <= high  # type: ignore[operator]


def _in_words(said: Change, score: float, before: object, explained: Reading | None) -> Change:
    """Without a figure: how it stands beside then, and through whom."""
    if not isinstance(before, float):
        return replace(said, value=_("known since then"), why="")
    why = _("Nothing that matters.")
    if said.matters:
        why = _("More came new than faded.") if score > before else _("More faded than came new.")
        told = sentences(explained, 5) if explained is not None else []
        best = [n.values["name"] for n in told if (n.values["points"] > 0) == (score > before)]
        if best:
            why += " " + _("Above all through {name}.").format(name=clean(str(best[0]), 80))
    return replace(said, value=vague.compared(score, before), of=_("beside then"), why=why)


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
