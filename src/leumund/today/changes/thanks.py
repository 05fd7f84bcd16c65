"""Thanks: what came that merits an answer, and what was answered."""

from __future__ import annotations

from datetime import date

from leumund.locale import _, ngettext
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.today.since import end_before
from leumund.views import cells, vague


def thanks(readings: Readings, since: date) -> Change:
    """It matters where anything came that is still open."""
    reading = readings.reading("courtesy")
    rows = reading.dicts()
    start = end_before(since)
    came = [r for r in rows if r["time"] > start]
    still, answered = (sum(r["open"] is open_ for r in came) for open_ in (True, False))
    everything = reading.figures.get("open")
    if not rows:
        why = " ".join(cells.sentence(n) for n in reading.notes[:1])
    elif not came:
        why = _("Nothing new that merits thanks.")
    else:
        why = ngettext("One thing that merits thanks came, {answered} of them answered.",
                       "{n} things that merit thanks came, {answered} of them answered.", len(came)).format(
                           n=cells.number(len(came)), answered=cells.number(answered))  # fmt: skip
    oldest = max((r["age"] for r in rows if r["open"]), default=None)
    if oldest is not None and (days := round(oldest)):
        why += " " + ngettext("The oldest has waited for one day.", "The oldest has waited for {n} days.", days).format(
            n=cells.span(days))  # fmt: skip
    return Change(
        name="thanks", heading=_("Thanks you owe"), value=cells.unknown() if everything is None else cells.number(int(everything)), unknown=everything is None,
        change=cells.number(still, signed=True) if still else "", matters=bool(still), why=vague.opening(why),
        page="/thanks", command="show courtesy",
    )  # fmt: skip
