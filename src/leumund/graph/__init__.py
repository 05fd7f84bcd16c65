"""Who lends standing to whom: a graph of acts, and how far the trust of a few seeds carries in it.

    Graph       weighted edges from account to account, all accounts numbered 0 to size - 1
    standing    seeded PageRank on it, with a proven bound of its error
    lent        what flows into a set of accounts from outside: nothing else can raise them
    reach       how much of the graph the seeds can see at all

Arrays of numbers go in and come out. Which acts make an edge, and what a seed is, is decided elsewhere.
"""

from __future__ import annotations

from leumund.graph.edges import Graph
from leumund.graph.ranks import Ranks, lent, standing
from leumund.graph.seen import Reach, reach

__all__ = ["Graph", "Ranks", "Reach", "lent", "reach", "standing"]
