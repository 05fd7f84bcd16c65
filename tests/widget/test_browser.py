"""The widget on a homepage, in a real browser: in a frame, as a component, without script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from leumund.lab import Lab
from leumund.widget import Wanted, build, lines
from tests.widget.conftest import BLUESKY, NOW, add, post
from tests.widget.test_files import _HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HOME = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Home</title>
<meta name="viewport" content="width=device-width"><style>body{font-family:serif;color:#222;background:#fff}</style></head>
<body><main><h1>Anna's homepage</h1>%s<p id="after">After it</p></main></body></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def homepage(lab: Lab, tmp_path: Path) -> Iterator[str]:
    """Anna's homepage with the posts in it in each way; gives its address."""
    add(lab)(
        *(post(n, f"Post {n}: how to ask for more money, in some words. https://a.example/{n}", hours=n) for n in range(1, 6)),
        *(post(20 + n, text, hours=20 + n) for n, text in enumerate(_HOSTILE)),
        post(1001, "שלום לכולם, זה פוסט", hours=9, language="he", account=BLUESKY),
    )  # fmt: skip
    site = tmp_path / "site"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    address = f"http://127.0.0.1:{server.server_port}/"
    wanted = Wanted(site=f"{address}posts/", count=20)
    done = build(lab, site / "posts", wanted, at=NOW)
    build(lab, site / "quiet", Wanted(site=f"{address}quiet/", quiet=True, language="de"), at=NOW)
    assert done.chosen is not None
    frame, _php, component = (text for _what, text in lines.snippets(done.chosen, wanted))
    (site / "favicon.ico").write_bytes(b"")
    (site / "frame.html").write_text(_HOME % frame)
    (site / "component.html").write_text(_HOME % component)
    (site / "part.html").write_text(_HOME % (site / "posts" / "widget.html").read_text())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def test_on_a_homepage_it_is_calm_and_usable_in_every_way(chromium: Browser, homepage: str) -> None:
    pages = ("frame.html", "component.html", "part.html", "posts/", "quiet/")
    for script, theme, width in ((True, "light", 1440), (False, "dark", 390)):
        context = chromium.new_context(
            java_script_enabled=script, color_scheme=theme, viewport={"width": width, "height": 900}  # type: ignore[arg-type]
        )  # fmt: skip
        wrong: list[str] = []

        def look(message: Any, wrong: list[str] = wrong) -> None:
            if message.type in {"error", "warning"}:
                wrong.append(f"{message.text} {message.location}")

        def watch(request: Any, wrong: list[str] = wrong) -> None:
            if not request.url.startswith(homepage):
                wrong.append(request.url)

        context.on("console", look)
        context.on("request", watch)
        for name in pages:
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.goto(homepage + name, wait_until="networkidle")
            seen = page.frames[-1].get_by_text("Post 1: how to").count() == 1
            assert seen is (script or name != "component.html"), name
            wide = (
                page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") if script else _wide(page)
            )
            assert wide <= 0, (name, wide)
            if script:
                moved = page.evaluate(
                    """new Promise(done => { new PerformanceObserver(l => done(l.getEntries().map(e => e.value)))
                       .observe({type: 'layout-shift', buffered: true}); setTimeout(() => done([]), 200) })"""
                )
                assert not moved, (name, moved)
                found = Axe().run(page)
                assert not found.response["violations"], (name, found.generate_report())
            page.close()
        assert not wrong
        context.close()


def _wide(page: Any) -> int:
    box = page.locator("main").bounding_box()
    size = page.viewport_size
    return int(box["x"] + box["width"] - size["width"])
