from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import as_folder, as_json, as_zip, cut, lying, sample_files

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources import FileSettings, Page
from leumund.sources.facebook_download import SOURCE
from leumund.sources.facebook_files import made_by_name
from leumund.sources.facebook_records import read_record, repaired, target_of
from leumund.sources.json_records import clean

ANNA = "https://www.facebook.com/anna.berg"
CONTEXT = {"owner": ANNA, "name": "Anna Berg", "made_at": "2024-03-05T00:00:00+00:00"}
PROFILE = "personal_information/profile_information/profile_information.json"
POSTS = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json"
FRIENDS = "connections/friends/your_friends.json"
COMMENTS = "your_facebook_activity/comments_and_reactions/comments.json"


def profile(name: str = "Anna Berg", slug: str = "anna.berg") -> bytes:
    told = {"name": {"full_name": name}, "profile_uri": f"https://www.facebook.com/{slug}"}
    return json.dumps({"profile_v2": told}).encode()


def post(second: int, text: str, **more: Any) -> dict[str, Any]:
    return {"timestamp": second, "data": [{"post": text}], "title": "Anna Berg updated her status."} | more


def files(**more: Any) -> dict[str, bytes]:
    return {PROFILE: profile(), POSTS: as_json([post(1_704_103_200, "Guten Morgen")])} | more


def events(path: Path) -> list[Event]:
    return [event for page in SOURCE.fetch(FileSettings(path=path), None) for event in SOURCE.parse(page)]


def only(kind: type[Any], found: list[Event]) -> list[Any]:
    return [event for event in found if isinstance(event, kind)]


def parsed(record: Any, *, kind: str = "posts", **context: str) -> list[Event]:
    page = Page(
        kind=kind,
        where="posts/x.json",
        data=json.dumps([record]).encode(),
        first=5,
        context=CONTEXT | context,
    )
    return list(SOURCE.parse(page))


def test_zip_folder_and_a_folder_within_give_the_same(tmp_path: Path) -> None:
    mine = files()
    one = as_zip(tmp_path / "facebook-annaberg-2024-03-05-x1Y2.zip", mine)
    two = as_zip(tmp_path / "facebook-b-2024-03-05.zip", mine, top="facebook-annaberg-2024-03-05-x1Y2/")
    three = as_folder(tmp_path / "facebook-annaberg-2024-03-05", mine)
    assert events(one) == events(two) == events(three)
    for path in (one, two, three):
        found = SOURCE.recognise(path)
        assert found is not None
        assert found.owner == ANNA
        assert found.made_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_parts_of_one_download_name_the_same_post_alike_whoever_the_part_says_she_is(tmp_path: Path) -> None:
    said = {
        "comments_v2": [{"timestamp": 9, "data": [{"comment": {"comment": "Ja", "author": "Anna Berg"}}]}]
    }
    whole = as_zip(tmp_path / "a.zip", files(**{COMMENTS: as_json(said)}))
    part = as_zip(tmp_path / "b.zip", {POSTS: files()[POSTS], COMMENTS: as_json(said)})
    (me,), (she,) = only(Account, events(whole)), only(Account, events(part))
    assert me.aliases == (she.account,) == ("facebook-name:Anna_Berg",)
    assert {p.post for p in only(Post, events(whole))} == {p.post for p in only(Post, events(part))}


def test_a_part_that_says_nothing_of_its_owner_is_hers_all_the_same(tmp_path: Path) -> None:
    (me,) = only(Account, events(as_zip(tmp_path / "x.zip", {POSTS: files()[POSTS]})))
    assert (me.account, me.own, me.name) == ("facebook-name:me", True, None)


def test_a_folder_with_downloads_of_two_people_is_refused(tmp_path: Path) -> None:
    both = {"one/" + PROFILE: profile(), "two/" + PROFILE: profile("Ben Tal", "ben")}
    with pytest.raises(UnreadableFileError, match="more than one person"):
        events(as_folder(tmp_path / "x", both))


def test_html_is_recognised_and_json_is_asked_for(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"connections/friends/your_friends.html": b"<html>"})
    found = SOURCE.recognise(path)
    assert found is not None
    assert "HTML" in found.what
    with pytest.raises(UnreadableFileError) as caught:
        events(path)
    assert "JSON" in caught.value.hint


def test_an_archive_without_anything_of_use_is_not_hers(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"photos/1.jpg": b"x", "data/tweets.js": b"x"})
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match="no posts"):
        events(path)


def test_messages_mail_addresses_and_birthdays_never_get_into_a_page(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", sample_files("facebook_download/sample"))
    pages = b"".join(page.data for page in SOURCE.fetch(FileSettings(path=path), None))
    assert b"Geheim" not in pages
    assert b"anne@mail.example" not in pages
    assert b"1980" not in pages


def test_a_friend_follows_both_ways_since_the_time_told_and_stands_in_no_other_list(tmp_path: Path) -> None:
    friends = {"friends_v2": [{"name": "Ben Tal", "timestamp": 1_500_000_000}]}
    followers = {"followers_v2": [{"name": "Ben Tal", "timestamp": 1_500_000_001}, {"name": "Cora"}]}
    more = {
        FRIENDS: as_json(friends),
        "connections/followers/people_who_followed_you.json": as_json(followers),
    }
    found = events(as_zip(tmp_path / "facebook-a-2024-03-05-x.zip", files(**more)))
    follows = {(a.actor, a.target, a.exact) for a in only(Act, found)}
    ben, cora = "facebook-name:Ben_Tal", "facebook-name:Cora"
    assert follows == {(ben, ANNA, True), (ANNA, ben, True), (cora, ANNA, False)}
    assert only(Account, found)[0].followers == 2
    assert only(Account, found)[0].following is None


@pytest.mark.parametrize("name", ["followers_v2", "followers_v3", "was_auch_immer"])
def test_the_list_is_found_under_any_name(tmp_path: Path, name: str) -> None:
    more = {"connections/followers/people_who_followed_you.json": as_json({name: [{"name": "Cora"}]})}
    assert len(only(Act, events(as_zip(tmp_path / "x.zip", files(**more))))) == 1


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("Anna Berg commented on Ben Tal's post.", "Ben Tal"),
        ("Anna Berg commented on Ben Tal’s post in Garden.", "Ben Tal"),
        ("Anna Berg replied to Zoe O'Brien's comment.", "Zoe O'Brien"),
        ("Anna Berg replied to Jens' comment.", "Jens"),
        ("Anna Berg hat auf den Kommentar von Ben Tal geantwortet.", "Ben Tal"),
        ("Anna Berg gefällt der Beitrag von Ben Tal.", "Ben Tal"),
        ("Anna Berg likes Anna Berg's photo.", None),
        ("Anna Berg commented on her own post.", None),
        ("Anna Berg hat ihren eigenen Beitrag kommentiert.", None),
        ("Anna Berg likes a video.", None),
        ("Anna Berg liked the page's post.", None),
        ("Anna Berg a commenté la publication de Ben Tal.", None),
        ("", None),
    ],
)
def test_whom_something_was_for_is_read_from_the_sentence_or_not_guessed(
    title: str, target: str | None
) -> None:
    said = read_record(msgspec.Raw(as_json({"timestamp": 1, "title": title})))
    assert target_of(said, "Anna Berg") == target


def test_anger_is_no_like() -> None:
    def liked(word: str) -> list[Event]:
        told = {"timestamp": 1, "data": [{"reaction": {"reaction": word, "actor": "Anna Berg"}}]}
        return parsed(told | {"title": "Anna Berg reacted to Ben Tal's post."}, kind="reactions")

    assert liked("ANGER") == []
    assert [type(e) for e in liked("LOVE")] == [Act]


@pytest.mark.parametrize(
    ("privacy", "seen"),
    [
        ("Public", "public"),
        ("Öffentlich", "public"),
        ("Only me", "direct"),
        ("Friends", "followers"),
        (None, "followers"),
    ],
)
def test_a_post_is_public_only_where_that_is_said(privacy: str | None, seen: str) -> None:
    (found,) = only(Post, parsed(post(1, "Hallo", privacy=privacy)))
    assert found.visibility == seen


def test_one_second_holds_two_posts_if_their_texts_differ() -> None:
    (one,), (two,) = only(Post, parsed(post(1, "a"))), only(Post, parsed(post(1, "b")))
    assert one.post != two.post


def test_what_was_passed_on_is_a_reshare_and_a_post_only_with_words_of_her_own() -> None:
    title = "Anna Berg shared Ben Tal's post."
    assert [type(e) for e in parsed({"timestamp": 1, "title": title})] == [Act]
    assert [type(e) for e in parsed(post(1, "Lesen!", title=title))] == [Act, Post]


@pytest.mark.parametrize("second", [0, -5, 1_704_103_200_000, 10**30, None, "x", 1.5])
def test_a_time_no_post_can_have_is_a_problem_with_its_place(second: Any) -> None:
    (problem,) = parsed(post(second, "x"))
    assert isinstance(problem, Problem)
    assert problem.where == "posts/x.json: item 5"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=300)
def test_what_facebook_does_to_letters_is_undone(text: str) -> None:
    assert repaired(text.encode().decode("latin-1")) == clean(text)


@pytest.mark.parametrize("text", ["Grüße", "€ Ã¼", "日本", "Ã"])
def test_what_was_stored_rightly_stays(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("facebook-annaberg-2024-03-05-x1Y2z3.zip", (2024, 3, 5)),
        ("facebook-annaberg-05.03.2024-x1Y2z3", (2024, 3, 5)),
        ("facebook-anna1985-20240305.zip", (2024, 3, 5)),
        ("facebook-annaberg.zip", None),
        ("facebook-anna-2024-13-05.zip", None),
        ("urlaub-2024-03-05.zip", None),
    ],
)
def test_the_day_stands_in_the_name(name: str, day: tuple[int, int, int] | None) -> None:
    assert made_by_name(Path(name)) == (datetime(*day, tzinfo=UTC) if day else None)


# -- made to do harm ----------------------------------------------------------------------------


def test_a_file_cut_off_gives_what_stands_before_and_a_problem(tmp_path: Path) -> None:
    friends = as_json({"friends_v2": [{"name": f"Nr {n}", "timestamp": 1_500_000_000} for n in range(50)]})
    found = events(as_folder(tmp_path / "x", files(**{FRIENDS: friends[:-700]})))
    assert 20 < len(only(Act, found)) < 100
    assert any("cut off" in p.message for p in only(Problem, found))


def test_a_zip_cut_off_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        events(cut(as_zip(tmp_path / "facebook-a-2024-03-05.zip", files()), 0.7))
    assert caught.value.hint


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", files(**{POSTS: b"[" + b" " * (30 << 20) + b"]"}))
    assert SOURCE.recognise(path) is None
    with pytest.raises(DangerousFileError):
        events(path)


def test_a_lie_about_a_size_is_a_problem_at_most(tmp_path: Path) -> None:
    path = lying(as_zip(tmp_path / "x.zip", files()), POSTS, 20)
    found = events(path)
    assert [p.where for p in only(Problem, found)] == ["/".join(POSTS.split("/")[-2:])]
    assert not only(Post, found)


def test_endless_nesting_is_a_problem_at_most(tmp_path: Path) -> None:
    deep = b'{"friends_v2": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    told = b'[{"timestamp": 1, "label_values": ' + b'[{"dict": ' * 5_000 + b"[]" + b"}]" * 5_000 + b"}]"
    found = events(as_folder(tmp_path / "x", files(**{FRIENDS: deep, POSTS: told})))
    assert all(isinstance(e, Account | Problem | Post) for e in found)
    assert only(Problem, found)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["label", "value", "title", "dict", "vec", "name", "comment", "post", "timestamp"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
KEYS = ["timestamp", "data", "title", "tags", "label_values", "fbid", "privacy", "name"]


@pytest.mark.parametrize("kind", ["posts", "comments", "reactions", "friends", "followers", "following"])
@given(record=JSON, key=st.sampled_from(KEYS), value=JSON)
@settings(max_examples=150)
def test_a_record_of_any_shape_is_a_counted_problem_at_most(
    kind: str, record: Any, key: str, value: Any
) -> None:
    for told in (record, post(1, "x", title="Anna Berg likes Ben's post.") | {key: value}):
        for event in parsed(told, kind=kind):
            assert isinstance(event, Post | Act | Problem)


@given(data=st.binary(max_size=300), brace=st.booleans())
@settings(max_examples=80)
def test_files_of_any_content_are_problems_at_most(
    data: bytes, brace: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("facebook")
    begin = b'{"x": [' if brace else b"["
    broken = dict.fromkeys((POSTS, FRIENDS, COMMENTS, PROFILE), begin + data)
    path = as_folder(folder / "x", files(**broken))
    assert events(path)
    SOURCE.recognise(path)
