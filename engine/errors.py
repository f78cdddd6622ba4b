"""The one error that is shown to a learner as it stands."""

from __future__ import annotations


class UserError(Exception):
    """A learner's mistake: its text is one or two whole sentences that say what to do."""
