"""Words instead of numbers: whatever the value, there is a phrase and no figure."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.locale import speaking
from leumund.measures import Column, Note
from leumund.views import cells, vague

VALUES = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9))


@given(VALUES, st.sampled_from(["whole", "number", "points", "share"]), st.sampled_from(["de", "en"]))
def test_no_figure_is_left_of_any_value(value: float, kind: str, language: str) -> None:
    with speaking(language), vague.in_words():
        told = [
            cells.written(kind, abs(value) if kind == "share" else value),  # type: ignore[arg-type]
            cells.number(value), cells.number(value, 1), cells.number(value, signed=True), cells.any_value(value),
            *cells.column(Column(name="rank", kind="whole", title=""), [abs(int(value)) + 1]),
            *cells.column(Column(name="x", kind=kind, title=""), [abs(value), 1.0, None]),  # type: ignore[arg-type]
            vague.compared(value, 3.0),
        ]  # fmt: skip
    # one is its digit where a language would have to bend its word within a sentence
    assert all(text and not re.search(r"[02-9]|\d\d", text) for text in told), told


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2))
def test_a_larger_count_never_has_the_word_of_a_smaller_one(pair: list[int]) -> None:
    words = ["zero", "one", "a few", "several", "about a dozen", "a few dozen", "about a hundred", "several hundred",
             "about a thousand", "several thousand", "many thousand", "very many"]  # fmt: skip
    low, high = sorted(pair)
    assert words.index(vague.count(low)) <= words.index(vague.count(high))


def test_days_stay_and_a_sentence_that_would_hide_a_figure_is_not_said() -> None:
    day = Note("{n} posts until {day}.", {"n": 37, "day": date(2026, 3, 1)})
    score = Note("From {first:.1f} to {last:.1f}.", {"first": 61.9, "last": 56.7})
    assert cells.sentence(day) == "37 posts until 1 Mar 2026."
    with vague.in_words():
        assert cells.sentence(day) == "A few dozen posts until 1 Mar 2026."
        assert cells.sentence(score) == ""
    assert cells.sentence(score) == "From 61.9 to 56.7."


def test_lengths_limits_and_ones_own_aims_stay_figures() -> None:
    note = Note(
        "{n} of {target} in {days} days, {least} at least.", {"n": 37, "target": 5000, "days": 28, "least": 3}
    )
    with vague.in_words():
        assert cells.sentence(note) == "A few dozen of 5,000 in 28 days, 3 at least."
        assert cells.span(1234) == "1,234"


def test_an_interval_that_words_cannot_tell_apart_is_not_said() -> None:
    aside = Note("{n} are open ({n_low} to {n_high}).", {"n": 37, "n_low": 30, "n_high": 45})
    alone = Note("Between {low} and {high}.", {"low": 800, "high": 900})
    apart = Note("Between {low} and {high}.", {"low": 80, "high": 900})
    with vague.in_words():
        assert [cells.sentence(n) for n in (aside, alone, apart)] == [
            "A few dozen are open.", "", "Between a few dozen and several hundred.",
        ]  # fmt: skip
    assert cells.sentence(aside) == "37 are open (30 to 45)."


@pytest.mark.parametrize("on", [True, False])
def test_it_ends_where_it_ends(on: bool) -> None:
    with vague.in_words(on):
        assert vague.is_on() is on
    assert not vague.is_on()


def test_in_a_sentence_too_nothing_is_left_of_a_figure_that_stands_for_itself() -> None:
    left = Note("Left out: {count} of {all}. Known: {known}. {reason}.", {
        "count": 1, "all": 37, "known": 0, "reason": "recommended you 3 times, replied once in 84 days"})  # fmt: skip
    said = "Left out: 1 of 37. Known: 0. recommended you 3 times, replied once in 84 days."
    assert cells.sentence(left) == said
    with vague.in_words():
        said = cells.sentence(left)
    assert said == "Left out: just one of a few dozen. Known: not one. recommended you, replied in 84 days."


def test_what_numbers_the_rows_stays_a_figure() -> None:
    with vague.in_words():
        assert cells.column(Column(name="row", kind="whole", title="No."), [1, 12]) == ["1", "12"]
        assert cells.column(Column(name="people", kind="whole", title="People"), [1]) == ["just one"]
