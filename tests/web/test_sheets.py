"""What the owner notes in the browser: goals, customers, hours, costs, diary, experiments, in German words."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.web.conftest import Got, Site

from leumund.lab import Lab
from leumund.store.entries import held

GERMAN = {"Accept-Language": "de"}
FILLED: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "goal": (
        "/goals",
        {"number": "5.000", "what": "followers", "until": "1. März 2030"},
        {"goal": "followers", "target": 5000, "until": "2030-03-01T00:00:00+00:00"},
    ),
    "customer": (
        "/customers",
        {"name": "Frau <K.>", "found": "Messe", "value": "1.200,50 €", "recommended_by": "@ben@werkstatt.example",
         "through": "Anna", "lead": "1"},
        {"customer": "Frau <K.>", "value": 1200.5, "currency": "EUR", "recommended_by": "acct:ben@werkstatt.example",
         "lead": True},
    ),
    "time": ("/spending", {"hours": "1:30", "channel": "Mastodon", "on": "gestern"}, {"hours": 1.5, "time": "Mastodon"}),
    "cost": ("/spending", {"amount": "80", "channel": "Anzeige"}, {"amount": 80.0, "cost": "Anzeige"}),
    "note": ("/diary", {"text": "Ein guter Tag", "fun": "5"}, {"note": "Ein guter Tag", "fun": 5}),
}  # fmt: skip


def kept(site: Site, kind: Any) -> list[dict[str, Any]]:
    """What the tests entered; what was there before would do harm."""
    with Lab.open(site.folder, read_only=True) as lab:
        found = [{**e.body, "_": e.entry} for e in held(lab.register, kind)]
    return [body for body in found if "<script" not in str(body)]


def sent(site: Site, address: str, **form: str) -> Got:
    return site.post(address, {"word": site.word(), **form}, **GERMAN)


@pytest.mark.parametrize("kind", FILLED)
def test_an_entry_is_made_in_german_words_changed_taken_away_and_there_again(
    hostile: Site, kind: str
) -> None:
    address, filled, body = FILLED[kind]
    assert sent(hostile, address, kind=kind, do="save", **filled).status == 303
    (entry,) = kept(hostile, kind)
    assert {k: entry[k] for k in body} == body
    number = entry["_"]
    page = hostile.get(f"{address}?edit={number}", **GERMAN).text
    assert "<K.>" not in page
    form = page.split(f'name="kind" value="{kind}"')[1].split("</form>")[0]
    told = {
        html.unescape(n): html.unescape(v)
        for n, v in re.findall(r'name="(\w+)" value="([^"]*)" maxlength', form)
    }
    chosen = dict(
        re.findall(r'<select[^>]*name="(\w+)">.*?<option value="([^"]*)" selected', form, re.DOTALL)
    )
    texts = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)', form))
    checked = dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="1" checked', form), "1")
    same = {**told, **chosen, **texts, **checked}
    assert sent(hostile, address, kind=kind, do="save", entry=number, **same).status == 303
    (again,) = kept(hostile, kind)
    assert {**again, "_": ""} == {**entry, "_": ""}, "what the form shows means what was meant"
    assert sent(hostile, address, kind=kind, do="remove", entry=number).status == 303
    assert kept(hostile, kind) == []


def test_a_page_takes_back_only_what_was_said_on_it(hostile: Site) -> None:
    address, filled, _body = FILLED["note"]
    assert sent(hostile, address, kind="note", do="save", **filled).status == 303
    assert sent(hostile, "/goals", do="undo").status == 303
    assert [n["note"] for n in kept(hostile, "note")] == ["Ein guter Tag"]
    assert sent(hostile, address, do="undo").status == 303
    assert kept(hostile, "note") == []


def test_what_was_taken_away_is_there_again(hostile: Site) -> None:
    sent(hostile, "/diary", kind="note", do="save", text="Nur kurz")
    (entry,) = kept(hostile, "note")
    sent(hostile, "/diary", kind="note", do="remove", entry=entry["_"])
    sent(hostile, "/diary", do="undo")
    assert len(kept(hostile, "note")) == 1
    sent(hostile, "/diary", kind="note", do="remove", entry=entry["_"])
    assert sent(hostile, "/diary", kind="note", do="remove", entry=entry["_"]).status == 400


@pytest.mark.parametrize(
    ("address", "form", "wrong"),
    [
        ("/goals", {"kind": "goal", "number": "viele", "what": "followers", "until": "bald"}, "bald"),
        ("/goals", {"kind": "goal", "number": "5", "what": "likes", "until": "1.3.2030"}, "1.3.2030"),
        ("/spending", {"kind": "cost", "amount": "viel", "channel": "Messe <b>"}, "Messe &lt;b&gt;"),
        ("/diary", {"kind": "note", "text": "Ganz viel geschrieben", "on": "irgendwann"}, "Ganz viel geschrieben"),
        ("/diary", {"kind": "note", "fun": "9"}, "alert"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_shown_again_as_it_was_filled_in(
    hostile: Site, address: str, form: dict[str, str], wrong: str
) -> None:
    got = sent(hostile, address, do="save", **form)
    assert got.status == 400
    assert wrong in got.text
    assert 'role="alert"' in got.text
    assert kept(hostile, form["kind"]) == []


def test_an_experiment_is_looked_at_first_then_written_down_begun_and_put_into_a_calendar(
    hostile: Site,
) -> None:
    def sent_on(**form: str) -> Got:
        return hostile.post("/experiments", {"word": hostile.word(), **form})

    plan = {"name": "Mornings", "change": "I post <b>before</b> nine", "outcome": "replies", "pairs": "8"}
    assert sent_on(do="look", **{**plan, "pairs": "3"}).status == 400
    looked = sent_on(do="look", **plan)
    assert looked.status == 303
    address = looked.headers["location"]
    page = hostile.get(address).text
    assert "With 8 pairs, that is 16 weeks, you would see" in page
    assert "<b>before" not in page
    assert kept(hostile, "experiment") == [], "nothing is written down yet"
    hidden = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    assert sent_on(do="write", **hidden).status == 303
    (entry,) = kept(hostile, "experiment")
    assert entry["seed"] == hidden["seed"]
    calendar = hostile.get(f"/experiments/{entry['_']}.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "Mornings.ics" in calendar.headers["content-disposition"]
    assert calendar.text.count("BEGIN:VEVENT") == 32
    assert hostile.get("/experiments/none.ics").status == 400
    assert sent_on(do="start", number=entry["_"]).status == 303
    assert "begins on" in hostile.get("/experiments").text
    assert sent_on(do="stop", number=entry["_"]).status == 303
    assert sent_on(do="stop", number=entry["_"]).status == 400
    assert "stopped on" in hostile.get("/experiments").text
    assert sent_on(do="remove", number=entry["_"]).status == 303
    assert kept(hostile, "experiment") == []


def test_measures_lead_to_where_their_facts_are_entered(hostile: Site) -> None:
    for measure, address in (("goals", "/goals"), ("returns", "/customers"), ("experiments", "/experiments")):
        assert f'href="{address}"' in hostile.get(f"/measures/{measure}").text.split("<main")[1]
