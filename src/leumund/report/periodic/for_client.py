"""What a client may read of a report: nobody else's name, no words that the owner wrote, no business of hers with others.

Whatever people wrote in their own words can name people, and no program finds every name: the words of goals and
experiments are left out whole. Asked for ("words") they are told with those names masked that the lab knows. Customers
are told only where that was asked for ("customers"), as counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from leumund.asking import State
from leumund.locale import _
from leumund.measures import Note, Reading
from leumund.report.own_words import mask_for
from leumund.report.pseudonyms import pseudonymised
from leumund.report.unlisted import without_marks
from leumund.views.words import label

if TYPE_CHECKING:
    from leumund.report.periodic import Periodic

Also = Literal["words", "customers"]
ALSO: tuple[Also, ...] = ("words", "customers")
_ABOUT_CUSTOMERS = {"customers", "leads"}
_SHOWN = {"running", "finished", "stopped"}


def for_client(taken: Periodic, state: State, *, at: datetime, also: frozenset[Also]) -> Periodic:
    """The same report for a client. also: what the owner asked for that is left out else."""
    causes, board = pseudonymised(state, [without_marks(taken.causes), taken.board], at=at)
    about, state_at, outcome = (
        _column(taken.goals, "about"),
        _column(taken.experiments, "state"),
        _column(taken.experiments, "outcome"),
    )
    silent = set() if "customers" in also else _ABOUT_CUSTOMERS
    goals = replace(taken.goals, rows=tuple(r for r in taken.goals.rows if r[about] not in silent))
    experiments = of_experiments(
        taken.experiments, lambda r: r[state_at] in _SHOWN and r[outcome] not in silent
    )
    named = {row[_column(experiments, "experiment")] for row in experiments.rows}
    over_time = (_with_marks_of(r, named) for r in (taken.influence, taken.followers, taken.followers_before))
    own = (*over_time, goals, experiments)
    if "words" in also:
        mask = mask_for(state, own, at=at)
        told = [mask.reading(reading) for reading in own]
    else:
        told = [*map(_unmarked, own[:3]), _goals_by_kind(goals), _experiments_by_number(experiments)]
    influence, followers, before, goals, experiments = told
    return replace(
        taken, readership="client", also=also, causes=causes, board=board, hours=None, thanks=None, influence=influence,
        followers=followers, followers_before=before, goals=goals, experiments=experiments,
        customers=taken.customers if "customers" in also else replace(taken.customers, rows=(), notes=()),
        reach=tuple(part if part.account else replace(part, place="") for part in taken.reach),
    )  # fmt: skip


def _with_marks_of(reading: Reading, experiments: set[str]) -> Reading:
    """Experiments that are not told leave no mark on a chart either."""
    happened = tuple(h for h in reading.happened if h.kind != "experiment" or h.text in experiments)
    return replace(reading, happened=happened)


def _unmarked(reading: Reading) -> Reading:
    """Without a word of the owner's on what happened meanwhile; that it was stays."""
    happened = tuple(replace(h, text="") for h in reading.happened if h.kind != "note")
    return replace(reading, happened=happened)


def _goals_by_kind(goals: Reading) -> Reading:
    """Each goal called by what it is about."""
    about = _column(goals, "about")
    return _told(goals, {"text": [label(str(row[about])) for row in goals.rows]}, ())


def _experiments_by_number(experiments: Reading) -> Reading:
    """Each experiment called by its number, the oldest first."""
    many = len(experiments.rows)
    names = [_("Experiment {n}").format(n=many - i) for i in range(many)]
    return _told(experiments, {"experiment": names, "change": [""] * many, "entry": [""] * many}, ())


def _told(reading: Reading, instead: dict[str, list[str]], notes: tuple[Note, ...]) -> Reading:
    """The reading with other texts in these columns; those that are empty throughout are left out."""
    at = {_column(reading, name): texts for name, texts in instead.items()}
    kept = [i for i in range(len(reading.columns)) if i not in at or any(at[i])]

    def row(number: int, values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(at[i][number] if i in at else values[i] for i in kept)

    rows = tuple(row(n, values) for n, values in enumerate(reading.rows))
    return replace(
        reading, columns=tuple(reading.columns[i] for i in kept), rows=rows, notes=notes, happened=()
    )


def of_experiments(experiments: Reading, wanted: Callable[[tuple[Any, ...]], bool]) -> Reading:
    """Those that are wanted, and what is said of them alone."""
    name = _column(experiments, "experiment")
    rows = tuple(row for row in experiments.rows if wanted(row))
    told = {row[name] for row in rows} - {row[name] for row in experiments.rows if not wanted(row)}
    notes = tuple(n for n in experiments.notes if rows and n.values.get("name", "") in {"", *told})
    return replace(experiments, rows=rows, notes=notes, figures={})


def _column(reading: Reading, name: str) -> int:
    return next(i for i, c in enumerate(reading.columns) if c.name == name)
