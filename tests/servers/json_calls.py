"""Asking a server on this machine for JSON: as little as can be, and nothing of what is being tested."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PATIENCE = 60.0


class RefusedError(Exception):
    """The server answered with an error. Takes method, address, status and body."""

    def __init__(self, method: str, address: str, status: int, body: str) -> None:
        super().__init__(f"{method} {address}: {status} {body[:500]}")
        self.status = status
        self.body = body


def call(
    method: str,
    address: str,
    *,
    token: str | None = None,
    query: Mapping[str, str | int | Sequence[str]] | None = None,
    body: object = None,
    patience: float = _PATIENCE,
) -> Any:
    """The answer as JSON; None where there is no body.

    Raises:
        RefusedError: the server says no. OSError: it cannot be reached.
    """
    if query:
        address = f"{address}?{urlencode(query, doseq=True)}"
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(address, data=data, headers=headers, method=method)
    try:
        with _opener.open(request, timeout=patience) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise RefusedError(method, address, error.code, error.read().decode(errors="replace")) from None
    return json.loads(text) if text.strip() else None
