"""Made-up names, servers and handles: nobody is meant, and no server exists (.example is reserved)."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leumund.simulate.dice import Dice

_LISTS = {
    name: tuple(words.split())
    for name, words in tomllib.loads(
        files("leumund.simulate").joinpath("names.toml").read_text(encoding="utf-8")
    ).items()
}
WOMEN, MEN, SURNAMES = _LISTS["women"], _LISTS["men"], _LISTS["surnames"]
WOMEN_EN, MEN_EN, SURNAMES_EN = _LISTS["women_en"], _LISTS["men_en"], _LISTS["surnames_en"]
SERVERS = (
    "werkstatt.example", "berufung.example", "marktplatz.example", "kiez.example", "nordsee.example",
    "kaffeehaus.example", "bibliothek.example", "talstation.example", "funkturm.example", "gartenzaun.example",
    "lesesaal.example", "kontor.example", "hafenstadt.example", "feierabend.example", "handwerk.example",
    "stadtpark.example", "gleis7.example", "elbwiesen.example", "tintenfass.example", "schraubstock.example",
)  # fmt: skip
SERVERS_EN = ("harbour.example", "commons.example", "teatime.example", "kiez.example")
SHADY = ("reichweite.example", "folgmir.example", "promo.example", "boost.example")
JOBS = (
    "buch",
    "garten",
    "holz",
    "projekt",
    "team",
    "wort",
    "zahl",
    "brief",
    "rad",
    "technik",
    "schule",
    "amt",
)
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def folded(name: str) -> str:
    """The name in the letters a handle may have.

    >>> folded("Jörg Großmann")
    'joerggrossmann'
    """
    return "".join(name.lower().translate(_FOLD).split())


class Names:
    """Hands out names and handles, no handle twice."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def person(self, *, woman: bool, english: bool) -> tuple[str, str]:
        """First and last name."""
        first = (WOMEN_EN if english else WOMEN) if woman else (MEN_EN if english else MEN)
        return self._dice.pick(first), self._dice.pick(SURNAMES_EN if english else SURNAMES)

    def handle(self, first: str, last: str, servers: tuple[str, ...]) -> str:
        """user@server; the servers named first are the larger ones."""
        a, b = folded(first), folded(last)
        user = self._dice.pick(
            (f"{a}.{b}", f"{a}{b}", f"{a}_{b}", f"{a[0]}{b}", f"{b}_{a[0]}", f"{a}_{self._dice.pick(JOBS)}")
        )
        server = servers[int(len(servers) * self._dice.roll() ** 1.7)]
        return self.unused(user, server)

    def unused(self, user: str, server: str) -> str:
        """That handle, with a number where somebody has it already."""
        handle, n = f"{user}@{server}", 2
        while handle in self._taken:
            handle, n = f"{user}{n}@{server}", n + 1
        self._taken.add(handle)
        return handle
