"""Her experiment: in the weeks that the coin chose she ends every post with a question, and readers respond more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from leumund.coins import as_written
from leumund.events import Statement
from leumund.simulate.clock import DAY, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

EFFECT = 2.2
MOST_PAIRS, LEAST_PAIRS = 8, 6
_BEFORE = 12  # days at least before its first Monday
NAME, CHANGE = "Fragen stellen", "Jeder Beitrag endet mit einer Frage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is true of it. begins: the Monday of its first week; effect: in weeks with the change the chance of each
    reader to respond to a post of hers is so many times the usual one.
    """

    begins: date
    pairs: int
    seed: str
    effect: float = EFFECT

    @property
    def weeks(self) -> tuple[bool, ...]:
        """For each week whether it is one with the change."""
        return tuple(sign == "1" for sign in as_written(self.seed, self.pairs) if sign != " ")

    @property
    def last(self) -> date:
        """Its last day."""
        return self.begins + DAY * (14 * self.pairs - 1)

    def asks(self, day: date) -> bool | None:
        """Whether she asks a question at the end of her posts that day; None outside the experiment."""
        week = (day - self.begins).days // 7
        return self.weeks[week] if 0 <= week < 2 * self.pairs else None


def trial(seed: int, start: date, silence: tuple[date, date]) -> Trial | None:
    """The experiment of a world: as many pairs of weeks as there is room for before the silence; None below six."""
    begins = start + DAY * _BEFORE
    begins += DAY * (-begins.weekday() % 7)
    pairs = min(MOST_PAIRS, (silence[0] - begins).days // 14)
    return Trial(begins=begins, pairs=pairs, seed=f"Mara {seed}") if pairs >= LEAST_PAIRS else None


def told(trial: Trial) -> Iterator[Statement]:
    """What she says of it: the plan before its first week, the start, the end."""
    begins = datetime.combine(trial.begins, time(), UTC)
    planned, started = moment(trial.begins - DAY * 5, 20.0), moment(trial.begins - DAY, 20.0)
    stopped = moment(trial.last + DAY, 9.0)
    plan: dict[str, str | int] = {
        "experiment": NAME, "change": CHANGE, "outcome": "responders", "pairs": trial.pairs, "washout_days": 1,
        "begins": begins.isoformat(), "seed": trial.seed, "weeks": as_written(trial.seed, trial.pairs),
    }  # fmt: skip
    begun = {**plan, "started_at": started.isoformat()}
    words = ((planned, plan), (started, begun), (stopped, {**begun, "stopped_at": stopped.isoformat()}))
    for number, (at, body) in enumerate(words, 1):
        entry = {"entry": "experiment-1"} if number > 1 else {}
        yield Statement(
            kind="experiment", happened_at=planned, body={**body, **entry, "said_at": at.isoformat()},
            statement=f"experiment-{number}",
        )  # fmt: skip
