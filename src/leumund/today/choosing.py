"""Three things worth doing today, by a plain rule.

First what must be done today or on which everything else rests (a source in trouble, a week of an experiment that
begins, recommendations on a Friday), two at most; then somebody who waits; then what can wait, in turn: each day
another one of it is first, so nothing is pushed out for ever. The same day gives the same three.
"""

from __future__ import annotations

from datetime import date

from leumund.today import Doing, Readings, Task, Turn, all_tasks

MOST = 3
_MOST_FIRST = 2


def three(readings: Readings) -> list[Doing]:
    """At most three things; fewer where there is less to do."""
    found = chosen(list(all_tasks().values()), readings)
    return [doing for _task, doing in found]


def chosen(tasks: list[Task], readings: Readings) -> list[tuple[Task, Doing]]:
    """The same, of these tasks; no more of them is looked for than is needed."""
    taken: list[tuple[Task, Doing]] = []
    for turn, most in (("first", _MOST_FIRST), ("people", MOST), ("in turn", MOST)):
        for task in _ordered(tasks, turn, readings.as_of.date()):  # type: ignore[arg-type]
            if len(taken) >= most:
                break
            if (doing := task.find(readings)) is not None:
                taken.append((task, doing))
    return taken


def _ordered(tasks: list[Task], turn: Turn, day: date) -> list[Task]:
    """Those of one turn; of what can wait another one is first each day."""
    some = sorted((t for t in tasks if t.turn == turn), key=lambda t: (t.order, t.name))
    if turn != "in turn" or not some:
        return some
    at = day.toordinal() % len(some)
    return some[at:] + some[:at]
