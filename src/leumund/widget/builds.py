"""Where widgets were built: the lab remembers it, and brings them up to date after it learned something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from leumund.errors import LabReadOnlyError, LeumundError, UsageError
from leumund.lab import Lab
from leumund.locale import _
from leumund.store import homepages
from leumund.store.register import Register
from leumund.store.tables import Tables
from leumund.widget import files
from leumund.widget.posts import Chosen, chosen
from leumund.widget.wanted import Wanted, as_values, checked, from_values


@dataclass(frozen=True, slots=True)
class Build:
    """A folder, absolute, and what was wanted there."""

    folder: Path
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a build. changed: names of files that are new; remembered: it will be brought up to date;
    error: why nothing could be done.
    """

    folder: Path
    chosen: Chosen | None = None
    changed: tuple[str, ...] = ()
    remembered: bool = True
    error: LeumundError | None = None


def build(lab: Lab, folder: Path, wanted: Wanted, *, at: datetime) -> Refreshed:
    """Write a widget into a folder and remember that.

    at: the clock; the demo speaks of its own last day.

    Raises:
        UsageError: it cannot be had so, or not there.
    """
    wanted = checked(wanted)
    place = _whole(folder)
    with _at(lab, at) as tables:
        found = chosen(lab, tables, wanted)
    changed = tuple(files.put(files.made(found, wanted), place))
    return Refreshed(place, found, changed, remembered=_remember(lab.folder, Build(place, wanted)))


def _whole(folder: Path) -> Path:
    with suppress(RuntimeError):  # nobody is called what stands after “~”: it is a folder's own name
        folder = folder.expanduser()
    return folder.absolute()


def builds(register: Register) -> list[Build]:
    """What is remembered, by folder."""
    return [Build(Path(p), from_values(v)) for p, v in sorted(homepages.homepages(register).items())]


def stop(lab: Lab, folder: Path) -> Build | None:
    """Remember that build no longer; its files stay. None where none is remembered there."""
    place = str(_whole(folder))
    found = homepages.homepages(lab.register).get(place)
    if found is None:
        return None
    with lab.register.transaction():
        known = homepages.homepages(lab.register)
        known.pop(place, None)
        homepages.keep(lab.register, known)
    return Build(Path(place), from_values(found))


def refresh(folder: Path, *, at: datetime) -> list[Refreshed]:
    """Bring every widget of the lab in that folder up to date. One that fails does not keep the others."""
    with Lab.open(folder, read_only=True) as lab:
        wanted = builds(lab.register)
        if not wanted:
            return []
        with _at(lab, at) as tables:
            return [_refreshed(lab, tables, b) for b in wanted]


def _refreshed(lab: Lab, tables: Tables, build: Build) -> Refreshed:
    try:
        if not build.folder.is_dir():
            raise UsageError(
                _("The folder {path} is not there, so the posts in it are not refreshed.").format(
                    path=build.folder
                ),
                hint=_("If it is gone for good: leumund widget stop {path}").format(path=build.folder),
            )
        found = chosen(lab, tables, build.wanted)
        changed = tuple(files.put(files.made(found, build.wanted), build.folder))
    except LeumundError as error:
        return Refreshed(build.folder, error=error)
    return Refreshed(build.folder, found, changed)


@contextmanager
def _at(lab: Lab, at: datetime) -> Iterator[Tables]:
    with lab.tables(as_of=lab.last_moment(at)) as tables:
        yield tables


def _remember(folder: Path, build: Build) -> bool:
    try:
        with Lab.open(folder) as lab, lab.register.transaction():
            known = homepages.homepages(lab.register)
            known[str(build.folder)] = as_values(build.wanted)
            homepages.keep(lab.register, known)
    except LabReadOnlyError:
        return False
    return True
