"""What an explanation says in words: "@anna recommended you: +0.8 of what came new"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from leumund.locale import N_
from leumund.measures import Note, Reading
from leumund.store.register import as_time

_TOLD = {
    "endorse": N_("{name} recommended you: {points:+.1f} of what came new"),
    "reshare": N_("{name} reshared you: {points:+.1f} of what came new"),
    "quote": N_("{name} quoted you: {points:+.1f} of what came new"),
    "reply": N_("{name} replied to you: {points:+.1f} of what came new"),
    "mention": N_("{name} mentioned you: {points:+.1f} of what came new"),
    "follow": N_("{name} followed you: {points:+.1f} of what came new"),
    "like": N_("{name} liked your posts: {points:+.1f} of what came new"),
}
_OTHER_CAUSES = {
    "dilution": N_("{name} did so much that day that each act counts less: {points:+.1f}"),
    "standing": N_("{name} counts more than before, since more is known of them: {points:+.1f}"),
    "standing less": N_("{name} counts less than before, since less is known of them: {points:+.1f}"),
    "trust": N_("You changed whether you trust {name}: {points:+.1f}"),
    "weight": N_("{name} now says to be a robot, or no longer does: {points:+.1f}"),
}
_LEAST = 0.05  # points, below which nothing is told of a single person

_CAUSES = {
    "new": N_("What came new brought {new:+.1f}."),
    "fading": N_("What was there before faded by {fading:+.1f}."),
    "deleted": N_("What others deleted took {deleted:+.1f}."),
    "dilution": N_("Accounts that did very much on one day: {dilution:+.1f}."),
    "standing": N_("Of people behind it more is known than before: {standing:+.1f}."),
    "standing less": N_("Of people behind it less is known than before: {standing:+.1f}."),
    "trust": N_("You changed whom you trust: {trust:+.1f}."),
    "weight": N_("Accounts that now call themselves robots, or no longer do: {weight:+.1f}."),
}


def sentences(reading: Reading, most: int = 5) -> list[Note]:
    """What an explanation says about single accounts, largest first: "@anna recommended you: +0.8"."""
    rows = [r for r in reading.dicts() if r["account"] is not None and r["cause"] != "fading"]
    rows.sort(key=lambda row: (-abs(row["points"]), row["account"], row["cause"], row["kind"] or ""))
    told = [row for row in rows[:most] if abs(row["points"]) >= _LEAST]
    return [Note(_text(row), {"name": row["account"], "points": row["points"]}) for row in told]


def _text(row: Mapping[str, Any]) -> str:
    return (
        _TOLD[row["kind"]] if row["cause"] == "new" else _signed(_OTHER_CAUSES, row["cause"], row["points"])
    )


def _signed(texts: Mapping[str, str], cause: str, points: float) -> str:
    """What is said of a cause: some are told otherwise where they took something away."""
    return texts.get(f"{cause} less", texts[cause]) if points < 0 else texts[cause]


def notes(
    figures: Mapping[str, float | int | str | None], first: int | None, span_us: tuple[int, int]
) -> Iterable[Note]:
    """What an explanation says of the whole. first: when the first known act happened (None: there is none)."""
    from_us = span_us[0]
    if first is None:
        yield Note(
            N_("No act of others towards this account is known: there were none, or the sources do not tell.")
        )
        return
    if first > from_us:
        day = as_time(first).date()
        yield Note(N_("At the end it is {to_score:.1f}. Before {day} no act is known: what was then is unknown, not 0."),
                   {**figures, "day": day})  # fmt: skip
    else:
        yield Note(
            N_("From {from_score:.1f} ({from_at}) to {to_score:.1f} ({to_at}): {change:+.1f}."),
            {**figures, **from_to(*span_us)},
        )
    for cause in (c for c in _CAUSES if c in figures):
        points = float(figures[cause] or 0)
        if abs(points) >= _LEAST:
            yield Note(_signed(_CAUSES, cause, points), {cause: points})
    quiet = {name: figures[name] for name in ("quiet_days", "quiet_points")}
    if quiet["quiet_points"] and quiet["quiet_days"] == 1:
        yield Note(N_("Of all this {quiet_points:+.1f} on one quiet day, on which nothing new came."), quiet)
    elif quiet["quiet_points"]:
        text = N_("Of all this {quiet_points:+.1f} on {quiet_days} quiet days, on which nothing new came.")
        yield Note(text, quiet)


def from_to(from_us: int, to_us: int) -> dict[str, date | datetime]:
    """The days on which a span begins and ends, as a note says them; within one day the times."""
    start, end = as_time(from_us), as_time(to_us)
    if start.date() == end.date():
        return {"from_at": start, "to_at": end}
    return {"from_at": start.date(), "to_at": end.date()}
