"""The score that orders the evidence list: points for each feature, added up. Its parameters stand in `score.toml`.

It says whose posts look most like those of accounts that only advertise; it proves nothing, flags nobody and is shown
to the owner alone. Each feature has a curve of straight pieces, centred so that the average account has 0 points, and
an unknown feature 0 too. Fitted by penalised logistic regression (`leumund validate conduct --fit`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points for the values of one feature: `points` at `values`, straight lines between them, level outside."""

    values: tuple[float, ...]
    points: tuple[float, ...]

    def __call__(self, feature: Numbers) -> Numbers:
        found = np.interp(np.nan_to_num(feature), self.values, self.points)
        return np.where(np.isnan(feature), 0.0, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """version: of the parameters; posts, profile: the curves of the features, by name."""

    version: str
    posts: Mapping[str, Curve]
    profile: Mapping[str, Curve]


@cache
def shipped() -> Parameters:
    """The parameters that come with the program."""
    return read((files("leumund.measures.conduct") / "score.toml").read_text("utf-8"))


def read(text: str) -> Parameters:
    """Parameters as they stand in a file."""
    told = tomllib.loads(text)
    posts, profile = (
        {
            n: Curve(values=tuple(c["values"]), points=tuple(c["points"]))
            for n, c in told.get(part, {}).items()
        }
        for part in ("posts", "profile")
    )
    return Parameters(version=str(told["version"]), posts=posts, profile=profile)


def written(parameters: Parameters, about: str) -> str:
    """Parameters as a file, to be read by people too."""
    lines = [*(f"# {line}" for line in about.splitlines()), f'version = "{parameters.version}"']
    for part, curves in (("posts", parameters.posts), ("profile", parameters.profile)):
        for name, curve in curves.items():
            values, points = (", ".join(f"{v:.4g}" for v in row) for row in (curve.values, curve.points))
            lines += ["", f"[{part}.{name}]", f"values = [{values}]", f"points = [{points}]"]
    return "\n".join(lines) + "\n"


def points(curves: Mapping[str, Curve], features: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """The points of each feature; features that are not there add nothing."""
    return {name: curve(features[name]) for name, curve in curves.items() if name in features}


def total(curves: Mapping[str, Curve], features: Mapping[str, Numbers], size: int) -> Numbers:
    """All points together, as log odds; 0 is an average account."""
    return np.asarray(np.sum([np.zeros(size), *points(curves, features).values()], axis=0), np.float64)
