"""Who follows: facts with bounds, shares from labels, and never a word about a single account."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.ids import account_key
from leumund.measures.audience import LEAST_FOLLOWERS, MEASURE, audience, explain
from leumund.measures.audience.features import SIGNS, Profile, Written, signs_of
from leumund.measures.audience.model import set_right, shipped
from leumund.measures.audience.prevalence import next_asked, share_of, strata_of
from leumund.measures.audience.who import audience_at, signs_at
from leumund.measures.audience_growth import audience_growth
from leumund.measures.audience_history import audience_history
from leumund.measures.audience_origins import audience_origins
from leumund.simulate import career_coach
from leumund.simulate.truth import MACHINES

from .conftest import Coach, coach_of
from .made import World, friday

ME = 1
NOW = friday(40)


def seen(world: World, account: int, *, days_ago: float = 1.0, **known: Any) -> World:
    """A sighting with any of its columns."""
    row = {"followers": 100, "following": 100, "posts": 100, "automated": False, **known}
    world._add("sightings", NOW - timedelta(days=days_ago), account=account, network="mastodon", **row)
    return world


def followed(many: int, **known: Any) -> World:
    """That many followers of the owner, each seen once."""
    world = World(own=(ME,))
    for account in range(10, 10 + many):
        world.act("follow", account, ME, at=NOW - timedelta(days=200))
        seen(world, account, **known)
    return world


def row(world: World, group: str) -> dict[str, object]:
    rows = audience(world.tables(NOW)).rows.to_pylist()
    return next(r for r in rows if r["group"] == group)


def test_who_left_follows_no_more_and_who_came_back_does() -> None:
    world = followed(3)
    world.act("unfollow", 10, ME, at=NOW - timedelta(days=5))
    world.act("unfollow", 11, ME, at=NOW - timedelta(days=5)).act(
        "follow", 11, ME, at=NOW - timedelta(days=1)
    )
    assert audience(world.tables(NOW)).figures["followers"] == 2


def test_somebody_with_two_accounts_is_one_follower() -> None:
    world = followed(3)
    world.persons = ((10, 11),)
    assert audience(world.tables(NOW)).figures["followers"] == 2


def test_what_is_not_told_widens_the_bounds_and_is_never_0() -> None:
    world = followed(8)
    seen(world, 10, automated=True, days_ago=0.5)
    world.act("follow", 50, ME, at=NOW - timedelta(days=9)).act("follow", 51, ME, at=NOW - timedelta(days=9))
    told = row(world, "declared_automated")
    assert (told["low"], told["high"], told["share"], told["known"]) == (0.1, 0.3, None, 8)


def test_an_unchanged_number_of_posts_is_silence_and_a_changed_one_is_not() -> None:
    world = followed(2)
    seen(world, 10, days_ago=120, posts=100)
    seen(world, 11, days_ago=120, posts=99)
    silent = row(world, "silent_90_days")
    assert (silent["people"], silent["known"]) == (1, 1), (
        "11 wrote at some time in these days, nobody knows when"
    )
    assert row(world, "silent_180_days")["people"] == 0


def test_who_did_something_lately_is_awake() -> None:
    world = followed(1)
    seen(world, 10, days_ago=120, posts=100)
    world.act("like", 10, ME, at=NOW - timedelta(days=3))
    silent = row(world, "silent_90_days")
    assert (silent["people"], silent["known"], silent["share"]) == (0, 1, 0.0)


@pytest.mark.parametrize(
    ("followers", "following", "posts", "expected"),
    [(2000, 2000, 10, 1), (2000, 2000, 9000, 0), (900, 900, 10, 0), (2000, 3000, 10, 0)],
)
def test_the_follow_back_pattern_is_what_it_says(
    followers: int, following: int, posts: int, expected: int
) -> None:
    world = followed(1, followers=followers, following=following, posts=posts)
    assert row(world, "follow_back_pattern")["people"] == expected


def test_without_labels_there_are_only_bounds() -> None:
    world = followed(40)
    people = row(world, "people")
    assert (people["low"], people["share"], people["high"]) == (0.0, None, 1.0)


def test_below_twenty_followers_nothing_is_estimated_even_with_labels() -> None:
    world = followed(LEAST_FOLLOWERS - 1)
    for account in range(10, 10 + LEAST_FOLLOWERS - 1):
        world.label(account, "robot", at=NOW - timedelta(days=1))
    people = row(world, "people")
    assert (people["low"], people["share"], people["high"]) == (None, None, None)
    assert explain(world.tables(NOW)).rows.num_rows == 0


def test_labels_of_all_give_the_share_itself() -> None:
    world = followed(40)
    for account in range(10, 50):
        world.label(account, "robot" if account < 20 else "person", at=NOW - timedelta(days=1))
    people = row(world, "people")
    assert (people["low"], people["share"], people["high"]) == (0.75, 0.75, 0.75)
    assert audience(world.tables(NOW)).figures["people"] == 30


def test_the_last_word_on_an_account_holds_and_later_is_none() -> None:
    world = followed(40)
    for account in range(10, 50):
        world.label(account, "robot", at=NOW - timedelta(days=2))
        world.label(account, "follow_back", at=NOW - timedelta(days=1))
        world.label(account, "later", at=NOW - timedelta(hours=1))
    assert row(world, "people")["share"] == 1.0


def test_declared_suspected_and_people_make_the_whole() -> None:
    world = followed(60)
    for account in range(10, 16):
        seen(world, account, automated=True, days_ago=0.5)
    for account in range(16, 46):
        world.label(account, "robot" if account % 3 else "person", at=NOW - timedelta(days=1))
    parts = [row(world, g) for g in ("suspected_automated", "people")]
    assert parts[0]["share"] + parts[1]["share"] == pytest.approx(1 - 6 / 60)  # type: ignore[operator]
    assert parts[0]["low"] + parts[1]["high"] == pytest.approx(1 - 6 / 60)  # type: ignore[operator]


def test_no_output_names_or_marks_a_single_account() -> None:
    world = followed(60)
    for account in range(10, 70):
        world.profile(account, handle=f"secret{account}@example.social", bio=f"secret bio {account}")
        if account < 50:
            world.label(account, "robot" if account % 2 else "person", at=NOW - timedelta(days=1))
    tables = world.tables(NOW)
    results = [
        audience(tables),
        explain(tables),
        audience_history(tables),
        audience_origins(tables),
        audience_growth(tables),
    ]
    for result in results:
        said = json.dumps(
            [result.rows.to_pylist(), [str(n) for n in result.notes], dict(result.figures)], default=str
        )
        assert "secret" not in said
        assert result.rows.num_rows < 60, "no row for each follower"
        for kind in result.rows.schema.types:
            assert str(kind) in {"int64", "double", "string", "bool", "date32[day]"}
    columns = {c.kind for c in (*MEASURE.columns, *MEASURE.explain_columns)}
    assert "account" not in columns
    assert MEASURE.private
    one = explain(tables, 10)
    assert one.rows.num_rows == 0
    assert "single account" in str(one.notes[0])


def test_a_server_of_two_is_not_named() -> None:
    world = followed(5)
    for account in range(10, 15):
        server = "small.example" if account < 12 else "large.example"
        world.profile(account, uri=f"acct:a{account}@{server}")
    names = [r["name"] for r in audience_origins(world.tables(NOW)).rows.to_pylist() if r["part"] == "server"]
    assert names == ["large.example", None]


def test_a_day_with_far_more_new_followers_is_a_spike_and_its_cause_is_looked_for() -> None:
    world = World(own=(ME,))
    account = 100
    for day in range(60, 0, -1):
        for _new in range(25 if day in (10, 20) else 2):
            account += 1
            world.act("follow", account, ME, at=NOW - timedelta(days=day))
    for _reshare in range(12):
        account += 1
        world.act("reshare", account, ME, at=NOW - timedelta(days=20, hours=1), post="p")
    spikes = [r for r in audience_growth(world.tables(NOW), days=30).rows.to_pylist() if r["spike"]]
    found = {(NOW.date() - r["day"]).days: r["cause"] for r in spikes}
    assert found == {20: "passed_on", 10: "none_known"}


def test_the_history_speaks_of_what_was_known_then() -> None:
    world = followed(4)
    seen(world, 10, automated=True, days_ago=70)
    rows = audience_history(world.tables(NOW), days=100).rows.to_pylist()
    bounds = [(r["declared_automated_low"], r["declared_automated_high"]) for r in rows]
    assert bounds[0] == (0.0, 1.0), "of nobody it was known then"
    assert bounds[-2] == (0.25, 1.0), "one was seen as automated, the others not yet"
    assert bounds[-1] == (0.0, 0.0)


# -- the model


def test_unknown_signs_add_nothing_and_every_weight_points_the_same_way() -> None:
    (signs,) = signs_of([Profile()])
    assert np.isnan(signs).all()
    assert shipped().sums(signs[None])[0] == shipped().intercept
    assert (shipped().weights >= 0).all()
    assert len(shipped().weights) == len(SIGNS)


def test_words_by_which_an_account_calls_itself_a_robot_are_not_read() -> None:
    plain, told = (
        Profile(handle=h, name=n, bio=b)
        for h, n, b in (
            ("weather", "Weather", "I tweet the weather"),
            ("weather_bot", "Weather Bot", "I tweet the weather #botally"),
        )
    )
    one, two = signs_of([plain, told])
    np.testing.assert_array_equal(one, two)


texts = st.text(max_size=60)
counts = st.none() | st.integers(0, 10**12)
profiles = st.builds(
    Profile, followers=counts, following=counts, posts=counts, age_days=st.none() | st.floats(0, 1e5),
    handle=st.none() | texts, name=st.none() | texts, bio=st.none() | texts, place=st.none() | texts, url=st.none(),
    written=st.lists(st.builds(Written, texts, st.none() | st.floats(0, 2e9), st.booleans()), max_size=6),
)  # fmt: skip


@given(profiles)
def test_every_sign_lies_between_minus_one_and_one_or_is_unknown(profile: Profile) -> None:
    (signs,) = signs_of([profile])
    assert (np.isnan(signs) | (np.abs(signs) <= 1)).all()


def test_whom_to_ask_is_drawn_from_all_strata_and_nobody_is_asked_twice() -> None:
    keys = list(range(500))
    strata = np.repeat(np.arange(5), 100)
    seen_already = np.zeros(500, bool)
    seen_already[:30] = True
    order = next_asked(keys, strata, np.zeros(500, bool), seen_already)
    assert sorted(order) == list(range(30, 500))
    first = [k // 100 for k in order[:100]]
    assert {first.count(h) for h in range(5)} == {20}


def test_whose_turn_it_is_says_nothing_of_the_stratum() -> None:
    strata = np.repeat(np.arange(5), 40)
    nobody = np.zeros(200, bool)
    turns = [[], []]  # type: list[list[int]]
    for world in range(60):
        keys = [world * 1000 + n for n in range(200)]
        order = next_asked(keys, strata, nobody, nobody)
        for turn, strata_there in enumerate(turns):
            strata_there.append(int(strata[order[turn] % 1000]))
    for strata_there in turns:
        assert max(strata_there.count(h) for h in range(5)) < 30


def test_labels_move_the_weights_where_these_accounts_are_others() -> None:
    dice = np.random.default_rng(3)
    signs = dice.uniform(-1, 1, (400, len(SIGNS)))
    automated = signs[:, 5] > 0.2
    local = set_right(shipped(), signs[:100], automated[:100], everybody=signs)
    said = local.chances(signs[100:])
    assert said[automated[100:]].mean() - said[~automated[100:]].mean() > 0.4
    assert ((said > 0) & (said < 1)).all()


# -- the demo, whose truth is known


def test_the_facts_of_the_made_up_followers_are_true(coach: Coach) -> None:
    world = coach.world
    with coach.tables() as tables:
        found = audience_at(tables, world.end)
    who = {account_key(uri): kind for uri, kind in world.truth.who.items()}
    facts = found.facts
    assert len(found) == len(world.truth.audience)
    declared = {k for k, so in zip(found.keys, facts["declared_automated"].is_so, strict=True) if so}
    assert declared == {k for k in found.keys if who.get(k) == "bot declared"}
    pattern = [k for k, so in zip(found.keys, facts["follow_back_pattern"].is_so, strict=True) if so]
    farm = [k for k in found.keys if who.get(k) == "farm"]
    assert set(farm) <= set(pattern)
    assert len(pattern) <= 1.2 * len(farm)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2, 3))])
def test_her_hundred_labels_tell_how_many_of_her_800_followers_are_people(
    coach: Coach, tmp_path: Path, seed: int
) -> None:
    made = coach_of(tmp_path / "lab", career_coach(seed=seed)) if seed else coach
    world = made.world
    with made.tables() as tables:
        result = audience(tables)
    low, people, high = (result.figures[n] for n in ("people_low", "people", "people_high"))
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low <= world.truth.people_following <= high
    assert people not in (low, high)
    assert (high - low) / len(world.truth.audience) <= 0.2
    rows = {r["group"]: r for r in result.rows.to_pylist()}
    machines = 1 - world.truth.people_following / len(world.truth.audience)
    told = rows["declared_automated"]["low"] + rows["suspected_automated"]["share"]
    assert abs(told - machines) < 0.05
    assert all(r["low"] <= r["high"] for r in rows.values())


def test_labels_in_the_order_of_triage_hold_the_truth_too(coach: Coach) -> None:
    """Whose turn it is goes by a number made of her key: with other numbers it is another sample of the same followers."""
    world = coach.world
    with coach.tables() as tables:
        found = audience_at(tables, world.end)
        signs = signs_at(tables, found)
    who = {account_key(uri): kind for uri, kind in world.truth.who.items()}
    others = np.flatnonzero(~found.facts["declared_automated"].is_so)
    machine = np.array([who.get(found.keys[i]) in MACHINES for i in others], bool)
    strata, nobody = strata_of(shipped().sums(signs[others])), np.zeros(len(others), bool)
    dice = np.random.default_rng(2011)
    held, away = 0, []
    for _lot in range(60):
        keys = [int(k) for k in dice.integers(0, 2**62, len(others))]
        asked = set(next_asked(keys, strata, nobody, nobody)[:100])
        places = np.array([n for n, k in enumerate(keys) if k in asked], np.int64)
        share = share_of(shipped(), signs[others], places, machine[places])
        assert share is not None
        assert share.high - share.low <= 0.08
        held += share.low <= machine.mean() <= share.high
        away.append(share.value - machine.mean())
    assert held >= 0.9 * 60
    assert abs(np.mean(away)) <= 3 * np.std(away) / 60**0.5, "it leans to neither side"
