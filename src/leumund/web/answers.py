"""What an answer is made of: the question out of a request, a page that says what went wrong, what a browser remembers."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from leumund.locale import _, code
from leumund.web import look
from leumund.web.hints import in_pages
from leumund.web.page import Asked
from leumund.web.reader import Refused

LONGEST_FIELD = 10_000


async def form_of(request: Request) -> dict[str, str] | None:
    """What was filled in; None where the form is not one of ours."""
    async with request.form(max_files=0, max_fields=100, max_part_size=LONGEST_FIELD) as sent:
        form = {k: v for k, v in sent.items() if isinstance(v, str)}
    own = form.pop("word", "")
    return form if request.state.word and own == request.state.word else None


def asked(request: Request, form: dict[str, str] | None = None) -> Asked:
    """The question, without what only concerns the way it is set."""
    query = {k: v[:LONGEST_FIELD] for k, v in request.query_params.items() if v.strip() and k != "lang"}
    filled = {k: v for k, v in (form or {}).items() if v.strip()}
    return Asked(
        path={k: str(v) for k, v in request.path_params.items()}, query=query, form=filled, language=code(),
        origin=f"{request.url.scheme}://{request.headers.get('host', '')}",
    )  # fmt: skip


def keep(response: Response, name: str, value: str) -> None:
    """Let the browser remember something for a year."""
    response.set_cookie(name, value, max_age=365 * 86400, samesite="strict", httponly=True)


def working(request: Request, seconds: float) -> Response:
    """It takes longer: the browser asks again by itself."""
    page = look.rendered("working.html", request, title=_("Being worked out"), seconds=round(seconds))
    return HTMLResponse(page, 200, {"refresh": "2"})


def refused(request: Request, why: Refused, status: int = 0, *, form: str = "") -> Response:
    """What went wrong. form: where the form stands that was sent."""
    said = replace(why, hint=in_pages(why.hint))
    page = look.rendered("refused.html", request, title=_("That did not work"), why=said, form=form)
    return HTMLResponse(page, status or why.status)


def too_long() -> Refused:
    """For who asks for a file and cannot be shown a page meanwhile."""
    return Refused(_("This takes long. Ask again in a while."))


def not_ours() -> Refused:
    """The form is none of this session."""
    return Refused(
        _("This form is not from these pages, or too old."), _("Load the page anew and try again.")
    )
