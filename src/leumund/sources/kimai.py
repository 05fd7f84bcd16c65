"""Hours from Kimai: the export of timesheets as CSV, with English or German columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leumund.events import Event
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.table_rows import head_of
from leumund.sources.timesheets import Sheet, sheet_events, sheet_pages

SHEET = Sheet(
    name="kimai",
    what=N_("an export of Kimai"),
    columns={
        "user": ("username", "benutzername", "user", "benutzer", "name", "alias"),
        "project": ("project", "projekt"),
        "activity": ("activity", "tätigkeit", "aktivität"),
        "description": ("description", "beschreibung"),
        "date": ("date", "datum"),
        "start": ("from", "begin", "start", "in", "von", "beginn"),
        "end": ("to", "end", "out", "bis", "ende"),
        "duration": ("duration", "dauer", "hours", "stunden", "arbeitszeit"),
        "tags": ("tags", "schlagworte", "schlagwörter", "stichworte"),
    },
    needed=("date", "duration", "project", "activity"),
)


def recognise(path: Path) -> Found | None:
    """A table with the columns of Kimai's export."""
    head = head_of(path)
    return Found(sure=0.85, what=_("hours from Kimai")) if head and SHEET.fits(head) else None


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The entries in pieces.

    Raises:
        UnreadableFileError: other columns, or days that can be read in two ways.
    """
    yield from sheet_pages(SHEET, settings, cursor)


def parse(page: Page) -> Iterator[Event]:
    """The hours of a page, and a problem for each entry that cannot be used."""
    yield from sheet_events(SHEET, page)


SOURCE = Source(
    name="kimai",
    title=N_("Hours from Kimai (export as CSV)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("How many hours were spent on which network, activity or project, entry by entry."),),
    cannot_tell=(
        N_("Which time zone the export is in: it is taken as UTC."),
        N_("Entries you deleted there after they were brought in."),
    ),
    reference="https://www.kimai.org/documentation/export.html",
    group=N_("Your hours"),
    get=N_("Kimai: the list of times, exported as .csv."),
)
