"""Servers as processes: a free port, a start that is waited for, an end that is sure."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_GUARD = str(Path(__file__).with_name("guard.py"))
_LAST_WORDS = 3000  # characters of a server's log in a message
_given: set[int] = set()


class NotStartedError(Exception):
    """A server did not come up. Takes its name and what it said."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs. log: where it writes what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """All it has written so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return as soon as it is ready.

        Raises:
            NotStartedError: it ended, or was not ready in time.
        """
        until = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise NotStartedError(f"{self.name} ended: {self.said()[-_LAST_WORDS:]}")
            if time.monotonic() > until:
                raise NotStartedError(
                    f"{self.name} was not ready in {seconds} s: {self.said()[-_LAST_WORDS:]}"
                )
            time.sleep(0.02)

    def memory(self) -> int | None:
        """Bytes of memory that it and what it started hold; None where that cannot be seen."""
        if not Path("/proc/self/status").exists():
            return None
        return sum(_held(number) for number in _family(self.process.pid))


@contextlib.contextmanager
def running(
    name: str,
    command: Sequence[str],
    folder: Path,
    *,
    more: Mapping[str, str] | None = None,
    end: signal.Signals = signal.SIGKILL,
    patience: float = 5.0,
    user: int | None = None,
) -> Iterator[Running]:
    """Start a command and end it afterwards. end: how it is told to; patience: how long it may take then."""
    log = folder / f"{name}.log"
    guard = [sys.executable, "-I", _GUARD, str(int(end)), str(patience), "-" if user is None else str(user)]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [*guard, *command],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(more or {})},
            cwd=folder,
            start_new_session=True,
        ) as process,
    ):
        yield Running(name, process, log)
        if process.stdin:
            process.stdin.close()
        process.wait(patience + 10)


def free_port() -> int:
    """A port nobody listens at just now, of those that systems give to nobody: it stays free until the server starts."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)  # Hypothesis sets the seed of the common one
        with socket.socket() as found, contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _family(number: int) -> Iterator[int]:
    yield number
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
            yield from _family(int(child))


def _held(number: int) -> int:
    """What a process holds, memory shared with others counted in parts."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
