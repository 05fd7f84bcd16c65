"""A page as a file: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from leumund.errors import UsageError
from leumund.locale import _


def write_page(to: Path, page: str) -> None:
    """Write a report whole or not at all.

    Raises:
        UsageError: there is no such folder. LabFullError, LabReadOnlyError: nothing was written.
    """
    import secrets

    from leumund.store.segments import said_plainly

    if not to.absolute().parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=to.absolute().parent))
    with said_plainly(to.absolute().parent):
        part = to.with_name(f".leumund-{secrets.token_hex(4)}.part")  # nobody's file has that name
        try:
            part.write_text(page, "utf-8")
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
