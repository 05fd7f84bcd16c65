"""The weeks of an experiment as an iCalendar file (RFC 5545), for any calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from leumund.clean import clean
from leumund.locale import _
from leumund.measures.experiments.design import Week


def as_calendar(name: str, change: str, seed: str, weeks: Sequence[Week], *, stamp: datetime) -> bytes:
    """One whole-week entry for each week, and its first day, which is not counted, as a second one.

    stamp: when the plan was made. The same plan gives the same bytes, so a calendar that reads it twice doubles nothing.
    """
    from icalendar import Calendar, Event  # only who wants a calendar waits for it

    calendar = Calendar()
    calendar.add("prodid", "-//Leumund//Leumund//EN")
    calendar.add("version", "2.0")
    pairs = max((w.pair for w in weeks), default=0)
    own = hashlib.sha256(f"{name} {seed}".encode()).hexdigest()[:16]
    for week in weeks:
        said = _("With the change: {change}") if week.on else _("As usual, without: {change}")
        about = _("Experiment “{name}”, pair {pair} of {pairs}. Counted from Tuesday to Sunday.")
        counting = _("Not counted yet: the first day of the week still hears the week before.")
        for part, words, more, days in (
            ("week", said.format(change=change), about.format(name=name, pair=week.pair, pairs=pairs), 7),
            ("day", counting, about.format(name=name, pair=week.pair, pairs=pairs), 1),
        ):
            event = Event()
            event.add("uid", f"{own}-{week.monday.isoformat()}-{part}@leumund")
            event.add("dtstamp", stamp)
            event.add("dtstart", week.monday)
            event.add("dtend", week.monday + timedelta(days=days))
            event.add("summary", clean(words, 200))
            event.add("description", clean(more, 300))
            event.add("transp", "TRANSPARENT")  # one can be met in such a week
            calendar.add_component(event)
    return bytes(calendar.to_ical())
