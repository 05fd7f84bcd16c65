"""What all tests share: `pytest --accept` writes the expected answers anew, to be read like code."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["TZ"] = "UTC"  # whatever the machine is set to; what depends on a zone names one
time.tzset()

# How long an example takes says how busy the machine is; what the program may take is measured in benchmarks/.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")
settings.register_profile("ci", derandomize=True)  # a submission is judged by what it changed, not by a draw
if os.environ.get("CI"):
    settings.load_profile("ci")

pytest_plugins = ["tests.servers.fixtures", "tests.markup.validation"]
sys.path.append(str(Path(__file__).parent / "sources"))  # make_archives, which builds what several tests read


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take what is given now as the expected answers")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))
