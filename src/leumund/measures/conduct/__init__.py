"""Conduct: evidence for the owner's private no-go list. Begun: the features and the score that orders it."""
