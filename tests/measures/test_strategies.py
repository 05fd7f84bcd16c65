"""What looks agreed upon: rings that are known are found, honest people are left alone, and nobody is accused."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures.strategies import MEASURE, explain, strategies
from leumund.measures.strategies.alike import same_lists
from leumund.measures.strategies.answered import quick_answers
from leumund.measures.strategies.chance import adjusted
from leumund.measures.strategies.firsts import first_voices
from leumund.measures.strategies.mutual import mutual_pairs
from leumund.simulate.rings import VotingWorld, voting_world

from .made import World, friday

Votes = npt.NDArray[np.int64]


def columns(votes: list[tuple[int, int, int]]) -> tuple[Votes, Votes, Votes]:
    table = np.array(sorted(set(votes)), np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def in_circles(world: VotingWorld) -> set[int]:
    found = mutual_pairs(*columns(world.votes))
    inside = found.circle > 2
    return set(found.one[inside].tolist()) | set(found.other[inside].tolist())


@pytest.mark.parametrize(("strength", "recall"), [(1.0, 0.95), (0.8, 0.8), (0.7, 0.6)])
def test_known_rings_are_found_and_honest_people_are_not(strength: float, recall: float) -> None:
    """Goals: precision .89, recall .52. Rings that hide better (shorter lists, fewer weeks) are found less."""
    hits = shown = known = 0
    for seed in range(5):
        world = voting_world(seed, strength=strength)
        found = in_circles(world)
        hits += len(found & world.in_rings)
        shown += len(found)
        known += len(world.in_rings)
    assert hits / shown >= 0.97
    assert hits / known >= recall


def test_where_nobody_agreed_upon_anything_no_circle_is_found() -> None:
    for seed in range(4):
        assert not in_circles(voting_world(seed, sizes=()))


def test_two_friends_are_a_pair_and_no_circle() -> None:
    world = voting_world(3, sizes=())
    for week in range(26):
        world.votes += [(7, 11, week), (11, 7, week)]
    found = mutual_pairs(*columns(world.votes))
    pairs = dict(
        zip(zip(found.one.tolist(), found.other.tolist(), strict=True), found.circle.tolist(), strict=True)
    )
    assert pairs[7, 11] == 2


def test_recommending_somebody_who_never_recommends_back_is_not_mutual() -> None:
    world = voting_world(3, sizes=())
    for week in range(26):
        world.votes.append((7, 11, week))
    kept = [(a, b, w) for a, b, w in world.votes if (a, b) != (11, 7)]
    found = mutual_pairs(*columns(kept))
    assert (7, 11) not in set(zip(found.one.tolist(), found.other.tolist(), strict=True))


def test_who_answers_every_recommendation_within_days_is_seen_and_who_keeps_her_rhythm_is_not() -> None:
    draw = np.random.default_rng(5)
    votes = []
    for week in range(0, 100, 2):
        fan = int(draw.integers(100, 130))
        votes += [(fan, 1, week), (1, fan, week + 1)]  # 1 answers, whoever it was, in the week after
        votes += [
            (fan, 2, week),
            (2, int(draw.integers(100, 130)), week),
        ]  # 2 recommends just anybody of them
    found = quick_answers(*columns(votes))
    assert 1 in found.account.tolist()
    assert 2 not in found.account.tolist()
    assert (
        found.answered[found.account.tolist().index(1)] > 2 * found.expected[found.account.tolist().index(1)]
    )


def test_pasting_one_list_is_seen_though_each_leaves_out_herself() -> None:
    ring = [1, 2, 3, 4, 5]
    votes = [(a, b, week) for week in (3, 4) for a in ring for b in ring if a != b]
    votes += [(9, b, 3) for b in ring[:4]] + [(9, b, 4) for b in (20, 21, 22, 23)]
    found = same_lists(*columns(votes))
    assert set(found.one.tolist()) | set(found.other.tolist()) == set(ring)
    assert set(found.weeks.tolist()) == {2}
    assert found.likeness.tolist() == [1.0] * 10


def test_a_crowd_of_newcomers_for_one_account_is_seen_and_the_first_week_of_a_lab_is_not() -> None:
    world = voting_world(4, sizes=())
    assert not first_voices(*columns(world.votes)).account.tolist()
    crowd = [(10_000 + n, 17, 20) for n in range(40)] + [(20_000 + n, n, 20) for n in range(40)]
    found = first_voices(*columns([*world.votes, *crowd]))
    assert list(zip(found.account.tolist(), found.week.tolist(), strict=True)) == [(17, 20)]


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 9)), max_size=40), st.randoms()
)
def test_whatever_the_votes_their_order_is_nothing_and_figures_are_sound(
    votes: list[tuple[int, int, int]], random: Any
) -> None:
    kept = [v for v in set(votes) if v[0] != v[1]]
    shuffled = list(kept)
    random.shuffle(shuffled)

    def all_of(given: list[tuple[int, int, int]]) -> list[list[Any]]:
        table = np.array(given, np.int64).reshape(-1, 3)
        args = table[:, 0], table[:, 1], table[:, 2]
        found: list[Any] = [mutual_pairs(*args), quick_answers(*args), same_lists(*args), first_voices(*args)]
        return [[getattr(f, name).tolist() for name in f.__slots__] for f in found]

    first = all_of(sorted(kept))
    assert all_of(shuffled) == first
    mutual = mutual_pairs(*columns(kept))
    assert all(0 <= q <= 0.05 for q in mutual.q)
    assert all(m <= len({w for _a, _b, w in kept}) for m in mutual.there)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 100))
def test_adjusted_chances_keep_their_order_and_are_never_smaller(p: list[float], tests: int) -> None:
    given_p = np.array(p)
    q = adjusted(given_p, tests)
    assert (q >= given_p - 1e-15).all()
    assert (q <= 1).all()
    order = np.argsort(given_p, kind="stable")
    assert (np.diff(q[order]) >= 0).all()


def ring_world() -> World:
    """A ring of four among twenty who recommend by turns."""
    world = World(own=(1,))
    for week in range(20):
        for author in range(1, 5):
            world.ff(
                author, *(m for m in range(1, 5) if m != author), at=friday(week), post=f"ring{week}.{author}"
            )
        for author in range(10, 30):
            world.ff(author, 10 + (author + week) % 20, 40 + (author * week) % 60, at=friday(week))
    return world


def test_the_members_of_a_circle_stand_together_with_what_is_expected_by_chance() -> None:
    result = strategies(ring_world().tables(friday(20)))
    rows = [r for r in result.rows.to_pylist() if r["pattern"] == "strikingly mutual"]
    assert [(r["account"], r["people"], r["votes"], r["back"], r["group"]) for r in rows] == [
        (a, 4, 60, 60, 1) for a in (1, 2, 3, 4)
    ]
    assert all(r["expected"] < 60 for r in rows)
    assert result.figures["circles"] == 1


def test_the_posts_behind_it_can_be_seen() -> None:
    rows = explain(ring_world().tables(friday(20)), 2).rows.to_pylist()
    mutual = [r for r in rows if r["pattern"] == "strikingly mutual"]
    assert {r["recommender"] for r in mutual} == {1, 2, 3, 4}
    assert all(2 in (r["recommender"], r["account"]) for r in mutual)
    assert len(mutual) == 20 * 6
    assert explain(ring_world().tables(friday(20)), 77).rows.num_rows == 0


def test_the_same_words_by_three_people_in_a_week_are_seen() -> None:
    words = "weil sie so wunderbar erklärt, wie man Rosen schneidet"
    world = World()
    for author in (1, 2, 3):
        world.ff(author, 9, at=friday(), reason=words + "!" * author)
    world.ff(4, 9, at=friday(), reason="weil er hilft").ff(5, 9, at=friday(1), reason=words)
    rows = strategies(world.tables(friday(1))).rows.to_pylist()
    assert [(r["pattern"], r["account"], r["people"]) for r in rows] == [
        ("same words", a, 3) for a in (1, 2, 3)
    ]
    shown = explain(world.tables(friday(1)), 2).rows.to_pylist()
    assert sorted(r["recommender"] for r in shown) == [1, 2, 3]


def test_it_is_private_fair_and_says_so() -> None:
    assert MEASURE.private
    result = strategies(ring_world().tables(friday(20)))
    assert "Striking is not wrong" in str(result.notes[0])
    assert [str(n) for n in strategies(World().tables(friday())).notes] == ["No recommendation is known."]


@pytest.mark.parametrize("days", [0, -1, 10**8])
def test_too_few_and_too_many_days_are_refused(days: int) -> None:
    with pytest.raises(UsageError):
        strategies(World().tables(friday()), days=days)


def test_only_the_days_asked_for_count() -> None:
    assert strategies(ring_world().tables(friday(60)), days=182).rows.num_rows == 0
