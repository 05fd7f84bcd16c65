"""From when to when a source tells something, in words."""

from __future__ import annotations

from leumund.locale import _
from leumund.reach import Stretch
from leumund.views import cells


def when(stretch: Stretch) -> str:
    """The time of which the lab knows it."""
    if not stretch.offered and not stretch.until:
        return _("not offered")
    if stretch.since and stretch.until:
        return _("{first} to {last}").format(first=cells.day(stretch.since), last=cells.day(stretch.until))
    if stretch.until:
        return _("as of {last}").format(last=cells.day(stretch.until))
    return _("unknown")
