"""A Follow-Friday board to be published: a folder of plain pages with those alone who agreed.

    options   what the owner chose: which board, where it lies, how she can be reached
    taken     the places and people of a board, from the lab; who is missing, and why (for the owner alone)
    site      the pages, feeds and data as files: text in, bytes out
    feeds     Atom and JSON Feed
    folder    a whole folder put in the place of the one before
    proposal  a list for a network to be published by hand

Nothing here sends anything.
"""
