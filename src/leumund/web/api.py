"""The same readings for programs: JSON and CSV, described by OpenAPI at /api/openapi.json.

    /api/measures                    what can be asked
    /api/measures/NAME.json|csv      a reading; the measure's options as query
    /api/why/NAME.json|csv           the facts behind it; account, start, end as query

Private measures answer the owner's own session only; no other is told of whom she lists. Errors are JSON of one shape: {"error": {"message", "hint"}}.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from leumund.locale import _, speaking
from leumund.measures import all_measures
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.look import language_of
from leumund.web.page import Asked
from leumund.web.reader import Refused

_KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_LONGEST_WAIT_S = 300.0


def routes(desk: Desk, language: str) -> list[Route]:
    """Where programs ask."""
    return [
        Route("/api/openapi.json", _description),
        Route("/api/measures", _measures),
        Route("/api/measures/{name}.{kind}", _read(desk, "api_reading", language)),
        Route("/api/why/{name}.{kind}", _read(desk, "api_why", language)),
    ]


def refusal(status: int, message: str, hint: str = "") -> Response:
    """An error as programs get it."""
    return _json({"error": {"message": message, "hint": hint}}, status)


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def _read(desk: Desk, page: str, language: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        name, kind = request.path_params["name"], request.path_params["kind"]
        measure = all_measures().get(name)
        with speaking(language_of(request, language)) as lang:
            if measure is None or kind not in _KINDS:
                return refusal(404, _("There is nothing at this address."))
            if measure.private and not request.state.own:
                return refusal(403, _("This is private: only the owner's own session sees it."))
            query = {k: v for k, v in request.query_params.items() if v.strip() and k != "lang"}
            question = Asked(
                path={"name": name, "kind": kind}, query=query, language=lang, own=bool(request.state.own)
            )
            try:
                found = await run_in_threadpool(lambda: desk.ask(page, question, wait=_LONGEST_WAIT_S))
            except StillWorkingError:
                return refusal(503, _("This takes long. Ask again in a while."))
        if isinstance(found, Refused):
            return refusal(400 if found.asked_wrongly else 503, found.message, found.hint)
        return Response(found["text"], media_type=_KINDS[kind])

    return answer


async def _measures(request: Request) -> Response:
    with speaking(language_of(request, "en")):
        return _json(
            [
                {
                    "name": m.name,
                    "title": _(m.title),
                    "question": _(m.question),
                    "shape": m.shape,
                    "private": m.private,
                }
                for m in all_measures().values()
            ]
        )


async def _description(request: Request) -> Response:
    from leumund.web.openapi import description

    del request
    return _json(description())
