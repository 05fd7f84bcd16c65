"""What was said of an entry, understood but not kept yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from leumund.channels import channel_of
from leumund.errors import UsageError
from leumund.events import NETWORKS, StatementKind
from leumund.locale import _
from leumund.spoken import zones
from leumund.spoken.days import Toward, day_said


@dataclass(frozen=True, slots=True)
class Said:
    """Words on an entry. body: of each value None where it was not named, "" where it is to be taken out.

    happened_at: the beginning of the day it speaks of; None where no day was named.
    """

    kind: StatementKind
    body: Mapping[str, Any]
    happened_at: datetime | None = None

    @property
    def named(self) -> dict[str, Any]:
        """The values that were named, also those to be taken out."""
        return {name: value for name, value in self.body.items() if value is not None}


def today_at(at: datetime) -> date:
    """The day it is where she sits: what she means by it."""
    return zones.today_at(at)


def midnight(day: date) -> datetime:
    """The beginning of a day in UTC: how entries keep days."""
    return datetime.combine(day, time(), UTC)


def day(text: str | None, today: date, *, toward: Toward = "past") -> datetime | None:
    """The day that is written, at its beginning; without a year the nearest one on that side; None for none.

    Raises:
        UsageError: as `day_said`.
    """
    return midnight(day_said(text, today, toward=toward)) if text else None


def day_in_body(text: str | None, today: date, *, toward: Toward = "past") -> str | None:
    """The same as a body keeps it; "" and None as they are."""
    found = day(text, today, toward=toward)
    return found.isoformat() if found else text


def network(text: str | None) -> str | None:
    """The network of that name; "" and None as they are.

    Raises:
        UsageError: there is none of that name.
    """
    if not text:
        return text
    found = channel_of(text)
    if found not in NETWORKS:
        raise UsageError(_("“{text}” is no network I know.").format(text=text), hint=", ".join(NETWORKS))
    return found


def stripped(text: str | None) -> str | None:
    """Free words without the blanks around them; None as it is."""
    return None if text is None else text.strip()
