"""Where dltutor keeps its files; `XDG_*` variables are honoured. Only `ensure` creates folders."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "dltutor"
_NOWHERE = Path("/nonexistent")
"""Debian's name for the home of those who have none."""


def data_folder() -> Path:
    """The learner's progress and checkpoints, kept until the learner deletes them."""
    return _whole(platformdirs.user_data_path(_NAME, appauthor=False), ".local/share")


def cache_folder() -> Path:
    """What can be fetched again, such as the image sets."""
    return _whole(platformdirs.user_cache_path(_NAME, appauthor=False), ".cache")


def config_folder() -> Path:
    """The learner's preferences."""
    return _whole(platformdirs.user_config_path(_NAME, appauthor=False), ".config")


def state_folder() -> Path:
    """What a running program keeps for its next start, such as the visitors of `dltutor serve`."""
    return _whole(platformdirs.user_state_path(_NAME, appauthor=False), ".local/state")


def _whole(found: Path, usual: str) -> Path:
    """`found`, or the usual place where a variable holds a relative path, which does not count.

    So says the XDG specification: else files would lie wherever the program is started.
    """
    if found.is_absolute():
        return found
    try:
        home = Path.home()
    except RuntimeError:
        home = _NOWHERE
    return (home if home.is_absolute() else _home_of_user()) / usual / _NAME


def _home_of_user() -> Path:
    try:
        import pwd

        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        return _NOWHERE
    return home if home.is_absolute() else _NOWHERE


def expanded(path: Path) -> Path:
    """`path` with a home in the place of `~`; as it stands where there is no such home."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def ensure(folder: Path) -> Path:
    """Create `folder` and its parents where they are missing, and return it.

    What is created in the learner's own folders is private. Raises OSError where it cannot be.
    """
    if not folder.is_dir():
        own = (data_folder(), config_folder(), cache_folder(), state_folder())
        ensure(folder.parent)
        private = any(folder == each or each in folder.parents for each in own)
        folder.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
    return folder


def short(path: Path) -> str:
    """The path with the home folder as ~."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # elsewhere, or no home is known
        return str(path)
