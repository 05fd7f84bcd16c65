"""coverage: how far back the lab can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leumund.cli.shared import JsonOption, LabOption, opened, print_json
from leumund.locale import N_, _

if TYPE_CHECKING:
    from leumund.reach import Part

HELP = N_(
    "How far back the lab can see, source by source, and what no source tells. Example: leumund coverage"
)


def coverage(lab: LabOption = None, json: JsonOption = False) -> None:
    from leumund.reach import reach_of

    with opened(lab) as there:
        parts = reach_of(there)
    if json:
        print_json([p.as_dict() for p in parts])
        return
    if not parts:
        print(_("Nothing has been read yet."))
    for part in parts:
        _print_part(part)


def _print_part(part: Part) -> None:
    """One source: since when, until when, and what it does not tell."""
    from leumund.clean import clean
    from leumund.views.stretches import when

    ended = "" if part.connected else "  (" + _("no longer connected") + ")"
    print(f"{part.title}  {clean(part.place)}{ended}")
    for stretch in part.stretches:
        note = f"  ({clean(stretch.note)})" if stretch.note else ""
        print(f"  {stretch.what}: {when(stretch)}{note}")
    print("  " + _("It cannot tell:"))
    for sentence in part.cannot_tell:
        print(f"    · {sentence}")
