"""What is said where older runs made room for a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.language import _
from engine.training.run_files import MOST_BYTES, MOST_KEPT, recipe_of


def told(runs: Sequence[str], checkpoints: Collection[str] = ()) -> list[str]:
    """Which `runs` were removed, and of which others only the `checkpoints`; a sentence each."""
    said = []
    if runs:
        text = _("Removed to make room: {runs}. Of each recipe, the latest {count} runs are kept.")
        said.append(text.format(runs=", ".join(runs), count=MOST_KEPT))
    only = [run for run in checkpoints if run not in runs]
    if only:
        text = _(
            "Removed to make room: the parameters of {runs}; their measurements are kept. Of"
            " {recipe}, the checkpoints of the latest {count} runs are kept, at most {size} GB."
        )
        size = f"{MOST_BYTES / 1e9:g}"
        said.append(
            text.format(runs=", ".join(only), recipe=recipe_of(only[0]), count=MOST_KEPT, size=size)
        )
    return said
