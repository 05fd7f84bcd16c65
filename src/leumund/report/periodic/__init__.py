"""The report on a month, a quarter or a span of days, held against the time before: for a team, or for a client.

take(lab, period, at=, readership=)  the readings; for_client: what of them a client may read
as_page(taken)                       one self-contained page, to read and to print
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from leumund.asking import Question, State, derived
from leumund.errors import UsageError
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.locale import _, code
from leumund.measures import Reading, measure_named
from leumund.measures.happenings import Happening, happenings
from leumund.reach import Part, reach_of
from leumund.report.page import render
from leumund.report.periodic.compared import came_back, customers, done, hours
from leumund.report.periodic.for_client import ALSO, Also, for_client, of_experiments
from leumund.report.unlisted import without_listed
from leumund.spoken.periods import Period
from leumund.today.whose import board_language, owner_called
from leumund.views import cells

__all__ = [
    "ALSO",
    "READERSHIPS",
    "Also",
    "Periodic",
    "Readership",
    "as_page",
    "file_name",
    "take",
    "title_of",
]

Readership = Literal["team", "client"]
"""team: with everybody's names, hours and thanks; client: nobody else is named who did not agree (`for_client`)."""

READERSHIPS: tuple[Readership, ...] = ("team", "client")
_CAUSES, _PLACES = 12, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """What was taken. as_of: the end of the period, or now where it is not over; before: the last moment before it.

    board, board_before: the first places, and the owner's row then (None: not on it). board_known: whether anybody is known to
    have been on it then. happened: what fell into it.
    goals, experiments: those that were open in it. also: what a client is told beside the usual.
    """

    period: Period
    readership: Readership
    owner: str
    own: frozenset[int]
    as_of: datetime
    over: bool
    influence: Reading
    causes: Reading
    followers: Reading
    followers_before: Reading
    done: Reading
    hours: Reading | None
    back: Reading
    board: Reading
    board_before: Mapping[str, Any] | None
    board_known: bool
    goals: Reading
    customers: Reading
    experiments: Reading
    thanks: Reading | None
    reach: tuple[Part, ...]
    happened: tuple[Happening, ...]
    also: frozenset[Also] = frozenset()


def take(
    lab: Lab,
    period: Period,
    *,
    at: datetime,
    readership: Readership = "team",
    also: frozenset[Also] = frozenset(),
) -> Periodic:
    """Take all readings of a report. at: the clock; also: for a client.

    Raises:
        UsageError: the period has not begun.
    """
    derived(lab, all_facts(), at=at)
    now = lab.last_moment(at)
    if _beginning(period) >= now:
        raise UsageError(_("{period} has not begun.").format(period=title_of(period)))
    end = min(_end(period), now)
    with Question(lab, _end(period.before)).state() as before, Question(lab, end).state() as state:
        taken = _taken(lab, state, before, period, end)
        taken = replace(taken, over=_end(period) <= now)
        return taken if readership == "team" else for_client(taken, state, at=at, also=also)


def _taken(lab: Lab, state: State, before: State, period: Period, end: datetime) -> Periodic:
    tables = state.tables
    friday, language = measure_named("follow_friday"), board_language(tables)
    days = (end.date() - period.first).days + 2  # the last day of the time before is the first point
    board = state.reading(friday, board=language, limit=_PLACES)
    then = before.reading(friday, board=language, limit=10**9)
    followers = measure_named("followers")
    causes = state.explanation(measure_named("influence"), start=_end(period.before), end=end, limit=_CAUSES)
    return Periodic(
        period=period, readership="team", owner=owner_called(state),
        own=frozenset({*lab.register.own_accounts(), *([tables.own] if tables.own is not None else [])}),
        as_of=end, over=True,
        influence=state.reading(measure_named("influence"), days=days),
        causes=without_listed(tables, causes),
        followers=state.reading(followers, days=days),
        followers_before=before.reading(followers, days=period.before.days + 1),
        done=done(state, period), hours=hours(state, period), back=came_back(state, period),
        board=board, board_before=_row_of(then, tables.own), board_known=bool(then.rows),
        goals=_open_goals(state.reading(measure_named("goals")), period), customers=customers(state, period),
        experiments=_tried(state.reading(measure_named("experiments")), period),
        thanks=state.reading(measure_named("courtesy"), days=days - 1),
        reach=tuple(reach_of(lab)),
        happened=tuple(h for h in happenings(tables, _beginning(period)) if h.kind != "note"),
    )  # fmt: skip


def _open_goals(goals: Reading, period: Period) -> Reading:
    """Those whose day had not come before it."""
    names = [c.name for c in goals.columns]
    by = names.index("by")
    return replace(goals, rows=tuple(row for row in goals.rows if row[by] >= period.first))


def _tried(experiments: Reading, period: Period) -> Reading:
    """Those of which a week fell into it, and what is said of them."""
    names = [c.name for c in experiments.columns]
    begins, pairs = names.index("begins"), names.index("planned")

    def fell(row: tuple[Any, ...]) -> bool:
        first: date | None = row[begins]
        return (
            first is not None
            and first <= period.last
            and first + timedelta(weeks=2 * row[pairs]) > period.first
        )

    return of_experiments(experiments, fell)


def _row_of(board: Reading, own: int | None) -> dict[str, Any] | None:
    names = [c.name for c in board.columns]
    at = names.index("account")
    return next((dict(zip(names, row, strict=True)) for row in board.rows if row[at] == own), None)


def _beginning(period: Period) -> datetime:
    return datetime.combine(period.first, time.min, UTC)


def _end(period: Period) -> datetime:
    return datetime.combine(period.last, time.max, UTC)


def title_of(period: Period) -> str:
    """What the period is called, in the language in use."""
    months = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
        _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    if period.kind == "month":
        return _("{month} {year}").format(month=months[period.first.month - 1], year=period.first.year)
    if period.kind == "quarter":
        return _("Quarter {n} of {year}").format(n=(period.first.month + 2) // 3, year=period.first.year)
    return _("{first} to {last}").format(first=cells.day(period.first), last=cells.day(period.last))


def file_name(period: Period, readership: Readership) -> str:
    """What the file is called where nobody says: report-2026-10.html, report-2026-Q3-client.html."""
    when = f"{period.first.isoformat()}-to-{period.last.isoformat()}"
    if period.kind == "month":
        when = f"{period.first:%Y-%m}"
    elif period.kind == "quarter":
        when = f"{period.first.year}-Q{(period.first.month + 2) // 3}"
    return f"report-{when}{'' if readership == 'team' else '-client'}.html"


def as_page(taken: Periodic) -> str:
    """The report as one HTML file that needs nothing else."""
    from leumund.report.periodic.sections import sections

    title = _("Report: {period}").format(period=title_of(taken.period))
    return render(sections(taken), title=title, owner=taken.owner, as_of=taken.as_of, language=code())
