"""The same readings from Spark as from DuckDB: on this machine, and from a master with two workers that share the files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from leumund.errors import EngineError
from leumund.lab import Lab
from leumund.scoring import score_all
from leumund.store import spark
from leumund.store.spark_workers import Workers
from tests.store.test_spark_session import AS_OF, all_alike, lab, readings, same

pytest.importorskip("pyspark", reason="Spark is installed for `make test-long` only")
pytestmark = pytest.mark.long
__all__ = ["lab"]

# Short questions: a compiler that begins quickly, few parts, and no pages. Everybody meets on this machine's own address.
ARGUMENTS = (
    '--driver-java-options "-XX:TieredStopAtLevel=1" --conf spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 '
    "--conf spark.sql.shuffle.partitions=4 --conf spark.ui.enabled=false pyspark-shell"
)
ENVIRONMENT = {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
LONGEST_SECONDS = 300


@pytest.fixture(scope="module", autouse=True)
def _meeting_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", ARGUMENTS)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield
        _stop_spark()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A master and two workers, each a process of its own; gives the master's address."""
    import pyspark

    logs = tmp_path_factory.mktemp("spark")
    start = Path(pyspark.__file__).parent / "bin" / "spark-class"
    started: list[subprocess.Popen[bytes]] = []

    def begin(name: str, *words: str) -> subprocess.Popen[bytes]:
        with (logs / name).open("wb") as log:
            command = [str(start), f"org.apache.spark.deploy.{words[0]}", *words[1:]]
            started.append(
                subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | ENVIRONMENT, cwd=logs)
            )
        return started[-1]

    try:
        master = begin(
            "master.log", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"
        )
        address = _told(master, logs / "master.log", r"Starting Spark master at (spark://\S+)")
        for name in ("one", "two"):
            words = ("worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", address)
            worker = begin(f"{name}.log", *words)
            _told(worker, logs / f"{name}.log", r"(Successfully registered) with master")
        yield address
    finally:
        _stop_spark()
        for process in reversed(started):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
            process.wait()


def _told(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    """What a process says once it is ready."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(pattern, log.read_text("utf-8", "replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))


def _running() -> Any:
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def _stop_spark() -> None:
    if (running := _running()) is not None:
        running.stop()


@pytest.mark.parametrize(
    ("lab", "names"),
    [
        ("one person's", ("audience", "influence")),
        ("a community's", ("scores", "standing", "follow_friday")),
    ],
    indirect=["lab"],
)
def test_two_threads_on_this_machine_give_the_same(
    lab: Path, names: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "SMALL", 0)  # nothing but what the owner said is answered here
    all_alike(readings(lab, "", names), readings(lab, "local[2]", names))
    _stop_spark()


@pytest.mark.parametrize("lab", ["a community's"], indirect=True)
def test_a_master_with_two_workers_scores_everybody_the_same(
    lab: Path, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "SMALL", 150)  # some of it is fetched and goes on here
    with Lab.open(lab, read_only=True) as there:
        for name, engine in (("here", ""), ("there", cluster)):
            score_all(there, tmp_path / name, as_of=AS_OF, engine=engine)
    at_work = _running().sparkContext
    assert len(_known(at_work)) == 3, "two workers, and who asks"
    assert at_work._jsc.sc().statusStore().jobsList(None).size() > 0, "it was Spark that answered"
    for file in ("influence.parquet", "board.parquet"):
        here, again = (pq.read_table(tmp_path / name / file) for name in ("here", "there"))
        assert here.num_rows > 10
        assert here.schema == again.schema
        rows = zip(here.to_pylist(), again.to_pylist(), strict=True)
        assert all(all(map(same, one.values(), other.values())) for one, other in rows), file


@pytest.mark.parametrize("lab", ["a community's"], indirect=True)
def test_files_may_be_read_from_a_copy_and_what_is_not_there_is_no_smaller_number(
    lab: Path,
    cluster: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(spark, "SMALL", 0)
    request.addfinalizer(_stop_spark)  # and with it the setting
    shutil.copytree(lab / "events", tmp_path / "copy" / "events")
    count = "select count(*) as n from acts"

    def asked(engine: str) -> int:
        tables = there.tables(as_of=AS_OF, engine=engine)
        with tables:
            return int(tables.arrow(count)["n"][0].as_py())

    Workers(cluster, lab, 512)
    with Lab.open(lab, read_only=True) as there:
        _running().conf.set("spark.leumund.files", f"file://{tmp_path / 'copy'}")
        assert asked(cluster) == asked("") > 0
        for part in (tmp_path / "copy" / "events" / "acts").glob("*/*.parquet"):
            part.unlink()
        with pytest.raises(EngineError, match="acts"):
            asked(cluster)
        _running().conf.set("spark.leumund.files", "s3a://bucket/lab")  # and its jar is not there
        with pytest.raises(EngineError, match="S3AFileSystem not found"):
            asked(cluster)


def test_a_master_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nothing answers there"):
        Workers("spark://127.0.0.1:1", tmp_path, 512)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds processes as Linux shows them")
def test_what_is_kept_outlives_a_lost_worker(cluster: str, tmp_path: Path) -> None:
    kept = Workers(cluster, tmp_path, 512).sql("select id, id * id as square from range(0, 10000, 1, 4)")
    context = _running().sparkContext
    until = time.monotonic() + LONGEST_SECONDS
    while (
        len(_executors(context.applicationId)) < 2 or len(_known(context)) < 3
    ):  # the second comes when it comes
        assert time.monotonic() < until
        time.sleep(0.1)
    assert kept.kept() == 10_000
    os.kill(_executors(context.applicationId)[0], signal.SIGKILL)
    assert sum(kept.rows()["square"].to_pylist()) == sum(n * n for n in range(10_000))


def _known(context: Any) -> Any:
    """Those that work, and who asks."""
    return context._jsc.sc().statusTracker().getExecutorInfos()


def _executors(application: str) -> list[int]:
    """The numbers of the processes that work for this application."""
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = told.read_bytes().split(b"\0")
            if application.encode() in words and any(w.endswith(b"ExecutorBackend") for w in words):
                found.append(int(told.parent.name))
    return sorted(found)
