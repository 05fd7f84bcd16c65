"""Tables of entries: one kind in each; the whole file can be taken back at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from leumund.errors import UsageError
from leumund.events import StatementKind
from leumund.intake import Report, import_path, what_is
from leumund.lab import Lab
from leumund.locale import _
from leumund.saying import as_one
from leumund.sources.csv import noun_in


def read_table(lab: Lab, kind: StatementKind, path: Path, *, at: datetime) -> Report:
    """Read a table of one kind of entry.

    Raises:
        UsageError: it is a table of something else. SourceError: it cannot be read.
    """
    source, _found = what_is(path)
    noun = noun_in(path) if source.name == "csv" else kind
    if noun != kind:
        hint = _("Its columns should be: leumund csv-template {noun}").format(noun=kind)
        text = _("{path} is a table of “{noun}”.") if noun else _("What {path} is a table of cannot be told.")
        raise UsageError(text.format(path=path, noun=noun), hint=hint)
    with as_one(lab.register, kind), lab.writing_patiently(at) as writer:
        return import_path(lab, writer, path)
