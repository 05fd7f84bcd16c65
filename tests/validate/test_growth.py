"""Forecasts of goals on given growth curves: how tables are read, which forecasts are made, what is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from leumund.errors import UnreadableFileError, UsageError
from leumund.measures.goals.curves import Curve, Numbers
from leumund.measures.goals.naive import last_8_weeks
from leumund.validate import growth
from leumund.validate.baselines import log_linear
from leumund.validate.curves import Counts, read_counts

Told = Callable[..., tuple[int, str, str]]


def day(n: int) -> str:
    return str(np.datetime64("2024-01-01") + n)


def curves_csv(folder: Path, *, series: int = 6, weeks: int = 60, step: int = 7) -> Path:
    """Accounts that grow by chance, each at its own pace, around half as fast again in the second half."""
    dice = np.random.default_rng(1)
    lines = ["series,date,count"]
    for name in range(series):
        days = np.arange(0, weeks * 7 + 1, step)
        pace = (3 + 4 * name) * step / 7
        counts = 50 + np.cumsum(dice.poisson(dice.gamma(3, pace / 3, len(days))))
        lines += [f"account {name},{day(d)},{n}" for d, n in zip(days.tolist(), counts, strict=True)]
    path = folder / "curves.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "series,date,count\na,2024-01-01,5\nb,2024-01-01,7\na,2024-01-08,6\nb,2024-01-08,9\n",
        "date;a;b\n2024-01-01;5;7\n2024-01-08;6;9\n",
        "a,2024-01-01,5\nb,2024-01-01,7\na,2024-01-08,6\nb,2024-01-08,9\n",
        "timestamp,username,followers\n2024-01-01T10:00:00+00:00,a,5\n2024-01-01 11:00:00,b,7\n2024-01-08,a,6\n2024-01-08,b,9\n",
        "Datum;Konto;Follower\n1.1.2024;a;5\n01.01.2024;b;7\n08.01.2024;a;6\n8.1.2024 12:00;b;9\n",
        "date,account,followers\n01/01/2024,a,5\n01/01/2024,b,7\n01/08/2024,a,6\n1/8/2024,b,9\n12/25/2023,c,\n",
        "date,account,followers\n01/01/2024,a,5\n01/01/2024,b,7\n08/01/2024,a,6\n8/1/2024,b,9\n31/12/2023,c,\n",
        "count,day,name\n6,2024-01-08,a\n7,2024-01-01,b\n5,2024-01-01,a\n9,2024-01-08,b\n",
    ],
)  # fmt: skip
def test_tables_are_read_however_they_are_laid_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "counts.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    found = read_counts(path)
    assert {name: counts.tolist() for name, (_days, counts) in found.series.items()} == {
        "a": [5, 6],
        "b": [7, 9],
    }
    assert all(np.diff(days).tolist() == [7] for days, _counts in found.series.values())
    assert found.told == () or "/2023,c" in text


def test_one_series_needs_no_name_and_other_columns_are_no_series(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(
        "timestamp,followers,following,posts\n\n2024-01-01 00:01:00 UTC,15,,\n2024-01-19,1000,3,4\n"
    )
    ((_name, (_days, counts)),) = read_counts(path).series.items()
    assert counts.tolist()[-1] == 1000
    path.write_text("week,count\n1,4\n2,5\n3,9\n")
    ((_name, (days, counts)),) = read_counts(path).series.items()
    assert np.diff(days).tolist() == [7, 7]


def test_of_several_counts_of_a_day_the_last_one_counts_and_what_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(
        "series,date,count\na,2024-01-01T08:00,5\na,2024-01-01T20:00,6\na,never,7\na,2024-01-09,?\n"
    )
    found = read_counts(path)
    assert found.series["a"][1].tolist() == [6]
    assert "1 rows without a date, 1 without a count" in found.told[0]


def test_what_is_no_curve_is_said(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("name,colour\nanna,red\n")
    with pytest.raises(UnreadableFileError):
        read_counts(path)
    with pytest.raises(UsageError, match="No curve is long enough"):
        growth.check(curves_csv(tmp_path, weeks=20))


def test_a_forecast_knows_nothing_of_what_came_after(tmp_path: Path) -> None:
    counts = read_counts(curves_csv(tmp_path))
    whole = {(c.series, c.curve.last_day): c for c in growth.cases_of(counts, weeks=12, every=12, history=16)}
    cut = {name: (days[:49], values[:49]) for name, (days, values) in counts.series.items()}
    for case in growth.cases_of(Counts(series=cut, told=()), weeks=12, every=12, history=16):
        same = whole[case.series, case.curve.last_day]
        assert np.array_equal(case.curve.gains, same.curve.gains)


def test_each_case_has_its_history_and_its_truth(tmp_path: Path) -> None:
    counts = read_counts(curves_csv(tmp_path, step=1))
    cases = list(growth.cases_of(counts, weeks=12, every=12, history=16))
    assert len(cases) == 6 * 3
    for case in cases:
        assert case.curve.weeks >= 16
        days, values = counts.series[case.series]
        assert case.truth == values[days == case.curve.last_day + 84][0]


def test_where_nobody_counted_there_is_no_truth() -> None:
    days, values = np.array([0, 7, 14, 50], np.int64), np.array([1.0, 2.0, 3.0, 9.0])
    assert growth._at(days, values, 10) == pytest.approx(2 + 3 / 7)
    assert growth._at(days, values, 30) is None
    assert growth._at(days, values, 51) is None


def test_ways_that_know_the_truth_cannot_be_beaten(tmp_path: Path) -> None:
    path = curves_csv(tmp_path)
    truths: dict[int, dict[float, float]] = {}
    for case in growth.cases_of(read_counts(path), weeks=12, every=12, history=16):
        truths.setdefault(case.curve.last_day, {})[case.curve.now] = case.truth

    def seer(curve: Curve, weeks: int) -> Numbers:
        del weeks
        return np.full(9, truths[curve.last_day][curve.now])

    figures = growth.check(path, baselines={"seer": seer}).figures
    assert figures["seer"]["coverage"] == 1
    assert figures["seer"]["crps"] == figures["seer"]["width"] == 0
    assert figures["ours"]["crps"] > 0
    assert figures["crps_ratio"] is None


def test_goals_are_foretold_better_than_by_a_straight_logarithm(tmp_path: Path) -> None:
    figures = growth.check(curves_csv(tmp_path, series=12)).figures
    assert figures["series_used"] == 12
    assert figures["ours"]["crps"] < figures["log_linear"]["crps"]
    assert figures["ours"]["coverage_low"] <= figures["ours"]["coverage"] <= figures["ours"]["coverage_high"]


def test_baselines_go_on_as_they_say() -> None:
    counts: Numbers = 100 * 1.02 ** np.arange(41, dtype=np.float64)
    curve = Curve(last_day=0, counts=counts, gains=np.diff(counts), spans=np.ones(40))
    assert np.median(log_linear(curve, 12)) == pytest.approx(100 * 1.02**52, rel=0.01)
    assert np.median(last_8_weeks(curve, 12)) == pytest.approx(curve.now + 12 * np.diff(counts)[-8:].mean())


def test_growth_is_told_to_people_and_to_programs(told: Told, tmp_path: Path) -> None:
    path = curves_csv(tmp_path)
    code, text, _err = told("growth", path)
    assert code == 0
    assert "the last eight weeks go on (baseline)" in text
    code, text, _err = told("growth", path, "--json", "--every", "24")
    assert code == 0
    assert '"scaled_crps_ratio"' in text


def test_several_files_are_checked_and_any_in_the_folder_stand_in_the_report(
    told: Told, tmp_path: Path
) -> None:
    (tmp_path / "growth").mkdir()
    paths = [curves_csv(tmp_path, series=n).rename(tmp_path / "growth" / f"mine{n}.csv") for n in (2, 3)]
    code, text, _err = told("growth", *paths, "--json", "--every", "24")
    assert code == 0
    assert [one["series"] for one in json.loads(text).values()] == [2, 3]
    page = tmp_path / "page.md"
    code, text, _err = told("report", page, "--data", tmp_path, "--only", "growth")
    assert code == 0, text
    first = page.read_text("utf-8")
    assert "mine2.csv" in first
    assert "mine3.csv" in first
    assert told("report", page, "--only", "growth")[0] == 0
    assert page.read_text("utf-8") == first, "what was measured stays with its date where the files are gone"


@pytest.mark.parametrize(
    "rows", ["", "2024-01-01,5\n", "2024-01-01,-5\n2024-01-08,-6\n", "2024-01-01,1e308\n" * 3, "\n\n"]
)
def test_a_table_without_a_curve_is_refused_in_words(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text("date,followers\n" + rows)
    with pytest.raises((UnreadableFileError, UsageError)):
        growth.check(path)


def test_a_count_that_nobody_can_have_made_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("series,date,followers\na,2024-01-01,5\na,2024-01-02,1e308\na,2024-01-08,6\n")
    found = read_counts(path)
    assert found.series["a"][1].tolist() == [5, 6]
    assert "1 without a count" in found.told[0]


def test_a_byte_of_nothing_costs_its_row_and_commas_may_be_decimal(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"series;date;followers\na;2024-01-01;5,5\na;2024-01-0\x002;6\na;2024-01-08;1,234\n")
    found = read_counts(path)
    assert found.series["a"][1].tolist() == [5.5, 1234]
    assert "1 with too few or too many cells" in found.told[0]


def test_one_curve_tells_nothing_of_how_others_would_fare(tmp_path: Path) -> None:
    figures = growth.check(curves_csv(tmp_path, series=1), baselines={"last": last_8_weeks}).figures
    assert (figures["ours"]["coverage_low"], figures["ours"]["coverage_high"]) == (0, 1)
