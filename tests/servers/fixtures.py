"""What a test asks for to get a server, and the word at the end about what could not be had.

    faulty      a server that answers as it is told, one for each test
    jetstream   a stand-in for Jetstream, one for each test
    bluesky     a real Bluesky network, one for the whole run: use accounts of your own, others do things there too
    chromium    a real browser
    mastodon    a server of Mastodon's kind, one for the whole run
    ledger      an empty ledger of what is done

A test whose server cannot be started here is left out, and the end of the run says which and why. On CI it fails.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.servers.bluesky import Bluesky, bluesky_network
from tests.servers.faulty import Faulty, faulty_server
from tests.servers.installation import browser_program, why_missing
from tests.servers.jetstream import Jetstream, jetstream_server
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon, mastodon_server
from tests.servers.processes import NotStartedError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LEFT_OUT = pytest.StashKey[dict[str, tuple[str, list[str]]]]()


@pytest.fixture
def ledger() -> Ledger:
    """Nothing done yet."""
    return Ledger()


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """A server that answers as it is told to."""
    with faulty_server() as server:
        yield server


@pytest.fixture
def jetstream() -> Iterator[Jetstream]:
    """A stream that tells what it is told to."""
    with jetstream_server() as server:
        yield server


@pytest.fixture(scope="session")
def _bluesky_or_why() -> Iterator[Bluesky | str]:
    with contextlib.ExitStack() as kept:
        try:
            started = why_missing("bluesky") or kept.enter_context(bluesky_network())
        except NotStartedError as error:
            started = str(error)
        yield started


@pytest.fixture(scope="session")
def _mastodon_or_why() -> Iterator[Mastodon | str]:
    with contextlib.ExitStack() as kept:
        try:
            started = why_missing("mastodon") or kept.enter_context(mastodon_server())
        except NotStartedError as error:
            started = str(error)
        yield started


@pytest.fixture
def bluesky(request: pytest.FixtureRequest, _bluesky_or_why: Bluesky | str) -> Bluesky:
    """The Bluesky network of this run."""
    if isinstance(_bluesky_or_why, str):
        leave_out(request, "bluesky", _bluesky_or_why)
    return _bluesky_or_why


@pytest.fixture
def mastodon(request: pytest.FixtureRequest, _mastodon_or_why: Mastodon | str) -> Iterator[Mastodon]:
    """The server of Mastodon's kind of this run, without faults left over."""
    if isinstance(_mastodon_or_why, str):
        leave_out(request, "mastodon", _mastodon_or_why)
    yield _mastodon_or_why
    _mastodon_or_why.heal()


@pytest.fixture(scope="session")
def _chromium_or_why() -> Iterator[Browser | str]:
    program = browser_program()
    if (why := why_missing("browser")) or program is None:
        yield why or "there is no Chromium; get it with: make servers"
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture
def chromium(request: pytest.FixtureRequest, _chromium_or_why: Browser | str) -> Browser:
    """The browser of this run."""
    if isinstance(_chromium_or_why, str):
        leave_out(request, "browser", _chromium_or_why)
    return _chromium_or_why


def leave_out(request: pytest.FixtureRequest, server: str, why: str) -> NoReturn:
    """Leave this test out and remember it for the end of the run; on CI, fail."""
    kept = request.config.stash.setdefault(_LEFT_OUT, {})
    kept.setdefault(server, (why, []))[1].append(request.node.nodeid)
    if os.environ.get("CI"):
        pytest.fail(f"CI must have the server {server}: {why}", pytrace=False)
    pytest.skip(f"no server {server}: {why}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say at the end which tests were left out for want of a server, and why."""
    for server, (why, tests) in config.stash.get(_LEFT_OUT, {}).items():
        terminalreporter.section(f"left out: {len(tests)} tests that need the server {server}", yellow=True)
        terminalreporter.line(f"why: {why}")
        for test in tests:
            terminalreporter.line(f"  {test}")
