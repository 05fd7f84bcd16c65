"""X, where reading costs: everything that happened is in the lab, each thing once, and never more is spent than allowed."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from leumund import budget, fetching, syncing
from leumund.cli.app import app
from leumund.errors import BudgetSpentError, ServerUnreachableError, SourceError, UsageError
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources.living import Connection
from tests.living import labs
from tests.living.made_x import KEYS, ME, MadeX, mention, minutes, number_at, person, post
from tests.servers import faults
from tests.servers.faulty import Answer, Asked, Faulty, good

ANNA = "https://x.com/anna"


@pytest.fixture
def made(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> MadeX:
    def quick(
        connection: Connection, stop: threading.Event, waiting: Callable[[str, float, str], None]
    ) -> Client:
        return Client(
            origin=connection.server, allowed=frozenset({place(connection.server)}), stop=stop, waiting=waiting,
            chance=lambda: 0.0, read_s=0.5, all_s=3.0, tries=4,
        )  # fmt: skip

    monkeypatch.setattr(fetching, "client_for", quick)
    return MadeX(faulty).start()


def answers(*lines: str) -> Callable[[str, bool], str]:
    waiting = list(lines)
    return lambda _text, _hidden: waiting.pop(0)


def connect(lab: Lab, made: MadeX, allowed: str = "50", *said: str) -> Connection:
    return labs.connect(
        lab, "x", labs.asked("anna", prompt=answers(*KEYS, *said), budget=allowed, server=made.url)
    )


def spent(path: Path | None = None) -> Decimal:
    found = json.loads((path or budget.spending_path()).read_text())
    return sum((Decimal(v) for month in found.values() for v in month.values()), Decimal(0))


def rows(lab: Lab, sql: str) -> list[dict[str, Any]]:
    with lab.tables(as_of=labs.now()) as tables:
        found: list[dict[str, Any]] = tables.arrow(sql).to_pylist()
        return found


def many(count: int) -> list[dict[str, Any]]:
    return [mention(minutes(n), f"@anna Danke {n}", str(200 + n % 7)) for n in range(count)]


def happened(made: MadeX) -> list[tuple[str, str, str, str | None]]:
    return sorted(
        ("mention", f"https://x.com/leser{m['author_id']}", ANNA, f"https://x.com/i/status/{m['id']}")
        for m in made.mentions
    )


def test_everything_is_found_act_by_act(lab: Lab, made: MadeX) -> None:
    mine, theirs = number_at(minutes(1)), number_at(minutes(2))
    ben = {"start": 3, "end": 7, "username": "Ben", "id": "300"}
    made.posts = [
        post(minutes(1), "Guten Morgen &amp; willkommen &amp;amp; https://t.co/abc https://t.co/pic",
             entities={"urls": [{"url": "https://t.co/abc", "expanded_url": "https://anna.example/kurs"},
                                {"url": "https://t.co/pic", "media_key": "3_1",
                                 "expanded_url": f"https://x.com/anna/status/{mine}/photo/1"}]}),
        post(minutes(3), "@Ben ganz meine Meinung", in_reply_to_user_id="300",
             referenced_tweets=[{"type": "replied_to", "id": theirs}], entities={"mentions": [ben]}),
        post(minutes(4), "RT @Ben: Wer zuletzt lacht", referenced_tweets=[{"type": "retweeted", "id": "77"}],
             entities={"mentions": [ben]}),
        post(minutes(5), "Lesenswert https://t.co/q", referenced_tweets=[{"type": "quoted", "id": "78"}],
             entities={"urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/Clara/status/78"}]}),
        post(minutes(6), "Der Anfang eines langen …", note_tweet={"text": "Der Anfang eines langen &lt;Textes&gt;",
             "entities": {"mentions": [{"username": "clara", "id": "301"}]}}),
    ]  # fmt: skip
    made.mentions = [
        mention(minutes(7), "@anna so ist es", "300", in_reply_to_user_id=ME,
                referenced_tweets=[{"type": "replied_to", "id": mine}]),
        mention(minutes(8), "#FF @anna, die geduldig erklärt", "301"),
    ]  # fmt: skip
    made.people = {"300": person("300", "Ben"), "301": person("301", "clara", protected=True)}
    made.following, made.followers = ["300"], ["300", "302"]
    connect(lab, made)
    (outcome,) = labs.sync(lab)
    assert outcome.failures == outcome.left_out == []
    own = [f"https://x.com/i/status/{p['id']}" for p in made.posts]
    got = [f"https://x.com/i/status/{p['id']}" for p in made.mentions]
    x = "https://x.com/"
    assert labs.acts(lab) == sorted([
        ("reply", ANNA, f"{x}ben", own[1]), ("reshare", ANNA, f"{x}ben", own[2]),
        ("quote", ANNA, f"{x}clara", own[3]), ("mention", ANNA, f"{x}clara", own[4]),
        ("reply", f"{x}ben", ANNA, got[0]), ("mention", f"{x}clara", ANNA, got[1]),
        ("follow", ANNA, f"{x}ben", ""), ("follow", f"{x}ben", ANNA, ""), ("follow", f"{x}leser302", ANNA, ""),
    ])  # fmt: skip
    assert labs.posts(lab) == {
        own[0]: "Guten Morgen & willkommen &amp; https://anna.example/kurs",
        own[1]: "@Ben ganz meine Meinung",
        own[3]: "Lesenswert",
        own[4]: "Der Anfang eines langen <Textes>",
        got[0]: "@anna so ist es",
        got[1]: "#FF @anna, die geduldig erklärt",
    }
    told = rows(
        lab, "select post, likes, reshares, replies, views, visibility, quote_of, reply_to from posts"
    )
    by_post = {r.pop("post"): r for r in told}
    assert by_post[own[3]] == {"likes": 1, "reshares": 2, "replies": 3, "views": 50, "visibility": "public",
                               "quote_of": f"{x}i/status/78", "reply_to": None}  # fmt: skip
    assert by_post[got[0]]["reply_to"] == own[0]
    assert by_post[got[1]]["visibility"] == "followers"
    assert made.total <= spent()


def test_what_is_known_is_not_paid_for_again(lab: Lab, made: MadeX) -> None:
    made.posts = [post(minutes(n), f"Beitrag {n}") for n in range(250)]
    made.mentions = many(130)
    connect(lab, made)
    labs.sync(lab)
    before = made.total
    labs.sync(lab)
    assert made.total == before
    made.posts.append(post(minutes(900), "Neu"))
    made.mentions.append(mention(minutes(901), "@anna neu", "205"))
    labs.sync(lab)
    assert made.total - before == Decimal("0.004")  # the post, the mention, and who wrote each
    assert labs.acts(lab) == happened(made)
    assert len(labs.posts(lab)) == 251 + 131


def test_posts_of_the_last_days_are_read_again_once_a_week(lab: Lab, made: MadeX) -> None:
    at = labs.now().replace(microsecond=0) - timedelta(days=2)
    made.posts = [post(minutes(0), "Alt"), post(at, "Neu")]
    connect(lab, made)
    labs.sync(lab)
    for p in made.posts:
        p["public_metrics"] = {**p["public_metrics"], "like_count": 9, "impression_count": 777}
    labs.sync(lab)
    assert {r["likes"] for r in rows(lab, "select likes from posts")} == {1}
    later = labs.now() + timedelta(days=8)
    syncing.sync(lab, [_only(lab)], clock=lambda: later)
    with lab.tables(as_of=later) as tables:
        found = tables.arrow("select text, likes, views from posts order by text").to_pylist()
    assert found == [{"text": "Alt", "likes": 1, "views": 50}, {"text": "Neu", "likes": 9, "views": 777}]


def _only(lab: Lab) -> Connection:
    from leumund.store import connections

    (found,) = connections.all_connections(lab.register)
    return found


def test_of_an_edited_post_only_the_last_version_stays(lab: Lab, made: MadeX) -> None:
    first, second = number_at(minutes(1)), number_at(minutes(2))
    made.posts = [post(minutes(1), "Mit Tipfehler")]
    connect(lab, made)
    labs.sync(lab)
    made.posts = [post(minutes(2), "Ohne Tippfehler", edit_history_tweet_ids=[first, second])]
    labs.sync(lab)
    assert labs.posts(lab) == {f"https://x.com/i/status/{second}": "Ohne Tippfehler"}


BAD: dict[str, Answer] = {
    "reset before a byte": faults.reset(),
    "reset in the middle": faults.reset([1, 2, 3, 4], after=6),
    "cut off": faults.cut_off([1, 2, 3, 4], after=6),
    "truncated JSON": faults.malformed({"data": [1, 2, 3, 4]}, after=12),
    "stall": faults.stalled(),
    "500": faults.broken(500),
    "503": faults.broken(503),
    "429 with a moment": faults.limited({"x-rate-limit-reset": "1000000000", "x-rate-limit-remaining": "0"}),
    "429 without a word": faults.limited(),
    "no object": good([1, 2]),
    "hung up": faults.hung_up(),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("charged", [False, True])
def test_a_fault_on_any_page_costs_no_act_and_is_paid_for_at_most_as_allowed(
    lab: Lab, made: MadeX, kind: str, *, charged: bool
) -> None:
    made.mentions = many(230)
    connect(lab, made)
    asked = 0

    def fault(request: Asked) -> Answer | None:
        nonlocal asked
        asked += request.path.endswith("mentions")
        return BAD[kind] if asked == 2 else None

    if charged and kind not in {"500", "503", "429 with a moment", "429 without a word"}:
        made.after = fault
    else:
        made.before = fault
    for _attempt in range(3):
        if not labs.failures(labs.sync(lab, stop=labs.Impatient())):
            break
    else:
        pytest.fail("it never came to its end")
    assert labs.acts(lab) == happened(made)
    assert made.total <= spent() < Decimal(3)


@pytest.mark.parametrize("kind", ["500", "503", "429 without a word", "429 with a moment"])
def test_what_x_refused_is_not_counted_as_spent(lab: Lab, made: MadeX, kind: str) -> None:
    made.mentions = many(30)
    connect(lab, made)
    waiting = [BAD[kind], BAD[kind]]
    made.before = lambda _asked: waiting.pop() if waiting else None
    assert labs.failures(labs.sync(lab, stop=labs.Impatient())) == []
    assert waiting == []
    assert spent() == made.total


def test_without_a_network_nothing_counts_as_spent(
    lab: Lab, made: MadeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(lab, made)
    before = spent()

    def nobody(*_args: object, **_more: object) -> NoReturn:
        raise ServerUnreachableError("made.test", "nobody answers there")

    monkeypatch.setattr("leumund.http.addresses.connect", nobody)
    for _attempt in range(3):
        assert labs.failures(labs.sync(lab, stop=labs.Impatient()))
    assert spent() == before


def test_where_x_counted_no_views_yet_they_are_unknown_and_not_0(lab: Lab, made: MadeX) -> None:
    none = {"like_count": 0, "retweet_count": 0, "reply_count": 0, "impression_count": 0}
    old, new = datetime(2021, 5, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
    made.posts = [post(old, "Alt", public_metrics=none), post(new, "Neu", public_metrics=none)]
    connect(lab, made)
    labs.sync(lab)
    found = rows(lab, "select text, views, likes from posts order by text")
    assert found == [{"text": "Alt", "views": None, "likes": 0}, {"text": "Neu", "views": 0, "likes": 0}]


def test_what_the_archive_tells_too_is_there_once(made: MadeX, at_home: Path) -> None:
    at, stamp = minutes(0), "Sun Mar 01 00:0{} :00 +0000 2026".replace(" :", ":")
    ben = {"start": 3, "end": 7, "username": "Ben", "id": "300"}
    named = {"user_mentions": [{"screen_name": "Ben", "id_str": "300", "name": "Ben"}]}
    picture = {"url": "https://t.co/p", "source_status_id_str": "78", "source_user_id_str": "300"}
    shown = {
        "url": "https://t.co/p",
        "expanded_url": "https://x.com/Ben/status/78/photo/1",
        "media_key": "3_2",
    }
    cut = {"url": "https://t.co/a", "expanded_url": "https://anna.example/a"}
    made.posts = [
        post(at, "Mein Kurs &amp; mehr https://t.co/a", entities={"urls": [cut]}),
        post(minutes(1), "RT @Ben: Ohne Bild", referenced_tweets=[{"type": "retweeted", "id": "77"}], entities={"mentions": [ben]}),
        post(minutes(2), "RT @Ben: Mit Bild https://t.co/p", referenced_tweets=[{"type": "retweeted", "id": "78"}],
             entities={"mentions": [ben], "urls": [shown]}),
        post(minutes(3), "@Ben danke", in_reply_to_user_id="300", entities={"mentions": [ben]},
             referenced_tweets=[{"type": "replied_to", "id": "79"}]),
    ]  # fmt: skip
    more: list[dict[str, Any]] = [
        {"entities": {"urls": [cut]}}, {"entities": named}, {"entities": {**named, "media": [picture]}},
        {"entities": named, "in_reply_to_status_id_str": "79", "in_reply_to_user_id_str": "300", "in_reply_to_screen_name": "Ben"},
    ]  # fmt: skip
    tweets = [
        {
            "tweet": {
                "id_str": p["id"],
                "full_text": p["text"],
                "lang": "de",
                "created_at": stamp.format(n),
                **more[n],
            }
        }
        for n, p in enumerate(made.posts)
    ]
    data = at_home / "archive" / "data"
    data.mkdir(parents=True)
    account = [
        {
            "account": {
                "accountId": ME,
                "username": "anna",
                "accountDisplayName": "Anna",
                "createdAt": "2019-01-02T03:04:05.000Z",
            }
        }
    ]
    (data / "account.js").write_text("window.YTD.account.part0 = " + json.dumps(account))
    (data / "tweets.js").write_text("window.YTD.tweets.part0 = " + json.dumps(tweets))
    run, folder = CliRunner().invoke, str(at_home / "mine")
    command = [
        "connect",
        "x",
        "anna",
        "--budget",
        "5",
        "--server",
        made.url,
        "--private-server",
        "--lab",
        folder,
    ]
    assert run(app, command, input="\n".join(KEYS) + "\n").exit_code == 0
    assert run(app, ["sync", "--lab", folder]).exit_code == 0
    with Lab.open(Path(folder)) as lab:
        acts, posts = labs.acts(lab), labs.posts(lab)
    assert len(acts) == 3
    result = run(app, ["import", str(data.parent), "--lab", folder])
    assert result.exit_code == 0, result.output
    with Lab.open(Path(folder)) as lab:
        assert labs.acts(lab) == acts
        assert labs.posts(lab) == posts


def test_when_the_budget_is_spent_reading_stops_and_goes_on_with_a_higher_one(lab: Lab, made: MadeX) -> None:
    made.mentions = many(700)
    connect(lab, made, "0.50", "yes")
    (outcome,) = labs.sync(lab)
    assert [type(f) for f in outcome.failures] == [BudgetSpentError]
    assert "$0.50" in outcome.failures[0].message
    assert made.total <= Decimal("0.50")
    kept = len(labs.acts(lab))
    assert 0 < kept < 700
    made.mentions += [mention(minutes(9_000), "@anna neu", "205")]
    labs.sync(lab)
    assert made.total <= Decimal("0.50")
    connect(lab, made, "20", "yes")
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == happened(made)


def test_next_month_it_goes_on_where_it_stopped(
    lab: Lab, made: MadeX, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.mentions = many(300)
    connect(lab, made, "0.30", "yes")
    labs.sync(lab)
    first = made.total
    assert first <= Decimal("0.30")
    month = datetime(2031, 1, 10, tzinfo=UTC)
    for _month in range(6):
        monkeypatch.setattr(fetching, "client_for", _clocked(month))
        before = made.total
        labs.sync(lab)
        assert made.total - before <= Decimal("0.30")
        month += timedelta(days=31)
    assert labs.acts(lab) == happened(made)


def _clocked(month: datetime) -> Callable[..., Client]:
    def client(connection: Connection, stop: threading.Event, waiting: Callable[..., None]) -> Client:
        return Client(
            origin=connection.server,
            allowed=frozenset({place(connection.server)}),
            stop=stop,
            waiting=waiting,
            clock=lambda: month,
        )

    return client


def test_faults_killed_runs_and_new_things_never_make_it_spend_more_than_allowed(
    lab: Lab, made: MadeX
) -> None:
    draw = random.Random(3)
    made.mentions, made.posts = many(300), [post(minutes(n), f"Beitrag {n}") for n in range(150)]
    made.followers = [str(1000 + n) for n in range(30)]
    allowed = Decimal("0.40")
    bad = [BAD[k] for k in ("reset before a byte", "cut off", "truncated JSON", "503", "hung up")]
    connect(lab, made, str(allowed), "yes")
    for round_ in range(12):
        made.before = lambda _asked: draw.choice(bad) if draw.random() < 0.2 else None
        made.after = lambda _asked: draw.choice(bad) if draw.random() < 0.2 else None
        made.mentions.append(mention(minutes(5_000 + round_), "@anna!", "201"))
        labs.sync(lab, stop=labs.Impatient())
        assert made.total <= spent() <= allowed


def test_killed_at_any_moment_it_spends_no_more_than_allowed_and_goes_on(lab: Lab, faulty: Faulty) -> None:
    from tests.living.test_faults import _killed

    made = MadeX(faulty).start()
    made.mentions = many(780)
    made.before = lambda _asked: None
    connect(lab, made, "2.50", "yes")
    draw, killed = random.Random(7), 0
    for _run in range(8):
        killed += _killed(lab, draw.uniform(0.5, 1.6)) != 0
        assert made.total <= spent() <= Decimal("2.50")
    assert killed
    connect(lab, made, "20")
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == happened(made)


def test_followers_that_take_more_than_half_of_what_is_left_are_left_out_and_said(
    lab: Lab, made: MadeX
) -> None:
    made.followers = [str(1000 + n) for n in range(400)]
    made.following = ["300"]
    connect(lab, made, "0.70", "yes")
    (outcome,) = labs.sync(lab)
    assert outcome.failures == []
    assert [e.message.split(":")[0] for e in outcome.left_out] == ["your followers"]
    assert "$0.40" in outcome.left_out[0].message
    assert made.asked("followers") == []
    before = made.total
    labs.sync(lab)
    assert made.total == before
    connect(lab, made, "5")
    assert labs.sync(lab)[0].left_out == []
    assert sum(a[0] == "follow" and a[2] == ANNA for a in labs.acts(lab)) == 400
    asked = len(made.asked("followers"))
    labs.sync(lab)
    assert len(made.asked("followers")) == asked  # once a week


def test_who_is_missing_from_the_followers_has_left(lab: Lab, made: MadeX) -> None:
    made.followers = [str(1000 + n) for n in range(20)]
    connect(lab, made)
    labs.sync(lab)
    made.followers.remove("1003")
    labs.sync(lab, full=True)
    assert [a[1] for a in labs.acts(lab) if a[0] == "unfollow"] == ["https://x.com/leser1003"]


def test_when_x_has_no_more_credit_it_says_so_at_once(lab: Lab, made: MadeX) -> None:
    connect(lab, made)
    problem = {"title": "CreditsDepleted", "detail": "no credits to fulfill this request"}
    made.before = lambda _asked: good(problem, status=402)
    (outcome,) = labs.sync(lab)
    (failure,) = outcome.failures
    assert "credit" in failure.message
    assert "no credits to fulfill" in failure.message
    assert len(made.asked("mentions")) == 0


def test_a_used_up_cap_is_not_waited_for(lab: Lab, made: MadeX) -> None:
    connect(lab, made)
    capped = {"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}
    made.before = lambda _asked: good(capped, status=429, headers={"x-rate-limit-reset": "9999999999"})
    (outcome,) = labs.sync(lab)
    assert "Monthly product cap" in outcome.failures[0].message
    assert len(made.asked("tweets")) == 1


def test_an_app_without_rights_is_told_what_it_lacks(lab: Lab, made: MadeX) -> None:
    made.mentions = many(3)
    connect(lab, made)
    enrol = {"title": "Client Forbidden", "detail": "attached to a Project", "reason": "client-not-enrolled"}
    made.before = lambda a: good(enrol, status=403) if a.path.endswith("tweets") else None
    (outcome,) = labs.sync(lab)
    assert ["403" in f.message and "attached to a Project" in f.message for f in outcome.failures] == [True]
    assert labs.acts(lab) == happened(made)


def test_a_key_that_is_no_longer_good_ends_it(lab: Lab, made: MadeX) -> None:
    connect(lab, made)
    made.before = lambda _asked: good({"title": "Unauthorized"}, status=401)
    (outcome,) = labs.sync(lab)
    assert [type(f).__name__ for f in outcome.failures] == ["TokenRefusedError"]


def test_what_x_does_not_show_is_a_problem_of_its_own(lab: Lab, made: MadeX) -> None:
    made.mentions = many(2)
    made.errors = [
        {"value": "200", "detail": "User has been suspended: [200].", "title": "Forbidden", "resource_type": "user"},
        {"title": 5}, "nonsense",
    ]  # fmt: skip
    connect(lab, made)
    (outcome,) = labs.sync(lab)
    assert outcome.failures == []
    assert labs.acts(lab) == happened(made)
    told = [r[0] for r in lab.register.db.execute("select message from problem")]
    assert len(told) == 3
    assert any("suspended" in message for message in told)


HOSTILE: list[Any] = [
    17, None, "nonsense", [], {}, {"id": "x", "text": "a", "created_at": "2026-03-01T00:00:00Z"},
    {"id": "5", "text": "a", "created_at": "yesterday", "author_id": "7"},
    {"id": "6", "text": None, "created_at": "2026-03-01T00:00:00Z", "author_id": "7"},
    {"id": "7", "text": "a", "created_at": "2026-03-01T00:00:00Z"},
    {"id": "8", "text": "RT ohne Namen", "created_at": "2026-03-01T00:00:00Z", "author_id": "7",
     "referenced_tweets": [{"type": "retweeted", "id": "1"}]},
    {"id": "9" * 40, "text": "a", "created_at": "2026-03-01T00:00:00Z", "author_id": "7"},
    {"id": "10", "text": "a", "created_at": "2026-03-01T00:00:00Z", "author_id": "7", "entities": "none"},
]  # fmt: skip
"""Records of which none can be used; twelve of them."""


def test_what_nobody_should_send_is_counted_and_spoils_nothing_else(lab: Lab, made: MadeX) -> None:
    good_one = mention(minutes(3), "@anna \ud800 gut \x1b[31m", "201", unheard_of={"a": [1, 2, {"b": None}]})
    good_one["public_metrics"] = {"like_count": "many", "retweet_count": -1, "impression_count": 2**70}
    body = {
        "data": [*HOSTILE, good_one],
        "includes": {"users": [person("201"), 5, {"id": []}, {"id": "9", "username": "../../etc"}], "odd": 3},
        "errors": {"detail": "one"}, "meta": ["?"], "more": 1,
    }  # fmt: skip
    connect(lab, made)
    made.server.answer(f"/2/users/{ME}/mentions", good(body), good({"meta": {}}))
    (outcome,) = labs.sync(lab)
    assert outcome.failures == []
    assert [a[:3] for a in labs.acts(lab)] == [("mention", "https://x.com/leser201", ANNA)]
    (row,) = rows(lab, "select text, likes, reshares, views from posts")
    assert row == {"text": "@anna  gut \x1b[31m", "likes": None, "reshares": None, "views": None}
    assert outcome.problems == len(HOSTILE) + 2 + 1


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b"[" * 100_000, b'{"data":' * 50_000, b'{"data": [{"id": NaN}]}', b"\xff\xfe", b'{"data": "x"}',
     b'{"data": {"id": "5"}, "includes": [], "meta": {"next_token": 7}, "errors": 1}'],
)  # fmt: skip
def test_an_odd_answer_is_said_and_no_crash(lab: Lab, made: MadeX, body: bytes) -> None:
    made.mentions = many(3)
    connect(lab, made)
    made.before = lambda a: good(body) if a.path.endswith("tweets") else None
    (outcome,) = labs.sync(lab)
    assert all("Something unexpected" not in f.message for f in outcome.failures)
    assert labs.acts(lab) == happened(made)


# -- connecting


def test_the_estimate_is_shown_and_a_budget_that_covers_it_asks_nothing(lab: Lab, made: MadeX) -> None:
    made.posts = [post(minutes(n), "x") for n in range(40)]
    made.followers = [str(n) for n in range(1000, 1060)]
    told: list[str] = []
    who = labs.asked("@Anna", prompt=answers(*KEYS), budget="5", server=made.url)
    object.__setattr__(who, "tell", told.append)
    connection = labs.connect(lab, "x", who)
    assert connection.account == ANNA
    text = "\n".join(told)
    for words in (
        "your posts (40): $0.041",
        "at most $1.60",
        "your followers (60): $0.060",
        "costs at most $1.71",
        "$5.00 a month",
    ):
        assert words in text, text
    assert made.total == spent() == Decimal("0.010")
    assert [a.path for a in made.server.asked()] == ["/2/users/me"]


def test_a_budget_that_does_not_cover_it_needs_her_word(lab: Lab, made: MadeX) -> None:
    with pytest.raises(SourceError, match="Not connected"):
        connect(lab, made, "1", "no")
    connect(lab, made, "1", "yes")


def test_without_a_budget_it_is_asked_for(lab: Lab, made: MadeX) -> None:
    labs.connect(lab, "x", labs.asked("anna", prompt=answers("5", *KEYS), server=made.url))
    assert _only(lab).settings["budget"] == "5"


def test_a_token_of_the_app_alone_is_reckoned_at_the_full_price(lab: Lab, made: MadeX) -> None:
    made.owned = False
    made.mentions = many(40)
    labs.connect(lab, "x", labs.asked("anna", prompt=answers("A" * 110, "yes"), budget="3", server=made.url))
    assert made.server.asked()[0].headers["authorization"] == "Bearer " + "A" * 110
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == happened(made)
    assert Decimal("0.2") < made.total <= spent() <= Decimal(3)


def test_requests_are_signed_and_no_key_is_sent(lab: Lab, made: MadeX) -> None:
    connect(lab, made)
    labs.sync(lab)
    for request in made.server.asked():
        header = request.headers["authorization"]
        assert header.startswith("OAuth ")
        assert 'oauth_signature="' in header
        assert KEYS[1] not in header
        assert KEYS[3] not in header
    nonces = {r.headers["authorization"].split('nonce="')[1][:32] for r in made.server.asked()}
    assert len(nonces) == len(made.server.asked())


def test_keys_of_somebody_else_are_refused(lab: Lab, made: MadeX) -> None:
    made.people[ME] = {"username": "Ben"}
    with pytest.raises(SourceError, match="@Ben"):
        connect(lab, made)


def test_an_account_that_x_does_not_show_is_said(lab: Lab, made: MadeX) -> None:
    made.before = lambda _asked: good({"errors": [{"detail": "User has been suspended: [anna]."}]})
    with pytest.raises(SourceError, match="suspended"):
        connect(lab, made)


@pytest.mark.parametrize(
    "where", ["", "anna@example.social", "https://example.org/anna", "i/user/5", "a b", "x" * 5000]
)
def test_what_is_no_handle_is_refused_before_anything_is_spent(lab: Lab, made: MadeX, where: str) -> None:
    with pytest.raises(UsageError):
        labs.connect(lab, "x", labs.asked(where, prompt=answers(*KEYS), budget="5", server=made.url))
    assert made.server.asked() == []


def test_from_the_command_line(made: MadeX, at_home: Path) -> None:
    made.mentions = many(3)
    run = CliRunner().invoke
    folder = str(at_home / "mine")
    command = [
        "connect",
        "x",
        "anna",
        "--budget",
        "5",
        "--server",
        made.url,
        "--private-server",
        "--lab",
        folder,
    ]
    result = run(app, command, input="\n".join(KEYS) + "\n")
    assert result.exit_code == 0, result.output
    result = run(app, ["sync", "--lab", folder, "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)[0]["new"]["acts"] == 3
    with Lab.open(Path(folder)) as lab:
        assert labs.acts(lab) == happened(made)
        for key in KEYS:
            assert all(key.encode() not in f.read_bytes() for f in lab.folder.rglob("*") if f.is_file())


def test_a_budget_is_changed_without_giving_the_keys_again(made: MadeX, at_home: Path) -> None:
    made.mentions = many(3)
    run = CliRunner().invoke
    folder = str(at_home / "mine")
    command = ["connect", "x", "anna", "--server", made.url, "--private-server", "--lab", folder, "--budget"]
    assert run(app, [*command, "5"], input="\n".join(KEYS) + "\n").exit_code == 0
    result = run(app, [*command, "9"], input="")
    assert result.exit_code == 0, result.output
    result = run(app, ["sync", "--lab", folder])
    assert result.exit_code == 0, result.output
    with Lab.open(Path(folder)) as lab:
        assert _only(lab).settings["budget"] == "9"
        assert labs.acts(lab) == happened(made)


@pytest.mark.parametrize(
    ("new", "sent"),
    [(("k", "s", "another", "t"), 'oauth_token="another"'), (("B" * 120, "yes"), "Bearer BBB")],
)
def test_keys_that_are_no_longer_good_are_asked_for_anew(
    made: MadeX, at_home: Path, new: tuple[str, ...], sent: str
) -> None:
    run = CliRunner().invoke
    command = ["connect", "x", "anna", "--server", made.url, "--private-server", "--lab", str(at_home / "mine"),
               "--budget", "5"]  # fmt: skip
    assert run(app, command, input="\n".join(KEYS) + "\n").exit_code == 0
    made.before = lambda a: good({}, status=401) if "access-token" in a.headers["authorization"] else None
    result = run(app, command, input="\n".join(new) + "\n")
    assert result.exit_code == 0, result.output
    assert sent in made.server.asked()[-1].headers["authorization"]
