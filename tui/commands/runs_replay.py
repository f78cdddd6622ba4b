"""`dltutor runs replay`: train a run again from its first update, and compare."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from engine.training.run_files import release
from tui.commands.runs_about import find
from tui.commands.train_log import read_log
from tui.commands.train_loop import FAILED, carry_out
from tui.commands.train_output import Outlet

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


def replay(args: argparse.Namespace) -> int:
    """Train it again, with its changes; the exit status, 1 where the parameters differ."""
    from engine.training.archive import nothing_saved

    entry = find(args.run)
    kept = entry.run
    recipe = find_recipe(kept.recipe)

    def prepare() -> TrainingRun:
        from engine.training.begin import begin
        from engine.training.order import TrainingOrder
        from engine.training.own_data import own_data
        from engine.training.task import Source

        # More epochs that were asked for later change no update.
        began = kept.started_with or kept.settings
        known = {setting.name for setting in recipe.hyperparameters}
        # Version 0.2 noted one thread for a resumed run whose recipe has no such setting.
        settings = {name: began[name] for name in began if name in known or name != "threads"}
        settings["epochs"] = kept.epochs
        source = Source(args.device, args.data_dir, kept.synthetic)
        plan = tuple(change for change in kept.changes if change.setting != "epochs")
        try:
            order = TrainingOrder(recipe, settings, source, plan=plan)
        except SettingError as error:
            raise UserError(str(error)) from None
        with own_data(source, recipe.dataset, kept.data_dir) as found:
            run = begin(replace(order, source=found), time.perf_counter)
        if kept.data_sha256 not in ("", run.task.data_sha256):
            release(run.name)
            text = _(
                "{run} was trained on different data ({dataset}). Repeat it with the same ones."
            )
            raise UserError(text.format(run=kept.run, dataset=kept.dataset))
        return run

    # One that diverged before any check passed is back at its start; it has to diverge again.
    until = kept.step or None
    status, again = carry_out(
        prepare, recipe.name, as_json=args.json, until=until, log=read_log(args)
    )
    if status and not (status == FAILED and until is None):
        return status
    same = again.parameters_sha256 == kept.parameters_sha256 if kept.parameters_sha256 else None
    if args.json:
        facts = {"event": "replay", "run": again.run, "replays": kept.run, "same": same}
        Outlet(sys.stdout).line(json.dumps(facts))
    errors = Outlet(sys.stderr)
    if nothing_saved(kept):
        text = _("{again} repeats {run}, of which nothing is saved: nothing to compare.")
        errors.line(text.format(again=again.run, run=kept.run))
        return 0
    if not kept.parameters_sha256:
        errors.line(
            _("{run} was kept without its SHA-256: nothing to compare.").format(run=kept.run)
        )
        return 0
    text = (
        _("{again} repeats {run} bit for bit: the same parameters after {updates}.")
        if same
        else _("{again} does not repeat {run}: the parameters differ after {updates}. The device,"
               " the kind of processor, the number of threads or processes, or the version of"
               " PyTorch is another one.")
    )  # fmt: skip
    updates = plural("{count} update", "{count} updates", again.step)
    errors.line(text.format(again=again.run, run=kept.run, updates=updates))
    return 0 if same else FAILED
