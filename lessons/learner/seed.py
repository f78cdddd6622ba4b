"""What makes the order of options a learner's own: drawn once, and kept with the progress."""

from __future__ import annotations

import secrets

from lessons.learner.progress import Progress

_KEY = "order of options"


def new_seed() -> str:
    """A seed that no other learner has."""
    return secrets.token_hex(8)


def seed_of(progress: Progress) -> str:
    """The seed of the learner whose progress this is; drawn where there is none yet."""
    seed = progress.setting(_KEY)
    if seed is None:
        seed = new_seed()
        progress.remember(_KEY, seed)
    return seed
