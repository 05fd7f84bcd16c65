"""Votes added up in two parts are the same as added up at once."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from leumund.network.tally import ROWS, Tally

KEYS = st.integers(-(2**62), 2**62) | st.integers(0, 6)
STEPS = st.integers(0, 2**46)
VOTE = st.tuples(KEYS, KEYS, STEPS, STEPS, st.integers(0, 1), st.integers(0, 9), st.integers(0, 9))


def of(votes: list[tuple[int, ...]]) -> Tally:
    pairs: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for giver, account, *values in votes:
        pairs[giver, account].append(tuple(values))
    rows = []
    for (giver, account), several in sorted(pairs.items()):
        steps, more, reasons, first, last = zip(*several, strict=True)
        rows.append(
            (giver, account, sum(steps), sum(more), len(several), sum(reasons), min(first), max(last))
        )
    columns = zip(*rows, strict=True) if rows else [()] * len(ROWS)
    return Tally.of(pa.table([pa.array(c, pa.int64()) for c in columns], names=list(ROWS)))


def by_pair(tally: Tally) -> dict[tuple[int, int], tuple[float, float]]:
    found: dict[tuple[int, int], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for pair, worth, extra in zip(tally.pairs.tolist(), tally.worth, tally.extra, strict=True):
        who = int(tally.givers[pair >> 32]), int(tally.accounts[pair & 0xFFFFFFFF])
        found[who] = found[who][0] + worth, found[who][1] + extra
    return dict(found)


@given(st.lists(VOTE, max_size=30), st.lists(VOTE, max_size=12))
def test_two_sums_make_one(some: list[tuple[int, ...]], more: list[tuple[int, ...]]) -> None:
    whole, both = of([*some, *more]), of(some).plus(of(more))
    for name in (
        "accounts",
        "steps",
        "more",
        "recommenders",
        "votes",
        "reasons",
        "first",
        "last",
        "givers",
        "given",
    ):
        np.testing.assert_array_equal(getattr(both, name), getattr(whole, name), name)
    assert by_pair(both) == by_pair(whole)
    assert both.different == whole.different == len(by_pair(whole))


def test_an_account_is_added_up_whoever_gave() -> None:
    found = of([(1, 5, 10, 0, 1, 3, 3), (2, 5, 7, 1, 0, 1, 1), (1, 6, 4, 0, 0, 2, 2), (1, 5, 1, 0, 0, 8, 8)])
    assert found.accounts.tolist() == [5, 6]
    assert found.steps.tolist() == [18, 4]
    assert found.recommenders.tolist() == [2, 1]
    assert found.votes.tolist() == [3, 1]
    assert (found.first.tolist(), found.last.tolist()) == ([1, 2], [8, 2])
    assert (found.givers.tolist(), found.given.tolist()) == ([1, 2], [15, 7])
