"""WordPress exports: what is kept, what never is, and what a broken or hostile one does."""

from __future__ import annotations

import io
import tempfile
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import DangerousFileError, LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources import FileSettings, Page, record_stream, wxr
from leumund.sources.feed import feed_events
from leumund.sources.wordpress import SOURCE

SAMPLE = Path(__file__).parent / "wordpress" / "sample.xml"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Anna</title><link>https://anna.example</link><pubDate>Sun, 11 Jan 2026 12:00:00 +0000</pubDate>
<wp:base_blog_url>https://anna.example</wp:base_blog_url>"""
END = "</channel></rss>"


def item(
    number: int = 1, *, text: str = "Text", more: str = "", status: str = "publish", kind: str = "post"
) -> str:
    return f"""<item><title>T{number}</title><link>https://anna.example/{number}/</link>
        <content:encoded><![CDATA[{text}]]></content:encoded><wp:post_date_gmt>2026-01-09 08:00:00</wp:post_date_gmt>
        <wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{more}</item>"""


def comment(
    number: int, *, name: str = "Ben", url: str = "", approved: str = "1", kind: str = "", parent: int = 0
) -> str:
    return f"""<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{name}</wp:comment_author>
        <wp:comment_author_email>{name}@mail.example</wp:comment_author_email><wp:comment_author_IP>192.0.2.9</wp:comment_author_IP>
        <wp:comment_author_url>{url}</wp:comment_author_url><wp:comment_date_gmt>2026-01-10 08:00:00</wp:comment_date_gmt>
        <wp:comment_content>Danke</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>
        <wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"""


def written(folder: Path, *items: str, doctype: str = "", end: str = END) -> Path:
    path = folder / "export.xml"
    path.write_text(HEAD.format(doctype=doctype) + "".join(items) + end, encoding="utf-8")
    return path


def pages(path: Path) -> list[Page]:
    return list(SOURCE.fetch(FileSettings(path=path), None))


def told(path: Path) -> list[Event]:
    return [e for page in pages(path) for e in SOURCE.parse(page)]


def posts(path: Path) -> list[Post]:
    return [e for e in told(path) if isinstance(e, Post)]


def acts(path: Path) -> list[Act]:
    return [e for e in told(path) if isinstance(e, Act)]


def test_no_mail_address_no_ip_and_no_password_gets_into_a_page_or_an_event() -> None:
    for text in (str(pages(SAMPLE)), str(told(SAMPLE))):
        for secret in ("carla@carla", "david@david", "192.0.2.1", "anna@anna.example", "sesam"):
            assert secret not in text


@pytest.mark.parametrize("status", ["draft", "pending", "trash", "future", "auto-draft", "inherit", ""])
def test_what_is_not_published_is_left_out(tmp_path: Path, status: str) -> None:
    assert posts(written(tmp_path, item(status=status))) == []


@pytest.mark.parametrize("approved", ["0", "spam", "trash", "post-trashed", ""])
def test_comments_that_nobody_approved_are_left_out(tmp_path: Path, approved: str) -> None:
    assert len(posts(written(tmp_path, item(more=comment(1, approved=approved))))) == 1


def test_a_private_post_and_what_was_said_to_it_are_for_followers(tmp_path: Path) -> None:
    found = posts(written(tmp_path, item(status="private", more=comment(1))))
    assert [p.visibility for p in found] == ["followers", "followers"]


def test_an_answer_to_a_comment_goes_to_its_author(tmp_path: Path) -> None:
    more = (
        comment(1, url="https://ben.example")
        + comment(2, name="Carla", parent=1)
        + comment(3, name="Dora", parent=99)
    )
    found = acts(written(tmp_path, item(more=more)))
    assert [a.target for a in found] == [
        "https://anna.example",
        "https://ben.example",
        "https://anna.example",
    ]
    assert found[1].post == found[0].via


def test_a_comment_that_answers_none_is_said_to_the_blog_whatever_the_numbers(tmp_path: Path) -> None:
    found = acts(written(tmp_path, item(more=comment(0, url="https://ben.example") + comment(1, parent=0))))
    assert [a.target for a in found] == ["https://anna.example"] * 2


def test_a_post_without_a_link_is_known_by_its_number(tmp_path: Path) -> None:
    text = item(more="<wp:post_id>31</wp:post_id>").replace("https://anna.example/1/", "")
    assert posts(written(tmp_path, text))[0].post == "https://anna.example/?p=31"


def test_talking_to_oneself_is_no_act(tmp_path: Path) -> None:
    path = written(tmp_path, item(more=comment(1, url="http://www.anna.example/ueber-mich")))
    assert acts(path) == []
    assert len(posts(path)) == 2


@pytest.mark.parametrize(
    ("kind", "verb"),
    [("pingback", "mention"), ("trackback", "mention"), ("like", "like"), ("repost", "reshare")],
)
def test_what_other_sites_told_is_an_act(tmp_path: Path, kind: str, verb: str) -> None:
    (act,) = acts(written(tmp_path, item(more=comment(1, url="https://ben.example/2026/text", kind=kind))))
    assert (act.kind, act.actor, act.post) == (verb, "https://ben.example", "https://anna.example/1/")


def test_a_bookmark_is_no_act(tmp_path: Path) -> None:
    assert acts(written(tmp_path, item(more=comment(1, url="https://ben.example", kind="bookmark")))) == []


def test_guests_of_one_name_at_two_blogs_are_two(tmp_path: Path) -> None:
    one = acts(written(tmp_path, item(more=comment(1))))[0].actor
    path = written(tmp_path, item(more=comment(1)))
    path.write_text(path.read_text("utf-8").replace("anna.example", "emma.example"), encoding="utf-8")
    assert acts(path)[0].actor != one


def test_the_export_and_the_feed_give_a_post_one_name(tmp_path: Path) -> None:
    feed = b"""<rss version="2.0"><channel><link>https://anna.example</link><item><title>T1</title><pubDate>Fri, 09 Jan 2026 08:00:00 GMT</pubDate>
        <link>http://anna.example/1/?utm_source=rss</link><description>Text</description></item></channel></rss>"""
    at = posts(written(tmp_path, item()))[0].happened_at
    (from_feed,) = [e for e in feed_events(feed, url="", at=at) if isinstance(e, Post)]
    (from_export,) = posts(written(tmp_path, item()))
    assert from_feed.post == from_export.post
    assert from_feed.account == from_export.account
    assert from_feed.text == from_export.text


def test_the_blog_is_the_owners_own() -> None:
    assert [e.account for e in told(SAMPLE) if isinstance(e, Account) and e.own] == ["https://anna.example"]


def test_empty_lines_are_paragraphs_where_there_is_no_markup(tmp_path: Path) -> None:
    assert (
        posts(written(tmp_path, item(text="eins\r\n\r\nzwei\r\ndrei")))[0].text == "T1\n\neins\n\nzwei\ndrei"
    )


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "https://evil.example/x.dtd">',
    ],
)
def test_a_document_with_entities_of_its_own_is_refused(tmp_path: Path, doctype: str) -> None:
    with pytest.raises(DangerousFileError, match="entities"):
        pages(written(tmp_path, item(), doctype=doctype))


def test_a_cut_export_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    events = told(written(tmp_path, item(1), item(2), item(3)[:200], end=""))
    assert len([e for e in events if isinstance(e, Post)]) == 2
    assert "after item 2" in next(e for e in events if isinstance(e, Problem)).message


def test_control_characters_and_stray_bytes_do_not_end_the_export(tmp_path: Path) -> None:
    path = written(tmp_path, item(text="gru\x08XXe"))
    path.write_bytes(path.read_bytes().replace(b"XX", b"\xfc\xdf"))
    assert posts(path)[0].text == "T1\n\ngruüße"


def test_markup_within_a_field_is_taken_as_its_text(tmp_path: Path) -> None:
    path = written(tmp_path, item().replace("<title>T1</title>", "<title>T<b>1</b><title>x</title></title>"))
    assert posts(path)[0].text == "T1x\n\nText"


def test_a_file_that_only_speaks_of_wordpress_is_no_export(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("see https://wordpress.org/export/1.2/", encoding="utf-8")
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError):
        pages(path)


def test_a_large_export_is_never_in_memory_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_stream, "_BYTES_PER_PAGE", 1 << 18)
    path = written(tmp_path, *(item(n, text="x" * 100_000) for n in range(300)))
    tracemalloc.start()
    count = sum(1 for page in SOURCE.fetch(FileSettings(path=path), None) if page.kind == "items")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 50
    assert peak < 8 << 20 < path.stat().st_size


@pytest.mark.parametrize("tag", [b'<a b="', b"<!-- ", b"<?x "])
def test_a_tag_that_never_ends_is_given_up(tag: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr, "_LONGEST_TOKEN", 1 << 20)
    reading = wxr.Reading()
    started = time.process_time()
    stream = io.BytesIO(HEAD.format(doctype="").encode() + tag + b"x" * (64 << 20))
    assert len(list(wxr.records(stream, reading))) == 0
    assert reading.broken
    assert reading.done < 8 << 20
    assert time.process_time() - started < 10


def test_tags_within_tags_without_end_are_refused() -> None:
    with pytest.raises(wxr.RefusedError):
        list(wxr.records(io.BytesIO(b"<a>" * 100_000), wxr.Reading()))


def test_a_field_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr, "LONGEST_TEXT", 1000)
    stream = io.BytesIO((HEAD.format(doctype="") + item(text="x" * 10**6) + END).encode())
    (_channel, found) = wxr.records(stream, wxr.Reading())
    assert isinstance(found, wxr.Item)
    assert len(found.fields["content:encoded"]) == 1000


pieces = st.lists(
    st.sampled_from(["<item>", "</item>", "<wp:comment>", "</wp:comment>", "<title>", "</title>", "<wp:status>publish</wp:status>",
                     "<wp:post_type>post</wp:post_type>", "<link>https://anna.example/1</link>", "]]>", "<![CDATA[", "ä", "\x01",
                     "<wp:post_date_gmt>2026-01-01 00:00:00</wp:post_date_gmt>", "</channel>", "<wp:comment_approved>1</wp:comment_approved>"]),
    max_size=25,
)  # fmt: skip


@given(pieces)
@settings(max_examples=200)
def test_no_export_raises_anything_but_our_own_errors(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "".join(parts))
        try:
            events = told(path)
        except LeumundError:
            return
        assert isinstance(events[0], Account)
