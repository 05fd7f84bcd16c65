"""All pages hold to the HTML standard; the report too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.markup.validation import Validated
from tests.web.conftest import Site
from tests.web.test_pages import ADDRESSES


def test_all_pages_and_the_report_are_valid_html(
    site: Site, locked: Callable[[], Site], demo_lab: Path, validated: Validated
) -> None:
    person = site.get("/people?name=anna").text.split('<li><a href="/people/')[1].split('"')[0]
    asked = [*ADDRESSES, "/people?name=anna", f"/people/{person}", "/measures/influence?days=0", "/nothing"]
    pages = {a: site.get(f"{a}{'&' if '?' in a else '?'}lang=de").text for a in asked}
    pages["/enter"] = locked().get("/enter").text
    pages["report.html"] = (demo_lab.parent / "report.html").read_text("utf-8")
    assert not validated(pages)
