"""The pages of a demo lab, served as a person's browser gets them."""

from __future__ import annotations

import http.client
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from tests.web.hostile import hostile_lab

from leumund import cli, locale
from leumund.web.app import make_app
from leumund.web.guard import Rules
from leumund.web.line import Line


@dataclass(frozen=True)
class Got:
    """What a server answered. text: as it is read, without the places where a line may break (body has them)."""

    status: int
    text: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes = b""


@dataclass
class Site:
    """A server and one browser's cookies."""

    port: int
    folder: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Got:
        """The page, waited for as a browser waits while it is being worked out."""
        while (got := self._ask("GET", path, None, headers)).headers.get("refresh"):
            time.sleep(0.5)
        return got

    def raw(self, path: str, **headers: str) -> Got:
        """The same for what is no text."""
        return self._ask("GET", path, None, headers, text=False)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Got:
        return self._ask("POST", path, urlencode(form), headers)

    def word(self) -> str:
        """What a form of this session carries."""
        return self.get("/people").text.split('name="word" value="')[1].split('"')[0]

    def _ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        headers: Mapping[str, str],
        *,
        text: bool = True,
    ) -> Got:
        given = {"Host": f"127.0.0.1:{self.port}", "Accept-Language": "en"}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        given |= {k.replace("_", "-"): v for k, v in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            set_now = {}
            for line in answer.headers.get_all("set-cookie") or []:
                name, _eq, value = line.partition(";")[0].partition("=")
                set_now[name] = value.strip('"')
            self.cookies = {k: v for k, v in {**self.cookies, **set_now}.items() if v}
            told = answer.read()
            lower = {k.lower(): v for k, v in answer.headers.items()}
            read = told.decode("utf-8").replace("<wbr>", "") if text else ""
            return Got(answer.status, read, lower, set_now, told)
        finally:
            connection.close()


@contextmanager
def served(folder: Path, **rules: object) -> Iterator[Site]:
    """That lab, served at a port of its own."""
    there = socket.create_server(("127.0.0.1", 0))
    port = there.getsockname()[1]
    app = make_app(folder, Rules(port=port, **rules))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, http=Line))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [there]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Site(port, folder)
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def demo_lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo lab, made once; nobody may write to it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {
            "LEUMUND_HOME": home,
            "LEUMUND_CONFIG": home / "none",
            "LEUMUND_ERASURE_KEY": home / "key",
        }.items():
            patched.setenv(name, str(value))
        with pytest.raises(SystemExit) as ended:
            cli.main(["demo", "--out", str(home)])
    assert not ended.value.code
    locale.use("en")
    return home / "demo"


TOKEN = "a-word-for-programs-that-nobody-guesses"


@pytest.fixture(scope="session")
def shared(demo_lab: Path) -> Iterator[Site]:
    """The demo's pages; cookies of others may lie in it."""
    with served(demo_lab, token=TOKEN) as site:
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    """The demo's pages for a browser that was never there."""
    return Site(shared.port, shared.folder)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small lab full of what may do harm; tests may write to it and leave it as they found it."""
    with served(hostile_lab(tmp_path_factory.mktemp("hostile") / "lab")) as site:
        yield site


@pytest.fixture
def own_site(demo_lab: Path, tmp_path: Path) -> Iterator[Site]:
    """A lab of one's own to write to."""
    shutil.copytree(demo_lab, tmp_path / "lab")
    with served(tmp_path / "lab") as site:
        yield site


@pytest.fixture(scope="session")
def written(demo_lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo that several tests write to; each minds only what it wrote itself."""
    folder = tmp_path_factory.mktemp("written") / "lab"
    shutil.copytree(demo_lab, folder)
    with served(folder) as site:
        yield site


@pytest.fixture
def written_site(written: Site) -> Site:
    """The same for a browser that was never there."""
    return Site(written.port, written.folder)


@pytest.fixture(scope="session")
def locked(demo_lab: Path) -> Iterator[Callable[[], Site]]:
    """The demo's pages behind a password, which nobody may guess at; each call another browser."""
    with served(demo_lab, password="a long password") as site:
        yield lambda: Site(site.port, site.folder)
