"""Where the checkpoint of a recipe's latest run lies."""

from __future__ import annotations

from pathlib import Path

from engine.training.run_files import checkpoint_folder, checkpoints


def latest_checkpoint(recipe: str) -> Path:
    """The latest checkpoint of `recipe`; a path that does not exist where there is none."""
    found = checkpoints(recipe)
    return found[0] if found else checkpoint_folder(recipe) / "none"
