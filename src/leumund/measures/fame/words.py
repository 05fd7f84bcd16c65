"""Does fame bring business? The answer in sentences, each of which can be looked up in the figures."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, exp, inf
from typing import Any

from leumund.locale import N_
from leumund.measures import Note
from leumund.measures.fame.taken import Answer
from leumund.measures.returns import NO_CUSTOMER, UNPRICED
from leumund.measures.returns.effect import LEAST_CUSTOMERS, LEAST_WEEKS, Effect

_WEEKS_A_MONTH = 365.2425 / 12 / 7
_SURE = 0.05
_NEVER_WEEKS = 522


def verdict(answer: Answer) -> str:
    """The answer in a word: yes (somebody says so), perhaps (only others had part in it too), no_sign, unknown."""
    if not answer.asked.number:
        return "unknown"
    if answer.customers.alone or has_risen(answer):
        return "yes"
    if answer.customers.involved:
        return "perhaps"
    told = answer.customers.number - answer.customers.unknown
    return "no_sign" if told >= LEAST_CUSTOMERS else "unknown"


def has_risen(answer: Answer) -> bool:
    """Whether clearly more came after weeks with more influence, and shifted weeks seldom look as much alike."""
    effect = answer.influence
    return (
        effect is not None and not effect.is_silent and effect.low > 0
        and answer.shift is not None and answer.shift <= _SURE
    )  # fmt: skip


def sentences(answer: Answer) -> Iterator[Note]:
    """The answer first, then what it stands on, then what would be needed to know more."""
    if not answer.asked.number:
        yield NO_CUSTOMER
        yield from _responses(answer)
        return
    yield from _told(answer)
    yield from _cost(answer)
    yield from _weeks(answer)
    yield from _needed(answer)
    yield from _responses(answer)


def _told(answer: Answer) -> Iterator[Note]:
    told = answer.customers
    said: dict[str, Any] = {
        "n": told.number, "credit": told.credit, "alone": told.alone, "involved": told.involved, "unknown": told.unknown,
        "asked": answer.asked.number, "asked_involved": answer.asked.involved,
    }  # fmt: skip
    if told.involved:
        text = N_(
            "Yes, by what they say themselves: social networks had part in {involved} of {n} customers, and {alone} came by nothing else. Shared"
            " equally along each chain that makes {credit:.1f} customers."
        )
        if not told.alone:
            text = N_(
                "Perhaps: social networks had part in {involved} of {n} customers, and in each of them something else had part too. Shared"
                " equally along each chain that makes {credit:.1f} customers."
            )
    elif not told.number and answer.asked.involved:
        text = N_(
            "Not yet: nobody has bought so far; of {asked} people who asked {asked_involved} came by social networks."
        )
    elif verdict(answer) == "no_sign":
        text = N_("There is no sign of it: no social network had part in any of {n} customers.")
    else:
        text = N_("Nobody can say yet: of {n} customers too few have told how they came.")
    yield Note(text, said)
    if told.unknown:
        yield Note(
            N_("Customers of whom nothing is told: {unknown} of {n}. Ask each new one: how did you find me?"),
            said,
        )


def _cost(answer: Answer) -> Iterator[Note]:
    if answer.rate is None and answer.social.hours:
        yield Note(UNPRICED, {"hours": sum(c.spent.hours for c in answer.channels)})
    for one, words, without in (
        (
            answer.each_social,
            N_(
                "A customer through social networks cost {value:.0f} (between {low:.0f} and {high:.0f}, 90 per cent)."
            ),
            N_(
                "Social networks have cost {spent:.0f} and brought no customer: one costs more than {low:.0f}."
            ),
        ),
        (
            answer.each_paid,
            N_(
                "A customer through adverts, fairs and the like cost {value:.0f} (between {low:.0f} and {high:.0f})."
            ),
            N_(
                "Adverts, fairs and the like have cost {spent:.0f} and brought no customer: one costs more than {low:.0f}."
            ),
        ),
    ):
        if one is not None:
            side = answer.social if one is answer.each_social else answer.paid
            values = {"value": one.value, "low": one.low, "high": one.high, "spent": side.worth}
            yield Note(words if one.value is not None and one.high is not None else without, values)
    ratio = answer.ratio
    if ratio.low is None and ratio.high is None:
        return
    low, high = ratio.low or 0.0, ratio.high or inf
    text = N_(
        "Which of both is cheaper cannot be told yet: between {low:.2f} and {high:.1f} times as much through social networks."
    )
    if high < 1:
        text = N_(
            "Social networks are cheaper: a customer costs {low:.2f} to {high:.2f} times what one costs otherwise."
        )
    elif low > 1:
        text = N_(
            "Social networks are dearer: a customer costs {low:.1f} to {high:.1f} times what one costs otherwise."
        )
    yield Note(text, {"low": low, "high": high})


def _weeks(answer: Answer) -> Iterator[Note]:
    """Whether more came after weeks with more influence."""
    values: dict[str, Any] = {
        "weeks": len(answer.weekly), "asked": int(answer.weekly.asked.sum()), "least_weeks": LEAST_WEEKS, "least": LEAST_CUSTOMERS,
    }  # fmt: skip
    if answer.influence is None:
        text = N_(
            "Whether more people come after weeks with more influence cannot be told: {asked} came in {weeks} whole weeks, and at least {least}"
            " in {least_weeks} weeks with changing influence are needed."
        )
        yield Note(text, values)
    else:
        values |= {**_times(answer.influence), "p": answer.shift}
        effect = answer.influence
        is_clear = not effect.is_silent and not effect.low < 0 < effect.high
        text = N_(
            "Whether more people come after weeks with more influence cannot be told yet: between {low:.2f} and {high:.2f} times as many can be"
            " (before counting: {prior_low:.2f} to {prior_high:.2f})."
        )
        if effect.is_silent:
            text = N_(
                "Whether more people come after weeks with more influence: the data say nothing. Before: {prior_low:.2f} to {prior_high:.2f} times"
                " as many could be; after {asked} people in {weeks} weeks: {low:.2f} to {high:.2f} times."
            )
        elif is_clear:
            text = N_(
                "After weeks with clearly more influence (by as much as weeks usually differ) {times:.2f} times as many people came (between {low:.2f} and {high:.2f};"
                " before counting {prior_low:.2f} to {prior_high:.2f} were thought possible). What rises or swings with the time of year alone is left out."
            )
        yield Note(text, values)
        if answer.shift is not None and is_clear:
            text = N_(
                "Weeks shifted against each other look as much alike in {p:.0%} of all cases: it may be chance."
            )
            if answer.shift <= _SURE:
                text = N_("Weeks shifted against each other look as much alike in only {p:.0%} of all cases.")
            yield Note(text, values)
    if answer.hours is not None:
        text = N_(
            "After weeks with more hours of yours (by as much as weeks usually differ): {low:.2f} to {high:.2f} times as many."
        )
        if answer.hours.is_silent:
            text = N_(
                "Of your hours the data say nothing either: {low:.2f} to {high:.2f} times as many can be."
            )
        yield Note(text, _times(answer.hours))


def _times(effect: Effect) -> dict[str, Any]:
    reach = 1.6449 * effect.prior_sd
    return {
        "times": exp(effect.mean), "low": exp(effect.low), "high": exp(effect.high),
        "prior_low": exp(-reach), "prior_high": exp(reach), "learned": effect.learned,
    }  # fmt: skip


def _needed(answer: Answer) -> Iterator[Note]:
    """How much longer until one could know."""
    have = len(answer.weekly)
    texts = {
        "customers": N_(
            "At your {a_year:.0f} customers a year a doubling is seen after {doubling:.0f} weeks (between {low:.0f} and {high:.0f}, as few come), half as many again"
            " after {half_more:.0f}; you have {have}: {left}"
        ),
        "asked": N_(
            "With all who asked ({a_year:.0f} a year) it is {doubling:.0f} ({low:.0f} to {high:.0f}) and {half_more:.0f} weeks: {left}"
        ),
    }
    for who, series in (("customers", answer.weekly.customers), ("asked", answer.weekly.asked)):
        if (who, "doubling") not in answer.needed or (
            who == "asked" and answer.asked.number == answer.customers.number
        ):
            continue
        needed = answer.needed[who, "doubling"]
        doubling, half = needed.weeks, answer.needed[who, "half_more"].weeks
        values = {
            "a_year": float(series.mean()) * 52.18, "doubling": doubling, "half_more": half, "have": have,
            "low": needed.low, "high": needed.high,
            "left": str(Note(*_left(doubling - have))),
        }  # fmt: skip
        if doubling > _NEVER_WEEKS:
            yield Note(
                N_(
                    "So few come, about {a_year:.1f} a year, that even a doubling would take more than ten years to be told from chance: what"
                    " customers say themselves is the better witness. Enter those who only asked as well."
                ),
                values,
            )
            break
        yield Note(texts[who], values)


def _left(weeks: float) -> tuple[str, dict[str, Any]]:
    months = ceil(weeks / _WEEKS_A_MONTH)
    if weeks <= 0:
        return N_("a doubling would have been seen by now."), {}
    return N_("about {months} more months until a doubling could be told."), {"months": months}


def _responses(answer: Answer) -> Iterator[Note]:
    """What the score is worth to her, and whether her own words are."""
    one, usual = answer.foretells, answer.usual
    if one is not None and usual is not None:
        text = N_(
            "How important is the score for you? High weeks are followed by weeks with many responders: likeness {rank:.2f} ({low:.2f} to {high:.2f}; 1: always, 0: by chance);"
            " this week's responders alone foretell the next week's with {usual:.2f}."
        )
        if one.low <= 0:
            text = N_(
                "How important is the score for you? So far it does not foretell how many people respond next week (likeness {rank:.2f}, {low:.2f} to {high:.2f}; 1: always, 0: by chance)."
            )
        yield Note(text, {"rank": one.rank, "low": one.low, "high": one.high, "usual": usual.rank})
    if {"original", "with_link"} <= answer.posts.keys():
        own, link = answer.posts["original"], answer.posts["with_link"]
        text = N_(
            "Are your own words rewarded? {own:.1f} people respond to a post of yours without a link ({own_low:.1f} to {own_high:.1f}), {link:.1f} to one"
            " with a link ({link_low:.1f} to {link_high:.1f}): no clear difference."
        )
        if own.low > link.high:
            text = N_(
                "Your own words are rewarded: {own:.1f} people respond to a post of yours without a link ({own_low:.1f} to {own_high:.1f}),"
                " {link:.1f} to one with a link ({link_low:.1f} to {link_high:.1f})."
            )
        elif link.low > own.high:
            text = N_(
                "Links are rewarded more than your own words: {link:.1f} people respond to a post with one ({link_low:.1f} to {link_high:.1f}),"
                " {own:.1f} to a post without ({own_low:.1f} to {own_high:.1f})."
            )
        values = {
            f"{name}{part}": getattr(kind, part.lstrip("_") or "value")
            for name, kind in (("own", own), ("link", link))
            for part in ("", "_low", "_high")
        }
        yield Note(text, values)
    words = answer.own_words
    if words is not None and words.p is not None and words.p <= _SURE:
        text = N_(
            "After weeks with a larger share of your own words more people respond (likeness {rank:.2f}, {low:.2f} to {high:.2f}; 1: always, 0: by chance)."
        )
        if words.rank < 0:
            text = N_(
                "After weeks with a larger share of your own words fewer people respond (likeness {rank:.2f}, {low:.2f} to {high:.2f}; 1: always, 0: by chance)."
            )
        yield Note(text, {"rank": words.rank, "low": words.low, "high": words.high})
