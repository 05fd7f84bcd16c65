"""What the ledger says in sentences: to whom thanks are owed, from when on not everybody can be thanked, what more time changes."""

from __future__ import annotations

from leumund.locale import N_, ngettext
from leumund.measures import Note
from leumund.measures.courtesy.account import Ledger
from leumund.measures.courtesy.figures import Figures
from leumund.measures.notes import NOBODY_IS_OWNER
from leumund.store.tables import Tables

_WEEK = 7


def notes_of(tables: Tables, found: Ledger, values: Figures, *, count: int, still: int) -> tuple[Note, ...]:
    """All of them, the most important first."""
    if tables.own is None:
        return (NOBODY_IS_OWNER,)
    if not count:
        return (Note(N_("Nothing to answer is known of these days.")),)
    notes = []
    if still:
        notes.append(_owed(found, still))
    if still and found.beyond:
        notes.append(Note(N_("More comes than you can answer. First come those who did it for the first time, gave a reason or were long silent; letting the others go is no failing.")))  # fmt: skip
    elif still:
        notes.append(Note(N_("What is open stands first, what has waited longest at the top.")))
    notes += _about_load(found, values)
    if found.let_go:
        notes.append(
            Note(
                N_("Let go, by your word or since older and never answered: {count}."),
                {"count": found.let_go},
            )
        )
    notes.append(
        Note(
            N_(
                "A thank-you by mail or in person is seen by no source: say so on the page “Thanks”, or with leumund thanked ACCOUNT. Leumund sends nothing."
            )
        )
    )
    return tuple(notes)


def _owed(found: Ledger, still: int) -> Note:
    """To how many people thanks are owed, and what of it can be done in a week."""
    people = found.people
    text = ngettext("You owe thanks to {people} person", "You owe thanks to {people} people", people)
    text += ngettext(", for {n} act.", ", for {n} acts.", still)
    week = int(found.spent.a_day * _WEEK)
    if 0 < week < still:
        text += " " + ngettext("In a week there is time for {week} of them.", "In a week there is time for {week} of them.", week)  # fmt: skip
    return Note(text, {"people": people, "n": still, "week": week})


_TOLD = {
    "given": N_("Reckoned with {minutes_a_day} minutes a day and {minutes_each} minutes each, as you said."),
    "measured": N_("Reckoned with {minutes_a_day} minutes a day and {minutes_each} minutes each, from the hours you noted. Say otherwise with --minutes-a-day and --minutes-each."),
    "given and measured": N_("Reckoned with {minutes_a_day} minutes a day and {minutes_each} minutes each: one as you said, the other from the hours you noted."),
    "given and usual": N_("Reckoned with {minutes_a_day} minutes a day and {minutes_each} minutes each: one as you said, the other assumed."),
    "usual": N_("Assumed: {minutes_a_day} minutes a day and {minutes_each} minutes each. Say yours with --minutes-a-day and --minutes-each."),
}  # fmt: skip


def _about_load(found: Ledger, values: Figures) -> list[Note]:
    """The load in sentences."""
    if found.keeps is None or found.more is None:
        return [Note(N_("Whether you can keep up is unknown: fewer than two weeks are known."))]
    texts = [
        N_("You cannot thank everybody: {rate:.1f} acts a day merit thanks, and there is time for {time_for:.1f}. That is {thanked_share:.0%} of them ({thanked_share_low:.0%} to {thanked_share_high:.0%})."),
    ] if found.beyond else [
        N_("You can keep up: {rate:.1f} acts a day merit thanks, and there is time for {time_for:.1f}. They take {load:.0%} of that time ({load_low:.0%} to {load_high:.0%})."),
    ]  # fmt: skip
    texts.append(
        N_(
            "If nothing changes, {open_later} will be open in four weeks ({open_later_low} to {open_later_high})."
        )
    )
    if values["community"] is not None:
        texts.append(
            N_(
                "From {community} followers on ({community_low} to {community_high}) there is no time to thank everybody."
            )
        )
        texts += _when(found, values)
    texts += _more(found, values)
    return [Note(text, values) for text in (*texts, _TOLD[found.spent.told])]


def _when(found: Ledger, values: Figures) -> list[str]:
    days = [values[name] for name in ("until_low", "until", "until_high")]
    if found.beyond:
        if all(days):
            return [
                N_(
                    "You have {followers}; that many you have had since {until} ({until_low} to {until_high})."
                )
            ]
        return [N_("You have {followers}: that point lies behind you.")]
    if found.keeps is None or found.keeps.weeks is None:
        return [N_("You have {followers}; how they grow is not known well enough to say when that will be.")]
    if days[1] == "":
        return [N_("You have {followers}; as they grow now, that is not so in the next ten years.")]
    if days[2] == "":
        return [
            N_(
                "You have {followers}; as they grow now, that is on {until} (from {until_low}, perhaps not in ten years)."
            )
        ]
    if days[0] is None:
        return [
            N_(
                "You have {followers}; as they grow now, that is on {until} (perhaps already now, at the latest on {until_high})."
            )
        ]
    return [N_("You have {followers}; as they grow now, that is on {until} ({until_low} to {until_high}).")]


def _more(found: Ledger, values: Figures) -> list[str]:
    """What ten minutes a day more would change."""
    texts = []
    if found.beyond and values["thanked_share_low_more"] == 1:
        texts.append(
            N_(
                "Ten minutes a day more: time for all of them instead of {thanked_share:.0%}, and {open_later_more} open in four weeks ({open_later_low_more} to {open_later_high_more}) instead of {open_later}."
            )
        )
    elif found.beyond:
        texts.append(
            N_(
                "Ten minutes a day more: time for {thanked_share_more:.0%} of them ({thanked_share_low_more:.0%} to {thanked_share_high_more:.0%}) instead of {thanked_share:.0%}, and {open_later_more} open in four weeks ({open_later_low_more} to {open_later_high_more}) instead of {open_later}."
            )
        )
    else:
        texts.append(
            N_(
                "Ten minutes a day more: they take {load_more:.0%} of the time ({load_low_more:.0%} to {load_high_more:.0%}), and {open_later_more} are open in four weeks ({open_later_low_more} to {open_later_high_more})."
            )
        )
    if values["community_more"] is not None:
        texts.append(
            N_(
                "With them there is time for everybody up to {community_more} followers ({community_low_more} to {community_high_more})."
            )
        )
    return texts
