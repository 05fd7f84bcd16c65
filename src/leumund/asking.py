"""Asking a lab: bring the facts a measure needs up to date, take the reading, explain it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from leumund.config import own_zone, read_config
from leumund.errors import LabBusyError, LabFullError, LabReadOnlyError, UsageError
from leumund.lab import Lab
from leumund.locale import _
from leumund.measures import Measure, Reading, facts_needed, read, why
from leumund.store.tables import Tables

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class State:
    """One state of a lab at one moment: whatever is taken from it has seen the same, whoever writes meanwhile."""

    lab: Lab
    tables: Tables

    def reading(self, measure: Measure, **options: Any) -> Reading:
        """Take the measurement.

        Raises:
            UsageError: an option this measure does not have.
        """
        given = _settled(measure) | checked_options(measure.name, measure.compute, options)
        return _titled(read(measure, self.tables, self.lab.names, **given))

    def explanation(self, measure: Measure, account: int | None = None, **options: Any) -> Reading:
        """The facts behind the measurement."""
        given = checked_options(measure.name, measure.explain, options) if measure.explain else {}
        return _titled(why(measure, self.tables, self.lab.names, account, **given))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a lab, and for when. engine: what answers, "" for this machine's own (see `store.spark`)."""

    lab: Lab
    as_of: datetime
    known_by: datetime | None = None
    engine: str = ""

    @contextmanager
    def state(self) -> Iterator[State]:
        """The lab at that moment, for several readings."""
        with self.lab.tables(as_of=self.as_of, known_by=self.known_by, engine=self.engine) as tables:
            yield State(self.lab, tables.person_by_person())

    def reading(self, measure: Measure, **options: Any) -> Reading:
        """Take one measurement; see `State`."""
        with self.state() as state:
            return state.reading(measure, **options)

    def explanation(self, measure: Measure, account: int | None = None, **options: Any) -> Reading:
        """The facts behind one measurement."""
        with self.state() as state:
            return state.explanation(measure, account, **options)


def _titled(reading: Reading) -> Reading:
    """The reading, with the titles of the sources it stands on."""
    titles = {name: _title_of(name) for name in reading.coverage.sources}
    return replace(reading, source_titles={name: title for name, title in titles.items() if title})


def _title_of(name: str) -> str:
    """What a source is called; only this one is loaded, since a question needs no others. "" if there is none."""
    from leumund.sources import Source

    home = f"{Source.__module__}.{name}"
    if name.isidentifier() and find_spec(home) is not None:
        found = getattr(import_module(home), "SOURCE", None)
    else:
        found = next((p.load() for p in entry_points(group="leumund.sources", name=name)), None)
    return found.title if isinstance(found, Source) else ""


def bring_facts(
    lab: Lab, measure: Measure, options: Mapping[str, Any], *, at: datetime, progress: Progress | None = None
) -> bool:
    """Compute the facts this measure needs for posts that lack them; False where the lab cannot be written to now."""
    known = {k: v for k, v in options.items() if v is not None}
    return derived(lab, facts_needed(measure, known), at=at, progress=progress)


def derived(lab: Lab, names: Iterable[str], *, at: datetime, progress: Progress | None = None) -> bool:
    """Compute these facts for posts that lack them; False where the lab cannot be written to now."""
    missing = lab.facts_missing(names)
    if not missing:
        return True
    try:
        with Lab.open(lab.folder) as there, there.writing(at) as writer:
            writer.derive(missing, progress)
    except (LabBusyError, LabFullError, LabReadOnlyError):
        return False
    return True


def described(measure: Measure) -> dict[str, Any]:
    """What a program may know of a measure before it asks, in the language spoken."""
    return {
        "name": measure.name, "title": _(measure.title), "question": _(measure.question), "shape": measure.shape,
        "topic": measure.topic, "private": measure.private,
    }  # fmt: skip


def options_of(function: Callable[..., Any]) -> list[str]:
    """The options a measure's function has: its keyword-only parameters."""
    return [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]


def _settled(measure: Measure) -> dict[str, Any]:
    """The options of a measure that stand in the settings."""
    known, config = options_of(measure.compute), read_config()
    settled = {"rate": config.hourly_rate, "minutes_a_day": config.minutes_a_day, "zone": own_zone()}
    return {name: value for name, value in settled.items() if name in known and value is not None}


def checked_options(name: str, function: Callable[..., Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, if the function knows them all; and the owner's limits where it asks for them.

    Raises:
        UsageError: with the options there are.
    """
    given = {k: v for k, v in options.items() if v is not None}
    known = options_of(function)
    if "limits" in known and "limits" not in given and (limits := read_config().limits) is not None:
        given["limits"] = limits
    for option in given:
        if option not in known:
            there = ", ".join(_written(k) for k in known)
            text = _("{measure} has no option --{option}.").format(measure=name, option=_written(option)[2:])
            raise UsageError(text, hint=_("There are: {names}").format(names=there) if there else "")
    return given


def _written(option: str) -> str:
    """An option as it is written on the command line; Python's own words have a "_" behind them in a function."""
    return "--" + option.rstrip("_").replace("_", "-")
