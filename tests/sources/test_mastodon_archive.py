from __future__ import annotations

import copy
import json
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import (
    PUBLIC,
    as_folder,
    as_json,
    as_tar,
    as_zip,
    cut,
    locked,
    mastodon_files,
    sample_files,
    spoilt,
)

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources import FileSettings, Page
from leumund.sources.activitypub import Owner, activity_events, author_of
from leumund.sources.html_text import plain_text
from leumund.sources.mastodon_archive import SOURCE

ME = "https://example.social/users/anna"
OWNER = Owner(
    account="acct:anna@example.social",
    also=frozenset({"acct:anna@example.social", ME}),
    host="example.social",
)
MADE = datetime(2024, 3, 5, 10, 11, 12, tzinfo=UTC)


def pages(path: Path) -> list[Page]:
    return list(SOURCE.fetch(FileSettings(path=path), None))


def events(path: Path) -> list[Event]:
    return [event for page in pages(path) for event in SOURCE.parse(page)]


def posts(path: Path) -> list[Post]:
    return [event for event in events(path) if isinstance(event, Post)]


def problems(path: Path) -> list[Problem]:
    return [event for event in events(path) if isinstance(event, Problem)]


def created(**fields: Any) -> list[Event]:
    note = {
        "id": f"{ME}/statuses/1",
        "type": "Note",
        "published": "2024-01-01T00:00:00Z",
        "content": "x",
        "to": [PUBLIC],
    }
    activity = {"type": "Create", "actor": ME, "object": note | fields}
    return list(activity_events(msgspec.Raw(as_json(activity)), OWNER, set()))


def post_of(**fields: Any) -> Post:
    return next(event for event in created(**fields) if isinstance(event, Post))


# -- the file -----------------------------------------------------------------------------------


FORMS: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "zip": lambda p, f: as_zip(p / "archive.zip", f),
    "zip with a top folder": lambda p, f: as_zip(p / "archive.zip", f, top="archive-2024/"),
    "tar.gz": lambda p, f: as_tar(p / "archive.tar.gz", f),
    "folder": lambda p, f: as_folder(p / "archive", f),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_zip_tar_and_folder_say_the_same(
    form: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    path = form(tmp_path, sample_files("mastodon_archive/sample"))
    expected = [e for e in events(Path(__file__).parent / "mastodon_archive/sample") if isinstance(e, Post)]
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.sure > 0.9
    assert found.owner == "acct:clara@werkstatt.example"
    assert posts(path) == expected


def test_the_name_of_the_file_says_when_it_was_made(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "archive-20240607080910-0123456789abcdef.zip", mastodon_files(likes=1))
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.what == "Mastodon archive of @anna@example.social, made 2024-06-07"
    like = next(e for e in events(path) if isinstance(e, Act))
    assert like.happened_at == found.made_at == datetime(2024, 6, 7, 8, 9, 10, tzinfo=UTC)
    assert not like.exact


def test_without_a_telling_name_the_server_s_own_time_in_the_archive_counts(tmp_path: Path) -> None:
    owner = events(as_zip(tmp_path / "x.zip", mastodon_files()))[0]
    assert isinstance(owner, Account)
    assert owner.seen_at == MADE


def test_media_first_in_a_large_tar_still_tell_what_it_is(tmp_path: Path) -> None:
    media = {"media_attachments/files/001/original/1.mp4": os.urandom(33 << 20)}
    path = as_tar(tmp_path / "x.tar", media | mastodon_files(), packed=False)
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.owner is None  # the actor comes after the media; a glance does not go so far
    assert len(posts(path)) == 3


def test_a_page_holds_about_a_thousand_records_and_says_where_it_is(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", mastodon_files(2_500, likes=3))
    kinds = [(page.kind, page.first, len(json.loads(page.data))) for page in pages(path)]
    assert kinds == [
        ("actor", 1, 1),
        ("outbox", 1, 1000),
        ("outbox", 1001, 1000),
        ("outbox", 2001, 500),
        ("likes", 1, 3),
    ]
    assert [page.done <= page.size for page in pages(path)] == [True] * 5
    assert len(posts(path)) == 2_500


def test_another_archive_is_read_from_its_start_whatever_the_cursor(tmp_path: Path) -> None:
    old = as_zip(tmp_path / "archive-20240101000000-00000000.zip", mastodon_files(3))
    new = as_zip(tmp_path / "archive-20240201000000-00000000.zip", mastodon_files(4))
    cursor = pages(old)[-1].position
    assert list(SOURCE.fetch(FileSettings(path=new), cursor)) == pages(new)
    assert list(SOURCE.fetch(FileSettings(path=old), cursor)) == []


def test_bookmarks_blocks_and_keys_go_into_no_page(tmp_path: Path) -> None:
    files = sample_files("mastodon_archive/sample")
    assert b"troll" in files["blocked_accounts.csv"]
    data = b"".join(page.data for page in pages(as_zip(tmp_path / "x.zip", files)))
    assert b"troll" not in data
    assert b"private" not in data
    assert b"PUBLIC KEY" not in data


def test_a_broken_file_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", mastodon_files() | {"likes.json": b'{"orderedItems": "none"}'})
    assert len(posts(path)) == 3
    assert [p.where for p in problems(path)] == ["likes.json"]


def test_an_outbox_that_breaks_off_gives_what_stands_before(tmp_path: Path) -> None:
    files = mastodon_files(50)
    files["outbox.json"] = files["outbox.json"][: len(files["outbox.json"]) // 2]
    path = as_zip(tmp_path / "x.zip", files)
    assert 20 <= len(posts(path)) < 26
    assert "cut off after item" in problems(path)[0].message


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) // 2],
    "cut off within a letter": lambda data: data[: data.index("ü".encode(), len(data) // 2) + 1],
    "garbage": lambda data: data[: len(data) // 2] + b'"\xff\x00}{]' * 50 + data[len(data) // 2 :],
    "zeros of a failed disk": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "too deep": lambda data: data.replace(b'F\xc3\xbcr 25</p>"', b'"' + b",[" * 100_000 + b'"'),
}


@pytest.mark.parametrize("harm", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_file_that_breaks_keeps_what_stands_before_and_costs_no_other(
    form: Callable[[Path, dict[str, bytes]], Path], harm: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    files = mastodon_files(50, likes=5)
    files["outbox.json"] = harm(files["outbox.json"].replace(b"Beitrag", "Für".encode()))
    path = form(tmp_path, files | {"following_accounts.csv": b"Account address\ncarl@c.example\n"})
    found = events(path)
    texts = [e.text for e in found if isinstance(e, Post)]
    assert 10 <= len(texts) < 50
    assert texts == [f"Für {n}" for n in range(len(texts))]
    assert [e.kind for e in found if isinstance(e, Act)].count("like") == 5
    assert "acct:carl@c.example" in [e.target for e in found if isinstance(e, Act)]
    told = [p for p in problems(path) if "broken or cut off after item" in p.message]
    assert [(p.where, p.message.split("item ")[1].split(";")[0]) for p in told] == [
        ("outbox.json", str(len(texts)))
    ]


def test_packed_bytes_that_are_spoilt_cost_what_stands_behind_them(tmp_path: Path) -> None:
    files = mastodon_files(5_000, likes=5)
    path = spoilt(as_zip(tmp_path / "x.zip", files), "outbox.json", 0.6)
    assert 1_000 < len(posts(path)) < 5_000
    assert len([e for e in events(path) if isinstance(e, Act)]) == 5
    assert [p.where for p in problems(path)] == ["outbox.json"]


def test_of_a_spoilt_list_of_accounts_the_lines_before_stay(tmp_path: Path) -> None:
    rows = b"Account address\n" + b"".join(b"k%d@k%x.example\n" % (n, n * n) for n in range(20_000))
    path = spoilt(
        as_zip(tmp_path / "x.zip", mastodon_files() | {"following_accounts.csv": rows}),
        "following_accounts.csv",
        0.6,
    )
    assert 1_000 < len([e for e in events(path) if isinstance(e, Act)]) < 20_000
    assert "the file is damaged or cut off" in problems(path)[0].message
    assert {p.where.split(":")[0] for p in problems(path)} == {"following_accounts.csv"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_unicode_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    files = mastodon_files()
    files["outbox.json"] = files["outbox.json"].decode().replace("Beitrag", "Grüße").encode(encoding)
    path = as_zip(tmp_path / "x.zip", files)
    assert [p.text for p in posts(path)] == ["Grüße 0", "Grüße 1", "Grüße 2"]
    assert not problems(path)


def test_western_european_bytes_are_read_and_told(tmp_path: Path) -> None:
    files = mastodon_files(1)
    files["outbox.json"] = files["outbox.json"].replace(b"Beitrag", "Grüße “".encode("cp1252"))
    path = as_zip(tmp_path / "x.zip", files)
    assert [p.text for p in posts(path)] == ["Grüße “ 0"]
    assert "3 characters" in problems(path)[0].message


def test_nul_bytes_and_halves_of_characters_are_dropped(tmp_path: Path) -> None:
    files = mastodon_files(2)
    files["outbox.json"] = files["outbox.json"].replace(
        b"Beitrag 0", b"Bei\x00trag \\ud800 \\u0000x"
    ) + bytes(300)
    path = as_zip(tmp_path / "x.zip", files)
    assert [p.text for p in posts(path)] == ["Beitrag x", "Beitrag 1"]


def test_text_is_in_one_form_of_unicode() -> None:
    assert post_of(content="<p>u\u0308ber</p>").text == "über"


def test_an_archive_without_its_actor_says_what_to_choose(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"outbox.json": b"{}"})
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match=r"actor\.json") as caught:
        pages(path)
    assert caught.value.hint


@pytest.mark.parametrize(
    "actor", [b"[]", b"{", b'{"id": 3}', b'{"id": "urn:x", "preferredUsername": "?"}', b""]
)
def test_an_actor_that_names_nobody_is_a_clear_error(actor: bytes, tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", mastodon_files() | {"actor.json": actor})
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match=r"actor\.json"):
        pages(path)


def test_a_damaged_download_is_recognised_by_its_name_so_that_it_can_be_told(tmp_path: Path) -> None:
    path = cut(as_zip(tmp_path / "archive-20240607080910-0123456789abcdef.zip", mastodon_files()), 0.5)
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.sure < 0.5
    with pytest.raises(UnreadableFileError, match="cut off"):
        pages(path)
    with pytest.raises(UnreadableFileError, match="password"):
        pages(locked(as_zip(tmp_path / "x.zip", mastodon_files())))


def test_a_bomb_gives_no_page_at_all(tmp_path: Path) -> None:
    files = mastodon_files() | {"likes.json": b'{"orderedItems": [' + b" " * (40 << 20) + b"]}"}
    fetched = SOURCE.fetch(FileSettings(path=as_zip(tmp_path / "x.zip", files)), None)
    with pytest.raises(DangerousFileError):
        next(fetched)


def test_an_archive_within_the_archive_stays_closed(tmp_path: Path) -> None:
    inner = as_zip(tmp_path / "inner.zip", mastodon_files(9)).read_bytes()
    path = as_zip(tmp_path / "x.zip", mastodon_files(1) | {"outbox.zip": inner})
    assert len(posts(path)) == 1


def test_names_that_lead_elsewhere_are_told_with_the_archive_s_name(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", mastodon_files(1) | {"../outbox.json": b"x"})
    assert [p.where for p in problems(path)] == ["x.zip: ../outbox.json"]
    assert len(posts(path)) == 1


def test_totals_that_disagree_are_no_problem(tmp_path: Path) -> None:
    files = mastodon_files(2)
    files["outbox.json"] = files["outbox.json"].replace(b'"totalItems": 2', b'"totalItems": 77')
    assert not problems(as_zip(tmp_path / "x.zip", files))


# -- whose post ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "author"),
    [
        ("https://b.example/users/Bruno/statuses/1", "acct:bruno@b.example"),
        ("https://b.example/users/bruno/statuses/1/activity", "acct:bruno@b.example"),
        ("https://b.example/@bruno/1", "acct:bruno@b.example"),
        ("https://b.example/@emil@c.example/1", "acct:emil@c.example"),
        ("https://b.example/@bruno/statuses/01HXYZ", "acct:bruno@b.example"),
        ("https://b.example/ap/users/1147/statuses/1", "https://b.example/ap/users/1147"),
        ("https://b.example:8443/users/bruno/statuses/1", "acct:bruno@b.example:8443"),
        ("https://pix.example/p/bruno/123", "acct:bruno@pix.example"),
        ("https://snac.example/gerda/p/17.25", "acct:gerda@snac.example"),
        ("https://misskey.example/notes/9abc", None),
        ("https://b.example/users/bruno", None),
        ("https://b.example/objects/1-2-3", None),
        ("https://[::1/users/a/statuses/1", None),
        ("https://b.example:port/users/a/statuses/1", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_author_of_a_post_is_read_from_its_address_or_not_at_all(post: str, author: str | None) -> None:
    assert author_of(post) == author


def test_a_post_that_claims_to_be_somebody_else_s_is_not_taken(tmp_path: Path) -> None:
    files = mastodon_files(1)
    files["outbox.json"] = files["outbox.json"].replace(
        b'"actor": "https://example.social/users/anna"', b'"actor": "https://b.example/users/bruno"'
    )
    path = as_zip(tmp_path / "x.zip", files)
    assert not posts(path)
    assert "somebody else" in problems(path)[0].message


def test_answering_oneself_is_a_thread_and_nothing_done_to_others() -> None:
    given_events = created(inReplyTo=f"{ME}/statuses/0")
    assert [type(e).__name__ for e in given_events] == ["Post"]
    assert post_of(inReplyTo=f"{ME}/statuses/0").reply_to_account == "acct:anna@example.social"


def test_a_quote_of_an_unknown_author_is_kept_on_the_post_alone() -> None:
    given_events = created(quoteUrl="https://misskey.example/notes/9abc")
    assert [type(e).__name__ for e in given_events] == ["Post"]
    assert (
        post_of(quoteUrl="https://misskey.example/notes/9abc").quote_of
        == "https://misskey.example/notes/9abc"
    )


def test_a_quote_that_was_taken_back_is_none() -> None:
    assert post_of(quote={"type": "Tombstone"}).quote_of is None


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        ([PUBLIC], [f"{ME}/followers"], "public"),
        (PUBLIC, None, "public"),
        (["as:Public"], [], "public"),
        ([f"{ME}/followers"], [PUBLIC], "unlisted"),
        ([f"{ME}/followers"], [], "followers"),
        (["https://b.example/users/bruno"], [], "direct"),
        ([], [], "direct"),
        (None, None, "direct"),
    ],
)
def test_who_could_see_a_post_follows_from_its_audience(to: Any, cc: Any, visibility: str) -> None:
    assert post_of(to=to, cc=cc).visibility == visibility


@pytest.mark.parametrize(
    ("codes", "language"),
    [
        ({"de": "x"}, "de"),
        ({"de-AT": "x"}, "de"),
        ({"EN": "x"}, "en"),
        ({"zh_TW": "x"}, "zh"),
        ({"en": "y", "de": "x"}, "de"),
        ({"und": "x"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_declared_language_is_the_primary_subtag(codes: Any, language: str | None) -> None:
    assert post_of(contentMap=codes).language == language


# -- html ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("a &amp;amp; b &lt;i&gt; &uuml; &#128512;", "a &amp; b <i> ü 😀"),
        ("<p>a   b\n c&nbsp;d</p>", "a b c d"),
        (
            '<a href="https://a.example/b"><span class="invisible">https://</span><span class="ellipsis">a.exa</span><span class="invisible">mple/b</span></a>.',
            "https://a.example/b.",
        ),
        ('<a href="https://a.example/long/path">a.example/lo…</a>', "https://a.example/long/path"),
        ('<a href="https://a.example/">hier</a>', "hier https://a.example/"),
        ('<a href="/tags/x" class="mention hashtag">#<span>Büro</span></a>', "#Büro"),
        ('<a href="https://b.example/@b" class="u-url mention">@<span>b</span></a>', "@b"),
        ('<a href="javascript:alert(1)">klick</a>', "klick"),
        ("<script>x()</script><style>p{}</style>y", "y"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<b>unclosed <i>tags", "unclosed tags"),
        ("</p></a>x</span>", "x"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<!-- nothing -->x<!doctype html><![if>", "x"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_a_person_would_read(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<span>" * 20_000 + "</b>" * 10_000,
        "<a " * 66_000,
        '<a b="' * 33_000,
        '<a x="y" z="> ' * 14_000,
        "<!--" * 50_000,
        "<![>" * 50_000,
        "<script>" + "</" * 90_000,
    ],
    ids=lambda html: html[:14],
)
def test_html_made_to_stall_takes_no_longer_than_any_other(html: str) -> None:
    before = time.process_time()
    plain_text(html)
    assert time.process_time() - before < 5


@given(st.text(alphabet="<>/&;=\"ap sbr#x'!-[?]", max_size=60))
@settings(max_examples=300)
def test_no_html_is_an_error(html: str) -> None:
    assert plain_text(html) == plain_text(html)


# -- records of any shape -----------------------------------------------------------------------


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from([ME, PUBLIC, "Mention", "https://b.example/users/b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "href", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NOTE_KEYS = [
    "id",
    "type",
    "published",
    "url",
    "summary",
    "content",
    "contentMap",
    "inReplyTo",
    "to",
    "cc",
    "tag",
    "quote",
    "likes",
    "oneOf",
    "name",
]


@given(key=st.sampled_from(NOTE_KEYS), value=JSON)
@settings(max_examples=400)
def test_a_field_of_any_other_kind_is_a_counted_problem_at_most(key: str, value: Any) -> None:
    note = {"id": f"{ME}/1", "type": "Note", "published": "2024-01-01T00:00:00Z", "content": "x", key: value}
    check_record({"type": "Create", "actor": ME, "object": note})


@given(JSON)
@settings(max_examples=200)
def test_a_record_of_any_shape_is_a_counted_problem_at_most(record: Any) -> None:
    check_record(record)
    check_record({"type": "Announce", "object": record, "published": "2024-01-01T00:00:00Z", "cc": record})


def check_record(record: Any) -> None:
    context = {"owner": OWNER.account, "id": ME, "url": "", "made_at": "2024-01-01T00:00:00+00:00"}
    page = Page(
        kind="outbox", where="outbox.json", data=json.dumps([record]).encode(), first=17, context=context
    )
    before = copy.deepcopy(page)
    for event in SOURCE.parse(page):
        if isinstance(event, Problem):
            assert event.where == "outbox.json: item 17"
    assert page == before


@pytest.mark.long
def test_a_hundred_thousand_posts_take_seconds(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", mastodon_files(100_000))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("outbox.json").file_size > 20_000_000
    assert len(posts(path)) == 100_000
