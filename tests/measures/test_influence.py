"""What the acts of others amount to, checked on paper; and that every change splits into its causes."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures import Reading, measure_named, why
from leumund.measures.influence import influence, sentences
from leumund.measures.influence.explain import COLUMNS, explain
from leumund.measures.influence.score import score, secant
from leumund.store.tables import Tables
from leumund.views import cells
from leumund.views.cells import sentence
from tests.draws import draws

from .made import World, friday, long_ago

ME, ANNA, BEN, CARLA = 1, 2, 3, 4
FEW = draws(8)
DAY = timedelta(days=1)


def kernel(age_days: float) -> float:
    fast, slow = math.log(2) / 3, math.log(2) / 60
    return 0.6 * fast * math.exp(-fast * age_days) + 0.4 * slow * math.exp(-slow * age_days)


def seen(world: World, as_of: datetime) -> Tables:
    """The world at a moment, in which everybody who does anything has been trusted from the beginning."""
    rows = world.rows.get("acts", []) + world.rows.get("recommendations", [])
    actors = {int(row["actor"] if "actor" in row else row["account"]) for row in rows}
    for actor in sorted(actors - set(world.own)):
        world.mark(actor, "trust", at=long_ago())
    return world.tables(as_of)


def mass(world: World, as_of: datetime, **options: Any) -> float:
    found = influence(seen(world, as_of), **options).figures["L"]
    assert isinstance(found, float)
    return found


def one(*x: float) -> float:
    """The mass of actors who each have these sums."""
    return sum(1 - math.exp(-each) for each in x)


# -- arithmetic


@pytest.mark.parametrize(
    ("kind", "value"),
    [("reshare", 3), ("quote", 3), ("reply", 2), ("mention", 1.5), ("follow", 1), ("like", 0.3)],
)
def test_each_kind_of_act_has_its_value_and_fades(kind: str, value: float) -> None:
    world = World(own=(ME,)).act(kind, ANNA, ME, at=friday())
    assert mass(world, friday()) == pytest.approx(one(value * kernel(0)))
    assert mass(world, friday(1)) == pytest.approx(one(value * kernel(7)))


def test_a_recommendation_counts_four() -> None:
    assert mass(World(own=(ME,)).ff(ANNA, ME, at=friday()), friday()) == pytest.approx(one(4 * kernel(0)))


def test_a_recommendation_counts_once_a_week() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(ANNA, ME, at=friday() + DAY)
    assert mass(world, friday() + DAY) == pytest.approx(one(4 * kernel(1)))


def test_the_mention_in_a_recommendation_is_not_counted_again() -> None:
    world = (
        World(own=(ME,)).ff(ANNA, ME, at=friday(), post="p").act("mention", ANNA, ME, at=friday(), via="p")
    )
    assert mass(world, friday()) == pytest.approx(one(4 * kernel(0)))


def test_a_hundred_people_are_more_than_one_person_a_hundred_times() -> None:
    crowd, single = World(own=(ME,)), World(own=(ME,))
    for n in range(100):
        crowd.act("reply", 10 + n, ME, at=friday(), via=f"r{n}")
        single.act("reply", ANNA, ME, at=friday(), via=f"r{n}")
    assert mass(crowd, friday()) > 24
    assert mass(single, friday()) < 1


def test_two_accounts_of_one_person_are_one_actor() -> None:
    world = (
        World(own=(ME,), persons=((ANNA, BEN),))
        .act("reply", ANNA, ME, at=friday())
        .act("like", BEN, ME, at=friday())
    )
    assert mass(world, friday()) == pytest.approx(one(2.3 * kernel(0)))


def test_a_sum_counts_as_often_as_it_says() -> None:
    world = World(own=(ME,)).act("like", ANNA, ME, at=friday(), count=5)
    result = influence(seen(world, friday()))
    assert result.figures["L"] == pytest.approx(one(1.5 * kernel(0)))
    assert (result.figures["acts"], result.rows["acts"].to_pylist()[-1]) == (5, 5)


def test_own_acts_unfollows_and_private_replies_do_not_count() -> None:
    world = World(own=(ME, BEN)).act("like", ANNA, ME, at=friday())
    world.act("like", BEN, ME, at=friday()).act("unfollow", ANNA, ME, at=friday())
    world.post(CARLA, at=friday(), post="d", visibility="direct").act(
        "reply", CARLA, ME, at=friday(), via="d"
    )
    assert mass(world, friday()) == pytest.approx(one(0.3 * kernel(0)))


def test_all_accounts_of_a_person_are_looked_at_together_whichever_is_asked_for() -> None:
    world = World(own=(ME, BEN)).act("like", ANNA, ME, at=friday()).act("reply", CARLA, BEN, at=friday())
    for asked in ({}, {"account": ME}, {"account": BEN}):
        assert mass(world, friday(), **asked) == pytest.approx(one(0.3 * kernel(0), 2 * kernel(0)))


def test_what_two_accounts_of_one_person_do_in_one_post_is_one_act() -> None:
    world = World(own=(ME,), persons=((ANNA, BEN),)).act("reply", ANNA, ME, at=friday(), via="r")
    world.act("mention", BEN, ME, at=friday(), via="r")
    assert mass(world, friday()) == pytest.approx(one(2 * kernel(0)))


def test_acts_between_two_accounts_of_one_person_do_not_count() -> None:
    world = World(own=(CARLA,), persons=((ANNA, BEN),)).act("like", ANNA, BEN, at=friday())
    world.act("like", CARLA, BEN, at=friday())
    assert mass(world, friday(), account=ANNA) == pytest.approx(one(0.3 * kernel(0)))


def test_acts_without_a_time_are_left_out_and_said() -> None:
    world = (
        World(own=(ME,)).act("follow", ANNA, ME, at=friday(), exact=False).act("like", BEN, ME, at=friday())
    )
    result = influence(seen(world, friday()))
    assert result.figures["undated"] == 1
    assert "Acts whose time is not known are left out: 1." in [str(note) for note in result.notes]


def test_recommendations_without_a_time_are_left_out_and_said_too() -> None:
    world = World(own=(ME,)).act("endorse", ANNA, ME, at=friday(), exact=False)
    assert influence(seen(world, friday())).figures["undated"] == 1


def test_no_known_act_is_unknown_and_not_zero() -> None:
    for world in (World(), World(own=(ME,))):
        result = influence(seen(world, friday()))
        assert (result.figures["score"], result.rows.num_rows) == (None, 0)


def test_days_before_the_first_act_are_unknown_and_not_zero() -> None:
    world = World(own=(ME,)).act("like", ANNA, ME, at=friday())
    days = influence(seen(world, friday() + 3 * DAY), days=30).rows["day"].to_pylist()
    assert days == [(friday() + n * DAY).date() for n in range(4)]


MIDNIGHT = friday().replace(hour=0)
LAST = timedelta(microseconds=1)  # before midnight


def test_a_day_begins_and_ends_at_midnight_and_the_last_one_now() -> None:
    world = World(own=(ME,)).act("like", ANNA, ME, at=MIDNIGHT).act("like", BEN, ME, at=MIDNIGHT + DAY - LAST)
    world.act("like", CARLA, ME, at=MIDNIGHT + DAY)
    result = influence(seen(world, MIDNIGHT + DAY + timedelta(hours=15)), days=3)
    assert result.rows["day"].to_pylist() == [MIDNIGHT.date(), (MIDNIGHT + DAY).date()]
    assert result.rows["acts"].to_pylist() == [2, 1]
    assert result.rows["score"].to_pylist()[-1] == result.figures["score"]
    full = influence(seen(world, MIDNIGHT + DAY - LAST), days=1)
    assert full.rows["score"].to_pylist() == result.rows["score"].to_pylist()[:1]
    said = "The last day is not over"
    assert any(str(note).startswith(said) for note in result.notes)
    assert not any(str(note).startswith(said) for note in full.notes)


def test_doubling_adds_eight_points() -> None:
    assert score(4.0) - score(2.0) == pytest.approx(8, abs=0.15)


# -- reference figures


def test_fifteen_people_who_reply_every_week_make_about_fifty() -> None:
    world = World(own=(ME,))
    for week in range(60):
        for n in range(15):
            world.act("reply", 10 + n, ME, at=friday(week) + timedelta(days=n % 7), via=f"{week}-{n}")
    found = influence(seen(world, friday(60) - timedelta(hours=12))).figures["score"]
    assert isinstance(found, float)
    assert 48 < found < 52


def test_silence_costs_what_the_design_says() -> None:
    world = World(own=(ME,))
    for day in range(400):
        for n in range(16):  # everybody acts once, so that all are far below their cap
            at = MIDNIGHT + timedelta(days=day, hours=1.5 * n)
            world.act("like", 10 + 16 * day + n, ME, at=at)
    end = MIDNIGHT + timedelta(days=400 + 28) - LAST
    rows = influence(seen(world, end), days=29).rows["score"].to_pylist()
    assert rows[0] == pytest.approx(53, abs=0.5)
    for days, left in ((1, 51.4), (2, 50.0), (5, 46.5), (7, 44.8), (14, 41.5), (28, 39.0)):
        assert rows[days] - rows[0] == pytest.approx(left - 53, abs=0.3)


# -- the series and its interval

Told = tuple[str, int, int, int]
an_act = st.tuples(
    st.sampled_from(["like", "reply", "reshare", "follow"]),
    st.integers(2, 6),
    st.integers(0, 30),
    st.integers(0, 23),
)
some_acts = st.lists(an_act, min_size=1, max_size=25)


def made(acts: list[Told]) -> World:
    world = World(own=(ME,), persons=((2, 3),))
    for number, (kind, actor, day, hour) in enumerate(acts):
        at = friday() + timedelta(days=day, hours=hour)
        world.act(kind, actor, ME, at=at, via=f"v{number}" if kind == "reply" else None, post=f"x{number}")
    return world


@FEW
@given(some_acts)
def test_going_day_by_day_gives_what_the_formula_gives(acts: list[Told]) -> None:
    as_of = friday(5)
    base = {"like": 0.3, "reply": 2, "reshare": 3, "follow": 1}
    sums: dict[int, float] = {}
    for kind, actor, day, hour in acts:
        age = (as_of - friday() - timedelta(days=day, hours=hour)) / DAY
        person = 2 if actor == 3 else actor
        sums[person] = sums.get(person, 0) + base[kind] * kernel(age)
    for days in (1, 40):
        assert mass(made(acts), as_of, days=days) == pytest.approx(one(*sums.values()), rel=1e-12)


def test_too_few_people_have_no_interval_and_many_have_one_around_the_score() -> None:
    few, many = World(own=(ME,)), World(own=(ME,))
    for n in range(30):
        (few if n < 9 else many).act("reply", 10 + n, ME, at=friday(), via=f"r{n}")
    assert influence(seen(few, friday())).figures["low"] is None
    found = influence(seen(many, friday())).figures
    assert found["n_eff"] == pytest.approx(21)
    low, middle, high = found["low"], found["score"], found["high"]
    assert isinstance(low, float)
    assert isinstance(middle, float)
    assert isinstance(high, float)
    assert low < middle < high


# -- why it changed


@FEW
@given(some_acts, st.integers(0, 33), st.floats(0.1, 30), st.sampled_from([None, 3]))
def test_the_causes_add_up_to_the_change(
    acts: list[Told], start: int, length: float, limit: int | None
) -> None:
    since = friday() + timedelta(days=start)
    until = min(since + timedelta(days=length), friday(5))
    result = explain(seen(made(acts), friday(5)), start=since, end=until, limit=limit)
    before, after = result.figures["from_score"], result.figures["to_score"]
    first, last = (influence(seen(made(acts), at)).figures["score"] for at in (since, until))
    assert (before is None) == (first is None), "before the first known act the score is unknown, not 0"
    assert before == pytest.approx(first)
    assert isinstance(before, float | None)
    assert isinstance(after, float | None)
    assert abs(sum(result.rows["points"].to_pylist()) - ((after or 0) - (before or 0))) < 1e-9
    assert after == pytest.approx(last) or last is None


def test_at_the_top_of_the_scale_the_causes_add_up_too() -> None:
    world = World(own=(ME,))
    for n in range(3000):
        world.act("reshare", 10 + n, ME, at=friday() + timedelta(minutes=n))
    result = explain(seen(world, friday(3)), start=friday(), limit=None)
    assert result.figures["from_score"] != 100 != result.figures["to_score"]
    assert sum(result.rows["points"].to_pylist()) == pytest.approx(result.figures["change"], abs=1e-9)


def test_a_longer_span_is_the_sum_of_its_days() -> None:
    world = made([("reply", 4, 2, 3), ("like", 5, 4, 1), ("reshare", 4, 6, 0), ("follow", 2, 7, 9)])
    tables = seen(world, friday(3))

    def points(first: int, last: int) -> dict[tuple[str, str, int], float]:
        start, end = (MIDNIGHT + n * DAY - LAST for n in (first, last))
        rows = explain(tables, start=start, end=end).rows.to_pylist()
        return {(r["cause"], r["kind"], r["account"]): r["points"] for r in rows}

    days: dict[tuple[str, str, int], float] = {}
    for day in range(3, 9):
        for key, value in points(day, day + 1).items():
            days[key] = days.get(key, 0) + value
    assert points(3, 9) == pytest.approx(days)


def test_new_acts_only_add_and_quiet_days_only_take() -> None:
    world = (
        World(own=(ME,)).act("reply", ANNA, ME, at=friday(), via="r").act("like", BEN, ME, at=friday(1) + DAY)
    )
    result = explain(seen(world, friday(2)), start=friday() + DAY, end=friday(2))
    causes = {(r["cause"], r["account"]): r["points"] for r in result.rows.to_pylist()}
    assert causes["new", BEN] > 0
    assert causes["fading", ANNA] < 0
    assert result.figures["quiet_days"] == 11  # whole ones: neither the day of the act nor the two cut ones
    told = [str(note) for note in result.notes]
    assert any(t.startswith("Of all this -") and "on 11 quiet days" in t for t in told)


def test_an_explanation_can_be_said_in_sentences() -> None:
    world = World(own=(ME,)).act("like", BEN, ME, at=friday()).ff(ANNA, ME, at=friday() + 2 * DAY)
    reading: Reading = why(
        measure_named("influence"),
        seen(world, friday(1)),
        lambda keys: dict.fromkeys(keys, "@anna"),
        start=friday(),
    )
    (said,) = [str(note) for note in sentences(reading)]
    assert said.startswith("@anna recommended you: +")
    assert said.endswith("of what came new")


def test_an_explanation_begins_where_the_series_has_a_figure_and_names_both_days() -> None:
    world = World(own=(ME,)).act("reshare", BEN, ME, at=friday()).act("like", ANNA, ME, at=friday(1))
    for now in (friday(1) + timedelta(hours=3), MIDNIGHT + 9 * DAY - LAST):  # a running day, a whole one
        tables = seen(world, now)
        found = explain(tables)
        days = {r["day"]: r["score"] for r in influence(tables).rows.to_pylist()}
        start = now.date() - timedelta(days=7)
        assert found.figures["from_score"] == pytest.approx(days[start])
        assert found.figures["to_score"] == pytest.approx(days[now.date()])
        assert (found.figures["from_day"], found.figures["to_day"]) == (str(start), str(now.date()))
        said = sentence(found.notes[0])
        assert f"({cells.day(start)}) to " in said
        assert f"({cells.day(now)}): " in said


def test_within_one_day_the_times_are_named() -> None:
    world = World(own=(ME,)).act("reshare", BEN, ME, at=friday())
    found = explain(seen(world, friday(1)), start=friday() + DAY / 24, end=friday() + DAY / 12)
    assert len(re.findall(r"\d\d:\d\d UTC", sentence(found.notes[0]))) == 2


def test_who_counts_more_or_less_than_before_is_told_so() -> None:
    rows = [("standing", None, 1, None, p) for p in (0.4, -0.3)]
    told = Reading(
        measure="influence", title="", shape="breakdown", as_of=friday(), columns=COLUMNS, rows=tuple(rows),
        coverage=seen(World(), friday()).coverage, names={1: "@anna"},
    )  # fmt: skip
    said = [sentence(note) for note in sentences(told)]
    assert said[0].startswith("@anna counts more than before")
    assert said[1].startswith("@anna counts less than before")


def test_asking_wrongly_is_said() -> None:
    tables = World(own=(ME,)).act("like", ANNA, ME, at=friday()).tables(friday(1))
    for span in ({"start": friday(1)}, {"end": friday(2)}):
        with pytest.raises(UsageError):
            explain(tables, **span)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        influence(tables, days=0)


@given(st.floats(0, 1e9), st.floats(0, 1e9))
@pytest.mark.filterwarnings("error")
def test_the_slope_of_the_cap_is_a_number_however_much_happens(x: float, y: float) -> None:
    found = float(secant(np.array([x]), np.array([y - x]))[0])
    assert 0 <= found <= 1


@pytest.mark.filterwarnings("error")
def test_the_slope_of_the_cap_times_the_step_is_the_step() -> None:
    x = np.array([0.5, 3, 3, 3, 0, 1e6, 3e5])
    d = np.array([1e-9, -0.9, -3, 7, 1e6, -1e6, 0])
    assert secant(x, d) * d == pytest.approx(np.exp(-x) - np.exp(-(x + d)), rel=1e-6)


@pytest.mark.filterwarnings("error")
def test_a_million_likes_at_once_can_be_explained() -> None:
    world = (
        World(own=(ME,))
        .act("like", ANNA, ME, at=friday())
        .act("like", ANNA, ME, at=friday() + DAY, count=10**6)
    )
    result = explain(seen(world, friday(1)), start=friday() + DAY / 2, limit=None)
    assert sum(result.rows["points"].to_pylist()) == pytest.approx(result.figures["change"], abs=1e-9)


@pytest.mark.parametrize("days", [-1, 0, 36_501, 2**31 - 1, 2**70])
def test_more_than_a_hundred_years_of_days_are_refused(days: int) -> None:
    tables = World(own=(ME,)).act("like", ANNA, ME, at=friday()).tables(friday(1))
    with pytest.raises(UsageError):
        influence(tables, days=days)
