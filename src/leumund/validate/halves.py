"""Whether half of those who recommend would have made the same Follow-Friday board."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from leumund.errors import UsageError
from leumund.locale import _
from leumund.measures.follow_friday import follow_friday
from leumund.store.tables import Tables
from leumund.validate import Finding
from leumund.validate.sureness import LEVEL, Indices, Numbers, middle, spearman

SPLITS = 200
LEAST_VOICES = 2  # recommended by one person alone, nobody can stand on both halves
FIRST = 10
_LEAST_RECOMMENDERS = 10


def check(tables: Tables, *, half_life_weeks: float = 4.0, splits: int = SPLITS, seed: int = 1) -> Finding:
    """Split the recommenders of a board into random halves, rank by each, and compare: again and again.

    Compared are the accounts recommended by at least two people. Spearman between the halves; how many of the first
    ten of one half are among the first ten of the other; and the same for the plain number of recommenders, the
    baseline. Half of the voices make a shakier board than all: the Spearman-Brown formula tells what all would give.

    Args:
        half_life_weeks: as in follow_friday. splits: how often the recommenders are split.

    Raises:
        UsageError: fewer than ten people recommend anybody.
    """
    follow_friday(tables.person_by_person(), limit=1, half_life_weeks=half_life_weeks)
    votes = tables.arrow(
        """select recommender, account, sum(steps)::DOUBLE as worth from ff_worth
           group by recommender, account order by recommender, account"""
    )
    who, recommender = np.unique(votes["recommender"].to_numpy(), return_inverse=True)
    accounts, account = np.unique(votes["account"].to_numpy(), return_inverse=True)
    if len(who) < _LEAST_RECOMMENDERS:
        words = _("Only {count} people recommend anybody: too few to split.")
        raise UsageError(words.format(count=len(who)))
    voices = np.bincount(account, minlength=len(accounts))
    asked = np.flatnonzero(voices >= LEAST_VOICES)
    worth = votes["worth"].to_numpy().astype(np.float64)
    dice = np.random.default_rng(seed)
    found: dict[str, list[tuple[float | None, float]]] = {"score": [], "recommenders": []}
    for _split in range(splits):
        first = (dice.permutation(len(who)) < len(who) // 2)[recommender]
        for way, value in (("score", worth), ("recommenders", np.ones(len(worth)))):
            found[way].append(_agree(account, value, first, asked, len(accounts)))
    figures: dict[str, Any] = {
        "as_of": tables.as_of.date().isoformat(), "recommenders": len(who), "accounts": len(accounts),
        "compared": len(asked), "splits": splits, "level": LEVEL, "half_life_weeks": half_life_weeks,
        **{way: _summed(values) for way, values in found.items()},
    }  # fmt: skip
    return Finding(figures=figures, told=tuple(_told(figures)))


def check_file(
    path: Path,
    mapping: Mapping[str, Any] | None,
    *,
    at: datetime,
    as_of: datetime | None,
    half_life_weeks: float,
) -> Finding:
    """The same for the posts of a file, read into a lab that is thrown away afterwards.

    at: the clock. as_of: None: the day of its newest post.

    Raises:
        SourceError: as `leumund import` does.
    """
    from leumund.facts import all_facts
    from leumund.intake import import_path
    from leumund.lab import Lab
    from leumund.store.register import as_time

    with (
        tempfile.TemporaryDirectory(prefix="leumund-halves-", ignore_cleanup_errors=True) as made,
        Lab.create(Path(made) / "lab") as lab,
    ):
        with lab.writing(at) as writer:
            import_path(lab, writer, path, mapping=mapping)
            writer.derive([all_facts()["recommendations"]])
        if as_of is None:
            with lab.tables(as_of=at) as tables:
                query = "select epoch_us(max(happened_at)) as t from posts where exact"
                newest = tables.arrow(query)["t"][0].as_py()
            as_of = at if newest is None else as_time(newest)
        with lab.tables(as_of=as_of) as tables:
            return check(tables, half_life_weeks=half_life_weeks)


def _agree(
    account: Indices, worth: Numbers, first: Any, asked: Indices, size: int
) -> tuple[float | None, float]:
    """Spearman between the two halves, and the share of the first ten of one that are the other's too."""
    halves = [np.bincount(account[h], worth[h], size)[asked] for h in (first, ~first)]
    tops = [set(np.argsort(-h, kind="stable")[:FIRST].tolist()) for h in halves]
    return spearman(*halves), len(tops[0] & tops[1]) / max(1, min(FIRST, len(asked)))


def _summed(values: list[tuple[float | None, float]]) -> dict[str, float | None]:
    known = np.array([v[0] for v in values if v[0] is not None])
    if not len(known):
        return {"spearman": None, "low": None, "high": None, "whole_board": None, "first_ten": None}
    mean = float(known.mean())
    low, high = middle(known) or (None, None)
    return {
        "spearman": mean, "low": low, "high": high, "whole_board": 2 * mean / (1 + mean) if mean > -1 else None,
        "first_ten": float(np.mean([v[1] for v in values])),
    }  # fmt: skip


def _told(figures: dict[str, Any]) -> list[str]:
    told = [
        _(
            "{recommenders} people recommend {accounts}; compared are the {compared} that at least two recommend, in {splits} splits into halves, as of {as_of}."
        ).format(
            **{name: figures[name] for name in ("recommenders", "accounts", "compared", "splits", "as_of")}
        )
    ]
    names = {"score": _("the board"), "recommenders": _("plain number of recommenders (baseline)")}
    for way, words in names.items():
        one = figures[way]
        if one["spearman"] is None:
            told.append(_("{what}: too little to compare.").format(what=words))
            continue
        text = _(
            "{what}: halves agree at {spearman:.2f} ({low:.2f} … {high:.2f}, Spearman), the whole board at {whole_board:.2f}; {first_ten:.0%} of the first ten are the same."
        )
        told.append(text.format(what=words, **one))
    ours, theirs = figures["score"]["spearman"], figures["recommenders"]["spearman"]
    if ours is not None and theirs is not None and theirs > ours:
        told.append(_("The baseline is the steadier one: every refinement of a vote costs some steadiness."))
    return told
