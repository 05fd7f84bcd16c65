"""The first page: what changed since the owner last looked, remembered by her browser alone."""

from __future__ import annotations

from tests.web.conftest import Site

from leumund.web.desk import Desk


def kept(site: Site) -> str:
    (name,) = [n for n in site.cookies if n.startswith("leumund-looked-")]
    return site.cookies[name]


def test_when_she_looked_is_remembered_by_days_and_looking_changes_no_lab(site: Site) -> None:
    desk = Desk(site.folder)
    before = desk._written()
    page = site.get("/").text
    assert (
        "What changed since 25 Mar 2026" in page
    )  # the demo's last day is 31 March: a week for who was never there
    assert "since you last looked" not in page
    assert kept(site) == "2026-03-31"
    assert site.get("/").status == 200
    assert kept(site) == "2026-03-31"
    assert desk._written() == before
    desk.close()


def test_who_was_there_before_sees_what_changed_since_then(site: Site) -> None:
    site.get("/")
    (name,) = [n for n in site.cookies if n.startswith("leumund-looked-")]
    site.cookies[name] = "2026-03-20.2026-03-29"
    page = site.get("/").text
    assert "What changed since 29 Mar 2026" in page
    assert "since you last looked" in page
    assert kept(site) == "2026-03-29.2026-03-31"
    assert "What changed since 4 Mar 2026" in site.get("/?since=month").text
    site.cookies[name] = "<script>"
    assert site.get("/").status == 200


def test_each_answer_has_its_figure_its_reason_and_its_page(site: Site) -> None:
    page = site.get("/").text
    changes = page.split('<ul class="changes">')[1].split("</ul>")[0]
    assert changes.count("<li") == 5
    assert changes.count('class="why"') == 5
    for address in (
        "/why/influence?",
        "/measures/followers",
        "/thanks",
        "/measures/follow_friday?board=de",
        "/goals",
    ):
        assert f'href="{address}' in changes
    reasons = changes.split('href="/why/influence?')[1].split('"')[0].replace("&amp;", "&")
    assert site.get(f"/why/influence?{reasons}").status == 200
    doing = page.split('<ol class="doing">')[1].split("</ol>")[0]
    assert doing.count("<li>") == 3
    assert doing.count('class="button"') == 3
    assert "Being worked out" not in page
