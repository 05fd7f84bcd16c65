"""Hours from Toggl Track (the detailed report as CSV) or Clockify, which writes nearly the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leumund.events import Event
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.table_rows import head_of
from leumund.sources.timesheets import Sheet, sheet_events, sheet_pages

SHEET = Sheet(
    name="toggl",
    what=N_("a detailed report of Toggl Track"),
    columns={
        "user": ("user", "member", "benutzer", "nutzer", "mitglied"),
        "project": ("project", "projekt"),
        "activity": ("task", "aufgabe"),
        "description": ("description", "beschreibung"),
        "date": ("start date", "startdatum"),
        "start": ("start time", "startzeit"),
        "end_date": ("end date", "stop date", "enddatum"),
        "end": ("end time", "stop time", "endzeit"),
        "duration": (
            "duration",
            "duration (h)",
            "dauer",
            "dauer (h)",
            "duration (decimal)",
            "dauer (dezimal)",
        ),
        "tags": ("tags", "tag"),
    },
    needed=("description", "date", "start", "duration"),
)


def recognise(path: Path) -> Found | None:
    """A table with the columns of the detailed report."""
    head = head_of(path)
    return (
        Found(sure=0.9, what=_("hours from Toggl Track or Clockify")) if head and SHEET.fits(head) else None
    )


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The entries in pieces.

    Raises:
        UnreadableFileError: another kind of report, or days that can be read in two ways.
    """
    yield from sheet_pages(SHEET, settings, cursor)


def parse(page: Page) -> Iterator[Event]:
    """The hours of a page, and a problem for each entry that cannot be used."""
    yield from sheet_events(SHEET, page)


SOURCE = Source(
    name="toggl",
    title=N_("Hours from Toggl Track or Clockify (detailed report, CSV)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("How many hours were spent on which network or project, entry by entry."),),
    cannot_tell=(
        N_("Which time zone the report is in: it is taken as UTC."),
        N_("Entries you deleted there after they were brought in."),
    ),
    reference="https://support.toggl.com/en/articles/2220692",
    group=N_("Your hours"),
    get=N_("Toggl Track or Clockify: the detailed report, exported as .csv."),
)
