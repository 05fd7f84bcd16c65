"""`leumund validate pairs`: its figures, and what it says of tables that are none."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leumund.validate import pairs
from leumund.validate.sureness import auc

from .files import pairs_csv

Told = Callable[..., tuple[int, str, str]]


def test_the_answer_has_auc_and_interval_of_all_three_scores(asked: Any, tmp_path: Path) -> None:
    found = asked("pairs", pairs_csv(tmp_path / "pairs.csv"))
    for name in ("received", "with_counts", "log_followers"):
        assert found[name]["low"] < found[name]["auc"] < found[name]["high"]
        assert found[name]["auc"] > 0.6
    assert (found["pairs"], found["persons"], found["left_out"]) == (200, 40, 0)
    assert found["with_counts"]["difference"]["value"] == pytest.approx(
        found["with_counts"]["auc"] - found["log_followers"]["auc"]
    )


def test_received_counts_nothing_but_what_was_received(tmp_path: Path) -> None:
    found = pairs.read_pairs(pairs_csv(tmp_path / "pairs.csv"))
    for side in found.features:
        for name in ("follower_count", "listed_count", "posts"):
            side[name][:] = 7
    scores = pairs.scores_of(found)
    again = pairs.check(tmp_path / "pairs.csv").figures
    assert auc(scores["received"], found.chosen) == again["received"]["auc"]


def test_the_same_features_are_the_same_person_on_either_side(tmp_path: Path) -> None:
    found = pairs.read_pairs(pairs_csv(tmp_path / "pairs.csv", persons=12))
    assert found.size == 12
    assert set(np.concatenate(found.persons).tolist()) == set(range(12))


def test_rows_without_a_choice_or_a_count_are_left_out_and_counted(asked: Any, tmp_path: Path) -> None:
    path = pairs_csv(tmp_path / "pairs.csv")
    lines = path.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    broken = [
        ",".join(["", *cells[1:]]), ",".join([*cells[:1], "many", *cells[2:]]), ",".join([*cells[:1], "-5", *cells[2:]]),
        ",".join([*cells[:1], "NaN", *cells[2:]]), ",".join([*cells[:1], "inf", *cells[2:]]), "1,2,3",
    ]  # fmt: skip
    path.write_text("\n".join([*lines, *broken]) + "\n", "utf-8")
    found = asked("pairs", path)
    assert (found["pairs"], found["left_out"]) == (200, 6)


@pytest.mark.parametrize(
    "how", ["semicolon", "tab", "packed", "bom", "small letters", "spaces", "other order"]
)
def test_tables_of_any_make_give_the_same_figures(asked: Any, tmp_path: Path, how: str) -> None:
    plain = pairs_csv(tmp_path / "pairs.csv")
    text = plain.read_text("utf-8")
    head, rest = text.split("\n", 1)
    other = tmp_path / "other.csv"
    made: dict[str, bytes] = {
        "semicolon": text.replace(",", ";").encode(),
        "tab": text.replace(",", "\t").encode(),
        "packed": gzip.compress(text.encode()),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "small letters": f"{head.lower()}\n{rest}".encode(),
        "spaces": text.replace(",", " , ").encode(),
        "other order": "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()).encode(),
    }
    other.write_bytes(made[how])
    assert asked("pairs", other) == asked("pairs", plain)


def test_few_persons_give_figures_without_an_interval(asked: Any, told: Told, tmp_path: Path) -> None:
    path = pairs_csv(tmp_path / "pairs.csv", persons=5, rows=30)
    found = asked("pairs", path)
    assert found["received"]["low"] is None
    assert found["received"]["auc"] > 0
    assert "Too few persons" in told("pairs", path)[1]


def test_missing_columns_are_named(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("A_follower_count,B_follower_count\n1,2\n", "utf-8")
    code, out, err = told("pairs", path)
    assert (code, out) == (1, "")
    assert "“Choice”" in err
    assert "“A_listed_count”" in err
    assert "“A_follower_count”" not in err.splitlines()[0]


HOSTILE = {
    "empty": b"",
    "a picture": b"\x89PNG\x00\x01\x02" * 50,
    "one word": b"hello\n",
    "wide": b"x," * 5_000 + b"\n",
    "cut off": gzip.compress(b"Choice,A_follower_count\n" * 10_000)[:-30],
    "a control code": b"\x1b[2J\x1b[31mChoice,x\n1,1\n",
    "no end of a quotation": b'Choice,"A_follower_count\n1,2\n3,4\n',
    "endless line": b"9" * 300_000,
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("check", ["pairs", "attack", "forecast", "friday"])
def test_what_is_no_such_table_is_said_in_words(told: Told, tmp_path: Path, check: str, what: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(HOSTILE[what])
    code, out, err = told(check, path)
    assert "\x1b" not in out + err
    assert "should not" not in err
    if check != "attack" or "quotation" not in what:  # two cells in each line: as edges they can be read
        assert (code, out) == (1, "")
        assert "odd.csv" in err


@pytest.mark.parametrize("check", ["pairs", "attack", "forecast", "friday", "halves"])
def test_what_is_no_file_is_said_in_words(told: Told, tmp_path: Path, check: str) -> None:
    for place in (tmp_path, tmp_path / "nowhere.csv"):
        code, _out, err = told(check, place)
        assert code == 1
        assert "should not" not in err


def test_a_choice_that_never_differs_is_nothing_to_compare(told: Told, tmp_path: Path) -> None:
    path = pairs_csv(tmp_path / "pairs.csv")
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *("1" + row[1:] for row in rows)]), "utf-8")
    code, _out, err = told("pairs", path)
    assert code == 1
    assert "the same in every row" in err


def test_a_baseline_that_wins_is_said_to_win() -> None:
    assert "baseline wins" in pairs.verdict({"value": -0.1, "low": -0.2, "high": -0.05})
    assert pairs.verdict({"value": 0.1, "low": 0.05, "high": 0.2}) == "better"
    assert "cannot be told apart" in pairs.verdict({"value": 0.1, "low": -0.05, "high": 0.2})


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("cell", ["1e308", "inf", "nan", "-5", "viele"])
def test_a_pair_with_what_is_no_count_is_left_out_and_counted(tmp_path: Path, cell: str) -> None:
    path = pairs_csv(tmp_path / "pairs.csv")
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    for row in rows[1:41]:
        row[rows[0].index("A_retweets_received")] = cell
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    found = pairs.check(path).figures
    assert (found["pairs"], found["left_out"]) == (160, 40)
