"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from leumund.clean import clean
from leumund.locale import _, speaking
from leumund.report.sections import Section, coverage_sentences, unknown_sentences, version
from leumund.report.shown import Shown, breakable, shown
from leumund.views import Headline, cells, charts, written


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
            csp=policy(css),
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


def policy(css: str) -> str:
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
    env.filters["breakable"] = breakable
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
    readings = [
        shown(f"s{number}r{i}", r, highlight=section.highlight, marks=tuple(section.marks), as_of=as_of)
        for i, r in enumerate(section.readings, 1)
    ]
    heading = clean(section.heading, 200)
    ident = f"s{number}"
    first = at_a_glance(section, readings)
    return {
        "ident": ident,
        "heading": heading,
        "lead": section.paragraphs(),
        "readings": readings,
        "unknowns": unknown_sentences(section),
        "coverage": coverage_sentences(section),
        "cards": [{"ident": ident, "heading": heading, "headline": first}],
    }


def at_a_glance(section: Section, readings: Sequence[Shown]) -> Headline | None:
    """A section's first figure; where there is none, that it is unknown and what the section says of that."""
    first = next((h for r in readings for h in r.headlines[:1]), None)
    if not readings or (first is not None and not (first.unknown and not first.detail)):
        return first
    said = [*(note for r in readings for note in r.notes[:1]), *section.paragraphs()[:1], written.nothing()]
    if first is not None:
        return replace(first, detail=said[0])
    if any(r.table.rows for r in readings):  # others' figures, none of the owner's
        if section.of_others:
            return Headline("", "", "", (section.paragraphs() or [""])[0])
        return Headline("", _("not listed"), "", (section.paragraphs() or [""])[0], unknown=True)
    return Headline("", cells.unknown(), "", said[0], unknown=True)
