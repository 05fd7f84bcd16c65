"""The labs there are: one of her own, others she keeps, and the example, which is made up.

own_folder(name)                    where a lab of her own is, or would be
come_back(backup, folder)           one made of a backup
make_own(folder, accounts, ...)     a new one, with the accounts that are hers
make_demo(at)                       the example, made anew
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count
from pathlib import Path

from leumund import vault
from leumund.config import DEMO, SPEAKS_OF, lab_folder, labs_folder
from leumund.errors import LabBusyError, UsageError
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.locale import _
from leumund.store import connections, homepages
from leumund.store.backup import restore
from leumund.store.people import link
from leumund.store.register import as_us
from leumund.store.tables import COMMUNITY


def is_demo(folder: Path) -> bool:
    """Whether that is where the example lies."""
    return folder.absolute() == (labs_folder() / DEMO).absolute()


def labs_there() -> Iterator[Path]:
    """The labs that are called by name, in the order of their names."""
    with contextlib.suppress(OSError):
        yield from (p for p in sorted(labs_folder().iterdir()) if p.is_dir() and Lab.exists(p))


def make_own(folder: Path, accounts: Sequence[str], *, community: bool = False) -> None:
    """A new lab. accounts: canonical names of those that are the owner's; community: it is of many people.

    Raises:
        UsageError: there is one already.
    """
    if Lab.exists(folder):
        raise UsageError(
            _("There is a lab already: {path}").format(path=folder),
            hint=_("Use it, or choose another name with --lab."),
        )
    with Lab.create(folder) as made:
        if accounts:
            link(made.register, list(accounts), name="", owner=True)
        if community:
            with made.register.transaction():
                made.register.put("kind", COMMUNITY)


def own_folder(lab: str | None) -> Path:
    """The folder a lab of one's own would have: any but the example's, which is made anew again and again.

    Raises:
        UsageError: as `lab_folder`, where it is the example's, and where no folder can be.
    """
    folder = lab_folder(lab)
    place = folder.absolute()
    if place.name.casefold() == DEMO and place.parent == labs_folder().absolute() and not Lab.exists(folder):
        hint = _("Choose another name with --lab.")
        raise UsageError(_("The name “{name}” is kept for the example.").format(name=DEMO), hint=hint)
    return checked_folder(folder)


def checked_folder(folder: Path) -> Path:
    """The same folder, there already or to be made.

    Raises:
        UsageError: a file stands there or on the way to it.
    """
    with contextlib.suppress(OSError):  # what cannot be looked at is said when it is used
        there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
        if not there.is_dir():
            raise UsageError(
                _("{path} is a file; there can be no folder.").format(path=there),
                hint=_("Name another place."),
            )
    return folder


def come_back(backup: Path, folder: Path) -> list[Path]:
    """A lab made of a backup, in a folder that has none, with keys of its own: to disconnect one copy must not disconnect the other.

    Gives the folders with her posts that the other lab refreshes and this one does not: two would overwrite each other's.

    Raises:
        UsageError, UnreadableFileError: as `store.backup.restore`; nothing was made.
    """
    left: list[Path] = []

    def its_own(staging: Path) -> None:
        with Lab.open(staging) as there:
            for old, new in connections.renamed_secrets(there.register):
                if secret := vault.find(old):
                    vault.keep(new, secret)
                    vault.note([new], folder)
            left.extend(homepages.forget_all(there.register))

    restore(backup, folder, before=its_own)
    return left


def not_refreshed(posts: str) -> str:
    """What is to be said of a folder that `come_back` gives."""
    return _(
        "The posts for your homepage in {path} are refreshed by the lab the backup was made of, not by this one."
    ).format(path=posts)


def folder_for_a_copy(own: Path | None, day: date) -> Path:
    """Where a lab that comes back lies: where hers would be, else beside the others, called by the day."""
    if own is not None and not own.exists():
        return own
    names = (f"backup-{day.isoformat()}{f'-{n}' if n else ''}" for n in count())
    return next(folder for name in names if not (folder := labs_folder() / name).exists())


def make_demo(at: datetime) -> tuple[Path, datetime]:
    """The demo lab, made anew; gives its folder and its last moment.

    Raises:
        UsageError: what lies there is no demo. LabBusyError: somebody is writing to it.
    """
    from leumund.simulate import career_coach

    folder = labs_folder() / DEMO
    _clear(folder, at)
    world = career_coach()
    with Lab.create(folder) as lab:
        with lab.writing(world.end) as writer:
            with lab.register.transaction() as db:
                row = ("demo", "leumund.simulate", "career_coach", as_us(world.end), as_us(world.end))
                db.execute(
                    "insert into import (source, place, fingerprint, started_at, finished_at) values (?, ?, ?, ?, ?)",
                    row,
                )
                lab.register.put(SPEAKS_OF, world.end.isoformat())
            writer.add(world.events(), source="demo", import_id=1)
            writer.derive(list(all_facts().values()))
        for person in world.truth.same_person:
            own = world.own in person
            link(lab.register, list(person), name="", owner=own)
    return folder, world.end


def _clear(folder: Path, at: datetime) -> None:
    """Take the demo of last time away; a lab of one's own that bears the name stays.

    Raises:
        UsageError: what lies there is no demo. LabBusyError: somebody is writing to it.
    """
    if not folder.is_symlink() and not (folder.exists() and any(folder.iterdir())):
        return
    own = UsageError(
        _("{path} is not the demo, so it is left as it is.").format(path=folder),
        hint=_("Give that folder another name; then the demo can be made."),
    )
    if folder.is_symlink() or not Lab.exists(folder):
        raise own
    with tempfile.TemporaryDirectory(
        prefix=".leumund-demo-", dir=folder.parent, ignore_cleanup_errors=True
    ) as away:
        with Lab.open(folder) as lab, lab.writing(at):
            sources = {row[0] for row in lab.register.db.execute("select distinct source from import")}
            if not lab.register.get(SPEAKS_OF) or sources - {"demo"}:
                raise own
            if os.name == "posix":  # elsewhere a folder with an open file in it cannot be moved
                folder.rename(Path(away) / "old")
        if os.name != "posix":
            try:
                folder.rename(Path(away) / "old")
            except PermissionError:
                raise LabBusyError(folder) from None
