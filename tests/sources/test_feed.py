"""Feeds: every version, every way they are broken, and what they must not be able to do."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources import FileSettings, recognise
from leumund.sources.feed import SOURCE, feed_events

NOW = datetime(2026, 2, 1, tzinfo=UTC)
URL = "https://anna.example/feed/"
ITEM = "<item><title>Eins</title><link>https://anna.example/1</link><pubDate>Fri, 09 Jan 2026 08:00:00 GMT</pubDate>{}</item>"


def rss(*items: str, head: str = "", link: str = "https://anna.example") -> bytes:
    inner = "".join(items)
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Anna</title><link>{link}</link>{inner}</channel></rss>'.encode()


def told(data: bytes, url: str = URL) -> list[Event]:
    return list(feed_events(data, url=url, at=NOW))


def posts(data: bytes, url: str = URL) -> list[Post]:
    return [e for e in told(data, url) if isinstance(e, Post)]


def test_a_feed_from_the_network_tells_what_the_saved_one_tells(tmp_path: Path) -> None:
    data = rss(ITEM.format("<description>Text</description>"))
    (tmp_path / "feed.xml").write_bytes(data)
    (page,) = SOURCE.fetch(FileSettings(path=tmp_path / "feed.xml"), None)
    assert [e for e in SOURCE.parse(page) if isinstance(e, Post)] == posts(data)


def test_entities_that_multiply_stay_what_they_are() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30))
    bomb = rss(
        ITEM.format("<description>&a29;</description>"), head=f'<!DOCTYPE x [<!ENTITY a0 "haha">{lines}]>'
    )
    started = time.process_time()
    (post,) = posts(bomb)
    assert len(post.text) < 100
    assert time.process_time() - started < 5


def test_a_feed_cannot_read_files_of_this_computer(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "geheim" not in str(told(rss(ITEM.format("<description>&x;</description>"), head=head)))


def test_bytes_that_are_a_path_or_an_address_open_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real.xml"
    real.write_bytes(rss(ITEM.format("")))
    monkeypatch.setattr("socket.socket", lambda *_a, **_k: pytest.fail("a socket was opened"))
    for text in (str(real), "https://anna.example/feed"):
        with pytest.raises(UnreadableFileError, match="no feed"):
            told(text.encode())


@pytest.mark.parametrize(
    ("declared", "stored"),
    [(d, s) for d in ("utf-8", "iso-8859-1", "no-such-code") for s in ("utf-8", "cp1252")]
    + [("us-ascii", "utf-8")],
)
def test_umlauts_arrive_whatever_the_feed_says_of_itself(declared: str, stored: str) -> None:
    text = rss(ITEM.format("<description>Grüße aus Österreich</description>")).decode()
    data = text.replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1).encode(stored)
    assert posts(data)[0].text == "Eins\n\nGrüße aus Österreich"


def test_one_stray_byte_does_not_spoil_the_other_umlauts() -> None:
    data = rss(ITEM.format("<description>Grüße XX</description>")).replace(b"XX", b"\xfcber")
    assert posts(data)[0].text.endswith("Grüße über")
    assert any("1 characters" in e.message for e in told(data) if isinstance(e, Problem))


def test_control_characters_do_not_end_the_feed() -> None:
    assert posts(rss(ITEM.format("<description>a\x08b\x00c</description>")))[0].text == "Eins\n\nabc"


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("/2026/eins", "https://anna.example/2026/eins"),
        ("zwei?utm_source=x&amp;p=2#oben", "https://anna.example/zwei?p=2"),
        ("http://ANNA.example/drei", "https://anna.example/drei"),
        ("https://www.anna.example/vier", "https://www.anna.example/vier"),
    ],
)
def test_links_of_every_kind_give_one_name(link: str, name: str) -> None:
    assert posts(rss(f"<item><title>x</title><link>{link}</link></item>"))[0].post == name


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://[", "http://a:99999/", ""]
)
def test_what_is_no_address_is_not_kept_as_one(link: str) -> None:
    (post,) = posts(rss(f"<item><title>x</title><guid>7</guid><link>{link}</link></item>"))
    assert post.post.startswith("https://anna.example/#entry-")
    assert post.url is None


def test_an_entry_without_a_date_was_there_at_the_latest_when_it_was_seen() -> None:
    (post,) = posts(rss("<item><title>x</title><link>https://anna.example/x</link></item>"))
    assert (post.happened_at, post.exact) == (NOW, False)


def test_a_later_change_is_no_new_post() -> None:
    entry = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link href="https://anna.example/"/><entry>
        <title>x</title><link href="https://anna.example/x"/><published>2026-01-01T00:00:00Z</published>
        <updated>{}</updated></entry></feed>"""
    first, later = (posts(entry.format(f"2026-01-{day}T00:00:00Z").encode())[0] for day in ("01", "20"))
    assert first == later
    assert first.exact


def test_the_same_entry_twice_is_one_post() -> None:
    assert len(posts(rss(ITEM.format(""), ITEM.format("")))) == 1


def test_markup_and_scripts_are_no_text() -> None:
    body = "<description><![CDATA[<p>Hallo <b>Welt</b><script>alert(1)</script><style>p{}</style></p>]]></description>"
    assert posts(rss(ITEM.format(body)))[0].text == "Eins\n\nHallo Welt"


def test_a_title_that_only_repeats_the_beginning_is_not_told_twice() -> None:
    item = "<item><title>Guten Morgen an…</title><link>https://anna.example/1</link><description>Guten Morgen an alle</description></item>"
    assert posts(rss(item))[0].text == "Guten Morgen an alle"


def test_a_feed_that_gathers_other_sites_does_not_take_their_posts() -> None:
    planet = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><link href="https://planet.example/"/>
        <entry><title>x</title><link href="https://ben.example/x"/><updated>2026-01-01T00:00:00Z</updated>
        <source><title>Ben</title><link href="https://ben.example/"/></source></entry></feed>"""
    (post,) = posts(planet)
    assert (post.account, post.post) == ("https://ben.example", "https://ben.example/x")


def test_the_feed_of_a_mastodon_account_is_hers_not_her_servers() -> None:
    item = "<item><guid>https://example.social/@anna/115000000000000001</guid><link>https://example.social/@anna/115000000000000001</link><pubDate>Fri, 09 Jan 2026 08:00:00 GMT</pubDate><description>Hallo</description></item>"
    (post,) = posts(rss(item, link="https://example.social/@anna"), "https://example.social/@anna.rss")
    assert (post.account, post.network) == ("acct:anna@example.social", "mastodon")
    assert post.post == "https://example.social/users/anna/statuses/115000000000000001"


COMMENT = """<item><title>Von: {name}</title><link>https://anna.example/1/#comment-{n}</link><dc:creator>{name}</dc:creator>
    <pubDate>Fri, 09 Jan 2026 08:00:0{n} GMT</pubDate><description>Danke</description></item>"""


def test_comments_are_replies_to_the_blog_by_guests_of_it() -> None:
    data = rss(COMMENT.format(name="Ben", n=1), COMMENT.format(name="ben@mail.example", n=2))
    data = data.replace(b'version="2.0"', b'version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"')
    acts = [e for e in told(data) if isinstance(e, Act)]
    assert [(a.kind, a.target, a.post) for a in acts] == [
        ("reply", "https://anna.example", "https://anna.example/1/")
    ] * 2
    assert {a.actor for a in acts} == {"other:anna.example:guest:ben", "other:anna.example:guest:somebody"}
    assert "mail.example" not in str(told(data))


def test_a_feed_of_comments_does_not_rename_the_blog() -> None:
    data = rss(COMMENT.format(name="Ben", n=1))
    assert not [e for e in told(data) if isinstance(e, Account) and e.account == "https://anna.example"]


def test_a_cut_feed_gives_what_is_whole_and_says_so() -> None:
    whole = rss(ITEM.format(""), ITEM.format("").replace("/1", "/2"))
    events = told(whole[:-45])
    assert [p.post for p in events if isinstance(p, Post)] == ["https://anna.example/1"]
    assert "after item 1" in next(e for e in events if isinstance(e, Problem)).message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>404</body></html>",
        b"{}",
        b'{"version": "https://jsonfeed.org/version/1"',
        b"[]",
        b"hallo",
    ],
)
def test_what_is_no_feed_is_said_to_be_none(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no feed"):
        told(data)
    (tmp_path / "x.xml").write_bytes(data)
    with (
        pytest.raises(UnreadableFileError)
        if not SOURCE.recognise(tmp_path / "x.xml")
        else contextlib.nullcontext()
    ):
        for page in SOURCE.fetch(FileSettings(path=tmp_path / "x.xml"), None):
            assert all(isinstance(e, Problem) for e in SOURCE.parse(page))


def test_a_file_larger_than_any_feed_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leumund.sources.feed.LARGEST", 100)
    (tmp_path / "x.xml").write_bytes(rss(ITEM.format("")))
    with pytest.raises(UnreadableFileError, match="too large"):
        list(SOURCE.fetch(FileSettings(path=tmp_path / "x.xml"), None))


def test_a_json_feed_nested_without_end_is_no_crash() -> None:
    with pytest.raises(UnreadableFileError):
        told(b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000)


@pytest.mark.parametrize("tag", [b"<a>", b"<item>", b"<item><title>", b'<a b="<', b"<![CDATA[", b"&#x;"])
def test_absurd_nesting_takes_no_time_worth_mentioning(tag: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(LeumundError):
        told(b'<rss version="2.0"><channel><link>https://anna.example</link>' + tag * 20_000)
    assert time.process_time() - started < 20


def test_an_export_of_wordpress_is_not_taken_for_a_feed() -> None:
    source, _found = recognise(Path(__file__).parent / "wordpress" / "sample.xml")
    assert source.name == "wordpress"


pieces = st.lists(
    st.sampled_from(["<item>", "</item>", "<title>", "</title>", "<link>", "https://a.example/1", "]]>", "<![CDATA[", "&amp;", "&x;", "ä", "\x01", "<!--", '<a b="'])
    | st.text(max_size=8),
    max_size=25,
)  # fmt: skip


@given(pieces)
@settings(max_examples=150)
def test_no_feed_raises_anything_but_our_own_errors(parts: list[str]) -> None:
    data = rss("".join(parts).encode("utf-8", "replace").decode())
    with contextlib.suppress(LeumundError):
        for event in told(data):
            assert not isinstance(event, Post) or event.post.startswith("https://")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda v: st.lists(v, max_size=3) | st.dictionaries(st.sampled_from(["id", "url", "title", "content_html", "content_text", "date_published", "authors", "author", "name", "language"]), v, max_size=6), max_leaves=12))  # fmt: skip
@settings(max_examples=150)
def test_no_item_of_a_json_feed_raises(item: object) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://a.example",
        "items": [item],
    }
    events = told(json.dumps(feed).encode())
    assert len([e for e in events if isinstance(e, Post | Problem)]) >= 1


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_no_bytes_in_a_file_raise_anything_but_our_own_errors(rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.xml"
        path.write_bytes(b'<rss version="2.0">' + rest)
        with contextlib.suppress(LeumundError):
            for page in SOURCE.fetch(FileSettings(path=path), None):
                list(SOURCE.parse(page))
