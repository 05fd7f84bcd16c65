"""Which posts may be alike: told by numbers in common, the same as looking at every pair."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leumund.measures.conduct.similar import pairs

POSTS = st.lists(
    st.tuples(st.integers(0, 5), st.lists(st.integers(0, 2), min_size=3, max_size=3), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(POSTS)
def test_pairs_are_those_that_share_two_numbers_with_the_first_of_another(
    posts: list[tuple[int, list[int], bool]],
) -> None:
    account = np.array([a for a, _, _ in posts], np.int64)
    bands = np.array([b for _, b, _ in posts], np.int32)
    asked = np.array([q for _, _, q in posts], np.bool_)
    shared: Counter[tuple[int, int]] = Counter()
    for place in range(3):
        first: dict[tuple[int, int], int] = {}
        for number, (who, numbers, _) in enumerate(posts):
            first.setdefault((numbers[place], who), number)
        for later, (who, numbers, is_asked) in enumerate(posts):
            for (band, whom), earlier in first.items():
                if is_asked and band == numbers[place] and whom != who and earlier < later:
                    shared[later, earlier] += 1
    found = pairs(account, bands, asked)
    assert set(zip(found[0].tolist(), found[1].tolist(), strict=True)) == {
        p for p, times in shared.items() if times >= 2
    }


def test_a_form_that_nine_accounts_share_is_compared_with_none() -> None:
    for accounts, some in ((8, True), (9, False)):
        account = np.arange(accounts, dtype=np.int64)
        later, _earlier = pairs(account, np.ones((accounts, 3), np.int32), np.ones(accounts, np.bool_))
        assert (len(later) > 0) is some
