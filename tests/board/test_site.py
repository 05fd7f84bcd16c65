"""The published pages: valid, usable by everybody, quiet; the folder is replaced whole, and nobody's work is touched."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest

from leumund.board.building import build
from leumund.board.folder import MARK, NotOursError, put
from leumund.board.options import Options, chosen, options_in
from leumund.board.proposal import MOST, propose_list
from leumund.board.taken import UncheckedError, survey
from leumund.errors import LabFullError, UsageError
from leumund.events import Account
from leumund.lab import Lab
from tests.board.worlds import NOW, SAYS, Somebody, built, make, state_of, taken
from tests.markup.validation import Validated

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEOPLE = [Somebody(n, says) for n, says in enumerate([*SAYS, "yes", "yes", "lists", "yes"])]
PRAISE = [(a, b, w) for a in range(14) for b in range(14) for w in (0, 2, 5) if (a + b + w) % 2]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return make(tmp_path_factory.mktemp("board") / "lab", PEOPLE, PRAISE)


@pytest.fixture(scope="module")
def site(lab: Lab) -> dict[str, bytes]:
    return built(lab, address="https://ottilie.example/board/", contact="ottilie@labor.example")


def test_its_pages_are_valid_html(site: dict[str, bytes], lab: Lab, validated: Validated) -> None:
    pages = {name: text.decode() for name, text in site.items() if name.endswith(".html")}
    assert len(pages) == 8
    empty = {
        f"empty/{name}": text.decode()
        for name, text in built(lab, board="topic:nichts").items()
        if name.endswith(".html")
    }
    assert not validated(pages | empty)


def test_its_pages_are_usable_and_load_nothing(
    site: dict[str, bytes], chromium: Browser, tmp_path: Path
) -> None:
    put(tmp_path / "board", site)
    ways = {"index.html": (390, "light"), "history.html": (390, "dark"), "en/check.html": (1440, "dark")}
    for name, (width, theme) in ways.items():
        look_at(chromium, (tmp_path / "board" / name).as_uri(), width, theme)


def look_at(chromium: Browser, address: str, width: int, theme: Any) -> None:
    """Open a page: nothing is wrong with it, nothing sticks out, nothing is asked from elsewhere."""
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(120_000)
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text))
    page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else wrong.append(r.url))
    page.goto(address)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules)
    assert not [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").count("serif"), "styled"
    assert not wrong
    context.close()


def test_nothing_is_run_or_fetched_and_search_engines_are_told(site: dict[str, bytes], lab: Lab) -> None:
    for name, content in site.items():
        if name.endswith(".html"):
            text = html.unescape(content.decode())
            assert "<script" not in text
            assert "<img" not in text
            assert "default-src 'none'" in text
            assert '<meta name="robots" content="noindex, nofollow">' in text
            assert not re.search(r'(?:src|href)="https?://[^"]*"(?![^>]*rel="nofollow)', text), name
    assert b"Disallow: /" in site["robots.txt"]
    open_to_all = built(lab, index=True)
    assert b"noindex, nofollow" not in open_to_all["index.html"]
    assert b"Allow: /" in open_to_all["robots.txt"]


def test_both_languages_lead_to_each_other(site: dict[str, bytes]) -> None:
    assert b'<html lang="de">' in site["index.html"]
    assert b'href="en/why.html" lang="en"' in site["why.html"]
    assert b'<html lang="en">' in site["en/why.html"]
    assert b'href="../why.html" lang="de"' in site["en/why.html"]
    assert b'href="../board.json"' in site["en/check.html"]
    assert b"mailto:ottilie@labor.example" in site["why.html"]


def test_without_a_contact_her_own_account_is_named(lab: Lab) -> None:
    assert b"https://labor.example/@ottilie" in built(lab)["why.html"]


def test_the_feeds_are_valid_and_stay_the_same(site: dict[str, bytes], lab: Lab) -> None:
    for folder in ("", "en/"):
        root = ET.fromstring(site[f"{folder}feed.xml"])
        atom = "{http://www.w3.org/2005/Atom}"
        assert [root.findtext(atom + name) for name in ("title", "id", "updated")].count(None) == 0
        assert root.find(f"{atom}author/{atom}name") is not None
        entries = root.findall(atom + "entry")
        assert len(entries) >= 2
        for entry in entries:
            assert all(entry.findtext(atom + name) for name in ("title", "id", "updated", "content"))
        assert len({e.findtext(atom + "id") for e in entries}) == len(entries)
        parsed = feedparser.parse(site[f"{folder}feed.xml"])
        assert not parsed.bozo
        assert parsed.entries[0].published_parsed >= parsed.entries[-1].published_parsed
        feed = json.loads(site[f"{folder}feed.json"])
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == f"https://ottilie.example/board/{folder}feed.json"
        assert all(item["id"] and item["content_text"] for item in feed["items"])
        assert len(feed["items"]) == len(entries)
    assert (
        built(lab, address="https://ottilie.example/board", contact="ottilie@labor.example").keys()
        == site.keys()
    )
    assert built(lab, address="https://ottilie.example/board/", contact="ottilie@labor.example") == site


def test_only_the_first_places_are_shown_and_none_without_worth(lab: Lab) -> None:
    assert len(taken(lab, places=3).published.places) == 3
    assert all(p.score > 0 for p in taken(lab).published.places)


def test_hostile_names_and_links_stay_harmless(tmp_path: Path) -> None:
    people = [Somebody(n, "yes") for n in range(4)]
    hostile = Account(
        account=people[1].uri, seen_at=NOW - timedelta(hours=1), network="mastodon", handle=people[1].handle, locked=False,
        name='<script>alert(1)</script>\u202e"', url="https://evil.example/@victim",
    )  # fmt: skip
    told = Account(
        account=people[2].uri, seen_at=NOW - timedelta(hours=1), network="mastodon", handle=people[2].handle, locked=False,
        name="@victim@good.example", url="javascript:alert(1)",
    )  # fmt: skip
    with make(tmp_path / "lab", people, PRAISE, hostile, told) as lab:
        site = built(lab)
    for content in site.values():
        assert b"<script>" not in content
        assert b"victim" not in content
        assert b"javascript:" not in content
        assert "\u202e".encode() not in content


def test_whoever_was_not_looked_at_for_a_week_stops_the_build(tmp_path: Path) -> None:
    people = [Somebody(n, "yes") for n in range(4)]
    with make(tmp_path / "lab", people, PRAISE) as lab:
        with Lab.open(lab.folder) as there, there.writing(NOW) as writer:
            writer.add([])
        later = NOW + timedelta(days=8)
        with pytest.raises(UncheckedError) as refused:
            build(lab, Options(board="all"), tmp_path / "out", as_of=later, at=later)
        assert "sync" in refused.value.hint
        assert not (tmp_path / "out").exists()
        done = build(
            lab, Options(board="all"), tmp_path / "out", as_of=later, at=later, without_unchecked=True
        )
    assert done.taken.published.places == ()
    assert not any(
        p.user.encode() in f.read_bytes()
        for p in people
        for f in (tmp_path / "out").rglob("*")
        if f.is_file()
    )


def test_a_rebuild_leaves_nothing_of_before_and_the_choice_is_kept(lab: Lab, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(lab, Options(board="all", places=2), out, as_of=NOW, at=NOW)
    (out / "en" / "why.html").unlink()
    build(lab, Options(board="all", places=3), out, as_of=NOW, at=NOW)
    assert (out / "en" / "why.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    with Lab.open(lab.folder) as there:
        assert options_in(there.register) == Options(board="all", places=3, out=str(out))


@pytest.mark.parametrize("what", ["a file of hers", "a foreign folder", "a link", "an empty folder of hers"])
def test_a_folder_that_is_not_ours_is_left_alone(what: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(out, {"index.html": b"1"})
    if what == "a file of hers":
        (out / "CNAME").write_text("ottilie.example")
    elif what == "a foreign folder":
        (out / MARK).write_text("mine")
    elif what == "a link":
        out.rename(tmp_path / "real")
        out.symlink_to(tmp_path / "real")
    else:
        (out / "index.html").unlink()
        (out / MARK).unlink()
        put(out, {"index.html": b"2"})
        assert (out / "index.html").read_bytes() == b"2"
        return
    with pytest.raises(NotOursError):
        put(out, {"index.html": b"2"})
    assert (out / "index.html").read_bytes() == b"1"


def test_without_room_the_board_that_is_there_stays(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    put(tmp_path / "board", {"index.html": b"old"})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(LabFullError):
            put(tmp_path / "board", {"index.html": b"x" * 5_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "board" / "index.html").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["board"]


def test_the_owner_is_told_who_is_missing_and_why(lab: Lab) -> None:
    with state_of(lab) as state:
        told = {m.name: m for m in survey(state, Options(board="all"), at=NOW).missing}
    why = {p.says: told[name] for p in PEOPLE if (name := "@" + p.handle.lstrip("@")) in told}
    assert {says for says in why if why[says].agreed} == {
        "taken back",
        "tag",
        "locked",
        "ended",
        "members",
        "nogo",
    }
    assert "no-go" in why["nogo"].why
    assert "#nobot" in why["tag"].why
    assert not any(says in why for says in ("yes", "lists"))


def test_a_list_for_a_network_has_those_alone_who_may_stand_there(lab: Lab, tmp_path: Path) -> None:
    with state_of(lab) as state:
        mastodon = propose_list(state, Options(board="all"), "mastodon", at=NOW)
        bluesky = propose_list(state, Options(board="all"), "bluesky", at=NOW)
    assert {p.handle for p in mastodon.people} == {p.handle for p in PEOPLE if p.says == "lists"}
    assert bluesky.people == ()
    assert any("Nobody" in line for line in bluesky.lines())
    many = [Somebody(n, "lists") for n in range(30)]
    with (
        make(tmp_path / "lab", many, [(a, b, 0) for a in range(30) for b in range(30)]) as crowded,
        state_of(crowded) as state,
    ):
        assert (
            len(propose_list(state, Options(board="all"), "mastodon", at=NOW).people)
            == MOST["mastodon"]
            == 25
        )


@pytest.mark.parametrize(
    "wrong", [{"address": "ottilie"}, {"address": "javascript:1"}, {"places": 0}, {"board": "nirgends"}]
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        chosen(Options(), **wrong)


def test_a_contact_leads_where_it_says() -> None:
    assert Options(contact="a@b.example").contact_link == "mailto:a@b.example"
    assert Options(contact="https://b.example/x").contact_link == "https://b.example/x"
    assert Options(contact="javascript:alert(1)").contact_link == ""
    assert replace(Options(), contact="am Freitag").contact_link == ""
