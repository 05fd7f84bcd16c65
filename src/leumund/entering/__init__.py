"""What the owner enters by hand, the same for commands and pages: words she writes become an entry that is kept.

said = hours.said(today=today_at(at), hours="1:30", channel="mastodon", on="yesterday")
add(lab, said, at=at)                          a new entry; gives it back as it was understood
change(lab, said, "4f2a", at=at)               only what was named changes, "" takes a value out
remove(lab, "time", "4f2a", at=at)             taken away, or erased for good
listed(lab, "time")                            what there is, the newest first
line(said.kind, said.body)                     one line of it, in the language spoken

One file per kind: goals, customers, hours, costs, notes, experiments. The clock is read by who calls.
"""
