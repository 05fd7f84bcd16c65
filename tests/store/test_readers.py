"""Two processes read while one writes, compacts and sweeps: no error, no half batch."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from leumund.lab import Lab

from . import worlds as w

READER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from leumund.lab import Lab
seen, over = [], False
while not over:
    over = Path(sys.argv[2]).exists()               # once more after the last batch
    with Lab.open(Path(sys.argv[1]), read_only=True) as lab, lab.tables(as_of=datetime(2030, 1, 1, tzinfo=UTC)) as tables:
        (posts,), = tables.sql("select count(*) from posts").fetchall()
        time.sleep(0.01)                            # the same snapshot a moment later, files retired meanwhile
        (acts, once), = tables.sql("select count(*), count(distinct post) from acts").fetchall()
        assert posts == acts == once, (posts, acts, once)
        assert posts % 50 == 0, posts               # batches of fifty, whole or not at all
        assert not seen or posts >= seen[-1], (seen[-1], posts)
        seen.append(posts)
    if len(seen) == 1:
        print("ready", flush=True)
print(len(seen), len(set(seen)), seen[-1])
"""


def run_readers(tmp_path: Path, batches: int) -> None:
    folder, flag = tmp_path / "lab", tmp_path / "stop"
    with Lab.create(folder) as lab, contextlib.ExitStack() as stack:
        command = [sys.executable, "-c", READER, str(folder), str(flag)]
        readers = [
            stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        stack.callback(flag.touch)
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n"
        compacted = 0
        for batch in range(batches):
            with lab.writing(w.NOW + timedelta(days=60)) as writer:
                numbers = range(batch * 50, batch * 50 + 50)
                writer.add(
                    [e for n in numbers for e in (w.post(n, days_ago=n / 100), w.like(n, days_ago=n / 100))]
                )
                if batch % 10 == 9:
                    compacted += writer.compact()
        flag.touch()
        for reader in readers:
            out, err = reader.communicate(timeout=60)
            assert reader.returncode == 0, err
            rounds, different, last = map(int, out.split())
            assert rounds >= different >= 2
            assert last == batches * 50
        assert compacted > 0
        assert len(lab.register.segments("posts")) < batches


def test_two_readers_see_whole_batches_only(tmp_path: Path) -> None:
    run_readers(tmp_path, 20)


@pytest.mark.long
def test_two_readers_see_whole_batches_only_for_long(tmp_path: Path) -> None:
    run_readers(tmp_path, 600)
