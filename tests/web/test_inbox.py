"""What came in, and the owner's posts: filtered, found, and walked through page by page without loss."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.web.conftest import Site

from leumund.web import box
from leumund.web.sight import open_sight

BEN = "@ben@werkstatt.example"


def test_page_by_page_every_act_is_met_once_both_ways(hostile: Site) -> None:
    size = 4
    with open_sight(hostile.folder) as sight:
        tables = sight.state.tables
        box.define_box(sight)
        every = [r["number"] for r in box.page_of(tables, size=1000)]
        assert len(every) == 17, "four answers, quotes, mentions, likes, and what Ben shared"
        met: list[int] = []
        rows = box.page_of(tables, size=size)
        while rows:
            met += [r["number"] for r in rows]
            last = rows
            rows = box.page_of(tables, size=size, place=box.place_of(rows[-1], older=True))
        assert met == every
        back = [r["number"] for r in last]
        while rows := box.page_of(tables, size=size, place=box.place_of(last[0], older=False)):
            back = [r["number"] for r in rows] + back
            last = rows
        assert back == every


def test_the_inbox_is_filtered_by_kind_person_network_and_day(hostile: Site) -> None:
    def seen(**query: str) -> str:
        got = hostile.get(f"/inbox?{urlencode(query)}")
        assert got.status == 200
        return got.text.split("<main")[1]

    assert "shared a post of yours" in seen()
    assert BEN in seen()
    assert "shared a post of yours" not in seen(kind="words")
    assert "mag ich" in seen(kind="reply")
    assert BEN not in seen(kind="like")
    assert "answered you" not in seen(name="ben")
    assert "shared a post of yours" in seen(name="ben")
    assert "Nothing of that kind" in seen(network="bluesky")
    assert "Nothing of that kind" in seen(until="1.1.2020")
    assert BEN in seen(until="heute")
    assert hostile.get("/inbox?until=irgendwann").status == 400
    for odd in ("before=x", "before=1.", "after=-.2", "person=x", "kind=all", "network=myspace"):
        assert hostile.get(f"/inbox?{odd}").status == 200


def test_a_post_is_found_by_its_words_and_shows_who_responded(hostile: Site) -> None:
    found = hostile.get("/posts?words=guten+MORGEN").text
    assert "Guten Morgen" in found
    assert "2 people responded: 2 likes, shared once, one answer, quoted once" in found
    assert "No post of yours fits that" in hostile.get("/posts?words=abend").text
    first = hostile.get("/posts?order=most").text
    assert first.index("Guten Morgen") < first.index("evil")
    one = hostile.get("/posts/one?" + urlencode({"post": "https://kiez.example/@petra/0"}))
    assert BEN in one.text
    assert "mag ich" in one.text
    assert hostile.get("/posts/one?post=https://boese.example/ad/1").status == 400, "not hers"
    assert hostile.get("/posts/one").status == 200, "the newest"
