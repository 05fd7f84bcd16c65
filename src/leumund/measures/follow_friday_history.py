"""Follow Friday week by week: somebody's place on the board at the end of each week."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from leumund.locale import N_
from leumund.measures import Column, Measure, Note, Result
from leumund.measures.days import check_days
from leumund.measures.follow_friday import facts_for
from leumund.measures.follow_friday.board import define_board, define_places
from leumund.measures.follow_friday.boards import (
    Board,
    board_named,
    define_on_board,
    define_spoken,
    leave_out_nogo,
    nobody_there,
)
from leumund.measures.follow_friday.votes import define_votes
from leumund.measures.named import week_of
from leumund.measures.notes import NO_RECOMMENDATION, NOBODY_IS_OWNER
from leumund.measures.weeks import monday_of, week_end
from leumund.store.register import as_us
from leumund.store.tables import Tables

MOST_WEEKS = 523  # ten years and some days


def follow_friday_history(
    tables: Tables,
    *,
    account: int | None = None,
    board: str = "all",
    days: int = 182,
    fridays_only: bool = False,
    half_life_weeks: float = 4.0,
    without_nogo: bool = False,
) -> Result:
    """The place of the owner, or of an account, on the board as it stood at the end of each ISO week (Sunday, UTC).

    Each week is what `follow_friday` says as of its end: no vote, no post and no standing of a later week is in it;
    before anything was known of anybody's standing, all voices counted the same. The last week goes as far as it has
    come.

    Args:
        account: whose place; None: the owner's.
        board, fridays_only, half_life_weeks, without_nogo: as in follow_friday.
        days: how far back; rounded up to whole weeks, at most ten years.
    Gives: week (its Monday), score, rank (None: not on the board then), places, unknown (as in follow_friday),
        recommenders and votes until then.
    Edges: places and topics are those that profiles state today; what was deleted since is in no week.
    Source: ours; formula and edges as in follow_friday.
    """
    check_days(days, MOST_WEEKS * 7)
    whose = tables.own if account is None else tables.person_of(account)
    chosen = board_named(board)
    basis = define_votes(tables, half_life_weeks=half_life_weeks, fridays_only=fridays_only)
    if whose is None:
        return Result(rows=_table([]), notes=(NOBODY_IS_OWNER,))
    define_board(tables, half_life_weeks=half_life_weeks)
    others = define_on_board(tables, chosen)
    if without_nogo:
        others = (*others, *leave_out_nogo(tables))
    if chosen.kind == "language":
        define_spoken(tables)
    last = week_of(tables)
    rows = []
    for week in range(last - (days - 1) // 7, last + 1):
        known = basis.known_since is not None and basis.known_since <= week_end(week)
        define_board(tables, half_life_weeks=half_life_weeks, until=week, alike=not known)
        _stand(tables, chosen, week)
        if without_nogo:
            leave_out_nogo(tables)
        rows.append(_place(tables, whose, week, known=known))
    return Result(
        rows=_table(rows),
        notes=_notes(tables, rows, chosen, (*basis.notes, *others)),
        figures={"board": str(chosen), **_figures(rows)},
    )


def _stand(tables: Tables, board: Board, week: int) -> None:
    """Who stands on the board in that week; what profiles state has no history and is there already."""
    end = min(as_us(tables.as_of), week_end(week))
    if board.kind == "language":
        define_on_board(tables, board, until=end)
    elif board.kind == "all":
        define_on_board(tables, board)


Row = tuple[date, float | None, int | None, int, float | None, int, int]


def _place(tables: Tables, whose: int, week: int, *, known: bool) -> Row:
    places = define_places(tables)
    found = tables.sql(
        f"select score, rank, unknown, recommenders, votes from ff_placed where account = {whose}"
    ).fetchall()
    score, rank, unknown, people, votes = found[0] if found else (None, None, 0.0, 0, 0)
    return (
        monday_of(week), score, rank, places, unknown if known else None, people, votes,
    )  # fmt: skip


def _table(rows: list[Row]) -> pa.Table:
    kinds = (pa.date32(), pa.float64(), *[pa.int64()] * 2, pa.float64(), *[pa.int64()] * 2)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    return pa.table({c.name: pa.array(v, kind) for c, v, kind in zip(_COLUMNS, columns, kinds, strict=True)})


def _figures(rows: list[Row]) -> dict[str, float | int | str | None]:
    """The place now, and the best one with its week."""
    held = [(row[2], row[0]) for row in rows if row[2] is not None]
    best = min(held, default=(None, None))
    return {
        "place": rows[-1][2], "places": rows[-1][3], "best": best[0],
        "best_week": None if best[1] is None else best[1].isoformat(),
    }  # fmt: skip


def _notes(tables: Tables, rows: list[Row], board: Board, more: tuple[Note, ...]) -> tuple[Note, ...]:
    notes = []
    if not tables.sql("select 1 from ff_votes limit 1").fetchall():
        notes.append(NO_RECOMMENDATION)
    elif not any(row[3] for row in rows):
        nobody = Note(N_("Nobody stands on this board."))
        notes.append(nobody if board.kind == "all" else nobody_there(tables, board))
    elif all(row[2] is None for row in rows):
        notes.append(Note(N_("Not on this board in any of these weeks.")))
    if as_us(tables.as_of) < week_end(week_of(tables)):
        text = N_("The last week is not over: it is counted up to {moment}.")
        notes.append(Note(text, {"moment": tables.as_of}))
    return (*notes, *more)


_COLUMNS = (
    Column(name="week", kind="week", title=N_("Week")),
    Column(name="score", kind="number", title=N_("Score"), optional=True, nothing=N_("not on the board")),
    Column(name="rank", kind="whole", title=N_("Place"), optional=True, nothing=N_("not on the board")),
    Column(name="places", kind="whole", title=N_("Of how many places")),
    Column(
        name="unknown",
        kind="number",
        title=N_("By unknown people"),
        optional=True,
        nothing=N_("not told apart"),
    ),
    Column(name="recommenders", kind="whole", title=N_("Recommended by"), unit=N_("people")),
    Column(name="votes", kind="whole", title=N_("Votes")),
)

MEASURE = Measure(
    name="follow_friday_history",
    topic="recommendations",
    title=N_("Follow Friday, week by week"),
    question=N_("How has my place on the Follow-Friday board changed?"),
    shape="series",
    columns=_COLUMNS,
    order=("week",),
    compute=follow_friday_history,
    figures={
        "board": "",  # stands in the title
        "place": N_("Place now"),
        "places": N_("Accounts on this board"),
        "best": N_("Best place"),
        "best_week": "",
    },
    facts=("recommendations",),
    facts_for=facts_for,
    reference=N_("The Follow-Friday board, reckoned for the end of each week."),
)
