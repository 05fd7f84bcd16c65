"""The no-go list in the browser: put on with a reason and an end, kept, taken off, taken back; never cached."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.web.conftest import Site

from leumund.lab import Lab
from leumund.store.nogo import Entry, listed


def entries(site: Site) -> list[Entry]:
    with Lab.open(site.folder, read_only=True) as lab:
        return [e for e in listed(lab.register, at=datetime.now(UTC)) if "<script" not in e.reason]


def test_somebody_is_put_on_the_list_with_reason_and_end_and_taken_off_again(hostile: Site) -> None:
    word, ends = hostile.word(), datetime.now(UTC).date() + timedelta(days=40)
    form = {"word": word, "do": "put", "account": "@Ben@werkstatt.example", "reason": "nur <b>Werbung</b>"}
    written = f"{ends.day}.{ends.month}.{ends.year}"
    assert hostile.post("/nogo", {**form, "until": written}).status == 303
    (entry,) = entries(hostile)
    assert (entry.reason, entry.until and entry.until.date()) == ("nur <b>Werbung</b>", ends)
    page = hostile.get("/nogo")
    assert page.headers["cache-control"] == "no-store"
    assert "nur &lt;b&gt;Werbung&lt;/b&gt;" in page.text
    assert str(ends.year) in page.text
    off = {"word": word, "do": "off", "account": str(entry.account)}
    assert hostile.post("/nogo", off).status == 303
    assert entries(hostile) == []
    refused = hostile.post("/nogo", off)
    assert refused.status == 400, "she is not on it"
    assert 'href="/nogo">Back to the form' in refused.text
    hostile.post("/nogo", {"word": word, "do": "undo"})
    assert [e.account for e in entries(hostile)] == [entry.account]
    hostile.post("/nogo", {"word": word, "do": "undo"})
    assert entries(hostile) == []


def test_who_advertises_is_proposed_with_the_evidence_and_the_words_stay_text(hostile: Site) -> None:
    page = hostile.get("/nogo").text
    assert re.search(r"Adverts: \d+% of 72 posts; at least \d+%, at most \d+%", page)
    found = re.search(r'name="account" value="(-?\d+)"', page)
    assert found, "Mal is proposed"
    assert "<script" not in page


def test_nonsense_is_refused_and_changes_nothing(hostile: Site) -> None:
    word, put = hostile.word(), {"do": "put", "account": "@ben@werkstatt.example"}
    for form in (
        {"do": "put", "account": "@petra@kiez.example"},
        {"do": "put", "account": "ben?!"},
        {"do": "put"},
        {"do": "off", "account": "17"},
        {"do": "off", "account": "--5"},
        {"do": "off", "account": "9" * 5000},
        {**put, "account": "9" * 25},
        {"do": "burn"},
        {**put, "until": "1.1.2020"},
        {**put, "until": "bald"},
    ):
        assert hostile.post("/nogo", {"word": word, **form}).status == 400, form
    assert hostile.post("/nogo", put).status == 403
    assert entries(hostile) == []
    again = hostile.post("/nogo", {"word": word, **put, "until": "bald", "reason": '"><b>Grund'}).text
    assert 'value="@ben@werkstatt.example"' in again  # as it was filled in, and only to be read
    assert 'value="&quot;&gt;&lt;b&gt;Grund"' in again
    assert 'id="wrong" role="alert"' in again
