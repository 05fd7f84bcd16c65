"""Keys of labs that are no more: a lab's folder can be deleted by hand, its keys lie elsewhere."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from leumund.config import labs_folder
from leumund.errors import SecretError
from leumund.locale import _, ngettext

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.store.doctor import Finding


def left_behind(here: Lab) -> dict[str, Path | None]:
    """The names of keys whose lab is not found, with the folder where it was; None where that was never noted."""
    from leumund import vault
    from leumund.store import connections

    found: dict[str, Path | None] = {}
    for name, folder in vault.noted().items():
        if not connections.lab_of_secret(name) or connections.is_own_secret(here.register, name):
            continue
        if not any(_holds(place, name) for place in _places(folder)):
            found[name] = folder
    return found


def _places(folder: Path | None) -> list[Path]:
    """Where the lab may be: where it was, and among those called by name."""
    try:
        named = sorted(p for p in labs_folder().iterdir() if p.is_dir())
    except OSError:
        named = []
    return [*([folder] if folder else []), *named]


def _holds(folder: Path, name: str) -> bool:
    """Whether the lab there is the key's. One that cannot be opened may be."""
    from leumund.errors import LeumundError
    from leumund.lab import Lab
    from leumund.store import connections

    if not Lab.exists(folder):
        return False
    try:
        with Lab.open(folder, read_only=True) as there:
            return connections.is_own_secret(there.register, name)
    except LeumundError:
        return True


def examined(here: Lab) -> tuple[list[str], list[Finding]]:
    """The names of keys that are left behind, and what is to be said of the keys."""
    from leumund.store.doctor import Finding

    take_note(here)
    try:
        left = left_behind(here)
    except SecretError as error:
        return [], [Finding("bad", error.message, error.hint)]
    return sorted(left), [_finding(left)] if left else []


def _finding(left: dict[str, Path | None]) -> Finding:
    from leumund.store.doctor import Finding

    where = sorted({str(folder) for folder in left.values() if folder})
    keys = ngettext("{n} key is left of a lab that is not found: {names}.",
                    "{n} keys are left of labs that are not found: {names}.", len(left))  # fmt: skip
    text = keys.format(n=len(left), names=", ".join(sorted(left)))
    if where:
        text += " " + _("It was here: {places}").format(places=", ".join(where))
    hint = _(
        "If it only moved: leumund doctor --lab PATH, once. If it is gone, delete them: leumund doctor --fix"
    )
    return Finding("hint", text, hint)


def take_note(here: Lab) -> None:
    """Note that the keys of this lab's connections are this lab's: its folder may have moved."""
    from leumund import vault
    from leumund.store import connections

    with suppress(SecretError):  # said where a key is wanted
        mine = [name for name in vault.noted() if connections.is_own_secret(here.register, name)]
        vault.note(mine, here.folder)
