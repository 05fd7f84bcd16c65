"""Whether gains grow with what is there or with what is done: known truths are found, and nothing is made up."""

from __future__ import annotations

import itertools
from datetime import timedelta

import numpy as np
import pytest

from leumund.measures.goals.curves import Numbers
from leumund.measures.goals.dependence import Elasticity, elasticities
from leumund.measures.self_runner import SURE, evidence, self_runner, verdict

from .made import World, friday

ME = 1


def weeks_of(dice: np.random.Generator, weeks: int, *, size: float, effort: float) -> tuple[Numbers, Numbers]:
    """Weekly gains that go with what is there to the power of `size`, and with posts to the power of `effort`."""
    there, rows, gains = 300.0, [], []
    for _week in range(weeks):
        posts = 1 + dice.poisson(dice.gamma(3, 5 / 3))
        gain = float(dice.poisson(dice.gamma(4, 10 * (there / 300) ** size * (posts / 6) ** effort / 4)))
        rows.append((there, float(posts)))
        gains.append(gain)
        there += gain
    return np.array(gains), np.array(rows)


@pytest.mark.parametrize(("size", "effort"), [(0.0, 0.0), (1.0, 0.0), (0.5, 0.5)])
def test_intervals_hold_the_truth(size: float, effort: float) -> None:
    """90 % intervals over 200 made-up accounts: at least 85 of 100 hold, less three standard errors."""
    dice = np.random.default_rng(4)
    held: list[bool] = []
    for _account in range(200):
        found = elasticities(*weeks_of(dice, 78, size=size, effort=effort))
        assert found is not None
        held += [e.low <= truth <= e.high for e, truth in zip(found, (size, effort), strict=True)]
    assert np.mean(held) > 0.85 - 3 * np.sqrt(0.9 * 0.1 / len(held))


def test_a_dependence_that_is_not_there_is_seldom_seen() -> None:
    dice = np.random.default_rng(6)
    seen = []
    for _account in range(200):
        found = elasticities(*weeks_of(dice, 60, size=0.0, effort=0.0))
        assert found is not None
        seen += [verdict(e) == "grows_with_it" for e in found]
    assert np.mean(seen) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(seen))


def test_elasticities_do_not_hang_on_units() -> None:
    gains, factors = weeks_of(np.random.default_rng(2), 80, size=0.7, effort=0.3)
    one, other = elasticities(gains, factors), elasticities(gains, factors * [1_000, 0.01])
    assert one is not None
    assert other is not None
    for a, b in zip(one, other, strict=True):
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high), abs=1e-6)


def test_what_never_moves_cannot_be_fitted() -> None:
    gains = np.arange(1.0, 41.0)
    assert elasticities(gains, np.full((40, 1), 5.0)) is None
    assert elasticities(np.zeros(40), np.arange(1.0, 41.0)[:, None]) is None


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.1, 2.0, "grows_with_it"), (-2.0, -0.1, "falls_with_it"), (-0.2, SURE - 0.1, "hardly_depends_on_it"),
        (-0.2, SURE + 0.1, "cannot_be_told"), (-SURE - 0.1, 0.1, "cannot_be_told"),
    ],
)  # fmt: skip
def test_a_verdict_says_no_more_than_its_interval(low: float, high: float, word: str) -> None:
    assert verdict(Elasticity(value=(low + high) / 2, low=low, high=high)) == word


def world_of(*, size: float, effort: float, weeks: int = 120) -> World:
    gains, rows = weeks_of(np.random.default_rng(8), weeks, size=size, effort=effort)
    world = World(own=(ME,))
    for week in range(weeks):
        world.sighting(ME, int(rows[week, 0]), at=friday(week - weeks))
        posts = int(rows[week, 1]) - 1
        for n in range(2 * posts):  # the measure takes the mean of this week and the one before
            world.post(ME, at=friday(week - weeks) + timedelta(hours=6 + n))
    world.sighting(ME, int(rows[-1, 0] + gains[-1]), at=friday())
    return world


def test_a_self_runner_is_called_one_and_another_not() -> None:
    rows = self_runner(world_of(size=1.0, effort=0.0).tables(friday())).rows.to_pylist()
    assert {r["factor"]: r["verdict"] for r in rows}["what_is_there"] == "grows_with_it"
    assert rows[0]["times_low"] < 2 < rows[0]["times_high"]
    found = self_runner(world_of(size=0.0, effort=0.0).tables(friday()))
    assert {r["factor"]: r["verdict"] for r in found.rows.to_pylist()}["what_is_there"] != "grows_with_it"
    assert not any("runs by itself" in str(n) and "As far as" in str(n) for n in found.notes)


def test_hours_count_where_some_are_entered() -> None:
    world = world_of(size=0.0, effort=0.0)
    assert "hours" not in {r["factor"] for r in self_runner(world.tables(friday())).rows.to_pylist()}
    for week in range(60):
        world.stated("hours", at=friday(week - 60), hours=1.0 + week % 7, channel="mastodon")
    rows = {r["factor"]: r for r in self_runner(world.tables(friday())).rows.to_pylist()}
    assert rows["hours"]["lowest"] == 0
    assert 3 < rows["hours"]["highest"] < 8


def test_the_weeks_behind_it_are_shown() -> None:
    tables = world_of(size=0.0, effort=0.0).tables(friday())
    rows = evidence(tables).rows.to_pylist()
    assert len(rows) == 120
    assert all(
        row["what_is_there"] + row["gain"] == after["what_is_there"]
        for row, after in itertools.pairwise(rows)
    )
    assert {row["hours"] for row in rows} == {None}
    assert evidence(tables, account=2).rows.num_rows == 0


def test_too_little_is_said() -> None:
    world = World(own=(ME,))
    for week in range(20):
        world.sighting(ME, 100 + week, at=friday(week - 20))
    found = self_runner(world.tables(friday()))
    assert found.rows.num_rows == 0
    assert "Too little data: 20 weeks" in str(found.notes[0])
