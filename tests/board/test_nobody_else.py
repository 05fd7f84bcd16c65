"""Nobody is on a published board who did not agree: not by name, by a gap in the places, or by a sum."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.events import Post
from tests.board.worlds import NOW, SAYS, Praise, Somebody, built, make

PEOPLE = st.lists(st.sampled_from(SAYS), min_size=3, max_size=9).map(
    lambda said: [Somebody(n, says) for n, says in enumerate(said)]
)
PRAISE = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 11)), max_size=40)


def data(site: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(site["board.json"]))


@settings(max_examples=3)
@given(people=PEOPLE, praise=PRAISE, trusting=st.booleans())
def test_nothing_in_any_file_tells_of_who_did_not_agree(
    tmp_path_factory: pytest.TempPathFactory, people: list[Somebody], praise: list[Praise], trusting: bool
) -> None:
    check_world(tmp_path_factory.mktemp("w"), people, praise, trusting=trusting)


@pytest.mark.long
@settings(max_examples=80)
@given(people=PEOPLE, praise=PRAISE, trusting=st.booleans())
def test_nothing_tells_of_them_in_many_more_worlds(
    tmp_path_factory: pytest.TempPathFactory, people: list[Somebody], praise: list[Praise], trusting: bool
) -> None:
    check_world(tmp_path_factory.mktemp("w"), people, praise, trusting=trusting)


def check_world(folder: Path, people: list[Somebody], praise: list[Praise], *, trusting: bool) -> None:
    """No byte of the board of that world tells of anybody who did not agree, and its numbers can be checked."""
    with make(folder / "lab", people, praise, trusting=trusting) as lab:
        site = built(lab)
    everything = b"\n".join([*site.values(), *(name.encode() for name in site)])
    for person in people:
        if not person.is_named:
            found = [t for t in person.traces() if t in everything]
            assert not found, (person, found)
    assert b"geheim" not in everything
    board = data(site)
    assert [p["place"] for p in board["places"]] == list(range(1, len(board["places"]) + 1))
    named = {p.handle for p in people if p.is_named}
    assert {p["account"] for p in board["places"]} | {
        h for p in board["places"] for h in p["recommended_by"]
    } <= named
    for place in board["places"]:
        held = {past["until"]: past["place"] for past in place["past"] if past["place"] is not None}
        others = [p for q in board["places"] if q != place for p in q["past"] if p["place"] is not None]
        for until, rank in held.items():
            assert 1 <= rank <= 1 + sum(p["until"] == until for p in others), (
                "past places are counted among the same"
            )
    check_numbers(board)


def check_numbers(board: dict[str, Any]) -> None:
    """The published data give the published scores, and these the places."""
    now = date.fromisoformat(board["week"])
    scores = []
    for place in board["places"]:
        ages = [((now - date.fromisoformat(w["week"])).days // 7, w["given"]) for w in place["weeks"]]
        score = sum(given * 0.5 ** (age / board["half_life_weeks"]) for age, given in ages)
        assert score == pytest.approx(place["score"], abs=1e-5 * (1 + len(ages)))
        assert len(set(place["recommended_by"])) == len(place["recommended_by"])
        assert {v["by"] for v in place["votes"]} == set(place["recommended_by"])
        assert place["others"] == 0 or place["others"] == "1-4" or place["others"] >= 5
        scores.append(place["score"])
    assert scores == sorted(scores, reverse=True)


def test_whatever_else_is_known_of_those_who_did_not_agree_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Another name, another address and any post beside the point leave the site as it was."""
    people = [Somebody(n, SAYS[n % len(SAYS)]) for n in range(12)]
    silent = next(p for p in people if p.says == "no answer")
    praise = [
        (a, b, w)
        for a in range(12)
        for b in range(12)
        for w in (0,)
        if (a * 7 + b) % 3 == 0 and people[a] != silent
    ]
    with make(tmp_path_factory.mktemp("w") / "lab", people, praise) as lab:
        before = built(lab)
    other = [replace(p, number=777) if p == silent else p for p in people]
    noise = [
        Post(post=f"https://x.example/{n}", account=other[other.index(replace(silent, number=777))].uri, network="mastodon",
             happened_at=NOW - timedelta(days=n + 1), text="Guten Morgen, heute regnet es hier.", language="de")
        for n in range(3)
    ]  # fmt: skip
    with make(tmp_path_factory.mktemp("w") / "lab", other, praise, *noise) as lab:
        after = built(lab)
    assert data(before)["places"]
    assert before == after


def test_whoever_takes_it_back_vanishes_from_the_past_and_the_feeds_too(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    people = [Somebody(n, "yes") for n in range(4)]
    praise = [(a, b, w) for a in range(4) for b in range(4) for w in (0, 2)]
    gone = replace(people[2], says="taken back")
    with make(tmp_path_factory.mktemp("w") / "lab", people, praise) as lab:
        assert people[2].user.encode() in built(lab)["feed.xml"]
    with make(tmp_path_factory.mktemp("w") / "lab", [*people[:2], gone, *people[3:]], praise) as lab:
        site = built(lab)
    assert not any(t in content for t in gone.traces() for content in site.values())
    assert [p["place"] for p in data(site)["places"]] == [1, 2, 3]
