"""Her posts for her homepage: looked at, built, refreshed, stopped; the preview alone may stand in a frame."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.markup.validation import Validated
from tests.web.conftest import Site

from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.web.work import Told
from leumund.web.works.sync import with_posts
from leumund.widget import Refreshed, builds


def test_the_preview_stands_in_a_frame_of_ours_and_nothing_else_does(
    site: Site, validated: Validated
) -> None:
    page = site.get("/widget?posts=3&quiet=yes&language=de&of-acct:maralindner@berufung.example=yes")
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    address = page.text.split('<iframe class="preview" src="')[1].split('"')[0].replace("&amp;", "&")
    shown = site.get(address)
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "frame-ancestors 'self'" in policy
    assert "script" not in policy
    assert shown.text.count("<li>") == 3
    assert '<html lang="de"' in shown.text
    assert "leumund-quiet" in shown.text
    assert "Bluesky" not in shown.text
    style = shown.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert ".leumund-posts" in site.get(style).text
    assert not validated({"preview": shown.text, "page": page.text})


@pytest.mark.parametrize("wrong", ["posts=0", "posts=x", "posts=51", "site=nowhere", "theme=pink", "level=9"])
def test_what_cannot_be_had_is_said_and_the_usual_shown(site: Site, wrong: str) -> None:
    page = site.get(f"/widget?{wrong}").text
    assert 'role="alert"' in page
    assert "So it will look" in page
    assert site.get(f"/widget/preview?{wrong}").status == 400


def test_it_is_built_refreshed_and_stopped(own_site: Site, tmp_path: Path) -> None:
    word, folder = own_site.word(), tmp_path / "posts"
    asked = {
        "word": word,
        "do": "build",
        "posts": "2",
        "title": "What I <b>think</b>",
        "site": "https://a.example/p",
    }
    for nowhere in ("/tmp/a\0b", "~nobody-here/posts", "posts"):
        refused = own_site.post("/widget", {**asked, "folder": nowhere})
        assert refused.status == 400
        assert "Write the whole path" in refused.text
    assert "What I &lt;b&gt;think" in refused.text
    assert own_site.post("/widget", {**asked, "word": "no", "folder": str(folder)}).status == 403
    assert not folder.exists()
    done = own_site.post("/widget", {**asked, "folder": str(folder)})
    assert done.status == 303
    assert json.loads((folder / "oembed.json").read_text())["title"] == "What I <b>think</b>"
    page = own_site.get(done.headers["location"].partition("#")[0]).text
    assert "7 files are new" in page
    assert "https://a.example/p/" in page
    (folder / "widget.html").write_text('<section class="leumund">')
    again = own_site.post("/widget", {"word": word, "do": "refresh"})
    assert "Refreshed" in unquote(again.cookies["leumund-said"])
    assert "<li>" in (folder / "widget.html").read_text()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "posts.json").write_text("mine")
    kept = own_site.post("/widget", {**asked, "folder": str(tmp_path / "own")})
    assert kept.status == 400
    assert "stays as it is" in kept.text
    assert own_site.post("/widget", {"word": word, "do": "stop", "folder": str(folder)}).status == 303
    with Lab.open(own_site.folder, read_only=True) as lab:
        assert builds(lab.register) == []
    assert own_site.post("/widget", {"word": word, "do": "stop", "folder": str(folder)}).status == 400


def test_a_sync_in_the_browser_says_what_became_of_the_posts(tmp_path: Path) -> None:
    gone = UsageError("The folder is not there", hint="Make it")
    done = [
        Refreshed(tmp_path / "new", changed=("widget.html",)),
        Refreshed(tmp_path / "same"),
        Refreshed(tmp_path / "gone", error=gone),
    ]
    told = with_posts(Told(state="done", lines=("Nothing new.",)), done)
    assert [line.partition('"values"')[2].count("new") for line in told.lines] == [0, 1]
    assert told.wrong == (("The folder is not there", "Make it"),)
