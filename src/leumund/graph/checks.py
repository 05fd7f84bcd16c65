"""Arrays from outside: what is no graph is said in a sentence, before a library reads where nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.errors import UsageError
from leumund.graph.rows import Floats, Rows, Whole, laid_out
from leumund.locale import _

MOST_ACCOUNTS = 2**31 - 2
MOST_EDGES = 2**31 - 1
LIGHTEST, HEAVIEST = 1e-100, 1e100  # beyond these a quotient of weights could leave the range of a double


_PIECE = 1_000_000  # edges looked at together: what is made of them stays in the processor's memory


@dataclass(frozen=True, slots=True)
class Checked:
    """Edges in our types, not copied where they had them. oneself: accounts with edges to themselves, rising.

    lightest: no weight but 0 is closer to it than this; 1 where there is none.
    """

    source: Whole
    target: Whole
    weight: Floats
    oneself: Whole
    lightest: float


def checked(
    source: npt.NDArray[Any], target: npt.NDArray[Any], weight: npt.NDArray[Any], size: int, *, least: float
) -> Checked:
    """Edges among `size` accounts with weights from `least` on. Raises UsageError for what is none."""
    if not 0 <= size <= MOST_ACCOUNTS:
        message = _("A graph has from 0 to {most} accounts, not {size}.")
        raise UsageError(message.format(most=MOST_ACCOUNTS, size=size))
    source, target, weight = np.asarray(source), np.asarray(target), np.asarray(weight)
    if source.ndim != 1 or not source.shape == target.shape == weight.shape:
        shapes = f"{source.shape}, {target.shape}, {weight.shape}"
        message = _(
            "An edge has a source, a target and a weight each; these lists do not fit together: {shapes}."
        )
        raise UsageError(message.format(shapes=shapes))
    if len(source) > MOST_EDGES:
        raise UsageError(_("A graph has at most {most} edges.").format(most=MOST_EDGES))
    source, target = _account_numbers(source, size), _account_numbers(target, size)
    if weight.dtype.kind not in "iufb":
        raise UsageError(_("The weights of edges must be numbers."))
    weight = weight.astype(np.float64, copy=False)
    oneself = [np.zeros(0, np.int32)]
    for start in range(0, len(source), _PIECE):
        piece = source[start : start + _PIECE]
        oneself.append(piece[piece == target[start : start + _PIECE]])
    return Checked(source, target, weight, np.unique(np.concatenate(oneself)), _lightest(weight, least))


def _lightest(weight: Floats, least: float) -> float:
    """The smallest weight but 0; whether one is too large is seen in the sums, which all of them enter."""
    low = float(weight.min(initial=1.0))
    if low > 0:
        lightest = low
    else:
        if not low >= max(least, -HEAVIEST):  # written so that "not a number" fails too
            raise UsageError(_("A weight of an edge is below 0, not a number or too large."))
        lightest = float(np.abs(weight).min(where=weight != 0, initial=1.0))
    if not lightest >= LIGHTEST:
        message = _("A weight of an edge is too close to 0: it must be 0 or at least {least}.")
        raise UsageError(message.format(least=LIGHTEST))
    return lightest


def check_sums(given: Floats) -> None:
    """Raise UsageError where the weights of an account's edges are no number or too large."""
    if len(given) and not float(given.max()) <= HEAVIEST:
        raise UsageError(_("A weight of an edge is below 0, not a number or too large."))


def _account_numbers(column: npt.NDArray[Any], size: int) -> Whole:
    if not len(column):
        return np.zeros(0, np.int32)
    if column.dtype.kind not in "iu":
        message = _("The ends of edges must be whole numbers, not {kind}.")
        raise UsageError(message.format(kind=column.dtype))
    # Read as a number without sign, one below 0 is a very large one: a single look finds both.
    highest = int(column.view(f"{column.dtype.byteorder}u{column.dtype.itemsize}").max())
    if highest >= size:
        wrong = column[(column < 0) | (column >= size)][0]
        message = _("An edge names account {number}; there are only the accounts 0 to {last}.")
        raise UsageError(message.format(number=int(wrong), last=size - 1))
    return column.astype(np.int32, copy=False)


def kept(
    bounds: npt.NDArray[Any],
    sources: npt.NDArray[Any],
    weights: npt.NDArray[Any],
    size: int,
    targets: npt.NDArray[Any] | None = None,
) -> Rows:
    """Rows from arrays that were kept. Raises ValueError for what would read outside of them, or is not sorted."""
    rows = size if targets is None else len(targets)
    if [a.dtype for a in (bounds, sources, weights)] != [np.int32, np.int32, np.float64]:
        raise ValueError("types")
    if not 0 <= size <= MOST_ACCOUNTS or bounds.shape != (rows + 1,) or sources.shape != weights.shape or sources.ndim != 1:  # fmt: skip
        raise ValueError("lengths")
    if bounds[0] != 0 or bounds[-1] != len(sources) or (bounds[1:] < bounds[:-1]).any():
        raise ValueError("rows")
    if len(sources) and not (sources.min() >= 0 and sources.max() < size):
        raise ValueError("accounts")
    rises = sources[1:] > sources[:-1]
    inside = bounds[(bounds > 0) & (bounds < len(sources))]
    rises[inside - 1] = True
    if not rises.all():
        raise ValueError("order")
    try:
        _lightest(weights, 0.0)
        check_sums(weights)
    except UsageError as error:
        raise ValueError("weights") from error
    if targets is not None and (
        targets.dtype != np.int32
        or targets.ndim != 1
        or (rows and not (targets[0] >= 0 and targets[-1] < size and (targets[1:] > targets[:-1]).all()))
    ):
        raise ValueError("targets")
    return Rows(laid_out(bounds, sources, weights, size), targets)
