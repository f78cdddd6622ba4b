"""Where dltutor keeps its files; `XDG_*` variables are honoured. Only `ensure` creates folders."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "dltutor"


def data_folder() -> Path:
    """The learner's progress and checkpoints, kept until the learner deletes them."""
    return platformdirs.user_data_path(_NAME, appauthor=False)


def cache_folder() -> Path:
    """What can be fetched again, such as the image sets."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)


def config_folder() -> Path:
    """The learner's preferences."""
    return platformdirs.user_config_path(_NAME, appauthor=False)


def ensure(folder: Path) -> Path:
    """Create `folder` and its parents where they are missing, and return it.

    Raises OSError where they cannot be created.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return folder
