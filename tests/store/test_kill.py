"""kill -9 at random moments of an import: every acknowledged batch there once, the lab opens, the import resumes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from leumund.lab import Lab
from leumund.store.doctor import examine

from . import worlds as w

# The importing process: small pieces and small commits, so that there are many moments to be killed in;
# it says on a line of its own how far each commit reached, after the commit has returned.
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from leumund import intake, lab as lab_, reading
from leumund.sources import text_files
text_files.PIECE = 20_000
intake._ROWS_AT_ONCE = 300
add = lab_.Writer.add
def told(self, events, **more):
    events = list(events)
    done = add(self, events, **more)
    print(max(e.position["line"] for e in events if hasattr(e, "position")), flush=True)
    return done
lab_.Writer.add = told
files = [Path(name) for name in sys.argv[2:]]
with (
    reading.Reader(threads=2) as reader,
    lab_.Lab.open(Path(sys.argv[1])) as there,
    there.writing(datetime(2026, 4, 1, tzinfo=UTC)) as writer,
):
    print("ready", flush=True)
    for file, then in zip(files, [*files[1:], None]):
        then = then and intake.parts_of(then)[0]
        report = intake.import_path(there, writer, file, reader=reader, then=then)
        writer.compact()
print("done", flush=True)
"""
POSTS = 12_000


def run_killed(folder: Path, *files: Path, rng: random.Random, longest: float) -> tuple[int, bool]:
    """One run, killed at a random moment after it began; gives (lines acknowledged of a file, finished)."""
    command = [sys.executable, "-c", CHILD, str(folder), *map(str, files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, longest))
        child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        lines = [line for line in child.stdout.read().split("\n") if line]
    numbers = [int(line) for line in lines if line.isdigit()]
    return max(numbers, default=0), "done" in lines


def check(folder: Path, acknowledged: int) -> None:
    """All lines before `acknowledged` are stored, each once, posts and likes alike; nothing is broken."""
    with Lab.open(folder) as lab:
        assert [f.text for f in examine(lab.register, folder) if f.level == "bad"] == []
        with lab.tables(as_of=w.NOW + timedelta(days=1)) as tables:
            (row,) = tables.sql(
                "select count(*), count(distinct post), max(split_part(post, '/', -1)::int) from posts"
            ).fetchall()
            (acts,) = tables.sql("select count(*), count(distinct post) from acts").fetchall()
    posts, distinct, newest = row
    assert posts == distinct
    assert posts == (newest + 1 if newest is not None else 0), "a prefix of the file, without gaps"
    assert acts[0] == acts[1]
    assert posts >= (acknowledged - 1) // 2
    assert 0 <= posts - acts[0] <= 1


def run_many(tmp_path: Path, kills: int, *, seed: int) -> None:
    rng = random.Random(seed)
    file = tmp_path / "events.jsonl"
    w.write_lines(file, POSTS)
    number = done_runs = 0
    folder = tmp_path / "lab0"
    Lab.create(folder).register.close()
    acknowledged = 0
    for _kill in range(kills):
        told, finished = run_killed(folder, file, rng=rng, longest=1.6)
        to_the_end = (
            acknowledged > 2 * POSTS
        )  # killed after the last line, while facts were read: it begins anew
        assert told == 0 or to_the_end or told >= acknowledged, "an import goes on where it stopped"
        acknowledged = max(acknowledged, told)
        check(folder, acknowledged)
        if finished:
            done_runs += 1
            with Lab.open(folder) as lab:
                assert w.stored(lab) == POSTS
                assert w.stored(lab, "acts") == POSTS
            number += 1
            folder = tmp_path / f"lab{number}"
            Lab.create(folder).register.close()
            acknowledged = 0
    subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(file)], check=True, stdout=subprocess.DEVNULL
    )
    check(folder, 2 * POSTS)
    with Lab.open(folder) as lab:
        assert w.stored(lab) == w.stored(lab, "acts") == POSTS


def test_killed_four_times_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    run_many(tmp_path, 4, seed=1)


@pytest.mark.long
def test_killed_two_hundred_times_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    run_many(tmp_path, 200, seed=int(time.time()))


@pytest.mark.long
def test_killed_while_one_file_is_stored_and_the_next_one_read_nothing_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    rng = random.Random(int(time.time()))
    w.write_lines(tmp_path / "whole", POSTS)
    lines = (tmp_path / "whole").read_text("utf-8").splitlines(keepends=True)
    cuts = [0, 700, 15_000, 15_010, len(lines)]
    files = [tmp_path / f"{n}.jsonl" for n in range(len(cuts) - 1)]
    for file, begin, end in zip(files, cuts, cuts[1:], strict=False):
        file.write_text("".join(lines[begin:end]), "utf-8")
    finished_runs = 0
    for kill in range(30):
        folder = tmp_path / f"lab{finished_runs}"
        if not Lab.exists(folder):
            Lab.create(folder).register.close()
        _told, finished = run_killed(folder, *files, rng=rng, longest=1.6 + kill / 10)
        check(folder, 0)
        if finished:
            finished_runs += 1
            with Lab.open(folder) as lab:
                assert w.stored(lab) == w.stored(lab, "acts") == POSTS
    folder = tmp_path / f"lab{finished_runs}"
    if not Lab.exists(folder):
        Lab.create(folder).register.close()
    command = [sys.executable, "-c", CHILD, str(folder), *map(str, files)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    check(folder, 0)
    with Lab.open(folder) as lab:
        assert w.stored(lab) == w.stored(lab, "acts") == POSTS
