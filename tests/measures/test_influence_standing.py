"""Who is behind the acts: what strangers can and cannot do to a score, and that every cause of a change has its name."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures import measure_named
from leumund.measures.influence import influence
from leumund.measures.influence.explain import explain
from leumund.measures.influence.score import MOST_BY_STRANGERS, score
from tests.draws import draws

from .made import World, friday, long_ago

ME, ANNA, BEN, CARLA, DORA = 1, 2, 3, 4, 5
DAY = timedelta(days=1)
FEW = draws(10)


def score_of(world: World, week: float = 0, **options: Any) -> float:
    found = influence(world.tables(friday(week)), **options).figures["score"]
    assert isinstance(found, float)
    return found


# -- strangers


@FEW
@given(
    st.lists(
        st.tuples(st.sampled_from(["like", "reply", "reshare", "follow"]), st.integers(10, 60), st.integers(0, 13),
                  st.integers(1, 10**6)),
        min_size=1, max_size=40,
    ),
    st.integers(0, 6),
)  # fmt: skip
def test_strangers_add_at_most_so_much_whatever_they_do(
    acts: list[tuple[str, int, int, int]], friends: int
) -> None:
    world = World(own=(ME,))
    for n in range(friends):
        world.mark(100 + n, "trust", at=long_ago()).act("reply", 100 + n, ME, at=friday(), via=f"f{n}")
    alone = score_of(world, 2) if friends else 0.0
    for number, (kind, actor, day, count) in enumerate(acts):
        via = f"r{number}" if kind == "reply" else None
        world.act(kind, actor, ME, at=friday() + day * DAY, count=count, via=via, post=f"x{number}")
    with_strangers = score_of(world, 2)
    assert alone - 1e-9 <= with_strangers <= alone + MOST_BY_STRANGERS + 1e-9
    assert pytest.approx(8 / math.log(2) * math.log(1.25)) == MOST_BY_STRANGERS


def test_without_any_standing_the_score_stays_low_and_says_so() -> None:
    world = World(own=(ME,))
    for n in range(500):
        world.act("reshare", 10 + n, ME, at=friday() - n % 5 * DAY, post=f"p{n}")
    result = influence(world.tables(friday()))
    assert isinstance(result.figures["score"], float)
    assert result.figures["score"] <= MOST_BY_STRANGERS + 1e-9
    said = " ".join(str(note) for note in result.notes)
    assert "leumund trust" in said
    assert "stays below 2.6" in said


def test_what_was_cut_is_said() -> None:
    world = World(own=(ME,)).mark(ANNA, "trust", at=long_ago()).act("reply", ANNA, ME, at=friday(), via="r")
    for n in range(20):
        world.act("like", 10 + n, ME, at=friday(), post=f"p{n}")
    result = influence(world.tables(friday()))
    assert result.figures["strangers_acts"] == 20
    told = [str(note) for note in result.notes]
    assert any(note.startswith("20 of 21 acts came from people without standing") for note in told)


def test_robots_by_their_own_word_and_the_no_go_list_count_nothing() -> None:
    world = World(own=(ME,)).act("reply", ANNA, ME, at=friday(), via="r")
    alone = score_of(world, 1)
    world.act("reshare", BEN, ME, at=friday(), post="p").act("reshare", CARLA, ME, at=friday(), post="p")
    assert score_of(world, 1) > alone
    world.mark(BEN, "nogo", at=friday())
    world._add("sightings", friday(), account=CARLA, automated=True)
    assert score_of(world, 1) == pytest.approx(alone)


# -- what gives standing


def weight(world: World, week: float = 1) -> float:
    """The standing of Anna as the score shows it: her reply, against that of somebody trusted."""
    world.act("reply", ANNA, ME, at=friday(week), via="w")
    full = 1 - math.exp(-2 * (0.6 * math.log(2) / 3 + 0.4 * math.log(2) / 60))
    found = influence(world.tables(friday(week)), days=1)
    whole, points = found.figures["L"], found.figures["strangers_points"]
    assert isinstance(whole, float)
    assert isinstance(points, float)
    known = 0.05 * math.expm1((score(whole) - points) * math.log(2) / 8)
    return known / full


def test_each_kind_of_evidence_has_its_weight() -> None:
    def alone() -> World:
        return World(own=(ME,))

    assert weight(alone()) == pytest.approx(0, abs=1e-12)
    assert weight(alone().mark(ANNA, "trust", at=friday(1))) == pytest.approx(1)
    assert weight(alone().act("follow", ME, ANNA, at=friday())) == pytest.approx(0.5)
    two = alone().mark(BEN, "trust", at=friday()).mark(CARLA, "trust", at=friday())
    two.act("follow", BEN, ANNA, at=friday()).act("reshare", CARLA, ANNA, at=friday(), post="p")
    assert weight(two) == pytest.approx(1 - 0.7**2)


def test_three_weeks_of_exchange_give_standing_and_two_or_one_side_alone_do_not() -> None:
    def weeks(hers: int, mine: int) -> World:
        world = World(own=(ME,))
        for n in range(hers):
            world.act("reply", ANNA, ME, at=friday(n), via=f"h{n}")
        for n in range(9):  # neither of these is an exchange
            world.act("like", ANNA, ME, at=friday(n), post=f"l{n}").act(
                "mention", ANNA, ME, at=friday(n), via=f"n{n}"
            )
        for n in range(mine):
            world.act("reply", ME, ANNA, at=friday(n), via=f"m{n}")
        return world

    def standing(world: World) -> float:
        from leumund.measures.standing import standing as measured

        rows = measured(world.tables(friday(9))).rows.to_pylist()
        return next((row["standing"] for row in rows if row["account"] == ANNA), 0.0)

    assert standing(weeks(3, 3)) == pytest.approx(0.7)
    for hers, mine in ((2, 5), (5, 2), (9, 0), (0, 9)):
        assert standing(weeks(hers, mine)) == 0


def test_evidence_counts_from_the_next_day_and_the_owners_word_at_once() -> None:
    base = World(own=(ME,)).act("reply", ANNA, ME, at=friday() - 3 * DAY, via="r")
    base.act("follow", ME, ANNA, at=friday())
    assert score_of(base) < MOST_BY_STRANGERS
    assert score_of(base, 1 / 7) > MOST_BY_STRANGERS
    base.mark(ANNA, "trust", at=friday())
    assert score_of(base) > MOST_BY_STRANGERS


def test_an_unfollow_ends_the_standing_a_follow_gave() -> None:
    world = (
        World(own=(ME,)).act("follow", ME, ANNA, at=friday(-9)).act("reply", ANNA, ME, at=friday(-1), via="r")
    )
    assert score_of(world) > MOST_BY_STRANGERS
    world.act("unfollow", ME, ANNA, at=friday(-0.5))
    assert score_of(world) < MOST_BY_STRANGERS


def test_following_ten_thousand_back_is_not_knowing_them() -> None:
    from leumund.measures.standing import standing as measured

    world = World(own=(ME,))
    for n in range(1000):
        world.act("follow", ME, 10 + n, at=friday(-9))
    rows = measured(world.tables(friday()), limit=None).rows.to_pylist()
    assert len(rows) == 1000
    assert sum(row["standing"] for row in rows) == pytest.approx(150)


def test_who_does_a_thousand_things_a_day_means_each_of_them_less() -> None:
    world = World(own=(ME,)).mark(ANNA, "trust", at=long_ago()).act("like", ANNA, ME, at=friday(), post="p")
    alone = influence(world.tables(friday())).figures["L"]
    for n in range(199):
        world.act("like", ANNA, 50 + n, at=friday(), post=f"o{n}")
    diluted = influence(world.tables(friday())).figures["L"]
    assert isinstance(alone, float)
    assert isinstance(diluted, float)
    assert math.log1p(-diluted) == pytest.approx(math.log1p(-alone) / 4)


def test_each_network_has_a_score_of_its_own() -> None:
    world = World(own=(ME,)).mark(ANNA, "trust", at=long_ago())
    world.act("reply", ANNA, ME, at=friday(), via="a", network="mastodon")
    world.act("like", ANNA, ME, at=friday(), post="b", network="bluesky")
    figures = influence(world.tables(friday())).figures
    for name in ("mastodon", "bluesky"):
        assert figures[f"score_{name}"] == pytest.approx(score_of(world, network=name))
    assert figures["score_mastodon"] < figures["score"]  # type: ignore[operator]


# -- every cause has its name, and nothing is left

Told = tuple[str, int, int, int]
something = st.one_of(
    st.tuples(st.sampled_from(["reply", "reshare", "like", "mention"]), st.integers(2, 7), st.integers(0, 30),
              st.integers(0, 23)),
    st.tuples(st.sampled_from(["i follow", "i unfollow", "i answer", "trust", "distrust", "nogo", "robot", "person",
                               "busy"]), st.integers(2, 7), st.integers(0, 30), st.integers(0, 23)),
    st.tuples(st.sampled_from(["follows 2", "follows 3"]), st.integers(2, 7), st.integers(0, 30), st.integers(0, 23)),
)  # fmt: skip
stories = st.lists(something, min_size=1, max_size=40)


def told(story: list[Told]) -> World:
    world = World(own=(ME,), persons=((6, 7),))
    for number, (what, who, day, hour) in enumerate(story):
        at = friday() + timedelta(days=day, hours=hour)
        match what.split():
            case ["i", "answer"]:
                world.act("reply", ME, who, at=at, via=f"m{number}")
            case ["i", kind]:
                world.act(kind, ME, who, at=at)
            case ["follows", by]:
                world.act("follow", int(by), who, at=at)
            case ["trust"] | ["nogo"]:
                world.mark(who, what, at=at)
            case ["distrust"]:
                world.mark(who, "trust", at=at, holds=False)
            case ["robot"] | ["person"]:
                world._add("sightings", at, account=who, automated=what == "robot")
            case ["busy"]:
                world.act("like", who, 900, at=at, count=130, post=f"b{number}")
            case _:
                via = f"v{number}" if what in ("reply", "mention") else None
                world.act(what, who, ME, at=at, via=via, post=f"x{number}")
    return world


@FEW
@given(stories, st.integers(0, 30), st.floats(0.1, 30))
def test_the_causes_add_up_to_the_change_whatever_changed(
    story: list[Told], start: int, length: float
) -> None:
    since = friday() + timedelta(days=start)
    until = min(since + timedelta(days=length), friday(5))
    world = told(story)
    result = explain(world.tables(friday(5)), start=since, end=until, limit=None)
    before, after = result.figures["from_score"], result.figures["to_score"]
    first, last = (influence(world.tables(at)).figures["score"] for at in (since, until))
    assert before == pytest.approx(first, abs=1e-9)
    assert after == pytest.approx(last, abs=1e-9) or last is None
    assert isinstance(before, float | None)
    assert isinstance(after, float | None)
    parts = result.rows.to_pylist()
    assert abs(sum(row["points"] for row in parts) - ((after or 0) - (before or 0))) < 1e-9
    for cause in ("new", "fading", "standing", "trust", "dilution", "weight"):
        whole = sum(row["points"] for row in parts if row["cause"] == cause)
        assert whole == pytest.approx(result.figures[cause] or 0.0, abs=1e-9)
    assert float(result.figures["new"] or 0) >= 0 >= float(result.figures["fading"] or 0)


@FEW
@given(stories, st.integers(1, 30))
def test_no_reading_knows_what_comes_later(story: list[Told], day: int) -> None:
    at = friday() + timedelta(days=day)
    early = [s for s in story if timedelta(days=s[2], hours=s[3]) <= timedelta(days=day)]
    world = told(story)
    assert influence(world.tables(at)).figures == pytest.approx(influence(told(early).tables(at)).figures)
    then = influence(world.tables(at.replace(hour=0) - timedelta(microseconds=1))).figures["score"]
    rows = {r["day"]: r["score"] for r in influence(world.tables(friday(5))).rows.to_pylist()}
    assert then is None or rows[at.date() - DAY] == pytest.approx(then)


@FEW
@given(stories, st.randoms())
def test_the_order_in_which_things_are_learned_changes_nothing(story: list[Told], random: Any) -> None:
    world = told(story)
    first = influence(world.tables(friday(5))).figures
    for rows in world.rows.values():
        random.shuffle(rows)
    assert influence(world.tables(friday(5))).figures == first


def test_marking_somebody_changes_the_score_under_its_own_name_only() -> None:
    world = World(own=(ME,)).act("reply", ANNA, ME, at=friday() - 3 * DAY, via="r")
    world.act("reply", BEN, ME, at=friday() - 4 * DAY, via="s").act(
        "follow", ANNA, BEN, at=friday() - 20 * DAY
    )
    world.mark(ANNA, "trust", at=friday() + DAY / 2)
    result = explain(world.tables(friday(1)), start=friday() + DAY / 4, end=friday() + DAY * 0.6, limit=None)
    points = {(r["cause"], r["account"]): r["points"] for r in result.rows.to_pylist()}
    assert points["trust", ANNA] > 10
    assert points["trust", BEN] > 0.5, "whom Anna follows gains too, and for the same cause"
    assert result.figures["standing"] == 0


def test_somebody_who_becomes_known_is_a_cause_of_its_own() -> None:
    world = World(own=(ME,)).act("reply", ANNA, ME, at=friday() - 3 * DAY, via="r")
    world.act("follow", ME, ANNA, at=friday())
    result = explain(world.tables(friday(1)), start=friday(), end=friday() + 2 * DAY)
    assert result.figures["standing"] > 5  # type: ignore[operator]
    assert result.figures["trust"] == result.figures["weight"] == 0


def test_a_network_without_any_act_is_unknown_and_not_zero() -> None:
    world = World(own=(ME,)).mark(ANNA, "trust", at=long_ago()).ff(ANNA, ME, at=friday())
    world.act("like", BEN, ME, at=friday(), network="mastodon", post="p")
    assert influence(world.tables(friday(1)), network="bluesky").figures["score"] is None
    result = explain(world.tables(friday(1)), network="bluesky")
    assert (result.figures["from_score"], result.figures["to_score"]) == (None, None)


def test_who_is_barred_lends_nothing_and_neither_does_an_account_of_ones_own() -> None:
    from leumund.measures.standing import standing as measured

    def known(world: World) -> set[int]:
        return set(measured(world.tables(friday(2))).rows["account"].to_pylist())

    def base() -> World:
        return World(own=(ME,)).mark(ANNA, "trust", at=long_ago()).act("follow", ANNA, BEN, at=friday())

    assert known(base()) == {ANNA, BEN}
    assert known(base().mark(ANNA, "nogo", at=friday(1))) == set()
    robot = base()
    robot._add("sightings", friday(1), account=ANNA, automated=True)
    assert known(robot) == set()
    mine = World(own=(ME,)).mark(ME, "trust", at=long_ago()).act("reply", ME, CARLA, at=friday(), via="r")
    assert known(mine) == set()


def test_a_busy_day_before_the_span_is_reckoned() -> None:
    world = World(own=(ME,))
    for n in range(60):
        world.act("like", ANNA, ME, at=friday() + timedelta(minutes=n), post=f"p{n}")
    cut = friday() + timedelta(minutes=70)
    result = explain(world.tables(friday(1)), start=cut, end=friday(1), limit=None)
    assert sum(result.rows["points"].to_pylist()) == pytest.approx(result.figures["change"], abs=1e-9)
    assert isinstance(influence(world.tables(friday(1)), days=8).figures["score"], float)


@pytest.mark.parametrize("network", ["nowhere", "x'; drop table acts; --"])
def test_a_network_that_does_not_exist_is_said_wherever_it_is_asked_for(network: str) -> None:
    tables = World(own=(ME,)).act("like", ANNA, ME, at=friday(), post="p").tables(friday(1))
    for ask in (influence, explain):
        with pytest.raises(UsageError):
            ask(tables, network=network)


def test_each_piece_of_evidence_says_what_it_gives_by_itself_and_the_strongest_stands_first() -> None:
    explained = measure_named("standing").explain
    assert explained is not None
    world = (
        World(own=(ME,))
        .mark(ANNA, "trust", at=friday())
        .act("follow", ME, BEN, at=friday())
        .act("reply", ANNA, BEN, at=friday(), via="r")
    )
    world._add("sightings", friday(), account=CARLA, automated=True)
    tables = world.tables(friday(2))
    rows = {(r["tie"], r["account"]): r for r in explained(tables).rows.to_pylist()}
    assert rows["trust", ANNA]["worth"] == 1
    assert rows["followed", BEN]["worth"] == 0.5
    assert rows["known", BEN]["worth"] == pytest.approx(0.3)
    assert rows["known", BEN]["by"] == ANNA
    assert (rows["automated", CARLA]["worth"], rows["automated", CARLA]["by"]) == (0, CARLA), (
        "by its own word"
    )
    found = explained(tables, BEN)
    assert found.figures["standing"] == 0.5
    assert any("you follow them" in note.text for note in found.notes)
