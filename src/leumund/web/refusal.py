"""An error as programs get it: JSON of one shape, {"error": {"message", "hint"}}."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response


def refusal(status: int, message: str, hint: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """What went wrong and what to do next."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, status, dict(headers or {}))
