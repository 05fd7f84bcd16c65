"""A page is asked, and what a form on it says is done."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from leumund.errors import LeumundError
from leumund.locale import _
from leumund.web import look
from leumund.web.answers import asked, form_of, keep, not_ours, refused, working
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.hints import in_pages
from leumund.web.incoming import NotOursError, Receiving, check_room
from leumund.web.page import Asked, Elsewhere, Page
from leumund.web.place import Place
from leumund.web.reader import Refused, put_simply
from leumund.web.refill import refilled

Answer = Callable[[Request], Awaitable[Response]]

_SEE_OTHER = 303
_SAID = "leumund-said"


def page_answer(place: Place, page: Page) -> Answer:
    """Answers who asks for that page, or sends a form of it."""

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
            return working(request, still.seconds)
        if isinstance(found, Refused):
            return refused(request, found)
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
            keep(response, _looked(place.desk), found["looked"])
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
    form = await form_of(request)
    if form is None:
        return refused(request, not_ours(), 403)
    return await _done(place, page, request, asked(request, form))


async def _received(place: Place, page: Page, request: Request) -> Response:
    """A form with files: they are on disk when the page is asked, and gone when nobody needs them."""
    try:
        into = await run_in_threadpool(place.incoming.new)
    except LeumundError as error:
        return refused(request, Refused(error.message, error.hint))
    taking = Receiving(request.headers.get("content-type", ""), request.state.word, into)
    response: Response | None = None
    try:
        check_room(into, int(request.headers.get("content-length", "0")))
        await taking.take(request.stream())
        form = {k: v for k, v in taking.fields.items() if k != "word"}
        question = replace(asked(request, form), files=tuple(taking.files))
        response = await _done(place, page, request, question)
    except NotOursError:
        response = refused(request, not_ours(), 403)
    except LeumundError as error:
        response = refused(request, Refused(error.message, error.hint, asked_wrongly=True))
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
        if found.asked_wrongly:
            return await _once_more(place, page, request, question, found)
        return refused(request, found, form=request.url.path)
    if found.shows is not None:
        place.desk.show(found.shows)
    if found.begin is not None:
        place.workshop.begin(found.begin)
    return _to(found)


async def _once_more(place: Place, page: Page, request: Request, question: Asked, why: Refused) -> Response:
    """The page with the form as it was filled in, and what is wrong with it."""
    bare = question if page.again else replace(question, form={})
    try:
        found = await run_in_threadpool(_taken, place, page, bare)
    except StillWorkingError:
        found = why
    if isinstance(found, Refused):
        return refused(request, why, form=request.url.path)
    wrong = " ".join(filter(None, (why.message, in_pages(why.hint))))
    html = look.rendered(
        f"{page.name}.html", request, title=_(page.title), page=found, wrong=wrong, pieces={}, waiting=False
    )
    filled = refilled(html, request.url.path, question.form, wrong)
    if filled is None and not page.again:
        return refused(request, why, form=request.url.path)
    return HTMLResponse(filled or html, 400)


def _to(elsewhere: Elsewhere) -> Response:
    """The other page; what is to be said there goes along in a cookie, so that no address can put words into our mouth."""
    response = RedirectResponse(elsewhere.address, _SEE_OTHER)
    if elsewhere.said:
        response.set_cookie(_SAID, quote(elsewhere.said), max_age=60, samesite="strict", httponly=True)
    return response
