from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import as_folder, as_json, as_tar, as_zip, cut, sample_files, spoilt, tweet, x_files, ytd

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Account, Act, Deletion, Event, Post, Problem
from leumund.sources import FileSettings, Page
from leumund.sources.x_archive import SOURCE
from leumund.sources.x_records import language, x_time

ANNA = "https://x.com/anna"
CONTEXT = {"owner": ANNA, "handle": "anna", "id": "7", "made_at": "2024-03-05T00:00:00+00:00", "locked": ""}


def pages(path: Path) -> list[Page]:
    return list(SOURCE.fetch(FileSettings(path=path), None))


def events(path: Path) -> list[Event]:
    return [event for page in pages(path) for event in SOURCE.parse(page)]


def posts(path: Path) -> list[Post]:
    return [event for event in events(path) if isinstance(event, Post)]


def problems(path: Path) -> list[Problem]:
    return [event for event in events(path) if isinstance(event, Problem)]


def parsed(record: Any, *, kind: str = "tweets", **context: str) -> list[Event]:
    page = Page(
        kind=kind, where="tweets.js", data=json.dumps([record]).encode(), first=5, context=CONTEXT | context
    )
    return list(SOURCE.parse(page))


def post_of(**fields: Any) -> Post:
    return next(event for event in parsed(tweet(1, **fields)) if isinstance(event, Post))


def acts_of(**fields: Any) -> list[tuple[str, str]]:
    return [(e.kind, e.target) for e in parsed(tweet(1, **fields)) if isinstance(e, Act)]


def named(*handles: str) -> dict[str, Any]:
    return {
        "user_mentions": [
            {"screen_name": h, "id_str": str(100 + n), "name": h} for n, h in enumerate(handles)
        ]
    }


# -- the file -----------------------------------------------------------------------------------

FORMS: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "zip": lambda p, f: as_zip(p / "x.zip", f),
    "zip with a top folder": lambda p, f: as_zip(p / "x.zip", f, top="twitter-2024-03-05-1f2e/"),
    "tar.gz": lambda p, f: as_tar(p / "x.tar.gz", f),
    "folder": lambda p, f: as_folder(p / "x", f),
    "the folder's data": lambda p, f: as_folder(p / "x", f) / "data",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_zip_tar_folder_and_its_data_say_the_same(
    form: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    path = form(tmp_path, sample_files("x_archive/sample"))
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.sure > 0.9
    assert found.what == "X archive of @Clara_Koerner, made 2024-03-05"
    assert found.owner == "https://x.com/clara_koerner"
    assert events(path) == events(Path(__file__).parent / "x_archive/sample")


@pytest.mark.parametrize("folder", ["", "data/", "twitter-2024/data/"])
def test_an_archive_of_several_parts_is_read_in_their_order(folder: str, tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", x_files(24, parts=12, folder=folder))
    assert [p.text for p in posts(path)][:4] == ["Beitrag 0", "Beitrag 12", "Beitrag 1", "Beitrag 13"]
    assert len(posts(path)) == 24


def test_private_files_go_into_no_page(tmp_path: Path) -> None:
    files = sample_files("x_archive/sample")
    assert b"geheim" in files["data/direct-messages.js"]
    kept = b"".join(
        page.data + str(page.context).encode() for page in pages(as_zip(tmp_path / "x.zip", files))
    )
    for secret in (
        b"geheim",
        b"gefiel mir",
        b"clara@werkstatt.example",
        b"490000000",
        b"Zu schnell geschrieben",
    ):
        assert any(secret in data for data in files.values())
        assert secret not in kept


def test_a_file_that_holds_messages_under_another_name_is_not_read(tmp_path: Path) -> None:
    files = x_files() | {"data/tweets-part1.js": ytd("direct_messages", [{"dmConversation": "geheim"}])}
    path = as_zip(tmp_path / "x.zip", files)
    assert len(posts(path)) == 3
    assert "direct-messages" in problems(path)[0].message
    assert b"geheim" not in b"".join(page.data for page in pages(path))


def test_without_account_js_the_manifest_says_whose_it_is(tmp_path: Path) -> None:
    files = sample_files("x_archive/sample")
    del files["data/account.js"]
    owner = next(e for e in events(as_zip(tmp_path / "x.zip", files)) if isinstance(e, Account))
    assert (owner.account, owner.name, owner.own) == ("https://x.com/clara_koerner", "Clara Körner", True)


def test_an_archive_that_names_nobody_says_what_to_do(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"data/tweets.js": ytd("tweets", [tweet(1)])})
    found = SOURCE.recognise(path)
    assert found is not None
    assert found.owner is None
    with pytest.raises(UnreadableFileError, match="whose archive") as caught:
        pages(path)
    assert "account.js" in caught.value.hint


def test_a_foreign_zip_with_a_file_of_that_name_is_not_ours(tmp_path: Path) -> None:
    assert SOURCE.recognise(as_zip(tmp_path / "x.zip", {"data/tweets.js": b"export default {}"})) is None
    assert SOURCE.recognise(as_zip(tmp_path / "y.zip", {"package/src/tweets.js": b"window.YTD"})) is None
    with pytest.raises(UnreadableFileError, match=r"tweets\.js"):
        pages(as_zip(tmp_path / "z.zip", {"readme.txt": b""}))


def test_the_date_comes_from_the_manifest_the_name_or_what_is_newest(tmp_path: Path) -> None:
    files = x_files(3) | {"data/follower.js": ytd("follower", [{"follower": {"accountId": "8"}}])}

    def when(name: str, more: dict[str, bytes]) -> datetime:
        return next(
            e for e in events(as_zip(tmp_path / name, files | more)) if isinstance(e, Act)
        ).happened_at

    manifest = b'window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2024-03-05T05:00:00.000Z"}}'
    assert when("twitter-2024-02-01-1f2e.zip", {"data/manifest.js": manifest}) == datetime(
        2024, 3, 5, 5, tzinfo=UTC
    )
    assert when("twitter-2024-02-01-1f2e.zip", {}) == datetime(2024, 2, 1, tzinfo=UTC)
    broken = {"data/manifest.js": b"window.__THAR_CONFIG = [broken"}
    assert when("x.zip", broken) == datetime(2024, 3, 5, 10, 11, 12, tzinfo=UTC)  # of the files in the zip
    folder = events(as_folder(tmp_path / "x", files | broken))
    assert next(e for e in folder if isinstance(e, Act)).happened_at == datetime(2024, 1, 1, 0, 2, tzinfo=UTC)
    del files["data/tweets.js"]
    (tmp_path / "x/data/tweets.js").unlink()
    os.utime(tmp_path / "x/data/follower.js", (1_800_000_000, 1_800_000_000))
    folder = events(tmp_path / "x")
    assert next(e for e in folder if isinstance(e, Act)).happened_at == datetime.fromtimestamp(
        1_800_000_000, UTC
    )


def test_a_broken_part_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    files = x_files(30, parts=3)
    files["data/tweets-part1.js"] = files["data/tweets-part1.js"][:-300]
    files["data/tweets-part2.js"] = b"window.YTD.tweets.part2 = "
    path = as_zip(tmp_path / "x.zip", files)
    assert 15 <= len(posts(path)) < 20
    assert [p.where for p in problems(path)] == ["tweets-part1.js", "tweets-part2.js"]


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) // 2],
    "garbage": lambda data: data[: len(data) // 2] + b'"\xff\x00}{]' * 50 + data[len(data) // 2 :],
    "zeros of a failed disk": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
}


@pytest.mark.parametrize("harm", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_file_that_breaks_keeps_what_stands_before_and_costs_no_other(
    form: Callable[[Path, dict[str, bytes]], Path], harm: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    files = x_files(50) | {"data/follower.js": ytd("follower", [{"follower": {"accountId": "9"}}])}
    path = form(tmp_path, files | {"data/tweets.js": harm(files["data/tweets.js"])})
    found = events(path)
    texts = [e.text for e in found if isinstance(e, Post)]
    assert 10 <= len(texts) < 50
    assert texts == [f"Beitrag {n}" for n in range(len(texts))]
    assert [e.actor for e in found if isinstance(e, Act)] == ["https://x.com/i/user/9"]
    told = [p for p in problems(path) if "broken or cut off after item" in p.message]
    assert [(p.where, p.message.split("item ")[1].split(";")[0]) for p in told] == [
        ("tweets.js", str(len(texts)))
    ]


def test_packed_bytes_that_are_spoilt_cost_what_stands_behind_them(tmp_path: Path) -> None:
    files = x_files(10_000) | {"data/follower.js": ytd("follower", [{"follower": {"accountId": "9"}}])}
    path = spoilt(as_zip(tmp_path / "x.zip", files), "data/tweets.js", 0.6)
    assert 1_000 < len(posts(path)) < 10_000
    assert len([e for e in events(path) if isinstance(e, Act)]) == 1
    assert [p.where for p in problems(path)] == ["tweets.js"]


@pytest.mark.parametrize("ending", [b"", b";", b";\n", b"\n\n", b"\x00\x00"])
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf", b"\n  "])
def test_what_stands_around_the_list_does_not_matter(begin: bytes, ending: bytes, tmp_path: Path) -> None:
    files = x_files(2)
    files["data/tweets.js"] = begin + files["data/tweets.js"] + ending
    path = as_zip(tmp_path / "x.zip", files)
    assert len(posts(path)) == 2
    assert not problems(path)


def test_bytes_that_are_no_utf_8_are_read_and_told(tmp_path: Path) -> None:
    files = x_files(1)
    files["data/tweets.js"] = files["data/tweets.js"].replace(b"Beitrag", "Grüße".encode("latin-1"))
    path = as_zip(tmp_path / "x.zip", files)
    assert [p.text for p in posts(path)] == ["Grüße 0"]
    assert "2 characters" in problems(path)[0].message


def test_a_page_holds_about_a_thousand_posts_and_an_interrupted_import_goes_on(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", x_files(3_500, parts=2))
    every = pages(path)
    assert [len(json.loads(page.data)) for page in every] == [1, 1000, 750, 1000, 750]
    assert list(SOURCE.fetch(FileSettings(path=path), every[2].position)) == every[3:]
    done = [page.done for page in every]
    assert done == sorted(set(done))
    assert done[-1] == every[-1].size


def test_a_bomb_gives_no_page_at_all(tmp_path: Path) -> None:
    files = x_files() | {"data/follower.js": b"window.YTD.follower.part0 = [" + b" " * (40 << 20) + b"]"}
    path = as_zip(tmp_path / "twitter-2024-03-05-1f2e.zip", files)
    assert SOURCE.recognise(path) is not None
    with pytest.raises(DangerousFileError):
        next(SOURCE.fetch(FileSettings(path=path), None))


def test_a_damaged_download_is_recognised_by_its_name_so_that_it_can_be_told(tmp_path: Path) -> None:
    path = cut(as_zip(tmp_path / "twitter-2024-03-05-1f2e.zip", x_files()), 0.6)
    assert SOURCE.recognise(path) is not None
    with pytest.raises(UnreadableFileError, match="cut off"):
        pages(path)


def test_a_protected_account_posts_for_its_followers_only(tmp_path: Path) -> None:
    history = [
        {"protectedHistory": {"protectedAt": "2024-01-01T00:00:00.000Z", "action": "Protect"}},
        {"protectedHistory": {"protectedAt": "2023-01-01T00:00:00.000Z", "action": "Unprotect"}},
        {"protectedHistory": "?"},
    ]
    path = as_zip(
        tmp_path / "x.zip", x_files(2) | {"data/protected-history.js": ytd("protected_history", history)}
    )
    assert {p.visibility for p in posts(path)} == {"followers"}
    assert next(e for e in events(path) if isinstance(e, Account)).locked is True


# -- posts --------------------------------------------------------------------------------------


def test_the_wrapper_may_be_missing() -> None:
    assert parsed({"tweet": tweet(1)}) == parsed(tweet(1))


def test_a_reshare_is_an_act_and_no_post() -> None:
    (act,) = parsed(tweet(1, full_text="RT @Bruno_B: Guten Morgen"))
    assert isinstance(act, Act)
    assert (act.kind, act.target, act.act) == (
        "reshare",
        "https://x.com/bruno_b",
        "https://x.com/i/status/10001",
    )


@pytest.mark.parametrize(
    "text", ["RT @bruno guter Punkt", "So wahr! RT @bruno: Guten Morgen", "RT: nichts", "rt @bruno: x"]
)
def test_what_only_looks_like_a_reshare_is_a_post(text: str) -> None:
    assert post_of(full_text=text).text == text


def test_a_media_file_of_another_author_does_not_name_the_reshared_post() -> None:
    media = [{"url": "https://t.co/a", "source_status_id_str": "55", "source_user_id_str": "999"}]
    record = tweet(
        1, full_text="RT @bruno: Film", entities=named("bruno"), extended_entities={"media": media}
    )
    assert [e.post for e in parsed(record) if isinstance(e, Act)] == [None]


def test_an_answer_is_one_act_and_the_others_named_are_mentions() -> None:
    fields = {
        "in_reply_to_status_id_str": "9",
        "in_reply_to_user_id_str": "100",
        "in_reply_to_screen_name": "Bruno",
    }
    assert acts_of(full_text="@Bruno @dora ja", entities=named("Bruno", "dora"), **fields) == [
        ("reply", "https://x.com/bruno"),
        ("mention", "https://x.com/dora"),
    ]


def test_an_answer_to_an_account_known_by_number_only_goes_to_the_number() -> None:
    assert acts_of(in_reply_to_status_id_str="9", in_reply_to_user_id_str="55") == [
        ("reply", "https://x.com/i/user/55")
    ]


def test_a_word_to_somebody_that_answers_nothing_is_a_mention() -> None:
    assert acts_of(in_reply_to_user_id_str="55", in_reply_to_screen_name="dora") == [
        ("mention", "https://x.com/dora")
    ]


@pytest.mark.parametrize("handle", ["anna", "Anna", None])
def test_talking_to_oneself_is_no_act(handle: str | None) -> None:
    fields = {
        "in_reply_to_status_id_str": "9",
        "in_reply_to_user_id_str": "7",
        "in_reply_to_screen_name": handle,
    }
    assert acts_of(entities=named("anna"), **fields) == []
    assert post_of(**fields).reply_to_account == ANNA


def test_handle_and_number_are_shown_once_as_one_account() -> None:
    records = [
        tweet(n, entities={"user_mentions": [{"screen_name": "Bruno", "id_str": "55", "name": "Bruno B."}]})
        for n in (1, 2)
    ]
    page = Page(kind="tweets", where="tweets.js", data=as_json(records), context=CONTEXT)
    (account,) = [e for e in SOURCE.parse(page) if isinstance(e, Account)]
    assert (account.account, account.aliases, account.name) == (
        "https://x.com/bruno",
        ("https://x.com/i/user/55",),
        "Bruno B.",
    )


def test_accounts_that_are_gone_have_no_number() -> None:
    record = tweet(1, entities={"user_mentions": [{"screen_name": "weg", "id_str": "-1"}]})
    assert not [e for e in parsed(record) if isinstance(e, Account)]


@pytest.mark.parametrize(
    ("link", "quoted", "acts"),
    [
        (
            "https://twitter.com/Bruno/status/55",
            "https://x.com/i/status/55",
            [("quote", "https://x.com/bruno")],
        ),
        (
            "https://x.com/bruno/status/55?s=20",
            "https://x.com/i/status/55",
            [("quote", "https://x.com/bruno")],
        ),
        (
            "https://mobile.twitter.com/bruno/statuses/55",
            "https://x.com/i/status/55",
            [("quote", "https://x.com/bruno")],
        ),
        ("https://twitter.com/i/web/status/55", "https://x.com/i/status/55", []),
        ("https://twitter.com/anna/status/55", "https://x.com/i/status/55", []),
        ("https://twitter.com/bruno", None, []),
        ("https://nottwitter.com/bruno/status/55", None, []),
    ],
)
def test_the_link_at_the_end_tells_a_quote(
    link: str, quoted: str | None, acts: list[tuple[str, str]]
) -> None:
    fields = {
        "full_text": "Genau https://t.co/q",
        "entities": {"urls": [{"url": "https://t.co/q", "expanded_url": link}]},
    }
    assert post_of(**fields).quote_of == quoted
    assert post_of(**fields).text == ("Genau" if quoted else f"Genau {link}")
    assert acts_of(**fields) == acts


def test_a_link_to_a_post_in_mid_text_is_a_link() -> None:
    urls = [{"url": "https://t.co/q", "expanded_url": "https://x.com/bruno/status/55"}]
    post = post_of(full_text="Lest https://t.co/q heute", entities={"urls": urls})
    assert (post.text, post.quote_of) == ("Lest https://x.com/bruno/status/55 heute", None)


def test_a_link_that_begins_like_another_stays_itself() -> None:
    urls = [
        {"url": "https://t.co/ab", "expanded_url": "https://a.example"},
        {"url": "https://t.co/abc", "expanded_url": "https://b.example"},
    ]
    assert (
        post_of(full_text="https://t.co/abc https://t.co/ab.", entities={"urls": urls}).text
        == "https://b.example https://a.example."
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A &amp; B &lt;3", "A & B <3"),
        ("&amp;lt; &amp;amp;", "&lt; &amp;"),
        ("&copy;", "&copy;"),
        ("u\u0308\x00", "ü"),
        ("a\nb", "a\nb"),
    ],
)
def test_escapes_are_undone_once(text: str, plain: str) -> None:
    assert post_of(full_text=text).text == plain


@pytest.mark.parametrize(
    ("count", "number"),
    [("12", 12), (3, 3), ("0", 0), (None, None), ("-1", None), ("viele", None), ("٣", None)],
)
def test_counts_are_numbers_or_unknown(count: Any, number: int | None) -> None:
    assert post_of(favorite_count=count).likes == number


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("de", "de"),
        ("in", "id"),
        ("iw", "he"),
        ("zh-tw", "zh"),
        ("und", None),
        ("qme", None),
        ("zxx", None),
        ("", None),
        (None, None),
    ],
)
def test_x_s_codes_for_no_language_are_none(code: str | None, known: str | None) -> None:
    assert language(code) == known


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24+00:00"),
        ("Thu Feb 29 23:59:59 +0200 2024", "2024-02-29T21:59:59+00:00"),
        ("Thu Feb 29 23:59:59 -0130 2024", "2024-03-01T01:29:59+00:00"),
        ("2024-01-05T13:00:00.000Z", "2024-01-05T13:00:00+00:00"),
        ("2017-03-01 08:00:00 +0000", "2017-03-01T08:00:00+00:00"),
    ],
)
def test_both_ways_of_writing_times_are_read_in_every_locale(text: str, iso: str) -> None:
    assert x_time(text).isoformat() == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Wed Okt 10 20:19:24 +0000 2018",
        "Wed Feb 30 20:19:24 +0000 2018",
        "1",
        "Wed Oct 10 25:00:00 +0000 2018",
    ],
)
def test_a_post_without_a_real_time_is_a_problem_with_its_place(text: str) -> None:
    (problem,) = parsed(tweet(1, created_at=text))
    assert isinstance(problem, Problem)
    assert problem.where == "tweets.js: item 5"


def note(text: str, when: str = "2024-01-01T00:01:00.000Z", number: str = "99") -> str:
    return json.dumps([{"noteTweetId": number, "createdAt": when, "core": {"text": text}}])


LONG = "Ein langer Text &amp; mehr, der weit über das hinausgeht, was früher in einen Beitrag passte. " * 5


@pytest.mark.parametrize(
    ("notes", "taken"),
    [
        (note(LONG), True),
        (note(LONG, when="2024-01-01T00:01:03.000Z"), True),
        (note(LONG, when="2024-01-01T00:02:00.000Z"), False),
        (note(LONG, when="2024-01-01T09:02:00.000Z", number="10001"), True),
        (note("Ein anderer Text, in derselben Sekunde geschrieben"), False),
    ],
)
def test_a_long_text_takes_the_place_of_the_cut_one_that_begins_alike(notes: str, taken: bool) -> None:
    record = tweet(1, full_text=LONG[:200] + "… https://t.co/more")
    (post,) = parsed(record, notes=notes)
    assert isinstance(post, Post)
    assert (post.text == LONG.replace("&amp;", "&").strip()) is taken


def test_a_long_answer_begins_without_the_names(tmp_path: Path) -> None:
    files = x_files(1) | {
        "data/tweets.js": ytd("tweets", [tweet(1, full_text="@bruno @dora " + LONG[:200] + "…")]),
        "data/note-tweet.js": ytd(
            "note_tweet", [{"noteTweet": json.loads(note(LONG))[0]}, {"noteTweet": {}}]
        ),
    }
    path = as_zip(tmp_path / "x.zip", files)
    assert len(posts(path)[0].text) > 300
    assert [p.where for p in problems(path)] == ["note-tweet.js: item 2"]


def test_an_older_version_of_an_edited_post_is_taken_back() -> None:
    edits = {"edit_info": {"initial": {"editTweetIds": ["10001", "10002"]}}}
    (gone,) = parsed(tweet(1, **edits))
    assert isinstance(gone, Deletion)
    assert [type(e) for e in parsed(tweet(2, **edits))] == [Post]


def test_followers_are_numbers_and_the_time_is_at_the_latest() -> None:
    (act,) = parsed({"follower": {"accountId": "55"}}, kind="followers")
    assert isinstance(act, Act)
    assert (act.actor, act.target, act.exact) == ("https://x.com/i/user/55", ANNA, False)
    (act,) = parsed({"accountId": "55"}, kind="following")
    assert isinstance(act, Act)
    assert (act.actor, act.target) == (ANNA, "https://x.com/i/user/55")


# -- records of any shape -----------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tweet", "id_str", "screen_name", "url", "user_mentions", "initial"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = [
    "id_str",
    "created_at",
    "full_text",
    "lang",
    "entities",
    "extended_entities",
    "edit_info",
    "favorite_count",
    "in_reply_to_user_id_str",
    "scopes",
    "tweet",
]


@given(key=st.sampled_from(KEYS), value=JSON)
@settings(max_examples=400)
def test_a_field_of_any_other_kind_is_a_counted_problem_at_most(key: str, value: Any) -> None:
    for event in parsed(tweet(1) | {key: value}):
        if isinstance(event, Problem):
            assert event.where == "tweets.js: item 5"


@pytest.mark.parametrize("kind", ["tweets", "deleted", "followers", "following"])
@given(record=JSON)
@settings(max_examples=100)
def test_a_record_of_any_shape_is_a_counted_problem_at_most(kind: str, record: Any) -> None:
    for event in parsed(record, kind=kind):
        assert isinstance(event, Problem | Deletion | Act)


@given(data=st.binary(max_size=300))
@settings(max_examples=100)
def test_files_of_any_content_are_problems_at_most(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("x")
    begin = b"window.YTD.tweets.part0 = ["
    files = x_files(1) | {
        "data/tweets.js": begin + data,
        "data/manifest.js": data,
        "data/note-tweet.js": data,
        "data/profile.js": data,
    }
    assert events(as_folder(folder, files))
