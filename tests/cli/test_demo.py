"""The demo: what a newcomer sees first, held against the truth of the made-up world."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from leumund.simulate import career_coach

from .conftest import Run


def test_the_overview_tells_what_is_true_of_the_made_up_world(demo: tuple[Run, str, Path]) -> None:
    run, out, _page = demo
    world = career_coach()
    told = json.loads(run("show", "followers", "--json").out)
    last = max(world.truth.followers)
    assert abs(told["figures"]["now"] - world.truth.followers[last]) <= 0.08 * world.truth.followers[last]
    first, final = world.truth.silence
    assert f"From {first.day} Feb 2026 to {final.day} Feb 2026 you posted nothing, and it fell from" in out
    people = re.search(
        r"about (\d+) are people \(most probably between (\d+) and (\d+)\)", " ".join(out.split())
    )
    assert people
    assert int(people[2]) <= world.truth.people_following <= int(people[3])
    assert re.search(r"You are number \d+ of \d+ on the German board", out)
    assert re.search(r"\d+ things of the last four weeks that merit thanks .* without an answer", out)
    assert "was done by people you trust, follow or answer" in " ".join(out.split())

    channels = {r["channel"]: r for r in json.loads(run("show", "returns", "--json").out)["rows"]}
    truth: dict[str, float] = {}
    for customer in (c for c in world.truth.customers if not c.lead):
        links = [*("mastodon" for _one in customer.chain), customer.channel]
        for link in links:
            truth[link] = truth.get(link, 0.0) + 1 / len(links)
    credit = {name: r["customers"] for name, r in channels.items() if r["customers"]}
    credit["mastodon"] += credit.pop("bluesky", 0.0)  # some readers turned to her there first
    assert credit == pytest.approx(truth)
    spent: dict[str, float] = {}
    for _day, channel, amount in world.truth.costs:
        spent[channel] = spent.get(channel, 0.0) + amount
    assert {name: r["cash"] for name, r in channels.items() if r["cash"]} == pytest.approx(spent)


def test_the_page_needs_nothing_from_anywhere(demo: tuple[Run, str, Path]) -> None:
    _run, _out, page = demo
    loads: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            loads.extend(f"{tag} {n}={v}" for n, v in attrs if n in {"src", "srcset", "data"} and v)
            loads.extend(f"{tag} {v}" for n, v in attrs if tag in {"link", "base"} and n == "href" and v)
            if tag == "script":
                loads.append("script")

    text = page.read_text("utf-8")
    Reader().feed(text)
    assert loads == []
    assert "url(" not in text
    assert "<svg" in text
    assert "default-src 'none'" in unescape(text)


def test_silence_shows_and_is_explained_without_remainder(demo: tuple[Run, str, Path]) -> None:
    run, _out, _page = demo
    told = json.loads(
        run("why", "influence", "--from", "2026-02-08", "--to", "2026-02-15", "--json", "--limit", "0").out
    )
    change = told["figures"]["to_score"] - told["figures"]["from_score"]
    assert change < -3
    assert abs(sum(row["points"] for row in told["rows"]) - change) < 1e-9


def test_the_demo_is_the_default_only_while_there_is_no_lab_of_ones_own(demo: tuple[Run, str, Path]) -> None:
    run, _out, _page = demo
    first = run("show", "courtesy")
    assert first.code == 0
    assert "this is the demo" in first.err
    assert run("init").code == 0
    mine = run("show", "courtesy")
    assert "demo" not in mine.err
    assert "No account of your own" in mine.out


def test_writing_never_falls_back_to_the_demo(demo: tuple[Run, str, Path]) -> None:
    run, _out, _page = demo
    assert run("me", "@anna@werkstatt.example").code == 1


def test_the_same_demo_twice_says_the_same(demo: tuple[Run, str, Path], home: Path) -> None:
    run, out, _page = demo
    again = run("demo", "--out", str(home / "out"))
    assert again.out == out


def test_the_demo_speaks_german(run: Run, home: Path) -> None:
    said = run("--lang", "de", "demo", "--out", str(home))
    assert "Follower" in said.out
    assert "Einfluss" in said.out
    assert '<html lang="de"' in (home / "report.html").read_text("utf-8")


def test_the_demo_says_how_far_back_it_can_see_and_that_it_is_made_up(demo: tuple[Run, str, Path]) -> None:
    run, _out, _page = demo
    said = run("coverage").out
    assert "The demo" in said
    assert "1 Oct 2025 to 31 Mar 2026" in said
    assert "made up" in said
