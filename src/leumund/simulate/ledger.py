"""What she writes down herself: hours, costs, customers, a goal, notes. Money in euro, time in hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
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
    (0.16, "word of mouth", 0, 320.0, "Eine frühere Kundin hat von Ihnen erzählt."),
    (0.21, "mastodon", 1, 0.0, "Ich lese bei jemandem mit, der Sie empfohlen hat."),
    (0.27, "advert", 0, 320.0, "Ihre Anzeige im Stadtmagazin."),
    (0.33, "mastodon", 2, 480.0, "Eine Followerin hat Sie einer Freundin empfohlen, und die mir."),
    (0.36, "mastodon", 1, 0.0, "Nur eine Frage, vielleicht wird mehr daraus."),
    (0.41, "word of mouth", 0, 960.0, "Eine frühere Kundin hat von Ihnen erzählt."),
    (0.45, "search", 0, 320.0, "Ich habe nach Coaching in Hamburg gesucht."),
    (0.49, "mastodon", 1, 640.0, "Sie wurden mir auf Mastodon empfohlen."),
    (0.53, "advert", 0, 0.0, "Hat nach der Anzeige angerufen und wollte nur den Preis wissen."),
    (0.58, "mastodon", 1, 320.0, "Ich lese bei jemandem mit, der Sie freitags empfiehlt."),
    (0.66, "fair", 0, 640.0, "Wir haben am Messestand gesprochen."),
    (0.65, "fair", 0, 0.0, "Hat am Messestand eine Karte mitgenommen und angerufen."),
    (0.67, "fair", 0, 480.0, "Ihr Vortrag auf der Messe."),
    (0.68, "fair", 0, 0.0, "Hat am Messestand einen Prospekt mitgenommen."),
    (0.72, "mastodon", 0, 480.0, "Ich folge Ihnen seit November."),
    (0.79, "", 0, 320.0, ""),
    (0.81, "mastodon", 2, 640.0, "Eine Bekannte las von Ihnen und gab es weiter."),
    (0.86, "mastodon", 2, 1450.0, "Mein Kollege liest bei einem Ihrer Follower mit."),
    (0.89, "word of mouth", 0, 480.0, "Meine Schwester war bei Ihnen."),
    (0.92, "", 0, 0.0, ""),
    (0.95, "advert", 0, 320.0, "Ich hatte Ihre Anzeige ausgeschnitten."),
    (0.97, "mastodon", 1, 320.0, "Sie haben mir auf eine Frage geantwortet."),
)
BOUGHT = {2: (0.30, 320.0)}
"""Who had only asked and became a customer: their number, when, what they brought."""
FUN = (  # how the evenings were, on Sundays
    (0.04, 5, "So viele freundliche Antworten in der ersten Woche!"),
    (0.11, 4, "Die ersten Leute erkennen mich wieder."),
    (0.18, 4, "Gute Gespräche über Bewerbungen."),
    (0.25, 3, "Viel Zeit, wenig Antworten."),
    (0.32, 3, "Eine Anfrage kam herein. Es lohnt sich vielleicht."),
    (0.39, 2, "Ich schreibe und niemand liest es, so fühlt es sich an."),
    (0.47, 4, "Weihnachtsgrüße, herzlich."),
    (0.57, 5, "Ein Beitrag ging herum, das macht Freude."),
    (0.68, 2, "Müde. Die Werbekonten nerven."),
    (0.78, 4, "Nach der Pause wieder gern dabei."),
    (0.87, 3, "Routine."),
    (0.95, 4, "Ein Dank, der mich gerührt hat."),
)  # fmt: skip
OUTAGE = 0.51
FAIR_DAY, FAIR_HOURS = 0.63, 16.0
GOAL, NEXT_GOAL, CUSTOMER_GOAL = 5000, 1200, 25


@dataclass(frozen=True, slots=True)
class Ledger:
    """Statements and their truth."""

    statements: tuple[Statement, ...]
    customers: tuple[Customer, ...]
    hours: dict[date, float]
    costs: tuple[tuple[date, str, float], ...]
    goal: tuple[int, date]
    fun: dict[date, int]


def ledger(stage: Stage) -> Ledger:
    """Weekly hours (0 in the silence), four costs, seventeen customers and five who only asked, goals and a diary.

    Fields are those of the documented row shapes; `recommended_by` holds a whole chain, who is nearest to her first, with
    " > " between the handles. One who had only asked buys later: her entry is corrected then.
    """
    dice = Dice(stage.seed, "ledger")
    made: list[Statement] = []

    def state(kind: StatementKind, day: date, hour: float, **body: str | float | bool) -> None:
        made.append(
            Statement(
                kind=kind,
                happened_at=moment(day, hour),
                body={"said_at": moment(day, hour).isoformat(), **body},
                statement=f"{kind}-{len(made) + 1}",
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
        late = BOUGHT.get(number)
        customer = Customer(
            name=f"Kundin {number:02d}", since=day_at(share), channel=channel or "unknown",
            value=late[1] if late else value, chain=tuple(p.uri for p in chain), lead=value == 0 and late is None,
            bought=day_at(late[0]) if late else None,
        )  # fmt: skip
        customers.append(customer)
        body: dict[str, str | float | bool] = {"customer": customer.name, "lead": value == 0}
        body |= {"value": value} if value else {}
        body |= {"found_us_by": channel, "note": words} if channel else {}
        body |= {"recommended_by": " > ".join("@" + p.handle for p in chain)} if chain else {}
        state("customer", customer.since, 15.0 + number / 10, **body)
        if customer.bought is not None:
            first, at = made[-1], moment(customer.bought, 16.0)
            news: dict[str, str | float | None] = {
                "value": customer.value,
                "bought_at": at.isoformat(),
                "said_at": at.isoformat(),
            }
            made.append(
                replace(
                    first,
                    body={**first.body, **news, "entry": first.statement},
                    statement=f"customer-{len(made) + 1}",
                )
            )
    by = stage.start + DAY * (stage.days - 1)
    until = datetime.combine(by, time(), UTC).isoformat()
    told = "5000 Follower bis Ende März"
    state("goal", day_at(0.2), 21.0, goal="followers", target=GOAL, until=until, note=told)
    later = datetime.combine(stage.start + DAY * (stage.days + 61), time(), UTC)
    told = f"1200 Follower bis {later.day}.{later.month}.{later.year}"
    state("goal", day_at(0.9), 21.0, goal="followers", target=NEXT_GOAL, until=later.isoformat(), note=told)
    told = "25 Kunden bis Ende März"
    state("goal", day_at(0.0), 21.0, goal="customers", target=CUSTOMER_GOAL, until=until, note=told)
    fun = {}
    for share, much, words in FUN:
        day = day_at(share) + DAY * (6 - day_at(share).weekday())
        if day < stage.start + DAY * stage.days and not stage.silence[0] <= day <= stage.silence[1]:
            fun[day] = much
            state("note", day, 21.0, note=words, fun=much)
    words = "Der Server war den ganzen Tag nicht erreichbar."
    state("note", day_at(OUTAGE), 21.5, note=words, about="outage", network="mastodon")
    state("note", stage.start, 21.5, note="Der Versuch beginnt: bringt dieses Netz etwas fürs Geschäft?")
    state("note", stage.silence[0] - DAY, 21.5, note="Eine Woche Seminar in den Bergen, kein Netz.", about="silence",
          until=datetime.combine(stage.silence[1], time(), UTC).isoformat())  # fmt: skip
    state("note", day_at(FAIR_DAY), 21.5, note="Messe: zwei Tage, viele Prospekte, drei gute Gespräche.")
    return Ledger(tuple(made), tuple(customers), hours, tuple(costs), (GOAL, by), fun)


def _there(people: list[Person], day: date, dice: Dice) -> Person:
    """Somebody who follows her by then."""
    return dice.pick([p for p in people if p.is_follower(moment(day, 12))] or people)
