"""The lists of phrases are whole: every slot has a list or is handed in."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from leumund.simulate.dialogue import TOPICS
from leumund.simulate.dice import Dice
from leumund.simulate.names import MEN, SURNAMES, WOMEN
from leumund.simulate.texts import Fresh, Language, phrases, say

GIVEN = {"at", "ats", "sie", "Sie", "name", "link", "ware", "slug", "follower", "woche"}


@pytest.mark.parametrize("language", get_args(Language))
def test_every_slot_can_be_filled(language: Language) -> None:
    lists = phrases(language)
    for name, entries in lists.items():
        assert entries, name
        assert len(set(entries)) == len(entries) or name == "leben_rest", name
        for entry in entries:
            assert entry == entry.strip()
            assert set(re.findall(r"\{(\w+)\}", entry)) <= lists.keys() | GIVEN, entry
            assert entry.count("{") == entry.count("}")


def test_there_are_at_least_200_first_names_and_200_surnames() -> None:
    assert len(set(WOMEN) | set(MEN)) >= 200
    assert len(set(SURNAMES)) >= 200


def test_fresh_texts_do_not_repeat_while_there_are_new_ones() -> None:
    fresh = Fresh(Dice(1, "fresh"))
    texts = [
        fresh.say(topic, "de", slug=str(n), follower="90", woche="4") for n, topic in enumerate(TOPICS * 10)
    ]
    assert len(set(texts)) == len(texts)


def test_a_reason_speaks_of_her_or_him() -> None:
    texts = {say("ff_grund", Dice(n, "x"), at="@a@b.example", sie="er", Sie="Er") for n in range(40)}
    assert all(re.search(r"\b[Ee]r\b", text) for text in texts)
    assert len(texts) > 30
