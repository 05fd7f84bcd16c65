"""Made-up worlds with known truth: for the demo, the tests and the benchmarks.

    career_coach   half a year of one career coach, small enough to look at, with the truth beside it
    stream         any number of acts among any number of accounts, as columns
    write_jsonl, write_csv   the same as files in the public row shape

Everything comes from a seed. Names and texts are made up, servers lie under .example, which nobody owns.
"""

from __future__ import annotations

from leumund.simulate.files import write_csv, write_jsonl
from leumund.simulate.stream import stream
from leumund.simulate.truth import Customer, Debt, FridayClass, FridayPost, Truth, Who
from leumund.simulate.world import OWNER, World, career_coach

__all__ = [
    "OWNER",
    "Customer",
    "Debt",
    "FridayClass",
    "FridayPost",
    "Truth",
    "Who",
    "World",
    "career_coach",
    "stream",
    "write_csv",
    "write_jsonl",
]
