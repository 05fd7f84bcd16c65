"""What an explanation says in words: "-4.1: nine quiet days", "@anna recommended you: +0.8"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leumund.locale import N_
from leumund.measures import Note, Reading
from leumund.store.register import as_time

_TOLD = {
    "endorse": N_("{name} recommended you: {points:+.1f}"),
    "reshare": N_("{name} reshared you: {points:+.1f}"),
    "quote": N_("{name} quoted you: {points:+.1f}"),
    "reply": N_("{name} replied to you: {points:+.1f}"),
    "mention": N_("{name} mentioned you: {points:+.1f}"),
    "follow": N_("{name} followed you: {points:+.1f}"),
    "like": N_("{name} liked your posts: {points:+.1f}"),
}
_OTHER_CAUSES = {
    "dilution": N_("{name} did so much that day that each act counts less: {points:+.1f}"),
    "standing": N_("More, or less, is known of {name} than before: {points:+.1f}"),
    "trust": N_("You changed whether you trust {name}: {points:+.1f}"),
    "weight": N_("{name} now says to be a robot, or no longer does: {points:+.1f}"),
}
_LEAST = 0.05  # points, below which nothing is told of a single person

_CAUSES = {
    "new": N_("What came new brought {new:+.1f}."),
    "fading": N_("What was there before faded by {fading:+.1f}."),
    "deleted": N_("What others deleted took {deleted:+.1f}."),
    "dilution": N_("Accounts that did very much on one day: {dilution:+.1f}."),
    "standing": N_("What is known of the people behind it: {standing:+.1f}."),
    "trust": N_("You changed whom you trust: {trust:+.1f}."),
    "weight": N_("Accounts that now call themselves robots, or no longer do: {weight:+.1f}."),
}


def sentences(reading: Reading, most: int = 5) -> list[Note]:
    """What an explanation says about single accounts, largest first: "@anna recommended you: +0.8"."""
    rows = [r for r in reading.dicts() if r["account"] is not None and r["cause"] != "fading"]
    rows.sort(key=lambda row: (-abs(row["points"]), row["account"], row["cause"], row["kind"] or ""))
    told = [row for row in rows[:most] if abs(row["points"]) >= _LEAST]
    return [Note(_text(row), {"name": row["account"], "points": row["points"]}) for row in told]


def _text(row: Mapping[str, str]) -> str:
    return _TOLD[row["kind"]] if row["cause"] == "new" else _OTHER_CAUSES[row["cause"]]


def notes(figures: Mapping[str, float | int | str | None], first: int | None, from_us: int) -> Iterable[Note]:
    """What an explanation says of the whole. first: when the first known act happened (None: there is none)."""
    if first is None:
        yield Note(
            N_("No act of others towards this account is known: there were none, or the sources do not tell.")
        )
        return
    if first > from_us:
        day = as_time(first).date()
        yield Note(N_("Up to {to_score:.1f}. Before {day} no act is known: what was then is unknown, not 0."),
                   {**figures, "day": day})  # fmt: skip
    else:
        yield Note(N_("From {from_score:.1f} to {to_score:.1f}: {change:+.1f}."), figures)
    for cause, text in _CAUSES.items():
        if abs(float(figures[cause] or 0)) >= _LEAST:
            yield Note(text, {cause: figures[cause]})
    if figures["quiet_points"] and figures["quiet_days"] == 1:
        yield Note(N_("One quiet day: {quiet_points:+.1f}."), figures)
    elif figures["quiet_points"]:
        yield Note(N_("{quiet_days} quiet days: {quiet_points:+.1f}."), figures)
