"""The folder in which a network's sums are kept, and the one file that says what in it holds."""

from __future__ import annotations

import json
import os
import shutil
import uuid
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
from leumund.measures.influence.score import ANCHOR, CALIBRATION, KAPPA
from leumund.measures.influence.single import SINGLE, faded
from leumund.measures.standing.community import A_WEEKS_ACTS, ALPHA, WEEKS, WORTH
from leumund.store.derived import NETWORK
from leumund.store.register import Register
from leumund.store.segments import said_plainly

FOLDER = NETWORK
_STATE = "state.json"
ANSWERS = "answers.json"
_FORM = "1"
"""Of the files themselves."""


def rules() -> str:
    """By which rules sums are made: other constants, other queries or another reading of posts give another name."""
    told = (
        _FORM, CALIBRATION, SINGLE, faded("x"), ANCHOR, KAPPA, A_WEEKS_ACTS, ALPHA, WEEKS, sorted(WORTH.items()),
        all_facts()["recommendations"].version, duckdb.__version__,
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
        for name, what in ((_STATE, self.told), (ANSWERS, self.answers)):
            part = self.path(f".{name}.{uuid.uuid4().hex}")
            with part.open("w", encoding="utf-8") as out:
                json.dump(what, out)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self.path(name))
        named = set(_names(self.told)) | set(_names(self.answers)) | {_STATE, ANSWERS, "lock"}
        for file in self.folder.iterdir():
            if file.name not in named:
                shutil.rmtree(file, ignore_errors=True) if file.is_dir() else file.unlink(missing_ok=True)


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
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = filelock.FileLock(folder / "lock", timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise LabBusyError(lab) from error
        try:
            yield Kept(folder, _told(folder / _STATE), _told(folder / ANSWERS), erased)
        finally:
            lock.release()


def _told(file: Path) -> dict[str, Any]:
    """What the file says; nothing where it is none."""
    try:
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
