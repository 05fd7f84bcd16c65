"""The pages in a real browser: nothing breaks, nothing is loaded from elsewhere, everybody can use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

SHORT = [a for a in ADDRESSES if not a.startswith("/why/")] + ["/why/influence", "/why/follow_friday"]
"""In minutes: the reasons of all other measures, set alike, are walked in the long run."""
LONG_WAYS = [("en", "light", 1440), ("en", "dark", 390), ("de", "light", 390), ("de", "dark", 1440)]


@dataclass(frozen=True)
class Window:
    """A window, and whatever went wrong in it or left the host."""

    page: Page
    wrong: list[str]

    def show(self, theme: Any, width: int) -> None:
        """The same page at another time of day, in another width."""
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})

    def check(self) -> None:
        """Nothing went wrong so far."""
        assert not self.wrong


def new_window(chromium: Browser, site: Site, language: str) -> Window:
    context = chromium.new_context(locale=language, base_url=f"http://127.0.0.1:{site.port}")
    page = context.new_page()
    page.set_default_timeout(120_000)
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: wrong.append(r.url) if f"//127.0.0.1:{site.port}/" not in r.url else None)
    return Window(page, wrong)


@contextmanager
def looking(chromium: Browser, site: Site, language: str, theme: Any, width: int) -> Iterator[Page]:
    """A window of its own, of that width."""
    window = new_window(chromium, site, language)
    window.show(theme, width)
    try:
        yield window.page
        window.check()
    finally:
        window.page.context.close()


@pytest.fixture(scope="module")
def windows() -> Iterator[dict[str, Window]]:
    """One window a language for all pages: to open one costs more than to load a page."""
    opened: dict[str, Window] = {}
    yield opened
    for window in opened.values():
        window.page.context.close()


@pytest.fixture
def window(chromium: Browser, shared: Site, windows: dict[str, Window]) -> Callable[[str], Window]:
    """The window for a language; what went wrong before is not what goes wrong now."""

    def of(language: str) -> Window:
        if language not in windows:
            windows[language] = new_window(chromium, shared, language)
        windows[language].wrong.clear()
        return windows[language]

    return of


def opened(page: Page, address: str) -> None:
    """Go there and wait until it is worked out."""
    page.goto(address)
    page.wait_for_selector("h1:not(.working)", timeout=120_000)


def is_usable(page: Page) -> None:
    """Nothing that axe finds wrong, nothing that sticks out."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    wrong = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert not wrong, wrong
    fits(page)


def fits(page: Page) -> None:
    """Nothing sticks out at the side."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"


@pytest.mark.parametrize("address", SHORT)
def test_every_page_is_usable(window: Callable[[str], Window], address: str) -> None:
    """In German, whose words are longer, by day on a wide screen and at night on a telephone; English is among the long ones."""
    german = window("de")
    german.show("light", 1440)
    opened(german.page, address)
    is_usable(german.page)
    german.show("dark", 390)
    is_usable(german.page)
    german.check()


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme", "width"), LONG_WAYS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_usable_in_the_other_ways(
    window: Callable[[str], Window], address: str, language: str, theme: str, width: int
) -> None:
    there = window(language)
    there.show(theme, width)
    opened(there.page, address)
    is_usable(there.page)
    there.check()


def test_by_keyboard_alone_one_gets_to_the_reasons(chromium: Browser, site: Site) -> None:
    with looking(chromium, site, "en", "light", 1440) as page:
        opened(page, "/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        by_keyboard(page, "Influence", to="/why/influence")  # what changed leads to its reasons
        page.wait_for_url("**/why/influence*")
        page.wait_for_selector("h1:not(.working)", timeout=120_000)
        by_keyboard(page, "Back to the answer")
        page.wait_for_url("**/measures/influence*")


def by_keyboard(page: Page, text: str, *, to: str = "") -> None:
    """Tab to the link of that text, and to that page, and follow it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        there = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.pathname]")
        if there[0] == text and to in ("", there[1]):
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
