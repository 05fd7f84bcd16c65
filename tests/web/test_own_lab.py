"""From the example to connected accounts: a lab of one's own, an account, its sync, and what the pages say of it."""

from __future__ import annotations

import os
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.living.labs import at_home
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon
from tests.servers.mastodon_people import Person
from tests.web.conftest import Site, served

from leumund.lab import Lab
from leumund.store import connections

__all__ = ["at_home"]


@pytest.fixture
def example(demo_lab: Path, at_home: Path) -> Iterator[Site]:
    """The example, shown to somebody who has no lab of her own."""
    with served(demo_lab) as site:
        yield site


def do(site: Site, path: str, **form: str) -> None:
    """Send a form, and go where it leads."""
    got = site.post(path, {"word": site.word(), **form})
    assert got.status == 303, (got.status, got.text[-1500:])


def main(text: str) -> str:
    """The page without what is around it."""
    return text.partition("<main")[2].partition("</main>")[0]


def watched(site: Site, until: str, seconds: float = 60) -> str:
    """What is under way, looked at as the page does, until it says that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        got = site._ask("GET", "/work", None, {})
        if until in got.text:
            return got.text
        assert "not everything worked" not in got.text, main(got.text)
        time.sleep(0.2)
    pytest.fail(f"never said: {until}\n{main(got.text)}")


def allowed(mastodon: Mastodon, page: str, whose: Person) -> str:
    """What a person does on her server; gives where it sends her browser then."""
    address = re.findall(r'class="button" href="([^"]+)"', page)[0].replace("&amp;", "&")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    form = urlencode({**asked, "username": whose.username}).encode()

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    with pytest.raises(urllib.error.HTTPError) as sent:
        opener.open(f"{mastodon.origin}/oauth/authorize", form, timeout=10)
    with sent.value:
        return str(sent.value.headers["location"])


def test_from_the_example_to_figures_of_ones_own(
    example: Site, mastodon: Mastodon, ledger: Ledger, at_home: Path
) -> None:
    anna, ben = mastodon.join(ledger, "anna"), mastodon.join(ledger, "ben")
    ben.favourite(anna.post("Guten Morgen", language="de"))
    ben.follow(anna)
    assert "This is an example" in example.get("/people").text
    do(example, "/lab", do="make", title="Annas Labor", accounts=f"@{anna.username}@mastodon.test")
    assert "Annas Labor" in example.get("/people").text
    assert "Nothing was read into your lab yet" in example.get("/people").text
    do(example, "/connect/mastodon", where=mastodon.origin, private="1")
    for words in ("On to", "asked once more"):  # this server does not accept the finer key that it gives
        back = urlsplit(allowed(mastodon, watched(example, words), anna))
        assert back.netloc == f"127.0.0.1:{example.port}"
        stranger = Site(example.port, example.folder)  # she comes from another site, so without our cookie
        from_there = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
        came = stranger._ask("GET", f"{back.path}?{back.query}", None, from_there)
        assert came.status == 200
        assert came.headers["refresh"].endswith("url=/work")
        assert not came.cookies
        assert anna.username not in came.text
    code = parse_qs(back.query)["code"][0]
    watched(example, "Connected: @anna")
    do(example, "/work", do="sync")
    page = watched(example, "New: ")
    assert "1 post" in page
    assert f"@{anna.username}@mastodon.test" in example.get("/connect").text
    assert "your posts" in example.get("/sources").text
    assert "Nothing was read into your lab yet" not in (overview := example.get("/").text)
    assert "Annas Labor" in overview
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        (connection,) = connections.all_connections(lab.register)
    key = re.search(r'"access_token": ?"([^"]+)"|: "(\S+)"', (at_home / "secrets.json").read_text())
    assert key is not None
    everything = "".join(example.get(p).text for p in ("/work", "/connect", "/sources", "/lab"))
    for secret in (code, next(g for g in key.groups() if g)):
        assert secret not in everything
        assert secret not in Path(f"/proc/{os.getpid()}/cmdline").read_text()
    do(example, "/connect", do="disconnect", connection=connection.id)
    assert (at_home / "secrets.json").read_text().strip() == "{}"
