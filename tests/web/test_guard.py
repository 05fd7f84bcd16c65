"""Who gets in, who does not, and what goes out with every answer."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import Site, served

from leumund.cli.serve import token_in
from leumund.errors import UsageError
from leumund.web.guard import Rules
from leumund.web.tries import Tries


@pytest.mark.parametrize(
    "name",
    ["evil.example", "127.0.0.1.evil.example:{port}", "localhost.evil.example", "", "127.0.0.1:1", "[::1"],
)
def test_under_another_name_there_is_nothing(site: Site, name: str) -> None:
    assert site.get("/", Host=name.format(port=site.port)).status == 421


@pytest.mark.parametrize(
    "name", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}", "localhost"]
)
def test_the_names_of_this_computer_are_known(site: Site, name: str) -> None:
    assert site.get("/people", Host=name.format(port=site.port)).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/people", "/sources", "/nothing", "/static/style.css", "/api/measures", "/enter"]
)
def test_every_answer_forbids_what_is_not_ours(site: Site, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    if not path.startswith("/static/"):
        assert headers["cache-control"] == "no-store"


def test_another_page_may_link_here_but_load_nothing(site: Site) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert site.get("/people", **elsewhere, **{"Sec-Fetch-Dest": "document"}).status == 200
    assert site.get("/people", **elsewhere, **{"Sec-Fetch-Dest": "iframe"}).status == 403
    assert site.get("/api/measures", **elsewhere, **{"Sec-Fetch-Dest": "empty"}).status == 403
    assert site.get("/static/style.css", **elsewhere, **{"Sec-Fetch-Dest": "style"}).status == 403


def test_a_form_is_taken_from_our_own_pages_only(site: Site) -> None:
    word = site.word()
    dark = {"theme": "dark", "word": word, "back": "/people"}
    assert site.post("/look", {**dark, "word": "x"}).status == 403
    assert site.post("/look", {"theme": "dark"}).status == 403
    assert site.post("/look", dark, Origin="https://evil.example").status == 403
    assert site.post("/look", dark, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    stranger = Site(site.port, site.folder)
    stranger.get("/people")
    assert stranger.post("/look", dark).status == 403  # the word belongs to another session
    done = site.post("/look", dark, Origin=f"http://127.0.0.1:{site.port}")
    assert (done.status, done.headers["location"]) == (303, "/people")
    assert 'data-theme="dark"' in site.get("/people").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_form_leads_nowhere_else(site: Site, back: str) -> None:
    done = site.post("/look", {"theme": "light", "word": site.word(), "back": back})
    assert done.headers["location"] == "/"


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    kept = site.get("/people").headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=Strict" in kept


def test_with_a_password_nobody_looks_in_without_it(locked: Callable[[], Site]) -> None:
    someone = locked()
    assert someone.get("/").headers["location"] == "/enter"
    assert someone.get("/people/1").status == 303
    assert someone.get("/api/measures").status == 401
    entrance = someone.get("/enter")
    assert entrance.status == 200
    assert "/measures/" not in entrance.text
    assert someone.post("/enter", {"password": "a wrong password"}).status == 403
    assert not someone.cookies.get(f"leumund-{someone.port}")
    assert someone.post("/enter", {"password": "a long password"}).status == 303
    assert someone.get("/people").status == 200
    assert locked().get("/api/measures", Authorization="Bearer a long password").status == 200
    assert locked().get("/api/measures", Authorization="Bearer nö€".encode().decode("latin-1")).status == 401


def test_the_file_of_the_token_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    token = token_in(file)
    assert token_in(file) == token  # it stays
    assert len(token) > 30
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(UsageError, match="Others can read"):
            token_in(file)
        file.chmod(0o600)
    file.write_text("short", "utf-8")
    with pytest.raises(UsageError, match="holds no word"):
        token_in(file)
    with pytest.raises(UsageError):
        token_in(tmp_path / "nowhere" / "token")


def test_a_made_up_session_is_none(locked: Callable[[], Site]) -> None:
    someone = locked()
    someone.cookies[f"leumund-{someone.port}"] = "x.99999999999." + "0" * 64
    assert someone.get("/").status == 303


def test_who_guesses_passwords_waits(demo_lab: Path) -> None:
    with served(demo_lab, password="a long password") as someone:
        guess(someone)


def guess(someone: Site) -> None:
    told = [someone.get("/api/measures", Authorization=f"Bearer guess {n}") for n in range(8)]
    assert [t.status for t in told] == [401] * 5 + [429] * 3
    assert 1 <= int(told[-1].headers["retry-after"]) <= 10
    waits = someone.post(
        "/enter", {"password": "a long password"}
    )  # the right one too: else it would be told
    assert (waits.status, waits.headers["retry-after"] > "0") == (429, True)
    assert "Too many wrong passwords" in waits.text
    assert not someone.cookies.get(f"leumund-{someone.port}")


def test_tries_come_back_and_one_address_does_not_lock_out_another() -> None:
    now = [0.0]
    tries = Tries(clock=lambda: now[0])
    for _n in range(5):
        assert tries.wait("2001:db8::1") == 0
        tries.wrong("2001:db8::1")
    assert tries.wait("2001:db8::ffff") == 10  # the same network
    assert tries.wait("2001:db8:0:1::1") == tries.wait("127.0.0.1") == 0
    now[0] += 9.5
    assert tries.wait("2001:db8::1") == 1
    now[0] += 0.5
    assert tries.wait("2001:db8::1") == 0
    for n in range(60):
        tries.wrong(f"10.0.0.{n}")
    assert tries.wait("192.0.2.7") > 0  # many together are held up too


def test_one_can_sign_out(locked: Callable[[], Site]) -> None:
    someone = locked()
    someone.post("/enter", {"password": "a long password"})
    assert someone.post("/leave", {"word": "x"}).status == 403
    assert someone.get("/people").status == 200
    assert someone.post("/leave", {"word": someone.word()}).headers["location"] == "/enter"
    assert someone.get("/people").status == 303


def test_two_servers_on_one_computer_do_not_end_each_others_sessions() -> None:
    assert Rules(port=8011).cookie("x").startswith("leumund-8011=x;")
    assert Rules(port=8012).cookie_name != Rules(port=8011).cookie_name


def test_where_it_listens_everywhere_numbers_are_its_names_and_strange_names_are_not() -> None:
    rules = Rules(port=80, by_address=True)
    assert all(
        rules.knows(host) for host in ("192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", "localhost:80")
    )
    assert not any(
        rules.knows(host) for host in ("evil.example", "192.0.2.1.evil.example", "192.0.2.1:81", "x:80", "")
    )
    assert not Rules().knows("192.0.2.1")


HOSTILE = {
    "two names": (b"GET / HTTP/1.1", b"Host: evil.example"),
    "an address of another": (b"GET http://evil.example/people HTTP/1.1", b""),
    "up the folders": (b"GET /static/../guard.py HTTP/1.1", b""),
    "up the folders, hidden": (b"GET /static/%2e%2e%2fguard.js HTTP/1.1", b""),
    "up the folders of Windows": (b"GET /static/..%5c..%5capp.js HTTP/1.1", b""),
    "a byte that ends names": (b"GET /static/%00.js HTTP/1.1", b""),
    "half letters": (b"GET /people/%ff%fe HTTP/1.1", b""),
    "bare bytes": (b"GET /people/\xff\xfe HTTP/1.1", b""),
    "a long address": (b"GET /" + b"a" * 30_000 + b" HTTP/1.1", b""),
    "a long head": (b"GET / HTTP/1.1", b"X: " + b"a" * 300_000),
    "a long cookie": (
        b"GET /api/measures/goals HTTP/1.1",
        b"Cookie: leumund-PORT=a." + b"9" * 9000 + b"." + b"0" * 64,
    ),
    "a cookie of bytes": (
        b"GET /api/measures/goals HTTP/1.1",
        b"Cookie: leumund-PORT=\xff; leumund-said=%ff; =;;",
    ),
    "wishes of bytes": (
        b"GET /api/measures/goals HTTP/1.1",
        b"Accept: ;;,q=,\xff/*;q=2\r\nAccept-Language: \xff,;q=-1",
    ),
    "a word of bytes": (b"GET /api/measures HTTP/1.1", b"Authorization: Bearer \xff\xc3("),
    "two lengths": (b"POST /look HTTP/1.1", b"Content-Length: 5\r\nTransfer-Encoding: chunked"),
    "a length below nothing": (b"POST /look HTTP/1.1", b"Content-Length: -5"),
    "a form of nothing": (
        b"POST /look HTTP/1.1",
        b"Content-Type: multipart/form-data\r\nContent-Length: 0",
    ),
    "no form": (b"POST /look HTTP/1.1", b"Content-Type: application/json\r\nContent-Length: 0"),
    "another page's form": (b"POST /people/1 HTTP/1.1", b"Origin: null\r\nContent-Length: 0"),
    "a form of another port": (
        b"POST /people/1 HTTP/1.1",
        b"Origin: http://127.0.0.1:1\r\nContent-Length: 0",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_bytes_come_nothing_breaks_and_nothing_is_told(site: Site, what: str) -> None:
    line, header = (part.replace(b"PORT", str(site.port).encode()) for part in HOSTILE[what])
    host = f"Host: 127.0.0.1:{site.port}\r\nConnection: close\r\n".encode()
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as there:
        with contextlib.suppress(OSError):  # it may have heard enough
            there.sendall(line + b"\r\n" + host + (header + b"\r\n" if header else b"") + b"\r\n")
        told = b""
        with contextlib.suppress(OSError):
            while more := there.recv(65536):
                told += more
    assert re.match(rb"HTTP/1\.1 4\d\d ", told), told[:200]
    assert b"Traceback" not in told


@given(st.text(max_size=60))
def test_no_text_is_a_session(text: str) -> None:
    rules = Rules(password="a long password")
    assert not rules.holds(text, 0.0)
    assert not rules.opens(text)


def test_a_session_ends() -> None:
    rules = Rules()
    session = rules.session(1000.0)
    assert rules.holds(session, 1001.0)
    assert not rules.holds(session, 1000.0 + 31 * 86400)
    assert not Rules().holds(session, 1001.0)  # another start of the program
    assert not re.search(rules.secret.hex(), session)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    assert site._ask(method, "/people", None, {}).status == 405
