"""The same readings from Spark as from DuckDB: on this machine, and from a master with two workers that share the files."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leumund.asking import Question
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.measures import measure_named
from leumund.simulate.world import World, career_coach
from leumund.store.people import link

pytest.importorskip("pyspark", reason="Spark is installed for `make test-long` only")
pytestmark = pytest.mark.long

MEASURES = ("follow_friday", "standing", "influence")


@pytest.fixture(scope="module")
def world() -> World:
    return career_coach(days=60, followers=150)


@pytest.fixture(scope="module", params=["one person's", "a community's"])
def lab(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of the made-up coach, with her second account, deletions and marks; once as a community's."""
    folder = tmp_path_factory.mktemp("lab") / "lab"
    make_own(folder, [world.own], community=request.param == "a community's")
    with Lab.open(folder) as there:
        with there.writing(world.end) as writer:
            writer.add(world.events())
            writer.derive(list(all_facts().values()))
        for person in world.truth.same_person:
            link(there.register, list(person), name="", owner=world.own in person)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A master and two workers, each a process of its own; gives the master's address."""
    import pyspark

    logs = tmp_path_factory.mktemp("spark")
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    start = Path(pyspark.__file__).parent / "bin" / "spark-class"

    def begin(name: str, *words: str) -> subprocess.Popen[bytes]:
        with (logs / name).open("wb") as log:
            command = [str(start), f"org.apache.spark.deploy.{words[0]}", *words[1:]]
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=logs)

    master = begin("master.log", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    started = [master]
    try:
        address = _told(logs / "master.log", r"Starting Spark master at (spark://\S+)")
        for name in ("one", "two"):
            words = ("worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", address)
            started.append(begin(f"{name}.log", *words))
            _told(logs / f"{name}.log", r"(Successfully registered) with master")
        yield address
    finally:
        _stop_spark()
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def _told(log: Path, pattern: str) -> str:
    for _ in range(600):
        if found := re.search(pattern, log.read_text("utf-8", "replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))


def _stop_spark() -> None:
    from pyspark.sql import SparkSession

    if (running := SparkSession.getActiveSession()) is not None:
        running.stop()


def _readings(lab: Path, engine: str) -> dict[str, Any]:
    with (
        Lab.open(lab, read_only=True) as there,
        Question(there, datetime(2025, 11, 30, tzinfo=UTC), engine=engine).state() as state,
    ):
        return {name: state.reading(measure_named(name)) for name in MEASURES}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def _equal(lab: Path, engine: str) -> None:
    here, there = _readings(lab, ""), _readings(lab, engine)
    for name in MEASURES:
        one, other = here[name], there[name]
        assert one.rows, f"{name} says something"
        assert one.columns == other.columns
        assert len(one.rows) == len(other.rows)
        for row, again in zip(one.rows, other.rows, strict=True):
            assert all(map(_same, row, again)), (name, row, again)
        assert one.figures.keys() == other.figures.keys()
        assert all(_same(one.figures[k], other.figures[k]) for k in one.figures), name


def test_two_threads_on_this_machine_give_the_same(lab: Path) -> None:
    _equal(lab, "local[2]")
    _stop_spark()


def test_a_master_with_two_workers_gives_the_same(lab: Path, cluster: str) -> None:
    _equal(lab, cluster)
