"""Every form of every page by keyboard alone: reached in the order of the page, seen to be there, sent with Enter; refused, it
stands there again as it was filled in, and says at its fields what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.web.conftest import Site

from leumund.web.page import all_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

_FIELDS = """() => [...document.querySelectorAll("main a[href], main button, main input, main select, main textarea, main summary, main [tabindex='0']")]
    .filter(e => e.type !== "hidden" && !e.disabled && e.getClientRects().length && e.checkVisibility())
    .map((e, i) => { e.dataset.nth = i; return [i, e.tagName, e.name || "", e.type || ""]; })"""
_HERE = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
    const label = e.labels?.length ? e.labels[0].textContent : e.getAttribute("aria-label") || e.textContent;
    return {nth: e.dataset.nth ?? null, frame: e.tagName === "IFRAME", date: e.type === "date", seen: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0,
            inside: r.width > 0 && r.left >= 0 && r.right <= innerWidth + 1, named: label.trim() !== ""}; }"""
_REFUSED: tuple[tuple[str, dict[str, str]], ...] = (
    ("/goals", {"goal-number": "viele", "goal-until": "bald"}),
    ("/customers", {"customer-name": "Frau Amsel", "customer-on": "neulich einmal"}),
    ("/nogo", {"who": "niemand?!", "why": "Grund"}),
    ("/board", {"c-who": "niemand?!", "c-how": "per Mail"}),
)
"""What is refused on a page, by the fields it is typed into."""


def addresses() -> list[str]:
    return sorted(p.path for p in all_pages().values() if p.path and "{" not in p.path and p.group)


@pytest.mark.parametrize("address", addresses())
def test_all_of_a_page_is_reached_in_its_order_and_seen(chromium: Browser, site: Site, address: str) -> None:
    page = opened(chromium, site, address)
    there = [row[0] for row in page.evaluate(_FIELDS)]
    page.focus("#content")
    met: list[int] = []
    for _ in range(3 * len(there) + 10):
        page.keyboard.press("Tab")
        here: dict[str, Any] = page.evaluate(_HERE)
        if here["nth"] is None:
            if met and not here["frame"]:  # what stands in a frame has an order of its own
                break
            continue
        again = here["date"] and met[-1:] == [
            int(here["nth"])
        ]  # the browser's own calendar button shows its focus itself
        met.append(int(here["nth"]))
        assert here["seen"] or again, (address, here)
        assert here["inside"], (address, here)
        assert here["named"], (address, here)
    assert met == sorted(met), "in the order in which they stand there"
    assert set(there) - set(met) <= radios(page), address
    page.context.close()


@pytest.mark.parametrize(("address", "typed"), _REFUSED)
def test_a_refused_form_stands_there_again(
    chromium: Browser, hostile: Site, address: str, typed: dict[str, str]
) -> None:
    page = opened(chromium, hostile, address)
    for field, text in typed.items():
        page.focus(f"#{field}")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#wrong")
    for field, text in typed.items():
        assert page.input_value(f"#{field}") == text
    first = next(iter(typed))
    said = page.evaluate("f => document.getElementById(f).getAttribute('aria-describedby')", first)
    assert "wrong" in said.split()
    assert page.evaluate("document.activeElement.closest('form') !== null"), "one goes on where it is wrong"
    page.context.close()


def opened(chromium: Browser, site: Site, address: str) -> Page:
    context = chromium.new_context(locale="de", viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"http://127.0.0.1:{site.port}{address}")
    page.wait_for_selector("h1:not(.working)", timeout=120_000)  # meanwhile the page comes by itself
    return page


def radios(page: Page) -> set[int]:
    """Of those that belong together one alone is reached by Tab, the others by arrows."""
    return set(
        page.evaluate(
            "() => [...document.querySelectorAll('main input[type=radio]')].map(e => +e.dataset.nth)"
        )
    )
