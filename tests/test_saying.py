"""Saying and taking back: after any order of commands the lab holds what a plain list with an undo would hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.lab import Lab
from leumund.saying import as_one, erase, keep, take_back
from leumund.store.entries import corrected, entered, entries_in, held

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab.create(tmp_path / "lab") as made:
        yield made


def notes(lab: Lab) -> list[str]:
    return sorted(str(e.body["note"]) for e in held(lab.register, "note"))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(["add", "edit", "remove", "undo"]), st.integers(0, 9)), max_size=9))
def test_any_order_of_commands_is_like_a_list_with_an_undo(steps: list[tuple[str, int]]) -> None:
    model: dict[str, str] = {}
    before: list[dict[str, str]] = []
    moments = count()
    with tempfile.TemporaryDirectory() as folder, Lab.create(Path(folder) / "lab") as lab:
        for what, number in steps:
            at = NOW + timedelta(minutes=next(moments))
            living = sorted(held(lab.register, "note"), key=lambda e: e.entry)
            if what == "undo":
                assert bool(take_back(lab.register)) == bool(before)
                model = before.pop() if before else model
            elif what == "add":
                before.append(dict(model))
                said = entered("note", {"note": f"n{at.minute}"}, happened_at=at, said_at=at)
                model[str(said.statement)] = f"n{at.minute}"
                keep(lab, [said], at=at)
            elif living:
                before.append(dict(model))
                entry = living[number % len(living)]
                body = {"note": f"e{at.minute}"} if what == "edit" else dict(entry.body)
                keep(lab, [corrected(entry, body, happened_at=at, said_at=at, holds=what == "edit")], at=at)
                if what == "edit":
                    model[entry.entry] = body["note"]
                else:
                    del model[entry.entry]
            assert notes(lab) == sorted(model.values())


def test_what_came_together_goes_together_and_what_is_erased_cannot_come_back(lab: Lab) -> None:
    keep(lab, [entered("note", {"note": "a"}, happened_at=NOW, said_at=NOW)], at=NOW)
    with as_one(lab.register, "note"), lab.writing(NOW) as writer:
        writer.add([entered("note", {"note": n}, happened_at=NOW, said_at=NOW) for n in "bc"])
    assert [t.body["note"] for t in take_back(lab.register)] in (["b", "c"], ["c", "b"])
    (entry,) = entries_in(lab.register, ["note"])
    erase(lab.register, entry)
    assert take_back(lab.register) == []
    assert entries_in(lab.register, ["note"]) == []


def test_only_the_last_hundred_commands_are_remembered(lab: Lab) -> None:
    with lab.writing(NOW) as writer:
        said = [entered("note", {"note": str(n)}, happened_at=NOW, said_at=NOW) for n in range(103)]
        writer.add(said)
    from leumund.saying import remember

    for one in said:
        remember(lab.register, [("note", str(one.statement))])
    taken = 0
    while take_back(lab.register):
        taken += 1
    assert taken == 100
    assert notes(lab) == ["0", "1", "2"]
