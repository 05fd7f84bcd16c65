"""The web application, put together from the pages that are there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import resources
from pathlib import Path

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from leumund.locale import _, speaking
from leumund.web import api, downloads, look
from leumund.web.answers import form_of, keep, not_ours, refused, too_long
from leumund.web.desk import Desk
from leumund.web.doors import came_back, enter, leave
from leumund.web.guard import Guard, Rules
from leumund.web.incoming import Incoming
from leumund.web.page import Page, all_pages
from leumund.web.paging import Answer, page_answer
from leumund.web.place import Place
from leumund.web.reader import Refused
from leumund.web.refusal import refusal
from leumund.web.works.connect import BACK
from leumund.web.workshop import Workshop
from leumund.widget import pages as widget

_LOOK_ROUND_S = 15.0
_OURS = re.compile(r"/(?:\w[\w/.~%-]*)?(?:\?[\w=&.,:;%+~@-]*)?")  # an address on this server
_TYPES = {"js": "text/javascript", "svg": "image/svg+xml"}


def make_app(folder: Path, rules: Rules, *, language: str = "en") -> Starlette:
    """The application for the lab in that folder. language: where a browser wishes none that we speak."""
    desk = Desk(folder)
    place = Place(desk, Workshop(after=lambda _work: desk.changed()), Incoming())
    routes = [
        Route("/static/{name}", _static),
        Route("/enter", _spoken(enter(rules), language), methods=["GET", "POST"]),
        Route("/look", _spoken(_look, language), methods=["POST"]),
        Route("/leave", _spoken(leave(rules), language), methods=["POST"]),
        Route("/work/{number:int}/file", _spoken(_file(place), language)),
        Route(BACK, _spoken(came_back(place), language)),
        *api.routes(desk, language),
        *downloads.routes(desk, language, refused, too_long),
        *(
            Route(p.path, _spoken(page_answer(place, p), language), methods=_methods(p), name=p.name)
            for p in all_pages().values()
            if p.path
        ),
    ]
    app = Starlette(
        routes=routes,
        lifespan=_tended(place),
        middleware=[Middleware(Guard, rules=rules, about=lambda: str(desk.folder.absolute()))],
        exception_handlers={HTTPException: _spoken_error(language)},
    )
    app.state.desk, app.state.place = desk, place
    return app


def _tended(place: Place) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """While the server runs, the reader is let go when nobody asks; at the end it goes."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app

        async def tend() -> None:
            while True:
                await anyio.sleep(_LOOK_ROUND_S)
                place.desk.rest()

        place.incoming.sweep()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(tend)
            yield
            tasks.cancel_scope.cancel()
        place.workshop.close()
        place.incoming.close()
        place.desk.close()

    return lifespan


def _methods(page: Page) -> list[str]:
    return ["GET", "POST"] if page.change or page.change_here else ["GET"]


def _spoken(answer: Answer, language: str) -> Answer:
    """The same answer in the language of who asks; a wish in the address is kept."""

    async def speak(request: Request) -> Response:
        with speaking(look.language_of(request, language)) as lang:
            response = await answer(request)
        if request.query_params.get("lang", "") == lang:
            keep(response, "leumund-lang", lang)
        return response

    return speak


def _file(place: Place) -> Answer:
    """What a work made, to be taken away."""

    async def answer(request: Request) -> Response:
        work = place.workshop.find(int(request.path_params["number"]))
        file = work.told.file if work is not None and work.told is not None else None
        if file is None or not file.is_file():
            return refused(request, Refused(_("There is nothing at this address.")), 404)
        return FileResponse(file, filename=file.name, media_type="application/zip")

    return answer


def _spoken_error(language: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = getattr(error, "headers", None)
        with speaking(look.language_of(request, language)):
            if status == 404:
                why = Refused(_("There is nothing at this address."), _("Begin at the overview."))
            else:
                why = Refused(_("That cannot be done here."))
            if request.url.path.startswith("/api/"):
                return refusal(status, why.message, headers=headers)
            response = refused(request, why, status)
        response.headers.update(headers or {})
        return response

    return answer


async def _look(request: Request) -> Response:
    """Language and theme, kept by the browser."""
    form = await form_of(request)
    if form is None:
        return refused(request, not_ours(), 403)
    back = form.get("back", "/")
    response = RedirectResponse(back if _OURS.fullmatch(back) else "/", 303)
    for name, known in (("lang", ("de", "en")), ("theme", look.THEMES)):
        if form.get(name) in known:
            keep(response, f"leumund-{name}", form[name])
    return response


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    kept = {"cache-control": "public, max-age=31536000, immutable"} if request.url.query else {}
    if name == widget.style_name():
        return Response(widget.style(), 200, kept, "text/css")
    if name == "style.css":
        return Response(look.style(), 200, kept, "text/css")
    kind = _TYPES.get(name.rpartition(".")[2])
    file = next((f for f in (resources.files("leumund.web") / "static").iterdir() if f.name == name), None)
    if kind is None or file is None:
        return PlainTextResponse("", 404)
    return Response(file.read_bytes(), 200, kept, kind)
