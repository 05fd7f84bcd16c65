"""Files that are made to be taken along: a report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from leumund.locale import speaking
from leumund.web.desk import Desk, StillWorkingError
from leumund.web.look import language_of
from leumund.web.page import Asked
from leumund.web.reader import Refused

_LONGEST_WAIT_S = 300.0
_LONGEST_FIELD = 1000


def routes(
    desk: Desk, language: str, refused: Callable[[Request, Refused], Response], busy: Callable[[], Refused]
) -> list[Route]:
    """Where files are fetched. refused: the page that says why not; busy: what is said where it takes too long."""
    return [Route("/report/file", _report(desk, language, refused, busy))]


def _report(
    desk: Desk, language: str, refused: Callable[[Request, Refused], Response], busy: Callable[[], Refused]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        with speaking(language_of(request, language)) as lang:
            query = {
                k: v[:_LONGEST_FIELD] for k, v in request.query_params.items() if v.strip() and k != "lang"
            }
            question = Asked(query=query, language=lang)
            try:
                found = await run_in_threadpool(
                    lambda: desk.ask("report_file", question, wait=_LONGEST_WAIT_S)
                )
            except StillWorkingError:
                found = busy()
            if isinstance(found, Refused):
                return refused(request, found)
        headers = {"content-disposition": f'attachment; filename="{found["name"]}"'}
        return Response(found["file"], 200, headers, "text/html")

    return answer
