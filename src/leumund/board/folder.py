"""A whole folder of files put in the place of the one before: nothing of the old one is left.

What was built is made beside it first and swapped then, so that a folder is always whole. A folder that holds anything
that is not ours is left alone: it might be somebody's work.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from leumund.errors import LeumundError
from leumund.locale import _
from leumund.store.segments import said_plainly

MARK = "leumund-board.txt"
_WORDS = "Made by: leumund board build. This whole folder is replaced at each build; keep nothing of your own in it.\n"


class NotOursError(LeumundError):
    """The folder holds something that the program did not make."""

    def __init__(self, folder: Path, what: str) -> None:
        text = _("{folder} holds something that is no board: {what}. It is left as it is.")
        super().__init__(
            text.format(folder=folder, what=what),
            hint=_("Name a new folder with --out, and copy it from there to where it is published."),
        )


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put these files (by their path in the folder) in the place of what lies there.

    Raises:
        NotOursError: something there is not ours. LabFullError, LabReadOnlyError. Nothing was changed.
    """
    check_ours(folder)
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        said_plainly(folder.parent),
        tempfile.TemporaryDirectory(
            prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
        ) as beside,
    ):
        new, old = Path(beside) / "new", Path(beside) / "old"
        for name, content in {**files, MARK: _marked(files)}.items():
            file = new / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        for part in (new, *(p for p in new.rglob("*") if p.is_dir())):
            part.chmod(0o755)
        if folder.exists():
            folder.replace(old)
        try:
            new.replace(folder)
        except OSError:
            if old.exists():
                old.replace(folder)
            raise
        with contextlib.suppress(OSError):
            shutil.rmtree(old, ignore_errors=True)


def check_ours(folder: Path) -> None:
    """Whether the folder may be replaced: it is not there, empty, or what was built last and nothing else.

    Raises:
        NotOursError: it may not.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotOursError(folder, folder.name)
    if not folder.exists():
        return
    there = sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()
    )
    if not there and not any(folder.iterdir()):
        return
    ours = _ours(folder / MARK)
    foreign = next((name for name in there if name not in ours), None if ours else folder.name)
    if foreign is not None:
        raise NotOursError(folder, foreign)


def _marked(files: Mapping[str, bytes]) -> bytes:
    return (_WORDS + "".join(f"{name}\n" for name in sorted(files))).encode()


def _ours(mark: Path) -> set[str]:
    """What the last build put there; nothing where there was none."""
    try:
        text = mark.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return set()
    return {MARK, *text.removeprefix(_WORDS).splitlines()} if text.startswith(_WORDS) else set()
