"""The files of a widget: what is in them, and how they come into a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from leumund.errors import LabFullError, UsageError
from leumund.locale import _
from leumund.refused import is_full, reason
from leumund.widget import feeds, oembed, pages
from leumund.widget.posts import Chosen
from leumund.widget.wanted import Wanted


def made(chosen: Chosen, wanted: Wanted) -> dict[str, bytes]:
    """Every file by name. Same posts and wishes, same bytes."""
    files = {
        pages.style_name(): pages.style(),
        pages.SCRIPT: pages.script(),
        pages.ATOM: feeds.atom(chosen, wanted),
        pages.JSON_FEED: feeds.json_feed(chosen, wanted),
        pages.PART: pages.part(chosen, wanted).encode(),
        pages.PAGE: pages.page(chosen, wanted).encode(),
    }
    if wanted.site:
        files[pages.OEMBED] = oembed.oembed(chosen, wanted)
    return files


def put(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Bring a folder up to date; gives the names of what changed. At every moment each file is whole.

    The style comes first and the pages last, so no page asks for what is not there yet. Older styles stay: a part that
    was pasted somewhere still names them. Nothing else in the folder is touched. In a new folder the part comes first: by it
    the next build knows the folder as ours, if this one breaks off.

    Raises:
        UsageError: the folder holds a page that is not ours, or cannot be written to.
    """
    try:
        _check(folder, files)
        folder.mkdir(parents=True, exist_ok=True)
        new = not (folder / pages.PART).exists()
        order = sorted(files, key=lambda name: new and name != pages.PART)
        return [name for name in order if _put(folder / name, files[name])]
    except OSError as error:
        if is_full(error):
            raise LabFullError(folder) from error
        why = reason(error)
        raise UsageError(
            _("{path}: {why}").format(path=folder, why=why), hint=_("Name another folder.")
        ) from error


def _check(folder: Path, names: Iterable[str]) -> None:
    """Refuse to overwrite what somebody else made: her homepage may have an index.html too.

    It may lie beside a part of ours, which was brought there to be included, or have one pasted into it.
    """
    part, page = folder / pages.PART, folder / pages.PAGE
    if part.is_file() and b'class="leumund' in part.read_bytes():
        foreign = page if page.exists() and b'class="leumund-page' not in page.read_bytes() else None
    else:
        foreign = next((folder / name for name in names if (folder / name).exists()), None)
    if foreign:
        hint = _("Name a folder of its own for the posts, such as {path}.").format(path=folder / "posts")
        raise UsageError(
            _("{path} is there already and not from here; it stays as it is.").format(path=foreign), hint=hint
        )


def _put(file: Path, data: bytes) -> bool:
    if file.is_file() and file.read_bytes() == data:
        return False
    handle, name = tempfile.mkstemp(prefix=".leumund-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(data)
        Path(name).chmod(0o644)  # a website's server must be able to read it
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
