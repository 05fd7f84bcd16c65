"""What the load is reckoned from: acts a day, followers and their growth, minutes given or measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

import numpy as np

from leumund.errors import UsageError
from leumund.locale import _
from leumund.measures.courtesy.capacity import Budget, Numbers
from leumund.measures.courtesy.dues import Due
from leumund.measures.courtesy.matching import Settled
from leumund.measures.days import DAY_US, end_of_day
from leumund.measures.followers import followers
from leumund.store.register import as_us
from leumund.store.tables import Tables

RATE_DAYS = 56
GROWTH_WEEKS = 12
YEAR_DAYS = 366
USUAL = Budget(minutes_a_day=15.0, minutes_each=2.0, told="usual")
_MOST = 1440.0


def budget(
    tables: Tables, minutes_a_day: float | None, minutes_each: float | None, settled: list[Settled | None]
) -> Budget:
    """As the owner says; else as measured from the hours she noted; else an assumption, which the reading names.

    Raises:
        UsageError: no time, or more than a day has.
    """
    for name, value in (("--minutes-a-day", minutes_a_day), ("--minutes-each", minutes_each)):
        if value is not None and not (isfinite(value) and 0 < value <= _MOST):
            text = _("{name} must be above 0 and at most {most}, not {value}.")
            raise UsageError(text.format(name=name, most=int(_MOST), value=value))
    found = _measured(tables, settled)
    base = found or USUAL
    if minutes_a_day is not None and minutes_each is not None:
        return Budget(minutes_a_day=minutes_a_day, minutes_each=minutes_each)
    if minutes_a_day is not None:
        return Budget(
            minutes_a_day=minutes_a_day, minutes_each=base.minutes_each, told=f"given and {base.told}"
        )
    if minutes_each is not None:
        return Budget(
            minutes_a_day=base.minutes_a_day, minutes_each=minutes_each, told=f"given and {base.told}"
        )
    return base


def _measured(tables: Tables, settled: list[Settled | None]) -> Budget | None:
    """From hours noted: minutes each = minutes / all the owner did in that time; a day: as many as went to thanks.

    None where no hours are noted in the last eight weeks, or hardly anything was done or answered in them.
    """
    now = as_us(tables.as_of)
    since = now - RATE_DAYS * DAY_US
    ((hours,),) = tables.sql(
        f"select sum(hours) from hours where epoch_us(happened_at) > {since} and hours > 0"
    ).fetchall()
    if not hours:
        return None
    ((done,),) = tables.sql(
        f"""select count(*) from (
               select post as one from posts where account in (select account from own) and exact and epoch_us(happened_at) > {since}
               union
               select coalesce(act, via, post) from acts where actor in (select account from own) and exact
                 and kind in ('like', 'reshare', 'follow') and epoch_us(happened_at) > {since})"""
    ).fetchall()
    answered = len({s.by or s.at for s in settled if s is not None and not s.let_go and s.at > since})
    if done < 20 or answered < 5:
        return None
    each = min(60.0, max(0.1, hours * 60 / done))
    return Budget(minutes_a_day=answered * each / RATE_DAYS, minutes_each=each, told="measured")


def acts_by_day(as_of: datetime, dues: list[Due], most: int = RATE_DAYS) -> Numbers:
    """How many acts that merit thanks came on each of the last whole days, from the first that is known of on."""
    now = as_us(as_of)
    end = end_of_day(now)
    if now != end:
        end -= DAY_US  # a day that is not over would look like a quiet one
    first = min((d.at for d in dues), default=None)
    if first is None:
        return np.zeros(0)
    days = min(most, (end - first) // DAY_US)
    if days < 1:
        return np.zeros(0)
    ages = [(end - d.at) // DAY_US for d in dues if d.at <= end]
    counts = np.bincount([a for a in ages if a < days], minlength=days) if ages else np.zeros(days)
    return counts.astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """now: the followers, None if unknown; gains: won in each of the last weeks (known ones only); counted: of each day
    of the last year, oldest first.
    """

    now: float | None
    gains: Numbers
    counted: list[tuple[date, int]]

    def reached(self, size: float) -> date | None:
        """The day since which there have been so many; None where they are fewer, or always were so many as far as known."""
        fewer = [at for at, (_day, count) in enumerate(self.counted) if count < size]
        if not fewer or fewer[-1] + 1 == len(self.counted):
            return None
        return self.counted[fewer[-1] + 1][0]


def growth(tables: Tables) -> Growth:
    """How the number of followers has grown."""
    rows = followers(tables, days=YEAR_DAYS).rows
    counted = rows["followers"].to_pylist()[-7 * GROWTH_WEEKS - 1 :]
    accounts = rows["accounts"].to_pylist()[-7 * GROWTH_WEEKS - 1 :]
    now = counted[-1]
    gains = [
        float(later - before)
        for before, later, one, two in zip(
            counted[::7], counted[7::7], accounts[::7], accounts[7::7], strict=False
        )
        if before is not None and later is not None and one == two
    ]
    known = zip(rows["day"].to_pylist(), rows["followers"].to_pylist(), strict=True)
    return Growth(
        now=None if now is None else float(now), gains=np.array(gains, np.float64),
        counted=[(day, count) for day, count in known if count is not None],
    )  # fmt: skip
