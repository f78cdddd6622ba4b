"""`dltutor runs resume`: continue a run where it was."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from engine.training.snapshot import Setting
from tui.commands.crew import Crew, in_crew
from tui.commands.glyphs import refuse_real
from tui.commands.runs_about import find
from tui.commands.train_log import read_log
from tui.commands.train_loop import carry_out
from tui.commands.train_output import warn_of_threads

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


def resume(args: argparse.Namespace) -> int:
    """Train on, by as many processes as are asked for; the exit status."""
    from engine.training.archive import parameters_of

    entry = find(args.run)
    recipe, log = find_recipe(entry.run.recipe), read_log(args)
    checkpoint = parameters_of(entry)
    if args.data_dir is not None:
        refuse_real(checkpoint, recipe)
    given: dict[str, Setting] = dict(checkpoint.settings)
    try:
        for name in ("epochs", "lr", "threads"):
            if getattr(args, name) is not None:
                given[name] = recipe.hyperparameter(name).parse(getattr(args, name))
    except SettingError as error:
        raise UserError(str(error)) from None

    warn_of_threads(checkpoint.settings, given)

    def prepare(crew: Crew, args: argparse.Namespace) -> TrainingRun:
        from engine.training.order import TrainingOrder
        from engine.training.task import Source

        same = crew.first_does(lambda: checkpoint)  # of process 0, which writes it
        try:
            source = Source(args.device, args.data_dir)
            order = TrainingOrder(recipe, given, source, resume=True, run=entry.name)
        except SettingError as error:
            raise UserError(str(error)) from None
        return crew.begin(order, same)

    def work(crew: Crew, args: argparse.Namespace) -> int:
        status, _snapshot = carry_out(
            lambda: prepare(crew, args), recipe.name, as_json=args.json, log=log, crew=crew
        )
        return status

    return in_crew(args, recipe, int(given["batch_size"]), work)
