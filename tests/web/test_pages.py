"""Every page there is, in both languages; what strangers wrote stays text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from tests.web.conftest import Site

from leumund.lab import Lab
from leumund.measures import all_measures
from leumund.store.nogo import added
from leumund.store.people import link
from leumund.web.page import all_pages

_EMPTY = {"meta", "link", "input", "br", "path", "rect", "line", "circle", "wbr"}


class Page(HTMLParser):
    """Reads a page as strictly as a person who wrote it by hand: everything opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.idents: list[str] = []
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        assert not self.stack, self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.idents += [i for i in [given.get("id")] if i]
        self.links += [i for n in ("href", "action", "src") if (i := given.get(n))]
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.inputs.append(given)
        assert tag not in {"script", "style", "object"}
        assert tag != "iframe" or str(given["src"]).startswith("/widget/preview?"), given
        assert not [n for n in given if n.startswith("on") or n == "style"], given
        if tag not in _EMPTY:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            assert self.stack.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        self.words.append(data)


ADDRESSES = sorted(
    {
        *(p.path for p in all_pages().values() if p.path and "{" not in p.path and not p.framed),
        *(f"/measures/{name}" for name in all_measures()),
        *(f"/why/{m.name}" for m in all_measures().values() if m.explain),
    }
)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_whole_and_needs_nothing_from_elsewhere(
    site: Site, address: str, language: str
) -> None:
    got = site.get(f"{address}?lang={language}")
    assert got.status == 200, got.text[-2000:]
    page = Page(got.text)
    assert f'<html lang="{language}"' in got.text
    assert len(page.idents) == len(set(page.idents))
    assert all(i.get("id") in page.labels or i.get("aria-label") for i in page.inputs)
    foreign = [a for a in page.links if not a.startswith(("/", "#", "data:"))]
    posts = {part.split('"')[0] for part in got.text.split('rel="noreferrer noopener nofollow"')[:-1]}
    assert all(a.startswith("https://") for a in foreign), foreign
    assert bool(foreign) <= bool(posts)
    assert got.text.count("<h1") == 1
    typed = re.findall(r"\bleumund [a-z]{2,}|(?<!\S)--[a-z]+", " ".join(page.words))
    assert not typed, "a page leads by links and buttons, not by commands"


def test_the_language_wished_for_is_kept(site: Site) -> None:
    assert "Find a person" in site.get("/people").text
    assert '<html lang="de"' in site.get("/people?lang=de").text
    assert '<html lang="de"' in site.get("/people").text
    assert (
        '<html lang="de"'
        in Site(site.port, site.folder).get("/people", **{"Accept-Language": "de-AT,de;q=0.9"}).text
    )


def test_a_measure_is_asked_with_its_options(site: Site) -> None:
    page = site.get("/measures/influence?days=7").text
    assert "The figures: 7 rows" in page
    assert 'value="7"' in page
    for wrong in (
        "days=0",
        "days=-1",
        "days=1e9",
        "days=x",
        "network=myspace",
        "account=nobody@nowhere.example",
    ):
        refused = site.get(f"/measures/influence?{wrong}")
        assert refused.status == 400, wrong
        assert "That did not work" in refused.text
    assert site.get("/measures/nothing").status == 400
    assert site.get("/nothing/at/all").status == 404


def test_who_looks_for_nobody_sees_who_was_there_last(site: Site) -> None:
    page = site.get("/people").text
    assert "Those who did something for you last" in page
    assert page.split('<ul class="found">')[1].count("<li>") == 12
    assert "Those who did something" not in site.get("/people?name=anna").text


def test_whom_to_compare_with_can_be_filled_in_and_chosen(site: Site) -> None:
    page = site.get("/measures/comparison").text
    assert '<label for="f-with">With whom?</label>' in page
    offered = re.findall(r'<li><a href="(/measures/comparison\?with=[^"]+)"', page)
    assert 1 <= len(offered) <= 8
    beside = site.get(offered[0]).text
    assert beside.count('<th scope="row"') == 2
    assert f'<li><a href="{offered[0]}"' not in beside
    assert site.get("/measures/comparison?with=nobody@nowhere.example").status == 400


def test_what_the_api_says_is_what_the_page_shows(site: Site) -> None:
    site.get("/people")
    told = json.loads(site.get("/api/measures/influence.json?days=7").text)
    assert told["measure"] == "influence"
    assert len(told["rows"]) == 7
    score = told["figures"]["score"]
    assert f"{score:.1f}" in site.get("/measures/influence?days=7").text
    assert site.get("/api/measures/influence.csv?days=7").text.count("\n") == 8
    why = json.loads(site.get("/api/why/influence.json").text)
    assert why["measure"] == "influence"


def test_no_program_without_the_session_learns_what_only_the_owner_said(written_site: Site) -> None:
    """Whom she lists (whose acts count no more from that day on), what she calls people, what she noted."""
    name, friend = "@isolde.scheffler@berufung.example", "@renner_t@elbwiesen.example"
    now, last = datetime.now(UTC), datetime(2026, 3, 30, tzinfo=UTC)
    with Lab.open(written_site.folder) as lab, lab.writing_patiently(now) as writer:
        link(lab.register, ["acct:" + friend.removeprefix("@")], name="Teresa from the fair")
        writer.add(
            [added("acct:" + name.removeprefix("@"), "mastodon", at=now, since=last, reason="adverts")]
        )
    why, board = "/api/why/influence.json", "/api/measures/follow_friday.json"
    over_time = "/api/measures/influence.json?days=90"
    told = {path: written_site.get(path).text for path in (why, board, over_time)}
    assert name not in told[why]
    assert {r["account"] for r in json.loads(told[why])["rows"] if r["cause"] == "trust"} == {None}
    assert friend in told[board]
    assert "Teresa" not in "".join(told.values())
    assert json.loads(told[over_time])["happened"] == []
    assert (
        written_site.get(board + "?without_nogo=1").status == 403
    )  # both boards together would tell who is listed
    written_site.get("/people")  # a page gives the session
    hers = json.loads(written_site.get(why).text)["rows"]
    assert name in {r["account"] for r in hers if r["cause"] == "trust"}
    assert "Teresa from the fair" in written_site.get(board).text
    assert json.loads(written_site.get(over_time).text)["happened"]
    assert written_site.get(board + "?without_nogo=1").status == 200


def test_private_readings_are_for_the_owners_session_alone(site: Site) -> None:
    private = [m.name for m in all_measures().values() if m.private]
    assert private
    for name in private:
        refused = site.get(f"/api/measures/{name}.json")
        assert refused.status == 403, name
        assert set(json.loads(refused.text)["error"]) == {"message", "hint"}
    site.get("/people")  # a page gives the session
    assert site.get(f"/api/measures/{private[0]}.json").status == 200


def test_errors_have_one_shape_for_programs(site: Site) -> None:
    for path, status in (("/api/nothing", 404), ("/api/measures/nothing.json", 404), ("/api/measures/influence.xml", 404),
                         ("/api/measures/influence.json?days=x", 400), ("/api/why/influence.json?start=x", 400)):  # fmt: skip
        got = site.get(path)
        assert got.status == status, path
        assert set(json.loads(got.text)["error"]) == {"message", "hint"}
    described = json.loads(site.get("/api/openapi.json").text)
    assert described["openapi"].startswith("3.1")
    assert f"/api/measures/{next(iter(all_measures()))}.json" in described["paths"]


def test_a_person_is_found_and_her_page_lets_the_owner_say_that_she_trusts_her(written_site: Site) -> None:
    found = written_site.get("/people?name=anna").text
    address = found.split('<li><a href="/people/')[1].split('"')[0]
    page = written_site.get(f"/people/{address}").text
    assert "Private: only you see this page." in page
    holds = "No longer" in page
    word = page.split('name="word" value="')[1].split('"')[0]
    said = written_site.post(
        f"/people/{address}", {"word": word, "trust": "no" if holds else "yes", "since": "ever"}
    )
    assert said.status == 303
    after = written_site.get(f"/people/{address}").text
    assert "Noted." in after
    assert ("No longer" in after) is not holds
    assert "Noted." not in written_site.get(f"/people/{address}").text


@pytest.mark.parametrize("key", ["x", "0", "-1", "9" * 30, "%3Cscript%3E"])
def test_an_address_of_nobody_is_said_to_be_so(site: Site, key: str) -> None:
    assert site.get(f"/people/{key}").status in {400, 404}


@pytest.mark.parametrize(
    "name", ["%", "_", "\\", "'", '"><script>alert(1)</script>', "\u202eabc", "x" * 5000, "@", "\x00"]
)
def test_whatever_is_looked_for_stays_text(site: Site, name: str) -> None:
    from urllib.parse import quote

    got = site.get(f"/people?name={quote(name)}")
    assert got.status == 200
    assert "<script" not in got.text
    Page(got.text)


def test_whom_an_explanation_is_about_is_said_where_nobody_was_chosen(site: Site) -> None:
    page = site.get("/why/courtesy").text
    (account,) = re.findall(r"This is about (@\S+), who comes first\.", re.sub(r"<[^>]+>", "", page))
    assert "Your accounts, taken together" not in page
    assert "who comes first" not in site.get("/why/courtesy?account=" + account).text
