"""The order of the no-go evidence against labelled accounts: made-up tables with a known answer."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leumund.measures.conduct import score
from leumund.validate import conduct

Ask = Callable[..., Any]
TALK = (
    "oh yeah, just got home from work, so tired now", "@anna haha that's what she said, i can't even", "watching the rain and having coffee",
    "wish my sister was here tonight, miss her", "damn, the bus is late again and i'm cold", "@ben lol yeah maybe tomorrow then",
)  # fmt: skip
SELLING = (
    "Make Money Online From Home! Free Training http://shop.example/{n}", "Buy Now: Best SEO Software, Special Offer http://shop.example/{n}",
    "Click Here: Free Software For More Followers http://shop.example/{n}", "New Weight Loss Product Review http://shop.example/{n}",
    "Free Webinar: Boost Your Sales Today Only http://shop.example/{n}",
)  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def tables(
    folder: Path,
    *,
    label: str = "label",
    words: tuple[str, str] = ("polluter", "legitimate"),
    profile: bool = True,
) -> tuple[Path, Path]:
    accounts: list[dict[str, object]] = []
    posts: list[dict[str, object]] = []
    for n in range(40):
        sells = n % 2 == 0
        row: dict[str, object] = {"account": f"@User{n}", label: words[0] if sells else words[1]}
        if profile:
            row |= {
                "followers": 200 + n,
                "following": 1900 if sells else 90 + n,
                "posts": 300,
                "created_at": "2025-01-01",
            }
        accounts.append(row)
        posts += [
            {"account": f"user{n}", "text": text.format(n=f"{n}{i}"), "happened_at": f"2026-01-0{i + 1}"}
            for i, text in enumerate((SELLING if sells else TALK)[:5])
        ]
    return write(folder / "accounts.csv", accounts), write(folder / "posts.csv", posts)


def test_sellers_stand_before_talkers(asked: Ask, tmp_path: Path) -> None:
    found = asked("conduct", *tables(tmp_path), "--label", "label")
    assert (found["accounts"], found["polluters"], found["posts"]) == (40, 20, 200)
    assert found["auc_posts_alone"] > 0.95
    assert found["auc_with_profile"] > 0.95
    assert found["posts_alone"]["low"] <= found["posts_alone"]["auc"] <= found["posts_alone"]["high"]
    assert found["brier"] < 0.25
    assert found["flagged"]["others"] == {"with_enough_posts": 20, "flagged": 0}
    assert found["flagged"]["polluters"]["flagged"] == 20


@pytest.mark.parametrize(
    "words",
    [
        ("1", "0"),
        ("spam", "ham"),
        ("Polluter", "Legitimate"),
        ("true", "false"),
        ("y", "n"),
        ("bot", "human"),
        ("1.0", "-1"),
    ],
)
def test_labels_are_read_in_several_words(asked: Ask, tmp_path: Path, words: tuple[str, str]) -> None:
    assert (
        asked("conduct", *tables(tmp_path, label="kind", words=words), "--label", "kind")["polluters"] == 20
    )


def test_an_account_that_has_both_labels_has_none(asked: Ask, tmp_path: Path) -> None:
    accounts, posts = tables(tmp_path)
    with accounts.open("a", encoding="utf-8") as out:
        out.write("@user0,legitimate,200,90,300,2025-01-01\n")
    found = asked("conduct", accounts, posts)
    assert (found["accounts"], found["polluters"], found["unlabelled"]) == (39, 19, 1)


def test_german_dates_are_read_as_in_every_table(asked: Ask, tmp_path: Path) -> None:
    accounts, posts = tables(tmp_path)
    before = asked("conduct", accounts, posts)
    accounts.write_text(accounts.read_text("utf-8").replace("2025-01-01", "01.01.2025"), "utf-8")
    german = posts.read_text("utf-8")
    for day in range(1, 6):
        german = german.replace(f"2026-01-0{day}", f"0{day}.01.2026")
    posts.write_text(german, "utf-8")
    assert asked("conduct", accounts, posts) == before


def test_columns_that_are_not_there_are_unknown_not_nothing(asked: Ask, tmp_path: Path) -> None:
    found = asked("conduct", *tables(tmp_path, profile=False))
    assert found["with_profile"] is None
    assert found["auc_with_profile"] is None
    assert found["auc_posts_alone"] > 0.95
    assert found["brier"] == found["brier_posts_alone"]


def test_what_is_missing_or_one_sided_is_said(
    told: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    accounts, posts = tables(tmp_path, words=("1", "1"))
    code, _out, err = told("conduct", accounts, posts)
    assert code == 1
    assert "both kinds" in err
    code, _out, err = told("conduct", accounts, posts, "--label", "nowhere")
    assert code == 1
    assert "nowhere" in err
    code, _out, err = told("conduct", accounts, accounts)
    assert code == 1
    assert "text" in err


def test_people_are_told_the_same_in_sentences(
    told: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, _err = told("conduct", *tables(tmp_path))
    assert code == 0
    assert "from the posts alone" in out
    assert "20 of 20 polluters" in out


def test_parameters_are_fitted_on_some_and_checked_on_others(tmp_path: Path) -> None:
    accounts, posts = tables(tmp_path)
    found = conduct.fit_and_check(accounts, posts, label="label", to=tmp_path / "score.toml", version="9")
    assert found.figures["fitted_on"] + found.figures["held_out"] == 40
    assert found.figures["posts_alone"]["auc"] > 0.9
    assert score.read((tmp_path / "score.toml").read_text("utf-8")).version == "9"


def test_the_score_is_a_sum_and_what_is_unknown_adds_nothing() -> None:
    shipped = score.shipped()
    nothing = {name: np.array([np.nan]) for name in (*shipped.posts, *shipped.profile)}
    assert score.total(shipped.posts, nothing, 1)[0] == 0
    some = {name: np.array([0.3]) for name in shipped.posts}
    assert score.total(shipped.posts, some, 1)[0] == pytest.approx(
        sum(p[0] for p in score.points(shipped.posts, some).values())
    )
