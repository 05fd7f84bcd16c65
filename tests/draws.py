"""How many examples a slow property is shown: a few in minutes, DRAWS times as many in the long run."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings


def draws(few: int, **more: Any) -> settings:
    """Settings for that many examples. `make test-long` asks for all of these again, with DRAWS=10."""
    return settings(max_examples=few * int(os.environ.get("DRAWS", "1")), **more)
