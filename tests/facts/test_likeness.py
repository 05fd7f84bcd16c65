"""How alike texts are: exact within one author, found again across authors."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts import wordings
from leumund.facts.likeness import LEAST_LETTERS, SAME, bands, jaccard, normalised, within
from leumund.facts.wordings import content_words

LETTERS = st.text(alphabet="abc äß", max_size=40).map(normalised)
SAID = (
    "gestern sagte unsere lehrerin wieder dass niemand alleine rechnen lernen muss wenn viele zusammen üben"
)


def test_a_changed_number_link_or_name_makes_no_new_text() -> None:
    assert normalised("Nur 5 Plätze! https://a.example/1 @anna") == normalised(
        "nur 17 plätze https://b.example/2 @ben"
    )


@given(LETTERS, LETTERS)
def test_likeness_is_a_share_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= jaccard(one, other) <= 1
    assert jaccard(one, other) == jaccard(other, one)
    assert jaccard(one, one) == (1 if len(one) >= 4 else 0)


@given(st.lists(st.tuples(st.integers(0, 2), LETTERS), max_size=14))
def test_within_an_author_all_pairs_are_compared_exactly(posts: list[tuple[int, str]]) -> None:
    author = np.array([a for a, _ in posts], np.int64)
    texts = [t for _, t in posts]
    found = within(author, texts, 3)
    mean = np.zeros(3)
    for i, (a, text) in enumerate(posts):
        others = [t for j, (b, t) in enumerate(posts) if a == b and i != j]
        alike = [jaccard(text, t) if min(len(text), len(t)) >= LEAST_LETTERS else 0.0 for t in others]
        assert found.likest[i] == pytest.approx(max(alike, default=0.0))
        mean[a] += sum(alike)
    often = np.bincount(author, minlength=3)
    assert found.mean == pytest.approx(mean / np.maximum(1, often * (often - 1)))
    assert (found.mean <= 1 + 1e-12).all()


def test_the_order_of_posts_is_nothing() -> None:
    texts = [normalised(SAID[i:] + " und noch etwas") for i in range(0, 60, 5)]
    author = np.array([i % 2 for i in range(len(texts))], np.int64)
    one, other = within(author, texts, 2), within(author[::-1].copy(), texts[::-1], 2)
    assert one.likest == pytest.approx(other.likest[::-1])
    assert one.mean == pytest.approx(other.mean)


@given(st.integers(0, 90), st.text(alphabet="xyz", min_size=1, max_size=2))
def test_texts_that_are_alike_share_a_number(at: int, change: str) -> None:
    other = SAID[:at] + change + SAID[at + 1 :]
    one, two = bands([SAID, other])
    assert jaccard(SAID, other) < SAME or (one == two).any()


def test_a_wording_has_the_same_numbers_alone_and_among_others() -> None:
    texts = [f"{SAID} {'abcdefgh'[i]}" for i in range(8)]
    assert (bands(texts)[3] == bands([texts[3]])[0]).all()


def test_thanks_replies_quotes_and_short_posts_have_no_wording_to_be_found_by() -> None:
    texts = [SAID, f"@anna {SAID}", SAID, "Danke für alles, ihr Lieben!", SAID, "kurz und gut"]
    size = len(texts)
    nothing = [None] * size
    posts = pa.table(
        {
            "post": [f"p{i}" for i in range(size)], "account": pa.array(range(size), pa.int64()),
            "happened_at": [datetime(2026, 1, 1, tzinfo=UTC)] * size, "known_at": [datetime(2026, 1, 1, tzinfo=UTC)] * size, "exact": [True] * size,
            "text": texts, "reply_to": pa.array([None, None, "p0", None, None, None], pa.string()),
            "reply_to_account": pa.array(nothing, pa.int64()), "quote_of": pa.array([None] * 4 + ["p0", None], pa.string()),
        }
    )  # fmt: skip
    rows = wordings.derive(posts).rows
    assert rows["post"].to_pylist() == ["p0"]
    assert rows["content"].to_pylist() == [content_words(SAID)]
    assert len(rows["bands"].to_pylist()[0]) == 10
