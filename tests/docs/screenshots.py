"""The pictures of README and docs, made from the demo lab: `make screenshots`.

Each shows a page of `leumund serve` as a browser shows it, in both languages, light or dark. The demo is the same on every
day, so the same program gives the same pictures.
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from tests.servers.installation import browser_program
from tests.web.conftest import served

from leumund import cli, locale

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 150_000
_SIZE = (1280, 860)
_PATIENCE = 120  # times two seconds
_QUALITY = 82
_REPORT = "/report?period=2026-03&for=client"

PICTURES = {
    "overview": ("/", ("light", "dark")),
    "why": ("/why/influence?start=2026-02-08&end=2026-02-15", ("light",)),
    "board": ("/measures/follow_friday?board=de", ("light",)),
    "report": (_REPORT, ("light",)),
}


def names() -> list[str]:
    """What the files are called."""
    return [
        f"{name}-{language}-{theme}.webp"
        for name, (_path, themes) in PICTURES.items()
        for language in locale.LANGUAGES
        for theme in themes
    ]


@contextmanager
def _demo() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="leumund-pictures-") as home:
        os.environ |= {
            "LEUMUND_HOME": home,
            "LEUMUND_CONFIG": f"{home}/none",
            "LEUMUND_ERASURE_KEY": f"{home}/key",
        }
        try:
            cli.main(["demo", "--out", home])
        except SystemExit as ended:
            if ended.code:
                raise
        yield Path(home) / "demo"


def _whole(page: Page, address: str) -> None:
    """Load the page until nothing of it is still being worked out."""
    for _time in range(_PATIENCE):
        answer = page.goto(address)
        if answer is not None and "refresh" not in answer.headers:
            return
        page.wait_for_timeout(2000)
    message = f"{address} is never ready"
    raise TimeoutError(message)


def _picture(page: Page) -> bytes:
    session = page.context.new_cdp_session(page)
    told = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    return base64.b64decode(told["data"])


def main() -> int:
    """Make all of them. 1 where one is larger than it may be."""
    IMAGES.mkdir(exist_ok=True)
    too_large = []
    with _demo() as folder, served(folder) as site, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=browser_program(), args=sandbox)
        for name, (path, themes) in PICTURES.items():
            for language in locale.LANGUAGES:
                for theme in themes:
                    context = browser.new_context(
                        viewport={"width": _SIZE[0], "height": _SIZE[1]},
                        color_scheme="dark" if theme == "dark" else "light",
                        locale={"de": "de-DE"}.get(language, "en-GB"),
                    )
                    page = context.new_page()
                    asks = "&" if "?" in path else "?"
                    _whole(page, f"http://127.0.0.1:{site.port}{path}{asks}lang={language}")
                    file = IMAGES / f"{name}-{language}-{theme}.webp"
                    file.write_bytes(_picture(page))
                    print(file.name, file.stat().st_size, flush=True)
                    too_large += [file.name] if file.stat().st_size > LARGEST else []
                    context.close()
        browser.close()
    if too_large:
        print("too large:", *too_large, file=sys.stderr)
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main())
