"""Limits in the owner's words, and the intervals that must lie beyond them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund import locale
from leumund.errors import UsageError
from leumund.measures.conduct.limits import DEFAULTS, KINDS, interval, limit_said, limits_said


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("more than half adverts", "mehr als die Hälfte Werbung"),
        ("more than half links to themselves", "Mehr als die Hälfte Links zu sich selbst."),
        ("more than two thirds nothing but links", "mehr als zwei Drittel nichts als Links"),
        ("more than 3 of 4 repetitions", "mehr als drei Viertel Wiederholungen"),
        ("more than a quarter similar to others", "mehr als ein Viertel ähnlich wie andere"),
        ("fewer than 1 per cent thanks", "weniger als 1 von 100 Dank"),
        ("over 12.5 % ads", "über 12,5 Prozent Anzeigen"),
    ],
)
def test_both_languages_say_the_same(english: str, german: str) -> None:
    one, other = limit_said(english), limit_said(german)
    assert (one.kind, one.above, one.share) == (other.kind, other.above, other.share)


@pytest.mark.parametrize(
    "words", ["", "half", "more than half", "more than half politics", "more than half bots", "adverts"]
)
def test_what_cannot_be_understood_is_said_with_what_can(words: str) -> None:
    with pytest.raises(UsageError) as said:
        limit_said(words)
    assert "more than half adverts" in said.value.hint


@pytest.mark.parametrize(
    "words", ["more than 120 per cent adverts", "more than 3 of 2 adverts", "more than 1 of 0 adverts"]
)
def test_a_share_lies_between_nothing_and_all(words: str) -> None:
    with pytest.raises(UsageError):
        limit_said(words)


def test_the_usual_limits_can_be_said_in_german_too() -> None:
    try:
        locale.use("de")
        german = limits_said(None)
        assert [(u.kind, u.share) for u in german] == [
            (limit_said(d).kind, limit_said(d).share) for d in DEFAULTS
        ]
        assert [limit_said(u.words) for u in german] == list(german), "as it is shown it can be said again"
    finally:
        locale.use("en")


def test_what_is_said_later_of_a_kind_goes_before_and_nothing_said_is_no_limit() -> None:
    (limit,) = limits_said(["more than half adverts", "more than 90 per cent adverts"])
    assert limit.share == 0.9
    assert limits_said([]) == ()
    assert {u.kind for u in limits_said(None)} == set(KINDS) - {"thanks"}, (
        "giving no thanks is no fault by itself"
    )


@given(st.integers(1, 100).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(told: tuple[int, int]) -> None:
    count, posts = (np.array([float(v)]) for v in told)
    low, high = interval(count, posts)
    assert 0 <= low[0] <= told[0] / told[1] <= high[0] <= 1
    for words in DEFAULTS:
        limit = limit_said(words)
        if limit.is_passed(low, high)[0]:
            assert told[0] / told[1] > limit.share, "nobody is beyond a limit whose share is not"


@given(st.integers(0, 99), st.integers(1, 99))
def test_more_of_it_never_lowers_the_interval_and_more_posts_narrow_it(count: int, times: int) -> None:
    posts = np.array([100.0, 100.0, 100.0 * times])
    low, high = interval(np.array([count, count + 1, count * times], np.float64), posts)
    assert low[0] <= low[1]
    assert high[0] <= high[1]
    assert high[2] - low[2] <= high[0] - low[0] + 1e-12


def test_five_adverts_of_five_pass_half_and_four_of_five_do_not() -> None:
    half = limit_said("more than half adverts")
    low, high = interval(np.array([5.0, 4.0]), np.array([5.0, 5.0]))
    assert half.is_passed(low, high).tolist() == [True, False]
