"""The server that answers badly really does so."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
import urllib.error

import pytest

from tests.servers import faults
from tests.servers.faulty import Asked, Faulty, computed, faulty_server, good
from tests.servers.json_calls import RefusedError, call

PAGE = [{"id": str(number)} for number in range(100)]


def read(server: Faulty, path: str, *, timeout: float = 60.0, at_most: int = -1) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(at_most) if at_most >= 0 else answer.read()
    finally:
        connection.close()


def test_answers_come_in_order_and_the_last_one_stays(faulty: Faulty) -> None:
    faulty.answer("/a", faults.broken(502), faults.limited({"Retry-After": "7"}), good({"ok": True}))
    seen = []
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            call("GET", f"{faulty.url}/a")
        seen.append(refused.value.status)
    assert seen == [502, 429]
    assert call("GET", f"{faulty.url}/a") == call("GET", f"{faulty.url}/a") == {"ok": True}


def test_what_was_asked_is_remembered(faulty: Faulty) -> None:
    faulty.answer("/api/*", good([]))
    call("POST", f"{faulty.url}/api/v1/x", token="secret", query={"types[]": ["a", "b"]}, body={"n": 1})
    time.sleep(0.05)
    call("GET", f"{faulty.url}/api/v1/x")
    asked = faulty.asked("/api/v1/x")[0]
    assert asked.method == "POST"
    assert asked.query == {"types[]": ["a", "b"]}
    assert asked.headers["authorization"] == "Bearer secret"
    assert asked.body == b'{"n": 1}'
    assert 0.05 <= faulty.gaps("/api/v1/x")[0] < 5


def test_nobody_answers_a_path_of_which_nothing_was_said(faulty: Faulty) -> None:
    assert read(faulty, "/nowhere")[0] == 404


def test_pages_can_be_computed(faulty: Faulty) -> None:
    def page(asked: Asked) -> object:
        start = int(asked.one("from") or 0)
        return PAGE[start : start + 40]

    faulty.answer("/pages", computed(lambda asked: good(page(asked))))
    assert len(call("GET", f"{faulty.url}/pages", query={"from": 80})) == 20


def test_a_connection_is_reset_in_the_middle_of_a_page(faulty: Faulty) -> None:
    faulty.answer("/r", faults.reset(PAGE, after=100))
    with pytest.raises(ConnectionResetError):
        read(faulty, "/r")


def test_a_connection_is_reset_before_anything_comes(faulty: Faulty) -> None:
    faulty.answer("/r", faults.reset())
    with pytest.raises(ConnectionResetError):
        read(faulty, "/r")


def test_a_connection_ends_too_early(faulty: Faulty) -> None:
    faulty.answer("/c", faults.cut_off(PAGE, after=50))
    with pytest.raises(http.client.IncompleteRead) as cut:
        read(faulty, "/c")
    assert len(cut.value.partial) == 50
    faulty.answer("/h", faults.hung_up())
    with pytest.raises(http.client.RemoteDisconnected):
        read(faulty, "/h")


def test_json_ends_too_early_in_a_whole_answer(faulty: Faulty) -> None:
    faulty.answer("/m", faults.malformed(PAGE, after=30))
    status, body = read(faulty, "/m")
    assert status == 200
    assert body == b'[{"id": "0"}, {"id": "1"}, {"i'


@pytest.mark.parametrize("after", [0, 20])
def test_nothing_comes_any_more(faulty: Faulty, after: int) -> None:
    faulty.answer("/s", faults.stalled(PAGE, after=after))
    with pytest.raises(TimeoutError):
        read(faulty, "/s", timeout=0.2)


def test_after_a_while_it_goes_on(faulty: Faulty) -> None:
    faulty.answer("/s", faults.stalled(PAGE, after=20, seconds=0.1))
    assert read(faulty, "/s")[1].endswith(b'"99"}]')


def test_bytes_drip(faulty: Faulty) -> None:
    faulty.answer("/d", faults.dripped("0123456789", pause=0.02))
    began = time.monotonic()
    assert read(faulty, "/d")[1] == b'"0123456789"'
    assert time.monotonic() - began > 0.2


def test_headers_never_end(faulty: Faulty) -> None:
    faulty.answer("/d", faults.dripped_headers(pause=0.001))
    with pytest.raises(http.client.HTTPException, match="more than 100 headers"):
        read(faulty, "/d")


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_never_ends(faulty: Faulty, *, chunked: bool) -> None:
    faulty.answer("/e", faults.endless(chunked=chunked))
    assert len(read(faulty, "/e", at_most=5_000_000)[1]) == 5_000_000
    until = time.monotonic() + 60
    while not faulty.gave_up and time.monotonic() < until:
        time.sleep(0.01)
    assert faulty.gave_up[0] >= 5_000_000


def test_headers_are_huge(faulty: Faulty) -> None:
    faulty.answer("/h", faults.huge_headers(size=100_000))
    with pytest.raises(http.client.LineTooLong):
        read(faulty, "/h")


def test_a_small_answer_becomes_a_big_one(faulty: Faulty) -> None:
    faulty.answer("/b", faults.blown_up(64 << 20))
    body = read(faulty, "/b")[1]
    assert len(body) < 100_000
    assert gzip.decompress(body) == b" " * (64 << 20)


def test_what_comes_is_no_http(faulty: Faulty) -> None:
    faulty.answer("/n", faults.not_http())
    with pytest.raises(http.client.BadStatusLine):
        read(faulty, "/n")


def test_a_page_for_people_comes_instead_of_json(faulty: Faulty) -> None:
    faulty.answer("/w", faults.wrongly_labelled())
    with pytest.raises(ValueError, match="Expecting value"):
        call("GET", f"{faulty.url}/w")
    faulty.answer("/u", faults.wrongly_encoded({"a": "ä"}))
    assert read(faulty, "/u")[1].startswith(b"\xff\xfe")


def test_it_sends_elsewhere(faulty: Faulty) -> None:
    faulty.answer("/a", faults.redirect("http://127.0.0.1:1/private"))
    with pytest.raises(urllib.error.URLError, match="refused"):
        call("GET", f"{faulty.url}/a")


def test_it_ends_although_somebody_waits() -> None:
    began = time.monotonic()
    with faulty_server() as server:
        server.answer("/s", faults.stalled())
        waiting = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
        waiting.sendall(b"GET /s HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.05)
    waiting.close()
    assert time.monotonic() - began < 60


def test_a_mistake_in_an_answer_is_no_silent_one() -> None:
    def wrong(asked: Asked) -> object:
        return asked.query["missing"]

    def use_it() -> None:
        with faulty_server() as server:
            server.answer("/a", computed(lambda asked: good(wrong(asked))))
            with pytest.raises(http.client.RemoteDisconnected):
                read(server, "/a")

    with pytest.raises(KeyError):
        use_it()
