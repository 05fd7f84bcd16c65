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


def test_each_answer_is_kept_and_the_next_is_asked_about(own_site: Site) -> None:
    page = own_site.get("/triage").text
    word = own_site.word()
    asked = []
    for answer in ("person", "robot", "later", "reviewed"):
        uri = shown(page)
        asked.append((uri, answer))
        own_site.post("/triage", {"word": word, "uri": uri, "answer": answer})
        page = own_site.get(f"/triage?before={uri}").text
    assert len({uri for uri, _ in asked}) == 4
    kept = labels(own_site)
    assert [kept[uri] for uri, _ in asked] == ["person", "robot", "later", "reviewed"]


def test_an_answer_can_be_taken_back(own_site: Site) -> None:
    page = own_site.get("/triage").text
    uri, word = shown(page), own_site.word()
    own_site.post("/triage", {"word": word, "uri": uri, "answer": "robot"})
    assert shown(own_site.get(f"/triage?before={uri}").text) != uri
    own_site.post("/triage", {"word": word, "uri": uri, "answer": "later", "again": "1"})
    assert labels(own_site)[uri] == "later"
    assert shown(own_site.get("/triage").text) == uri


@pytest.mark.parametrize(
    "form", [{"uri": "acct:nobody@nowhere.example", "answer": "robot"}, {"uri": "", "answer": "person"}]
)
def test_nobody_unknown_is_labelled(own_site: Site, form: dict[str, str]) -> None:
    before = labels(own_site)
    assert own_site.post("/triage", {"word": own_site.word(), **form}).status == 400
    page = own_site.get("/triage").text
    assert (
        own_site.post("/triage", {"word": own_site.word(), "uri": shown(page), "answer": "villain"}).status
        == 400
    )
    assert labels(own_site) == before


def test_nothing_a_model_says_of_a_follower_is_shown(own_site: Site) -> None:
    page = own_site.get("/triage").text
    card = page.split('<form class="card"')[1].split("</form>")[0]
    assert "%" not in re.sub(r'value="[^"]*"', "", card)
    assert not re.search(r"suspected|probab|score", card, re.IGNORECASE)
