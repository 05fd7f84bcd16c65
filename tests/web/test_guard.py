"""Who gets in, who does not, and what goes out with every answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import Site

from leumund.web.guard import Rules


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
    assert not someone.cookies.get("leumund")
    assert someone.post("/enter", {"password": "a long password"}).status == 303
    assert someone.get("/people").status == 200
    assert locked().get("/api/measures", Authorization="Bearer a long password").status == 200
    assert locked().get("/api/measures", Authorization="Bearer nö€".encode().decode("latin-1")).status == 401


def test_a_made_up_session_is_none(locked: Callable[[], Site]) -> None:
    someone = locked()
    someone.cookies["leumund"] = "x.99999999999." + "0" * 64
    assert someone.get("/").status == 303


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
