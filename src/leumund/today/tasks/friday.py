"""This Friday's recommendations: on Thursday and Friday they come first."""

from __future__ import annotations

from datetime import timedelta

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.today import Doing, Readings, Task
from leumund.views import cells, vague

_DAYS = (3, 4)  # Thursday, Friday
SUGGESTED = 5


def find(readings: Readings) -> Doing | None:
    """On the days of Follow Friday."""
    return whom(readings) if is_near(readings) else None


def is_near(readings: Readings) -> bool:
    """Whether it is the day, or the day before."""
    return readings.as_of.weekday() in _DAYS


def whom(readings: Readings) -> Doing | None:
    """Whom to recommend, unless the owner did so this week."""
    if readings.state.tables.own is None or _done(readings):
        return None
    rows = readings.reading("suggestions", limit=SUGGESTED).dicts()
    if not rows:
        return None
    what = _("Recommend somebody this Friday: {name} for instance").format(
        name=clean(str(rows[0]["account"]), 80)
    )
    why = ngettext("A draft is ready.", "{n} drafts are ready.", len(rows)).format(n=cells.number(len(rows)))
    return Doing(
        what=what, why=vague.opening(why), go=_("To the drafts"), page="/week#friday", command="digest"
    )


def _done(readings: Readings) -> bool:
    """Whether the owner recommended anybody in the week that is going on."""
    tables = readings.state.tables
    monday = readings.as_of.date() - timedelta(days=readings.as_of.weekday())
    found = tables.sql(
        "select 1 from recommendations where account in (select account from own) and class = 'vote' and happened_at >= $monday::DATE limit 1",
        monday=monday,
    )
    return bool(found.fetchall())


TASK = Task(name="friday", turn="first", find=find, order=30)
