"""The quick ways through an import say the same as the plain ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import LabFullError
from leumund.events import Act, Rows, Statement
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store import batch, segments
from leumund.store.batch import Keys, gather
from leumund.store.news import _once
from leumund.store.session import open_session

from . import worlds as w

NAMED = [f"acct:k{n}@werkstatt.example" for n in range(12)] + ["https://x.com/ben", "other:ü"]
NAMES = st.sampled_from(NAMED)
ENGINE = open_session(memory_mb=64)
COLUMNS = st.lists(st.lists(st.one_of(NAMES, st.none()), max_size=12), min_size=1, max_size=4)


@given(
    batches=st.lists(COLUMNS, min_size=1, max_size=4),
    named=st.sampled_from([0, 3, 1000]),
    limit=st.sampled_from([0, 3, 1000]),
    coded=st.booleans(),
    asked=st.booleans(),
)
def test_every_name_has_the_key_it_has_alone(
    batches: list[list[list[str | None]]], named: int, limit: int, *, coded: bool, asked: bool
) -> None:
    con = ENGINE if asked else None
    keys = Keys(con, named=named, limit=limit)
    met: set[int] = set()
    for columns in batches:
        known: dict[int, str] = {}
        arrays: list[Any] = [pa.array(c, pa.string()) for c in columns]
        if coded:
            arrays = [
                pa.chunked_array([a.slice(0, 3).dictionary_encode(), a.slice(3).dictionary_encode()])
                for a in arrays
            ]
        with mock.patch.object(batch, "_MANY", 1):
            found = keys.columns(arrays, known)
        assert [c.to_pylist() for c in found] == [
            [None if name is None else account_key(name) for name in column] for column in columns
        ]
        told = {account_key(name) for column in columns for name in column if name}
        assert all(account_key(known[key]) == key for key in told - met)
        assert limit < len(NAMED) or not known.keys() & met  # what is not forgotten is told once
        met |= told


EVENTS = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), max_size=20)


@given(events=EVENTS, dice=st.randoms())
def test_of_an_event_told_twice_the_last_stays_and_rather_a_certain_one(
    events: list[tuple[int, bool, int]], dice: Any
) -> None:
    order = list(range(len(events)))
    dice.shuffle(order)  # the engine gives the rows in any order
    rows = np.array(order, np.int64)
    identities = np.array([events[row][0] for row in order], np.uint64)
    at = np.array([second for *_, second in events], "datetime64[us]")
    kept = _once(rows, identities, np.array([exact for _, exact, _at in events], np.bool_), at)
    best = {
        event: max((e[1], e[2], n) for n, e in enumerate(events) if e[0] == event) for event, *_ in events
    }
    assert np.flatnonzero(kept).tolist() == sorted(row for *_, row in best.values())


def test_columns_told_in_two_ways_come_together() -> None:
    times = pa.array([w.NOW], pa.timestamp("us", tz="UTC"))
    coded = pa.table(
        {
            "kind": ["like"], "network": ["facebook"], "happened_at": times,
            "actor": pa.array(["other:ben"]).dictionary_encode(), "target": pa.array(["other:anna"]),
        }
    )  # fmt: skip
    single = Act(kind="like", actor="other:carl", target="other:anna", network="facebook", happened_at=w.NOW)
    one = gather([Rows(noun="act", table=coded), single], Keys(), known_at=w.NOW)
    assert sorted(one.tables["acts"]["actor"].to_pylist()) == sorted(
        [account_key("other:ben"), account_key("other:carl")]
    )


@given(
    days=st.lists(st.tuples(st.integers(-800_000, 800_000), st.booleans()), min_size=1, max_size=30),
    spread=st.sampled_from([1, 40, 900]),
)
def test_every_row_lies_in_the_segment_of_its_month(days: list[tuple[int, bool]], spread: int) -> None:
    times = [
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n % (spread * 24) if n > 0 else n) for n, _ in days
    ]
    table = pa.table(
        {"happened_at": pa.array(times, pa.timestamp("us")), "exact": [exact for _, exact in days]}
    )
    assert segments._months(table).tolist() == [
        at.year * 100 + at.month if exact else 0 for at, (_, exact) in zip(times, days, strict=True)
    ]


def test_what_is_known_of_a_segment_is_what_stands_in_it(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    with lab.writing(w.NOW) as writer:
        writer.add([w.like(n) for n in range(70)])
    for s in lab.register.segments("acts"):
        rows = pq.read_table(lab.folder / s.path)
        times = rows["happened_at"].cast(pa.int64()).to_pylist()
        assert (s.rows, s.min_at, s.max_at) == (rows.num_rows, min(times), max(times))
        assert rows.schema.field("happened_at").type == pa.timestamp("us")
    assert sum(s.rows for s in lab.register.segments("acts")) == 70


def test_a_segment_that_cannot_be_written_leaves_no_file(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    full = OSError(28, "No space left on device")
    with lab.writing(w.NOW) as writer:
        with mock.patch.object(segments, "_settle", side_effect=full), pytest.raises(LabFullError):
            writer.add([w.like(n) for n in range(70)])
        assert not list(lab.folder.rglob("*.parquet"))
        assert writer.add([w.like(1)]).new == {"acts": 1}
    one = w.like(1)
    named = {account_key(name): name for name in (one.actor, one.target)}
    assert lab.register.uris(named) == named  # though the batch that named them first was lost


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_words_that_read_like_a_moment_beyond_all_moments_stay_words(text: str) -> None:
    told = Statement(kind="note", happened_at=w.NOW, body={"note": text})
    assert text in batch.statement_row(told, 0, 0)[-1]
