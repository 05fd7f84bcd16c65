"""What was written outside the lab and names people: backups, exports, reports, so that `forget` reaches or names them."""

from __future__ import annotations

import json
from pathlib import Path

from leumund.store.register import Register


def remember_file(register: Register, what: str, file: Path) -> None:
    """Keep where one was written. what: backups, exports or reports."""
    with register.transaction():
        known = {str(path) for path in remembered_files(register, what)}
        register.put(what, json.dumps(sorted({*known, str(file.absolute())})))


def remembered_files(register: Register, what: str) -> list[Path]:
    """Where those of a kind were written, in order; each may have been taken away since."""
    return [Path(path) for path in json.loads(register.get(what, "[]"))]
