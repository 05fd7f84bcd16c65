"""What was learned only later: an explanation that starts from the score as it could be known then."""

from __future__ import annotations

from dataclasses import replace

from leumund.locale import N_
from leumund.measures import Note, Reading


def as_known_then(explanation: Reading, then: Reading) -> Reading:
    """The explanation, starting from what was known at its start, with a part "learned" for what came to be known since.

    then: the reading of the score as of the start, known by the start. The parts still add up to the change. Where the
    score was not known then, neither is the change.
    """
    known, start = then.figures.get("score"), explanation.figures.get("from_score")
    end = explanation.figures.get("to_score")
    if not (isinstance(known, float) and isinstance(start, float) and isinstance(end, float)):
        text = N_("What the score was at the start was not known then.")
        figures = {**explanation.figures, "from_score": None, "change": None, "learned": None}
        rest = tuple(
            n for n in explanation.notes if "from_score" not in n.values
        )  # no start, so no change either
        return replace(explanation, figures=figures, notes=(Note(text), *rest))
    learned = start - known
    figures = {**explanation.figures, "from_score": known, "change": end - known, "learned": learned}
    row = tuple({"cause": "learned", "points": learned}.get(c.name) for c in explanation.columns)
    at = next(i for i, c in enumerate(explanation.columns) if c.name == "points")
    rows = sorted([*explanation.rows, row], key=lambda r: -abs(r[at])) if learned else explanation.rows
    told = Note(
        N_("From {known:.1f} ({from_day}), as it was known then, to {end:.1f} ({to_day})."
           " What was learned later: {learned:+.1f}."),
        {"known": known, "learned": learned, "end": end, **{k: figures[k] for k in ("from_day", "to_day")}},
    )  # fmt: skip
    rest = tuple(n for n in explanation.notes if "from_score" not in n.values)
    return replace(explanation, rows=tuple(rows), figures=figures, notes=(told, *rest))
