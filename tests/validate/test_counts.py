"""What a profile's counts tell: the shipped weights, no fitting, unknown is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.measures.influence.counts import Counts, apart, parts, points, received
from leumund.measures.influence.score import score
from leumund.measures.worth import BASE

COUNT = st.floats(0, 1e9)


def counts(followers: float, listed: float, mentions: float, reshares: float) -> Counts:
    one = (np.array([v], float) for v in (followers, listed, mentions, reshares))
    return Counts(**dict(zip(("followers", "listed", "mentions", "reshares"), one, strict=True)))


def test_received_weighs_mentions_and_reshares_as_the_score_does() -> None:
    mass = BASE["mention"] * 2 + BASE["reshare"] * 3
    assert received(counts(0, 0, 2, 3))[0] == pytest.approx(points(np.array([mass]))[0])


@given(st.floats(0, 200))
def test_points_are_those_of_the_score_below_its_top(mass: float) -> None:
    assert points(np.array([mass]))[0] == pytest.approx(score(mass))


@given(st.tuples(COUNT, COUNT, COUNT, COUNT), st.tuples(COUNT, COUNT, COUNT, COUNT))
def test_who_is_ahead_is_behind_seen_from_the_other(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float]
) -> None:
    assert apart(counts(*a), counts(*b))[0] == pytest.approx(-apart(counts(*b), counts(*a))[0])
    assert apart(counts(*a), counts(*a))[0] == 0


def test_each_kind_of_evidence_has_a_third_of_the_say() -> None:
    plain, followed = counts(1, 1, 1, 1), counts(1e6, 1, 1, 1)
    ahead = parts(followed)["followers"][0] - parts(plain)["followers"][0]
    assert apart(followed, plain)[0] == pytest.approx(ahead / 3)


def test_a_part_unknown_of_one_of_the_two_is_left_out_for_both() -> None:
    known, partly = counts(10, 5, 3, 1), counts(100, np.nan, 3, 1)
    ours = parts(known)["followers"][0] - parts(partly)["followers"][0]
    assert apart(known, partly)[0] == pytest.approx(ours / 2)


def test_nothing_known_of_both_is_unknown_not_0() -> None:
    nothing = Counts(followers=np.array([np.nan]))
    assert np.isnan(apart(nothing, counts(1, 1, 1, 1))[0])
    assert np.isnan(apart(counts(-1, -1, -1, -1), counts(1, 1, 1, 1))[0])


def test_no_accounts_give_no_differences() -> None:
    assert len(apart(Counts(), Counts())) == 0


def test_a_follower_is_a_follow_and_a_list_a_recommendation() -> None:
    found = parts(counts(7, 5, 0, 0))
    assert found["followers"][0] == pytest.approx(points(np.array([BASE["follow"] * 7]))[0])
    assert found["listed"][0] == pytest.approx(points(np.array([BASE["endorse"] * 5]))[0])
