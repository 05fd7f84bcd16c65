"""What a recommendation is worth, checked on paper; and the promises against lists, rings and repetition."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures.follow_friday import MEASURE, follow_friday
from leumund.measures.follow_friday.explain import PARTS, explain
from leumund.measures.follow_friday.votes import define_votes
from tests.draws import draws

from .made import World, friday, standings

if TYPE_CHECKING:
    from leumund.measures import Result

ANNA, BEN, CARLA, DORA, EMIL = 1, 2, 3, 4, 5
FEW = draws(7)


def board(world: World, as_of: datetime, **options: Any) -> dict[int, dict[str, Any]]:
    rows = follow_friday(world.tables(as_of), **options).rows.to_pylist()
    return {row["account"]: row for row in rows}


def score(world: World, account: int, as_of: datetime, **options: Any) -> float:
    return float(board(world, as_of, **options)[account]["score"])


def votes(world: World, as_of: datetime, half_life_weeks: float = 4.0) -> list[dict[str, Any]]:
    tables = world.tables(as_of)
    define_votes(tables, half_life_weeks=half_life_weeks)
    return list(tables.arrow("select * from ff_votes order by week, recommender, account").to_pylist())


def told(result: Result) -> list[str]:
    return [str(note) for note in result.notes]


# -- arithmetic


def test_one_reasoned_vote_of_this_week_is_worth_one_point() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="she explains")
    assert score(world, ANNA, friday()) == pytest.approx(1)


def test_a_vote_without_a_reason_is_worth_half() -> None:
    assert score(World().ff(BEN, ANNA, at=friday()), ANNA, friday()) == pytest.approx(0.5)


def test_whoever_names_three_gives_a_third_to_each() -> None:
    world = World().ff(BEN, ANNA, CARLA, DORA, at=friday(), reason="all kind")
    assert [r["score"] for r in board(world, friday()).values()] == pytest.approx([1 / 3] * 3)


def test_votes_fade_by_half_in_four_weeks() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind")
    assert score(world, ANNA, friday(4)) == pytest.approx(0.5)
    assert score(world, ANNA, friday(8)) == pytest.approx(0.25)
    assert score(world, ANNA, friday(4), half_life_weeks=2.0) == pytest.approx(0.25)


def test_the_second_vote_of_a_week_adds_nothing_but_its_reason() -> None:
    world = World().ff(BEN, ANNA, at=friday())
    world.ff(BEN, ANNA, at=friday() + timedelta(hours=3), reason="she listens")
    row = board(world, friday() + timedelta(hours=4))[ANNA]
    assert (row["score"], row["votes"], row["reasons"]) == (pytest.approx(1), 1, 1)


def test_the_next_weeks_vote_for_the_same_account_is_worth_less() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(BEN, ANNA, at=friday(1), reason="kind")
    earlier = 2**-0.25  # what the first vote still weighs a week later
    assert score(world, ANNA, friday(1)) == pytest.approx(earlier + (1 + earlier) ** -0.5)


def test_giving_each_other_votes_in_one_week_lowers_both() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(ANNA, BEN, at=friday(), reason="kind")
    assert [r["score"] for r in board(world, friday()).values()] == pytest.approx([1 - 0.7 / 2] * 2)


def test_answering_a_vote_later_lowers_only_the_answer() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(ANNA, BEN, at=friday(2), reason="kind")
    mutual = 2**-0.5
    assert score(world, ANNA, friday(2)) == pytest.approx(2**-0.5)
    assert score(world, BEN, friday(2)) == pytest.approx(1 - 0.7 * mutual / (1 + mutual))


def test_net_is_what_was_received_minus_what_was_given() -> None:
    world = World().ff(BEN, ANNA, at=friday(), reason="kind").ff(ANNA, CARLA, at=friday())
    assert board(world, friday())[ANNA]["net"] == pytest.approx(1 - 0.5)


def test_the_columns_count_votes_people_and_weeks() -> None:
    world = (
        World()
        .ff(BEN, ANNA, at=friday())
        .ff(BEN, ANNA, at=friday(1), reason="kind")
        .ff(CARLA, ANNA, at=friday(1))
    )
    row = board(world, friday(2))[ANNA]
    assert (row["recommenders"], row["votes"], row["weeks"], row["reasons"]) == (2, 3, 1.5, 1)
    assert (row["first"], row["last"]) == (friday(), friday(1))


# -- what does not count


def test_praising_oneself_does_not_count_nor_make_the_list_longer() -> None:
    world = World().ff(ANNA, ANNA, BEN, at=friday(), reason="we two")
    assert {a: r["score"] for a, r in board(world, friday()).items()} == {BEN: pytest.approx(1)}


def test_praising_ones_other_account_does_not_count() -> None:
    assert not board(World(persons=((ANNA, BEN),)).ff(ANNA, BEN, at=friday()), friday())


@pytest.mark.parametrize("kind", ["reshare", "thanks", "begging", "other"])
def test_only_posts_read_as_votes_count(kind: str) -> None:
    assert not board(World().ff(BEN, ANNA, at=friday(), kind=kind), friday())


@pytest.mark.parametrize("visibility", ["followers", "direct"])
def test_what_not_everybody_may_see_does_not_count(visibility: str) -> None:
    world = World().ff(BEN, ANNA, at=friday(), visibility=visibility)
    world.ff(CARLA, ANNA, at=friday(), reason="kind")
    assert score(world, ANNA, friday()) == pytest.approx(1)


def test_a_vote_without_a_known_time_is_left_out_and_said() -> None:
    world = World().act("endorse", BEN, ANNA, at=friday(), exact=False)
    result = follow_friday(world.tables(friday()))
    assert result.rows.num_rows == 0
    assert "Recommendations whose time is not known are left out: 1." in told(result)


def test_fridays_only_is_thursday_noon_to_saturday_noon() -> None:
    world = World()
    for hours, author in ((-22, BEN), (-21, CARLA), (26, DORA), (27, EMIL)):  # around Thu 12:00 and Sat 12:00
        world.ff(author, ANNA, at=friday() + timedelta(hours=hours))
    assert board(world, friday(1))[ANNA]["votes"] == 4
    assert board(world, friday(1), fridays_only=True)[ANNA]["votes"] == 2


# -- acts a source tells of


def test_a_told_recommendation_counts_like_one_without_a_reason() -> None:
    world = World().act("endorse", BEN, ANNA, at=friday(), via="p")
    assert score(world, ANNA, friday()) == pytest.approx(0.5)


def test_a_recommendation_told_and_read_counts_once() -> None:
    world = World().ff(BEN, ANNA, at=friday(), post="p", reason="kind")
    world.act("endorse", BEN, ANNA, at=friday(), via="p")
    assert board(world, friday())[ANNA]["votes"] == 1


def test_a_told_recommendation_whose_post_is_read_as_thanks_or_is_private_does_not_count() -> None:
    world = World().ff(BEN, ANNA, at=friday(), post="p", kind="thanks")
    world.post(CARLA, at=friday(), post="q", visibility="followers")
    world.act("endorse", BEN, ANNA, at=friday(), via="p").act("endorse", CARLA, ANNA, at=friday(), via="q")
    assert not board(world, friday())


# -- persons, standing, boards


def test_two_accounts_of_one_person_recommend_as_one() -> None:
    world = (
        World(persons=((BEN, CARLA),)).ff(BEN, ANNA, at=friday()).ff(CARLA, ANNA, at=friday(), reason="kind")
    )
    row = board(world, friday())[ANNA]
    assert (row["recommenders"], row["votes"], row["score"]) == (1, 1, pytest.approx(1))


def test_naming_both_accounts_of_a_person_is_naming_her_once() -> None:
    world = World(persons=((ANNA, BEN),)).ff(CARLA, ANNA, BEN, at=friday(), reason="kind")
    row = board(world, friday())[ANNA]
    assert (row["score"], row["votes"], row["recommenders"]) == (pytest.approx(1), 1, 1)


def test_two_accounts_of_one_person_have_one_place() -> None:
    world = World(persons=((ANNA, BEN),)).ff(CARLA, ANNA, at=friday()).ff(DORA, BEN, EMIL, at=friday())
    found = board(world, friday())
    assert {a: r["score"] for a, r in found.items()} == pytest.approx({ANNA: 0.75, EMIL: 0.25})
    assert [r["rank"] for r in found.values()] == [1, 2]


def test_recommending_the_other_account_of_a_person_in_the_same_week_adds_no_vote() -> None:
    world = World(persons=((ANNA, BEN),)).ff(CARLA, ANNA, at=friday())
    world.ff(CARLA, BEN, at=friday() + timedelta(hours=3), reason="kind")
    row = board(world, friday(1))[ANNA]
    assert (row["votes"], row["reasons"]) == (1, 1)


def test_turning_to_the_other_account_of_a_person_is_repetition() -> None:
    turned = World(persons=((ANNA, BEN),)).ff(CARLA, ANNA, at=friday()).ff(CARLA, BEN, at=friday(1))
    stayed = World().ff(CARLA, ANNA, at=friday()).ff(CARLA, ANNA, at=friday(1))
    assert score(turned, ANNA, friday(1)) == pytest.approx(score(stayed, ANNA, friday(1)))


def test_giving_back_from_another_account_is_an_exchange() -> None:
    world = World(persons=((ANNA, BEN), (CARLA, DORA)))
    world.ff(ANNA, CARLA, at=friday(), reason="kind").ff(DORA, BEN, at=friday(), reason="kind")
    assert [r["score"] for r in board(world, friday()).values()] == pytest.approx([1 - 0.7 / 2] * 2)


def test_the_language_of_a_person_is_that_of_all_her_posts() -> None:
    world = World(persons=((ANNA, BEN),)).post(ANNA, at=friday(), language="de", post="a")
    for n in range(2):
        world.post(BEN, at=friday(), language="en", post=f"b{n}")
    world.ff(CARLA, ANNA, at=friday())
    assert set(board(world, friday(), board="en")) == {ANNA}
    assert not board(world, friday(), board="de")


def test_the_reading_says_that_standing_is_not_known() -> None:
    result = follow_friday(World().ff(BEN, ANNA, at=friday()).tables(friday()))
    assert told(result)[0] == "Every recommender counts the same."
    assert "Nobody's standing is known yet." in told(result)[1]


def test_the_german_board_holds_those_who_write_german() -> None:
    world = World()
    for n in range(10):
        world.post(ANNA, at=friday(), language="de" if n < 6 else "en", post=f"a{n}")
        world.post(BEN, at=friday(), language="de" if n < 5 else "en", post=f"b{n}")
    world.ff(CARLA, ANNA, BEN, DORA, at=friday(), language="de").ff(CARLA, EMIL, at=friday(), language="en")
    found = board(world, friday(), board="de")
    assert {a: r["basis"] for a, r in found.items()} == {ANNA: "own posts", DORA: "recommendations"}
    assert set(board(world, friday())) == {ANNA, BEN, DORA, EMIL}
    result = follow_friday(world.tables(friday()), board="de")
    assert result.figures["places"] == 2
    assert any("on no language's board: 1." in note for note in told(result))  # Ben mixes


def test_only_the_last_hundred_posts_tell_the_language() -> None:
    world = World()
    for n in range(140):
        world.post(ANNA, at=friday() + timedelta(hours=n), language="en" if n < 60 else "de", post=f"a{n}")
    world.ff(BEN, ANNA, at=friday(2))
    assert set(board(world, friday(2), board="de")) == {ANNA}


def test_the_limit_shortens_the_list_and_not_the_count() -> None:
    result = follow_friday(World().ff(BEN, *range(10, 40), at=friday()).tables(friday()), limit=5)
    assert (result.rows.num_rows, result.figures["places"], result.figures["votes"]) == (5, 30, 30)


def test_equal_scores_stand_in_the_order_of_their_keys() -> None:
    world = World().ff(BEN, 30, 10, 20, at=friday())
    rows = follow_friday(world.tables(friday())).rows.to_pylist()
    assert [(r["rank"], r["account"]) for r in rows] == [(1, 10), (2, 20), (3, 30)]


def test_asking_wrongly_is_said() -> None:
    with pytest.raises(UsageError):
        follow_friday(World().tables(friday()), board="x; drop table")
    with pytest.raises(UsageError):
        follow_friday(World().tables(friday()), half_life_weeks=0.0)


def test_languages_are_needed_for_the_board_of_a_language_only() -> None:
    assert MEASURE.facts_for is not None
    assert MEASURE.facts_for({}) == ("recommendations",)
    assert MEASURE.facts_for({"board": "de"}) == ("recommendations", "languages")


# -- promises


def test_a_fan_of_every_week_is_worth_more_than_one_vote_and_less_than_two_point_six() -> None:
    world = World()
    for week in range(60):
        world.ff(BEN, ANNA, at=friday(week), reason="kind")
    assert 1 < score(world, ANNA, friday(59)) < 2.6


def test_however_often_it_is_repeated_a_vote_keeps_four_tenths() -> None:
    world = World()
    for week in range(30):
        world.ff(BEN, ANNA, at=friday(week), reason="kind")
    found = votes(world, friday(30), half_life_weeks=1000.0)
    assert found[4]["rotation"] == pytest.approx(5**-0.5, rel=0.01)  # after four votes that hardly faded
    assert found[-1]["value"] == pytest.approx(0.4)


@pytest.mark.parametrize("size", [2, 3, 6])
def test_a_ring_has_at_most_six_point_three_votes_for_each_of_its_accounts(size: int) -> None:
    world, ring = World(), range(1, size + 1)
    for week in range(30):
        for author in ring:
            world.ff(author, *(a for a in ring if a != author), at=friday(week), reason="kind")
    assert sum(r["score"] for r in board(world, friday(29)).values()) <= 6.3 * size


def test_seventy_five_years_of_votes_are_no_trouble() -> None:
    start = datetime(1970, 1, 2, tzinfo=UTC)
    world = World()
    for week in [*range(30), *range(3870, 3900)]:
        world.ff(BEN, ANNA, at=start + timedelta(weeks=week), reason="kind")
    as_of = start + timedelta(weeks=3899)
    assert 1 < score(world, ANNA, as_of) < 2.6
    assert 0 < score(world, ANNA, as_of, half_life_weeks=0.5) < 2.6


PostOf = tuple[int, list[int], int, bool, str, str]
a_post = st.tuples(
    st.integers(1, 5), st.lists(st.integers(1, 6), min_size=1, max_size=5, unique=True), st.integers(0, 5),
    st.booleans(), st.sampled_from(["vote", "vote", "vote", "thanks"]), st.sampled_from(["public", "unlisted", "followers"]),
)  # fmt: skip
some_posts = st.lists(a_post, min_size=1, max_size=14)
NOW = friday(6)


def made(posts: list[PostOf], persons: tuple[tuple[int, ...], ...] = ()) -> World:
    world = World(persons=persons)
    for author, named, week, reason, kind, visibility in posts:
        at = friday(week) + timedelta(hours=author)
        world.ff(author, *named, at=at, reason="kind" if reason else "", kind=kind, visibility=visibility)
    return world


@FEW
@given(some_posts, st.sampled_from([(), ((1, 6),), ((1, 2), (3, 4))]))
def test_nobody_gives_more_than_her_voice_in_a_week(
    posts: list[PostOf], persons: tuple[tuple[int, ...], ...]
) -> None:
    given_away: dict[tuple[int, int], float] = {}
    unknown: dict[tuple[int, int], float] = {}
    voice = {}
    with standings({1: 2.5, 3: 0.3, 4: 1e-9}):
        found = votes(made(posts, persons), NOW)
    for vote in found:
        key = vote["recommender"], vote["week"]
        given_away[key] = given_away.get(key, 0.0) + vote["value"]
        unknown[key] = unknown.get(key, 0.0) + vote["unknown"]
        voice[key] = vote["standing"]
    assert all(given_away[key] <= voice[key] + 1e-12 for key in given_away)
    assert all(unknown[key] <= max(0.0, 1 - voice[key]) + 1e-12 for key in unknown)


people_drawn = st.lists(st.integers(1, 6), min_size=2, max_size=5, unique=True).map(
    lambda drawn: (tuple(sorted(drawn[:2])), tuple(sorted(drawn[2:])))
)


@FEW
@given(some_posts, people_drawn)
def test_linking_accounts_never_makes_a_weeks_votes_more(
    posts: list[PostOf], persons: tuple[tuple[int, ...], ...]
) -> None:
    """A person has one voice a week: never more than her accounts had, and never given away twice."""

    def voices(found: list[dict[str, Any]]) -> dict[int, float]:
        """Full voices handed out, by week."""
        handed: dict[int, float] = {}
        for vote in found:
            handed[vote["week"]] = handed.get(vote["week"], 0.0) + 1 / vote["named"]
        return handed

    apart, joined = votes(made(posts), NOW), votes(made(posts, persons), NOW)
    before = voices(apart)
    assert all(given <= before[week] + 1e-12 for week, given in voices(joined).items())
    assert len(joined) <= len(apart)
    each: dict[tuple[int, int], float] = {}
    for vote in joined:
        key = vote["recommender"], vote["week"]
        each[key] = each.get(key, 0.0) + 1 / vote["named"]
        assert vote["value"] <= 1 / vote["named"]
    assert list(each.values()) == pytest.approx([1.0] * len(each))


@FEW
@given(some_posts)
def test_splitting_a_list_into_posts_changes_nothing(posts: list[PostOf]) -> None:
    apart = [(author, [one], *rest) for author, named, *rest in posts for one in named]
    whole, split = board(made(posts), NOW), board(made(apart), NOW)  # type: ignore[arg-type]
    assert {a: r["score"] for a, r in split.items()} == pytest.approx(
        {a: r["score"] for a, r in whole.items()}
    )


@FEW
@given(some_posts, st.randoms())
def test_the_order_of_arrival_is_nothing(posts: list[PostOf], random: Any) -> None:
    world = made(posts)
    first = follow_friday(world.tables(NOW)).rows
    for rows in world.rows.values():
        random.shuffle(rows)
    assert follow_friday(world.tables(NOW)).rows.equals(first)


@FEW
@given(some_posts, some_posts)
def test_the_future_is_unknown(posts: list[PostOf], later: list[PostOf]) -> None:
    moved = [(author, named, week + 7, *rest) for author, named, week, *rest in later]
    first, second = made(posts).tables(NOW), made([*posts, *moved]).tables(NOW)  # type: ignore[list-item]
    assert follow_friday(first).rows.equals(follow_friday(second).rows)


@FEW
@given(some_posts)
def test_the_parts_of_every_vote_sum_without_residue_to_the_score(posts: list[PostOf]) -> None:
    world = made(posts)
    for account, row in board(world, NOW).items():
        result = explain(world.tables(NOW), account)
        for vote in result.rows.to_pylist():
            assert vote["voice"] + sum(vote[p] for p in PARTS) == pytest.approx(vote["value"], abs=1e-12)
            assert all(vote[p] <= 0 for p in PARTS)
            assert vote["standing"] == 0  # nothing is known of it: nothing is lost by it
        assert sum(result.rows["value"].to_pylist()) == pytest.approx(row["score"], abs=1e-9)
        assert result.figures["score"] == pytest.approx(row["score"], abs=1e-9)


@FEW
@given(some_posts)
def test_running_sums_are_the_sums_they_stand_for(posts: list[PostOf]) -> None:
    found = votes(made(posts), NOW)

    def faded(i: int, j: int, at: int, last: int) -> float:
        """1/n of the votes of i for j up to the week `last`, as they weigh in the week `at`."""
        theirs = [v for v in found if (v["recommender"], v["account"]) == (i, j) and v["week"] <= last]
        return sum(float(2 ** ((v["week"] - at) / 4) / v["named"]) for v in theirs)

    for vote in found:
        i, j, week = vote["recommender"], vote["account"], vote["week"]
        back = faded(j, i, week, week)
        assert vote["rotation"] == pytest.approx((1 + faded(i, j, week, week - 1)) ** -0.5)
        assert vote["reciprocity"] == pytest.approx(1 - 0.7 * back / (1 + back))


@pytest.mark.parametrize("weeks", [0.0, -1.0, math.inf, math.nan, 1e300])
def test_a_half_life_that_is_none_is_refused(weeks: float) -> None:
    with pytest.raises(UsageError, match="half_life_weeks"):
        follow_friday(World().ff(1, 2, at=friday()).tables(friday()), half_life_weeks=weeks)


def test_the_longest_half_life_lets_nothing_fade() -> None:
    tables = World().ff(1, 2, at=friday()).tables(friday(50))
    assert follow_friday(tables, half_life_weeks=10_000).rows["score"][0].as_py() == pytest.approx(
        0.5, rel=0.01
    )
