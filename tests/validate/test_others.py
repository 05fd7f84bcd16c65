"""The other checks: forecast, halves, intervals, reach, friday, and the page they are written into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from leumund.errors import UsageError
from leumund.validate import forecast, friday, halves, intervals, reach, report
from leumund.validate.edges import Edges
from tests.measures.made import World
from tests.measures.made import friday as on_friday

from .files import pairs_csv

Told = Callable[..., tuple[int, str, str]]


def growing(size: int = 40, days: int = 70) -> Edges:
    """Account k is responded to by k others each week, by each of them once."""
    rows = [
        (other, k, (week * 7 + other % 7) * 86_400.0)
        for k in range(size) for week in range(days // 7) for other in range(size, size + k)
    ]  # fmt: skip
    source, target, at = zip(*rows, strict=True)
    return Edges(
        names=pa.array([str(i) for i in range(2 * size)]), source=np.array(source, np.int32),
        target=np.array(target, np.int32), weight=np.ones(len(rows)), time=np.array(at), told=(),
    )  # fmt: skip


def test_where_everything_goes_on_as_before_every_way_foretells_it() -> None:
    found = forecast.check(edges=growing()).figures
    assert all(found[way] > 0.95 for way in forecast.WAYS)
    assert (
        found["ahead_of_count"]["low"] <= found["ahead_of_count"]["value"] <= found["ahead_of_count"]["high"]
    )


def test_nothing_of_the_time_to_be_foretold_is_used() -> None:
    whole = growing()
    assert whole.time is not None
    at = np.round(whole.time * 1e6).astype(np.int64)
    moment = int(35 * 86_400e6)
    kept = at <= moment
    before = Edges(
        names=whole.names, source=whole.source[kept], target=whole.target[kept], weight=whole.weight[kept],
        time=whole.time[kept], told=(),
    )  # fmt: skip
    _asked, with_future = forecast._at(whole, at, moment)
    _asked, without = forecast._at(before, at[kept], moment)
    assert with_future[0].any()
    assert not without[0].any()
    assert np.array_equal(with_future[1:], without[1:])


def test_a_baseline_that_wins_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    del capsys
    figures = {
        "edges": 1, "accounts": 1, "days": 50.0, "moments": 1, "asked": 1, "score": 0.1, "count": 0.3, "responders": None,
        "ahead_of_count": {"value": -0.2, "low": -0.3, "high": -0.1},
        "ahead_of_responders": {"value": None, "low": None, "high": None},
    }  # fmt: skip
    assert any("The baseline wins" in line for line in forecast._told(figures))
    assert "**the baseline wins**" in forecast.section([("x", "y", figures)])


def test_too_short_a_time_is_said(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("source,target,time\na,b,1767225600\nb,c,1767235600\n", "utf-8")
    code, _out, err = told("forecast", path)
    assert code == 1
    assert "42 days" in err


def board(loyal: int) -> World:
    """So many recommend the same three, and as many somebody whom nobody else knows."""
    world = World(own=(1,))
    for who in range(loyal):
        world.ff(100 + who, 2 + who % 3, at=on_friday(), reason="listens").ff(
            500 + who, 900 + who, at=on_friday()
        )
    return world


def test_a_board_with_favourites_is_much_the_same_from_either_half() -> None:
    found = halves.check(board(40).tables(on_friday(0.1)), splits=50).figures
    assert found["recommenders"] == 80
    assert found["score"]["spearman"] > 0.2
    assert found["score"]["first_ten"] >= 0.3


def test_without_favourites_halves_agree_on_nothing() -> None:
    world = World(own=(1,))
    for who in range(60):
        world.ff(100 + who, 900 + who, at=on_friday(), reason="listens" if who % 2 else "")
    found = halves.check(world.tables(on_friday(0.1)), splits=20).figures
    assert found["score"]["spearman"] is None  # whom one half recommends, the other does not know
    assert found["score"]["on_both"] == 0


def test_too_few_to_split_is_said() -> None:
    with pytest.raises(UsageError, match="too few"):
        halves.check(board(2).tables(on_friday(0.1)))


def test_votes_older_than_three_half_lives_are_not_looked_at() -> None:
    world = board(20)
    for who in range(30):
        world.ff(2000 + who, 3000 + who, at=on_friday(-20), reason="long ago")
    found = halves.check(world.tables(on_friday(0.1)), splits=5).figures
    assert found["recommenders"] == 40
    longer = halves.check(world.tables(on_friday(0.1)), splits=5, half_life_weeks=10).figures
    assert longer["recommenders"] == 70


def test_the_busiest_weeks_are_those_with_most_people_not_most_posts() -> None:
    world = World(own=(1,))
    for week in range(3):
        for who in range(5):
            world.ff(100 + who, 2, at=on_friday(week))
    for again in range(40):
        world.ff(7, 200 + again, at=on_friday(40))
    end = halves.busiest(world.tables(on_friday(60)))
    assert end.date().isoformat() == "2026-03-08"  # the first Sunday by which all five had spoken
    assert halves.busiest(World(own=(1,)).tables(on_friday())) == on_friday()


@pytest.mark.parametrize("weeks", [0, -1, float("inf"), float("nan")])
def test_a_half_life_that_is_none_is_asked_wrongly(weeks: float) -> None:
    with pytest.raises(UsageError, match="half-life"):
        halves.check(board(20).tables(on_friday(0.1)), half_life_weeks=weeks)


def test_halves_of_a_file_are_read_by_its_mapping(asked: Any, tmp_path: Path) -> None:
    posts, mapping = tmp_path / "posts.csv", tmp_path / "map.toml"
    rows = [f"{n},Fri Mar 06 09:00:{n:02d} +0000 2026,u{n},#FF @star{n % 3} who listens" for n in range(40)]
    posts.write_text("\n".join(["tweet_id,created_at,author,text", *rows]) + "\n", "utf-8")
    mapping.write_text(
        'noun = "post"\nnetwork = "x"\n[columns]\npost = "tweet_id"\naccount = "author"\ntext = "text"\n'
        'happened_at = { column = "created_at", format = "%a %b %d %H:%M:%S %z %Y" }\n'
        'visibility = { value = "public" }\n',
        "utf-8",
    )
    found = asked("halves", posts, "--mapping", mapping)
    assert (found["recommenders"], found["accounts"], found["as_of"]) == (40, 3, "2026-03-08")


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    found = intervals.check(worlds=60).figures
    for kind in found["kinds"].values():
        assert 0.8 < kind["held"] <= 1.0
        assert 0 < kind["too_little_data"] < 0.6
        assert all(band["n_eff_from"] >= found["least_n_eff"] for band in kind["bands"])


def test_standing_reaches_people_and_no_robot() -> None:
    found = reach.check(marks=(0, 10), followers=200).figures["by_marks"]
    for groups in found.values():
        assert groups["people"]["acts"] > 1000
        assert groups["people"]["share"] > 0.4
        assert groups["robots"]["share"] <= 0.01
        assert groups["schemers"]["share"] <= 0.01
    assert found["10"]["people"]["share"] > found["0"]["people"]["share"]


def test_labels_are_compared_post_by_post(asked: Any, tmp_path: Path) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text(
        'text,class,endorsed\n"#FF @ann, who listens",vote,@ann\n"Thanks for the #FF, @ben",thanks,\n'
        '"Good morning",other,\n"#FF @ann @ben",vote,ann carla\nwhat,riddle,\n',
        "utf-8",
    )
    found = asked("friday", path)
    assert (found["posts"], found["unknown_labels"], found["right"]) == (4, 1, 1.0)
    assert found["table"]["vote"]["vote"] == 2
    assert found["f1"] == pytest.approx(2 * 2 / (3 + 3))
    assert found["baseline"] < 1


def test_labels_that_are_all_unknown_are_no_comparison(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text("text,class\nhello,riddle\n", "utf-8")
    code, _out, err = told("friday", path)
    assert code == 1
    assert "begging" in err


@pytest.mark.parametrize(("right", "total"), [(0, 5), (5, 5), (3, 7)])
def test_the_interval_of_a_share_lies_around_it(right: int, total: int) -> None:
    low, high = friday.wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1


PAGE = "# Checked\n\nWords.\n\n<!-- measured: pairs -->\nold\n<!-- /measured: pairs -->\n\nMore words.\n"


def test_the_page_keeps_all_words_outside_its_marks(told: Told, tmp_path: Path) -> None:
    page, data = tmp_path / "docs" / "validity.md", tmp_path / "data"
    page.parent.mkdir()
    page.write_text(PAGE, "utf-8")
    (data / report.PAIRS).parent.mkdir(parents=True)
    pairs_csv(data / report.PAIRS)
    code, out, _err = told("report", page, "--data", data, "--only", "pairs")
    text = page.read_text("utf-8")
    assert code == 0
    assert "pairs: measured" in out
    before, after = PAGE.split("old")
    assert text.startswith(before)
    assert text.endswith(after)
    assert "`leumund validate pairs pairs_human_judgement.csv`: 200 pairs of 40 persons" in text
    told("report", page, "--data", data, "--only", "pairs")
    assert page.read_text("utf-8") == text


def test_data_that_cannot_be_had_leaves_the_older_figures(told: Told, tmp_path: Path) -> None:
    page = tmp_path / "validity.md"
    page.write_text(PAGE, "utf-8")
    code, out, _err = told("report", page, "--only", "pairs", "--only", "attack")
    assert code == 0
    assert "pairs: left out" in out
    text = page.read_text("utf-8")
    assert "\nold\n" in text
    assert "Not measured here: `graphs/advogato/out.advogato` could not be had." in text


def test_a_check_there_is_none_of_is_asked_wrongly(told: Told, tmp_path: Path) -> None:
    code, _out, err = told("report", tmp_path / "page.md", "--only", "everything")
    assert code == 2
    assert "pairs" in err


def test_every_check_has_its_place_on_the_page() -> None:
    text = (Path(__file__).parents[2] / "docs" / "validity.md").read_text("utf-8")
    for name in report.CHECKS:
        begin, end = report._BLOCK.format(name=name), report._END.format(name=name)
        assert text.count(begin) == text.count(end) == 1
        assert "Measured on" in text.split(begin)[1].split(end)[0]
