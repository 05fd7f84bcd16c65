"""What if: the floor by arithmetic, what may be expected by drawing the slow way, and how long a year takes."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import pytest

from leumund.measures.arrivals import Paths, Pool
from leumund.measures.days import DAY_US
from leumund.measures.influence.fading import kernel
from leumund.measures.influence.score import Mass, capped, mass, score, stranger, sums
from leumund.measures.what_if import what_if

from .made import World, friday, long_ago

ME, BEN, CARLA = 1, 2, 3


def drawn_slowly(pool: Pool, x: list[np.ndarray], tau: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """The same by the definition: every act that arrived, with the age it has on each day."""
    days = len(x) - 1
    drawn = np.random.default_rng(2011).integers(pool.days, size=(200, days))
    paths = np.zeros((200, days + 1))
    for draw in range(200):
        for day in range(days + 1):
            y = x[day].copy()
            for begun in range(day):
                here = pool.day == drawn[draw, begun]
                age = day - begun - pool.time_us[here] / DAY_US
                y += sums(pool.person[here], pool.worth[here] * kernel(age), len(y))
            g = capped(y)
            paths[draw, day] = score(Mass(float(g @ tau), float(g @ strange)).whole)
    return np.stack([paths.mean(axis=0), *np.percentile(paths, [5, 95], axis=0)])


def test_days_carried_on_give_what_every_act_by_itself_gives() -> None:
    dice = np.random.default_rng(1)
    many, people, days = 40, 7, 9
    pool = Pool(
        days=6, day=dice.integers(0, 6, many), person=dice.integers(1, people, many),
        time_us=dice.integers(0, DAY_US, many), worth=dice.choice([0.3, 2.0, 4.0], many),
    )  # fmt: skip
    tau = dice.choice([0.0, 0.5, 1.0, 1.7], people)
    strange = stranger(tau) * dice.choice([0.0, 1.0], people)
    x = [dice.random(people) * 0.9**day for day in range(days + 1)]
    paths = Paths(pool, tau, strange, days)
    for there in x:
        paths.day_ends(there, mass(tau, np.where(strange > 0, 1.0, 0.0), capped(there)))
    np.testing.assert_allclose(paths.expected(), drawn_slowly(pool, x, tau, strange), atol=1e-9)


def test_a_year_of_silence_in_a_busy_lab_ends() -> None:
    dice = np.random.default_rng(2)
    many, people, days = 400_000, 2_000, 365
    pool = Pool(
        days=300, day=dice.integers(0, 300, many), person=dice.integers(0, people, many),
        time_us=dice.integers(0, DAY_US, many), worth=np.full(many, 2.0),
    )  # fmt: skip
    tau, begun = np.full(people, 0.5), time.process_time()
    paths = Paths(pool, tau, 1 - tau, days)
    for _day in range(days + 1):
        paths.day_ends(np.zeros(people), Mass(0.0, 0.0))
    assert paths.expected().shape == (3, days + 1)
    assert time.process_time() - begun < 30, "act by act it took minutes"


def test_a_huge_lab_is_drawn_less_often_not_more_slowly() -> None:
    people = 100_000
    pool = Pool(
        days=5, day=np.arange(people) % 5, person=np.arange(people), time_us=np.zeros(people, np.int64),
        worth=np.ones(people),
    )  # fmt: skip
    nobody = np.zeros(people)
    assert len(Paths(pool, nobody, nobody, 365)._drawn) == 27
    assert len(Paths(pool, nobody, nobody, 10)._drawn) == 100


def test_what_is_asked_of_one_person_is_what_she_adds() -> None:
    world = World(own=(ME,)).mark(BEN, "trust", at=long_ago()).act("reply", CARLA, ME, at=friday(-1), via="r")
    world.act("reshare", BEN, ME, at=friday(-1), post="p")
    tables = world.tables(friday())
    result = what_if(tables, silent=10, endorsement_from=BEN)
    first, last = result.rows.to_pylist()[0], result.rows.to_pylist()[-1]
    world.ff(BEN, ME, at=friday() - timedelta(microseconds=1))
    later = what_if(world.tables(friday()), silent=10).rows.to_pylist()
    assert first["endorsed"] - first["floor"] == pytest.approx(result.figures["gain"])
    assert (first["endorsed"], last["endorsed"]) == pytest.approx((later[0]["floor"], later[-1]["floor"]))
    assert result.figures["silent_days"] == 0
    assert last["expected"] is None, "no post of hers is known, so no silence either"
