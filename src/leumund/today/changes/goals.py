"""Goals: the nearest one whose day is not over, and whether what comes is enough."""

from __future__ import annotations

from datetime import date
from typing import Any

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.today import Readings
from leumund.today.changes import Change
from leumund.views import cells, vague

SLIPPING = 0.5
"""Below this chance a goal is not on its way."""


def goals(readings: Readings, since: date) -> Change:
    """It matters where the goal is more likely missed than reached."""
    del since  # what is asked of a goal is where it leads to, not where it came from
    ahead = open_goals(readings)
    base = Change(
        name="goals", heading=_("Goals"), value=_("none"), unknown=True, page="/goals", command="show goals",
        why=_("You have set no goal whose day is still to come."),
    )  # fmt: skip
    if not ahead:
        return base
    row = ahead[0]
    more = ngettext("{n} more goal.", "{n} more goals.", len(ahead) - 1).format(
        n=cells.number(len(ahead) - 1)
    )
    why = " ".join(
        filter(None, (f"{clean(row['text'], 120)}.", outlook(row), more if len(ahead) > 1 else ""))
    )
    return Change(
        name="goals", heading=base.heading, value=cells.written("whole", row["now"]),
        of=_("of {n}").format(n=cells.span(row["target"])), unknown=row["now"] is None,
        matters=slips(row), why=why, page=base.page, command=base.command,
    )  # fmt: skip


def open_goals(readings: Readings) -> list[dict[str, Any]]:
    """The goals whose day is still to come, the nearest first."""
    rows = readings.reading("goals").dicts()
    return sorted((r for r in rows if r["by"] > readings.as_of.date()), key=lambda r: (r["by"], r["goal"]))


def slips(row: dict[str, Any]) -> bool:
    """Whether a goal is more likely missed than reached."""
    return row["chance"] is not None and row["chance"] < SLIPPING


def outlook(row: dict[str, Any]) -> str:
    """How likely it is, and what would be needed; "" where nobody can tell."""
    if row["chance"] is None:
        return ""
    if vague.is_on():
        likely = _("It is on its way.")
        return _("It is more likely missed than reached.") if slips(row) else likely
    values = {
        "chance": cells.written("share", min(max(row["chance"], 0.01), 0.99), decimals=0),
        "gaining": cells.written("number", row["gaining"], decimals=1),
        "needed": cells.written("number", row["needed"], decimals=1),
    }
    if row["needed"] is None or row["gaining"] is None:
        return _("The chance is {chance}.").format(**values)
    return _("The chance is {chance}: {gaining} a week come, {needed} are needed.").format(**values)
