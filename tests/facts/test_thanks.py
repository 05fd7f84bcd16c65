"""Which posts give thanks: each class of not-thanks, both languages, and what hostile texts cost."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.facts.thanks import FACT, derive, read_thanks
from leumund.facts.thanks.cues import PERHAPS
from leumund.ids import account_key

POSTS = list(csv.DictReader((Path(__file__).parent / "thanks_posts.csv").read_text("utf-8").splitlines()))
MISREAD = {
    "Oh thanks, now I can't unsee it",
    "Send help. And chocolate. Thank you.",
    "Extremely thankful for my team today",
    "Ich bin Frau Dr. Lim sehr dankbar für ihren Rat",
    "Sag mal danke von mir an das ganze Team, das war spitze",
    "Klar, danke fürs Erklären meiner eigenen Doktorarbeit",
    "Nach vier Gesprächen keine Antwort. Danke dafür, @firma_x",
    "Rechts gehen auf der Treppe, danke.",
}
"""Known to be read wrongly; whatever is mended is taken from here."""


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row["text"][:40])
def test_made_up_posts_are_read_as_a_reader_does(row: dict[str, str]) -> None:
    right = (read_thanks(row["text"]).kind == "thanks") == (row["thanks"] == "1")
    assert right != (row["text"] in MISREAD)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Danke im Voraus für eure Tipps!", "advance"),
        ("Wer kennt ein gutes Buch dazu? Vielen Dank schon jetzt! #Frage", "advance"),
        ("Please share, thank you!", "advance"),
        ("Dank des Regens bleiben wir zu Hause", "cause"),
        ("thanks to the rain we stay at home", "cause"),
        ("Nein danke.", "declined"),
        ("Thanks, but no thanks", "declined"),
        ("Na vielen Dank auch, liebe Bahn", "ironic"),
        ("Thanks for nothing, @parcel_x", "ironic"),
        ("Gott sei Dank ist Freitag", "told"),
        ("She never said thank you", "told"),
        ("RT @anna: Danke an alle", "quoted"),
        ("Er rief „vielen Dank“ und ging", "quoted"),
        ("Der Gedanke zum Tag", "none"),
        ("", "none"),
    ],
)
def test_every_class_is_told_apart(text: str, kind: str) -> None:
    assert read_thanks(text).kind == kind


def test_who_is_thanked_is_whom_the_post_names_and_answers_but_not_the_author() -> None:
    me, anna, ben = (account_key(f"acct:{n}@example.social") for n in ("me", "anna", "ben"))
    row = {
        "post": "p", "account": me, "happened_at": 0, "known_at": 0, "exact": True, "visibility": "public",
        "text": "Danke @anna @me fürs Teilen!", "network": "mastodon", "author_uri": "acct:me@example.social",
        "reply_to_account": ben, "mentions": [],
    }  # fmt: skip
    other = {**row, "post": "q", "text": "Der Gedanke zum Tag"}
    found = derive(pa.Table.from_pylist([row, other]))
    assert found.rows["post"].to_pylist() == ["p"]
    assert set(found.rows["thanked"][0].as_py()) == {anna, ben}
    assert set(found.rows.column_names) == set(FACT.columns)


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_thanks(text).kind in {
        "thanks",
        "advance",
        "cause",
        "declined",
        "ironic",
        "told",
        "quoted",
        "none",
    }


@pytest.mark.parametrize(
    "text",
    ["d" * 20_000, "t" * 9_000 + "h" * 9_000, "thanks " + "@1" * 9_000 + "x", "danke " * 4_000, '"' * 9_000 + "danke",
     "vielen " * 3_000 + "dank", "please " * 3_000 + "thanks " + "! " * 4_000, "thanks to " + "anna, " * 4_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_hostile_text_costs_no_more_than_a_long_one(text: str) -> None:
    start = time.process_time()
    read_thanks(text)
    assert time.process_time() - start < 0.5


def test_what_is_left_out_before_reading_has_no_thanks() -> None:
    import re

    assert all(
        re.search(PERHAPS, row["text"])
        for row in POSTS
        if row["thanks"] == "1" and row["text"] not in MISREAD
    )
