"""Going through the followers in the browser."""

from __future__ import annotations

import re

import pytest
from tests.web.conftest import Site

from leumund.lab import Lab


def shown(page: str) -> str:
    found = re.search(r'name="uri" value="([^"]*)"', page)
    assert found
    return found[1]


def labels(site: Site) -> dict[str, str]:
    """The last answer about each account."""
    with Lab.open(site.folder, read_only=True) as lab:
        rows = lab.register.db.execute(
            "select body from statement where kind = 'label' order by rowid"
        ).fetchall()
    import json

    told = [json.loads(r["body"]) for r in rows]
    return {one["label"]: one["answer"] for one in told}


def test_each_answer_is_kept_and_the_next_is_asked_about(written_site: Site) -> None:
    page = written_site.get("/triage").text
    word = written_site.word()
    asked = []
    for answer in ("person", "robot", "later", "reviewed"):
        uri = shown(page)
        asked.append((uri, answer))
        written_site.post("/triage", {"word": word, "uri": uri, "answer": answer})
        page = written_site.get(f"/triage?before={uri}").text
    assert len({uri for uri, _ in asked}) == 4
    kept = labels(written_site)
    assert [kept[uri] for uri, _ in asked] == ["person", "robot", "later", "reviewed"]


def test_an_answer_can_be_taken_back(written_site: Site) -> None:
    page = written_site.get("/triage").text
    uri, word = shown(page), written_site.word()
    written_site.post("/triage", {"word": word, "uri": uri, "answer": "robot"})
    assert shown(written_site.get(f"/triage?before={uri}").text) != uri
    written_site.post("/triage", {"word": word, "uri": uri, "answer": "later", "again": "1"})
    assert labels(written_site)[uri] == "later"
    assert shown(written_site.get("/triage").text) == uri


@pytest.mark.parametrize(
    "form", [{"uri": "acct:nobody@nowhere.example", "answer": "robot"}, {"uri": "", "answer": "person"}]
)
def test_nobody_unknown_is_labelled(written_site: Site, form: dict[str, str]) -> None:
    before = labels(written_site)
    assert written_site.post("/triage", {"word": written_site.word(), **form}).status == 400
    page = written_site.get("/triage").text
    assert (
        written_site.post(
            "/triage", {"word": written_site.word(), "uri": shown(page), "answer": "villain"}
        ).status
        == 400
    )
    assert labels(written_site) == before


def test_nothing_a_model_says_of_a_follower_is_shown(written_site: Site) -> None:
    page = written_site.get("/triage").text
    card = page.split('<form class="card"')[1].split("</form>")[0]
    assert "%" not in re.sub(r'value="[^"]*"', "", card)
    assert not re.search(r"suspected|probab|score", card, re.IGNORECASE)
