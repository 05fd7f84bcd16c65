"""A full disk and a read-only folder: a clear message, the lab as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from leumund import syncing
from leumund.asking import derived
from leumund.errors import LabFullError
from leumund.exported import unpacked
from leumund.lab import Lab
from leumund.store.backup import backup
from leumund.store.doctor import examine

from . import worlds as w

LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from store import worlds as w
from leumund.errors import LabFullError
from leumund.exported import unpacked
from leumund.lab import Lab
lab = Lab.open(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with lab.writing(w.NOW) as writer:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))     # as a full disk: writing more fails
    import random
    noise = random.Random(1)
    posts = [w.post(n, text=noise.randbytes(60).hex()) for n in range(2000)]
    try:
        writer.add(posts)
    except LabFullError as error:
        print(error.message)
        sys.exit(7)
"""


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from store import worlds as w
from leumund.lab import Lab
with Lab.create(Path(sys.argv[1])) as lab:
    with lab.writing(w.NOW) as writer:
        writer.add(w.week())
    os._exit(0)         # nothing is closed: SQLite's log stays
"""


def test_when_no_more_can_be_written_the_lab_is_as_it_was(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    with lab.writing(w.NOW) as writer:
        writer.add(w.week())
    lab.register.close()
    before = {k: v for k, v in w.contents(lab.folder).items() if k.endswith(".parquet")}
    script = LIMITED.format(tests=str(Path(__file__).parents[1]))
    child = subprocess.run(
        [sys.executable, "-c", script, str(lab.folder)], capture_output=True, text=True, check=False
    )
    assert child.returncode == 7, child.stderr
    assert str(lab.folder) in child.stdout
    assert {k: v for k, v in w.contents(lab.folder).items() if k.endswith(".parquet")} == before
    with Lab.open(lab.folder) as again:
        assert w.stored(again) == 7
        with again.writing(w.NOW) as writer:
            assert writer.add([w.post(100)]).new == {"posts": 1}


@pytest.fixture
def no_room() -> Callable[[], AbstractContextManager[None]]:
    """While that lasts no file grows beyond a few thousand bytes, as on a full disk."""
    resource = pytest.importorskip("resource")

    @contextmanager
    def full() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return full


def test_a_backup_without_room_says_so_and_leaves_nothing(
    tmp_path: Path, no_room: Callable[[], AbstractContextManager[None]]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(w.NOW) as writer:
            writer.add(w.week())
        with no_room(), pytest.raises(LabFullError, match="No room left"):
            backup(lab.register, lab.folder, out / "b.zip", at=w.NOW)
        assert list(out.iterdir()) == []
        backup(lab.register, lab.folder, out / "b.zip", at=w.NOW)


def test_a_lab_that_there_was_no_room_for_is_none(
    tmp_path: Path, no_room: Callable[[], AbstractContextManager[None]]
) -> None:
    with no_room(), pytest.raises(LabFullError):
        Lab.create(tmp_path / "lab")
    assert not Lab.exists(tmp_path / "lab")
    with Lab.create(tmp_path / "lab") as lab, lab.writing(w.NOW) as writer:
        writer.add(w.week())
        assert w.stored(lab) == 7
    with pytest.raises(FileExistsError):
        Lab.create(tmp_path / "lab")
    with Lab.open(tmp_path / "lab") as lab:
        assert w.stored(lab) == 7


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes, where this machine lets us mount one; the test above needs none."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    if subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], check=False, capture_output=True
    ).returncode:
        pytest.skip("this machine does not let us mount a disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_runs_full_loses_nothing_and_goes_on_after_making_room(small_disk: Path) -> None:
    import random

    noise = random.Random(2)
    lab = Lab.create(small_disk / "lab")
    batches = [[w.post(b * 500 + n, text=noise.randbytes(150).hex()) for n in range(500)] for b in range(60)]
    stored = 0
    with pytest.raises(LabFullError) as caught, lab.writing(w.NOW) as writer:  # noqa: PT012  some of it succeeds
        for batch in batches:
            writer.add(batch)
            stored += 1
    assert str(small_disk) in caught.value.message
    assert 0 < stored < len(batches)
    lab.register.close()
    ballast = small_disk / "lab" / "events"
    with Lab.open(small_disk / "lab") as again:
        assert w.stored(again) == stored * 500
        assert [f for f in examine(again.register, again.folder) if f.level == "bad"] == []
    subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
    assert ballast.exists()
    with Lab.open(small_disk / "lab") as again:
        with again.writing(w.NOW) as writer:
            for batch in batches:
                writer.add(batch)
        assert w.stored(again) == len(batches) * 500


def test_a_lab_that_there_is_hardly_room_for_is_whole_or_not_there(small_disk: Path) -> None:
    made = []
    for room in range(0, 256_000, 16_000):
        disk = os.statvfs(small_disk)
        (small_disk / "ballast").write_bytes(bytes(disk.f_bavail * disk.f_frsize - room))
        folder = small_disk / f"lab{room}"
        with contextlib.suppress(LabFullError):
            Lab.create(folder).register.close()
            made.append(room)
        (small_disk / "ballast").unlink()
        if Lab.exists(folder):
            with Lab.open(folder) as lab:
                assert w.stored(lab) == 0
        shutil.rmtree(folder, ignore_errors=True)
    assert 0 < len(made) < 16


def test_a_disk_that_takes_no_more_files_is_said_to_be_full(small_disk: Path) -> None:
    with Lab.create(small_disk / "lab") as lab:
        lab.register.own_accounts()
        there = os.statvfs(small_disk)
        most = f"remount,size=3m,nr_inodes={there.f_files - there.f_ffree}"
        subprocess.run(["mount", "-o", most, small_disk], check=True)
        with pytest.raises(LabFullError), lab.writing(w.NOW):
            pass
        with pytest.raises(LabFullError):
            syncing.sync(lab, [], clock=lambda: w.NOW)


def test_a_packed_export_that_there_is_no_room_for_is_said_to_be_so(
    tmp_path: Path, no_room: Callable[[], AbstractContextManager[None]]
) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("posts", "acts", "accounts"):
            packed.writestr(f"{name}.jsonl", "x" * 20_000)
    with no_room(), pytest.raises(LabFullError), unpacked(tmp_path / "export.zip"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["export.zip"]


@pytest.mark.long
def test_what_a_killed_process_stored_is_not_hidden_while_the_disk_is_full(small_disk: Path) -> None:
    folder = small_disk / "lab"
    script = KILLED.format(tests=str(Path(__file__).parents[1]))
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)
    assert (folder / "lab.sqlite-wal").stat().st_size
    (folder / "lab.sqlite-shm").unlink()
    disk = os.statvfs(small_disk)
    (small_disk / "ballast").write_bytes(bytes(disk.f_bavail * disk.f_frsize))
    with pytest.raises(LabFullError):
        Lab.open(folder, read_only=True)
    (small_disk / "ballast").unlink()
    with Lab.open(folder, read_only=True) as lab:
        assert w.stored(lab) == 7


def test_looking_goes_on_where_nothing_more_can_be_written(
    tmp_path: Path, no_room: Callable[[], AbstractContextManager[None]]
) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        with lab.writing(w.NOW) as writer:
            writer.add(w.week())
        assert lab.facts_missing(["languages"])
        with no_room():
            assert not derived(lab, ["languages"], at=w.NOW)
            assert w.stored(lab) == 7
        assert derived(lab, ["languages"], at=w.NOW)
        assert not lab.facts_missing(["languages"])


READ_ONLY = """
import os, sys, tempfile
from pathlib import Path
sys.path.insert(0, {tests!r})
from store import worlds as w
from leumund.errors import LabReadOnlyError
from leumund.lab import Lab
with tempfile.TemporaryDirectory() as other:        # loads all that is needed while it may be read
    with Lab.create(Path(other) / "lab") as lab, lab.writing(w.NOW) as writer:
        writer.add(w.week()); w.stored(lab)
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)              # root may write anywhere; nobody may not
with Lab.open(Path(sys.argv[1]), read_only=True) as lab:
    assert w.stored(lab) == 7, "looking still works"
try:
    with Lab.open(Path(sys.argv[1])) as lab, lab.writing(w.NOW) as writer:
        writer.add([w.post(100)])
except LabReadOnlyError as error:
    print(error.message); sys.exit(7)
"""


@pytest.mark.skipif(os.name != "posix", reason="rights are others on Windows")
def test_a_read_only_folder_can_be_read_and_says_that_it_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    with Lab.create(folder) as lab, lab.writing(w.NOW) as writer:
        writer.add(w.week())
    before = w.contents(folder)
    places = [folder, *[p for p in folder.rglob("*") if p.is_dir()]]
    outer = [
        p for p in (tmp_path, *tmp_path.parents) if not p.stat().st_mode & 0o001
    ]  # pytest's own, for one
    modes = {p: p.stat().st_mode for p in [*places, *outer]}
    try:
        for place in outer:
            place.chmod(0o755)
        for place in places:
            place.chmod(0o555)
        for file in folder.rglob("*"):
            if file.is_file():
                file.chmod(0o444)
        script = READ_ONLY.format(tests=str(Path(__file__).parents[1]))
        child = subprocess.run(
            [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
        )
    finally:
        for place, mode in modes.items():
            place.chmod(mode)
    assert child.returncode == 7, child.stderr
    assert str(folder) in child.stdout
    assert w.contents(folder) == before
