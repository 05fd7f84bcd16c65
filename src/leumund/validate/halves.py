"""Whether half of those who recommend would have made the same Follow-Friday board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from leumund.errors import UsageError
from leumund.locale import N_, _
from leumund.measures.follow_friday import follow_friday
from leumund.measures.influence.score import sums
from leumund.measures.named import define_named, week_of
from leumund.measures.weeks import week_end
from leumund.store.register import as_time
from leumund.store.tables import Tables
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, ranged, table
from leumund.validate.sureness import LEVEL, Indices, Numbers, middle, spearman

SPLITS = 200
FIRST = 10
_LEAST_RECOMMENDERS = 10
_LONGEST = 100_000
_HALF_LIVES = 3
_BUSY_WEEKS = 12


def check(tables: Tables, *, half_life_weeks: float = 4.0, splits: int = SPLITS, seed: int = 1) -> Finding:
    """Split the recommenders of a board into random halves, rank by each, and compare: again and again.

    Compared are the accounts that stand on the board of one half, with 0 where the other half does not recommend them:
    choosing them by both halves together would make the halves disagree by arithmetic (who has one voice in all has it
    in one half alone). Spearman between the two; how many of the first ten of one half are among the first ten of the
    other, and how many are recommended there at all; and the same for the plain number of recommenders, the baseline.
    Half of the voices make a shakier board than all do. Only votes of the last three half-lives are looked at, by both:
    older ones weigh less than an eighth, and a board of them would be ordered by age alone.

    Args:
        half_life_weeks: as in follow_friday. splits: how often the recommenders are split.

    Raises:
        UsageError: fewer than ten people recommend anybody, or a half-life that is none.
    """
    if not 0 < half_life_weeks <= _LONGEST:
        words = _("The half-life must lie between 0 and {most} weeks.")
        raise UsageError(words.format(most=_LONGEST))
    follow_friday(tables.person_by_person(), limit=1, half_life_weeks=half_life_weeks)
    votes = tables.arrow(
        f"""select recommender, account, sum(steps)::DOUBLE as worth from ff_worth
            where week > {week_of(tables) - _HALF_LIVES * half_life_weeks!r}
            group by recommender, account order by recommender, account"""
    )
    who, recommender = np.unique(votes["recommender"].to_numpy(), return_inverse=True)
    accounts, account = np.unique(votes["account"].to_numpy(), return_inverse=True)
    if len(who) < _LEAST_RECOMMENDERS:
        words = _("Only {count} people recommend anybody: too few to split.")
        raise UsageError(words.format(count=len(who)))
    worth = votes["worth"].to_numpy().astype(np.float64)
    dice = np.random.default_rng(seed)
    found: dict[str, list[_Agreement]] = {"score": [], "count": []}
    for _split in range(splits):
        first = (dice.permutation(len(who)) < len(who) // 2)[recommender]
        for way, value in (("score", worth), ("count", np.ones(len(worth)))):
            found[way].append(_agree(account, value, first, len(accounts)))
    figures: dict[str, Any] = {
        "as_of": tables.as_of.date().isoformat(), "recommenders": len(who), "accounts": len(accounts),
        "splits": splits, "level": LEVEL, "half_life_weeks": half_life_weeks,
        **{way: _summed(values) for way, values in found.items()},
    }  # fmt: skip
    return Finding(figures=figures, told=tuple(_told(figures)))


def busiest(tables: Tables) -> datetime:
    """The end of the twelve weeks in which most people recommended somebody; as_of where nobody did.

    Collections of others' posts are thin at their ends; a board is worth looking at where there were voices.
    """
    define_named(tables)
    rows = tables.arrow("select distinct recommender, week from ff_named order by week")
    weeks, who = (rows[name].to_numpy().astype(np.int64) for name in ("week", "recommender"))
    if not len(weeks):
        return tables.as_of
    ends = np.unique(weeks)
    voices = [len(np.unique(who[(weeks > end - _BUSY_WEEKS) & (weeks <= end)])) for end in ends.tolist()]
    sunday = as_time(week_end(int(ends[int(np.argmax(voices))])))
    return min(sunday, tables.as_of)


@dataclass(frozen=True, slots=True)
class _Agreement:
    """Of one split: Spearman, and of the first ten of a half, how many are the other's first ten, or on its board."""

    spearman: float | None
    first_ten: float
    on_both: float


def _agree(account: Indices, worth: Numbers, first: Any, size: int) -> _Agreement:
    halves = [sums(account[h], worth[h], size) for h in (first, ~first)]
    found, tops, met = [], [], []
    for mine, other in (halves, halves[::-1]):
        there = np.flatnonzero(mine > 0)
        found.append(spearman(mine[there], other[there]))
        top = there[np.argsort(-mine[there], kind="stable")[:FIRST]]
        tops.append(set(top.tolist()))
        met.append(float((other[top] > 0).mean()) if len(top) else 0.0)
    known = [f for f in found if f is not None]
    same = len(tops[0] & tops[1]) / max(1, min(len(tops[0]), len(tops[1])))
    return _Agreement(sum(known) / len(known) if known else None, same, sum(met) / 2)


def _summed(values: list[_Agreement]) -> dict[str, float | None]:
    known = np.array([v.spearman for v in values if v.spearman is not None])
    low, high = (middle(known) if len(known) else None) or (None, None)
    return {
        "spearman": float(known.mean()) if len(known) else None, "low": low, "high": high,
        "first_ten": float(np.mean([v.first_ten for v in values])),
        "on_both": float(np.mean([v.on_both for v in values])),
    }  # fmt: skip


def _told(figures: dict[str, Any]) -> list[str]:
    text = N_(
        "{recommenders} people recommend {accounts} in the three half-lives before {as_of}; their voices split into halves {splits} times."
    )
    told = [said(text, **{name: figures[name] for name in ("recommenders", "accounts", "splits", "as_of")})]
    names = {"score": _("the board"), "count": _("plain number of recommenders (baseline)")}
    for way, words in names.items():
        one = figures[way]
        if one["spearman"] is None:
            told.append(said(N_("{what}: too little to compare."), what=words))
            continue
        text = N_(
            "{what}: halves agree at {spearman:.2f} ({low:.2f} … {high:.2f}, Spearman); of the first ten of a half"
            " {first_ten:.0%} are the other's first ten, {on_both:.0%} are recommended there at all."
        )
        told.append(said(text, what=words, **one))
    ours, theirs = figures["score"]["spearman"], figures["count"]["spearman"]
    if ours is not None and theirs is not None and theirs > ours:
        told.append(_("The baseline is the steadier one."))
    return told


def section(runs: Sequence[Figures], command: str) -> str:
    """The board between halves of its recommenders, and the baseline once."""
    rows = []
    for f in runs:
        span = f"{f['half_life_weeks']:g}"
        for way, words in (("score", "the board"), ("count", "baseline: number of recommenders")):
            one = f[way]
            rows.append(
                (
                    span, f"{f['recommenders']:,}", f"{f['accounts']:,}", words, ranged(one["spearman"], one["low"], one["high"]),
                    f"{one['first_ten']:.0%}", f"{one['on_both']:.0%}",
                )
            )  # fmt: skip
    heads = (
        "half-life, weeks", "recommenders", "recommended", "ranked by", "Spearman of halves (90 % of splits)",
        "of the first ten, the other's first ten", "on the other's board",
    )  # fmt: skip
    told = f"`{command}`: as of {runs[0]['as_of']}, {runs[0]['splits']} splits."
    if all((f["count"]["spearman"] or 0) > (f["score"]["spearman"] or 0) for f in runs):
        told += " The baseline is the steadier one."
    return f"{told}\n\n{table(heads, rows)}"
