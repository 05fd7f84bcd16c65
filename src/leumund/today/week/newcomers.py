"""Who responded for the first time: answered, passed on, quoted or named the owner; a like alone is not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures import called
from leumund.measures.worth import base_value
from leumund.today import Readings
from leumund.today.week.span import Span
from leumund.views import cells, vague
from leumund.views.words import word

_KINDS = ("reshare", "quote", "reply", "mention")
_SHOWN = 5
_KNOWN_BEFORE = timedelta(days=90)
"""Who turns up sooner after the first thing known may have been there before."""


@dataclass(frozen=True, slots=True)
class Newcomers:
    """sentence: how many; people: the first of them, and what each did."""

    sentence: str
    people: tuple[tuple[str, str], ...] = ()


def newcomers(readings: Readings, span: Span) -> Newcomers:
    """Those of the week, whose acts are worth most first."""
    tables = readings.state.tables
    kinds = ", ".join(f"'{k}'" for k in _KINDS)
    ((first,),) = tables.sql(
        "select min(happened_at) from acts where exact and target in (select account from own)"
    ).fetchall()
    if first is None or span.start - _aware(first) < _KNOWN_BEFORE:
        return Newcomers(_("Who is new cannot be told yet: too little is known of the time before."))
    rows = tables.sql(
        f"""with towards as (
                select actor, kind, happened_at from acts
                where exact and kind in ({kinds}, 'like') and target in (select account from own) and actor not in (select account from own)
            )
            select actor, list(distinct kind order by kind) filter (kind <> 'like'), sum({base_value(_KINDS)}) filter (kind <> 'like') as worth
            from towards group by actor
            having min(happened_at) filter (kind <> 'like') between $start::TIMESTAMP and $end::TIMESTAMP
               and min(happened_at) >= $start::TIMESTAMP
            order by worth desc, actor""",
        start=span.start.replace(tzinfo=None),
        end=span.end.replace(tzinfo=None),
    ).fetchall()
    if not rows:
        return Newcomers(_("Nobody responded for the first time."))
    names, _handles = called(tables, readings.lab.names, [r[0] for r in rows[:_SHOWN]])
    text = ngettext(
        "{n} person responded for the first time.", "{n} people responded for the first time.", len(rows)
    )
    people = tuple((clean(names.get(key, "?"), 80), ", ".join(word(k) for k in done)) for key, done, _worth in rows[:_SHOWN])  # fmt: skip
    return Newcomers(vague.opening(text.format(n=cells.number(len(rows)))), people)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
