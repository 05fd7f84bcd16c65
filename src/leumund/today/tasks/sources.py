"""A source that is in trouble or was not synced for days: all figures get old with it."""

from __future__ import annotations

from leumund.clean import clean
from leumund.ids import account_key, display_handle
from leumund.locale import _, ngettext
from leumund.store.connections import all_connections, reaches
from leumund.store.register import as_time
from leumund.today import Doing, Readings, Task
from leumund.views import cells

_DAYS = 3
_DAYS_FOR_A_FILE = 45


def find(readings: Readings) -> Doing | None:
    """The connection that was not read for the longest time; else, where nothing is connected, an old archive."""
    register = readings.lab.register
    connections = all_connections(register)
    if not connections:
        return _old_file(readings)
    far = reaches(register)
    late = []
    for one in connections:
        mine = [r for r in far if r.connection == one.id and r.offered]
        ran = [r.ran_at for r in mine if r.ran_at is not None]
        days = (readings.at - min(ran)).days if ran and len(ran) == len(mine) else None
        if days is None or days >= _DAYS:
            key = account_key(one.account)
            name = clean(readings.lab.names([key]).get(key) or display_handle(one.account), 80)
            trouble = next((clean(r.note, 200) for r in mine if r.note and (r.ran_at is None or days)), "")
            late.append((days is not None, -(days or 0), name, trouble, days))
    if not late:
        return None
    _known, _order, name, trouble, days = min(late)
    what = _("Bring {account} up to date").format(account=name)
    if days is None:
        why = _("It was never read to its end.")
    else:
        why = ngettext("It was not read for {n} day.", "It was not read for {n} days.", days).format(n=cells.span(days))  # fmt: skip
    return _doing(what, " ".join(filter(None, (why, trouble))))


def _old_file(readings: Readings) -> Doing | None:
    """What was read from files reaches to a day long past; the demo is as old as it is meant to be."""
    last = readings.state.tables.coverage.last
    if last is None or readings.as_of != readings.at:
        return None
    if (readings.at - as_time(last)).days < _DAYS_FOR_A_FILE:
        return None
    why = _("What was read ends on {day}: fetch a new archive, or connect your account.").format(
        day=cells.day(as_time(last))
    )
    return Doing(
        what=_("Bring your lab up to date"),
        why=why,
        go=_("To the sources"),
        page="/sources",
        command="import",
    )


def _doing(what: str, why: str) -> Doing:
    return Doing(what=what, why=why, go=_("To the sources"), page="/sources", command="sync")


TASK = Task(name="sources", turn="first", find=find, order=10)
