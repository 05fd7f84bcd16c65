"""What programs get: every form, page by page, and nothing that is only the owner's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from tests.web.conftest import TOKEN, Site, served

from leumund.measures import all_measures

_PATIENCE_S = 300  # ten years of weeks take their time
LISTED = {m.name: m for m in all_measures().values()}


@pytest.fixture
def programs(site: Site) -> Site:
    """The demo's pages for programs, which have no session."""
    return site


@pytest.fixture
def hers() -> dict[str, str]:
    """What the owner's programs send along."""
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("name", ["influence", "follow_friday"])
def test_every_form_tells_the_same(programs: Site, name: str) -> None:
    told = json.loads(programs.get(f"/api/measures/{name}.json").text)["rows"]
    lists = json.loads(programs.get(f"/api/measures/{name}.json?_shape=arrays").text)["rows"]
    assert [list(r.values()) for r in told] == lists
    assert json.loads(programs.get(f"/api/measures/{name}.json?_shape=array").text) == told
    parquet = programs.raw(f"/api/measures/{name}.parquet")
    assert parquet.headers["content-type"] == "application/vnd.apache.parquet"
    table = pq.read_table(pa.BufferReader(parquet.body)).to_pylist()
    assert [r.get("account") for r in table] == [r.get("account") for r in told]
    assert [r["score"] for r in table] == [r["score"] for r in told]
    csv = programs.get(f"/api/measures/{name}.csv").text.splitlines()
    assert len(csv) == len(told) + 1


@pytest.mark.parametrize(
    ("wish", "gets"),
    [("", "json"), ("*/*", "json"), ("text/csv", "csv"), ("application/vnd.apache.parquet, text/csv;q=.5", "parquet"),
     ("text/html, text/*;q=0.5, */*;q=0.1", "csv"), ("text/csv;q=0, */*", "json"), ("image/png", None), ("text/csv;q=nan", None)],
)  # fmt: skip
def test_the_form_may_be_wished_for(programs: Site, wish: str, gets: str | None) -> None:
    got = programs.raw("/api/measures/influence?days=2", Accept=wish)
    assert got.status == (200 if gets else 406)
    if gets:
        assert gets in got.headers["content-type"]
        assert got.headers["vary"] == "accept"


def test_pages_of_rows_lead_on_until_there_are_no_more(programs: Site) -> None:
    whole = json.loads(programs.get("/api/measures/follow_friday.json").text)["rows"]
    assert len(whole) > 100  # all, not the first places a person is shown
    address, seen = "/api/measures/follow_friday.json?limit=60&_shape=array", []
    while address:
        got = programs.get(address)
        assert int(got.headers["x-total-count"]) == len(whole)
        seen += json.loads(got.text)
        following = re.search(r'<([^>]+)>; rel="next"', got.headers["link"])
        address = following[1] if following else ""
    assert seen == whole
    assert 'rel="service-desc"' in got.headers["link"]
    assert '</measures/follow_friday>; rel="alternate"' in got.headers["link"]


def test_the_token_opens_readings_and_nothing_else(programs: Site, hers: dict[str, str]) -> None:
    private = next(m.name for m in LISTED.values() if m.private)
    assert programs.get(f"/api/measures/{private}.json", **hers).status == 200
    for wrong in ("Bearer x", f"Basic {TOKEN}", "Bearer ", TOKEN):
        refused = programs.get(f"/api/measures/{private}.json", Authorization=wrong)
        assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert not programs.cookies


def test_with_a_password_the_token_opens_no_page(demo_lab: Path) -> None:
    with served(demo_lab, token=TOKEN, password="a long password") as site:
        assert site.get("/api/measures", Authorization=f"Bearer {TOKEN}").status == 200
        assert site.get("/people", Authorization=f"Bearer {TOKEN}").status == 303


def test_an_option_that_there_is_not_is_said_to_be_so(programs: Site) -> None:
    for query in (
        "dayz=3",
        "days=",
        "days=1&days=2",
        "limit=0",
        "offset=-1",
        "_shape=x",
        "lang=xx",
        "fridays_only=1",
    ):
        got = programs.get(f"/api/measures/influence.json?{query}")
        assert got.status == 400, query
        assert json.loads(got.text)["error"]["message"]


# -- the description is true: whatever it allows is answered as it says, and what it does not is refused


def _asked(programs: Site, hers: dict[str, str], part: str, examples: int) -> int:
    """Ask each operation whose name contains `part`; gives how many were asked."""
    load_all_checks()
    # an account, board or zone can be written correctly and not be there
    left_out = [c for c in CHECKS.get_all() if c.__name__ == "positive_data_acceptance"]
    address = f"http://127.0.0.1:{programs.port}/api/openapi.json"
    asked = 0
    for found in schemathesis.openapi.from_url(address).get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # one that cannot be read fails here
        if part not in operation.label:
            continue
        asked += 1
        for mode in schemathesis.GenerationMode:
            _ask(operation.as_strategy(generation_mode=mode), hers, left_out, examples)
    return asked


def _ask(strategy: Any, hers: dict[str, str], left_out: list[Any], examples: int) -> None:
    @settings(
        max_examples=examples, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def ask(case: Any) -> None:
        # nothing, or a list of nothing, leaves no trace in an address: the wrong that was meant would never be asked
        assume(set(case.query or {}) <= _written(case))
        case.call_and_validate(headers=hers, excluded_checks=left_out, timeout=_PATIENCE_S)

    ask()


def _written(case: Any) -> set[str]:
    """The names in the address that is asked."""
    sent = case.as_transport_kwargs()
    address = requests.Request(sent["method"], sent["url"], params=sent["params"]).prepare().url
    return {name for name, _value in parse_qsl(urlsplit(address or "").query, keep_blank_values=True)}


def test_the_description_is_true(programs: Site, hers: dict[str, str]) -> None:
    assert _asked(programs, hers, ".json", 1) > 30


@pytest.mark.long
def test_the_description_is_true_for_much_that_can_be_asked(programs: Site, hers: dict[str, str]) -> None:
    assert _asked(programs, hers, "/api/", 40) > 150
