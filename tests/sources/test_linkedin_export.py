from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import as_folder, as_zip, cut, sample_files

from leumund.errors import DangerousFileError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources import FileSettings, Page, recognise
from leumund.sources.json_records import RecordError
from leumund.sources.linkedin_export import SOURCE
from leumund.sources.linkedin_files import made_by_name
from leumund.sources.linkedin_records import (
    author_of,
    comment_uri,
    linkedin_day,
    linkedin_time,
    paragraphs,
    post_uri,
    profile_uri,
    time_of,
)

ANNA = "https://www.linkedin.com/in/anna-berg"
NOTES = 'Notes:\n"When exporting your connection data, you may notice, that ...\n... more"\n\n'
CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
BEN = "Ben,Tal,https://www.linkedin.com/in/ben-tal,ben@mail.example,Tal,Boss,05 Mar 2024\n"
SHARES = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
INVITED = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    f'Anna,Ben,"1/5/24, 10:12 AM",,OUTGOING,{ANNA},https://www.linkedin.com/in/ben-tal\n'
)
PROFILE = "First Name,Last Name,Headline,Geo Location\nAnna,Berg,Coach,Bonn\n"
RECOMMENDED = "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"


def files(**more: str) -> dict[str, bytes]:
    told = {"Connections.csv": NOTES + CONNECTIONS + BEN, "Profile.csv": PROFILE, "Invitations.csv": INVITED}
    return {name.replace("__", "."): text.encode() for name, text in (told | more).items()}


def events(path: Path) -> list[Event]:
    return [event for page in SOURCE.fetch(FileSettings(path=path), None) for event in SOURCE.parse(page)]


def only(kind: type[Any], found: list[Event]) -> list[Any]:
    return [event for event in found if isinstance(event, kind)]


def from_csv(tmp_path: Path, text: str, name: str = "Connections.csv") -> list[Event]:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return events(path)


def test_zip_folder_and_a_folder_within_give_the_same(tmp_path: Path) -> None:
    name = "Basic_LinkedInDataExport_03-05-2024"
    one = as_zip(tmp_path / f"{name}.zip", files())
    two = as_zip(tmp_path / f"{name} (1).zip", files(), top=f"{name}/")
    three = as_folder(tmp_path / name, files())
    assert events(one) == events(two) == events(three)
    for path in (one, two, three):
        source, found = recognise(path)
        assert source is SOURCE
        assert found.owner == ANNA
        assert found.made_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_connection_follows_both_ways_since_the_day_told(tmp_path: Path) -> None:
    follows = only(Act, from_csv(tmp_path, NOTES + CONNECTIONS + BEN))
    ben, me = "https://www.linkedin.com/in/ben-tal", "linkedin-name:me"
    assert {(a.actor, a.target) for a in follows} == {(ben, me), (me, ben)}
    assert {(a.happened_at, a.exact) for a in follows} == {(datetime(2024, 3, 5, tzinfo=UTC), True)}


@pytest.mark.parametrize(
    "text",
    [
        CONNECTIONS + BEN,
        "\ufeff" + NOTES + CONNECTIONS + BEN,
        NOTES.replace("\n", "\r\n") + CONNECTIONS.replace("\n", "\r\n") + BEN.replace("\n", "\r\n"),
        "First Name,Last Name,Company,Connected On,URL\nBen,Tal,,05 Mar 2024,https://linkedin.com/in/ben-tal\n",
        "Vorname;Nachname;URL;Verbunden am\nBen;Tal;www.linkedin.com/in/Ben-Tal/;5. März 2024\n",
        '"First Name","Last Name","URL","Connected On"\n"Ben","Tal","https://www.linkedin.com/in/ben-tal","05 Mar 2024"\n',
    ],
)
def test_the_header_is_found_whatever_stands_before_it_and_however_it_is_written(
    tmp_path: Path, text: str
) -> None:
    (act, _back) = only(Act, from_csv(tmp_path, text))
    assert (act.actor, act.happened_at.day) == ("https://www.linkedin.com/in/ben-tal", 5)
    assert recognise(tmp_path / "Connections.csv")[0] is SOURCE


@pytest.mark.parametrize("coding", ["utf-16", "cp1252"])
def test_a_file_saved_by_a_spreadsheet_in_another_coding_is_read(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "Connections.csv"
    path.write_bytes(
        (CONNECTIONS + "Jörg,Weiß,https://www.linkedin.com/in/joerg,,,,05 Mar 2024\n").encode(coding)
    )
    assert [a.name for a in only(Account, events(path)) if not a.own] == ["Jörg Weiß"]


def test_mail_addresses_companies_and_messages_never_get_into_a_page(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", sample_files("linkedin_export/sample"))
    pages = b"".join(page.data for page in SOURCE.fetch(FileSettings(path=path), None))
    for secret in ("bruno@mail.example", "Inhaber", "Geheim", "geheim", "1980", "Am Weg", "LIKE"):
        assert secret.encode() not in pages


def test_exports_with_and_without_the_owners_address_come_together_by_her_name(tmp_path: Path) -> None:
    (with_it,) = [a for a in only(Account, events(as_folder(tmp_path / "a", files()))) if a.own]
    without = {name: data for name, data in files().items() if name != "Invitations.csv"}
    (named,) = [a for a in only(Account, events(as_folder(tmp_path / "b", without))) if a.own]
    assert (with_it.account, with_it.aliases) == (ANNA, (named.account,))
    assert named.account == "linkedin-name:Anna_Berg"


def test_a_recommendation_counts_where_it_is_shown_and_belongs_to_the_one_of_that_name(
    tmp_path: Path,
) -> None:
    rows = (
        'Ben,Tal,,,Good,"03/06/24, 02:22 PM",VISIBLE\nCora,Mai,,,Fine,"03/06/24, 02:22 PM",VISIBLE\n'
        'Dirk,Ruf,,,Hidden,"03/06/24, 02:22 PM",HIDDEN\n'
    )
    more = {
        "Recommendations_Received__csv": RECOMMENDED + rows,
        "Recommendations_Given__csv": RECOMMENDED + rows,
    }
    found = only(Act, events(as_folder(tmp_path / "x", files(**more))))
    praise = {(a.actor, a.target) for a in found if a.kind == "endorse"}
    ben, cora = "https://www.linkedin.com/in/ben-tal", "linkedin-name:Cora_Mai"
    assert praise == {(ben, ANNA), (cora, ANNA), (ANNA, ben), (ANNA, cora)}


def test_a_name_two_connections_bear_is_nobodys_address(tmp_path: Path) -> None:
    other = BEN.replace("ben-tal", "ben-tal-2")
    more = {
        "Connections__csv": NOTES + CONNECTIONS + BEN + other,
        "Recommendations_Received__csv": RECOMMENDED + 'Ben,Tal,,,Good,"03/06/24, 02:22 PM",VISIBLE\n',
    }
    found = only(Act, events(as_folder(tmp_path / "x", files(**more))))
    assert [a.actor for a in found if a.kind == "endorse"] == ["linkedin-name:Ben_Tal"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05 Mar 2024", (2024, 3, 5)),
        ("5 March 2024", (2024, 3, 5)),
        ("5. März 2024", (2024, 3, 5)),
        ("05. Mrz. 2024", (2024, 3, 5)),
        ("04. Okt. 2023", (2023, 10, 4)),
        ("31 Dez. 2023", (2023, 12, 31)),
        ("1 Mai 2023", (2023, 5, 1)),
        ("05.03.2024", (2024, 3, 5)),
        ("2024-03-05", (2024, 3, 5)),
        ("2024/03/05 15:47:58 UTC", (2024, 3, 5)),
    ],
)
def test_days_are_read_in_english_and_german(text: str, day: tuple[int, int, int]) -> None:
    assert linkedin_day(text).timetuple()[:3] == day


@pytest.mark.parametrize(
    "text",
    ["", "31 Feb 2024", "5 Foo 2024", "05 Mar 0001", "05 Mar 9999", "gestern", "5/3/2024"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        linkedin_day(text)


@pytest.mark.parametrize(
    ("text", "iso", "clock"),
    [
        ("2024-01-02 10:11:12", "2024-01-02T10:11:12+00:00", True),
        ("2024-01-02 10:11 UTC", "2024-01-02T10:11:00+00:00", True),
        ("2024-01-02", "2024-01-02T00:00:00+00:00", False),
        ("12/31/23, 12:05 AM", "2023-12-31T00:05:00+00:00", True),
        ("3/6/2024, 12:22\u202fPM", "2024-03-06T12:22:00+00:00", True),
    ],
)
def test_times_are_utc_and_a_day_alone_is_known_for_one(text: str, iso: str, clock: bool) -> None:
    time, told = linkedin_time(text)
    assert (time.isoformat(), told) == (iso, clock)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7148000000000000000", "share:7148000000000000000"),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:7148000000000000000/", "ugcPost:7148000000000000000"),
        ("https://www.linkedin.com/posts/anna_b-c-share-7148000000000000000-AbCd?utm=1", "share:7148000000000000000"),
        ("https://www.linkedin.com/posts/anna_x-activity-7148000000000000000", "activity:7148000000000000000"),
        ("https://www.linkedin.com/feed/update/urn%253Ali%253Aactivity%253A7148000000000000000", "activity:7148000000000000000"),
    ],
)  # fmt: skip
def test_a_post_has_one_address_whichever_form_it_came_in(link: str, name: str) -> None:
    assert post_uri(link) == f"https://www.linkedin.com/feed/update/urn:li:{name}"
    assert post_uri(post_uri(link) or "") == post_uri(link)


@pytest.mark.parametrize(
    "link", ["", "https://example.com/urn:li:share:7148000000000000000", "https://www.linkedin.com/in/anna"]
)
def test_what_is_no_post_of_linkedin_has_no_address(link: str) -> None:
    assert post_uri(link) is None


def test_a_number_tells_the_time_only_where_it_fits_the_day() -> None:
    post = "https://www.linkedin.com/feed/update/urn:li:activity:7072585242187862017"
    found = time_of(post, datetime(2023, 6, 8, tzinfo=UTC))
    assert found is not None
    assert found.date().isoformat() == "2023-06-08"
    assert time_of(post, datetime(2023, 7, 8, tzinfo=UTC)) is None
    assert time_of("urn:li:activity:12345", datetime(2023, 6, 8, tzinfo=UTC)) is None


def test_a_comment_is_named_by_its_number_or_by_second_and_text() -> None:
    at = datetime(2024, 1, 6, tzinfo=UTC)
    link = "https://www.linkedin.com/feed/update/urn:li:activity:714900000000000"
    numbered = link + "?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A714900000000000%2C714930000000001%29"
    assert comment_uri(numbered, at, "x") == "urn:li:comment:(activity:714900000000000,714930000000001)"
    assert comment_uri(link, at, "x") != comment_uri(link, at, "y")
    assert comment_uri("https://example.com", at, "x") is None


def test_a_profile_with_letters_beyond_ascii_has_one_address() -> None:
    plain, coded = "https://www.linkedin.com/in/jörg-weiß", "https://www.linkedin.com/in/j%C3%B6rg-wei%C3%9F"
    assert profile_uri(plain) == profile_uri(coded) == coded.lower()
    assert (
        author_of("https://www.linkedin.com/posts/j%C3%B6rg-wei%C3%9F_wort-share-7148000000000000000-x")
        == coded.lower()
    )


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ('One"\n""\n"Two', "One\n\nTwo"),
        ('One"\r\n"Two "quoted""\r\n"Three', 'One\nTwo "quoted"\nThree'),
        ('"So," she said\nand left', '"So," she said\nand left'),
        ("one line", "one line"),
        ("", ""),
    ],
)
def test_paragraphs_lose_the_marks_linkedin_puts_around_them(stored: str, text: str) -> None:
    assert paragraphs(stored) == text


@pytest.mark.parametrize(
    ("word", "seen"), [("PUBLIC", "public"), ("MEMBER_NETWORK", "followers"), ("", "followers")]
)
def test_a_post_is_public_only_where_that_is_said(tmp_path: Path, word: str, seen: str) -> None:
    row = f"2024-01-02 10:11:12,https://www.linkedin.com/feed/update/urn:li:share:7148000000000000000,Hi,,,{word}\n"
    (post,) = only(Post, from_csv(tmp_path, SHARES + row, "Shares.csv"))
    assert post.visibility == seen


def test_marks_escaped_with_a_backslash_are_read(tmp_path: Path) -> None:
    link = "https://www.linkedin.com/feed/update/urn:li:activity:7149000000000000009"
    text = f'Date,Link,Message\n2024-01-06 09:00:00,{link},"He said \\"hi\\", twice"\n'
    (post,) = only(Post, from_csv(tmp_path, text, "Comments_12.csv"))
    assert post.text == 'He said "hi", twice'


def test_a_table_of_messages_is_linkedins_only_if_it_is_called_so(tmp_path: Path) -> None:
    text = "Date,Link,Message\n2024-01-06 09:00:00,https://example.com,Hi\n"
    for name, known in (("Comments.csv", True), ("log.csv", False)):
        (tmp_path / name).write_text(text)
        assert (SOURCE.recognise(tmp_path / name) is not None) is known


def test_a_mark_never_closed_costs_its_line_only(tmp_path: Path) -> None:
    found = from_csv(tmp_path, CONNECTIONS + 'Eva,"Open,https://x,,,,05 Mar 2024\n' + BEN)
    assert len(only(Act, found)) == 2
    assert [p.where for p in only(Problem, found)] == ["Connections.csv: item 1"]


def test_rows_of_another_width_are_problems_with_their_place(tmp_path: Path) -> None:
    found = from_csv(tmp_path, CONNECTIONS + BEN + "Eva,Kurz\n")
    assert [p.where for p in only(Problem, found)] == ["Connections.csv: item 2"]


def test_a_foreign_table_of_that_name_is_told(tmp_path: Path) -> None:
    found = events(as_folder(tmp_path / "x", files(Shares__csv="a,b\n1,2\n")))
    assert [p.where for p in only(Problem, found)] == ["Shares.csv"]


def test_nothing_of_use_is_said(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", {"Skills.csv": b"Name\nLatin\n", "Profile.csv": PROFILE.encode()})
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match="no connections"):
        events(path)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Basic_LinkedInDataExport_03-05-2024.zip", (2024, 3, 5)),
        ("Complete_LinkedInDataExport_25-12-2023.zip.zip", (2023, 12, 25)),
        ("Basic_LinkedInDataExport_00-00-2024.zip", None),
        ("x.zip", None),
    ],
)
def test_the_day_stands_in_the_name(name: str, day: tuple[int, int, int] | None) -> None:
    assert made_by_name(Path(name)) == (datetime(*day, tzinfo=UTC) if day else None)


# -- made to do harm ----------------------------------------------------------------------------


def test_a_zip_cut_off_is_no_linkedin_data_and_no_traceback(tmp_path: Path) -> None:
    path = cut(as_zip(tmp_path / "x.zip", files()), 0.6)
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError):
        events(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x.zip", files(Shares__csv=SHARES + " " * (30 << 20)))
    assert SOURCE.recognise(path) is None
    with pytest.raises(DangerousFileError):
        events(path)


TEXT = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(["05 Mar 2024", "2024-01-01", ANNA, "VISIBLE", "x\x1b[2J"]),
)


@pytest.mark.parametrize("kind", ["connections", "shares", "comments", "received", "given"])
@given(row=st.dictionaries(st.sampled_from(["first", "last", "at", "url", "text", "word"]), TEXT))
@settings(max_examples=200)
def test_a_row_of_any_content_is_a_counted_problem_at_most(kind: str, row: dict[str, str | None]) -> None:
    data = json.dumps([row]).encode("utf-8", "replace")
    page = Page(
        kind=kind, where="X.csv", data=data, context={"owner": ANNA, "made_at": "2024-03-05T00:00:00+00:00"}
    )
    for event in SOURCE.parse(page):
        assert isinstance(event, Account | Act | Post | Problem)
        if isinstance(event, Problem):
            assert event.where == "X.csv: item 1"


@given(data=st.binary(max_size=300), named=st.booleans())
@settings(max_examples=100)
def test_files_of_any_content_are_problems_at_most(
    data: bytes, named: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("linkedin")
    begin = CONNECTIONS.encode() if named else b""
    names = (
        "Connections.csv",
        "Shares_1.csv",
        "Profile.csv",
        "Invitations.csv",
        "Recommendations_Received.csv",
    )
    path = as_folder(folder / "x", dict.fromkeys(names, begin + data))
    assert events(path)
    SOURCE.recognise(path)
    SOURCE.recognise(path / "Connections.csv")
