"""What several commands need: the lab, the moment, the account, the ways out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.config import DEMO, lab_folder, labs_folder, read_config
from leumund.errors import NoLabError, UsageError
from leumund.locale import _

if TYPE_CHECKING:
    from leumund.lab import Lab
    from leumund.spoken.days import Toward

LabOption = Annotated[
    str | None,
    typer.Option("--lab", metavar="NAME|PATH", help=_("Which lab: a name or a folder."), show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("As JSON."))]
CsvOption = Annotated[bool, typer.Option("--csv", help=_("As CSV."))]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help=_("As it was at the end of that day (UTC); else now."),
        show_default=False,
    ),
]
MOST_ROWS = 10**9


def now() -> datetime:
    """The clock, read here and nowhere deeper."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """A word to the person that is not part of the answer."""
    from leumund.clean import clean

    print(clean(text), file=sys.stderr)


def ask(question: str) -> None:
    """Go on only after a yes, in either language; no answer is a no."""
    say(question)
    try:
        answer = input()
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes", "j", "ja"}:
        raise typer.Abort


def shown(path: Path) -> str:
    """A path, safe to print: names of files may be strangers' too."""
    from leumund.clean import clean

    return clean(str(path))


@contextmanager
def opened(lab: str | None, *, read_only: bool = True) -> Iterator[Lab]:
    """The lab meant: the one named; else the default one; else, for looking only, the demo."""
    from leumund.lab import Lab

    folder = lab_to_show(lab) if read_only else lab_folder(lab)
    if not Lab.exists(folder):
        raise NoLabError(folder)
    with Lab.open(folder, read_only=read_only) as found:
        yield found


def lab_to_show(lab: str | None) -> Path:
    """The folder of the lab to look at: the one named; else the default one; else the demo.

    Raises:
        NoLabError: there is none of them.
    """
    from leumund.lab import Lab

    folder = lab_folder(lab)
    if not Lab.exists(folder) and lab is None and not read_config_names_a_lab():
        example = labs_folder() / DEMO
        if Lab.exists(example):
            say(_("There is no lab of your own yet: this is the demo. Make yours with: leumund init"))
            folder = example
    if not Lab.exists(folder):
        raise NoLabError(folder)
    return folder


def read_config_names_a_lab() -> bool:
    """Whether the owner has said which lab is hers."""
    return read_config().lab != "main"


def moment(text: str | None, lab: Lab | None = None, *, toward: Toward = "past") -> datetime:
    """The time an answer speaks of: the end of a day, a time, else now (in the demo: its last day).

    Raises:
        UsageError: no date, or one that no post can have.
    """
    from leumund.spoken.moments import moment_said

    spoken = _spoken(lab)
    return spoken if text is None else moment_said(text, spoken.date(), toward=toward)


def _spoken(lab: Lab | None) -> datetime:
    """Now, as far as that lab goes."""
    return lab.last_moment(now()) if lab is not None else now()


def checked_limit(limit: int | None) -> int | None:
    """A number of rows to show: 0 for all, None where nobody said.

    Raises:
        UsageError: it is negative or beyond counting.
    """
    if limit is not None and not 0 <= limit <= MOST_ROWS:
        raise UsageError(
            _("--limit must lie between 0 and {most}, not {value}.").format(most=MOST_ROWS, value=limit)
        )
    return limit


def beginning(text: str) -> datetime:
    """The start of a day, or the time that was written."""
    from leumund.spoken.moments import beginning_said

    return beginning_said(text, now().date())


def remember(folder: Path, what: str, file: Path) -> None:
    """Where backups, exports and reports were written, so that forgetting somebody reaches or names them."""
    from leumund.errors import LabFullError, LabReadOnlyError
    from leumund.lab import Lab
    from leumund.store.outside import remember_file

    try:
        with Lab.open(folder) as there:
            remember_file(there.register, what, file)
    except (LabFullError, LabReadOnlyError):
        say(
            _(
                "Nothing can be written to the lab just now: remember yourself that {path} names people."
            ).format(path=file)
        )


def print_json(value: Any) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))
