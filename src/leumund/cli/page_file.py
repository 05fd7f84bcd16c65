"""A page as a file: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from leumund.errors import UsageError
from leumund.locale import _


def write_page(to: Path, page: str | bytes) -> None:
    """Write a report, or a calendar, whole or not at all.

    Raises:
        UsageError: there is no such folder, or something else lies there. LabFullError, LabReadOnlyError: nothing was written.
    """
    import os
    import secrets

    from leumund.store.segments import said_plainly

    to = Path(os.path.realpath(to))  # behind a link it is written there, and the link stays
    if not to.parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=to.parent))
    if to.exists() and not to.is_file():
        hint = _("Name a file, such as {path}.").format(
            path=to / "report.html" if to.is_dir() else "report.html"
        )
        raise UsageError(_("{path} is no file that can be replaced.").format(path=to), hint=hint)
    with said_plainly(to.parent):
        part = to.with_name(f".leumund-{secrets.token_hex(4)}.part")  # nobody's file has that name
        try:
            part.write_bytes(page if isinstance(page, bytes) else page.encode())
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
