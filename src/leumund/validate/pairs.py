"""Pairs of persons and which of the two people judged more influential, against the score's weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leumund.errors import UnreadableFileError
from leumund.locale import N_, _
from leumund.measures.influence import counts
from leumund.measures.influence.counts import Counts
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, judged, ranged, signed, table
from leumund.validate.sureness import LEVEL, Flags, Indices, Numbers, auc, aucs_drawn, halves_ahead, middle
from leumund.validate.tables import look, missing, numbers
from leumund.views.cells import number

_LARGEST_COUNT = 1e15  # of followers or acts: what is more is no count
CHOICE = "choice"
FEATURES = {
    "followers": "follower_count",
    "listed": "listed_count",
    "mentions": "mentions_received",
    "reshares": "retweets_received",
}
BASELINE = "log_followers"
_TOLD = {
    "received": N_("from what they received alone"),
    "with_counts": N_("with followers and lists too"),
    BASELINE: N_("logarithm of followers alone (baseline)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The pairs of a file. features: of the first and of the second, by column name; chosen: the first was chosen.

    persons: who the first and the second are, as numbers from 0 to size - 1: the same features, the same person.
    left_out: rows that hold no two persons and a choice.
    """

    features: tuple[dict[str, Numbers], dict[str, Numbers]]
    chosen: Flags
    persons: tuple[Indices, Indices]
    size: int
    left_out: int

    def counts(self, which: int) -> Counts:
        """The counts of the first (0) or of the second (1)."""
        mine = self.features[which]
        return Counts(**{name: mine[column] for name, column in FEATURES.items()})


def check(path: Path) -> Finding:
    """AUC of the score of the first minus that of the second, for knowing which was chosen, with 90 % intervals.

    Three scores: `received`, `with_counts` (see `measures.influence.counts`) and the difference of log(1 + followers).
    Intervals by drawing persons, not pairs; differences to the baseline draw by draw.

    Raises:
        UnreadableFileError: no such table, or nothing in it to compare.
    """
    pairs = read_pairs(path)
    scores = scores_of(pairs)
    drawn = aucs_drawn(list(scores.values()), pairs.chosen, pairs.persons, pairs.size)
    base = list(scores).index(BASELINE)
    figures: dict[str, Any] = {
        "pairs": len(pairs.chosen), "persons": pairs.size, "left_out": pairs.left_out, "level": LEVEL,
    }  # fmt: skip
    whole = {name: auc(score, pairs.chosen) for name, score in scores.items()}
    for at, (name, score) in enumerate(scores.items()):
        low, high = _middle(drawn, at)
        figures[name] = {"auc": whole[name], "low": low, "high": high}
        if name != BASELINE:
            low, high = _middle(None if drawn is None else drawn[:, [at]] - drawn[:, [base]], 0)
            ahead = whole[name] - whole[BASELINE]
            share = halves_ahead((score, scores[BASELINE]), pairs.chosen, pairs.persons, pairs.size)
            figures[name]["difference"] = {
                "to": BASELINE, "value": ahead, "low": low, "high": high, "ahead_in_halves": share,
            }  # fmt: skip
    figures["tests"] = "weights"
    return Finding(figures=figures, told=tuple(_told(figures)))


def scores_of(pairs: Pairs) -> dict[str, Numbers]:
    """By how much the first is ahead of the second, in each way of scoring."""
    one, two = pairs.counts(0), pairs.counts(1)
    followers = FEATURES["followers"]
    return {
        "received": counts.received(one) - counts.received(two),
        "with_counts": counts.apart(one, two),
        BASELINE: np.log1p(pairs.features[0][followers]) - np.log1p(pairs.features[1][followers]),
    }


def read_pairs(path: Path) -> Pairs:
    """The pairs of a table with Choice (1: the first), and A_... and B_... for each feature.

    Raises:
        UnreadableFileError: columns are missing, or no row has a choice and two persons.
    """
    sheet = look(path)
    at = {name: i for i, name in reversed(list(enumerate(sheet.names)))}
    lacking = [f"{who}_{f}" for f in FEATURES.values() for who in "AB" if f"{who}_{f}".lower() not in at]
    if CHOICE not in at:
        lacking.insert(0, "Choice")
    if lacking:
        hint = _(
            "Each row is a pair: Choice (1: A, 0: B), and for A and B the same columns, such as A_follower_count and B_follower_count."
        )
        raise missing(path, lacking, hint=hint)
    shared = sorted({n[2:] for n in sheet.names if n.startswith("a_") and f"b_{n[2:]}" in at})
    wanted = [at[CHOICE], *(at[f"{who}_{name}"] for name in shared for who in "ab")]
    read = [[numbers(column) for column in part.columns] for part in sheet.read(wanted)]
    empty = [np.zeros(0)] * len(wanted)
    columns = [np.concatenate(c) for c in zip(*read, strict=True)] if read else empty
    needed = [0, *(1 + 2 * shared.index(f) + who for f in FEATURES.values() for who in (0, 1))]
    good = np.isin(columns[0], (0.0, 1.0))
    for i in needed[1:]:
        good &= (columns[i] >= 0) & (columns[i] <= _LARGEST_COUNT)
    left_out = sheet.left_out + int((~good).sum())
    if not good.any():
        why = _("no row has a choice of 0 or 1 and all counts of both persons")
        raise UnreadableFileError(path, why)
    kept = [np.where(np.isfinite(c[good]), c[good], -1.0) for c in columns]
    chosen = kept[0] == 1.0
    if chosen.all() or not chosen.any():
        raise UnreadableFileError(path, _("the choice is the same in every row: there is nothing to compare"))
    first, second = (np.stack(kept[1 + who :: 2], axis=1) for who in (0, 1))
    _rows, who_is = np.unique(np.concatenate([first, second]), axis=0, return_inverse=True)
    who_is = who_is.reshape(-1).astype(np.int64)
    features = tuple(dict(zip(shared, side.T, strict=True)) for side in (first, second))
    return Pairs(
        features=(features[0], features[1]), chosen=chosen, size=int(who_is.max()) + 1, left_out=left_out,
        persons=(who_is[: len(chosen)], who_is[len(chosen) :]),
    )  # fmt: skip


def _middle(drawn: Any, at: int) -> tuple[float | None, float | None]:
    found = None if drawn is None else middle(drawn[:, at])
    return (None, None) if found is None else found


def _told(figures: dict[str, Any]) -> list[str]:
    told = [
        said(
            N_(
                "{pairs} pairs of {persons} persons; who was judged more influential, told by the score (.5: by chance):"
            ),
            pairs=figures["pairs"],
            persons=figures["persons"],
        )
    ]
    for name, words in _TOLD.items():
        one = figures[name]
        told.append(f"  {number(one['auc'], 3)}{_between(one)}  {_(words)}")
    for name in ("received", "with_counts"):
        one = figures[name]["difference"]
        line = said(
            N_("{what}: {ahead} against the baseline: {verdict}"),
            what=_(_TOLD[name]),
            ahead=number(one["value"], 3, signed=True) + _between(one, signed=True),
            verdict=verdict(one),
        )
        told.append(line)
        if one["ahead_in_halves"] is not None:
            text = N_("ahead of the baseline in {share:.0%} of random halves of the persons")
            told.append("  " + said(text, share=one["ahead_in_halves"]))
    if figures["received"]["low"] is None:
        told.append(_("Too few persons for an interval."))
    if figures["left_out"]:
        told.append(
            said(
                N_("Rows left out, since a choice or a count is missing: {count}."), count=figures["left_out"]
            )
        )
    told.append(
        _(
            "Pairs test the weights alone: not how acts fade, not the caps, not standing. No weight was fitted to them."
        )
    )
    return told


def verdict(difference: dict[str, Any]) -> str:
    """What a difference to a baseline and its interval say."""
    low, high = difference["low"], difference["high"]
    if low is None or high is None:
        return _("unknown")
    if low > 0:
        return _("better")
    if high < 0:
        return _("the baseline wins")
    return (
        _("cannot be told apart; the baseline looks better")
        if difference["value"] < 0
        else _("cannot be told apart")
    )


def _between(one: dict[str, Any], *, signed: bool = False) -> str:
    if one["low"] is None:
        return ""
    low, high = (number(one[end], 3, signed=signed) for end in ("low", "high"))
    return f" ({low} … {high})"


def section(figures: Figures, command: str) -> str:
    """Who is more influential: the three scores."""
    names = {
        "received": "mentions and reshares received",
        "with_counts": "the same, followers and lists",
        "log_followers": "baseline: logarithm of followers",
    }
    rows = []
    for name, words in names.items():
        one = figures[name]
        ahead = one.get("difference")
        rows.append(
            (
                f"`{name}`", words, ranged(one["auc"], one["low"], one["high"]),
                "" if ahead is None else signed(ahead), "" if ahead is None else judged(ahead),
            )
        )  # fmt: skip
    heads = ("score", "made from", "AUC (90 %)", "ahead of the baseline (90 %)", "")
    told = (
        f"`{command}`: {figures['pairs']:,} pairs of {figures['persons']:,} persons.\n\n{table(heads, rows)}"
    )
    share = figures["with_counts"]["difference"]["ahead_in_halves"]
    if share is not None:
        told += (
            f"\n\nIn {share:.0%} of 200 random halves of the persons `with_counts` is ahead of the baseline."
        )
    return told
