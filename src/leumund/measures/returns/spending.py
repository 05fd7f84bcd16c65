"""What the owner spent on each channel: hours, and money in one currency."""

from __future__ import annotations

from dataclasses import dataclass, field

from leumund.errors import UsageError
from leumund.locale import _
from leumund.measures.returns.credit import UNKNOWN
from leumund.store.tables import Tables

_MOST_RATE = 1e6


def check_rate(rate: float | None) -> None:
    """See to it that an hour is worth an amount.

    Raises:
        UsageError: it is none.
    """
    if rate is not None and not 0 <= rate <= _MOST_RATE:
        raise UsageError(
            _("An hour is worth between 0 and {most}, not {value}.").format(most=int(_MOST_RATE), value=rate)
        )


@dataclass(slots=True)
class Spent:
    """On one channel. hours; cash: money spent."""

    hours: float = 0.0
    cash: float = 0.0

    def worth(self, rate: float | None) -> float | None:
        """Cash, and the hours at that rate; None where there are hours and no rate: they were not free."""
        if self.hours and rate is None:
            return None
        return self.cash + self.hours * (rate or 0.0)


@dataclass(slots=True)
class Spending:
    """By channel. currency: the one that most entries are in, "" where none is said; others: entries in another one,
    which are left out.
    """

    by_channel: dict[str, Spent] = field(default_factory=dict)
    currency: str = ""
    others: int = 0

    def of(self, channel: str) -> Spent:
        return self.by_channel.get(channel, Spent())


def currency_in(tables: Tables) -> str:
    """The currency that most costs and most of what customers brought are in; "" where none is said."""
    told = tables.sql(
        """select currency from (select currency from costs union all select currency from customers where value is not null)
           where currency is not null group by currency order by count(*) desc, currency limit 1"""
    ).fetchall()
    return str(told[0][0]) if told else ""


def spending_in(tables: Tables, since_us: int | None = None) -> Spending:
    """All that was spent after that moment (None: ever), by as_of."""
    after = "true" if since_us is None else f"epoch_us(happened_at) > {since_us}"
    found = Spending()
    found.currency = currency_in(tables)
    query = f"select count(*) from costs where {after} and currency <> $currency"
    ((found.others,),) = tables.sql(query, currency=found.currency).fetchall()
    for table, what in (("hours", "hours"), ("costs", "amount")):
        own = "and coalesce(currency, $currency) = $currency" if table == "costs" else ""
        query = f"""select coalesce(channel, '{UNKNOWN}') as channel, sum({what}) from {table} where {after} {own}
                    group by 1 order by 1"""
        given = {"currency": found.currency} if own else {}
        for channel, total in tables.sql(query, **given).fetchall():
            spent = found.by_channel.setdefault(channel, Spent())
            if table == "hours":
                spent.hours = float(total)
            else:
                spent.cash = float(total)
    return found
