"""Two quantiles of a gamma distribution of mean 1, by its shape, as polynomials: a tenth of what inverting it costs.

The coefficients are those of `fitted`, written down so that nobody who scores waits for SciPy; a test fits them anew.
"""

from __future__ import annotations

import numpy as np

from leumund.measures.influence.acts import Numbers

MOST_U = 0.5
"""u = 1 / sqrt(shape) lies below: a shape is 4 or more, and every one that comes up is above 5."""
_DEGREE = 15
_AT_ONCE = 50_000
CURVES = {
    0.05: (
        0.6490529475939993, -0.32978192782075916, 0.021771540906304142, 0.0005749343713999404,
        -3.440094043426707e-05, -3.1939810711602843e-06, -2.890297074862603e-07, -1.3285513720640988e-08,
        1.0272729057880843e-09, 3.085988809336433e-10, 3.670511121906025e-11, 1.1523190680268902e-12,
        -4.0633992830736114e-13, -7.955968213420861e-14, -3.650464966439778e-15, 1.1009046731786631e-15,
    ),
    0.95: (
        1.4563986367510373, 0.47006763157235765, 0.01281821644939831, -0.0008610165149757004,
        -9.79847220110062e-06, 4.451526587097104e-07, 1.1545052241647517e-08, 5.799965287852367e-09,
        -2.7874410764451503e-10, -1.8638309983741112e-11, -3.0053728536338167e-12, 2.2109845741627597e-13,
        5.4285946758991545e-14, 1.3940703744485242e-15, -7.065416064076991e-16, 2.3919377300260644e-17,
    ),
}  # fmt: skip
"""By share: Chebyshev coefficients over u from 0 to MOST_U."""


def fitted(share: float) -> Numbers:
    """The polynomial for the quantile at a share between 0 and 1, exact to rounding."""
    from scipy.special import gammaincinv

    place = np.polynomial.chebyshev.chebpts1(_DEGREE + 1)
    shape = ((place + 1) * MOST_U / 2) ** -2
    found = np.polynomial.chebyshev.chebfit(place, gammaincinv(shape, share) / shape, _DEGREE)
    return np.asarray(found, np.float64)


def quantile(shape: Numbers, share: float) -> Numbers:
    """The quantile of a gamma distribution with this shape (4 or more) and mean 1. share: one of `CURVES`."""
    found = np.empty_like(shape)
    curve = np.array(CURVES[share])
    for start in range(0, len(shape), _AT_ONCE):
        piece = slice(start, start + _AT_ONCE)
        place = shape[piece] ** -0.5 * (2 / MOST_U) - 1
        found[piece] = np.polynomial.chebyshev.chebval(place, curve)
    return found
