"""What is said of requests: where to, without anything that may be secret; and that the person stopped them."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

from leumund.locale import _


class Stopped(Exception):  # noqa: N818  not a failure: the person pressed Ctrl-C
    """The work was stopped while waiting."""


def waiting_for(host: str, seconds: float, why: str) -> str:
    """That we wait, for whom, and for how long."""
    return _("{host}: {why}, going on in {seconds} s").format(host=host, why=why, seconds=round(seconds))


def host_of(url: str) -> str:
    """Host and port, for people."""
    with contextlib.suppress(ValueError):
        return urlsplit(url).netloc.rpartition("@")[2] or url[:60]
    return url[:60]


def bare(url: str) -> str:
    """An address without what may be secret in it: no user, no query."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{host_of(url)}{parts.path}"
    return url[:60]
