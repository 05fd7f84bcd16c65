"""Streams: exact sizes, the same rows in any pieces, flat memory; files in the public row shape."""

from __future__ import annotations

import csv
import dataclasses
import json
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from leumund.events import KINDS, Account, Act, Post
from leumund.ids import account_uri
from leumund.simulate import stream, write_csv, write_jsonl
from leumund.simulate.stream import Noun, Plan

if TYPE_CHECKING:
    from pathlib import Path

NOUNS = {"account": Account, "post": Post, "act": Act}


def whole(**settings: int) -> dict[str, pa.Table]:
    parts: dict[str, list[pa.Table]] = {"account": [], "post": [], "act": []}
    for rows in stream(7, 5_003, 400, days=30, **settings):  # type: ignore[arg-type]
        parts[rows.noun].append(rows.table)
    return {noun: pa.concat_tables(tables) for noun, tables in parts.items()}


def test_sizes_are_exact() -> None:
    plan = Plan(seed=7, acts=5_003, accounts=400, days=30)
    assert {noun: table.num_rows for noun, table in whole(piece=1_000).items()} == {
        "account": 400,
        "act": 5_003,
        "post": plan.posts,
    }


def test_pieces_of_any_size_give_the_same_rows() -> None:
    one, other = whole(piece=100_000), whole(piece=617)
    for noun in one:
        assert one[noun].equals(other[noun])


def test_another_seed_gives_other_rows() -> None:
    first, second = (list(stream(seed, 500, 50, days=9))[-1].table for seed in (1, 2))
    assert not first.equals(second)


def test_columns_are_fields_and_times_are_ordered_in_utc() -> None:
    for noun, table in whole().items():
        assert set(table.column_names) <= {f.name for f in dataclasses.fields(NOUNS[noun])}
        column = table["seen_at" if noun == "account" else "happened_at"]
        assert column.type == pa.timestamp("us", "UTC")
        times = column.to_pylist()
        assert times == sorted(times)
        assert datetime(2025, 10, 1, tzinfo=UTC) <= times[0]
        assert times[-1] < datetime(2025, 10, 31, tzinfo=UTC)


def test_rows_make_valid_events_that_refer_to_each_other() -> None:
    tables = whole()
    accounts = {a["account"] for a in tables["account"].to_pylist()}
    posts = {p["post"]: Post(**{**p, "mentions": tuple(p["mentions"])}) for p in tables["post"].to_pylist()}
    assert len(posts) == tables["post"].num_rows
    for name in accounts:
        assert account_uri(name, "mastodon") == name
    for row in tables["act"].to_pylist():
        act = Act(**row)
        assert act.kind in KINDS
        assert {act.actor, act.target} <= accounts
        assert act.actor != act.target
        if act.post is not None:
            assert posts[act.post].account == act.target
            assert posts[act.post].happened_at <= act.happened_at
        if act.via is not None:
            via = posts[act.via]
            assert (via.account, via.happened_at) == (act.actor, act.happened_at)
            assert act.target in via.mentions
            assert "@" + act.target[5:] in via.text
    assert {p.account for p in posts.values()} <= accounts


def test_activity_has_a_heavy_tail() -> None:
    counts = Counter(
        name
        for rows in stream(3, 40_000, 2_000)
        if rows.noun == "act"
        for name in rows.table["actor"].to_pylist()
    )
    assert sum(n for _, n in counts.most_common(20)) > 0.15 * 40_000
    assert len(counts) > 1_500


def test_friday_posts_come_at_their_share_and_mostly_on_fridays() -> None:
    tables = [rows.table for rows in stream(3, 60_000, 900, days=28, friday_share=0.1) if rows.noun == "post"]
    tagged = [p for table in tables for p in table.to_pylist() if p["text"].startswith("#FF ")]
    assert len(tagged) / 12_000 == pytest.approx(0.1, abs=0.01)
    assert sum(p["happened_at"].weekday() == 4 for p in tagged) > 0.85 * len(tagged)
    assert max(len(p["mentions"]) for p in tagged) > 4


def test_memory_does_not_grow_with_the_stream() -> None:
    def peak(acts: int) -> int:
        before = pa.total_allocated_bytes()
        tracemalloc.start()
        try:
            held = max(pa.total_allocated_bytes() - before for _ in stream(5, acts, 100, piece=2_000))
            return int(tracemalloc.get_traced_memory()[1] + held)
        finally:
            tracemalloc.stop()

    peak(2_000)
    assert peak(40_000) < 1.5 * peak(8_000)


@pytest.mark.parametrize("settings", [{"acts": 0}, {"accounts": 1}, {"piece": 0}, {"friday_share": 0.5}])
def test_an_impossible_stream_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="acts="):
        next(stream(1, **{"acts": 10, "accounts": 10, **settings}))  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [1, 50, 1_234])
def test_jsonl_has_exactly_n_objects_of_known_fields(n: int, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", n, seed=4)
    write_jsonl(tmp_path / "b.jsonl", n, seed=4)
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == n
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    for line in lines:
        row = json.loads(line)
        noun = NOUNS[row.pop("noun")]
        assert row.keys() <= {f.name for f in dataclasses.fields(noun)}
        assert None not in row.values()
        time = row["seen_at" if noun is Account else "happened_at"]
        assert time.endswith("Z")
        assert datetime.fromisoformat(time).tzinfo is not None


@pytest.mark.parametrize("noun", ["act", "post", "account"])
def test_csv_has_exactly_n_rows_of_one_noun(noun: Noun, tmp_path: Path) -> None:
    write_csv(tmp_path / "rows.csv", 777, 4, noun)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 777
    assert rows[0].keys() <= {f.name for f in dataclasses.fields(NOUNS[noun])}
    if noun == "act":
        assert {row["count"] for row in rows} == {"1"}
        assert rows[0]["happened_at"].endswith("Z")
