"""The ways in and out: with a password, and back from another server."""

from __future__ import annotations

import time

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from leumund.locale import _
from leumund.web import look
from leumund.web.answers import LONGEST_FIELD, form_of, not_ours, refused
from leumund.web.guard import Rules, came_from
from leumund.web.paging import Answer
from leumund.web.place import Place


def enter(rules: Rules) -> Answer:
    """The way in where a password is asked for."""

    async def answer(request: Request) -> Response:
        wrong, seconds = False, 0
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=5, max_part_size=LONGEST_FIELD) as sent:
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


def leave(rules: Rules) -> Answer:
    """The way out: this browser has to give the password again."""

    async def answer(request: Request) -> Response:
        if await form_of(request) is None:
            return refused(request, not_ours(), 403)
        response = RedirectResponse("/enter", 303)
        response.headers.append("set-cookie", rules.cookie(""))
        return response

    return answer


async def _slowly() -> None:
    """Who guesses waits."""
    await anyio.sleep(1)


def came_back(place: Place) -> Answer:
    """Where a browser comes back to from another server. It comes without our session, since it comes from elsewhere: what it
    brings is known by its state alone, and the page says nothing but to go on.
    """

    async def answer(request: Request) -> Response:
        work = place.workshop.asking(request.query_params.get("state", "")[:LONGEST_FIELD])
        if work is None:
            words = _("This page belongs to another question.")
        else:
            refused = "error" in request.query_params
            place.workshop.answer(
                work, "" if refused else request.query_params.get("code", "")[:LONGEST_FIELD]
            )
            words = _("Thank you. It goes on.")
        page = look.rendered("came_back.html", request, title=_("You are back"), words=words)
        return HTMLResponse(page, 200 if work else 404, {"refresh": "0; url=/work"} if work else None)

    return answer
