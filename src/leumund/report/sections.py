"""What a report is made of, and what is said of a section whatever the format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from leumund.clean import clean
from leumund.measures import Reading
from leumund.views import Mark, written


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer. Texts are in the report's language already.

    lead: one paragraph, or several. marks: what happened meanwhile, for charts over time. highlight: keys of
    the accounts to be picked out in rankings and tables. of_others: nobody is the owner, so no figure of hers is missing.
    """

    heading: str
    lead: str | Sequence[str] = ""
    readings: Sequence[Reading] = ()
    marks: Sequence[Mark] = ()
    highlight: frozenset[int] = frozenset()
    of_others: bool = False

    def paragraphs(self) -> list[str]:
        """The lead, made safe."""
        texts = [self.lead] if isinstance(self.lead, str) else list(self.lead)
        return [clean(t) for t in texts if t.strip()]


def unknown_sentences(section: Section) -> list[str]:
    """What is unknown, one sentence for each reading that lacks something."""
    said = ((written.title(r), written.unknowns(r)) for r in section.readings)
    return [f"{title}: {text}" for title, text in said if text]


def coverage_sentences(section: Section) -> list[str]:
    """How far the lab can see, each sentence once."""
    return list(dict.fromkeys(written.coverage(r) for r in section.readings))


def version() -> str:
    """The program's version."""
    try:
        return metadata.version("leumund")
    except metadata.PackageNotFoundError:
        return "?"
