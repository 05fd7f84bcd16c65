"""The thanks ledger in the browser: who waits, thanked elsewhere, let go, taken back."""

from __future__ import annotations

import re

from tests.web.conftest import Site

BEN = "ben@werkstatt.example"


def card(page: str, name: str) -> str:
    """What stands there about somebody who waits; "" where she does not."""
    cards = page.split('<section class="card"')[1:]
    return next((c.split("</section>")[0] for c in cards if name in c.split("</h2>")[0]), "")


def key_of(part: str) -> str:
    found = re.search(r'name="person" value="(-?\d+)"', part)
    assert found
    return found[1]


def test_who_waits_is_thanked_let_go_and_taken_back(hostile: Site) -> None:
    page = hostile.get("/thanks").text
    ben = card(page, BEN)
    assert "shared a post of yours" in ben
    assert "https://kiez.example/@petra/0" in ben
    assert "@ben@werkstatt.example Danke" in ben or "@ben@werkstatt.example Thank you" in ben
    person, word = key_of(ben), hostile.word()
    hers = hostile.get(f"/people/{person}").text
    assert "What this person did for you" in hers
    assert "Your thanks: waits since" in hers
    assert f'href="/nogo?account={person}"' in hers
    for do, said in (("thanked", "thanked, "), ("let go", "let go, ")):
        done = hostile.post("/thanks", {"word": word, "person": person, "do": do})
        assert (done.status, done.headers["location"]) == (303, "/thanks")
        page = hostile.get("/thanks").text
        assert card(page, BEN) == ""
        assert card(page, "mal"), "the others still wait"
        assert f"@{BEN}: {said}" in page
        entry = re.search(r'name="entry" value="(\w+)"', page)
        assert entry
        back = {"word": word, "entry": entry[1], "do": "back"}
        assert hostile.post("/thanks", back).status == 303
        assert card(hostile.get("/thanks").text, BEN)
        assert hostile.post("/thanks", back).status == 400, "it was taken back already"


def test_nobody_unknown_is_thanked_and_no_other_word_is_kept(hostile: Site) -> None:
    word = hostile.word()
    person = key_of(card(hostile.get("/thanks").text, "mal"))
    for form in (
        {"person": "12345", "do": "thanked"},
        {"person": person, "do": "ignored"},
        {"do": "thanked"},
    ):
        assert hostile.post("/thanks", {"word": word, **form}).status == 400
    assert hostile.post("/thanks", {"person": person, "do": "thanked"}).status == 403
    assert 'name="entry"' not in hostile.get("/thanks").text
