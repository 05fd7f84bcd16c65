"""Followers: how many came or went, held against what is usual in as many days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from leumund.locale import N_, _
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.today.since import end_before
from leumund.views import cells, vague

_DAYS = 90
_SPANS = 8  # that tell what is usual
_FEWEST = 3
_CAUSES = {
    "recommended": N_("you were recommended at that time"),
    "passed_on": N_("your posts were passed on at that time"),
    "mentioned": N_("you were mentioned at that time"),
}


def followers(readings: Readings, since: date) -> Change:
    """It matters where more or fewer came than in any of the spans of as many days before."""
    span = (readings.as_of.date() - end_before(since).date()).days
    reading = readings.reading("followers", days=max(_DAYS, (_SPANS + 1) * span + 1))
    counts = [r["followers"] for r in reading.dicts()]
    now = reading.figures.get("now")
    base = Change(
        name="followers", heading=_("Followers"), value=cells.unknown(), unknown=True, page="/measures/followers",
        command="show followers", why=_("How many follow you is not known: no source has told it yet."),
    )  # fmt: skip
    if not isinstance(now, int):
        return base
    change = _change(counts, span, 0)
    usual = [c for back in range(1, _SPANS + 1) if (c := _change(counts, span, back)) is not None]
    matters, why = _told(readings, since, change, usual)
    return Change(
        name="followers", heading=base.heading, value=cells.number(now), change="" if change is None else cells.number(change, signed=True),
        matters=matters, why=why, course=counts[-_DAYS:], page=base.page, command=base.command,
    )  # fmt: skip


def _change(counts: Sequence[int | None], span: int, back: int) -> int | None:
    """By how much the count changed in a span of days, so many spans back; None where it is not known."""
    last, first = len(counts) - 1 - back * span, len(counts) - 1 - (back + 1) * span
    if first < 0:
        return None
    end, start = counts[last], counts[first]
    return None if end is None or start is None else end - start


def _told(readings: Readings, since: date, change: int | None, usual: list[int]) -> tuple[bool, str]:
    if change is None:
        return False, _("How many there were then is not known.")
    if len(usual) < _FEWEST:
        return bool(change), _("What is usual in such a time cannot be told yet.")
    low, high = min(usual), max(usual)
    if vague.is_on():
        if low <= change <= high:
            return False, _("Nothing unusual.")
        cause = _cause(readings, since) if change > high else ""
        said = _("More came than usual.") if change > high else _("Fewer came than usual.")
        return True, " ".join(filter(None, (said, cause)))
    values = {"low": cells.number(low, signed=True), "high": cells.number(high, signed=True)}
    if low <= change <= high:
        return False, _("Nothing unusual: in as many days before it was {low} to {high}.").format(**values)
    text = _("Less than usual: in as many days before it was {low} to {high}.")
    if change > high:
        text = _("More than usual: in as many days before it was {low} to {high}.")
    return True, " ".join(
        filter(None, (text.format(**values), _cause(readings, since) if change > high else ""))
    )


def _cause(readings: Readings, since: date) -> str:
    """What may explain the day on which most came."""
    grown = readings.reading("audience_growth", days=_DAYS)
    spikes = [r for r in grown.dicts() if r["spike"] and r["day"] >= since]
    best = max(spikes, key=lambda r: (r["follows"], r["day"]), default=None)
    if best is None:
        return ""
    text = _("{n} came on {day}; why is not known.")
    if best["cause"] in _CAUSES:
        text = _("{n} came on {day}; {cause}.")
    cause = _(_CAUSES.get(best["cause"], "")) if best["cause"] in _CAUSES else ""
    return vague.opening(
        text.format(n=cells.number(best["follows"]), day=cells.day(best["day"]), cause=cause)
    )
