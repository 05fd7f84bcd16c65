"""How long one has to count until an effect could be told from chance."""

from __future__ import annotations

from math import inf, log

LEVEL, POWER = 0.05, 0.8
LEVEL_SHOWN = 0.9
_Z = 1.959964 + 0.841621  # quantiles of the normal distribution for that level (two-sided) and that power
WEEKS_A_YEAR = 365.2425 / 7


def weeks_needed(a_week: float, ratio: float) -> float | None:
    """Weeks of counting, half of them with the effect, until it is seen with power .8 (two-sided .05).

    2 * (1 + 1 / ratio) * (1.96 + .84)^2 / (a_week * ln(ratio)^2), from the variance of the logarithm of the quotient of two
    Poisson counts. At 30 customers a year a doubling needs 85 weeks, half as many again 276.

    Args:
        a_week: how many come in a week without the effect. ratio: above 0, not 1.
    Gives: None where nobody comes.
    """
    if a_week <= 0:
        return None
    return 2 * (1 + 1 / ratio) * _Z**2 / (a_week * log(ratio) ** 2)


def weeks_between(
    number: float, weeks: float, ratio: float, level: float = LEVEL_SHOWN
) -> tuple[float, float]:
    """The interval of `weeks_needed`, since how many come in a week is known from `number` in so many weeks only.

    Source: Jeffreys' prior for a rate, as for what one customer cost.
    """
    from scipy import special  # heavy: only who asks waits

    few, many = special.gammaincinv(number + 0.5, [(1 - level) / 2, (1 + level) / 2]) / weeks
    return weeks_needed(float(many), ratio) or 0.0, weeks_needed(float(few), ratio) or inf
