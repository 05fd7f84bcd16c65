"""Building a board: the lab's facts brought up to date, the board taken, the folder replaced, the choice kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from leumund.asking import Question
from leumund.board.folder import check_ours, put
from leumund.board.options import Options, keep
from leumund.board.site import files
from leumund.board.taken import Taken, take
from leumund.errors import LabFullError, LabReadOnlyError
from leumund.lab import Lab
from leumund.store.outside import remember_file


@dataclass(frozen=True, slots=True)
class Built:
    """What was built. kept: whether the lab remembers it (a lab may be read-only)."""

    folder: Path
    taken: Taken
    kept: bool


def build(
    lab: Lab, options: Options, out: Path, *, as_of: datetime, at: datetime, without_unchecked: bool = False
) -> Built:
    """Build the board into the folder, in the place of what was built there before.

    as_of: the lab's moment; at: the clock.

    Raises:
        NotOursError, UncheckedError, UsageError: nothing was changed.
    """
    check_ours(out)
    with Question(lab, as_of).state() as state:
        taken = take(state, options, at=at, without_unchecked=without_unchecked)
    put(out, files(taken))
    return Built(out.absolute(), taken, _remember(lab, options, out))


def _remember(lab: Lab, options: Options, out: Path) -> bool:
    """Keep the choice, and that the folder names people, for `forget` to say."""
    try:
        with Lab.open(lab.folder) as there:
            keep(there.register, replace(options, out=str(out.absolute())))
            remember_file(there.register, "reports", out)
    except (LabFullError, LabReadOnlyError):
        return False
    return True
