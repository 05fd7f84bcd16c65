"""Asking a lab: bring the facts a measure needs up to date, take the reading, explain it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leumund.errors import LabBusyError, LabReadOnlyError, UsageError
from leumund.lab import Lab
from leumund.locale import _
from leumund.measures import Measure, Reading, facts_needed, read, why

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a lab, and for when. stale: facts could not be brought up to date (somebody else writes)."""

    lab: Lab
    as_of: datetime
    known_by: datetime | None = None

    def reading(self, measure: Measure, **options: Any) -> Reading:
        """Take the measurement.

        Raises:
            UsageError: an option this measure does not have.
        """
        given = checked_options(measure.name, measure.compute, options)
        with self.lab.tables(as_of=self.as_of, known_by=self.known_by) as tables:
            return read(measure, tables, self.lab.names, **given)

    def explanation(self, measure: Measure, account: int | None = None, **options: Any) -> Reading:
        """The facts behind the measurement."""
        given = checked_options(measure.name, measure.explain, options) if measure.explain else {}
        with self.lab.tables(as_of=self.as_of, known_by=self.known_by) as tables:
            return why(measure, tables, self.lab.names, account, **given)


def bring_facts(
    lab: Lab, measure: Measure, options: Mapping[str, Any], *, at: datetime, progress: Progress | None = None
) -> bool:
    """Compute the facts this measure needs for posts that lack them; False where the lab cannot be written to now."""
    known = {k: v for k, v in options.items() if v is not None}
    missing = lab.facts_missing(facts_needed(measure, known))
    if not missing:
        return True
    try:
        with Lab.open(lab.folder) as there, there.writing(at) as writer:
            writer.derive(missing, progress)
    except (LabBusyError, LabReadOnlyError):
        return False
    return True


def options_of(function: Callable[..., Any]) -> list[str]:
    """The options a measure's function has: its keyword-only parameters."""
    return [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]


def checked_options(name: str, function: Callable[..., Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, if the function knows them all.

    Raises:
        UsageError: with the options there are.
    """
    given = {k: v for k, v in options.items() if v is not None}
    known = options_of(function)
    for option in given:
        if option not in known:
            there = ", ".join("--" + k.replace("_", "-") for k in known)
            text = _("{measure} has no option --{option}.").format(
                measure=name, option=option.replace("_", "-")
            )
            raise UsageError(text, hint=_("There are: {names}").format(names=there) if there else "")
    return given
