"""The page of the board to publish: consents noted and taken back, the folder built and replaced, lists to copy."""

from __future__ import annotations

from pathlib import Path

from tests.web.conftest import Site

from leumund.lab import Lab
from leumund.store.consents import words_in

BEN = "acct:ben@werkstatt.example"


def words(site: Site) -> list[tuple[str, str, bool, str]]:
    with Lab.open(site.folder, read_only=True) as lab:
        return [(w.uri, w.purpose, w.holds, w.how) for w in words_in(lab.register)]


def test_a_yes_is_noted_with_its_evidence_and_taken_back(hostile: Site) -> None:
    form = {"word": hostile.word(), "account": "@Ben@werkstatt.example"}
    assert (
        hostile.post("/board", {**form, "do": "yes", "how": "per <b>Mail</b>", "until": "31.1.2099"}).status
        == 303
    )
    assert words(hostile) == [(BEN, "board", True, "per <b>Mail</b>")]
    page = hostile.get("/board")
    assert page.headers["cache-control"] == "no-store"
    assert "per &lt;b&gt;Mail&lt;/b&gt;" in page.text
    assert "not looked at for more than a week" in page.text
    assert hostile.post("/board", {**form, "do": "no"}).status == 303
    assert words(hostile) == [(BEN, "board", False, ""), (BEN, "parts", False, "")]
    for wrong in ({"account": ""}, {"account": "@petra@kiez.example"}, {"until": "1.1.2020"}, {"do": "burn"}):
        assert hostile.post("/board", {**form, "do": "yes", **wrong}).status == 400, wrong
    assert hostile.post("/board", {"do": "yes", "account": BEN}).status == 403


def test_the_folder_is_built_where_she_says_and_nobody_s_work_is_touched(
    hostile: Site, tmp_path: Path
) -> None:
    out = tmp_path / "board"
    form = {
        "word": hostile.word(),
        "do": "build",
        "board": "all",
        "places": "25",
        "folder": str(out),
        "contact": "petra@kiez.example",
    }
    assert hostile.post("/board", form).status == 303
    assert "mailto:petra@kiez.example" in (out / "why.html").read_text("utf-8")
    page = hostile.get("/board").text
    assert str(out) in page
    (out / "notes.txt").write_text("mine", "utf-8")
    assert "notes.txt" in hostile.post("/board", form).text
    assert (out / "notes.txt").read_text("utf-8") == "mine"
    for wrong in (
        {"folder": "board"},
        {"places": "0"},
        {"places": "many"},
        {"board": "nirgends"},
        {"address": "x"},
    ):
        assert hostile.post("/board", {**form, **wrong}).status == 400, wrong
    assert "Nobody" in hostile.get("/board?list=mastodon").text
    assert hostile.get("/board?list=elsewhere").status == 400
