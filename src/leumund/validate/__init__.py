"""What has been checked of the measures: one file, one check, each a function that gives a Finding.

    pairs       who people think is more influential, against the score's weights
    attack      rings, farms, bought likes and woken accounts on a real graph, against standing
    forecast    who will respond in the next fourteen days, against a plain count
    halves      whether the Follow-Friday board is the same from half of those who recommend
    intervals   how often the 90 % interval holds what it should
    reach       whom standing reaches in a made-up world
    growth      12-week forecasts of growth curves, against the last eight weeks and AutoETS
    friday      the grammar of Follow-Friday posts against labels
    audience    the audience's model on accounts it never saw; audience_training learns its weights
    thanks      the grammar of thanks against labels
    resonance   how often resonance calls groups better that are not
    experiments how often experiments see what is not there, and whether returns' intervals hold
    report      all of them, written into docs/validity.md

Nothing here is part of a measure; where a naive baseline wins, the finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leumund.measures import Note
from leumund.views.cells import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found. figures: as plain JSON; told: the same in sentences, one a line, for people."""

    figures: Mapping[str, Any]
    told: tuple[str, ...]


def said(text: str, **values: Any) -> str:
    """A sentence marked for translation, in the language in use, its numbers too; what is None is called unknown."""
    return sentence(Note(text, values))
