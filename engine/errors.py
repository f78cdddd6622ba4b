"""The error whose text is shown to the learner."""

from __future__ import annotations


class UserError(Exception):
    """A learner's mistake: its text says in one or two whole sentences what to do."""
