"""Hours or customers that were entered once and then no more: what they cost and brought is unknown since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from leumund.locale import N_, _, ngettext
from leumund.today import Doing, Readings, Task
from leumund.views import cells

_WEEKS = 4
_WANTED = (
    ("hours", N_("Enter the hours you spent"), N_("To the hours"), "/spending", "time add"),
    ("customers", N_("Enter who became a customer"), N_("To the customers"), "/customers", "customer add"),
)


def find(readings: Readings) -> Doing | None:
    """What has not been entered for the longest time; nothing for who never entered any."""
    late: list[tuple[datetime, Doing]] = []
    for table, what, go, page, command in _WANTED:
        ((last,),) = readings.state.tables.sql(f"select max(happened_at) from {table}").fetchall()
        if last is None:
            continue
        last = last if last.tzinfo else last.replace(tzinfo=UTC)
        weeks = (readings.as_of - last) // timedelta(weeks=1)
        if weeks >= _WEEKS:
            why = ngettext("Nothing was entered for {n} week.", "Nothing was entered for {n} weeks.", weeks)
            why = why.format(n=cells.span(weeks))
            late.append((last, Doing(what=_(what), why=why, go=_(go), page=page, command=command)))
    return min(late, key=lambda found: found[0])[1] if late else None


TASK = Task(name="entries", turn="in turn", find=find, order=20)
