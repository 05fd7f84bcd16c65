"""Whom one owes thanks: what was done for the owner, which answer belongs to it, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leumund.errors import UsageError
from leumund.facts.thanks import read_thanks
from leumund.measures import read
from leumund.measures.courtesy import MEASURE, courtesy
from leumund.measures.courtesy.drafts import draft
from leumund.measures.courtesy.explain import explain
from leumund.measures.role_models import MEASURE as ROLE_MODELS
from leumund.measures.role_models import role_models

from .made import World, friday

ME, ANNA, BEN, CARLA = 1, 2, 3, 4
DAY = timedelta(days=1)


def rows(world: World, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        courtesy(world.tables(friday(1)), **options).rows.sort_by("time").to_pylist()
    )
    return found


def answered(world: World, **options: Any) -> list[tuple[int, str, str | None]]:
    return [(r["account"], r["kind"], r["answered"]) for r in rows(world, **options)]


def thank(world: World, *whom: int, at: Any, text: str = "Danke", to: str | None = None) -> World:
    """A post of the owner's that thanks these."""
    world.post(ME, at=at, post="t", mentions=whom)
    world.rows["posts"][-1].update(text=text, reply_to=to)
    world._add(
        "thanks",
        at,
        post="t",
        account=ME,
        visibility="public",
        words=text,
        thanked=list(whom),
        **{"class": "thanks"},
    )
    return world


def mention(world: World, who: int, *, at: Any, text: str, **more: Any) -> World:
    world.post(who, at=at, post=f"by{who}", mentions=(ME,))
    world.rows["posts"][-1].update(text=text, **more)
    return world.act("mention", who, ME, at=at, via=f"by{who}")


def test_recommendations_reshares_and_quotes_are_open_until_answered() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday())
    world.act("reshare", BEN, ME, at=friday() + DAY, post="mine").act(
        "like", BEN, ME, at=friday() + DAY, post="mine"
    )
    world.act("quote", ANNA, ME, at=friday() + 2 * DAY, post="mine", via="hers")
    assert answered(world) == [(ANNA, "endorse", None), (BEN, "reshare", None), (ANNA, "quote", None)]
    assert [r["post"] for r in rows(world)] == ["p0", "mine", "hers"]


@pytest.mark.parametrize("kind", ["reply", "like", "reshare", "quote"])
def test_an_answer_to_the_very_post_is_certain_at_any_time_and_answers_no_other(kind: str) -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(ANNA, ME, at=friday() + DAY)
    world.act(kind, ME, ANNA, at=friday() + 6 * DAY, post="p0", via="v")
    assert answered(world) == [(ANNA, "endorse", kind), (ANNA, "endorse", None)]


def test_the_owners_word_settles_what_is_open_up_to_then_and_nothing_later() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(BEN, ME, at=friday())
    world.act("like", ME, BEN, at=friday() + DAY, post="p1")
    world.ff(ANNA, ME, at=friday() + 3 * DAY)
    for who in (ANNA, BEN):
        world.stated("thanked", at=friday() + 2 * DAY, account=who, how="thanked")
    assert answered(world) == [
        (ANNA, "endorse", "thanked elsewhere"), (BEN, "endorse", "like"), (ANNA, "endorse", None),
    ]  # fmt: skip


def test_what_the_owner_lets_go_is_neither_open_nor_answered() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(BEN, ME, at=friday())
    world.stated("thanked", at=friday() + DAY, account=ANNA, how="let go")
    world.stated("thanked", at=friday() + 2 * DAY, account=BEN, how="thanked")
    figures = courtesy(world.tables(friday(1))).figures
    assert {k: figures[k] for k in ("open", "answered", "share", "let_go")} == {
        "open": 0, "answered": 1, "share": 1.0, "let_go": 1,
    }  # fmt: skip
    before = courtesy(world.tables(friday() + DAY / 2)).figures
    assert (before["open"], before["let_go"]) == (2, 0)


def test_what_is_done_before_an_act_does_not_answer_it() -> None:
    world = World(own=(ME,)).act("reshare", ME, ANNA, at=friday() - DAY / 24, post="hers")
    world.act("reshare", ANNA, ME, at=friday(), post="mine")
    assert answered(world) == [(ANNA, "reshare", None)]


def test_one_thank_you_for_several_covers_all_it_names_and_all_they_did() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(BEN, ME, at=friday()).ff(CARLA, ME, at=friday())
    world.act("reshare", ANNA, ME, at=friday() + DAY, post="mine")
    thank(world, ANNA, BEN, at=friday() + 2 * DAY)
    world.act("reshare", ANNA, ME, at=friday() + 3 * DAY, post="mine2")
    assert sorted(answered(world), key=str) == sorted(
        [(ANNA, "endorse", "collective"), (ANNA, "reshare", "collective"), (ANNA, "reshare", None),
         (BEN, "endorse", "collective"), (CARLA, "endorse", None)], key=str,
    )  # fmt: skip


def test_a_thank_you_that_says_for_what_covers_only_that() -> None:
    world = (
        World(own=(ME,)).ff(ANNA, ME, at=friday()).act("reshare", ANNA, ME, at=friday() + DAY, post="mine")
    )
    thank(world, ANNA, at=friday() + 2 * DAY, text="Danke fürs Teilen")
    assert answered(world) == [(ANNA, "endorse", None), (ANNA, "reshare", "thanks")]


def test_a_thank_you_under_one_post_covers_that_post_alone() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(ANNA, ME, at=friday() + DAY)
    thank(world, ANNA, at=friday() + 2 * DAY, to="p1")
    assert answered(world) == [(ANNA, "endorse", None), (ANNA, "endorse", "reply")]


def test_each_act_in_kind_answers_one_and_the_matching_leaves_fewest_open() -> None:
    world = World(own=(ME,))
    for hour in (0, 1, 2):
        world.act("reshare", ANNA, ME, at=friday() + hour * DAY / 24, post=f"m{hour}")
    for half in (3, 6):
        world.act("reshare", ME, ANNA, at=friday() + half * DAY / 48, post=f"h{half}")
    assert sum(how is not None for _a, _k, how in answered(world)) == 2


def test_a_like_elsewhere_answers_only_at_once() -> None:
    for hours, how in ((1, "like"), (30, None)):
        world = World(own=(ME,)).act("reshare", ANNA, ME, at=friday(), post="m")
        world.act("like", ME, ANNA, at=friday() + hours * DAY / 24, post="hers")
        assert answered(world) == [(ANNA, "reshare", how)]


def test_a_mention_merits_thanks_unless_it_is_talk_thanks_a_list_or_an_advert() -> None:
    said = "Wer Rat sucht, lese bitte @me"
    assert answered(mention(World(own=(ME,)), ANNA, at=friday(), text=said)) == [(ANNA, "mention", None)]
    assert not answered(mention(World(own=(ME,)), ANNA, at=friday(), text=said, reply_to="x"))
    assert not answered(mention(World(own=(ME,)), ANNA, at=friday(), text=said, mentions=list(range(1, 9))))
    assert not answered(mention(World(own=(ME,)), ANNA, at=friday(), text="@me ja"))
    advert = said + " https://shop.example"
    assert not answered(mention(World(own=(ME,)), ANNA, at=friday(), text=advert))
    known = World(own=(ME,)).act("like", ANNA, ME, at=friday(), post="mine")
    assert answered(mention(known, ANNA, at=friday(), text=advert)) == [(ANNA, "mention", None)]
    private = mention(World(own=(ME,)), ANNA, at=friday(), text=said, visibility="direct")
    assert not answered(private)


def test_robots_by_their_own_word_and_the_no_go_list_merit_none() -> None:
    world = World(own=(ME,)).ff(ANNA, ME, at=friday()).ff(BEN, ME, at=friday()).ff(CARLA, ME, at=friday())
    world.mark(BEN, "nogo", at=friday())
    world.sighting(CARLA, None, at=friday())
    world.rows["sightings"][-1]["automated"] = True
    assert answered(world) == [(ANNA, "endorse", None)]


def test_accounts_of_one_person_are_one_and_answered_together() -> None:
    world = World(own=(ME,), persons=((ANNA, BEN),)).ff(ANNA, ME, at=friday())
    world.act("reshare", BEN, ME, at=friday() + DAY, post="mine")
    thank(world, BEN, at=friday() + 2 * DAY)
    assert answered(world) == [(ANNA, "endorse", "thanks"), (ANNA, "reshare", "thanks")]


def test_what_has_waited_longest_stands_first_and_what_is_older_is_let_go() -> None:
    world = World(own=(ME,)).act("reshare", BEN, ME, at=friday() + DAY, post="m")
    world.act("reshare", ANNA, ME, at=friday(), post="m").act("reshare", CARLA, ME, at=friday(-5), post="m")
    reading = read(MEASURE, world.tables(friday(1)), lambda keys: dict.fromkeys(keys, "@x"))
    assert [row[:2] for row in reading.rows] == [(1, ANNA), (2, BEN)]
    assert reading.figures["let_go"] == 1
    assert any("longest at the top" in str(note) for note in reading.notes)
    assert len(rows(world, days=7)) == 1
    with pytest.raises(UsageError):
        courtesy(world.tables(friday(1)), days=0)


def busy(reason: bool = True) -> World:
    """Ten reshares a day by the same people, and one argued recommendation yesterday by somebody new."""
    world = World(own=(ME,)).act("follow", 50, ME, at=friday(-20))
    for day in range(30):
        for who in range(10):
            world.act("reshare", 10 + who, ME, at=friday(1) - (day + 1) * DAY, post=f"m{day}")
    return world.ff(ANNA, ME, at=friday(1) - DAY / 2, reason="weil sie zuhört" if reason else "")


def test_beyond_capacity_first_timers_and_reasons_come_first() -> None:
    found = rows(busy(), minutes_a_day=5, minutes_each=2)
    first = min((r for r in found if r["turn"]), key=lambda r: r["turn"])
    assert (first["account"], first["reason"]) == (ANNA, "first time, gave a reason")
    figures = courtesy(busy().tables(friday(1)), minutes_a_day=5, minutes_each=2).figures
    assert figures["load"] == pytest.approx(figures["rate"] * 2 / 5)  # type: ignore[operator]
    assert figures["thanked_share"] == pytest.approx(1 / figures["load"])  # type: ignore[operator]
    assert figures["people"] == 11
    within = rows(busy(), minutes_a_day=600, minutes_each=2)
    assert max((r for r in within if r["turn"]), key=lambda r: r["turn"])["account"] == ANNA


def followed(weekly: int) -> World:
    """Busy, with so many more followers each week for twenty weeks, 200 at the end."""
    world = busy()
    for week in range(20):
        world.sighting(ME, 200 - weekly * (19 - week), at=friday(week - 18) - DAY / 24)
    return world


def said(world: World, **options: Any) -> str:
    return " ".join(str(n) for n in courtesy(world.tables(friday(1)), **options).notes)


def test_the_day_from_which_not_everybody_can_be_thanked_is_told_before_and_after_it() -> None:
    """About 10 acts a day with about 200 followers: 10 minutes and 1 each fit 200; 40 fit 800, 5 fit 100."""
    behind = courtesy(followed(10).tables(friday(1)), minutes_a_day=5, minutes_each=1).figures
    assert (
        str(behind["until_low"])
        <= str(behind["until"])
        <= str(behind["until_high"])
        < friday(1).date().isoformat()
    )
    assert "that many you have had since" in said(followed(10), minutes_a_day=5, minutes_each=1)
    ahead = courtesy(followed(10).tables(friday(1)), minutes_a_day=40, minutes_each=1).figures
    assert friday(1).date().isoformat() < str(ahead["until"])
    weeks = (ahead["community"] - ahead["followers"]) / 10  # type: ignore[operator]
    assert ahead["until"] == (friday(1) + timedelta(weeks=weeks)).date().isoformat()
    assert "as they grow now, that is on" in said(followed(10), minutes_a_day=40, minutes_each=1)
    assert "not so in the next ten years" in said(followed(10), minutes_a_day=1400, minutes_each=0.5)
    assert "not known well enough" in said(
        busy().sighting(ME, 20, at=friday()), minutes_a_day=40, minutes_each=1
    )


def test_what_ten_minutes_more_change_is_never_for_the_worse() -> None:
    for minutes in (1, 5, 20, 100):
        f = courtesy(followed(3).tables(friday(1)), minutes_a_day=minutes, minutes_each=1).figures
        for better, worse in (
            ("thanked_share_more", "thanked_share"), ("community_more", "community"), ("open_later", "open_later_more"),
            ("load", "load_more"), ("thanked_share_high", "thanked_share"), ("thanked_share", "thanked_share_low"),
        ):  # fmt: skip
            assert f[better] >= f[worse]  # type: ignore[operator]


def test_minutes_are_measured_from_the_hours_noted_and_said_ones_go_before() -> None:
    world = busy()
    for n in range(30):
        world.act("like", ME, 10 + n % 10, at=friday(1) - (n + 1) * DAY + DAY / 48, post=f"x{n}")
    assert courtesy(world.tables(friday(1))).figures["minutes_each"] == 2.0
    world.stated("hours", at=friday(), hours=2.0)
    figures = courtesy(world.tables(friday(1))).figures
    assert figures["minutes_each"] == pytest.approx(120 / 30)
    assert courtesy(world.tables(friday(1)), minutes_each=1).figures["minutes_each"] == 1
    for bad in (0, -1, float("nan"), 2000):
        with pytest.raises(UsageError):
            courtesy(world.tables(friday(1)), minutes_a_day=bad)


def test_an_explanation_shows_both_sides_and_drafts_only_of_what_is_open() -> None:
    world = (
        World(own=(ME,)).ff(ANNA, ME, at=friday()).act("reshare", ME, ANNA, at=friday() - DAY, post="hers")
    )
    world.profile(ME).profile(ANNA)
    found = explain(world.tables(friday(1)), ANNA).rows.to_pylist()
    assert [r["what"] for r in found] == ["draft", "done for you", "done by you"]
    assert found[0]["text"].startswith("@a2@example.social ")
    thank(world, ANNA, at=friday() + DAY)
    found = explain(world.tables(friday(1)), ANNA).rows.to_pylist()
    assert next((r["what"], r["answered"]) for r in found) == ("done for you", "thanks")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "kinds", [["endorse"], ["reshare", "quote"], ["mention", "endorse", "reshare", "quote"]]
)
def test_every_draft_is_read_as_thanks_and_fits(kinds: list[str], language: Any) -> None:
    text = draft("x", "ben", kinds, language)
    assert text is not None
    assert read_thanks(text).kind == "thanks"
    assert draft("x", "b" * 400, kinds, language) is None


def test_who_thanks_counts_what_the_owner_did_and_leaves_time_to_answer() -> None:
    world = World(own=(ME,))
    for week in range(4):
        world.act("reshare", ME, ANNA, at=friday(week - 6), post=f"a{week}").act(
            "reshare", ME, BEN, at=friday(week - 6), post=f"b{week}"
        )
        world.act("reshare", ANNA, ME, at=friday(week - 6) + DAY / 4, post=f"m{week}")
    world.act("reshare", ME, BEN, at=friday(1) - DAY, post="late")
    result = role_models(world.tables(friday(1)))
    found = {r["account"]: (r["done"], r["answered"]) for r in result.rows.to_pylist()}
    assert found == {ANNA: (4, 4), BEN: (4, 0)}
    assert result.figures == {"people": 2, "always": 1, "never": 1}
    bounds = {r["account"]: (r["low"], r["high"]) for r in result.rows.to_pylist()}
    assert (bounds[ANNA][1], bounds[BEN][0]) == (1, 0), "all may be all, and none none"
    world.mark(BEN, "nogo", at=friday(0))
    kept = role_models(world.tables(friday(1)), without_nogo=True).rows["account"].to_pylist()
    assert kept == [ANNA]


def test_the_ledgers_are_private() -> None:
    assert MEASURE.private
    assert ROLE_MODELS.private
