"""Where posts were built for the owner's homepage, as the lab remembers it: what was wanted, by the folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from leumund.store.register import Register

_NAME = "widgets"


def homepages(register: Register) -> dict[str, dict[str, object]]:
    """What was wanted, by the folder, absolute."""
    found: dict[str, dict[str, object]] = json.loads(register.get(_NAME, "{}"))
    return found


def keep(register: Register, known: Mapping[str, Mapping[str, object]]) -> None:
    """Remember these and no others."""
    register.put(_NAME, json.dumps(known))


def forget_all(register: Register) -> list[Path]:
    """Remember none any longer; gives their folders, whose files stay."""
    with register.transaction():
        folders = [Path(place) for place in sorted(homepages(register))]
        if folders:
            keep(register, {})
    return folders
