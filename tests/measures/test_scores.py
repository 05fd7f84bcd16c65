"""Everybody's influence in one pass: for each account the very number that `influence` says of it by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.asking import Question
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.measures import measure_named
from leumund.measures.influence import influence
from leumund.measures.scores import scores
from leumund.simulate.world import career_coach
from leumund.store.people import link
from leumund.store.tables import Tables
from tests.draws import draws

from .made import World, friday, long_ago

PEOPLE = range(1, 7)
KINDS = ("reshare", "quote", "reply", "mention", "follow", "like", "unfollow", "endorse")


def act() -> st.SearchStrategy[tuple[Any, ...]]:
    who = st.sampled_from(PEOPLE)
    post = st.one_of(st.none(), st.sampled_from(["v1", "v2", "v3"]))
    return st.tuples(
        st.sampled_from(KINDS), who, who, st.floats(0, 900), post, st.sampled_from([1, 1, 1, 60])
    )


def alone(tables: Tables, account: int) -> dict[str, Any]:
    return dict(influence(tables, account=account, days=1).figures)


@draws(5)
@given(
    st.lists(act(), max_size=14),
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sets(st.sampled_from(PEOPLE), min_size=1), st.floats(0, 60)), max_size=5),
    st.sets(st.sampled_from(PEOPLE), max_size=2),
    st.booleans(),
)  # fmt: skip
def test_everybody_gets_the_number_that_influence_says_of_her_alone(
    acts: list[tuple[Any, ...]], lists: list[tuple[int, set[int], float]], trusted: set[int], one: bool
) -> None:
    now = friday(200)
    world = World(persons=((5, 6),) if one else ())
    world.post(1, at=now - timedelta(days=1000), post="v3", visibility="followers")
    for kind, actor, target, days, post, count in acts:
        world.act(kind, actor, target, at=now - timedelta(days=days), via=post, count=count)
    for n, (author, named, days) in enumerate(lists):
        world.ff(author, *named, at=now - timedelta(days=days), post=f"ff{n}")
    for account in trusted:
        world.mark(account, "trust", at=long_ago())
    tables = world.tables(now)
    tables.community = True
    found = {row["account"]: row for row in scores(tables, limit=None).rows.to_pylist()}
    for account in PEOPLE:
        hers, row = alone(tables, account), found.get(tables.person_of(account))
        if row is None:  # never acted upon, or all of it forgotten
            assert not hers["score"]
            continue
        assert row["score"] == pytest.approx(hers["score"], abs=1e-9)
        assert row["low"] == pytest.approx(hers["low"])
        assert row["high"] == pytest.approx(hers["high"])
        assert (row["actors"], row["acts"]) == (hers["actors"], hers["acts"])


def test_a_lab_with_deletions_and_people_of_several_accounts(tmp_path: Path) -> None:
    world = career_coach(days=42, followers=100)
    make_own(tmp_path / "lab", [world.own], community=True)
    with Lab.open(tmp_path / "lab") as lab:
        with lab.writing(world.end) as writer:
            writer.add(world.events())
            writer.derive(list(all_facts().values()))
        for person in world.truth.same_person:
            link(lab.register, list(person), name="", owner=world.own in person)
        with Question(lab, world.end).state() as state:
            assert state.tables.has_deletions
            found = state.reading(measure_named("scores"), limit=10**9)
            assert found.figures["people"] == len(found.rows) > 50
            for row in found.rows[:2] + found.rows[40:41] + found.rows[-1:]:
                rank, account, value, low, high, _tau, actors, acts = row
                hers = state.reading(measure_named("influence"), account=account, days=1).figures
                assert value == pytest.approx(hers["score"], abs=1e-9), rank
                assert (low, high) == (pytest.approx(hers["low"]), pytest.approx(hers["high"]))
                assert (actors, acts) == (hers["actors"], hers["acts"])


def test_in_one_persons_lab_it_says_why_there_is_nothing() -> None:
    told = scores(World(own=(1,)).act("reply", 2, 1, at=friday()).tables(friday(1)))
    assert told.rows.num_rows == 0
    assert told.figures["people"] is None
    assert "lab of a community" in str(told.notes[0])
