"""Who is behind the acts: each actor's standing, and what she counts as a stranger."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from leumund.measures.influence.acts import Indices, Numbers
from leumund.measures.standing import Standing

_KEPT = 4


@dataclass(slots=True)
class Behind:
    """The people behind the acts (keys, sorted), and how they count at any moment.

    tau: their standing; q: 1, or 0 where the account is on the owner's no-go list or a robot by its own word.
    """

    people: Indices
    standing: Standing
    _made: dict[object, tuple[Numbers, Numbers]] = field(default_factory=dict)

    def at(self, moment_us: int, *, marks_us: int | None = None) -> tuple[Numbers, Numbers]:
        """Tau and q of everybody. marks_us: the owner's marks as of then; as of that moment unless given."""
        turn = self.standing.turn(moment_us, marks_us=marks_us)
        if turn not in self._made:
            if len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            tau = self.standing.at(self.people, moment_us, marks_us=marks_us)
            barred = self.standing.barred(self.people, moment_us, marks_us=marks_us)
            self._made[turn] = tau, np.where(barred, 0.0, 1.0)
        return self._made[turn]
