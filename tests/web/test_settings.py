"""The page of settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.web.conftest import Site

from leumund.lab import Lab


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of settings of its own, known to the server and to who reads the lab for it."""
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_settings_are_kept_in_the_file_and_hold_at_once(config: Path, own_site: Site) -> None:
    word = own_site.word()
    form = {"word": word, "do": "settings", "zone": "Europe/Berlin", "hourly_rate": "60,50", "words": ""}
    assert own_site.post("/settings", {**form, "language": "de"}).headers["location"] == "/settings?lang=de"
    assert "hourly_rate = 60.5\n" in config.read_text()
    page = own_site.get("/settings?lang=de").text
    assert '<html lang="de"' in page
    assert 'value="60,5"' in page
    assert 'value="Europe/Berlin"' in page
    refused = own_site.post("/settings", {**form, "zone": "Mars/Base", "minutes_a_day": "17"})
    assert refused.status == 400
    assert 'value="Mars/Base"' in refused.text, "what was filled in is not lost"
    assert 'value="17"' in refused.text
    assert own_site.post("/settings", {**form, "limits": "nonsense"}).status == 400
    assert own_site.post("/settings", {**form, "word": "x"}).status == 403
    assert "Mars" not in config.read_text()


def test_own_accounts_are_listed_added_and_taken_away(config: Path, own_site: Site) -> None:
    word = own_site.word()
    before = own_site.get("/settings").text
    assert "@maralindner@berufung.example" in before
    own_site.post("/settings", {"word": word, "do": "add", "account": "@second@example.social"})
    page = own_site.get("/settings").text
    assert "@second@example.social" in page
    key = page.split("@second")[0].rpartition('name="account" value="')[2].split('"')[0]
    own_site.post("/settings", {"word": word, "do": "remove", "account": key})
    assert "@second@example.social" not in own_site.get("/settings").text
    assert own_site.post("/settings", {"word": word, "do": "remove", "account": "1"}).status == 400
    with Lab.open(own_site.folder, read_only=True) as lab:
        assert int(key) not in lab.register.own_accounts()
    assert not config.exists()


def test_who_wants_words_sees_no_figures_but_may_still_fill_them_in(config: Path, own_site: Site) -> None:
    word = own_site.word()
    form = {"word": word, "do": "settings", "hourly_rate": "60"}
    assert '<span class="value">67' in own_site.get("/measures/influence?days=30").text
    own_site.post("/settings", {**form, "words": "yes"})
    page = own_site.get("/measures/influence?days=30").text
    assert "than on " in page.split('<span class="value">')[1].split("</span>")[0]
    assert not re.search(r"[> ]67\.\d", page)
    assert 'value="60"' in own_site.get("/settings").text
    told = own_site.get("/api/measures/influence.json?days=30").text
    assert '"score": 67.' in told
    own_site.post("/settings", form)
    assert '<span class="value">67' in own_site.get("/measures/influence?days=30").text
