"""From the example to figures of one's own in a real browser, in German, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.living.labs import at_home
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon
from tests.web.conftest import Site, served
from tests.web.test_browser import is_usable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["at_home"]


@pytest.fixture
def example(demo_lab: Path, at_home: Path) -> Iterator[Site]:
    with served(demo_lab) as site:
        yield site


def to(page: Page, selector: str, key: str = "") -> None:
    """Tab to that, seen to be there, and press a key."""
    for _ in range(1000):  # the server's own page has a button for everybody whom other tests made there
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", selector
            if key:
                page.keyboard.press(key)
            return
    pytest.fail(f"no way to {selector} by keyboard on {page.url}")


def past_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_from_the_example_to_figures_of_ones_own_by_keyboard(
    chromium: Browser, example: Site, mastodon: Mastodon, ledger: Ledger
) -> None:
    anna, ben = mastodon.join(ledger, "anna"), mastodon.join(ledger, "ben")
    ben.favourite(anna.post("Guten Morgen", language="de"))
    # by another name than the server's, so that she comes back from another site, as in life
    context = chromium.new_context(
        locale="de", viewport={"width": 390, "height": 900}, base_url=f"http://localhost:{example.port}"
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    wrong: list[str] = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on(
        "console",
        lambda m: wrong.append(m.text) if m.type == "error" and "localhost" in m.location["url"] else None,
    )
    try:
        page.goto("/connect")
        to(page, 'a[href="/lab"]', "Enter")
        page.wait_for_url("**/lab")
        past_the_menu(page)
        to(page, "#accounts")
        page.keyboard.type(f"@{anna.username}@mastodon.test")
        to(page, 'input[name="do"][value="make"] ~ button', "Enter")
        page.wait_for_url("**/connect")
        to(page, 'a[href="/connect/mastodon"]', "Enter")
        page.wait_for_url("**/connect/mastodon")
        is_usable(page)
        to(page, "#where")
        page.keyboard.type(mastodon.origin)
        to(page, "summary", "Enter")
        to(page, "#private", "Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/work")
        for _ in range(2):  # this server does not accept the finer key that it gives
            page.wait_for_selector('a.button[rel="noreferrer"]', timeout=120_000)
            is_usable(page)
            past_the_menu(page)
            to(page, 'a.button[rel="noreferrer"]', "Enter")
            page.wait_for_url(f"{mastodon.origin}/**")
            to(page, f'button[value="{anna.username}"]', "Enter")
            page.wait_for_url("**/work")
        page.wait_for_selector('button[value="sync"]', timeout=120_000)
        past_the_menu(page)
        to(page, 'button[value="sync"]', "Enter")
        page.wait_for_selector('main a[href="/sources"]', timeout=120_000)
        past_the_menu(page)
        to(page, 'main a[href="/"]', "Enter")
        page.wait_for_selector("#changed-h", timeout=120_000)
        assert page.locator('html[lang="de"]').count() == 1
        assert page.locator("main .note").count() == 0
        page.goto("/import")
        is_usable(page)
        assert not wrong
    finally:
        context.close()
