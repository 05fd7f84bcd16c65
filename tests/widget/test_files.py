"""The files: whole, valid, small, harmless, the same for the same posts; kept up to date where they were built."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest

from leumund import cli
from leumund.errors import LabFullError, UsageError
from leumund.events import Deletion
from leumund.lab import Lab
from leumund.widget import MOST, Wanted, build, builds, chosen, lines, made, refresh, stop
from leumund.widget.files import put
from leumund.widget.words import paragraphs
from tests.markup.validation import Validated
from tests.widget.conftest import BLUESKY, MASTODON, NOW, add, post

SITE = "https://anna.example/posts/"
MOST_BYTES = (
    11_400 // 3
)  # of all a reader loads; the best known embed needs 11.4 kB for script and style alone
_HOSTILE = [
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "\"><svg/onload=alert(1)> ' & {{ 7 * 7 }} {% raw %}",
    "javascript:alert(1) https://a.example/\"onmouseover=alert(1) <https://b.example/'><b>",
    "\u202eturned\u202c \u2066round\u2069 \x00\x1b[2J \ufeff",
    "W" * 10_000,
    "a\u0301" + "\u0301" * 500,
    "שלום עולם " * 20,
    "See https://" + "a" * 3000 + ".example/x?<script>",
    "]]> --> </li></ol></section></main> https://",
    "line\r\nline\n\n\n\n\nparagraph\u2028line",
]


class _Seen(HTMLParser):
    """What a browser would do something with."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.given: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.given += [(tag, name, value or "") for name, value in attrs]


def files(lab: Lab, **wanted: Any) -> dict[str, bytes]:
    with lab.tables(as_of=NOW) as tables:
        return made(chosen(lab, tables, Wanted(**wanted)), Wanted(**wanted))


def some(lab: Lab, n: int = 5) -> None:
    add(lab)(*(post(i, f"Post {i}\nwith https://link.example/{i}, twice.\n\nEnd.", hours=i, language="de") for i in range(1, n + 1)))  # fmt: skip


def test_pages_are_valid_whatever_is_wanted(lab: Lab, validated: Validated) -> None:
    pages = {f"none {n}": t.decode() for n, t in files(lab).items() if n.endswith(".html")}
    add(lab)(*(post(i, text, hours=i) for i, text in enumerate(_HOSTILE, 1)), post(90, "Twice"), post(91, "Twice", account=BLUESKY))  # fmt: skip
    for number, wanted in enumerate(
        (
            {"count": MOST, "site": SITE, "language": "de"},
            {"count": 1, "quiet": True, "level": 4},
            {"title": '<b>"Title"', "theme": "dark", "quiet": True, "count": 20},
        )
    ):
        pages |= {f"{number} {n}": t.decode() for n, t in files(lab, **wanted).items() if n.endswith(".html")}  # type: ignore[arg-type]
    assert not validated(pages)


def test_whatever_a_post_says_stays_text(lab: Lab) -> None:
    add(lab)(*(post(i, text, hours=i) for i, text in enumerate(_HOSTILE, 1)))
    found = files(lab, count=MOST, site=SITE)
    for name in ("index.html", "widget.html"):
        seen = _Seen(found[name].decode())
        assert not seen.tags & {"script", "img", "svg", "b", "iframe", "style"}
        assert not [g for g in seen.given if g[1].startswith("on") or g[1] == "style"]
        addresses = [v for tag, n, v in seen.given if n in {"href", "src"} and tag == "a"]
        assert all(re.match(r"https?://[^\s\"'<>]+\Z", a) for a in addresses), addresses
        assert "49" not in re.sub(r'(href|datetime)="[^"]*"', "", found[name].decode()).replace(
            "{{ 7 * 7 }}", ""
        )
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", found[name].decode())
    ET.fromstring(found["posts.atom"])
    assert len(json.loads(found["posts.json"])["items"]) == len(_HOSTILE)


def test_nothing_is_asked_of_anybody_else(lab: Lab) -> None:
    some(lab)
    for text in (t for n, t in files(lab, site=SITE).items() if n.endswith((".html", ".css", ".js"))):
        seen = _Seen(text.decode())
        loaded = [v for tag, n, v in seen.given if n == "src" or (tag == "link" and n == "href")]
        assert all(v.startswith((SITE, "/posts/")) or "/" not in v for v in loaded), loaded
        assert b"url(" not in text
        assert b"@import" not in text
    assert b"default-src 'none'" in files(lab)["index.html"]


def test_all_a_reader_loads_is_a_third_of_the_best_known_embed(lab: Lab) -> None:
    some(lab)
    found = files(lab, site=SITE)
    page = [found["index.html"], *(t for n, t in found.items() if n.endswith(".css"))]
    assert sum(len(gzip.compress(t, mtime=0)) for t in page) <= MOST_BYTES
    assert len(gzip.compress(found["leumund.js"], mtime=0)) <= 4096


def test_same_posts_same_bytes_and_only_what_changed_is_written(lab: Lab, tmp_path: Path) -> None:
    some(lab)
    first = build(lab, tmp_path / "site", Wanted(), at=NOW)
    assert set(first.changed) == set(files(lab))
    assert build(lab, tmp_path / "site", Wanted(), at=NOW + timedelta(days=1)).changed == ()
    add(lab)(post(77, "New", hours=0))
    again = build(lab, tmp_path / "site", Wanted(), at=NOW)
    assert set(again.changed) == {"widget.html", "index.html", "posts.atom", "posts.json"}
    assert not [p for p in (tmp_path / "site").iterdir() if p.name.startswith(".")]


def test_a_page_somebody_else_made_is_not_overwritten(lab: Lab, tmp_path: Path) -> None:
    some(lab)
    (tmp_path / "index.html").write_text("<h1>My homepage</h1>")
    with pytest.raises(UsageError, match="stays as it is"):
        build(lab, tmp_path, Wanted(), at=NOW)
    assert (tmp_path / "index.html").read_text() == "<h1>My homepage</h1>"
    assert not (tmp_path / "widget.html").exists()
    assert builds(lab.register) == []


def test_a_homepage_beside_a_part_of_ours_is_not_overwritten(lab: Lab, tmp_path: Path) -> None:
    """The part was brought to the homepage to be included there, or pasted into it."""
    part = files(lab)["widget.html"]
    home = tmp_path / "home"
    home.mkdir()
    (home / "widget.html").write_bytes(part)
    (home / "index.html").write_bytes(b"<title>Mine</title>" + part)
    with pytest.raises(UsageError, match="stays as it is"):
        build(lab, home, Wanted(), at=NOW)
    assert b"Mine" in (home / "index.html").read_bytes()


def test_what_the_disk_had_no_room_for_is_built_the_next_time(lab: Lab, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    some(lab)
    wanted = files(lab, site=SITE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in sorted({len(data) for data in wanted.values()}):
        folder = tmp_path / str(size)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))  # no file grows beyond it
            with pytest.raises(LabFullError):
                put(wanted, folder)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        put(wanted, folder)
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == wanted


def test_a_deleted_post_vanishes_with_the_next_refresh(lab: Lab, tmp_path: Path) -> None:
    some(lab, 2)
    build(lab, tmp_path / "one", Wanted(count=1), at=NOW)
    build(lab, tmp_path / "two", Wanted(quiet=True, site=SITE), at=NOW)
    assert [b.wanted.quiet for b in builds(lab.register)] == [False, True]
    add(lab)(Deletion(of="post", subject=post(1, "").post, happened_at=NOW))
    done = refresh(lab.folder, at=NOW)
    assert [len(d.changed) for d in done] == [4, 4]
    for folder in ("one", "two"):
        for file in (tmp_path / folder).iterdir():
            assert b"Post 1" not in file.read_bytes(), file
    assert [d.changed for d in refresh(lab.folder, at=NOW)] == [(), ()]


def test_a_folder_that_is_gone_is_said_and_does_not_keep_the_others(lab: Lab, tmp_path: Path) -> None:
    some(lab, 1)
    for name in ("a", "b"):
        build(lab, tmp_path / name, Wanted(), at=NOW)
    for file in (tmp_path / "a").iterdir():
        file.unlink()
    (tmp_path / "a").rmdir()
    add(lab)(post(9, "New", hours=0))
    gone, there = refresh(lab.folder, at=NOW)
    assert gone.error is not None
    assert "widget stop" in gone.error.hint
    assert there.changed
    assert not (tmp_path / "a").exists()
    assert stop(lab, tmp_path / "a") is not None
    assert stop(lab, tmp_path / "a") is None
    assert [b.folder.name for b in builds(lab.register)] == ["b"]


def test_without_a_post_a_friendly_line_stands_there(lab: Lab) -> None:
    assert b"Nothing has been written here yet" in files(lab)["widget.html"]
    assert feedparser.parse(files(lab)["posts.atom"]).entries == []


def test_feeds_say_what_the_page_says(lab: Lab) -> None:
    some(lab)
    add(lab)(post(50, "Ünïcode & <tags>", hours=0, account=BLUESKY))
    found = files(lab, site=SITE, language="de")
    atom = feedparser.parse(found["posts.atom"])
    assert not atom.bozo
    assert atom.feed.links[0] == {"rel": "self", "type": "application/atom+xml", "href": SITE + "posts.atom"}
    feed = json.loads(found["posts.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"], feed["language"]) == (SITE, SITE + "posts.json", "de")
    assert [e.id for e in atom.entries] == [i["id"] for i in feed["items"]]
    assert [e.link for e in atom.entries] == [i["url"] for i in feed["items"]]
    assert feed["items"][0]["content_text"] == "Ünïcode & <tags>"
    root = ET.fromstring(found["posts.atom"])
    for entry in root.findall("{http://www.w3.org/2005/Atom}entry"):
        assert {c.tag.rpartition("}")[2] for c in entry} >= {"id", "title", "updated", "content", "link"}


def test_oembed_is_found_and_says_how_large_the_frame_is(lab: Lab) -> None:
    some(lab)
    found = files(lab, site="https://anna.example/posts")
    told = json.loads(found["oembed.json"])
    assert {k: told[k] for k in ("version", "type", "width", "height")} == {"version": "1.0", "type": "rich", "width": 600, "height": 480}  # fmt: skip
    assert 'src="https://anna.example/posts' in told["html"]
    assert "oembed.json" not in files(lab)
    assert b"oembed" not in files(lab)["index.html"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0}, {"count": 51}, {"level": 7}, {"theme": "pink"}, {"site": "anna.example"}, {"site": "ftp://a.example/"},
        {"site": 'https://a.example/"><script>'}, {"site": "https://a.example/?x=1"}, {"site": "https://a:b@a.example/"},
        {"site": "https://[::1/"}, {"site": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_said(lab: Lab, tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        build(lab, tmp_path / "site", Wanted(**wrong), at=NOW)
    assert not (tmp_path / "site").exists()


def test_an_address_of_a_page_is_taken_for_its_folder(lab: Lab, tmp_path: Path) -> None:
    some(lab, 1)
    build(lab, tmp_path / "site", Wanted(site="https://Anna.example/posts/index.html"), at=NOW)
    assert builds(lab.register)[0].wanted.site == SITE
    assert '<link rel="stylesheet" href="/posts/leumund-' in (tmp_path / "site" / "widget.html").read_text()
    assert stop(lab, Path("~nobody-here/posts")) is None
    build(lab, tmp_path / "other", Wanted(site="https://anna.example//evil.example/"), at=NOW)
    assert 'href="//evil' not in (tmp_path / "other" / "widget.html").read_text()


def test_the_lines_for_the_homepage_are_valid_html(lab: Lab, validated: Validated) -> None:
    some(lab, 1)
    with lab.tables(as_of=NOW) as tables:
        wanted = Wanted(site=SITE, title='<b> & "c"')
        ways = lines.snippets(chosen(lab, tables, wanted), wanted)
    assert not validated({what: text for what, text in ways if "<?php" not in text})


def test_a_link_does_not_swallow_the_sentence_around_it() -> None:
    (paragraph,) = paragraphs("see (https://a.example/b_(c)), then https://d.example.")
    assert [(p.text, p.address) for p in paragraph[0]] == [
        ("see (", ""),
        ("a.example/b_(c)", "https://a.example/b_(c)"),
        ("), then ", ""),
        ("d.example", "https://d.example"),
        (".", ""),
    ]


@pytest.fixture
def run(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command line with that lab; gives what it says."""

    monkeypatch.setenv("LEUMUND_LAB", str(lab.folder))

    def running(*arguments: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            cli.main(["widget", *(str(a) for a in arguments)])
        told = capsys.readouterr()
        assert (ended.value.code or 0) == code, told
        return told.out + told.err

    return running


def test_by_command(lab: Lab, tmp_path: Path, run: Callable[..., str]) -> None:
    some(lab)
    add(lab)(post(60, "Thanks @ben", hours=0))
    site = tmp_path / "site"
    assert "No posts were built" in run("list")
    assert "<?php" not in run("build", "--out", site)  # its style would not be found
    told = run("build", "--out", site, "--posts", 2, "--account", "@anna@example.social", "--site", SITE)
    assert "2 posts, the newest of 31 Mar 2026." in told
    assert "1 names somebody who was not asked" in told
    assert f'<iframe src="{SITE}"' in told
    assert "(2 posts)" in run("list")
    assert json.loads(run("list", "--json"))[0]["accounts"] == ["acct:anna@example.social"]
    assert "refreshed no longer" in run("stop", site)
    assert "widget list" in run("stop", site, code=2)
    stranger = run("build", "--out", tmp_path / "b", "--account", "@ben@example.social", code=2)
    assert "@ben@example.social is not in this lab" in stranger


def test_what_is_read_in_and_who_is_forgotten_changes_the_homepage_at_once(
    lab: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some(lab, 1)
    site = tmp_path / "site"
    build(lab, site, Wanted(), at=NOW)
    fresh = {"post": "https://example.social/users/anna/statuses/77", "account": MASTODON, "network": "mastodon",
             "happened_at": "2026-03-31T11:59:00Z", "text": "Fresh from a file", "visibility": "public"}  # fmt: skip
    follows = {
        "kind": "follow",
        "actor": "acct:ben@example.social",
        "target": MASTODON,
        "network": "mastodon",
    }
    rows = ({"noun": "post", **fresh}, {"noun": "act", **follows, "happened_at": "2026-03-01T00:00:00Z"})
    (tmp_path / "new.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for command in (["import", str(tmp_path / "new.jsonl")], ["forget", "@ben@example.social", "--yes"]):
        page = site / "index.html"
        page.write_text(page.read_text("utf-8") + " ", "utf-8")  # so that something is to be made new
        with pytest.raises(SystemExit) as ended:
            cli.main([*command, "--lab", str(lab.folder)])
        told = capsys.readouterr()
        assert not ended.value.code, told
        assert "Fresh from a file" in (site / "widget.html").read_text("utf-8")
        assert "homepage are new" in told.err, command


@pytest.mark.parametrize("page", ["widget.md", "widget.de.md"])
def test_the_lines_in_the_docs_are_those_the_command_prints(lab: Lab, page: str) -> None:
    described = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
    german = page.endswith(".de.md")
    path = "beitraege" if german else "posts"
    title = "Neueste Beiträge" if german else "Latest posts"
    with lab.tables(as_of=NOW) as tables:
        wanted = Wanted(site=f"https://anna.example/{path}/", title=title, language="de" if german else "en")
        for _what, text in lines.snippets(chosen(lab, tables, wanted), wanted):
            assert f"\n{text}\n" in described
    for name in files(lab, site=SITE):
        assert re.sub(r"-\w{10}", "-…", name) in described


def test_a_dark_screen_does_not_darken_a_light_page(lab: Lab) -> None:
    """As a part it has no colour scheme of its own; the whole page follows the screen, or what was wished."""
    style = next(t.decode() for n, t in files(lab).items() if n.endswith(".css"))
    schemes = [rule.split("{")[0].strip() for rule in style.split("}") if "color-scheme" in rule]
    assert schemes == [".leumund-page", ".leumund-light", ".leumund-dark"]
    assert b"leumund-page" not in files(lab)["widget.html"]
    assert b'class="leumund-page leumund-dark"' in files(lab, theme="dark")["index.html"]
