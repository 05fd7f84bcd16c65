"""The weeks of an experiment as an iCalendar file (RFC 5545), for any calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures.experiments.design import WASHOUT_DAYS, Week
from leumund.measures.resonance.groups import DAYS


def as_calendar(
    name: str,
    change: str,
    seed: str,
    weeks: Sequence[Week],
    *,
    stamp: datetime,
    washout_days: int = WASHOUT_DAYS,
) -> bytes:
    """One whole-week entry for each week, and its first days, which are not counted, as a second one.

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
        about = _("Experiment “{name}”, pair {pair} of {pairs}. Counted from {first} to {last}.").format(
            name=name,
            pair=week.pair,
            pairs=pairs,
            first=_weekday(week.monday, washout_days),
            last=_weekday(week.monday, 6),
        )
        counting = ngettext(
            "Not counted yet: the first day of the week still hears the week before.",
            "Not counted yet: the first {n} days of the week still hear the week before.",
            washout_days,
        ).format(n=washout_days)
        parts = [("week", said.format(change=change), 7), ("day", counting, washout_days)]
        for part, words, days in parts[: 2 if washout_days else 1]:
            event = Event()
            event.add("uid", f"{own}-{week.monday.isoformat()}-{part}@leumund")
            event.add("dtstamp", stamp)
            event.add("dtstart", week.monday)
            event.add("dtend", week.monday + timedelta(days=days))
            event.add("summary", clean(words, 200))
            event.add("description", clean(about, 300))
            event.add("transp", "TRANSPARENT")  # one can be met in such a week
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _weekday(begin: date, days: int) -> str:
    return _(DAYS[(begin + timedelta(days=days)).weekday()])
