"""Compaction takes no more than it may, loses nothing, and what is large enough is left alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from leumund.lab import Lab
from leumund.store import compact
from leumund.store.register import Segment

from . import worlds as w

LATER = w.NOW + timedelta(days=60)
MOST = 10


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(compact, "MOST_ROWS", MOST)
    monkeypatch.setattr(compact, "LARGE_ROWS", MOST // 2)
    made = Lab.create(tmp_path / "lab")
    with made.writing(w.NOW) as writer:
        for n in range(20):  # oldest last, so that the order they came in is not that of time
            writer.add([w.post(3 * n + k, days_ago=n / 10 + k / 100) for k in range(3)])
    return made


def rows(lab: Lab, of: list[Segment]) -> list[list[str]]:
    return [pq.read_table(lab.folder / s.path)["post"].to_pylist() for s in of]


def test_a_month_with_many_rows_becomes_several_segments_one_after_the_other(lab: Lab) -> None:
    before = sorted(post for posts in rows(lab, lab.register.segments("posts")) for post in posts)
    with lab.writing(LATER) as writer:
        assert writer.compact() == 7  # of 20 with three rows each: six times three, and the last two
        now = lab.register.segments("posts")
        assert [s.rows for s in now] == [9] * 6 + [6]
        assert sorted(post for posts in rows(lab, now) for post in posts) == before
        spans = sorted((s.min_at, s.max_at) for s in now)
        assert all(end < begin for (_, end), (begin, _) in pairwise(spans) if end and begin)
        assert writer.compact() == 0, "what is large enough is never written again"


def test_what_was_told_anew_is_known_to_be_so_wherever_the_first_version_lies(lab: Lab) -> None:
    with lab.writing(LATER) as writer:
        writer.compact()
        for n in range(10):
            writer.add([w.post(3 * n, days_ago=n / 10, text=f"Verbessert {n}")])
        assert sum(s.revisions for s in lab.register.segments("posts")) == 10
        assert writer.compact() == 1
        assert sum(s.revisions for s in lab.register.segments("posts")) == 10
    with lab.tables(as_of=LATER) as tables:
        found = tables.sql("select count(*), count(*) filter (text like 'Verbessert%') from posts").fetchall()
    assert found == [(60, 10)]
