"""How many of what, in words."""

from __future__ import annotations

from collections.abc import Mapping

from leumund.locale import ngettext
from leumund.views.cells import number


def counted(counts: Mapping[str, int]) -> str:
    """Rows by table as a person reads them; what is none is left out."""
    words = {
        "posts": lambda n: ngettext("{n} post", "{n} posts", n),
        "acts": lambda n: ngettext("{n} act (reply, reshare, follow ...)", "{n} acts (replies, reshares, follows ...)", n),
        "sightings": lambda n: ngettext("{n} account description", "{n} account descriptions", n),
        "deletions": lambda n: ngettext("{n} deletion", "{n} deletions", n),
        "returned": lambda n: ngettext("{n} thing that was gone and is there again", "{n} things that were gone and are there again", n),
        "persons": lambda n: ngettext("{n} person with her accounts", "{n} persons with their accounts", n),
        "statements": lambda n: ngettext("{n} entry of your own (customers, hours ...)", "{n} entries of your own (customers, hours ...)", n),
    }  # fmt: skip
    return ", ".join(words[k](n).format(n=number(n)) for k, n in counts.items() if n and k in words)


def unusable(problems: int) -> str:
    """How many records could not be used, and where to see them."""
    text = ngettext("{n} record could not be used. See: leumund problems",
                    "{n} records could not be used. See: leumund problems", problems)  # fmt: skip
    return text.format(n=number(problems))


def left_out(problems: int) -> str:
    """How many records could not be used."""
    text = ngettext("{n} record could not be used.", "{n} records could not be used.", problems)
    return text.format(n=number(problems))
