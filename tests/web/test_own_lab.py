"""From the example to connected accounts: a lab of one's own, an account, its sync, and what the pages say of it."""

from __future__ import annotations

import http.client
import io
import os
import re
import socket
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.living import labs
from tests.living.labs import at_home
from tests.living.made_server import TOKEN, Made
from tests.living.made_x import KEYS, MadeX
from tests.servers.faulty import Faulty, good
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon
from tests.servers.mastodon_people import Person
from tests.web.conftest import Got, Site, served

from leumund.asking import Question
from leumund.lab import Lab
from leumund.measures import Reading, all_measures
from leumund.store import connections, runs

__all__ = ["at_home"]


@pytest.fixture
def example(demo_lab: Path, at_home: Path) -> Iterator[Site]:
    """The example, shown to somebody who has no lab of her own."""
    with served(demo_lab) as site:
        yield site


def word(site: Site) -> str:
    """What a form of this session carries; from a page for which the lab is not read."""
    return site.get("/lab").text.split('name="word" value="')[1].split('"')[0]


def do(site: Site, path: str, **form: str) -> None:
    """Send a form, and go where it leads."""
    got = site.post(path, {"word": word(site), **form})
    assert got.status == 303, (got.status, got.text[-1500:])


def main(text: str) -> str:
    """The page without what is around it."""
    return text.partition("<main")[2].partition("</main>")[0]


def watched(site: Site, until: str, seconds: float = 180, known: str = "") -> str:
    """What is under way, looked at as the page does, until it says that. known: what went wrong before may stand there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        got = site._ask("GET", "/work", None, {})
        if until in got.text:
            return got.text
        assert known or "did not work" not in got.text, main(got.text)
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
        opener.open(f"{mastodon.origin}/oauth/authorize", form, timeout=60)
    with sent.value:
        return str(sent.value.headers["location"])


def test_from_the_example_to_figures_of_ones_own(
    example: Site, mastodon: Mastodon, ledger: Ledger, at_home: Path
) -> None:
    anna, ben = mastodon.join(ledger, "anna"), mastodon.join(ledger, "ben")
    ben.favourite(anna.post("Guten Morgen", language="de"))
    ben.follow(anna)
    assert "This is an example" in example.get("/work").text
    do(example, "/lab", do="make", title="Annas Labor", accounts=f"@{anna.username}@mastodon.test")
    assert "Annas Labor" in example.get("/work").text
    assert "Nothing was read into your lab yet" in example.get("/sources").text
    assert f'value="@{anna.username}@mastodon.test"' in example.get("/connect/mastodon").text
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
    assert "your posts" in (sources := example.get("/sources").text)
    assert "Nothing was read into your lab yet" not in sources
    overview = example.get("/").text
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


def multipart(told: str, *files: tuple[str, bytes], **fields: str) -> tuple[bytes, str]:
    """A form with files as a browser sends it, and its kind."""
    parts = [f'--B\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
             for k, v in {"word": told, **fields}.items()]  # fmt: skip
    for name, content in files:
        head = f'--B\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: x/y\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + b"--B--\r\n", "multipart/form-data; boundary=B"


@pytest.fixture
def own(example: Site) -> Site:
    """A lab of her own, made in the browser."""
    do(example, "/lab", do="make", accounts="@anna@example.social")
    return example


def given(site: Site, *files: tuple[str, bytes], told: str = "", **fields: str) -> Got:
    """Drop files onto the page."""
    body, kind = multipart(told or word(site), *files, **fields)
    return site._ask("POST", "/import", body, {"Content-Type": kind})


def good_table() -> bytes:
    """Three posts."""
    rows = (
        f"https://example.social/@anna/{n},@anna@example.social,mastodon,2026-01-0{n}T08:00Z,Hallo"
        for n in (1, 2, 3)
    )
    return "\n".join(["post,account,network,happened_at,text", *rows, ""]).encode()


def over(site: Site) -> str:
    """What is said when nothing is under way any more."""
    while (got := site._ask("GET", "/work", None, {})).headers.get("refresh"):
        time.sleep(0.2)
    return main(got.text)


def taken(site: Site, address: str) -> bytes:
    """A file that is taken away."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        connection.request("GET", address, headers={"Host": f"127.0.0.1:{site.port}"})
        return connection.getresponse().read()
    finally:
        connection.close()


def lying(at_home: Path) -> set[str]:
    """The names of the files that lie where files come in. Folders may vanish while one looks: os.walk bears it."""
    names = {name for _, _, files in os.walk(at_home / "home" / ".incoming") for name in files}
    return names - {"lock"}


def becomes(at_home: Path, *names: str, seconds: float = 120) -> bool:
    """Whether just these files lie there before long: the server sweeps after it answered."""
    deadline = time.monotonic() + seconds
    while lying(at_home) != set(names):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_files_that_are_dropped_are_read_and_gone_and_a_copy_can_be_taken(own: Site, at_home: Path) -> None:
    got = given(
        own,
        ("../../<b>evil</b>\u202egpj.csv", good_table()),
        ("böse.zip", b"PK\x03\x04broken"),
        ("lied.mp3", b"ID3"),
    )
    assert got.status == 303, got.text
    page = over(own)
    assert "3 posts" in page
    assert "broken or cut off" in page
    assert "lied.mp3: I do not know this kind of file" in page
    assert "<dt>Mastodon</dt><dd>Preferences, Import and export" in page
    assert re.search(r"A part of it did not work, \d+ \w+ 20\d\d, \d+:\d\d", page)
    assert "<dt>Mastodon</dt><dd>Einstellungen, Import" in own.get("/work", Accept_Language="de").text
    assert "<b>evil" not in page
    assert str(at_home) not in page
    assert becomes(at_home)
    do(own, "/lab", do="copy", form="csv")
    address = re.findall(r'href="(/work/\d+/file)"', over(own))[0]
    with zipfile.ZipFile(io.BytesIO(taken(own, address))) as packed:
        assert packed.read("posts.csv").count(b"\n") == 4
    export = taken(own, address)
    assert given(own, ("everything.zip", export)).status == 303
    page = over(own)
    assert "Already there: 3 posts" in page
    assert str(at_home) not in page
    do(own, "/lab", do="copy", form="backup")
    backup = taken(own, re.findall(r'href="(/work/\d+/file)"', over(own))[0])
    assert given(own, ("a.csv", good_table()), ("b.zip", backup)).status == 400
    assert given(own, ("b.zip", backup)).status == 303
    page = watched(own, "Yes, make it", known="böse.zip")
    assert not list((at_home / "home").glob("backup-*"))  # nothing is made before she says so
    hidden = dict(re.findall(r'name="(number|question)" value="(\d+)"', page))
    do(own, "/work", do="answer", answer="yes", **hidden)
    watched(own, "The lab is back", known="böse.zip")
    (again,) = (at_home / "home").glob("backup-*")
    with Lab.open(again, read_only=True) as back, Lab.open(at_home / "home" / "main", read_only=True) as lab:
        rows = [list(each.register.db.execute("select * from segment order by 1")) for each in (back, lab)]
    assert [tuple(row) for row in rows[0]] == [tuple(row) for row in rows[1]]
    assert not {"a.csv", "b.zip", "everything.zip"} & lying(at_home)
    assert f'value="{again.name}"' in own.get("/lab").text


def told(reading: Reading) -> str:
    """All of a reading; sums that were added up in another order are the same."""
    return re.sub(r"\d+\.\d{6,}(?:e-?\d+)?", lambda m: f"{float(m[0]):.9g}", repr(reading))


@pytest.mark.long
def test_every_measure_says_of_a_lab_that_came_back_what_it_says_of_the_first(
    example: Site, demo_lab: Path, at_home: Path
) -> None:
    do(example, "/lab", do="copy", form="backup")
    backup = taken(example, re.findall(r'href="(/work/\d+/file)"', over(example))[0])
    assert given(example, ("b.zip", backup)).status == 303
    page = watched(example, "Yes, make it")
    hidden = dict(re.findall(r'name="(number|question)" value="(\d+)"', page))
    do(example, "/work", do="answer", answer="yes", **hidden)
    watched(example, "The lab is back")
    as_of, said = datetime(2026, 3, 31, 23, tzinfo=UTC), []
    for folder in (demo_lab, at_home / "home" / "main"):
        with Lab.open(folder, read_only=True) as lab, Question(lab, as_of).state() as state:
            every = {m.name: state.reading(m) for m in all_measures().values()}
            whys = {m.name: state.explanation(m) for m in all_measures().values() if m.explain}
            said.append((every, whys, lab.register.own_accounts()))
    (first, first_whys, mine), (back, back_whys, back_mine) = said
    assert mine == back_mine
    assert sum(bool(r.rows) for r in first.values()) > 20
    for name, reading in first.items():
        assert told(back[name]) == told(reading), name
    for name, reading in first_whys.items():
        assert told(back_whys[name]) == told(reading), name


def test_a_form_that_is_not_ours_writes_nothing(own: Site, at_home: Path) -> None:
    assert given(own, ("a.csv", good_table()), told="guessed").status == 403
    assert becomes(at_home)


def test_half_a_form_is_no_form(own: Site, at_home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Half a table would look like a whole one."""
    body, kind = multipart(word(own), ("a.csv", good_table()))
    cut = body.removesuffix(b"--B--\r\n")[:-60]
    got = own._ask("POST", "/import", cut, {"Content-Type": kind})
    assert (got.status, "cannot be read" in got.text) == (400, True)
    told = {
        "Host": f"127.0.0.1:{own.port}",
        "Cookie": "; ".join(f"{k}={v}" for k, v in own.cookies.items()),
        "Content-Type": kind,
        "Content-Length": "9999",
    }
    head = "POST /import HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in told.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", own.port)) as there:  # and she goes away
        there.sendall(head.encode() + cut)
        assert becomes(at_home, "a.csv")
    assert becomes(at_home)
    assert "3 posts" not in over(own)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("boundary", ["B" * 300, "", "é"])
def test_a_form_that_says_nonsense_of_itself_is_no_form(
    own: Site, capfd: pytest.CaptureFixture[str], boundary: str
) -> None:
    body, _kind = multipart(word(own), ("a.csv", good_table()))
    got = own._ask("POST", "/import", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert (got.status, "cannot be read" in got.text) == (400, True)
    assert "Traceback" not in capfd.readouterr().err


def test_what_was_filled_in_for_one_lab_is_not_put_into_another(own: Site) -> None:
    """The form still stands in another window when another lab is shown."""
    old = word(own)
    do(own, "/lab", do="example")
    form = {"do": "add", "account": "@mal@werkstatt.example"}
    assert own.post("/settings", {"word": old, **form}).status == 403
    do(own, "/lab", do="show", name="main")
    assert own.post("/work", {"word": old, "do": "stop", "number": "9" * 5000}).status == 303


def test_a_disk_without_room_is_said_before_it_is_full(
    own: Site, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leumund.web.incoming._LEFT_FREE", 2**60)
    got = given(own, ("a.csv", good_table() + b"x" * (8 << 20)))  # more than lies in the buffers on the way
    assert got.status == 400
    assert "No room left" in got.text
    assert becomes(at_home)


def test_what_a_killed_server_left_is_swept(example: Site, at_home: Path) -> None:
    home = at_home / "home" / ".incoming"
    assert given(example, ("a.csv", good_table())).status == 400  # into the example: what came is gone
    (home / "old" / "x").mkdir(parents=True)
    (home / "old" / "x" / "big.zip").write_bytes(b"x")
    (home / "old" / "lock").touch()
    with served(at_home / "home" / "main"):
        assert not (home / "old").exists()
    assert len(list(home.iterdir())) == 1  # that of the server that still runs


def test_nothing_of_hers_goes_into_the_example(example: Site) -> None:
    for path, form in (("/connect/blog", {"where": "https://a.example"}), ("/work", {"do": "sync"})):
        assert example.post(path, {"word": word(example), **form}).status == 400, path
    assert given(example, ("a.csv", good_table())).status == 400
    assert "Make your own lab" in example.get("/lab").text


def test_behind_a_password_nothing_is_done_without_it(demo_lab: Path, at_home: Path) -> None:
    with served(demo_lab, password="a long password") as site:
        for path in ("/lab", "/connect", "/connect/mastodon", "/import", "/work", "/work/1/file"):
            assert site.get(path).headers["location"] == "/enter", path
        for path in ("/lab", "/connect/blog", "/work"):
            assert site.post(path, {"do": "make", "word": ""}).headers["location"] == "/enter", path
        assert given(site, ("a.csv", good_table()), told="x").headers["location"] == "/enter"
        assert site.get("/connect/back?state=x&code=y").status == 404
        assert not (at_home / "home").exists()


def connected(at_home: Path) -> list[str]:
    """The sources of her lab's connections."""
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        return [c.source for c in connections.all_connections(lab.register)]


def test_what_x_costs_is_said_and_asked_before_it_is_connected(
    own: Site, faulty: Faulty, at_home: Path
) -> None:
    made = MadeX(faulty).start()
    keys = {f"key{n}": key for n, key in enumerate(KEYS)}
    form = {"where": "anna", "budget": "5", "server": made.url, "private": "1", **keys}
    do(own, "/connect/x", **form)
    page = watched(own, "Yes, connect it")
    assert "The first sync costs at most" in page
    assert "leumund " not in main(page)
    assert len(made.charged) == 1  # nothing but the look at the account
    assert connected(at_home) == []
    number, question = (re.findall(rf'name="{n}" value="(\d+)"', page)[0] for n in ("number", "question"))
    do(
        own, "/work", do="answer", answer="yes", number=number, question="7"
    )  # from a page that shows another one
    assert connected(at_home) == []
    assert "Yes, connect it" in watched(own, "The first sync costs at most")
    do(own, "/work", do="answer", answer="yes", number=number, question=question)
    page = watched(own, "Connected: @Anna")
    assert not [k for k in KEYS if k in page]
    assert connected(at_home) == ["x"]


def test_a_key_that_is_not_accepted_is_said_without_it(own: Site, faulty: Faulty, at_home: Path) -> None:
    faulty.answer("/*", good({"error": "AuthenticationRequired", "message": "no"}, status=401))
    secret = "abcd-efgh-ijkl-mnop"
    do(own, "/connect/bluesky", where="anna.bsky.social", key0=secret, server=faulty.url, private="1")
    page = over(own)
    assert "does not accept this handle and app password" in page
    assert 'href="/connect/bluesky"' in page
    assert secret not in page
    assert connected(at_home) == []
    assert own.post("/connect/bluesky", {"word": word(own), "where": "anna.bsky.social"}).status == 400
    assert own.get("/connect/nowhere").status == 400


def slowly(_number: int) -> None:
    """The server takes its time."""
    time.sleep(0.1)


@pytest.mark.long
def test_a_sync_that_is_stopped_keeps_what_it_stored_and_goes_on(
    own: Site, faulty: Faulty, at_home: Path
) -> None:
    made = Made(faulty, likes=400, before=slowly).start()
    do(own, "/connect/mastodon", where=made.url, private="1", key0=TOKEN)
    watched(own, "Connected: @anna")
    do(own, "/work", do="sync")
    page = watched(own, "what others did towards you: ")
    assert "Stop" in page
    number = re.findall(r'name="number" value="(\d+)"', page)[0]
    do(own, "/work", do="stop", number=number)
    assert "What was stored is whole" in over(own)
    do(own, "/work", do="sync", connection="mastodon")
    assert "New: " in over(own)
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        assert labs.acts(lab) == made.acts()
        assert [r.state for r in runs.runs(lab.register)] == ["done", "stopped"]
