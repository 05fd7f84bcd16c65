"""An export that was packed into one zip, as the pages give it away: a folder of its tables for as long as it is read."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from leumund.errors import UnreadableFileError
from leumund.locale import _
from leumund.sources.archive_files import is_archive, open_archive
from leumund.store.segments import said_plainly

_TABLE = re.compile(r"([a-z]+)\.(jsonl|csv|parquet)")
_ALWAYS = {"posts", "acts", "accounts"}  # whatever else there is, these are in every export
_AT_ONCE = 1 << 20


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder with the tables of a packed export; the path itself where it is none.

    Raises:
        UnreadableFileError, DangerousFileError: it is one, and cannot be read. LabFullError: there is no room for it.
    """
    if not _is_export(path):
        yield path
        return
    beside = path.absolute().parent
    with (
        said_plainly(beside),
        open_archive(path, lambda name: bool(_TABLE.fullmatch(name))) as packed,
        tempfile.TemporaryDirectory(
            prefix=".leumund-export-", dir=beside if os.access(beside, os.W_OK) else None
        ) as made,
    ):
        for name in packed.members:
            with packed.open(name) as read, (Path(made) / name).open("wb") as write:
                while data := read.read(_AT_ONCE):
                    write.write(data)
        yield Path(made)


def _is_export(path: Path) -> bool:
    """Whether it is a zip that holds the tables of an export.

    Raises:
        UnreadableFileError: they are in a form that is for other programs.
    """
    try:
        if not path.is_file() or not is_archive(path):
            return False
        with open_archive(path, lambda name: bool(_TABLE.fullmatch(name)), glance=True) as packed:
            names = {tuple(name.split(".", 1)) for name in packed.members}
    except UnreadableFileError:  # whoever reads it says what is wrong with it
        return False
    if {(name, "parquet") for name in _ALWAYS} <= names:
        hint = _("Take a backup instead, or everything as JSON or as tables (CSV).")
        raise UnreadableFileError(path, _("what left as Parquet is for other programs"), hint=hint)
    return any({(name, kind) for name in _ALWAYS} <= names for kind in ("jsonl", "csv"))
