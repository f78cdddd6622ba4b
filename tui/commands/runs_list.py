"""`dltutor runs list`: all kept runs, the latest first."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from engine.training.run_files import MOST_BYTES, MOST_KEPT
from engine.training.underway import RUNNING
from tui.columns import left, widest
from tui.commands.runs_about import STATES, as_json, label_of, names_of_recipes, result, with_damage

if TYPE_CHECKING:
    from engine.training.archive import Entry


def list_runs(args: argparse.Namespace) -> int:
    """Print a row for each run; the exit status."""
    from engine.training.archive import entries
    from engine.training.damage import damage

    wanted = names_of_recipes()
    if args.recipe is not None:
        try:
            wanted = [find_recipe(args.recipe).name]
        except SettingError as error:
            raise UserError(str(error)) from None
    found = entries(wanted)
    damaged = {entry.name: damage(entry, by_outline=True) for entry in found}
    if args.json:
        rows_json = [with_damage(as_json(entry.run), damaged[entry.name]) for entry in found]
        print(json.dumps(rows_json, indent=1))
        _tell_damaged(damaged)
        _tell_unreadable(wanted, found)
        return 0
    rows = [_row(entry, damaged[entry.name]) for entry in found]
    widths = [widest(column) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(left(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    if not rows and args.recipe is not None:
        text = _("No run of {recipe} is kept yet. `dltutor train {recipe}` makes one.")
        print(text.format(recipe=wanted[0]))
    elif not rows:
        print(_("No run is kept yet. `dltutor train RECIPE` makes one."))
    else:
        text = _(
            "* resumable. Of each recipe, the latest {count} runs are kept, with checkpoints of at"
            " most {size} GB together."
        )
        print(text.format(count=MOST_KEPT, size=f"{MOST_BYTES / 1e9:g}"))
    _tell_damaged(damaged)
    _tell_unreadable(wanted, found)
    return 0


def _tell_damaged(damaged: Mapping[str, Mapping[str, str]]) -> None:
    """Say what of the runs in the list cannot be used."""
    for run, found in damaged.items():
        for sentence in found.values():
            print(f"! {run}: {sentence}", file=sys.stderr)


def _tell_unreadable(recipes: Sequence[str], known: Sequence[Entry]) -> None:
    """Say which files hold no run any longer; those that are empty are cleared away."""
    from engine.training.archive import unreadable_runs
    from engine.training.unreadable import clear_away, told, told_gone

    found = unreadable_runs(recipes, known)
    gone = clear_away(found)
    left = [name for name in found if name not in gone]
    if gone:
        print(told_gone(gone), file=sys.stderr)
    if left:
        print(told(left), file=sys.stderr)


def _row(entry: Entry, damaged: Mapping[str, str]) -> tuple[str, ...]:
    from engine.training.archive import nothing_saved
    from engine.training.checkpoint_file import is_unfinished

    run = entry.run
    is_open = entry.checkpoint is not None and is_unfinished(entry.checkpoint)
    is_open &= run.state != RUNNING
    mark = "!" if damaged else "*" if is_open else " "
    ended = datetime.fromisoformat(run.ended).astimezone()
    return (
        f"{mark} {run.run}",
        STATES.get(run.state, run.state),
        _("epoch {epoch} of {epochs}").format(epoch=run.epoch, epochs=run.epochs),
        _("nothing saved") if nothing_saved(run) else result(run),
        f"{ended:%Y-%m-%d %H:%M}",
        label_of(run),
    )
