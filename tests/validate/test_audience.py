"""Labelled accounts against the audience's model: whatever is missing or odd, it says what it knows."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from leumund.errors import UnreadableFileError
from leumund.validate.audience import check, ece
from leumund.validate.audience_labels import is_automated
from leumund.validate.audience_training import check as train

COLUMNS = ("account", "handle", "bio", "created_at", "seen_at", "followers", "following", "posts", "label")


def accounts_csv(
    path: Path, *, many: int = 300, columns: tuple[str, ...] = COLUMNS, labels: str = "10"
) -> Path:
    """Made-up accounts: robots follow much, are young and say little."""
    dice = np.random.default_rng(5)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        for n in range(many):
            robot = n < many // 2
            row = {
                "account": f"@a{n}@example.social", "handle": f"a{n}", "bio": "" if robot else "I like my garden",
                "created_at": "2025-12-01" if robot else "2018-05-01", "seen_at": "2026-01-01",
                "followers": int(dice.integers(0, 40) if robot else dice.integers(50, 900)),
                "following": int(dice.integers(100, 2000) if robot else dice.integers(50, 400)),
                "posts": int(dice.integers(0, 300)), "label": labels[0] if robot else labels[1],
            }  # fmt: skip
            writer.writerow(row)
    return path


def test_the_share_of_all_labels_lies_in_the_interval_of_a_hundred(tmp_path: Path) -> None:
    found = check(accounts_csv(tmp_path / "a.csv"), draws=20).figures
    assert found["auc"] > 0.9
    assert found["prevalence"]["low"] <= 0.5 <= found["prevalence"]["high"]
    assert found["after"]["ece"] < found["before"]["ece"]
    assert found["draws"]["held"] >= 0.8


def test_a_file_sorted_by_its_labels_is_no_trap(tmp_path: Path) -> None:
    found = check(accounts_csv(tmp_path / "a.csv", many=1000), draws=0).figures
    assert found["prevalence"]["high"] - found["prevalence"]["low"] <= 0.2


def test_missing_columns_are_unknown_and_no_error(tmp_path: Path) -> None:
    path = accounts_csv(tmp_path / "a.csv", columns=("account", "followers", "label"))
    found = check(path, draws=0).figures
    assert found["signs_known"]["young"] == 0
    assert found["signs_known"]["few_followers"] == 1
    assert found["auc"] > 0.5


def test_posts_are_brought_to_their_accounts(tmp_path: Path) -> None:
    posts = tmp_path / "p.csv"
    posts.write_text("account,happened_at,text\n" + "".join(
        f"@a{n}@example.social,2025-12-{d:02d}T10:00:00Z,Buy now https://shop.example/{d}\n" for n in range(150) for d in range(1, 7)
    ))  # fmt: skip
    found = check(accounts_csv(tmp_path / "a.csv"), posts, draws=0).figures
    assert found["signs_known"]["links"] == 0.5


def test_labels_may_be_words_and_other_words_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("account,kind,followers\n" + "".join(
        f"@a{n}@example.social,{('bot', 'Human', 'perhaps')[n % 3]},{n}\n" for n in range(300)
    ))  # fmt: skip
    found = check(path, label="kind", draws=0).figures
    assert (found["accounts"], found["automated"], found["left_out"]) == (200, 100, 100)


@pytest.mark.parametrize(
    "text",
    [
        "account,label\n@a@example.social,1\n",
        "account,followers\n@a@example.social,1\n",
        "label\n1\n0\n",
        "",
        "account,label\n",
    ],
)
def test_what_cannot_be_judged_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(UnreadableFileError):
        check(path)


@pytest.mark.parametrize(
    ("robot", "person"),
    [("BOT", "human"), ("1", "0"), ("1.0", "-1"), ("True", "False"), ("yes", "no"), ("ja", "Nein"), ("t", "f"), ("bots", "humans"),
     ("social_spambot", "genuine account"), ("automated", "not automated"), ("robot", "Not a robot"), ("bot", "non-bot")],
)  # fmt: skip
def test_labels_are_read_in_the_words_of_collections(robot: str, person: str) -> None:
    assert (is_automated(f" {robot}"), is_automated(f"{person} ")) == (True, False)


@pytest.mark.parametrize("word", ["", "maybe", "2", "nan", "unknown", "not sure", "no bot at all or so"])
def test_other_words_are_no_label(word: str) -> None:
    assert is_automated(word) is None


def test_words_that_are_no_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as told:
        check(accounts_csv(tmp_path / "a.csv", labels="?!"))
    assert "“?”" in str(told.value.hint)


def test_an_account_stands_there_once_and_not_at_all_where_its_labels_differ(tmp_path: Path) -> None:
    path = accounts_csv(tmp_path / "a.csv")
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([*lines, *lines[1:101], *(line[:-1] + "0" for line in lines[101:111])]), "utf-8"
    )
    found = check(path, draws=0).figures
    assert (found["accounts"], found["left_out"]) == (290, 10)


def test_rows_without_a_name_are_not_one_account(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("account,followers,label\n" + "".join(f",{n},{n % 2}\n" for n in range(60)))
    assert check(path, draws=0).figures["accounts"] == 60


def test_of_few_accounts_half_are_labels_so_that_others_are_left_to_measure(tmp_path: Path) -> None:
    found = check(accounts_csv(tmp_path / "a.csv", many=60), draws=0).figures
    assert found["labels"] == 30
    assert found["after"] is not None
    assert check(accounts_csv(tmp_path / "b.csv", many=30), draws=0).figures["prevalence"] is None


def test_signs_that_say_nothing_leave_the_share_as_the_chance_of_all(tmp_path: Path) -> None:
    """Whole steps of Newton's method went back and forth for ever here."""
    path = tmp_path / "a.csv"
    dice = np.random.default_rng(1)
    path.write_text(
        "account,label\n" + "".join(f"@u{n}@ex.example,{int(dice.random() < 0.3)}\n" for n in range(300))
    )
    found = check(path, draws=0).figures
    assert found["after"]["ece"] < 0.1
    assert found["after"]["brier"] < 0.25


def test_absurd_cells_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'@a{n}@example.social,{v},{d},"{t}",{n % 2}' for n, (v, d, t) in enumerate(
        [("1e400", "9999-99-99", "\x1b[2J"), ("-5", "yesterday", "🤖" * 500), ("nan", "0001-01-01", "a" * 5000), ("", "", "")] * 20
    )]  # fmt: skip
    path.write_text("account,followers,created_at,bio,label\n" + "\n".join(rows) + "\n")
    assert check(path, draws=0).figures["accounts"] == 80


def test_a_right_chance_has_no_calibration_error_and_a_wrong_one_has() -> None:
    half = np.full(10, 0.5)
    assert ece(half, np.arange(10) < 5) == 0
    assert ece(half, np.ones(10, bool)) == 0.5


def test_weights_are_learnt_from_what_lies_there_and_none_is_negative(tmp_path: Path) -> None:
    with (tmp_path / "accounts_2015.csv").open("w", encoding="utf-8") as out:
        out.write("uid,NumberOfFollowers,NumberOfFollowing,NumberOfTweets,Label,Screen Name,Name\n")
        for n in range(200):
            robot = n % 2
            counts = f"{5 if robot else 300},{400 if robot else 200},{n % 7 if robot else 900}"
            out.write(f"{n},{counts},{'Content Polluter' if robot else 'Legitimate User'},a{n},Made Up {n}\n")
    found, written = train(tmp_path)
    assert all(weight >= 0 for weight in found.figures["weights"].values())
    assert found.figures["seen"]["fake followers of 2015"] > 0.95
    assert 'version = "1"' in written
    with pytest.raises(UnreadableFileError):
        train(tmp_path / "nothing")
