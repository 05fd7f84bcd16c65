"""Boards by what accounts say of themselves: their country, their region, their topics; nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.measures.follow_friday import MEASURE, follow_friday
from leumund.measures.follow_friday.boards import board_named, topics_in
from leumund.measures.follow_friday.regions import country_named, is_in_country, is_in_region

from .made import World, friday

ANNA, BEN, CARLA, DORA, EMIL, FRIEDA = 1, 2, 3, 4, 5, 6


def world() -> World:
    made = World(persons=((DORA, EMIL),)).ff(FRIEDA, ANNA, BEN, CARLA, DORA, at=friday())
    made.profile(ANNA, place="Hamburg", bio="Laufbahnen, #Karriere und Tee")
    made.profile(BEN, place="Graz, Österreich", bio="Radelt. #GARTEN #karriere")
    made.profile(CARLA, place=None, bio=None)
    return made.profile(DORA, place="  ").profile(EMIL, place="München", bio="nichts")


def on(board: str) -> list[int]:
    return sorted(follow_friday(world().tables(friday()), board=board).rows["account"].to_pylist())


def test_the_board_of_a_country_holds_those_who_say_they_live_there() -> None:
    assert on("country:DE") == [ANNA, DORA]  # Dora's other account says so
    assert on("country:Deutschland") == on("country:germany") == on("country:de")
    assert on("country:AT") == [BEN]


def test_the_board_of_a_region_holds_those_who_name_it() -> None:
    assert on("region:Hamburg") == [ANNA]
    assert on("region:bavaria") == on("region:Bayern") == [DORA]
    assert on("region:graz") == [BEN]


def test_the_board_of_a_topic_holds_those_who_declare_it() -> None:
    assert on("topic:Karriere") == on("topic:#karriere") == [ANNA, BEN]
    assert on("topic:garten") == [BEN]
    assert not on("topic:karrieren")


def test_whose_place_is_unknown_is_counted_and_not_hidden() -> None:
    result = follow_friday(world().tables(friday()), board="country:DE")
    assert any("nobody's place is guessed: 1." in str(note) for note in result.notes)
    assert result.rows["basis"].to_pylist() == ["own profile"] * 2
    topics = follow_friday(world().tables(friday()), board="topic:karriere")
    assert any("say nothing about themselves are on no topic's board: 1." in str(n) for n in topics.notes)


def test_only_the_board_of_a_language_needs_languages() -> None:
    assert MEASURE.facts_for is not None
    assert MEASURE.facts_for({"board": "country:DE"}) == ("recommendations",)


@pytest.mark.parametrize(
    "written", ["", ":", "country:", "country:Atlantis", "region:", "region: ,;", "topic:", "topic:a b", "city:Kiel",
                "DEUTSCH", "x; drop table", "country:'; drop table x; --", "topic:\x1b[2J"],
)  # fmt: skip
def test_a_board_that_is_not_there_is_refused_with_the_ones_there_are(written: str) -> None:
    with pytest.raises(UsageError) as said:
        board_named(written)
    assert "country:" in str(said.value.hint)
    assert "\x1b" not in str(said.value)


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Hamburg", "DE"), ("Köln, Germany", "DE"), ("koeln", "DE"), ("Wien 🇦🇹", "AT"), ("🇨🇭", "CH"), ("DE", "DE"),
        ("Berlin · Deutschland", "DE"), ("St. Gallen", "CH"), ("London, UK", "GB"), ("Buxtehude, DE", "DE"),
        ("Frankfurt am Main", "DE"), ("république tchèque / Czech Republic", "CZ"), ("Zürich (Schweiz)", "CH"),
    ],
)  # fmt: skip
def test_a_place_names_its_country(place: str, country: str) -> None:
    assert is_in_country(place, country)


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Hamburg, NY", "DE"), ("Berlin, Wisconsin, USA", "DE"), ("Toronto, CA", "CA"), ("im Zug", "CH"), ("de", "DE"),
        ("somewhere in de world", "DE"), ("Indiana, IN", "IN"), ("Neu-Berlinchen", "DE"), ("", "DE"), ("🇦", "AT"),
        ("Bad Oldesloe", "DE"), ("Wien, Niederlande", "AT"), ("Guinea-Bissau", "GN"),
    ],
)  # fmt: skip
def test_what_a_place_does_not_say_is_not_guessed(place: str, country: str) -> None:
    assert not is_in_country(place, country)


def test_a_city_abroad_is_in_no_region_of_its_namesake() -> None:
    assert is_in_region("Kassel", "Hessen")
    assert not is_in_region("Frankfurt, Kentucky, USA", "Hessen")


@given(st.text(max_size=400))
def test_no_text_is_too_odd_for_a_place_or_a_topic(text: str) -> None:
    assert isinstance(is_in_country(text, "DE"), bool)
    assert isinstance(is_in_region(text, "Hessen"), bool)
    assert all(tag and tag == tag.casefold() for tag in topics_in(text))
    code: Any = country_named(text)
    assert code is None or len(code) == 2


def test_an_empty_board_names_the_others_of_its_kind_with_how_many_stand_there() -> None:
    world = World().ff(10, 20, 21, 22, at=friday())
    world.profile(20, place="Kassel, Deutschland", bio="#Garten").profile(
        21, place="Hamburg", bio="#garten #rad"
    )
    for board, told in (
        ("region:Mordor", ["region:Hamburg (1)", "region:Hessen (1)"]),
        ("country:FR", ["country:DE (2)"]),
        ("topic:mordor", ["topic:garten (2)", "topic:rad (1)"]),
    ):
        result = follow_friday(world.tables(friday()), board=board)
        assert result.rows.num_rows == 0
        assert result.figures["board"] == board
        (note,) = [n for n in result.notes if "names" in n.values]
        assert note.values["names"] == told
