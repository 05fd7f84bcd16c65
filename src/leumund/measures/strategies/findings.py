"""What was found, pattern by pattern, as rows: a pair is one row; of three or more who hang together everybody is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from leumund.locale import N_
from leumund.measures.days import check_days
from leumund.measures.named import define_named, week_of
from leumund.measures.strategies.alike import same_lists
from leumund.measures.strategies.answered import quick_answers
from leumund.measures.strategies.chance import Whole
from leumund.measures.strategies.firsts import first_voices
from leumund.measures.strategies.mutual import groups, mutual_pairs
from leumund.measures.weeks import monday_of
from leumund.store.tables import Tables

MUTUAL, ANSWERED, ALIKE, WORDS, FIRST = (
    N_("strikingly mutual"), N_("quick answers"), N_("same list"), N_("same words"), N_("first voices"),
)  # fmt: skip
SHAPE = pa.schema(
    {
        "pattern": pa.string(), "account": pa.int64(), "other": pa.int64(), "group": pa.int64(), "people": pa.int64(),
        "votes": pa.int64(), "back": pa.int64(), "expected": pa.float64(), "chance": pa.float64(), "week": pa.date32(),
    }
)  # fmt: skip
_LEAST_LETTERS, _LEAST_AUTHORS = 40, 3  # of words that several people use in one week
_MOST_DAYS = 36_500

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two people and what is striking between them. people: how many are in their group."""

    pattern: str
    one: int
    other: int
    people: int
    there: int
    back: int
    expected: float | None = None
    chance: float | None = None


def define_votes(tables: Tables, days: int) -> pa.Table:
    """Keep `st_named`, the posts, and give the votes: recommender, account, week, one row each.

    Raises:
        UsageError: fewer than one day is asked for, or more than a hundred years.
    """
    check_days(days, _MOST_DAYS)
    first_week = week_of(tables) - (days - 1) // 7
    define_named(tables, name="st_every")
    tables.define("st_named", f"select * from st_every where week >= {first_week}")
    return tables.arrow(
        "select distinct recommender, account, week from st_named order by recommender, account, week"
    )


def _columns(votes: pa.Table) -> tuple[Whole, Whole, Whole]:
    recommender, account, week = (
        votes[name].to_numpy().astype(np.int64) for name in ("recommender", "account", "week")
    )
    return recommender, account, week


def ties(votes: pa.Table) -> list[Tie]:
    """All pairs that are strikingly mutual or post the same lists."""
    found, lists = mutual_pairs(*_columns(votes)), same_lists(*_columns(votes))
    told = [
        Tie(pattern=MUTUAL, one=one, other=other, people=people, there=there, back=back, expected=by, chance=q)
        for one, other, people, there, back, by, q in zip(
            found.one.tolist(), found.other.tolist(), found.circle.tolist(), found.there.tolist(),
            found.back.tolist(), found.expected.tolist(), found.q.tolist(), strict=True,
        )
    ]  # fmt: skip
    pairs = list(zip(lists.one.tolist(), lists.other.tolist(), strict=True))
    sizes = groups(pairs)
    told += [
        Tie(pattern=ALIKE, one=one, other=other, people=sizes[one][1], there=weeks, back=weeks)
        for (one, other), weeks in zip(pairs, lists.weeks.tolist(), strict=True)
    ]
    return told


def together(found: list[Tie]) -> Rows:
    """Pairs as they are; of larger groups one row for each member, towards all others she has ties with."""
    number = 0
    for pattern in (MUTUAL, ALIKE):
        yield from (_row(t, other=t.other) for t in found if t.pattern == pattern and t.people == 2)
        of: dict[int, list[Tie]] = {}
        several = [t for t in found if t.pattern == pattern and t.people > 2]
        for tie in several:
            of.setdefault(tie.one, []).append(tie)
            of.setdefault(tie.other, []).append(_turned(tie))
        heads = groups([(t.one, t.other) for t in several])
        numbers = {key: number + n for n, key in enumerate(sorted({g for g, _size in heads.values()}), 1)}
        number += len(numbers)
        for who, mine in sorted(of.items()):
            yield _row(_all_of(mine), other=None) | {"group": numbers[heads[who][0]]}


def _turned(tie: Tie) -> Tie:
    return replace(tie, one=tie.other, other=tie.one, there=tie.back, back=tie.there)


def _all_of(mine: list[Tie]) -> Tie:
    """Of one person towards all in her group; of same lists the weeks with whom there were most."""
    there, back = [t.there for t in mine], [t.back for t in mine]
    if mine[0].pattern == ALIKE:
        return replace(mine[0], there=max(there), back=max(back))
    expected, chance = (t.expected or 0.0 for t in mine), (t.chance or 0.0 for t in mine)
    return replace(mine[0], there=sum(there), back=sum(back), expected=sum(expected), chance=max(chance))


def _row(tie: Tie, *, other: int | None) -> dict[str, Any]:
    return {
        "pattern": tie.pattern, "account": tie.one, "other": other, "people": tie.people, "votes": tie.there,
        "back": tie.back, "expected": tie.expected, "chance": tie.chance,
    }  # fmt: skip


def answered(votes: pa.Table) -> Rows:
    """Who answers recommendations strikingly often."""
    found = quick_answers(*_columns(votes))
    for n in range(len(found.account)):
        yield {
            "pattern": ANSWERED, "account": int(found.account[n]), "votes": int(found.answered[n]),
            "expected": float(found.expected[n]), "chance": float(found.q[n]),
        }  # fmt: skip


def same_words(tables: Tables) -> Rows:
    """Everybody who gave a reason in the same words as at least two others in the same week; keeps `st_words`."""
    tables.define(
        "st_words",
        f"""with said as (
                select *, trim(lower(regexp_replace(reason, '[^\\p{{L}}]+', ' ', 'g'))) as words from st_named
                where length(reason) >= {_LEAST_LETTERS}
            ), shared as (
                select week, words, row_number() over (order by week, words) as number from said
                where length(words) >= {_LEAST_LETTERS} group by week, words
                having count(distinct recommender) >= {_LEAST_AUTHORS}
            )
            select said.*, number from said join shared using (week, words)""",
    )
    rows = tables.sql(
        """select recommender, number, max(week), count(distinct post),
                  (select count(distinct recommender) from st_words o where o.number = w.number)
           from st_words w group by recommender, number order by number, recommender"""
    ).fetchall()
    for account, number, week, posts, people in rows:
        yield {"pattern": WORDS, "account": account, "group": number, "people": people, "votes": posts,
               "week": monday_of(week)}  # fmt: skip


def first(votes: pa.Table) -> Rows:
    """Weeks with strikingly many first voices for somebody."""
    found = first_voices(*_columns(votes))
    for n in range(len(found.account)):
        yield {
            "pattern": FIRST, "account": int(found.account[n]), "votes": int(found.voices[n]),
            "expected": float(found.expected[n]), "chance": float(found.q[n]), "week": monday_of(int(found.week[n])),
        }  # fmt: skip
