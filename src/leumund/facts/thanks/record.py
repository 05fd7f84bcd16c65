"""What the grammar of thanks answers: whether a post thanks somebody, and the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from leumund.locale import N_

ThanksKind: TypeAlias = Literal["thanks", "advance", "cause", "declined", "ironic", "told", "quoted", "none"]
"""thanks: the author thanks somebody for something. The others speak of thanks and do not give any: advance (asks
for something and thanks before it is done), cause (*dank des Regens*, *thanks to the rain*), declined (*nein danke*),
ironic (*danke für nichts*), told (thanks of others, wanted, missed or talked about), quoted (in another's words).
none: no word of thanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """How a post was read. words: what the answer rests on, "" where nothing was found."""

    kind: ThanksKind = "none"
    words: str = ""


SENTENCES: Final[dict[ThanksKind, str]] = {
    "thanks": N_("It thanks: “{words}”."),
    "advance": N_("It asks for something and thanks in advance: “{words}”."),
    "cause": N_("It names a cause, not a thank-you: “{words}”."),
    "declined": N_("It declines: “{words}”."),
    "ironic": N_("It is not meant as thanks: “{words}”."),
    "told": N_("It talks about thanks: “{words}”."),
    "quoted": N_("Another's words give thanks: “{words}”."),
    "none": N_("It has no word of thanks."),
}
"""An English sentence for each kind."""
