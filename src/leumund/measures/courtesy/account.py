"""The ledger as it stands at a moment: what is owed, how it was answered, whose turn it is, and whether one keeps up."""

from __future__ import annotations

from dataclasses import dataclass

from leumund.measures.courtesy.capacity import MORE_MINUTES, Budget, Keeping, keeping
from leumund.measures.courtesy.dues import Answer, Due, define_answers, define_dues, owed
from leumund.measures.courtesy.load import Growth, acts_by_day, budget, growth
from leumund.measures.courtesy.matching import COVERS_DAYS, Said, Settled, settle, settle_by_word
from leumund.measures.courtesy.priority import Turn, ordered, turns
from leumund.measures.days import DAY_US, MOST_DAYS, check_days
from leumund.store.register import as_us
from leumund.store.tables import Tables

HISTORY_DAYS = 182


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """dues, settled, told: side by side. since: what is older has been let go. queue: places of what is open, in turn.

    keeps: whether one keeps up, more: with ten minutes a day more; both None where too little is known.
    """

    dues: list[Due]
    settled: list[Settled | None]
    told: list[Turn]
    queue: list[int]
    since: int
    let_go: int
    spent: Budget
    keeps: Keeping | None
    more: Keeping | None
    grown: Growth

    @property
    def people(self) -> int:
        """How many people wait for an answer."""
        return len({self.dues[place].account for place in self.queue})

    @property
    def beyond(self) -> bool:
        """More comes than can be answered."""
        return self.keeps is not None and self.keeps.load >= 1


def ledger(
    tables: Tables, *, days: int, minutes_a_day: float | None = None, minutes_each: float | None = None
) -> Ledger:
    """What stands in the ledger of the last `days` days.

    Raises:
        UsageError: an option that cannot be.
    """
    check_days(days, MOST_DAYS)
    now = as_us(tables.as_of)
    since = now - days * DAY_US
    dues, answers = both(tables, days)
    settled = settle(dues, answers)
    settle_by_word(dues, settled, _said(tables))
    told = turns(dues, _met(tables), seen_since=_first(tables, now))
    still = [n for n, due in enumerate(dues) if settled[n] is None and due.at > since]
    spent = budget(tables, minutes_a_day, minutes_each, settled)
    grown = growth(tables)
    by_day = acts_by_day(tables.as_of, dues)
    keeps, more = (
        keeping(by_day, b, open_now=len(still), followers=grown.now, gains=grown.gains)
        for b in (
            spent,
            Budget(minutes_a_day=spent.minutes_a_day + MORE_MINUTES, minutes_each=spent.minutes_each),
        )
    )
    beyond = keeps is not None and keeps.load >= 1
    return Ledger(
        dues=dues, settled=settled, told=told, queue=ordered(dues, told, still, beyond=beyond), since=since,
        let_go=sum(s is None and d.at <= since for s, d in zip(settled, dues, strict=True))
        + sum(s is not None and s.let_go for s in settled),
        spent=spent, keeps=keeps, more=more, grown=grown,
    )  # fmt: skip


def both(tables: Tables, days: int, *, by_owner: bool = True) -> tuple[list[Due], list[Answer]]:
    """Acts and answers of at least half a year, so that a thank-you is not taken for one of later acts alone."""
    since = as_us(tables.as_of) - max(days + COVERS_DAYS, HISTORY_DAYS) * DAY_US
    define_dues(tables, since=since)
    define_answers(tables, since=since)
    return owed(tables, by_owner=by_owner)


def _said(tables: Tables) -> list[Said]:
    """What the owner said of thanks that no source sees."""
    rows = tables.sql("select account, epoch_us(happened_at), how = 'let go' from thanked").fetchall()
    return [Said(account, at, bool(lets_go)) for account, at, lets_go in rows]


def _met(tables: Tables) -> dict[int, list[int]]:
    """When anybody did anything towards the owner: at most once a day, in order."""
    rows = tables.sql(
        f"""select giver, list(moment order by moment) from (
               select actor as giver, min(epoch_us(happened_at)) as moment from acts
               where exact and target in (select account from own) and actor not in (select account from own)
               group by actor, epoch_us(happened_at) // {DAY_US}
               union select giver, moment from cy_dues where taker in (select account from own))
            where giver in (select giver from cy_dues) group by giver"""
    ).fetchall()
    return dict(rows)


def _first(tables: Tables, now: int) -> int:
    ((first,),) = tables.sql(
        "select min(epoch_us(happened_at)) from acts where exact and target in (select account from own)"
    ).fetchall()
    return now if first is None else int(first)
