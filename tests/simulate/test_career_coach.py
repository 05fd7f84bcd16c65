"""The story holds: what the truth says is what the events show."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from leumund.events import KINDS, Account, Act, Deletion, Event, Post, Statement
from leumund.ids import account_uri, mentioned_account, network_of
from leumund.simulate import FridayClass, Who, World, career_coach
from leumund.simulate.clock import local, moment
from leumund.simulate.truth import MACHINES


@pytest.fixture(scope="module")
def world() -> World:
    return career_coach()


def posts(world: World) -> dict[str, Post]:
    return {e.post: e for e in world.events() if isinstance(e, Post)}


def acts(world: World) -> list[Act]:
    return [e for e in world.events() if isinstance(e, Act)]


def when(event: Event) -> datetime:
    if isinstance(event, Account):
        return event.seen_at
    assert isinstance(event, Post | Act | Statement | Deletion)
    return event.happened_at


def test_same_seed_same_world_and_another_seed_another() -> None:
    one, again, other = (list(career_coach(seed=s, days=60, followers=150).events()) for s in (1, 1, 2))
    assert one == again
    assert one != other
    assert (
        career_coach(seed=1, days=60, followers=150).truth
        == career_coach(seed=1, days=60, followers=150).truth
    )


def test_times_are_ordered_aware_and_inside_the_story(world: World) -> None:
    times = [when(e) for e in world.events()]
    assert all(t.tzinfo is UTC for t in times)
    assert times == sorted(times)
    assert moment(world.start, 0) <= times[0]
    assert times[-1] < world.end


def test_about_800_followers_at_the_end_and_the_acts_add_up_to_them(world: World) -> None:
    days = sorted(world.truth.followers)
    assert days == [world.start + timedelta(days=n) for n in range(world.days)]
    assert abs(world.truth.followers[days[-1]] - 800) <= 40
    seen = {
        local(e.seen_at).date(): e.followers
        for e in world.events()
        if isinstance(e, Account) and e.account == world.own
    }
    assert seen == dict(world.truth.followers)
    gone = {e.subject: e.happened_at for e in world.events() if isinstance(e, Deletion) and e.of == "account"}
    for day in days[::30] + days[-1:]:
        evening, following = moment(day, 23.5), set[str]()
        for act in acts(world):
            if act.target == world.own and act.happened_at <= evening and act.kind in ("follow", "unfollow"):
                (following.add if act.kind == "follow" else following.discard)(act.actor)
        assert len({a for a in following if a not in gone or gone[a] > evening}) == world.truth.followers[day]


@pytest.mark.parametrize("seed", [2011, 3, 4])
def test_the_silent_week_is_silent_and_its_echo_a_trickle(seed: int) -> None:
    world = career_coach(seed=seed)
    first, last = world.truth.silence
    assert (first.weekday(), (last - first).days) == (0, 6)
    quiet = moment(first, 0), moment(last + timedelta(days=1), 0)
    hers = set(world.truth.same_person[0])
    for event in world.events():
        if isinstance(event, Post | Act) and quiet[0] <= event.happened_at < quiet[1]:
            assert (event.account if isinstance(event, Post) else event.actor) not in hers
    week = Counter(
        (a.happened_at - quiet[0]) // timedelta(days=7) for a in acts(world) if a.target == world.own
    )
    assert week[0] * 3 < week[-1]
    assert week[0] * 3 < week[1]


def test_every_reference_leads_to_something_earlier(world: World) -> None:
    known = posts(world)
    assert len(known) == sum(isinstance(e, Post) for e in world.events())
    seen: set[str] = set()
    for event in world.events():
        if isinstance(event, Account):
            seen.add(event.account)
        elif isinstance(event, Post):
            assert event.account in seen
            assert seen.issuperset(event.mentions)
            for parent in (event.reply_to, event.quote_of):
                assert parent is None or known[parent].happened_at <= event.happened_at
            assert event.reply_to is None or known[event.reply_to].account == event.reply_to_account
        elif isinstance(event, Act):
            assert {event.actor, event.target} <= seen
            assert event.actor != event.target
            if event.via is not None:
                assert known[event.via].account == event.actor
                assert known[event.via].happened_at == event.happened_at
            if event.kind in ("like", "reshare", "reply", "quote"):
                assert event.post is not None
                assert known[event.post].account == event.target
                assert known[event.post].happened_at <= event.happened_at
            if event.kind == "reply":
                assert event.via is not None
                assert known[event.via].reply_to == event.post
            if event.kind == "quote":
                assert event.via is not None
                assert known[event.via].quote_of == event.post
            if event.kind == "mention":
                assert event.via is not None
                assert event.target in known[event.via].mentions
    named = [a.act for a in acts(world) if a.act]
    assert len(named) == len(set(named))


def test_all_verbs_and_all_kinds_of_accounts_occur(world: World) -> None:
    assert {a.kind for a in acts(world)} == set(KINDS)
    assert set(world.truth.who.values()) == set(get_args(Who))
    assert {f.friday_class for f in world.truth.fridays} == set(get_args(FridayClass))
    assert 3_000 <= len(acts(world)) <= 8_000
    assert {a.act for a in acts(world) if a.kind == "endorse"} == set(world.truth.featured)


def test_names_are_canonical_and_no_domain_is_real(world: World) -> None:
    accounts = {e.account: e for e in world.events() if isinstance(e, Account)}
    assert accounts.keys() <= world.truth.who.keys()
    for uri, account in accounts.items():
        assert account_uri(uri, account.network) == uri
        assert network_of(uri) == account.network
        assert account.created_at is None or account.created_at <= account.seen_at
    domain = re.compile(r"(?:https?://|@[\w.-]+@|acct:[^@\s]+@)([\w-]+(?:\.[\w-]+)+)")
    for event in world.events():
        for found in domain.findall(" ".join(str(v) for v in dataclasses.asdict(event).values())):
            assert found.rstrip(".").endswith(".example"), found


def test_handles_in_a_text_are_the_mentions_of_its_post(world: World) -> None:
    handle = re.compile(r"@[\w.-]*\w(?:@[\w.-]*\w)?")
    for post in posts(world).values():
        server = post.account.rpartition("@")[2]
        written = [h if h.count("@") == 2 else f"{h}@{server}" for h in handle.findall(post.text)]
        assert {mentioned_account(h, "mastodon") for h in written} <= set(post.mentions), post.text


def test_every_post_with_the_tag_is_in_the_truth_and_every_ring_vote(world: World) -> None:
    tagged = {
        p.post for p in posts(world).values() if re.search(r"#(ff|followfriday)\b", p.text, re.IGNORECASE)
    }
    assert tagged == {f.post for f in world.truth.fridays}
    ring = set(world.truth.accounts("ring"))
    for friday in world.truth.fridays:
        post = posts_cached(world)[friday.post]
        assert (post.account, post.happened_at) == (friday.author, friday.happened_at)
        assert set(friday.named) == set(post.mentions)
        assert (friday.friday_class == "ring") == (friday.author in ring)
        assert set(friday.endorsed) in (set(), set(friday.named))
        if friday.friday_class == "ring":
            assert {*friday.endorsed, friday.author} - {world.own} <= ring
            assert world.own in friday.endorsed
    notified = {a.via for a in acts(world) if a.kind in ("mention", "reply") and a.target == world.own}
    assert {f.post for f in world.truth.fridays if world.own in f.named} <= notified | {None}


_POSTS: dict[int, dict[str, Post]] = {}


def posts_cached(world: World) -> dict[str, Post]:
    return _POSTS.setdefault(id(world), posts(world))


@pytest.mark.parametrize("seed", [2011, 2014, 2019])
def test_she_stands_in_the_upper_middle_of_the_honest_board(seed: int) -> None:
    world = career_coach(seed=seed)
    board = world.truth.honest_board()
    rank = 1 + [account for account, _ in board].index(world.own)
    assert 5 <= rank <= 15
    assert sum(points >= 3 for _, points in board) >= 50
    assert not {account for account, _ in board} & set(world.truth.accounts("ring"))


def test_thanks_given_and_owed_add_up(world: World) -> None:
    by_act = {a.act: a for a in acts(world) if a.act}
    known, truth = posts_cached(world), world.truth
    assert len(truth.open_thanks) + len(truth.answered_thanks) == len(truth.debts)
    assert min(len(truth.open_thanks), len(truth.answered_thanks)) > 100
    for debt in truth.debts:
        subject = by_act.get(debt.subject) or known[debt.subject]
        assert (subject.actor if isinstance(subject, Act) else subject.account) == debt.actor
        assert subject.happened_at == debt.since
        if debt.thanked_at is not None:
            assert debt.by is not None
            answer = by_act.get(debt.by) or known[debt.by]
            assert answer.happened_at == debt.thanked_at >= debt.since
            assert (answer.actor if isinstance(answer, Act) else answer.account) == world.own
            if debt.how in ("reply", "collective"):
                assert debt.actor in truth.thanks_posts[debt.by]
    for post in truth.not_thanks:
        assert post not in truth.thanks_posts
        assert "dank" in known[post].text.lower()
    for post in truth.thanks_posts:
        assert re.search(r"dank", known[post].text, re.IGNORECASE), known[post].text
    early, late = (
        [d for d in truth.debts if (d.since < moment(date(2025, 12, 1), 0)) is e] for e in (True, False)
    )
    rate = [sum(d.thanked_at is not None for d in part) / len(part) for part in (early, late)]
    assert rate[0] > rate[1] + 0.1


@pytest.mark.parametrize("seed", [2011, 3])
def test_her_labels_are_a_hundred_drawn_by_lot_and_say_what_is_true(seed: int) -> None:
    world = career_coach(seed=seed)
    truth = world.truth
    said = [e for e in world.events() if isinstance(e, Statement) and e.kind == "label"]
    assert 95 <= sum(s.body["answer"] != "reviewed" for s in said) <= 104
    assert len({s.body["label"] for s in said}) == len(said)
    assert (said[-1].happened_at - said[0].happened_at) < timedelta(minutes=10)
    for label in said:
        who = truth.who[str(label.body["label"])]
        assert who != "bot declared", "it says so itself: nobody asks"
        if label.body["answer"] != "reviewed":
            assert (label.body["answer"] == "robot") == (who in MACHINES)


def test_the_truth_knows_how_many_of_her_followers_are_people(world: World) -> None:
    truth = world.truth
    last = max(truth.followers)
    here = [a for a in truth.audience if a.startswith("acct:")]
    assert abs(len(here) - truth.followers[last]) <= 15, (
        "some follow on Bluesky alone, under their first account"
    )
    assert len(set(truth.audience)) == len(truth.audience)
    assert truth.people_following == sum(
        truth.who[a] in {"person", "fan", "loyal fan", "coach", "ring"} for a in truth.audience
    )


def test_the_ledger_agrees_with_the_truth(world: World) -> None:
    said = [e for e in world.events() if isinstance(e, Statement)]
    truth = world.truth
    assert len({s.statement for s in said}) == len(said)
    first = [s for s in said if "entry" not in s.body]
    assert Counter(s.kind for s in first)["customer"] == len(truth.customers) == 22
    assert sum(not c.lead for c in truth.customers) == 17
    assert [s.body["entry"] for s in said if s.kind == "customer" and "entry" in s.body] == [
        s.statement for s in first if s.body.get("customer") == "Kundin 02"
    ]
    weekly = {
        local(s.happened_at).date() - timedelta(days=6): s.body["hours"]
        for s in said
        if s.kind == "time" and s.body["time"] == "mastodon"
    }
    assert weekly == truth.hours
    assert truth.hours[truth.silence[0]] == 0
    assert [s.body["amount"] for s in said if s.kind == "cost"] == [amount for _, _, amount in truth.costs]
    goals = [(s.body["target"], str(s.body["until"])) for s in said if s.kind == "goal"]
    assert [(target, local(datetime.fromisoformat(until)).date()) for target, until in goals] == [
        (25, date(2026, 3, 31)), (5000, date(2026, 3, 31)), (1200, date(2026, 6, 1)),
    ]  # fmt: skip
    assert {local(s.happened_at).date(): s.body["fun"] for s in said if "fun" in s.body} == truth.fun
    follow = {a.actor: a.happened_at for a in acts(world) if a.kind == "follow" and a.target == world.own}
    for customer in truth.customers:
        for account in customer.chain:
            assert follow[account].date() <= customer.since
    assert sum(len(c.chain) > 0 and not c.lead for c in truth.customers) == 7


def test_in_weeks_with_questions_more_people_respond(world: World) -> None:
    trial = world.truth.trial
    assert trial is not None
    assert (trial.pairs, trial.begins.weekday()) == (8, 0)
    assert trial.last < world.truth.silence[0]
    who: dict[int, set[str]] = {}
    for act in acts(world):
        week = (act.happened_at.date() - trial.begins).days // 7
        if act.target == world.own and act.kind in ("like", "reshare", "reply", "quote") and 0 <= week < 16:
            who.setdefault(week, set()).add(act.actor)
    with_it, without = (
        [len(who[w]) for w, on in enumerate(trial.weeks) if on is what] for what in (True, False)
    )
    assert sum(with_it) > 1.15 * sum(without)  # 2.2 times the chance; many respond to several posts a week


def test_the_experiment_is_planned_before_it_begins_and_its_promises_stay(world: World) -> None:
    said = [e for e in world.events() if isinstance(e, Statement) and e.kind == "experiment"]
    plan, started, stopped = sorted((s.body for s in said), key=lambda body: str(body["said_at"]))
    assert str(plan["said_at"]) < str(started["said_at"]) < str(plan["begins"]) < str(stopped["said_at"])
    for name in ("change", "outcome", "pairs", "begins", "seed", "weeks"):
        assert plan[name] == started[name] == stopped[name]


def test_a_short_world_has_no_room_for_an_experiment() -> None:
    assert career_coach(days=42, followers=100).truth.trial is None


def test_what_is_gone_stays_gone(world: World) -> None:
    gone = {e.subject: e.happened_at for e in world.events() if isinstance(e, Deletion)}
    assert set(gone) == set(world.truth.gone)
    for event in world.events():
        if isinstance(event, Post | Act):
            touched = (
                (event.post, event.account, event.reply_to)
                if isinstance(event, Post)
                else (event.act, event.actor, event.target, event.post, event.via)
            )
            assert all(event.happened_at <= gone[t] for t in touched if t in gone)


def test_people_vary_their_words_and_machines_repeat_theirs(world: World) -> None:
    words: dict[bool, list[str]] = {True: [], False: []}
    for post in posts_cached(world).values():
        who = world.truth.who[post.account]
        if (
            who in ("self", "fan", "loyal fan", "coach", "person")
            and post.account.startswith("acct:")
            and len(post.text) > 40
        ):
            words[True].append(post.text)
        elif who in ("bot undeclared", "advertiser"):
            words[False].append(post.text)
        assert post.text == post.text.strip()
        assert 0 < len(post.text) <= 500
        assert "{" not in post.text
    assert len(set(words[True])) > 0.97 * len(words[True])
    assert len(set(words[False])) < 0.6 * len(words[False])
    languages = Counter(p.language for p in posts_cached(world).values())
    assert languages["de"] > 4 * languages["en"] > 400


def test_copies_are_later_and_nearly_the_same(world: World) -> None:
    known = posts_cached(world)
    assert len(world.truth.copies) >= 8
    for copy, original in world.truth.copies:
        assert known[copy].happened_at > known[original].happened_at
        assert known[copy].account != known[original].account == world.own
        assert known[copy].text[:80] == known[original].text[:80]


def test_followers_are_of_the_kinds_they_are(world: World) -> None:
    seen = {e.account: e for e in world.events() if isinstance(e, Account)}
    for account in world.truth.accounts("bot declared"):
        assert account not in seen or seen[account].automated
    for account in world.truth.accounts("farm"):
        assert (seen[account].following or 0) > 1000
        assert 0.8 < (seen[account].followers or 0) / (seen[account].following or 1) < 1.25
    left = Counter(
        world.truth.who[a.actor] for a in acts(world) if a.kind == "unfollow" and a.target == world.own
    )
    assert left.most_common(1)[0][0] == "farm"


def test_she_has_a_second_account_with_few_followers(world: World) -> None:
    first, second = world.truth.same_person[0]
    assert first == world.own
    assert second.startswith("did:plc:")
    seen = [e for e in world.events() if isinstance(e, Account) and e.account == second]
    assert all(e.own for e in seen)
    assert 20 <= (seen[-1].followers or 0) <= 60


@pytest.mark.parametrize(("days", "followers"), [(41, 800), (182, 99)])
def test_a_story_too_small_is_refused(days: int, followers: int) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        career_coach(days=days, followers=followers)


def test_summer_time_begins_and_ends_on_last_sundays() -> None:
    assert moment(date(2025, 10, 25), 8) == datetime(2025, 10, 25, 6, tzinfo=UTC)
    assert moment(date(2025, 10, 26), 8) == datetime(2025, 10, 26, 7, tzinfo=UTC)
    assert moment(date(2026, 3, 29), 8) == datetime(2026, 3, 29, 6, tzinfo=UTC)
