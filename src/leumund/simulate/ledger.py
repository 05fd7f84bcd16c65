"""What she writes down herself: hours, costs, customers, a goal, notes. Money in euro, time in hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leumund.events import Statement, StatementKind
from leumund.simulate.clock import DAY, moment
from leumund.simulate.dice import Dice
from leumund.simulate.truth import Customer

if TYPE_CHECKING:
    from datetime import date

    from leumund.simulate.people import Person
    from leumund.simulate.stage import Stage

COSTS = (
    (0.19, "advert", 340.0, "Anzeige im Stadtmagazin"),
    (0.30, "mastodon", 60.0, "Spende an den Server"),
    (0.62, "fair", 1180.0, "Stand auf der Bildungsmesse"),
    (0.64, "fair", 215.5, "Druck und Fahrt zur Messe"),
)
CUSTOMERS: tuple[tuple[float, str, int, float, str], ...] = (  # value 0: only asked
    (0.33, "mastodon", 2, 480.0, "Eine Followerin hat Sie einer Freundin empfohlen, und die mir."),
    (0.36, "mastodon", 1, 0.0, "Nur eine Frage, vielleicht wird mehr daraus."),
    (0.41, "word of mouth", 0, 960.0, "Eine frühere Kundin hat von Ihnen erzählt."),
    (0.58, "mastodon", 1, 320.0, "Ich lese bei jemandem mit, der Sie freitags empfiehlt."),
    (0.66, "fair", 0, 640.0, "Wir haben am Messestand gesprochen."),
    (0.65, "fair", 0, 0.0, "Hat am Messestand eine Karte mitgenommen und angerufen."),
    (0.79, "", 0, 320.0, ""),
    (0.86, "mastodon", 2, 1450.0, "Mein Kollege liest bei einem Ihrer Follower mit."),
    (0.95, "advert", 0, 320.0, "Ich hatte Ihre Anzeige ausgeschnitten."),
)
FAIR_DAY, FAIR_HOURS = 0.63, 16.0
GOAL = 5000


@dataclass(frozen=True, slots=True)
class Ledger:
    """Statements and their truth."""

    statements: tuple[Statement, ...]
    customers: tuple[Customer, ...]
    hours: dict[date, float]
    costs: tuple[tuple[date, str, float], ...]
    goal: tuple[int, date]


def ledger(stage: Stage) -> Ledger:
    """Weekly hours (0 in the silence), four costs, seven customers, three of them through the network.

    Two more only asked. Fields are those of the documented row shapes; `recommended_by` holds a whole
    chain, first to last, with " > " between the handles.
    """
    dice = Dice(stage.seed, "ledger")
    made: list[Statement] = []

    def state(kind: StatementKind, day: date, hour: float, **body: str | float | bool) -> None:
        made.append(
            Statement(
                kind=kind, happened_at=moment(day, hour), body=body, statement=f"{kind}-{len(made) + 1}"
            )
        )

    def day_at(share: float) -> date:
        return stage.start + DAY * min(stage.days - 1, round(stage.days * share))

    hours: dict[date, float] = {}
    monday = stage.start - DAY * stage.start.weekday()
    while monday + 6 * DAY < stage.start + DAY * stage.days:
        silent = stage.silence[0] <= monday <= stage.silence[1]
        hours[monday] = 0.0 if silent else round(dice.between(3.0, 7.5) * 4) / 4
        state("time", monday + 6 * DAY, 20.5, time="mastodon", hours=hours[monday], note="die Woche")
        monday += 7 * DAY
    costs = []
    for share, channel, amount, what in COSTS:
        costs.append((day_at(share), channel, amount))
        state("cost", day_at(share), 17.0, cost=channel, amount=amount, note=what)
    state("time", day_at(FAIR_DAY), 19.0, time="fair", hours=FAIR_HOURS, note="zwei Tage Messe")
    customers = []
    fans = [p for p in stage.people if p.who in ("fan", "loyal fan")]
    readers = [p for p in stage.people if p.who == "person" and p.joined]
    for number, (share, channel, steps, value, words) in enumerate(CUSTOMERS, 1):
        chain = [_there(fans, day_at(share), dice), _there(readers, day_at(share), dice)][:steps]
        customer = Customer(
            name=f"Kundin {number:02d}", since=day_at(share), channel=channel or "unknown", value=value,
            chain=tuple(p.uri for p in chain), lead=value == 0,
        )  # fmt: skip
        customers.append(customer)
        body: dict[str, str | float | bool] = {"customer": customer.name, "lead": customer.lead}
        body |= {"value": value} if value else {}
        body |= {"found_us_by": channel, "note": words} if channel else {}
        body |= {"recommended_by": " > ".join("@" + p.handle for p in chain)} if chain else {}
        state("customer", customer.since, 15.0 + number / 10, **body)
    by = stage.start + DAY * (stage.days - 1)
    until = moment(by, 0.0).isoformat()
    state(
        "goal",
        day_at(0.2),
        21.0,
        goal="followers",
        target=GOAL,
        until=until,
        note="5000 Follower bis Ende März",
    )
    state("note", stage.start, 21.5, note="Der Versuch beginnt: bringt dieses Netz etwas fürs Geschäft?")
    state("note", stage.silence[0] - DAY, 21.5, note="Eine Woche Seminar in den Bergen, kein Netz.")
    state("note", day_at(FAIR_DAY), 21.5, note="Messe: zwei Tage, viele Prospekte, drei gute Gespräche.")
    return Ledger(tuple(made), tuple(customers), hours, tuple(costs), (GOAL, by))


def _there(people: list[Person], day: date, dice: Dice) -> Person:
    """Somebody who follows her by then."""
    return dice.pick([p for p in people if p.is_follower(moment(day, 12))] or people)
