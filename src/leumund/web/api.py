"""The same readings for programs, described by OpenAPI at /api/openapi.json.

    /api/measures                            what can be asked
    /api/measures/NAME[.json|.csv|.parquet]  a reading; the measure's options as query
    /api/why/NAME[.json|.csv|.parquet]       the facts behind it; account, start, end ... as query

Without an ending the header Accept decides. limit and offset page through the rows; the header Link leads to the next
page, to the page for people and to the description; _shape=objects|arrays|array is Datasette's. Private measures answer
the owner's own session or her programs' token only; no other is told of whom she lists, what she noted and what she
calls people. Errors are JSON of one shape: {"error": {"message", "hint"}}.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from leumund.clean import clean
from leumund.locale import LANGUAGES, _, speaking
from leumund.measures import Measure, all_measures
from leumund.options import options_for
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.look import language_of
from leumund.web.page import Asked
from leumund.web.reader import Refused
from leumund.web.refusal import refusal
from leumund.web.told import Told

KINDS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_LONGEST_WAIT_S = 300.0
_LONGEST_VALUE = 10_000


def routes(desk: Desk, language: str) -> list[Route]:
    """Where programs ask."""
    return [
        Route("/api/openapi.json", _description),
        Route("/api/measures", _measures),
        *(
            Route(f"/api/{part}/{{name}}{ending}", _read(desk, part, language))
            for part in ("measures", "why")
            for ending in (".{kind}", "")
        ),
    ]


def _read(desk: Desk, part: str, language: str) -> Callable[[Request], Awaitable[Response]]:
    page = "api_why" if part == "why" else "api_reading"

    async def answer(request: Request) -> Response:
        measure = all_measures().get(request.path_params["name"])
        kind = request.path_params.get("kind") or _accepted(request)
        with speaking(language_of(request, language)) as lang:
            if measure is None or (kind is not None and kind not in KINDS):
                return refusal(404, _("There is nothing at this address."))
            if kind is None:
                hint = _("There are: {names}").format(names=", ".join(KINDS.values()))
                return refusal(406, _("It cannot be had in that form."), hint)
            if (wished := request.query_params.get("lang", lang)) not in LANGUAGES:
                return _unspoken(wished)
            query = _query(request)
            if not request.state.own and _is_private(measure, query, explained=part == "why"):
                return refusal(403, _("This is private: only the owner's own session sees it."))
            question = Asked(
                path={"name": measure.name, "kind": kind},
                query=query,
                language=lang,
                own=bool(request.state.own),
            )
            try:
                found = await run_in_threadpool(lambda: desk.ask(page, question, wait=_LONGEST_WAIT_S))
            except StillWorkingError:
                return refusal(503, _("This takes long. Ask again in a while."))
        if isinstance(found, Refused):
            return refusal(found.status, found.message, found.hint)
        told: Told = found["told"]
        headers = {"link": _links(request, measure, part, told), "x-total-count": str(told.rows)}
        if "kind" not in request.path_params:
            headers["vary"] = "accept"
        return Response(told.body, 200, headers, KINDS[kind])

    return answer


def _query(request: Request) -> dict[str, str]:
    """What was asked; a name that comes several times has its values with commas between."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name != "lang":
            given = f"{found[name]},{value}" if name in found else value
            found[name] = given[:_LONGEST_VALUE]
    return found


def _accepted(request: Request) -> str | None:
    """The form that the header Accept wishes for most; JSON where it wishes nothing, None for what there is not."""
    wished: list[tuple[float, str]] = []
    for part in (request.headers.get("accept") or "*/*").split(","):
        media, *rest = (p.strip().lower() for p in part.split(";"))
        told = next((r.removeprefix("q=") for r in rest if r.startswith("q=")), "1")
        quality = float(told) if re.fullmatch(r"[01](\.\d{0,3})?", told) else 0.0
        wished += [(quality, media)] if quality else []
    for _quality, media in sorted(wished, key=lambda w: -w[0]):
        for kind, form in KINDS.items():
            plain = form.partition(";")[0]
            if media in {plain, plain.partition("/")[0] + "/*", "*/*"}:
                return kind
    return None


def _is_private(measure: Measure, query: Mapping[str, str], *, explained: bool) -> bool:
    return measure.private or any(
        o.private and o.written in query for o in options_for(measure, explained=explained)
    )


def _links(request: Request, measure: Measure, part: str, told: Told) -> str:
    """The way on: the next rows, the page for people, the description."""
    found = [
        f'</{part}/{measure.name}>; rel="alternate"; type="text/html"',
        '</api/openapi.json>; rel="service-desc"; type="application/json"',
    ]
    if told.following is not None:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "offset" and v.strip()]
        address = f"{request.url.path}?{urlencode([*kept, ('offset', str(told.following))])}"
        found.insert(0, f'<{address}>; rel="next"')
    return ", ".join(found)


def _unspoken(wished: str) -> Response:
    words = _("“{language}” is not spoken here.").format(language=clean(wished, 60))
    return refusal(400, words, _("There are: {names}").format(names=", ".join(LANGUAGES)))


async def _measures(request: Request) -> Response:
    with speaking(language_of(request, "en")) as lang:
        if (wished := request.query_params.get("lang", lang)) not in LANGUAGES:
            return _unspoken(wished)
        return JSONResponse(
            [
                {
                    "name": m.name,
                    "title": _(m.title),
                    "question": _(m.question),
                    "shape": m.shape,
                    "topic": m.topic,
                    "private": m.private,
                    "reading": f"/api/measures/{m.name}.json",
                    "why": f"/api/why/{m.name}.json" if m.explain else None,
                }
                for m in all_measures().values()
            ]
        )


async def _description(request: Request) -> Response:
    from leumund.web.openapi import description

    with speaking(language_of(request, "en")) as lang:
        if (wished := request.query_params.get("lang", lang)) not in LANGUAGES:
            return _unspoken(wished)
        return JSONResponse(description())
