"""Get the HTML validator the tests use, html-validate, once, into `.servers/html`; it needs no network afterwards.

    python -m tests.markup.installation

It runs on the Node that `tests/servers/installation.py` brings. Its version stands in the lock file beside this one;
10.0.0 is the last for Node 20.18. What cannot be had is written to `.servers/html.missing`, as for the servers.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from tests.servers import installation as servers

HERE = Path(__file__).resolve().parent
FOLDER = servers.FOLDER / "html"
PROGRAM = FOLDER / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
_THERE, _MISSING = servers.FOLDER / "html.there", servers.FOLDER / "html.missing"
_GIVEN = ("package.json", "package-lock.json")


def why_missing() -> str | None:
    """Why nothing can be validated here; None where it can."""
    if _MISSING.exists():
        return _MISSING.read_text().strip()
    if not _THERE.exists() or _THERE.read_text() != _state() or not PROGRAM.exists():
        return "not installed, or for an older state of this checkout; get it with: make servers"
    return servers.why_missing("mastodon")  # Node came with it


def main() -> int:
    """Install it where it is missing. 1 where it cannot be had and CI needs it."""
    if why_missing() is None:
        return 0
    for mark in (_THERE, _MISSING):
        mark.unlink(missing_ok=True)
    try:
        _install()
    except (servers.NotToBeHadError, OSError) as error:
        _MISSING.write_text(f"{error}\n")
        print(f"servers: html-validate cannot be had: {error}", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    _THERE.write_text(_state())
    print("servers: html-validate is there")
    return 0


def _install() -> None:
    if why := servers.why_missing("mastodon"):
        raise servers.NotToBeHadError(f"Node could not be installed ({why})")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in _GIVEN:
        shutil.copy(HERE / name, FOLDER / name)
    root = servers.node_folder()
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"]
    servers._run([str(root / "bin" / "node"), str(npm), "ci", "--ignore-scripts", *quiet], FOLDER)


def _state() -> str:
    """What the installation depends on, as a short text."""
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in _GIVEN)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
