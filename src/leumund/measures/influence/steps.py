"""Through time, step by step: what all streams are worth at each moment, and what happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from leumund.measures.days import DAY_US, Moments, end_of_day
from leumund.measures.influence.acts import ENTRIES, Acts, Change, Numbers
from leumund.measures.influence.fading import Fading


@dataclass(frozen=True, slots=True)
class Step:
    """From one moment to the next. worth: of each stream at its end; faded: what time took away from each (0 or
    below); came: by place in `ENTRIES`, what began or ceased to count, as it is worth at the end.
    """

    from_us: int
    to_us: int
    worth: Numbers
    faded: Numbers
    came: tuple[Numbers, ...]
    quiet: bool


def days_between(from_us: int, to_us: int) -> Moments:
    """The start, the end of each calendar day (UTC) between, the end."""
    between = np.arange(end_of_day(from_us), to_us, DAY_US, dtype=np.int64)
    return np.unique(np.concatenate([[from_us], between, [to_us]]))


def steps(acts: Acts, moments: Moments) -> Iterator[Step]:
    """One step to each of these moments (in order); the first one starts when nothing had happened yet. None: none."""
    if not len(moments):
        return
    size = len(acts.person_of)
    state = Fading.nothing(size, int(moments[0]))
    bounds = np.searchsorted(acts.changes.moment, moments, side="right")
    nothing = np.zeros(size)
    start = 0
    for number, moment in enumerate(moments.tolist()):
        held = state.worth()
        before = state.at_us
        state.forward(moment)
        faded = state.worth() - held
        since = slice(start, int(bounds[number]))
        came = tuple(_add(state, acts.changes, since, why, nothing) for why in range(len(ENTRIES)))
        yield Step(before, moment, state.worth(), faded, came, quiet=since.start == since.stop)
        start = since.stop


def _add(state: Fading, changes: Change, since: slice, why: int, nothing: Numbers) -> Numbers:
    some = np.flatnonzero(changes.why[since] == why) + since.start
    if not len(some):
        return nothing
    return state.add(changes.at_us[some], changes.worth[some], changes.stream[some])
