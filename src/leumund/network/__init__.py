"""A whole network, day after day: what was reckoned yesterday is kept, and only what changed is reckoned anew.

    kept      the folder `network` in the lab's: what is in it, by which rules it was made
    accounts  a number for each account, for good
    changed   which weeks are not what they were
    weeks     pairs of people by week, and who did what costs something towards whom
    running   the week that is not over, day by day
    pairs     the files of both
    sums      all weeks together, sorted by whom it was done to; everybody in one pass
    mass      what that is worth
    trusted   standing from the weeks that are kept, beginning where the last one ended
    tally     votes added up; two such sums make one
    board     the board of all: votes of weeks that are over, summed once a week, and those of the week that runs
    answers   what was found, to be looked up by account, with what was found before
    memory    what of the memory that is allowed is left for the query engine
    daily     all of it in order
    again     a day that is scored again with nothing new

Everything here is derived: it may be thrown away at any time (`leumund forget` does) and is then made anew.
"""
