"""What was done and what came back, this period beside the one before.

How many times as many: n now and m before, in d and e days, people acting independently of each other: the share of now
is Beta(n + 1/2, m + 1/2), Jeffreys' interval of 90 per cent, turned into a ratio of rates by the days.

Days before the first thing that is known of its kind are unknown: nothing is counted in them, and nothing is 0 there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from leumund.asking import State
from leumund.locale import N_, _
from leumund.measures import Column, Note, Reading
from leumund.measures.named import define_named
from leumund.spoken.periods import Period
from leumund.views.words import word

_LEVEL = 0.9
_CAME = ("endorse", "reshare", "quote", "reply", "mention", "like", "follow")
_INDEPENDENT = Note(
    N_("“At least” and “at most” hold in nine of ten cases, if people act independently of each other. Where both lie on one side of 1, it is more than chance.")
)  # fmt: skip

_NOW = Column(name="now", kind="whole", title=N_("This period"), optional=True)
_BEFORE = Column(name="before", kind="whole", title=N_("Before"), optional=True)
_TIMES = (
    Column(name="times", kind="number", title=N_("Times as many"), optional=True),
    Column(name="times_low", kind="number", title=N_("At least"), optional=True),
    Column(name="times_high", kind="number", title=N_("At most"), optional=True),
)


def ratio(now: int, before: int, days: float, days_before: float) -> tuple[float | None, float, float | None]:
    """How many times as many as before, by the day; with its interval of 90 per cent. None: not to be told.

    >>> times, low, high = ratio(30, 10, 30, 30)
    >>> round(times, 1), round(low, 1), round(high, 1)
    (3.0, 1.7, 5.6)
    """
    from scipy.special import betaincinv

    scale = days_before / days
    low, high = (float(betaincinv(now + 0.5, before + 0.5, q)) for q in ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
    middle = now / before * scale if before else None
    return (
        middle,
        0.0 if not now else low / (1 - low) * scale,
        high / (1 - high) * scale if before else None,
    )


def done(state: State, period: Period) -> Reading:
    """Posts of the owner, network by network, with her accounts there."""
    now, before = (_posts(state, p) for p in (period, period.before))
    accounts, first = _own_accounts(state), _first_posts(state)
    end = state.tables.as_of.date()
    networks = sorted({*now, *before, *accounts}, key=lambda n: (-now.get(n, 0), n))
    rows = [
        (
            network, ", ".join(accounts.get(network, ())) or None,
            *(found.get(network, 0) if _days_known(p, first.get(network), end) else None
              for found, p in ((now, period), (before, period.before))),
        )
        for network in networks
    ]  # fmt: skip
    columns = (
        Column(name="network", kind="kind", title=N_("Network")),
        Column(name="accounts", kind="text", title=N_("Accounts"), optional=True, nothing="–"),
        _NOW, _BEFORE,
    )  # fmt: skip
    return _reading(state, N_("Posts"), columns, rows)


def hours(state: State, period: Period) -> Reading | None:
    """Hours that were entered, by what they were for; None where none were."""
    query = "select coalesce(what, channel, 'other'), sum(hours) from hours where {when} group by 1"
    now, before = (_by(state, query, p) for p in (period, period.before))
    rows = [(what, now.get(what), before.get(what)) for what in sorted({*now, *before})]
    columns = (
        Column(name="what", kind="kind", title=N_("What for")),
        Column(name="now", kind="number", title=N_("This period"), unit=N_("hours"), optional=True),
        Column(name="before", kind="number", title=N_("Before"), unit=N_("hours"), optional=True),
    )
    return _reading(state, N_("Hours"), columns, rows) if rows else None


def came_back(state: State, period: Period) -> Reading:
    """People who did something towards the owner, kind by kind; each counts once for a kind."""
    define_named(state.tables, name="periodic_named")
    counted = {k: (_people(state, k, period), _people(state, k, period.before)) for k in _CAME}
    end = state.tables.as_of.date()
    first = _first(state, "acts", "exact and target in (select account from own)")
    days, days_before = (_days_known(p, first, end) for p in (period, period.before))
    rows: list[tuple[Any, ...]] = []
    for kind, ((people, acts), (people_before, acts_before)) in counted.items():
        if not acts and not acts_before:
            continue
        beside = _beside(people, people_before, days, days_before)
        rows.append((kind, people, *beside, acts, acts_before if days and days_before else None))
    columns = (
        Column(name="kind", kind="kind", title=N_("What they did")),
        Column(name="now", kind="whole", title=N_("People")),
        Column(name="before", kind="whole", title=N_("People before"), optional=True),
        *_TIMES,
        Column(name="acts", kind="whole", title=N_("How often")),
        Column(name="acts_before", kind="whole", title=N_("How often before"), optional=True),
    )
    return _reading(state, N_("What came back"), columns, rows, [_INDEPENDENT] if rows else [])


def customers(state: State, period: Period) -> Reading:
    """How many became customers, and how many asked: counts, nobody's name."""
    sold = "select count(*) from customers where not lead and bought_at {span}"
    asked = "select count(*) from customers where happened_at {span}"
    first, end = _first(state, "customers"), state.tables.as_of.date()
    days, days_before = (_days_known(p, first, end) for p in (period, period.before))
    rows: list[tuple[Any, ...]] = []
    for what, query in ((_("Became customers"), sold), (_("Asked for the first time"), asked)):
        now, before = (_one(state, query, p) for p in (period, period.before))
        if not now and not before:
            continue
        rows.append((what, now, *_beside(now, before, days, days_before)))
    columns = (Column(name="what", kind="text", title=N_("What")), _NOW, _BEFORE, *_TIMES)
    return _reading(state, N_("Customers"), columns, rows, [_INDEPENDENT] if rows else [])


def _reading(
    state: State,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Any, ...]],
    notes: Sequence[Note] = (),
) -> Reading:
    return Reading(
        measure="report", title=title, shape="table", as_of=state.tables.as_of, columns=tuple(columns), rows=tuple(rows),
        coverage=state.tables.coverage, notes=tuple(notes),
    )  # fmt: skip


def _beside(now: int, before: int, days: int, days_before: int) -> tuple[float | None, ...]:
    """How many before, and how many times as many with the ends of the interval; unknown where no day of either is known."""
    return (before, *ratio(now, before, days, days_before)) if days and days_before else (None,) * 4


def _days_known(period: Period, first: date | None, end: date) -> int:
    """How many days of a period, up to the last one known of, are not before the first one; 0 for none."""
    return 0 if first is None else max((min(period.last, end) - max(period.first, first)).days + 1, 0)


def _first(state: State, table: str, such: str = "true") -> date | None:
    """The first day of which such a thing is known."""
    ((found,),) = state.tables.sql(f"select min(happened_at)::date from {table} where {such}").fetchall()
    return found  # type: ignore[no-any-return]


def _first_posts(state: State) -> dict[str, date]:
    """The day of the owner's first known post, by network."""
    return dict(
        state.tables.sql("""select network, min(happened_at)::date from posts
                            where exact and account in (select account from own) group by network""").fetchall()
    )  # fmt: skip


def _span(period: Period) -> str:
    """SQL: within the period; days are our own, no text of anybody's."""
    until: date = period.last + timedelta(days=1)
    return f">= TIMESTAMP '{period.first.isoformat()}' and {{column}} < TIMESTAMP '{until.isoformat()}'"


def _when(period: Period, column: str = "happened_at") -> str:
    return f"{column} {_span(period).format(column=column)}"


def _by(state: State, query: str, period: Period) -> dict[str, float]:
    return dict(state.tables.sql(query.format(when=_when(period))).fetchall())


def _posts(state: State, period: Period) -> dict[str, int]:
    query = """select network, count(*) from posts where {when} and exact and account in (select account from own)
               and visibility in ('public', 'unlisted') group by network"""
    return {network: int(n) for network, n in _by(state, query, period).items()}


def _people(state: State, kind: str, period: Period) -> tuple[int, int]:
    """How many people, and how often."""
    mine = "(select account from own)"
    query = f"""select count(distinct actor), count(*) from acts where exact and kind = $kind and {_when(period)}
                and target in {mine} and actor not in {mine}"""
    given: dict[str, Any] = {"kind": kind}
    if kind == "endorse":
        query = f"""select count(distinct recommender), count(*) from periodic_named
                    where account in {mine} and {_when(period)}"""
        given = {}
    ((people, acts),) = state.tables.sql(query, **given).fetchall()
    return int(people), int(acts)


def _one(state: State, query: str, period: Period) -> int:
    column = "bought_at" if "bought_at" in query else "happened_at"
    ((n,),) = state.tables.sql(query.format(span=_span(period).format(column=column))).fetchall()
    return int(n)


def _own_accounts(state: State) -> dict[str, list[str]]:
    """The owner's accounts by network."""
    register = state.lab.register
    keys = register.own_accounts()
    known, names = register.known_as(keys), state.lab.names(keys)
    found: dict[str, list[str]] = {}
    for key in keys:
        row = known.get(key)
        network = str(row["network"]) if row is not None and row["network"] else word("other")
        found.setdefault(network, []).append(names.get(key, "?"))
    return {network: sorted(handles) for network, handles in found.items()}
