"""The web application, put together from the pages that are there."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from leumund.errors import LeumundError
from leumund.locale import _, speaking
from leumund.web import api, downloads, look
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.guard import Guard, Rules, came_from
from leumund.web.hints import in_pages
from leumund.web.incoming import Incoming, NotOursError, Receiving, check_room
from leumund.web.page import Asked, Elsewhere, Page, all_pages
from leumund.web.place import Place
from leumund.web.reader import Refused, put_simply
from leumund.web.refusal import refusal
from leumund.web.works.connect import BACK
from leumund.web.workshop import Workshop
from leumund.widget import pages as widget

Answer = Callable[[Request], Awaitable[Response]]

_LONGEST_FIELD = 10_000
_SEE_OTHER = 303
_LOOK_ROUND_S = 15.0
_SAID = "leumund-said"
_OURS = re.compile(r"/(?:\w[\w/.~%-]*)?(?:\?[\w=&.,:;%+~@-]*)?")  # an address on this server
_TYPES = {"js": "text/javascript", "svg": "image/svg+xml"}


def make_app(folder: Path, rules: Rules, *, language: str = "en") -> Starlette:
    """The application for the lab in that folder. language: where a browser wishes none that we speak."""
    desk = Desk(folder)
    place = Place(desk, Workshop(after=lambda _work: desk.changed()), Incoming())
    routes = [
        Route("/static/{name}", _static),
        Route("/enter", _spoken(_enter(rules), language), methods=["GET", "POST"]),
        Route("/look", _spoken(_look, language), methods=["POST"]),
        Route("/leave", _spoken(_leave(rules), language), methods=["POST"]),
        Route("/work/{number:int}/file", _spoken(_file(place), language)),
        Route(BACK, _spoken(_came_back(place), language)),
        *api.routes(desk, language),
        *downloads.routes(desk, language, _refused, _too_long),
        *(
            Route(p.path, _spoken(_page(place, p), language), methods=_methods(p), name=p.name)
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
            _keep(response, "leumund-lang", lang)
        return response

    return speak


def _page(place: Place, page: Page) -> Answer:
    async def answer(request: Request) -> Response:
        if request.method == "POST":
            return await _changed(place, page, request)
        began = time.monotonic()
        question = asked(request)
        if page.looks:
            question = replace(question, looked=request.cookies.get(_looked(place.desk), ""))
        try:
            found = await run_in_threadpool(_taken, place, page, question)
        except StillWorkingError as still:
            return _working(request, still.seconds)
        if isinstance(found, Refused):
            return _refused(request, found)
        if page.sent_as:
            return _given(found, page.sent_as)
        if page.framed:
            return HTMLResponse(found["document"])
        pieces = (
            await run_in_threadpool(place.desk.pieces, page.pieces, found["pieces"], began=began)
            if page.pieces
            else {}
        )
        waiting = any(piece is None for piece in pieces.values())
        said = unquote(request.cookies.get(_SAID, ""))
        html = look.rendered(
            f"{page.name}.html",
            request,
            title=_headed(page, found),
            page=found,
            said=said,
            pieces=pieces,
            waiting=waiting,
        )
        again = "2" if waiting else str(found.get("refresh", ""))
        response = HTMLResponse(html, 200, {"refresh": again} if again else {})
        if page.looks:
            _keep(response, _looked(place.desk), found["looked"])
        if said:
            response.delete_cookie(_SAID, samesite="strict", httponly=True)
        return response

    return answer


def _given(found: dict[str, Any], kind: str) -> Response:
    """A file instead of a page."""
    named = {"content-disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}"}
    return Response(found["content"], 200, named, kind)


def _looked(desk: Desk) -> str:
    """The cookie that remembers on which days the owner looked at this lab: at one address there may be several."""
    place = hashlib.sha256(str(desk.folder.absolute()).encode()).hexdigest()[:12]
    return f"leumund-looked-{place}"


def _keep(response: Response, name: str, value: str) -> None:
    """Let the browser remember something for a year."""
    response.set_cookie(name, value, max_age=365 * 86400, samesite="strict", httponly=True)


def _taken(place: Place, page: Page, question: Asked) -> Any:
    """What the page needs, from the server itself or from who reads the lab."""
    here = page.here
    return place.desk.ask(page.name, question) if here is None else put_simply(lambda: here(place, question))


def _headed(page: Page, found: Mapping[str, Any]) -> str:
    """What stands on the tab of the browser: the question where one is answered."""
    question = found.get("question")
    if not question:
        return _(page.title)
    return str(question) if page.name == "measure" else f"{_(page.title)}: {question}"


async def _changed(place: Place, page: Page, request: Request) -> Response:
    if page.receives:
        return await _received(place, page, request)
    form = await _form(request)
    if form is None:
        return _refused(request, _not_ours(), 403)
    return await _done(place, page, request, asked(request, form))


async def _received(place: Place, page: Page, request: Request) -> Response:
    """A form with files: they are on disk when the page is asked, and gone when nobody needs them."""
    into = await run_in_threadpool(place.incoming.new)
    taking = Receiving(request.headers.get("content-type", ""), request.state.word, into)
    response: Response | None = None
    try:
        check_room(into, int(request.headers.get("content-length", "0")))
        await taking.take(request.stream())
        form = {k: v for k, v in taking.fields.items() if k != "word"}
        question = replace(asked(request, form), files=tuple(taking.files))
        response = await _done(place, page, request, question)
    except NotOursError:
        response = _refused(request, _not_ours(), 403)
    except LeumundError as error:
        response = _refused(request, Refused(error.message, error.hint, asked_wrongly=True))
    finally:
        if response is None or response.status_code != _SEE_OTHER:
            await run_in_threadpool(shutil.rmtree, into, True)
    with contextlib.suppress(
        ClientDisconnect, RuntimeError
    ):  # a browser hears no answer before it has sent all
        async for _chunk in request.stream():
            pass
    return response


async def _done(place: Place, page: Page, request: Request, question: Asked) -> Response:
    here = page.change_here
    found: Elsewhere | Refused = await run_in_threadpool(
        lambda: (
            place.desk.change(page.name, question)
            if here is None
            else put_simply(lambda: here(place, question))
        )
    )
    if isinstance(found, Refused):
        if page.again and found.asked_wrongly:
            return await _once_more(place, page, request, question, found)
        return _refused(request, found, form=request.url.path)
    if found.shows is not None:
        place.desk.show(found.shows)
    if found.begin is not None:
        place.workshop.begin(found.begin)
    return _to(found)


async def _once_more(place: Place, page: Page, request: Request, question: Asked, why: Refused) -> Response:
    """The page with the form as it was filled in, and what is wrong with it."""
    try:
        found = await run_in_threadpool(_taken, place, page, question)
    except StillWorkingError:
        return _refused(request, why)
    if isinstance(found, Refused):
        return _refused(request, why)
    wrong = " ".join(filter(None, (why.message, in_pages(why.hint))))
    html = look.rendered(
        f"{page.name}.html", request, title=_(page.title), page=found, wrong=wrong, pieces={}, waiting=False
    )
    return HTMLResponse(html, 400)


def _file(place: Place) -> Answer:
    """What a work made, to be taken away."""

    async def answer(request: Request) -> Response:
        work = place.workshop.find(int(request.path_params["number"]))
        file = work.told.file if work is not None and work.told is not None else None
        if file is None or not file.is_file():
            return _refused(request, Refused(_("There is nothing at this address.")), 404)
        return FileResponse(file, filename=file.name, media_type="application/zip")

    return answer


async def _form(request: Request) -> dict[str, str] | None:
    """What was filled in; None where the form is not one of ours."""
    async with request.form(max_files=0, max_fields=100, max_part_size=_LONGEST_FIELD) as sent:
        form = {k: v for k, v in sent.items() if isinstance(v, str)}
    own = form.pop("word", "")
    return form if request.state.word and own == request.state.word else None


def asked(request: Request, form: dict[str, str] | None = None) -> Asked:
    """The question, without what only concerns the way it is set."""
    from leumund.locale import code

    query = {k: v[:_LONGEST_FIELD] for k, v in request.query_params.items() if v.strip() and k != "lang"}
    filled = {k: v for k, v in (form or {}).items() if v.strip()}
    return Asked(
        path={k: str(v) for k, v in request.path_params.items()}, query=query, form=filled, language=code(),
        origin=f"{request.url.scheme}://{request.headers.get('host', '')}",
    )  # fmt: skip


def _working(request: Request, seconds: float) -> Response:
    page = look.rendered("working.html", request, title=_("Being worked out"), seconds=round(seconds))
    return HTMLResponse(page, 200, {"refresh": "2"})


def _refused(request: Request, why: Refused, status: int = 0, *, form: str = "") -> Response:
    """What went wrong. form: where the form stands that was sent."""
    said = replace(why, hint=in_pages(why.hint))
    page = look.rendered("refused.html", request, title=_("That did not work"), why=said, form=form)
    return HTMLResponse(page, status or why.status)


def _too_long() -> Refused:
    return Refused(_("This takes long. Ask again in a while."))


def _not_ours() -> Refused:
    return Refused(
        _("This form is not from these pages, or too old."), _("Load the page anew and try again.")
    )


def _to(elsewhere: Elsewhere) -> Response:
    """The other page; what is to be said there goes along in a cookie, so that no address can put words into our mouth."""
    response = RedirectResponse(elsewhere.address, _SEE_OTHER)
    if elsewhere.said:
        response.set_cookie(_SAID, quote(elsewhere.said), max_age=60, samesite="strict", httponly=True)
    return response


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
            response = _refused(request, why, status)
        response.headers.update(headers or {})
        return response

    return answer


def _enter(rules: Rules) -> Answer:
    """The way in where a password is asked for."""

    async def answer(request: Request) -> Response:
        wrong, seconds = False, 0
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=5, max_part_size=_LONGEST_FIELD) as sent:
                given = str(sent.get("password", ""))
            who = came_from(request.scope)
            seconds = rules.tries.wait(who)
            if not seconds and rules.opens(given):
                response = RedirectResponse("/", 303)
                response.headers.append("set-cookie", rules.cookie(rules.session(time.time())))
                return response
            wrong = True
            if not seconds:
                rules.tries.wrong(who)
                await _slowly()
        page = look.rendered("enter.html", request, title=_("Come in"), wrong=wrong, seconds=seconds)
        if seconds:
            return HTMLResponse(page, 429, {"retry-after": str(seconds)})
        return HTMLResponse(page, 403 if wrong else 200)

    return answer


def _leave(rules: Rules) -> Answer:
    """The way out: this browser has to give the password again."""

    async def answer(request: Request) -> Response:
        if await _form(request) is None:
            return _refused(request, _not_ours(), 403)
        response = RedirectResponse("/enter", 303)
        response.headers.append("set-cookie", rules.cookie(""))
        return response

    return answer


async def _slowly() -> None:
    """Who guesses waits."""
    await anyio.sleep(1)


def _came_back(place: Place) -> Answer:
    """Where a browser comes back to from another server. It comes without our session, since it comes from elsewhere: what it
    brings is known by its state alone, and the page says nothing but to go on.
    """

    async def answer(request: Request) -> Response:
        work = place.workshop.asking(request.query_params.get("state", "")[:_LONGEST_FIELD])
        if work is None:
            words = _("This page belongs to another question.")
        else:
            refused = "error" in request.query_params
            place.workshop.answer(
                work, "" if refused else request.query_params.get("code", "")[:_LONGEST_FIELD]
            )
            words = _("Thank you. It goes on.")
        page = look.rendered("came_back.html", request, title=_("You are back"), words=words)
        return HTMLResponse(page, 200 if work else 404, {"refresh": "0; url=/work"} if work else None)

    return answer


async def _look(request: Request) -> Response:
    """Language and theme, kept by the browser."""
    form = await _form(request)
    if form is None:
        return _refused(request, _not_ours(), 403)
    back = form.get("back", "/")
    response = RedirectResponse(back if _OURS.fullmatch(back) else "/", 303)
    for name, known in (("lang", ("de", "en")), ("theme", look.THEMES)):
        if form.get(name) in known:
            _keep(response, f"leumund-{name}", form[name])
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
