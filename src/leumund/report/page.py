"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from leumund.clean import clean
from leumund.locale import _, ngettext
from leumund.measures import Reading
from leumund.report.sections import Section, coverage_sentences, speaking, unknown_sentences, version
from leumund.views import Frame, Headline, cells, charts, view_of, written

_WIDE, _NARROW = 800, 340  # pixels of the two drawings of each chart; the page shows the one that fits
_MOST_ROWS = 400
_SHORT = 12  # rows of a table that may stand open where there is no chart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A reading as the template wants it."""

    ident: str
    title: str
    as_of: str
    headlines: tuple[Headline, ...]
    wide: Markup
    narrow: Markup
    words: str
    table: written.Table
    left_out: str
    summary: str
    folded: bool
    figures: list[tuple[str, str]]
    notes: list[str]
    nothing: str


def render(sections: Sequence[Section], *, title: str, owner: str, as_of: datetime, language: str) -> str:
    """The whole page. Same sections, same bytes; the language in use is as before when it returns.

    title, owner: as they shall stand there. language: "de" or "en".
    """
    with speaking(language) as lang:
        css = _css()
        shown = [_section(i, s, as_of) for i, s in enumerate(sections, 1)]
        page: str = _template().render(
            lang=lang,
            title=clean(title, 200),
            owner=clean(owner, 200),
            as_of=written_moment(as_of),
            css=Markup(css),  # noqa: S704  our own file and numbers
            csp=_policy(css),
            version=version(),
            sections=shown,
            glance=[card for s in shown for card in s["cards"]],
            unknowns=[u for s in shown for u in s["unknowns"]],
            made=list(_made(sections)),
            say=_words(),
        )
    return page + "\n"


def written_moment(as_of: datetime) -> str:
    """The report's date as a sentence."""
    return _("As of {moment}").format(moment=cells.moment(as_of))


def _policy(css: str) -> str:
    """Nothing may be loaded, run or sent; the one style sheet is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _css() -> str:
    own = (resources.files("leumund.report") / "page.css").read_text("utf-8")
    dark = charts.repainted("", charts.DARK)
    return f"{own}\n{charts.repainted('', charts.COLOURS)}\n@media screen and (prefers-color-scheme: dark){{\n{dark}\n}}\n"


@cache
def _template() -> Any:
    import jinja2

    loader = jinja2.PackageLoader("leumund.report", "")
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.get_template("template.html")


def _words() -> dict[str, str]:
    """What the template itself says."""
    return {
        "skip": _("Skip to the content"),
        "glance": _("At a glance"),
        "made": _("How this was made"),
        "made_with": _(
            "Made with Leumund {version} from files and answers that lie on the owner's own computer."
        ).format(version=version()),
        "quiet": _(
            "This page loads nothing from the net, runs no script and tells nobody that it is being read."
        ),
        "utc": _("Days are counted in UTC."),
        "interval": _(
            "“Between … and …” is the range in which the true value probably lies. Where it is missing, none can be given."
        ),
        "never_zero": _("What is unknown is called unknown. It is never counted as 0."),
        "unknown": _("What is unknown"),
        "all_known": _("Within what was read, nothing in these tables is unknown."),
        "readings": _("What was measured"),
        "further": _("Further figures"),
        "post": _("post"),
    }


def _made(sections: Sequence[Section]) -> Iterator[str]:
    """Each measure once, with what was asked for."""
    seen: dict[str, None] = {}
    for reading in (r for s in sections for r in s.readings):
        asked = ", ".join(f"{k} = {cells.any_value(v)}" for k, v in reading.options.items())
        seen.setdefault(f"{written.title(reading)} ({reading.measure}{'; ' + asked if asked else ''})")
    return iter(seen)


def _section(number: int, section: Section, as_of: datetime) -> dict[str, Any]:
    shown = [_shown(f"s{number}r{i}", r, section, as_of) for i, r in enumerate(section.readings, 1)]
    heading = clean(section.heading, 200)
    ident = f"s{number}"
    first = _at_a_glance(section, shown)
    return {
        "ident": ident,
        "heading": heading,
        "lead": section.paragraphs(),
        "readings": shown,
        "unknowns": unknown_sentences(section),
        "coverage": coverage_sentences(section),
        "cards": [{"ident": ident, "heading": heading, "headline": first}],
    }


def _at_a_glance(section: Section, shown: Sequence[_Shown]) -> Headline | None:
    """A section's first figure; where there is none, that it is unknown and what the section says of that."""
    first = next((h for r in shown for h in r.headlines[:1]), None)
    if not shown or (first is not None and not (first.unknown and not first.detail)):
        return first
    said = [*(note for r in shown for note in r.notes[:1]), *section.paragraphs()[:1], written.nothing()]
    if first is not None:
        return replace(first, detail=said[0])
    if any(r.table.rows for r in shown):  # others' figures, none of the owner's
        return Headline("", _("not listed"), "", (section.paragraphs() or [""])[0], unknown=True)
    return Headline("", cells.unknown(), "", said[0], unknown=True)


def _shown(ident: str, reading: Reading, section: Section, as_of: datetime) -> _Shown:
    view = view_of(reading)
    drawings = [
        charts.draw(
            reading,
            Frame(width=width, highlight=section.highlight, marks=tuple(section.marks)),
            ident=f"{ident}{size}",
        )
        for size, width in (("w", _WIDE), ("n", _NARROW))
    ]
    wide, narrow = (Markup(d.svg if d else "") for d in drawings)  # noqa: S704  texts in it are escaped by the XML writer
    table = view.as_table(reading, section.highlight)
    rows = len(table.rows)
    left = max(0, rows - _MOST_ROWS)
    headlines = view.headlines(reading, section.highlight)
    return _Shown(
        ident=ident,
        title=written.title(reading),
        as_of="" if reading.as_of == as_of else written.as_of(reading),
        headlines=headlines,
        wide=wide,
        narrow=narrow,
        words=drawings[0].alt if drawings[0] else "",
        table=written.Table(
            title=table.title, heads=table.heads, rows=table.rows[:_MOST_ROWS], marked=table.marked
        ),
        left_out=ngettext("And {n} more row.", "And {n} more rows.", left).format(n=cells.number(left))
        if left
        else "",
        summary=ngettext("The figures: {n} row", "The figures: {n} rows", rows).format(n=cells.number(rows)),
        folded=bool(wide) or rows > _SHORT,
        figures=written.further(reading, headlines) if rows or headlines else [],
        notes=written.notes(reading),
        nothing="" if rows or headlines or reading.notes else written.nothing(),
    )
