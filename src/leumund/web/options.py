"""The options of a measure as fields to be filled in: whatever its function takes and a person can choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leumund.asking import options_of
from leumund.errors import UsageError
from leumund.events import NETWORKS
from leumund.locale import N_, _
from leumund.meant import account_meant
from leumund.measures import Measure, Reading, measure_named
from leumund.spoken.amounts import money_said
from leumund.spoken.moments import moment_said
from leumund.views.words import word
from leumund.web.page import Asked
from leumund.web.sight import Sight

_MOST_DAYS = 3660
OFFERED = {
    "board": N_("Board"),
    "days": N_("Days back"),
    "network": N_("Network"),
    "account": N_("Account"),
    "fridays_only": N_("Only around Fridays"),
    "start": N_("From the end of"),
    "end": N_("To the end of"),
    "by": N_("Grouped by"),
    "rate": N_("What an hour of yours is worth"),
    "of": N_("Which one"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. choices: value and title of each, empty for free text; kind: an input's type, or "select"."""

    name: str
    title: str
    kind: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def fields(measure: Measure, given: Mapping[str, str], *, explained: bool = False) -> list[Field]:
    """The fields of a measure's page, or of the page that explains it, as they were filled in."""
    function = measure.explain if explained else measure.compute
    known = options_of(function) if function else []
    found = [_field(name, given.get(name, "")) for name in known if name in OFFERED]
    if explained and "account" not in known:
        found.insert(0, _field("account", given.get("account", "")))
    return found


def reading_asked(sight: Sight, asked: Asked) -> Reading:
    """The reading of the measure in the address, with what was filled in.

    Raises:
        UsageError: there is no such measure, or a value means nothing.
    """
    measure = measure_named(asked.path["name"])
    return sight.reading(measure.name, **options(sight, measure, asked.query))


def explanation_asked(sight: Sight, asked: Asked) -> Reading:
    """The explanation of the measure in the address, with what was filled in; its account may stand in the address.

    Raises:
        UsageError: there is no such measure, nothing to explain, or a value means nothing.
    """
    measure = measure_named(asked.path["name"])
    given = options(sight, measure, asked.query, explained=True)
    given.pop("account", None)
    whose = account(sight, asked.query["account"]) if "account" in asked.query else None
    return sight.explanation(measure.name, whose, **given)


def _field(name: str, value: str) -> Field:
    title = _(OFFERED[name])
    if name in {"start", "end"}:
        return Field(name=name, title=title, kind="date", value=value)
    if name == "days":
        return Field(name=name, title=title, kind="number", value=value)
    if name == "fridays_only":
        choices = (("", _("no")), ("1", _("yes")))
        return Field(name=name, title=title, kind="select", value=value, choices=choices)
    if name == "network":
        some = [(n, word(n)) for n in sorted(NETWORKS)]
        return Field(name=name, title=title, kind="select", value=value, choices=(("", _("all")), *some))
    return Field(name=name, title=title, kind="text", value=value)


def options(
    sight: Sight, measure: Measure, given: Mapping[str, str], *, explained: bool = False
) -> dict[str, Any]:
    """What was filled in, as the measure's function takes it.

    Raises:
        UsageError: a value means nothing.
    """
    return {
        f.name: _value(sight, f.name, f.value) for f in fields(measure, given, explained=explained) if f.value
    }


def _value(sight: Sight, name: str, text: str) -> Any:
    if name == "days":
        if not text.isdecimal() or not 0 < int(text) <= _MOST_DAYS:
            raise UsageError(
                _("“{text}” is no number of days between 1 and {most}.").format(text=text, most=_MOST_DAYS)
            )
        return int(text)
    if name == "rate":
        return money_said(text)[0]
    if name == "fridays_only":
        return True
    if name == "account":
        return account(sight, text)
    if name in {"start", "end"}:
        return moment_said(text, sight.as_of.date())  # a span goes from the end of one day to that of another
    return text


def account(sight: Sight, text: str) -> int:
    """The account that is meant: its number in an address of ours, or as a person writes it.

    Raises:
        UsageError: the lab knows none, or several.
    """
    if text.lstrip("-").isdecimal() and int(text) in sight.lab.names([int(text)]):
        return int(text)
    return account_meant(sight.lab, text)
