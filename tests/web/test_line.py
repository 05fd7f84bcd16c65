"""Who keeps silent on many lines at once keeps nobody from being answered."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from tests.web.conftest import Site
from uvicorn.server import ServerState

from leumund.web.line import Line

HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: "
HALF_A_FORM = (
    b"POST /look HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nword="
)


class Wire(asyncio.Transport):
    """A line's other end. ended: whether it was let go."""

    ended = False

    def abort(self) -> None:
        self.ended = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    ending = threading.Thread(target=_end, args=(made,))  # here the loop of a browser may be running
    ending.start()
    ending.join()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Leave nothing behind that complains later, in the middle of another test."""
    begun = asyncio.all_tasks(loop)
    for task in begun:
        task.cancel()
    if begun:  # none where a test failed before it said anything
        loop.run_until_complete(asyncio.gather(*begun, return_exceptions=True))
    loop.close()


async def app(_scope: Any, _receive: Any, _send: Any) -> None:
    """Never answers: nothing of that is looked at here."""


def lines(loop: asyncio.AbstractEventLoop, *said: bytes, most: int) -> list[bool]:
    """Lines on which that is said, one after the other; which of them are held in the end."""
    config, state = uvicorn.Config(app), ServerState()
    wires = []
    for each in said:
        line, wire = Line(config, state, {}, loop), Wire()
        line.most = most
        line.connection_made(wire)
        line.data_received(each)
        wires.append(wire)
    return [not wire.ended for wire in wires]


def test_where_there_are_too_many_the_one_that_waits_longest_is_let_go(
    loop: asyncio.AbstractEventLoop,
) -> None:
    for said in (b"G", HALF_A_HEAD, HALF_A_FORM):
        assert lines(loop, *[said] * 3, most=3) == [True] * 3
        assert lines(loop, *[said] * 5, most=3) == [False, False, True, True, True]


def test_a_form_that_is_coming_stays_before_lines_on_which_nothing_is(
    loop: asyncio.AbstractEventLoop,
) -> None:
    assert lines(loop, HALF_A_FORM, b"G", b"G", b"G", most=2) == [True, False, False, True]
    long = HALF_A_FORM + b"a" * 2_000
    assert lines(loop, long, HALF_A_FORM, HALF_A_FORM, most=2) == [True, False, True]


def test_a_request_that_is_being_answered_is_not_let_go(loop: asyncio.AbstractEventLoop) -> None:
    whole = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    assert lines(loop, whole, whole, b"G", b"G", most=2) == [True, True, False, True]


def opened(site: Site, said: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    line.sendall(said)
    return line


def heard(line: socket.socket) -> bytes:
    """What comes on a line until it is let go."""
    try:
        return line.recv(1000)
    except ConnectionResetError:
        return b""


def test_behind_many_silent_lines_somebody_is_answered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line, "most", 5)
    silent = [opened(site, HALF_A_HEAD) for _ in range(30)]
    assert site.get("/static/style.css").status == 200
    held = 0
    for line in silent:
        line.setblocking(False)
        try:
            assert heard(line) == b""
        except BlockingIOError:
            held += 1
        line.close()
    assert held <= 5


@pytest.mark.parametrize("said", [b"", HALF_A_HEAD, HALF_A_FORM])
def test_a_request_that_does_not_go_on_is_waited_for_no_longer(
    site: Site, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(Line, "patience_s", 0.05)
    with opened(site, said) as line:
        assert heard(line) == b""


def test_what_becomes_nonsense_while_it_is_answered_ends_without_a_word(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /look HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with opened(site, head + b"F" * 30 + b"\r\nab") as line:
        assert heard(line) == b""
    assert site.get("/static/style.css").status == 200
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == []
