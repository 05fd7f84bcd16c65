"""The board as it may be published: places are counted among those alone who may be named.

Whoever may not be named has no place, leaves no gap and stands in no total. Her voice counts as it does on the owner's
board; she is one of "others" there, whose number is told roughly where it is small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from leumund.measures.follow_friday.board import board_rows, define_board, define_places, placed_votes
from leumund.measures.follow_friday.boards import Board, board_named, define_on_board, define_spoken
from leumund.measures.follow_friday.places import score_intervals
from leumund.measures.follow_friday.votes import define_votes
from leumund.measures.left_out import define_left_out
from leumund.measures.named import week_of
from leumund.measures.weeks import monday_of, week_end
from leumund.store.register import as_us
from leumund.store.tables import Tables

May = Callable[[Collection[int]], Collection[int]]
"""Gives those of these people (keys) who may be named."""

FEWEST_TOLD = 5
"""So many others at least are told as a number; fewer only as "fewer than five"."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One recommendation by somebody who may be named. by: her key; named: how many she recommended that week."""

    by: int
    week: date
    reason: bool
    named: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place. account: a person's key; score_low to score_high, best to worst: the middle 90 %, None where too few
    recommend; by: recommenders who may be named; others: how many more, None for fewer than `FEWEST_TOLD` but some;
    weeks: what was given in each week before it faded; past: earlier weeks with place and score, oldest first.
    """

    account: int
    rank: int
    best: int | None
    worst: int | None
    score: float
    score_low: float | None
    score_high: float | None
    by: tuple[int, ...]
    others: int | None
    weeks: tuple[tuple[date, float], ...]
    votes: tuple[Vote, ...]
    past: tuple[tuple[date, int | None, float | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A board to be published. week: the Monday of the week of its moment; standing: whether voices differ in worth."""

    board: Board
    week: date
    half_life_weeks: float
    standing: bool
    places: tuple[Place, ...]


def published(
    tables: Tables, board: str, may: May, *, weeks_back: int = 8, half_life_weeks: float = 4.0
) -> Published:
    """Take the board. tables: person by person; may: who may be named. Who is on the owner's no-go list is not named.

    Raises:
        UsageError: there is no such board.
    """
    chosen = board_named(board)
    basis = define_votes(tables, half_life_weeks=half_life_weeks)
    define_board(tables, half_life_weeks=half_life_weeks)
    _define_public(tables, may)
    define_on_board(tables, chosen)
    _only_public(tables)
    rows, total = board_rows(tables, None, known=basis.known)
    listed = [row["account"] for row in rows.to_pylist()]
    scores = _scores(tables, total)
    by, others = _recommenders(tables)
    weeks, votes = _weeks(tables), _votes(tables)
    past = _past(tables, chosen, weeks_back, half_life_weeks, basis.known_since, listed)
    places = tuple(
        Place(
            account=row["account"], rank=row["rank"], best=row["rank_low"], worst=row["rank_high"], score=row["score"],
            score_low=scores[n][0], score_high=scores[n][1], by=tuple(by.get(row["account"], ())),
            others=_roughly(others.get(row["account"], 0)), weeks=tuple(weeks.get(row["account"], ())),
            votes=tuple(votes.get(row["account"], ())), past=tuple(past[row["account"]]),
        )
        for n, row in enumerate(rows.to_pylist())
    )  # fmt: skip
    return Published(
        board=chosen,
        week=monday_of(week_of(tables)),
        half_life_weeks=half_life_weeks,
        standing=basis.known,
        places=places,
    )


def _roughly(others: int) -> int | None:
    return others if others == 0 or others >= FEWEST_TOLD else None


def _define_public(tables: Tables, may: May) -> None:
    """Keep `ff_public` (account): whoever recommends or is recommended and may be named."""
    people = {k for row in tables.sql("select recommender, account from ff_votes").fetchall() for k in row}
    define_left_out(tables)
    unwanted = {k for (k,) in tables.sql("select account from left_out where why = 'nogo'").fetchall()}
    keys = ", ".join(f"({k})" for k in sorted(set(may(people)) & people - unwanted))
    tables.define(
        "ff_public",
        f"select * from (values {keys}) t(account)" if keys else "select 0 as account where false",
    )


def _only_public(tables: Tables) -> None:
    tables.define("ff_on_whole_board", "select * from ff_on_board")
    tables.define("ff_on_board", "select * from ff_on_whole_board semi join ff_public using (account)")


def _scores(tables: Tables, total: int) -> list[tuple[float | None, float | None]]:
    """The bounds of each place's score."""
    bounds = score_intervals(placed_votes(tables), total) if total else None
    if bounds is None:
        return [(None, None)] * total
    ((points,),) = tables.sql(
        "select coalesce(max(score) / nullif(max(order_by), 0), 0) from ff_board"
    ).fetchall()
    return [(float(low * points), float(high * points)) for low, high in zip(*bounds, strict=True)]


def _recommenders(tables: Tables) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Who recommended each account and may be named, most recent first; and how many others did."""
    named: dict[int, list[int]] = {}
    others: dict[int, int] = {}
    query = """select account, recommender, recommender in (select account from ff_public) as public from ff_votes
               semi join ff_placed using (account) group by all order by account, max(week) desc, recommender"""
    for account, recommender, public in tables.sql(query).fetchall():
        if public:
            named.setdefault(account, []).append(recommender)
        else:
            others[account] = others.get(account, 0) + 1
    return named, others


def _weeks(tables: Tables) -> dict[int, list[tuple[date, float]]]:
    found: dict[int, list[tuple[date, float]]] = {}
    query = """select account, week, sum(value order by recommender) from ff_votes semi join ff_placed using (account)
               group by account, week having sum(value) > 0 order by account, week"""
    for account, week, worth in tables.sql(query).fetchall():
        found.setdefault(account, []).append((monday_of(week), worth))
    return found


def _votes(tables: Tables) -> dict[int, list[Vote]]:
    found: dict[int, list[Vote]] = {}
    query = """select account, recommender, week, reason, named from ff_votes semi join ff_placed using (account)
               where recommender in (select account from ff_public) order by account, week, recommender"""
    for account, recommender, week, reason, named in tables.sql(query).fetchall():
        found.setdefault(account, []).append(Vote(recommender, monday_of(week), reason, named))
    return found


def _past(
    tables: Tables,
    board: Board,
    back: int,
    half_life_weeks: float,
    known_since: int | None,
    listed: Iterable[int],
) -> dict[int, list[tuple[date, int | None, float | None]]]:
    """The places at the ends of earlier weeks, counted among the same people."""
    found: dict[int, list[tuple[date, int | None, float | None]]] = {key: [] for key in listed}
    if board.kind == "language":
        define_spoken(tables)
    for week in range(week_of(tables) - back, week_of(tables)):
        known = known_since is not None and known_since <= week_end(week)
        define_board(tables, half_life_weeks=half_life_weeks, until=week, alike=not known)
        until = min(as_us(tables.as_of), week_end(week))
        define_on_board(tables, board, until=until if board.kind == "language" else None)
        _only_public(tables)
        define_places(tables)
        held = {a: (r, s) for a, r, s in tables.sql("select account, rank, score from ff_placed").fetchall()}
        for account, places in found.items():
            rank, score = held.get(account, (None, None))
            places.append((monday_of(week) + timedelta(days=6), rank, score))
    return found
