"""How pages are set: language, theme, menu, templates, the one style sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.requests import Request

from leumund import locale
from leumund.locale import N_, _
from leumund.measures import TOPICS, all_measures
from leumund.report.sections import version
from leumund.report.shown import breakable
from leumund.views import charts
from leumund.web.page import Group, all_pages
from leumund.web.place import Place

THEMES = ("auto", "light", "dark")
_GROUPS: Mapping[Group, str] = {
    "start": "",
    "people": N_("People"),
    "entries": N_("What I note"),
    "lab": N_("The lab"),
}


def language_of(request: Request, default: str) -> str:
    """In which language to answer: as wished in the address, as kept, as the browser says."""
    wishes = [request.query_params.get("lang", ""), request.cookies.get("leumund-lang", "")]
    wishes += [part.partition(";")[0] for part in request.headers.get("accept-language", "").split(",")]
    for wish in wishes:
        if (short := wish.strip()[:2].lower()) in locale.LANGUAGES:
            return short
    return default


def theme_of(request: Request) -> str:
    """Light, dark, or as the screen has it."""
    kept = request.cookies.get("leumund-theme", "auto")
    return kept if kept in THEMES else "auto"


def menu() -> list[dict[str, Any]]:
    """The groups of the menu with their pages, in the language in use."""
    groups = []
    for group, title in _GROUPS.items():
        entries = [
            {"address": p.path, "title": _(p.title), "name": p.name}
            for p in sorted(all_pages().values(), key=lambda p: (p.order, p.name))
            if p.group == group
        ]
        if entries:
            groups.append({"title": _(title) if title else "", "entries": entries})
        if group == "start":
            groups += _answers()
    return groups


def _answers() -> Iterator[dict[str, Any]]:
    """The measures, topic by topic."""
    for topic, title in TOPICS.items():
        entries = [
            {"address": f"/measures/{m.name}", "title": _(m.title), "name": m.name}
            for m in all_measures().values()
            if m.topic == topic
        ]
        if entries:
            yield {"title": _(title), "entries": entries}


def rendered(template: str, request: Request, **given: Any) -> str:
    """A page, set in the language in use."""
    page: str = (
        _templates()
        .get_template(template)
        .render(
            lang=locale.code(),
            theme=theme_of(request),
            menu=menu() if request.state.own else [],
            here=request.url.path,
            back=_back(request),
            word=request.state.word,
            locked=request.state.locked,
            style=f"/static/style.css?{_mark(style())}",
            version=version(),
            **_around(request),
            **given,
        )
    )
    return page


def _around(request: Request) -> dict[str, Any]:
    """Which lab is shown and what is under way, for its owner alone."""
    if not request.state.own:
        return {"standing": None, "going": []}
    place: Place = request.app.state.place
    going = [{"title": locale.told(w.job.title), "asks": w.question is not None} for w in place.going]
    return {"standing": place.standing, "going": going}


def _back(request: Request) -> str:
    """This page again, whatever it was asked; its language is kept otherwise."""
    query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k != "lang"])
    return f"{request.url.path}?{query}" if query else request.url.path


@cache
def style() -> str:
    """The style sheet: the report's and the digest's, ours, and the charts' colours for light and dark."""
    report = resources.files("leumund.report")
    shared = [(report / name).read_text("utf-8") for name in ("page.css", "digest.css")]
    own = (resources.files("leumund.web") / "static" / "app.css").read_text("utf-8")
    return "\n".join((*shared, own, *_chart_colours())) + "\n"


def _chart_colours() -> Iterator[str]:
    for name, light in charts.COLOURS.items():
        both = f"light-dark({light}, {charts.DARK[name]})"
        yield f".f-{name}{{fill:{both}}}.s-{name}{{stroke:{both}}}"


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.ChoiceLoader(
        [jinja2.PackageLoader("leumund.web", "templates"), jinja2.PackageLoader("leumund.report", "")]
    )
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["breakable"] = breakable
    env.globals["_"] = lambda text: str(_(text))
    return env


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
