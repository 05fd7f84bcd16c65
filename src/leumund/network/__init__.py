"""A whole network, day after day: what was reckoned yesterday is kept, and only what changed is reckoned anew.

    kept      the folder `network` in the lab's: what is in it, by which rules it was made
    accounts  a number for each account, for good
    changed   which weeks are not what they were
    weeks     pairs of people by week, and who did what costs something towards whom
    sums      all weeks together, sorted by whom it was done to; the score of everybody in one pass
    trusted   standing from the weeks that are kept, beginning where the last one ended
    answers   what was found, to be looked up by account, with what was found before
    memory    what of the memory that is allowed is left for the query engine
    daily     all of it in order

Everything here is derived: it may be thrown away at any time (`leumund forget` does) and is then made anew.
"""
