"""The experiments the owner wrote down, and which of them cannot be trusted, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from leumund.coins import as_written
from leumund.locale import N_
from leumund.measures.experiments.design import LEAST_PAIRS, MOST_PAIRS, WASHOUT_DAYS, Week, monday_of, weeks
from leumund.measures.experiments.outcomes import OUTCOMES
from leumund.store.tables import Tables

_AS_SOON_AS_BEGUN = timedelta(
    days=1
)  # who writes it down on the Monday itself has seen nothing yet: it is not counted

_NO_YEAR = 9990
"""From here on there are no years left for its weeks."""

REFUSALS = {
    "pairs": N_(
        "“{name}” is refused: it has fewer than {least} pairs of weeks, and with these even the clearest result"
        " comes about by chance in more than 5 of 100 cases."
    ),
    "long": N_("“{name}” is refused: more than {most} pairs, a year, are no experiment that anybody can keep up."),
    "outcome": N_(
        "“{name}” is refused: it does not say before the start what is counted, or counts what cannot be told by weeks."
        " Say one of: responders, replies, follows, leads. (Influence remembers sixty days.)"
    ),
    "changed": N_(
        "“{name}” is refused: on {day}, after its start, something was said otherwise that had been promised. Who may choose the"
        " outcome afterwards always finds one."
    ),
    "late": N_("“{name}” is refused: it was written down on {day}, after its first week had begun."),
    "coins": N_(
        "“{name}” is refused: its weeks are not those that follow from its seed, so no coin decided on them."
    ),
}  # fmt: skip
"""Why a plan shows nothing, whatever its weeks brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An experiment as written down. weeks: all that are planned; () where it cannot be told which.

    refused: a key of REFUSALS with the day it speaks of, None where the plan holds.
    """

    entry: str
    name: str
    change: str
    outcome: str
    network: str | None
    seed: str
    pairs: int
    begins: date | None
    planned_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None
    weeks: tuple[Week, ...]
    washout_days: int = WASHOUT_DAYS
    refused: str | None = None
    refused_day: date | None = None

    @property
    def ends(self) -> date | None:
        """The day after the last week."""
        return self.weeks[-1].monday + timedelta(days=7) if self.weeks else None

    def is_running(self, now: datetime) -> bool:
        """Whether one of its weeks is going on."""
        if self.refused or self.started_at is None or not self.weeks or self.ends is None:
            return False
        return (
            self.weeks[0].monday <= now.date() < self.ends
            and not (self.stopped_at is not None and self.stopped_at <= now)
        )  # fmt: skip

    def state_at(self, now: datetime) -> str:
        """Where it stands: refused, stopped (before its time), running, planned, not_started (though its first week has come), finished."""
        if self.refused:
            return "refused"
        if self.stopped_at is not None and self.ends is not None and self.stopped_at.date() < self.ends:
            return "stopped"
        if self.is_running(now):
            return "running"
        if self.weeks and now.date() < self.weeks[0].monday:
            return "planned"
        return "not_started" if self.started_at is None else "finished"

    def week_of(self, now: datetime) -> Week | None:
        """The week that is going on."""
        return next((w for w in self.weeks if w.monday <= now.date() < w.monday + timedelta(days=7)), None)


def planned_in(tables: Tables) -> list[Planned]:
    """Every experiment that had been written down by as_of, the newest last."""
    query = "select * from experiments order by planned_at, name, entry"
    return [_planned(row, tables.as_of) for row in tables.arrow(query).to_pylist()]


def _planned(row: dict[str, Any], now: datetime) -> Planned:
    begins: date | None = row["begins"]
    if begins is not None and begins.year >= _NO_YEAR:
        begins = None
    pairs, seed = row["pairs"] or 0, row["seed"] or ""
    told = (row["weeks"] or "").split()
    made: tuple[Week, ...] = ()
    if begins is not None and 0 < pairs <= MOST_PAIRS:
        made = weeks(seed, pairs, begins) if seed else _thrown_by_hand(told, begins)
    stopped, changed = _past(row["stopped_at"], now), _past(row["plan_changed_at"], now)
    refused, day = _refusal(row, made, told, changed)
    return Planned(
        entry=row["entry"], name=row["name"] or row["entry"], change=row["change"] or "", outcome=row["outcome"] or "",
        network=row["network"], seed=seed, pairs=pairs, begins=begins, planned_at=_aware(row["planned_at"]),
        started_at=_past(row["started_at"], now), stopped_at=stopped, weeks=made, refused=refused,
        washout_days=min(6, max(0, WASHOUT_DAYS if row["washout_days"] is None else row["washout_days"])), refused_day=day,
    )  # fmt: skip


def _thrown_by_hand(told: list[str], begins: date) -> tuple[Week, ...]:
    """The weeks of somebody who threw a coin of her own."""
    start = monday_of(begins)
    if any(both not in ("10", "01") for both in told):
        return ()
    return tuple(
        Week(pair, start + timedelta(weeks=2 * (pair - 1) + later), both[later] == "1")
        for pair, both in enumerate(told, 1)
        for later in range(2)
    )


def _refusal(
    row: dict[str, Any], made: tuple[Week, ...], told: list[str], changed: datetime | None
) -> tuple[str | None, date | None]:
    pairs, seed = row["pairs"] or 0, row["seed"] or ""
    if pairs < LEAST_PAIRS:
        return "pairs", None
    if pairs > MOST_PAIRS:
        return "long", None
    if row["outcome"] not in OUTCOMES:
        return "outcome", None
    if made:
        start = datetime.combine(made[0].monday, time(), UTC) + _AS_SOON_AS_BEGUN
        begun = _aware(row["started_at"]) if row["started_at"] is not None else start
        if changed is not None and changed > min(start, begun):  # from then on it is promised
            return "changed", changed.date()
        if _aware(row["planned_at"]) > start:
            return "late", _aware(row["planned_at"]).date()
    if (seed and told and told != as_written(seed, pairs).split()) or (not seed and len(made) != 2 * pairs):
        return "coins", None
    return None, None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    """A moment if it has come: what is known of an experiment must not be later than as_of."""
    return None if moment is None or _aware(moment) > now else _aware(moment)
