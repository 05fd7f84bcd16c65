"""Labelled posts against the grammar of thanks: figures that can be checked on paper, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from leumund.errors import UnreadableFileError
from leumund.validate.thanks import check


def test_precision_recall_and_f1_are_told_for_each_language(tmp_path: Path) -> None:
    rows = [
        "Danke fürs Teilen!,1,de",
        "Dank des Regens,0,de",
        "Na ja,1,de",
        "Thanks for sharing,0,en",
        "hello,maybe,en",
    ]
    (tmp_path / "f.csv").write_text("\n".join(["text,thanks,lang", *rows]), "utf-8")
    found = check(tmp_path / "f.csv")
    german = found.figures["languages"]["de"]
    assert german["table"] == {"tp": 1, "fp": 0, "fn": 1, "tn": 1}
    assert (german["precision"], german["recall"], german["f1"]) == (1.0, 0.5, pytest.approx(2 / 3))
    assert found.figures["languages"]["en"]["precision"] == 0
    assert found.figures["f1"] == found.figures["overall"]["f1"] == pytest.approx(0.5)
    assert found.figures["unknown_labels"] == 1
    assert any("de" in line for line in found.told)


@pytest.mark.parametrize("content", ["", "text\nhallo", "text,thanks\nhallo,perhaps", "\x00\x01"])
def test_a_file_that_is_no_such_table_is_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "f.csv").write_text(content, "utf-8")
    with pytest.raises(UnreadableFileError):
        check(tmp_path / "f.csv")


def test_without_a_language_column_it_is_told_from_the_words(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("text;thanks\nVielen Dank für die schöne Empfehlung gestern;1\n", "utf-8")
    assert check(tmp_path / "f.csv").figures["languages"]["de"]["f1"] == 1.0


def test_languages_are_known_however_they_are_written_and_odd_rows_are_counted(tmp_path: Path) -> None:
    rows = [
        "Danke,1,de-AT",
        "Danke,ja,German",
        "No thanks,FALSE,en_GB",
        "Merci beaucoup,1,fr",
        ",0,de",
        "Danke,1",
    ]
    (tmp_path / "f.csv").write_text("\ufeffText,Thanks,Lang\r\n" + "\r\n".join(rows), "utf-8")
    found = check(tmp_path / "f.csv").figures
    assert {name: one["posts"] for name, one in found["languages"].items()} == {"de": 3, "en": 1, "fr": 1}
    assert (found["odd_rows"], found["unknown_labels"], found["f1"]) == (1, 0, 1.0)
