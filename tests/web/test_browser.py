"""The pages in a real browser: nothing breaks, nothing is loaded from elsewhere, everybody can use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.conftest import Site
from tests.web.hostile import MAL
from tests.web.test_pages import ADDRESSES

from leumund.ids import account_key
from leumund.lab import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WAYS = [("de", "light", 1440), ("en", "dark", 390)]
OTHER_WAYS = [("en", "light", 1440), ("de", "dark", 390), ("de", "light", 390), ("en", "dark", 1440)]


@contextmanager
def looking(chromium: Browser, site: Site, language: str, theme: Any, width: int) -> Iterator[Page]:
    """A window of that width; whatever goes wrong in it, or leaves the host, fails the test."""
    context = chromium.new_context(
        locale=language,
        color_scheme=theme,
        viewport={"width": width, "height": 900},
        base_url=f"http://127.0.0.1:{site.port}",
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: wrong.append(r.url) if f"//127.0.0.1:{site.port}/" not in r.url else None)
    try:
        yield page
        assert not wrong
    finally:
        context.close()


def opened(page: Page, address: str) -> None:
    """Go there and wait until it is worked out."""
    page.goto(address)
    page.wait_for_selector("h1:not(.working)", timeout=120_000)


def is_usable(page: Page) -> None:
    """Nothing that axe finds wrong, nothing that sticks out."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    wrong = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert not wrong, wrong
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"


@pytest.mark.parametrize(("language", "theme", "width"), WAYS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_usable(
    chromium: Browser, site: Site, address: str, language: str, theme: str, width: int
) -> None:
    with looking(chromium, site, language, theme, width) as page:
        opened(page, address)
        is_usable(page)


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme", "width"), OTHER_WAYS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_usable_in_the_other_ways(
    chromium: Browser, site: Site, address: str, language: str, theme: str, width: int
) -> None:
    with looking(chromium, site, language, theme, width) as page:
        opened(page, address)
        is_usable(page)


def test_by_keyboard_alone_one_gets_to_the_reasons(chromium: Browser, site: Site) -> None:
    with looking(chromium, site, "en", "light", 1440) as page:
        opened(page, "/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        by_keyboard(page, "Influence")
        page.wait_for_url("**/measures/influence")
        by_keyboard(page, "Why is that so?")
        page.wait_for_url("**/why/influence*")


def by_keyboard(page: Page, text: str) -> None:
    """Tab to the link of that text and follow it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == text:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            page.keyboard.press("Enter")
            return
    pytest.fail(f"no way to {text} by keyboard")


def test_the_theme_and_the_language_are_chosen_and_kept(chromium: Browser, site: Site) -> None:
    with looking(chromium, site, "en", "light", 1440) as page:
        opened(page, "/people?name=anna")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Dark").click()
        page.wait_for_selector('html[data-theme="dark"]')
        assert page.url.endswith("/people?name=anna")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        page.get_by_role("button", name="Deutsch").click()
        page.wait_for_selector('html[lang="de"]')
        opened(page, "/sources")
        assert page.locator('html[lang="de"][data-theme="dark"]').count() == 1


def test_what_strangers_wrote_does_no_harm(chromium: Browser, hostile: Site) -> None:
    with Lab.open(hostile.folder, read_only=True) as lab:
        key = account_key(MAL)
        assert key in lab.register.known_as([key])
    posts = [f"/posts/one?{urlencode({'post': f'https://kiez.example/@petra/{n}'})}" for n in (1, 2, 3)]
    pages = ["/thanks", "/nogo", "/inbox", "/posts", *posts, f"/people/{key}", "/people?name=mal",
             f"/why/conduct?account={key}", "/goals", "/customers", "/spending", "/diary", "/experiments"]  # fmt: skip
    with looking(chromium, hostile, "en", "light", 390) as page:
        for address in pages:
            opened(page, address)
            assert page.title().endswith("Leumund"), address
            found = page.evaluate(
                """() => ({
                    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                    scripts: document.querySelectorAll('script, iframe, object, [onerror], [onload], [style]').length,
                    links: [...document.querySelectorAll('[href], [src], [action]')].filter(
                        e => /^\\s*(javascript|data|vbscript):/i.test(e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || '')).length,
                    turned: /[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]/.test(document.documentElement.innerHTML),
                })"""
            )
            assert found == {"wide": 0, "scripts": 0, "links": 0, "turned": False}, address
