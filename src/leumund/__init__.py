"""Leumund: the laboratory for one's public presence.

import leumund

with leumund.open("demo") as lab:
    lab.show("influence", days=90)
    lab.why("influence", start="2026-02-08", end="2026-02-15")

docs/programs.md says how it is used from Python, docs/design.md how the house is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leumund.errors import LeumundError as LeumundError
    from leumund.library import Lab as Lab
    from leumund.library import Reading as Reading
    from leumund.library import open as open  # noqa: A004  the word a person would look for

_FROM_LIBRARY = ("Lab", "Reading", "open")


def __getattr__(name: str) -> Any:
    """What `import leumund` offers is loaded when it is first used: the command line starts without it."""
    if name in _FROM_LIBRARY:
        from leumund import library

        return getattr(library, name)
    if name == "LeumundError":
        from leumund.errors import LeumundError

        return LeumundError
    message = f"module 'leumund' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FROM_LIBRARY, "LeumundError"])
