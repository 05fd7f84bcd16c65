"""overview, show, why, measures: the answers."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leumund.cli.answers import again, asked_of, fact_progress, lead_on, print_reading, width
from leumund.cli.shared import (
    AsOfOption,
    CsvOption,
    JsonOption,
    LabOption,
    checked_limit,
    moment,
    now,
    opened,
    print_json,
    say,
)
from leumund.config import own_zone
from leumund.errors import UsageError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from leumund.lab import Lab
    from leumund.measures import Reading

HELP_OVERVIEW = N_("The most important things on one screen. Example: leumund overview")
HELP_SHOW = N_("Show a measure. Example: leumund show follow_friday --board de")
HELP_WHY = N_("Say what a measure was made from. Example: leumund why follow_friday @name@server")
HELP_MEASURES = N_("List the questions that can be answered. Example: leumund measures")

MeasureArgument = Annotated[
    str, typer.Argument(metavar="MEASURE", help=_("Which; see: leumund measures"), show_default=False)
]
DaysOption = Annotated[int | None, typer.Option("--days", help=_("How many days back."), show_default=False)]
KnownByOption = Annotated[
    str | None,
    typer.Option(
        "--known-by",
        metavar="DATE",
        help=_("Only what this lab had learned by then: repeats an old reading."),
        show_default=False,
    ),
]
NetworkOption = Annotated[
    str | None,
    typer.Option("--network", metavar="NAME", help=_("Only what was done there."), show_default=False),
]
MinutesADayOption = Annotated[
    float | None,
    typer.Option("--minutes-a-day", help=_("So many minutes a day you have for thanks."), show_default=False),
]
MinutesEachOption = Annotated[
    float | None,
    typer.Option("--minutes-each", help=_("So many minutes one thank-you takes."), show_default=False),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="local[2]|spark://HOST:7077",
        help=_("Let Apache Spark answer, for what outgrows one machine."),
        show_default=False,
    ),
]
FridaysOption = Annotated[bool, typer.Option("--fridays-only", help=_("Only what was posted around Friday."))]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="topic|kind|hour|weekday|language|network|post",
        help=_("By what your posts are grouped."),
        show_default=False,
    ),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        "--zone",
        metavar="Europe/Berlin",
        help=_("Whose clocks tell hours and weekdays."),
        show_default=False,
    ),
]


def show(
    measure: MeasureArgument,
    lab: LabOption = None,
    board: Annotated[
        str | None, typer.Option("--board", metavar="all|de|en|…", help=_("Which board."), show_default=False)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help=_("At most so many rows; 0 for all."), show_default=False)
    ] = None,
    days: DaysOption = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="ACCOUNT", help=_("Whose; else yours."), show_default=False),
    ] = None,
    network: NetworkOption = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="ACCOUNT",
            help=_("An account to compare with; up to five times."),
            show_default=False,
        ),
    ] = None,
    fridays_only: FridaysOption = False,
    by: ByOption = None,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate",
            metavar="AMOUNT",
            help=_("What an hour of yours is worth."),
            show_default=False,
        ),
    ] = None,
    zone: ZoneOption = None,
    without_nogo: Annotated[
        bool, typer.Option("--without-nogo", help=_("Boards without those on your no-go list."))
    ] = False,
    minutes_a_day: MinutesADayOption = None,
    minutes_each: MinutesEachOption = None,
    as_of: AsOfOption = None,
    known_by: KnownByOption = None,
    engine: EngineOption = "",
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    from leumund.asking import Question, bring_facts, options_of
    from leumund.meant import account_meant
    from leumund.measures import measure_named
    from leumund.spoken.amounts import money_said

    found = measure_named(measure)
    limit = checked_limit(limit)
    with opened(lab) as there:
        options: dict[str, Any] = {
            "board": board,
            "days": days,
            "fridays_only": fridays_only or None,
            "network": network,
            "with_": tuple(account_meant(there, name) for name in with_) if with_ else None,
            "minutes_a_day": minutes_a_day,
            "minutes_each": minutes_each,
            "by": by,
            "zone": zone or _zone_for(found.compute),
            "rate": money_said(rate)[0] if rate else None,
            "without_nogo": without_nogo or None,
        }
        options["account"] = account_meant(there, account) if account else None
        if "limit" in options_of(found.compute) and (limit is not None or json or csv):
            options["limit"] = limit or 10**9  # a program gets all; a person the first places
        if not bring_facts(there, found, options, at=now(), progress=fact_progress()):
            say(_("Nothing can be written to the lab just now: the newest posts may not be counted yet."))
        known = moment(known_by) if known_by else None
        question = Question(there, moment(as_of, there), known, engine)
        reading = question.reading(found, **options)
        if limit and len(reading.rows) > limit and "limit" not in options and (json or csv):
            most_wanted_first = reading.shape != "series"
            reading = replace(
                reading, rows=reading.rows[:limit] if most_wanted_first else reading.rows[-limit:]
            )
        print_reading(reading, there, json=json, csv=csv, most=30 if limit is None else limit)
        if found.explain is not None and not json and not csv:
            whose = account or _first_of(reading, there)
            more = again(by=by, zone=zone, days=days if "days" in options_of(found.explain) else None)
            words = [*([whose] if whose else []), *more]
            lead_on(_("Why: {command}"), "why", found.name, *words, lab=lab, as_of=as_of)


def why(
    measure: MeasureArgument,
    account: Annotated[
        str | None, typer.Argument(metavar="ACCOUNT", help=_("Whose; else yours."), show_default=False)
    ] = None,
    lab: LabOption = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DATE",
            help=_("From the end of that day (UTC); else a week earlier."),
            show_default=False,
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help=_("Until the end of that day (UTC)."), show_default=False),
    ] = None,
    network: NetworkOption = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help=_("At most so many rows; 0 for all."), show_default=False)
    ] = None,
    as_known_then: Annotated[
        bool,
        typer.Option(
            "--as-known-then", help=_("Start from what was known then: what was learned since is a part.")
        ),
    ] = False,
    days: DaysOption = None,
    by: ByOption = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="GROUP|POST",
            help=_("Which group, which post of yours, or the number of a goal."),
            show_default=False,
        ),
    ] = None,
    zone: ZoneOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    from leumund.asking import Question, bring_facts, options_of
    from leumund.meant import account_meant
    from leumund.measures import measure_named

    found = measure_named(measure)
    limit = checked_limit(limit)
    if as_known_then and found.name != "influence":
        raise UsageError(_("--as-known-then belongs to: leumund why influence"))
    with opened(lab) as there:
        key = account_meant(there, account) if account else None
        options: dict[str, Any] = {
            "start": moment(start) if start else None,
            "end": moment(end) if end else None,
            "network": network,
            "limit": (limit or 10**9) if limit is not None and found.name == "influence" else None,
            "days": days,
            "by": by,
            "of": of,
            "zone": zone or (_zone_for(found.explain) if found.explain else None),
        }
        at = moment(as_of or end, there)
        if key is None and found.name == "follow_friday" and not there.register.own_accounts():
            raise _whose(there, at, asked=asked_of(lab, as_of))
        if not bring_facts(there, found, {"by": by}, at=now(), progress=fact_progress()):
            say(_("Nothing can be written to the lab just now: the newest posts may not be counted yet."))
        reading = Question(there, at).explanation(found, key, **options)
        if as_known_then:
            from leumund.measures.influence.explain import week_before
            from leumund.measures.influence.learned import as_known_then as since_then
            from leumund.store.register import as_time, as_us

            first = options["start"] or as_time(week_before(as_us(options["end"] or at)))
            then = Question(there, first, first).reading(found, account=key, days=1, network=network)
            reading = since_then(reading, then)
        if limit and options["limit"] is None and (json or csv):
            reading = replace(reading, rows=reading.rows[:limit])
        print_reading(
            reading,
            there,
            json=json,
            csv=csv,
            most=30 if limit is None else limit,
        )
        if not json and not csv:
            more = ["--account", account] if account and "account" in options_of(found.compute) else []
            more += again(by=by, days=days, zone=zone)
            lead_on(_("The figures: {command}"), "show", found.name, *more, lab=lab, as_of=as_of or end)


def _zone_for(function: Any) -> str | None:
    """The owner's time zone, for what has hours and weekdays."""
    from leumund.asking import options_of

    return own_zone() if "zone" in options_of(function) else None


def measures(json: JsonOption = False) -> None:
    from leumund.measures import TOPICS, all_measures

    if json:
        from leumund.asking import described

        print_json([described(m) for m in all_measures().values()])
        return
    for topic, title in TOPICS.items():
        about = [m for m in all_measures().values() if m.topic == topic]
        if about:
            print(_(title))
        for found in about:
            print(f"  {found.name}: {_(found.question)}")


def overview(lab: LabOption = None, as_of: AsOfOption = None) -> None:
    from leumund.report.overview import as_text, take

    with opened(lab) as there:
        taken = take(there, moment(as_of, there), at=now(), to_do=True)
    asked = asked_of(lab, as_of)
    print(as_text(taken, width=width(), colour=sys.stdout.isatty(), asked=asked), end="")


def _whose(there: Lab, at: datetime, *, asked: str) -> UsageError:
    """That it must be said whose place is meant, where no account is the owner's; with the first of the board."""
    import shlex

    from leumund.asking import Question, bring_facts
    from leumund.clean import clean
    from leumund.measures import measure_named

    board = measure_named("follow_friday")
    bring_facts(there, board, {}, at=now())
    reading = Question(there, at).reading(board, limit=5)
    names = [clean(row["account"]) for row in reading.dicts()]
    hint = _("Say whose: leumund why follow_friday ACCOUNT")
    if names:
        first = f"leumund why follow_friday {shlex.quote(names[0])}{asked}"
        hint = _("First on the board: {names}. So for instance: {command}").format(
            names=", ".join(names), command=first
        )
    return UsageError(_("Whose place? No account is known as yours in this lab."), hint=hint)


def _first_of(reading: Reading, lab: Lab) -> str:
    """Whom to ask about where the owner stands in no place: the first; "" where the owner will do."""
    at = next((i for i, c in enumerate(reading.columns) if c.kind == "account"), None)
    if reading.shape != "ranking" or at is None or not reading.rows:
        return ""
    own = lab.register.own_accounts()
    if any(row[at] in own for row in reading.rows):
        return ""
    first = reading.rows[0][at]
    return reading.handles.get(first, (reading.names.get(first, ""),))[0]
