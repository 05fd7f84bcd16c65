"""Somebody waits for thanks: whoever comes first in the order of courtesy (first-timers, those who gave a reason ...)."""

from __future__ import annotations

from leumund.clean import clean
from leumund.locale import N_, _, ngettext
from leumund.today import Doing, Readings, Task
from leumund.views import cells

_SAID = {
    "endorse": N_("Thank {name} for a recommendation"),
    "reshare": N_("Thank {name} for passing on a post of yours"),
    "quote": N_("Thank {name} for quoting you"),
    "mention": N_("Thank {name} for mentioning you"),
}


def find(readings: Readings) -> Doing | None:
    """The first in the queue."""
    rows = [r for r in readings.reading("courtesy").dicts() if r["open"] and r["turn"] is not None]
    if not rows:
        return None
    row = min(rows, key=lambda r: r["turn"])
    days = int(row["age"])
    waits = (
        ngettext("waits for one day", "waits for {n} days", days).format(n=cells.span(days))
        if days
        else _("since today")
    )
    why = f"{waits} ({clean(row['reason'], 120)})" if row["reason"] else waits
    if len(rows) > 1:
        more = ngettext("one more waits", "{n} more wait", len(rows) - 1).format(
            n=cells.number(len(rows) - 1)
        )
        why = f"{why}; {more}"
    return Doing(
        what=_(_SAID[row["kind"]]).format(name=clean(str(row["account"]), 80)), why=why,
        go=_("To the thanks"), page="/thanks", command="show courtesy",
    )  # fmt: skip


TASK = Task(name="thanks", turn="people", find=find)
