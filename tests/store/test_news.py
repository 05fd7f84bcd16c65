"""What is new is found the same way whether a writer remembers all segments, some or none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.events import Account, Event
from leumund.lab import Lab, Writer
from leumund.store import news
from leumund.store.met import Met, is_among
from tests.draws import draws

from . import worlds as w

NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=30)


@given(segments=st.lists(NUMBERS, max_size=6), asked=NUMBERS, most=st.sampled_from([0, 20, 1000]))
def test_what_is_remembered_is_found_in_its_segment_and_nothing_else(
    segments: list[list[int]], asked: list[int], most: int
) -> None:
    met = Met(most)
    for number, held in enumerate(segments):
        met.add(str(number), np.array(held, np.uint64))
    wanted = asked + [value for held in segments for value in held[:2]]
    paths, found = met.holding([str(n) for n in range(len(segments))], np.array(wanted, np.uint64))
    remembered = {str(n): set(held) for n, held in enumerate(segments) if str(n) in met}
    assert paths == [path for path, held in remembered.items() if held & set(wanted)]
    assert set(found.tolist()) == {value for held in remembered.values() for value in held & set(wanted)}


def test_the_oldest_segments_are_forgotten_where_it_would_be_too_many() -> None:
    met = Met(100)
    for number in range(10):
        met.add(str(number), np.arange(number * 30, number * 30 + 30, dtype=np.uint64))
    assert "9" in met
    assert "0" not in met
    met.add("large", np.arange(101, dtype=np.uint64))
    assert "large" not in met


def test_nothing_stands_in_an_empty_list() -> None:
    assert is_among(np.array([1, 2], np.uint64), np.array([], np.uint64)).tolist() == [False, False]


NAMES = [f"other:{letter}" for letter in "abcd"]
JOINED = st.tuples(st.just("account"), st.sampled_from(NAMES), st.sampled_from(NAMES))
LIKED = st.tuples(
    st.just("like"), st.integers(0, 3), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 2)
)


def event(told: tuple[Any, ...]) -> Event:
    if told[0] == "account":
        return Account(account=told[1], aliases=(told[2],), seen_at=w.NOW, network="other")
    _kind, number, who, whom, count = told
    return replace(w.like(number, whom=whom, days_ago=1), actor=who, count=count)


def stored(batches: list[list[tuple[Any, ...]]], prepare: Callable[[Writer], None]) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab.create(Path(folder) / "lab")
        added = []
        for number, batch in enumerate(batches):
            with lab.writing(w.NOW + timedelta(seconds=number)) as writer:
                prepare(writer)
                for half in (batch[::2], batch[1::2]):
                    done = writer.add(map(event, half))
                    added.append((done.new, done.known, done.changed))
        with lab.tables(as_of=w.NOW) as tables:
            rows = tables.sql("select post, actor, target, count from acts order by all").fetchall()
        lab.register.close()
    return [added, rows]


def everything_compared(writer: Writer) -> None:
    writer.met = Met(0)


def all_remembered(writer: Writer) -> None:
    pass


@draws(4)
@given(batches=st.lists(st.lists(JOINED | LIKED | LIKED, min_size=1, max_size=8), min_size=2, max_size=4))
def test_remembering_finds_the_same_news_as_reading_all_segments_whatever_names_are_joined(
    batches: list[list[tuple[Any, ...]]],
) -> None:
    there = stored(batches, all_remembered)
    assert there == stored(batches, everything_compared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "_MOST_SPELLINGS", 1)
        assert there == stored(batches, all_remembered)


def test_an_act_told_under_another_name_of_its_actor_is_known(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    like = event(("like", 1, "other:a", "other:c", 1))
    again = event(("like", 1, "other:b", "other:c", 1))
    with lab.writing(w.NOW) as writer:
        writer.add([like])
        writer.add([event(("account", "other:a", "other:b"))])
        assert writer.add([again]).known["acts"] == 1
