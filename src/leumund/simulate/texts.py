"""Sentences from lists of phrases: `phrases_de.toml` and `phrases_en.toml` beside this file."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from leumund.simulate.dice import Dice

Language = Literal["de", "en"]
_SLOT = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"  +")


@cache
def phrases(language: Language) -> dict[str, list[str]]:
    """Every list of phrases of that language."""
    text = files("leumund.simulate").joinpath(f"phrases_{language}.toml").read_text(encoding="utf-8")
    return {name: list(entries) for name, entries in tomllib.loads(text).items()}


def say(what: str, dice: Dice, language: Language = "de", **given: str) -> str:
    """One sentence of that list, its slots filled in; what is given fills the slots of its name.

    >>> from leumund.simulate.dice import Dice
    >>> say("ff_danke", Dice(1, "x"), "en", at="@a@b.example").count("@a@b.example")
    1
    """
    lists = phrases(language)

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        return given[name] if name in given else _SLOT.sub(filled, dice.pick(lists[name]))

    return _SPACES.sub(" ", _SLOT.sub(filled, dice.pick(lists[what]))).strip()


class Fresh:
    """Sentences that nobody has said yet: asked again until new, as far as there are new ones."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._said: set[str] = set()

    def say(self, what: str, language: Language = "de", **given: str) -> str:
        """A sentence of that list, new if within forty tries one is."""
        for _ in range(40):
            text = say(what, self.dice, language, **given)
            if text not in self._said:
                break
        self._said.add(text)
        return text
