"""The program's own record of forecasts: from what was known then, judged by what came."""

from __future__ import annotations

import numpy as np
import pytest

from leumund.measures.forecasts import AHEAD, EVERY, _share_between, forecasts, growth
from leumund.measures.goals import tracks
from leumund.measures.goals.forecast import forecast

from .made import World, friday

ME = 1


def counted(weeks: int = 80, *, seed: int = 1, left_out: range = range(0)) -> World:
    world = World(own=(ME,))
    counts = 500 + np.cumsum(np.random.default_rng(seed).poisson(12, weeks + 1))
    for week in range(weeks + 1):
        if week not in left_out:
            world.sighting(ME, int(counts[week]), at=friday(week - weeks))
    return world


def test_a_record_says_what_was_foretold_and_what_came() -> None:
    world = counted()
    found = forecasts(world.tables(friday()))
    rows = found.rows.to_pylist()
    assert len(rows) == len(range(80 - AHEAD, 5, -EVERY)) == found.figures["forecasts"]
    assert all((row["day"] - row["made_on"]).days == 7 * AHEAD for row in rows)
    assert all(row["held"] == (row["low"] <= row["came"] <= row["high"]) for row in rows)
    assert found.figures["held_share"] == pytest.approx(np.mean([row["held"] for row in rows]))
    assert np.mean([row["held"] for row in rows]) > 0.7
    low, share, high = (found.figures[f"held_{n}"] for n in ("low", "share", "high"))
    assert 0 < low < share <= high <= 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("held", "many"), [(0, 1), (0, 2), (1, 2), (2, 2), (0, 65), (1, 65), (64, 65), (65, 65)]
)
def test_what_was_seen_lies_within_what_the_share_may_be(held: int, many: int) -> None:
    low, high = _share_between(held, many)
    assert 0 <= low <= held / many <= high <= 1
    assert high - low > 0.01


def test_each_is_the_forecast_of_its_day() -> None:
    world = counted()
    row = forecasts(world.tables(friday())).rows.to_pylist()[-1]
    curve = tracks.followers(world.tables(friday(-AHEAD)))
    assert curve is not None
    then = forecast(curve, AHEAD, draws=1_000)
    assert then is not None
    low, _middle, high = then.interval()
    assert (row["low"], row["high"]) == (round(low[-1]), round(high[-1]))


def test_days_without_a_count_judge_nothing() -> None:
    gap = range(50, 60)
    rows = forecasts(counted(left_out=gap).tables(friday())).rows.to_pylist()
    lost = {friday(week - 80).date() for week in gap}
    assert rows
    assert not lost & {row["day"] for row in rows}
    assert not lost & {row["made_on"] for row in rows}


def test_what_forecasts_rest_on_is_told_week_by_week() -> None:
    tables = counted(left_out=range(50, 60)).tables(friday())
    rows = growth(tables).rows.to_pylist()
    assert len(rows) == 80
    assert sum(row["number"] is None for row in rows) == 10
    assert rows[-1]["gain"] - rows[-1]["loss"] == pytest.approx(12, abs=4)
    assert growth(tables, account=2).rows.num_rows == 0


def test_a_young_lab_has_no_record_yet() -> None:
    found = forecasts(counted(weeks=15).tables(friday()))
    assert found.rows.num_rows == 0
    assert found.figures["held_share"] is None
    assert "No forecast can be judged yet" in str(found.notes[0])
