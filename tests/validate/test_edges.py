"""Edge lists as they are found: whatever they look like, the same edges."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leumund.errors import UnreadableFileError
from leumund.measures.worth import COSTLY
from leumund.validate.edges import Edges, edges_of, read_edges
from tests.measures.made import World, friday

NAMES = st.text("abcdefghij.-_@", min_size=1, max_size=6).filter(lambda n: n[0] not in "#%-._")
ROWS = st.lists(st.tuples(NAMES, NAMES, st.integers(1, 9)), min_size=1, max_size=12)


def as_set(edges: Edges) -> list[tuple[str, str, float]]:
    names = edges.names.to_pylist()
    rows = zip(edges.source.tolist(), edges.target.tolist(), edges.weight.tolist(), strict=True)
    return sorted((names[a], names[b], w) for a, b, w in rows)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    ROWS.filter(lambda rows: any(a != b for a, b, _ in rows)), st.sampled_from([",", ";", "\t", "|", " ", "  "]),
    st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_separator_header_comments_and_packing_change_nothing(
    tmp_path: Path,
    rows: list[tuple[str, str, int]],
    between: str,
    header: bool,
    packed: bool,
    konect: bool,
    end: str,
) -> None:
    lines = [f"{a}{between}{b}{between}{w}" for a, b, w in rows]
    if header:
        lines.insert(0, between.join(("source", "target", "weight")))
    if konect:
        lines.insert(0, "% asym weighted")
    if between.isspace():
        lines = [line + " " for line in lines]
    data = (end.join(lines) + end).encode()
    path = tmp_path / "edges"
    path.write_bytes(gzip.compress(data) if packed else data)
    expected = sorted((a, b, float(w)) for a, b, w in rows if a != b)
    assert as_set(read_edges(path)) == expected


def test_source_and_target_are_columns_that_end_alike(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(
        "source_id,source_screen_name,kind,target_screen_name,count\n7,ann,reply,ben,2\n", "utf-8"
    )
    assert as_set(read_edges(path)) == [("ann", "ben", 4.0)]


def test_only_acts_that_cost_something_lend_standing(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    kinds = ("reply", "like", "follow", "mention", "endorse", "nonsense")
    path.write_text("source,target,kind\n" + "".join(f"a,b{k},{k}\n" for k in kinds), "utf-8")
    found = read_edges(path)
    assert as_set(found) == [("a", "bendorse", 4.0), ("a", "breply", 2.0)]
    assert any("acts that cost nothing: 4" in line for line in found.told)


def test_the_acts_that_cost_something_are_those_of_standing() -> None:
    from leumund.measures.standing.community import WORTH
    from leumund.measures.worth import BASE

    assert {kind: BASE[kind] for kind in COSTLY} == {kind: float(w) for kind, w in WORTH.items()}
    assert WORTH == {"reply": 2, "reshare": 3, "quote": 3, "endorse": 4}


def test_weights_that_are_none_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("source,target,weight\na,b,1\na,c,0\na,d,-3\na,e,nan\na,f,x\na,a,2\n", "utf-8")
    found = read_edges(path)
    assert as_set(found) == [("a", "b", 1.0)]
    assert any("not above 0: 4" in line for line in found.told)
    assert any("towards itself: 1" in line for line in found.told)


@pytest.mark.parametrize(
    "written",
    ["1767225600", "1767225600000", "1767225600000000", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00"],
)
def test_times_are_read_as_they_are_usually_written(tmp_path: Path, written: str) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(f"source,target,time\na,b,{written}\n", "utf-8")
    found = read_edges(path, timed=True)
    assert found.time is not None
    assert found.time.tolist() == [1767225600.0]


def test_without_a_header_the_fourth_column_is_the_time(tmp_path: Path) -> None:
    path = tmp_path / "out.konect"
    path.write_text("% bip weighted\n1 2 5 1767225600\n2 3 1 1767225601\n", "utf-8")
    found = read_edges(path, timed=True)
    assert found.time is not None
    assert (found.weight.tolist(), found.time.tolist()) == ([5.0, 1.0], [1767225600.0, 1767225601.0])


def test_an_edge_list_without_a_time_is_refused_where_one_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("source,target,weight\na,b,1\n", "utf-8")
    with pytest.raises(UnreadableFileError, match="time"):
        read_edges(path, timed=True)


def test_the_edges_of_a_lab_are_acts_and_recommendations() -> None:
    world = (
        World(own=(1,)).act("reply", 2, 1, at=friday()).act("follow", 3, 1, at=friday()).ff(4, 1, at=friday())
    )
    world.act("unfollow", 3, 1, at=friday(1))
    found = edges_of(world.tables(friday(2)))
    names = found.names.to_pylist()
    rows = {(names[a], names[b], w) for a, b, w in zip(found.source, found.target, found.weight, strict=True)}
    assert rows == {(2, 1, 2.0), (3, 1, 1.0), (4, 1, 4.0)}
    assert found.time is not None
    assert np.isfinite(found.time).all()


def test_where_spaces_separate_a_quotation_mark_is_a_letter(tmp_path: Path) -> None:
    path = tmp_path / "edges.txt"
    path.write_text('a b"c 1\nb"c d 1\n', "utf-8")
    assert as_set(read_edges(path)) == [("a", 'b"c', 1.0), ('b"c', "d", 1.0)]


def test_unknown_names_of_columns_are_taken_by_their_place_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("wer,wen,wie_oft\na,b,3\n", "utf-8")
    found = read_edges(path)
    assert as_set(found) == [("a", "b", 3.0)]
    assert any("by their place: source, target, weight" in line for line in found.told)


def test_a_weight_beyond_reckoning_is_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("source,target,weight\na,b,1e308\nb,c,1e-300\nc,a,2\na,c,inf\n", "utf-8")
    found = read_edges(path)
    assert as_set(found) == [("c", "a", 2.0)]
    assert any("too large or too close to 0 to reckon with: 2" in line for line in found.told)


@pytest.mark.filterwarnings("error")
def test_a_time_that_is_none_is_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    times = ("1e30", "-1e300", "inf", "1700000000", "1700000000000", "2026-01-01T00:00:00Z", "gestern")
    path.write_text("source,target,time\n" + "".join(f"a,b{n},{t}\n" for n, t in enumerate(times)), "utf-8")
    found = read_edges(path, timed=True)
    assert found.time is not None
    assert found.time.tolist() == [1.7e9, 1.7e9, 1767225600]
    assert any("time not known: 4" in line for line in found.told)
