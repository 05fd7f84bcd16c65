"""The folder in which a network's sums are kept, and the two files that say what in it holds.

Each of these bears a checksum of itself and of every file it names. What is not as it was written is not believed: sums
are made anew. A file of the same size and time is taken for the same, any other is read whole.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import filelock
import numpy as np
import numpy.typing as npt

from leumund.errors import LabBusyError
from leumund.facts import all_facts
from leumund.measures.follow_friday.votes import LEAST_ROTATION, NO_REASON, RHO
from leumund.measures.influence.score import ANCHOR, CALIBRATION, KAPPA
from leumund.measures.influence.single import SINGLE, faded
from leumund.measures.standing.community import A_WEEKS_ACTS, ALPHA, WEEKS, WORTH
from leumund.store.derived import NETWORK
from leumund.store.register import Register
from leumund.store.segments import said_plainly

FOLDER = NETWORK
_STATE = "state.json"
ANSWERS = "answers.json"
_FORM = "4"
"""Of the files themselves."""
_AT_ONCE = 1 << 20
Stamp = list[int]
"""Of a file: its size, its time (ns), its checksum (CRC-32)."""


def rules() -> str:
    """By which rules sums are made: other constants, other queries or another reading of posts give another name."""
    told = (
        _FORM, CALIBRATION, SINGLE, faded("x"), ANCHOR, KAPPA, A_WEEKS_ACTS, ALPHA, WEEKS, sorted(WORTH.items()),
        all_facts()["recommendations"].version, duckdb.__version__, RHO, LEAST_ROTATION, NO_REASON,
    )  # fmt: skip
    return sha256(repr(told).encode()).hexdigest()[:16]


@dataclass
class Kept:
    """What is kept. told: the contents of `state.json`; answers: of `answers.json`, small, for whoever looks one up.

    Files named in these exist, all others are swept.
    """

    folder: Path
    told: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    erased: int = 0
    _stamps: dict[str, Stamp] = field(default_factory=dict)

    def anew(self, rules: str) -> None:
        """Forget all sums. The numbers of the accounts stay, for the days before are kept by them."""
        self.told = {"rules": rules}
        if "accounts" in self.answers:
            ordered, number, size = self.answers["accounts"]
            self.told["accounts"] = {"ordered": ordered, "number": number, "size": size}

    def path(self, name: str) -> Path:
        return self.folder / name

    def new(self, name: str) -> str:
        """The name of a new file."""
        return f"{name}-{uuid.uuid4().hex[:12]}"

    def put(self, name: str, values: npt.NDArray[Any]) -> str:
        """Write an array into a new file; gives its name."""
        file = self.new(name) + ".npy"
        np.save(self.path(file), values, allow_pickle=False)
        return file

    def get(self, file: str, *, mapped: bool = True) -> npt.NDArray[Any]:
        """An array; mapped: read from the file as it is needed."""
        found: npt.NDArray[Any] = np.load(
            self.path(file), mmap_mode="r" if mapped else None, allow_pickle=False
        )
        return found

    def commit(self, erased_now: int) -> None:
        """From now on this holds; what it does not name is deleted.

        Raises:
            LabBusyError: somebody was forgotten meanwhile, who may stand in it: nothing of it remains.
        """
        if erased_now != self.erased:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise LabBusyError(self.folder.parent)
        named = {_STATE, ANSWERS, "lock"}
        for name, what in ((_STATE, self.told), (ANSWERS, self.answers)):
            files = {n: self._stamped(n) for n in sorted(set(_names(what))) if _is_file(self.path(n))}
            named |= set(files)
            part = self.path(f".{name}.{uuid.uuid4().hex}")
            with part.open("w", encoding="utf-8") as out:
                out.write(_sealed({"what": what, "files": files, "erased": self.erased}))
                out.flush()
                os.fsync(out.fileno())
            if self.path(name).is_dir():
                shutil.rmtree(self.path(name))
            part.replace(self.path(name))
        for file in self.folder.iterdir():
            if file.name not in named:
                (shutil.rmtree if file.is_dir() and not file.is_symlink() else _unlink)(file)

    def _stamped(self, name: str) -> Stamp:
        """The stamp of a file; one that was written once is never written again."""
        if name not in self._stamps:
            self._stamps[name] = stamp_of(self.path(name))
        return self._stamps[name]


def _unlink(file: Path) -> None:
    file.unlink(missing_ok=True)


def _is_file(file: Path) -> bool:
    return file.name not in {_STATE, ANSWERS} and file.is_file()


def stamp_of(file: Path) -> Stamp:
    """How a file is now."""
    there = file.stat()
    return [there.st_size, there.st_mtime_ns, _checksum(file)]


def _checksum(file: Path) -> int:
    found = 0
    with file.open("rb", buffering=0) as data:
        while some := data.read(_AT_ONCE):
            found = zlib.crc32(some, found)
    return found


def is_as(file: Path, stamp: Stamp) -> bool:
    """Whether a file is what was written. Of a copy, which has another time, that time is put into the stamp."""
    size, time_ns, checksum = stamp
    there = file.stat()
    if there.st_size != size or (there.st_mtime_ns != time_ns and _checksum(file) != checksum):
        return False
    stamp[1] = there.st_mtime_ns
    return True


def _sealed(what: dict[str, Any]) -> str:
    told = json.dumps(what)
    return json.dumps({"seal": sha256(told.encode()).hexdigest(), "told": told})


def _names(told: object) -> Iterator[str]:
    """Every string in it, keys too."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(told, list):
        for value in told:
            yield from _names(value)


def erased(register: Register) -> int:
    """How many accounts were ever forgotten in this lab."""
    return int(register.db.execute("select count(*) from erasure").fetchone()[0])


@contextmanager
def keeping(lab: Path, erased: int) -> Iterator[Kept]:
    """What is kept of this lab, for one process at a time.

    Raises:
        LabBusyError: another process is at it. LabFullError, LabReadOnlyError.
    """
    folder = lab / FOLDER
    with said_plainly(lab):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            folder.unlink()  # what is not named is swept, which must not happen anywhere else
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = filelock.FileLock(folder / "lock", timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise LabBusyError(lab) from error
        try:
            told, stamps = _told(folder, _STATE, erased)
            answers, more = _told(folder, ANSWERS, erased)
            yield Kept(folder, told, answers, erased, {**stamps, **more})
        finally:
            lock.release()


def answers_of(lab: Path) -> dict[str, Any]:
    """What `answers.json` says; nothing where it, or a file it names, is not as it was written."""
    return _told(lab / FOLDER, ANSWERS)[0]


def _told(folder: Path, name: str, erased: int | None = None) -> tuple[dict[str, Any], dict[str, Stamp]]:
    """What such a file says, and the stamps of the files it names; nothing where any of them is not as it was written.

    erased: how many accounts must have been forgotten when it was.
    """
    try:
        outer = json.loads((folder / name).read_text("utf-8"))
        if sha256(outer["told"].encode()).hexdigest() != outer["seal"]:
            return {}, {}
        told = json.loads(outer["told"])
        if erased not in {None, told["erased"]} or not all(
            is_as(folder / file, stamp) for file, stamp in told["files"].items()
        ):
            return {}, {}
        return told["what"], told["files"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, {}
