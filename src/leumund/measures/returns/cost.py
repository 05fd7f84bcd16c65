"""What one customer cost, with an interval that is honest about few of them."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Each:
    """What one cost. value: spent / number, None where there was none; high: None where nothing bounds it."""

    value: float | None
    low: float | None
    high: float | None


def each(spent: float, number: float, level: float = LEVEL, *, unknown: float = 0.0) -> Each:
    """What one cost, had the same money been spent again and again.

    The number that was to be expected is Gamma(number + 1/2) (Jeffreys' prior for a rate), so the interval is what
    was spent divided by its quantiles: for 3 customers .43 to 2.8 times spent / 3, for 15 customers .67 to 1.6 times.

    Args:
        spent: in the owner's currency, at least 0. number: of customers; shares of one may be among them.
        unknown: so many more came of whom nobody knows how: perhaps all of them this way, so the lower bound counts them.
    """
    from scipy import special  # heavy: only who asks waits

    few = float(special.gammaincinv(number + 0.5, (1 - level) / 2))
    many = float(special.gammaincinv(number + unknown + 0.5, (1 + level) / 2))
    if number <= 0:
        return Each(None, spent / many, None)
    return Each(spent / number, spent / many, spent / few)


def times(
    spent: float, number: float, than_spent: float, than_number: float, level: float = LEVEL, *, unknown: float = 0.0
) -> Each:  # fmt: skip
    """How many times as much one customer cost here as there; below 1: less.

    Of two Gamma numbers one is the Beta(n + 1/2, m + 1/2) share of their sum, which gives the quotient's quantiles
    exactly. Unknown where nothing was spent on one of the sides: 0 divided by 0 says nothing.

    unknown: so many more came, nobody knows how: the lower bound gives them all to this side, the upper to the other.
    """
    from scipy import special

    if spent <= 0 or than_spent <= 0:
        return Each(None, None, None)
    most = special.betaincinv(number + unknown + 0.5, than_number + 0.5, (1 + level) / 2)
    least = special.betaincinv(number + 0.5, than_number + unknown + 0.5, (1 - level) / 2)
    low, high = (float(spent / than_spent * (1 - s) / s) if s > 0 else None for s in (most, least))
    both = number > 0 and than_number > 0
    return Each((spent / number) / (than_spent / than_number) if both else None, low, high)
