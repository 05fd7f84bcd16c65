"""Tables: every way they are written, and every way they are broken."""

from __future__ import annotations

import contextlib
import csv as plain_csv
import io
import random
import re
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import IncompleteTableError, LeumundError, UnreadableFileError, UsageError
from leumund.events import Rows
from leumund.sources import FileSettings, all_sources, csv_records, text_files
from leumund.sources.csv import fetch, lacks, parse, recognise, template
from leumund.sources.shapes import SHAPES

from .tables import ACTS, act, pages, told, told_by, told_in_pieces

NOTES = "note,happened_at\n"
DAY = ",2026-02-02\n"


def written(path: Path, text: str | bytes, name: str = "table.csv") -> Path:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def notes(path: Path) -> list[str]:
    return sorted(str(e.body["note"]) for page in pages(path) for e in parse(page) if hasattr(e, "body"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_found_by_the_header(tmp_path: Path, separator: str) -> None:
    file = written(tmp_path, (ACTS + act(1)).replace(",", separator))
    assert len(told(file).rows) == 1


def test_separators_within_quoted_names_do_not_count(tmp_path: Path) -> None:
    file = written(tmp_path, '"note";"happened_at";"a,b,c,d"\nHallo;2026-02-02;x\n')
    assert notes(file) == ["Hallo"]


def test_excel_may_say_its_separator_in_a_line_before_the_header(tmp_path: Path) -> None:
    file = written(tmp_path, "\ufeffsep=;\r\nnote;happened_at\r\nHallo;02.02.2026\r\nzu;viel;hier\r\n")
    assert notes(file) == ["Hallo"]
    assert list(told(file).problems) == [4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_letters_arrive_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert notes(written(tmp_path, (NOTES + "Grüße aus Österreich" + DAY).encode(encoding))) == [
        "Grüße aus Österreich"
    ]


def test_one_stray_byte_does_not_spoil_the_other_lines(tmp_path: Path) -> None:
    file = written(tmp_path, (NOTES + "Grüße" + DAY).encode() + b"Stra\xdfe" + DAY.encode())
    assert notes(file) == ["Grüße", "Straße"]


def test_a_western_letter_after_the_first_look_is_read_too(tmp_path: Path) -> None:
    file = written(tmp_path, (NOTES + ("x" + DAY) * 10_000).encode() + b"\xfcber" + DAY.encode())
    assert "über" in notes(file)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('"zwei\nZeilen"' + DAY, "zwei\nZeilen"),
        ('"sie sagte ""ja"""' + DAY, 'sie sagte "ja"'),
        ('27" breit' + DAY, '27" breit'),
        ("ohne Ende,2026-02-02", "ohne Ende"),
        ("\n\n  x" + DAY + "\n\n", "  x"),
        ("a\u2028b\x0bc" + DAY, "a\u2028b\x0bc"),
        ("A\u0308pfel" + DAY, "Äpfel"),
    ],
)
def test_values_are_what_they_say(tmp_path: Path, rows: str, expected: str) -> None:
    assert notes(written(tmp_path, NOTES + rows)) == [expected]


def test_a_sign_of_no_meaning_far_down_is_left_out(tmp_path: Path) -> None:
    assert "ab" in notes(written(tmp_path, NOTES + ("x" + DAY) * 10_000 + "a\x00b" + DAY))


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    file = written(tmp_path, (NOTES + '"zwei\nZeilen"' + DAY + "b,c,d\n").replace("\n", "\r\n"))
    assert notes(file) == ["zwei\r\nZeilen"]
    assert list(told(file).problems) == [4]


def test_names_of_columns_may_be_written_with_care_or_without(tmp_path: Path) -> None:
    assert notes(written(tmp_path, " Note , Happened AT \nHallo , 2026-02-02 \n")) == ["Hallo"]


def test_blanks_after_separators_are_no_part_of_the_values(tmp_path: Path) -> None:
    file = written(tmp_path, 'note, happened_at, x\n"a, b", 2026-02-02, "c, d"\ne, 2026-02-02, f\n')
    assert notes(file) == ["a, b", "e"]


def test_two_columns_of_one_name_are_refused_where_they_matter(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="two columns “note”"):
        told(written(tmp_path, "note,Note,happened_at\na,b,2026-02-02\n"))
    assert notes(written(tmp_path, "note,x,x,happened_at\na,b,c,2026-02-02\n")) == ["a"]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "sep=;"])
def test_an_empty_file_is_no_table(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    assert recognise(file) is None
    with pytest.raises(UnreadableFileError, match=re.escape("table.csv")):
        told(file)


@pytest.mark.parametrize("text", [NOTES, NOTES.strip(), NOTES + "\n\n"])
def test_a_header_alone_is_a_table_without_rows(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    assert recognise(file) is not None
    assert told(file) == ([], {}, [])


def test_too_many_and_too_few_columns_are_named_by_their_line(tmp_path: Path) -> None:
    rows = '"drei\nZeilen\nlang"' + DAY + "zu wenige\n\na,b,c\n" + "gut" + DAY + "gestern,gestern\n"
    found = told(written(tmp_path, NOTES + rows))
    assert found.problems == {
        5: "1 column instead of 2",
        7: "3 columns instead of 2",
        9: "happened_at: not a date or time I can read",
    }
    assert len(found.rows) == 2


@pytest.mark.parametrize("size", [64, 1000, 2**20])
def test_a_quotation_mark_never_closed_costs_its_own_line(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"Satz {n}{DAY}" for n in range(500)]
    rows[100], rows[300], rows[499] = '"offen' + DAY, '"zu, denn' + DAY, '"am Ende' + DAY
    rows[400] = '"richtig, denn\nzu"' + DAY
    found = told_in_pieces(written(tmp_path, NOTES + "".join(rows)), size, monkeypatch)
    assert list(found.problems) == [102, 302, 502]
    assert set(found.problems.values()) == {"a quotation mark is opened and never closed"}
    assert len(found.rows) == 497


def test_where_all_is_quoted_a_lost_mark_costs_one_line_too(tmp_path: Path) -> None:
    rows = [f'"Satz {n}","2026-02-02"\n' for n in range(50)]
    rows[20] = '"offen","2026-02-02\n'
    rows[30] = '"offen,"2026-02-02"\n'
    found = told(written(tmp_path, '"note","happened_at"\n' + "".join(rows)))
    assert list(found.problems) == [22, 32]
    assert len(found.rows) == 48


POSTS = "text,happened_at,post,account,network\n"


@pytest.mark.parametrize("size", [64, 2**20])
@pytest.mark.parametrize(
    "row",
    ['"offen,"Rede, kurz"', '"5" Nagel,a', '"sie sagte "ja"",a', 'a,"b"c'],
)
def test_what_may_be_read_in_two_ways_is_no_entry(
    tmp_path: Path, size: int, row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [f'"Satz {n}","Zeichen"{DAY}' for n in range(20)]
    text = "note,label,happened_at\n" + "".join([*good[:7], row + DAY, *good[7:]])
    found = told_in_pieces(written(tmp_path, text), size, monkeypatch)
    assert list(found.problems) == [9]
    assert set(found.problems.values()) == {"a quotation mark within a value, or one too few"}
    assert len(found.rows) == 20


def test_of_a_post_the_words_are_taken_as_they_can_be(tmp_path: Path) -> None:
    row = '"a"b,2026-02-02,https://a.example/1,@anna@garten.example,mastodon\n'
    found = told(written(tmp_path, POSTS + row))
    assert not found.problems
    assert "'text': 'ab'" in found.rows[0]


def test_a_mark_without_another_for_a_megabyte_is_a_slip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = '"offen' + DAY + ("Satz" + DAY) * 90_000 + '"zu"' + DAY
    found = told_in_pieces(written(tmp_path, NOTES + rows), 2**19, monkeypatch)
    assert list(found.problems) == [2]
    assert len(found.rows) == 90_001


def test_a_long_text_is_read_whole(tmp_path: Path) -> None:
    long = "Wort für Wort\n" * 40_000
    assert notes(written(tmp_path, NOTES + f'"{long}"' + DAY)) == [long]


def test_inches_do_not_hide_where_records_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'{n}" breit{DAY}"zwei\nZeilen"{DAY}' for n in range(200))
    found = told_in_pieces(written(tmp_path, NOTES + rows), 300, monkeypatch)
    assert len(found.rows) == 400
    assert not found.problems


def test_a_bad_row_does_not_change_what_its_neighbours_mean(tmp_path: Path) -> None:
    head = "post,account,network,happened_at,text,likes\n"
    rows = [
        "1,anna,facebook,2026-01-09T08:15:00Z,a,5",
        "2,anna,facebook,0001-01-01T00:00:00Z,b,6",
        "3,anna,facebook,2026-01-09T08:15:00Z,c,-7",
        "4,anna,facebook,9999-12-31T23:59:59-05:00,d,8",
        "5,Anna,Facebook,2026-01-09T08:15:00Z,e,0x1f",
        "6,anna,facebook,2026-01-09T08:15:00Z,f,3000000000",
        "7,anna,facebook,2026-01-09,g,3.0",
        "8,@anna,x,2026-01-09,h,",
    ]
    one_by_one = [told(written(tmp_path, head + row + "\n")) for row in rows]
    together = told(written(tmp_path, head + "\n".join(rows)))
    assert sorted(r for t in one_by_one for r in t.rows) == together.rows
    assert list(together.problems) == [3, 4, 5, 7]


def test_every_template_can_be_read_again(tmp_path: Path) -> None:
    for noun in SHAPES:
        file = written(tmp_path, template(noun))
        assert noun in (recognise(file) or pytest.fail(noun)).what
        found = told(file)
        assert (len(found.rows), found.problems) == (1, {})


# -- mapping

FOREIGN = "id,who,whom,what,when\n7,anna,ben,RT,2026-01-09\n"


def mapping(**more: Any) -> dict[str, Any]:
    columns = {"kind": "what", "actor": "who", "target": "whom", "happened_at": "when"}
    return {"noun": "act", "network": "x", "columns": columns, "words": {"kind": {"RT": "reshare"}}, **more}


def test_words_are_put_into_ours_once(tmp_path: Path) -> None:
    words = {"kind": {"RT": "like", "like": "reshare"}}
    assert "'kind': 'like'" in told(written(tmp_path, FOREIGN), mapping(words=words)).rows[0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"noun": "tweet"}, "noun must be one of"),
        ({"noun": ["act"]}, "noun must be one of"),
        ({"columns": "kind"}, "“columns” must be a table"),
        ({"columns": {"mood": "what"}}, "has no column “mood”"),
        ({"columns": {"kind": "what"}}, "needed too: actor, target, happened_at"),
        ({"words": ["RT"]}, "“words” must be a table"),
        ({"words": {"kind": "RT"}}, "“kind” must be a table"),
        ({"columns": {**mapping()["columns"], "via": "nowhere"}}, "the file has no column “nowhere”"),
        ({"columns": {**mapping()["columns"], "via": 3}}, "“via” needs a column's name"),
        ({"columns": {**mapping()["columns"], "via": {"format": "%Y"}}}, "“via” needs a column's name"),
        ({"columns": {**mapping()["columns"], "via": "id.2"}}, "the file has no column “id.2”"),
    ],
)
def test_a_mapping_that_does_not_fit_says_where(tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        told(written(tmp_path, FOREIGN), mapping(**wrong))


def test_a_mapping_that_lacks_a_column_says_how_to_give_it(tmp_path: Path) -> None:
    rules = {ours: theirs for ours, theirs in mapping()["columns"].items() if ours != "kind"}
    with pytest.raises(UsageError, match=r"needed too: kind$") as told_so:
        told(written(tmp_path, FOREIGN), mapping(columns=rules))
    assert 'kind = "the column' in told_so.value.hint
    assert 'kind = { value = "..." }' in told_so.value.hint


def test_a_time_in_a_foreign_form_needs_its_format(tmp_path: Path) -> None:
    file = written(tmp_path, FOREIGN.replace("2026-01-09", "09/01/26"))
    assert list(told(file, mapping()).problems) == [2]
    for form, day in (("%d/%m/%y", "2026, 1, 9"), ("%m/%d/%y", "2026, 9, 1")):
        rules = {**mapping()["columns"], "happened_at": {"column": "when", "format": form}}
        assert day in told(file, mapping(columns=rules)).rows[0]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("1.200", "Write it with digits alone: 1200"),
        ("1,200", "Write it with digits alone: 1200"),
        ("1 234 567", "Write it with digits alone: 1234567"),
        ("1\u202f200", "Write it with digits alone: 1200"),
        ("1'200", "Write it with digits alone: 1200"),
        ("1.2", ""),
        ("1.2000", ""),
        ("many", ""),
        ("-5", ""),
        ("1." + "200." * 5_000 + "200", ""),
    ],
)
def test_a_count_with_marks_between_its_thousands_is_told_how_to_be_written(
    tmp_path: Path, value: str, hint: str
) -> None:
    head = "post,account,network,happened_at,text,likes\n"
    file = written(tmp_path, f'{head}1,anna,x,2026-01-09,a,"{value}"\n2,anna,x,2026-01-09,b,7\n')
    (rows,) = (e for page in pages(file) for e in parse(page) if isinstance(e, Rows))
    assert rows.table["likes"].to_pylist() == [7]
    assert [(p.message, p.hint) for p in rows.problems] == [("likes: not a number I can use", hint)]


# -- what is no table


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("actor,target,network,happened_at", "rows of the noun “act”, but the column “kind” is missing"),
        ("Actor;Target;Network;Happened at", "rows of the noun “act”, but the column “kind” is missing"),
        ("kind,actor,target", "“act”, but the columns “network”, “happened_at” are missing"),
        ("post,account,network,happened_at,likes", "“post”, but the column “text” is missing"),
        ("customer,value,found_us_by", "“customer”, but the column “happened_at” is missing"),
        ("hours,time", "“time”, but the column “happened_at” is missing"),
    ],
)
def test_a_table_that_lacks_a_column_is_told_which(tmp_path: Path, header: str, says: str) -> None:
    file = written(tmp_path, header + "\n" + ",".join("x" * 5) + "\n")
    assert recognise(file) is None
    error = lacks(file)
    assert error is not None
    assert says in error.message
    assert "leumund csv-template" in error.hint
    assert "--mapping" in error.hint
    with pytest.raises(IncompleteTableError, match=says):
        list(fetch(FileSettings(path=file), None))


@pytest.mark.parametrize(
    "header", ["a,b", "note", "network,text,url", "name,url,place,handle", "happened_at"]
)
def test_a_table_of_something_else_lacks_nothing(tmp_path: Path, header: str) -> None:
    assert lacks(written(tmp_path, header + "\n")) is None


def test_a_record_too_long_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "LONGEST_RECORD", 2**20)
    file = written(tmp_path, f'{NOTES}a{DAY}{"x" * 3 * 2**20}{DAY}"b\nb"{DAY}c,d,e\n')
    read = told_in_pieces(file, 2**16, monkeypatch)
    assert len(read.rows) == 2
    assert read.faults == [(3, "longer than 1 MB and passed over"), (6, "3 columns instead of 2")]


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"\x7fELF\x02\x01" + bytes(64), bytes(5000)])
def test_a_binary_file_is_no_table_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, content)
    assert recognise(file) is None
    with pytest.raises(UnreadableFileError, match="not a text file"):
        pages(file, mapping())


def test_a_folder_named_like_a_table_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    assert recognise(tmp_path / "x.csv") is None
    with pytest.raises(UnreadableFileError, match="no ordinary file"):
        pages(tmp_path / "x.csv", mapping())


# -- properties

quirks = st.text(st.sampled_from('a",\n\r ;ä'), max_size=40)


@given(quirks)
@settings(max_examples=400)
def test_regular_data_means_to_us_what_it_means_to_python(text: str) -> None:
    data = text.encode()
    if not csv_records.is_regular(data, b","):
        return
    theirs = [row for row in plain_csv.reader(io.StringIO(text, newline="")) if row]
    ours = [[c.decode() for c in r.cells or ()] for r in csv_records.records(data, b",")]
    assert ours == theirs
    assert len(csv_records.lines_of_records(data, 1)) == len(ours)


@given(st.lists(quirks, max_size=8).map("\n".join), st.integers(1, 60))
@settings(max_examples=300)
def test_no_record_is_lost_and_pieces_of_any_size_tell_the_same(text: str, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = written(Path(folder), NOTES + text)
        whole = told(file)
        records = list(csv_records.records(text.encode(), b","))
        assert len(whole.rows) + len(whole.faults) == len(records)
        assert told_in_pieces(file, size, patch) == whole


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=12), st.sampled_from(",;\t|"))
@settings(max_examples=150)
def test_every_row_is_an_event_or_a_problem(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    plain_csv.writer(out, delimiter=separator, quoting=plain_csv.QUOTE_ALL).writerows(
        [["note", "happened_at"], *([*r[:1], "2026-02-02"] if len(r) == 2 else r for r in rows)]
    )
    with tempfile.TemporaryDirectory() as folder:
        found = told(written(Path(folder), out.getvalue()))
    assert len(found.rows) + len(found.faults) == len(rows)
    assert len(found.rows) == sum(len(r) == 2 and r[0] != "" for r in rows)


@given(
    st.sampled_from([b"", NOTES.encode(), ACTS.encode(), b"\xff\xfe", b"\x1f\x8b\x08\x00"]),
    st.binary(max_size=300),
)
@settings(max_examples=200)
def test_no_bytes_raise_anything_but_our_own_errors(start: bytes, rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder), start + rest)
        recognise(file)
        for rules in (None, mapping()):
            with contextlib.suppress(LeumundError):
                for page in fetch(FileSettings(path=file, mapping=rules), None):
                    list(parse(page))


def test_rows_written_as_a_table_come_back_as_they_were(tmp_path: Path) -> None:
    from leumund.simulate.files import write_csv

    for noun in ("act", "post", "account"):
        file = tmp_path / f"{noun}.csv"
        write_csv(file, 500, 3, noun)
        (event,) = [e for page in pages(file) for e in parse(page)]
        assert isinstance(event, Rows)
        assert not event.problems
        lines = list(plain_csv.DictReader(io.StringIO(file.read_text("utf-8"))))
        assert len(lines) == event.table.num_rows == 500
        again = tmp_path / "again.csv"
        with again.open("w", encoding="utf-8", newline="") as out:
            writer = plain_csv.writer(out)
            writer.writerow(event.table.column_names)
            writer.writerows(
                [" ".join(v) if isinstance(v, list) else v for v in row.values()]
                for row in event.table.to_pylist()
            )
        (second,) = [e for page in pages(again) for e in parse(page)]
        assert isinstance(second, Rows)
        plain = [
            t.table.cast(pa.schema([(f.name, _plain(f.type)) for f in t.table.schema]))
            for t in (event, second)
        ]
        assert plain[0] == plain[1]


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def test_a_table_shuffled_tells_the_same(tmp_path: Path) -> None:
    rows = [act(n, who=random.Random(n).choice(["ben", "Carla", "", "d e"])) for n in range(60)]
    one = told(written(tmp_path, ACTS + "".join(rows)))
    random.Random(1).shuffle(rows)
    other = told(written(tmp_path, ACTS + "".join(rows)))
    assert one.rows == other.rows
    assert len(one.problems) == len(other.problems) > 0


def test_the_source_is_found_by_its_name() -> None:
    assert all_sources()["csv"].parse is parse
    assert text_files.PIECE > 2**20
    assert told_by([]) == ([], {}, [])
