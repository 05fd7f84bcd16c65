"""A connected account against a real Bluesky network: what was done there is found here, act by act."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leumund.errors import UsageError
from leumund.events import Kind
from leumund.lab import Lab
from leumund.sources.living import Connection
from tests.living import labs
from tests.servers.bluesky import Bluesky
from tests.servers.bluesky_people import PASSWORD, Person
from tests.servers.ledger import Ledger

KINDS: tuple[Kind, ...] = ("follow", "like", "reshare", "reply", "quote", "mention")


def connect(lab: Lab, network: Bluesky, whose: Person) -> Connection:
    password = whose.app_password()
    return labs.connect(
        lab, "bluesky", labs.asked(whose.handle, prompt=lambda _text, _hidden: password, server=network.pds)
    )


def done(ledger: Ledger, whose: Person, *, holding: bool = False) -> list[tuple[str, str, str, str]]:
    """What the ledger says was done by or towards a person; holding: and was not taken back."""
    found = ledger.holds(*KINDS) if holding else ledger.ever(*KINDS)
    return sorted(
        (d.what, d.who, d.whom or "", d.via or d.post or "") for d in found if whose.did in (d.who, d.whom)
    )


def test_what_was_done_is_found_act_by_act_and_what_changes_follows(
    lab: Lab, bluesky: Bluesky, ledger: Ledger
) -> None:
    anna, ben, carla = (bluesky.join(ledger, name) for name in ("anna", "ben", "carla"))
    anna.introduce("Anna Berg", "Karriereberatung")
    first, second, third = (anna.post(f"Guten Tag {n}", languages=("de",)) for n in range(3))
    ben.follow(anna)
    carlas = carla.follow(anna)
    annas = anna.follow(ben)
    ben.like(first)
    carla.like(first)
    carla.repost(first)
    ben.post("Danke!", reply_to=second)
    carla.post("Seht her", quote=third)
    carla.post(f"#FF @{anna.handle}, weil sie klug ist", mentions=[anna], languages=("de",))
    bens = ben.post("Bens Beitrag")
    anna.repost(bens)
    like = anna.like(bens)
    bens_like = ben.like(third)
    connect(lab, bluesky, anna)
    assert labs.failures(labs.sync(lab)) == []
    found = labs.acts(lab)
    assert found == done(ledger, anna)
    with lab.tables(as_of=labs.now()) as tables:
        counts = tables.arrow(
            "select likes, reshares, language from posts where post = $post", post=first.uri
        ).to_pylist()
    assert counts == [{"likes": 2, "reshares": 1, "language": "de"}]
    again = labs.sync(lab)
    assert labs.acts(lab) == found
    assert again[0].new.get("acts", 0) == 0

    anna.undo(second)
    anna.undo(like)
    anna.undo(annas)
    carla.undo(carlas)
    ben.undo(bens_like)
    anna.rename(f"berg-{anna.handle}")
    fourth = anna.post("Ein neuer Beitrag")
    ben.like(fourth)
    bluesky.settle()
    assert labs.failures(labs.sync(lab)) == []
    assert second.uri not in labs.posts(lab)
    assert fourth.uri in labs.posts(lab)
    found = labs.acts(lab)
    assert ("unfollow", carla.did, anna.did, "") in found
    holding = [a for a in done(ledger, anna, holding=True) if a[3] != second.uri]
    mine = [a for a in found if a[1] == anna.did]
    assert mine == [a for a in holding if a[1] == anna.did]
    assert ("like", ben.did, anna.did, fourth.uri) in found
    assert ("like", ben.did, anna.did, third.uri) not in found
    assert ("like", ben.did, anna.did, first.uri) in found
    assert lab.register.known_as(lab.register.own_accounts())
    (key,) = lab.register.own_accounts()
    assert lab.names([key])[key] == f"@{anna.handle}"


def test_a_forged_date_is_not_believed(lab: Lab, bluesky: Bluesky, ledger: Ledger) -> None:
    anna = bluesky.join(ledger, "anna")
    old = anna.post("Vor langer Zeit", written=datetime(2019, 1, 1, tzinfo=UTC))
    ahead = anna.post("In ferner Zukunft", written=datetime(2039, 1, 1, tzinfo=UTC))
    connect(lab, bluesky, anna)
    assert labs.failures(labs.sync(lab)) == []
    with lab.tables(as_of=labs.now()) as tables:
        years = {
            r["post"]: r["happened_at"].year
            for r in tables.arrow("select post, happened_at from posts").to_pylist()
        }
    assert years == {old.uri: labs.now().year, ahead.uri: labs.now().year}


def test_more_than_a_page_and_a_wrong_password(lab: Lab, bluesky: Bluesky, ledger: Ledger) -> None:
    anna, ben = (bluesky.join(ledger, name) for name in ("anna", "ben"))
    anna.patient = ben.patient = False
    written = [anna.post(f"Beitrag {n}") for n in range(102)]
    bluesky.settle()
    for post in written[:40]:
        ben.like(post)
    bluesky.settle()
    with pytest.raises(Exception, match="app password"):
        labs.connect(
            lab, "bluesky", labs.asked(anna.handle, prompt=lambda _t, _h: "wrong", server=bluesky.pds)
        )
    connect(lab, bluesky, anna)
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == done(ledger, anna)
    assert len(labs.posts(lab)) == 102


def test_the_accounts_own_password_is_not_taken(lab: Lab, bluesky: Bluesky, ledger: Ledger) -> None:
    anna = bluesky.join(ledger, "anna")
    who = labs.asked(anna.handle, prompt=lambda _text, _hidden: PASSWORD, server=bluesky.pds)
    with pytest.raises(UsageError) as caught:
        labs.connect(lab, "bluesky", who)
    assert PASSWORD not in caught.value.message + caught.value.hint


def test_an_app_password_can_come_from_the_environment(
    lab: Lab, bluesky: Bluesky, ledger: Ledger, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, ben = (bluesky.join(ledger, name) for name in ("anna", "ben"))
    ben.like(anna.post("Guten Morgen"))
    connect(lab, bluesky, anna)
    (at_home / "secrets.json").unlink()
    monkeypatch.setenv("LEUMUND_SECRET_BLUESKY", anna.app_password("more") + "\n")
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == done(ledger, anna)


def test_a_session_that_ran_out_is_renewed(lab: Lab, bluesky: Bluesky, ledger: Ledger, at_home: Path) -> None:
    anna, ben = (bluesky.join(ledger, name) for name in ("anna", "ben"))
    ben.like(anna.post("Guten Morgen"))
    connect(lab, bluesky, anna)
    kept = at_home / "secrets.json"
    text = kept.read_text()
    start = text.index('access\\":\\"') + len('access\\":\\"')
    kept.write_text(text[:start] + "x" + text[start:])  # a key the server does not know
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == done(ledger, anna)


def test_anybody_can_be_looked_at_without_a_key(bluesky: Bluesky, ledger: Ledger, tmp_path: Path) -> None:
    from leumund.cli.app import app

    anna, ben = (bluesky.join(ledger, name) for name in ("anna", "ben"))
    post = anna.post("Guten Morgen")
    ben.like(post)
    ben.repost(post)
    ben.follow(anna)
    kept = tmp_path / "looked"
    command = ["look", anna.handle, "--server", bluesky.appview, "--private-server", "--keep", str(kept)]
    outcome = CliRunner().invoke(app, command)
    assert outcome.exit_code == 0, outcome.output
    assert f"@{anna.handle}" in outcome.output
    with Lab.open(kept, read_only=True) as lab:
        assert labs.acts(lab) == done(ledger, anna)
