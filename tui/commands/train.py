"""`dltutor train`: a training without the screens, with checkpoints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.recipes.catalog import find_recipe, recipes
from engine.training.hyperparameters import SettingError
from engine.training.recipe import Recipe
from engine.training.run_files import recipe_of
from engine.training.snapshot import Setting
from tui.commands import Command
from tui.commands.crew import Crew, add_nproc, in_crew
from tui.commands.glyphs import add_data_options, real_or_glyphs, refuse_real, source_of
from tui.commands.recipe_settings import add_settings, setting_names
from tui.commands.shared_options import add_device
from tui.commands.train_guess import add_guesses, read_guess
from tui.commands.train_log import add_log_options, read_log
from tui.commands.train_loop import carry_out
from tui.commands.train_output import Outlet, warn_of_threads

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint, CheckpointError
    from engine.training.loop import TrainingRun
    from engine.training.task import Source
    from tui.parsing import Parser

COMMAND = Command(
    "train",
    _("train a model without the screens"),
    place=60,
    description=_("""\
Train a model without the screens, and save checkpoints.

A checkpoint is saved at the end of an epoch (if epochs are short, at least every two seconds) and
every ten seconds within a long one. It holds everything that the training needs to continue exactly
where it was: `--resume` continues it with its own settings. Of these, only --epochs, --lr and
--threads may be changed.

If the images of a recipe are not on this machine, it trains on the built-in glyph set and says so;
with `--require-real` or `--data-dir` it stops instead.

With `--nproc N`, or started by torchrun (`torchrun --nproc-per-node=N -m tui.cli train RECIPE`), N
processes share every batch. The losses are those of one process, to rounding. If one of them dies,
the training ends with a checkpoint; `--resume` continues it with any number of processes.

Signals: SIGINT (ctrl+c) and SIGTERM save a checkpoint in the middle of the epoch, report the status
"interrupted" and exit with status 130; a second one exits at once. SIGHUP (a lost connection) and a
closed output are ignored: the training runs to its end and saves its checkpoint.

Exit status: 0 finished, 1 failed, 2 bad usage or missing data, 130 interrupted.
"""),
)


def add_arguments(parser: Parser) -> None:
    """Declare the arguments; each hyperparameter of a recipe is an option."""
    add_arguments_for(parser, ())


def add_arguments_for(parser: Parser, words: Sequence[str]) -> None:
    """Declare them; where `words` name a recipe, the help shows only its settings."""
    parser.on_spare = _names_a_run
    names = ", ".join(recipe.name for recipe in recipes())
    parser.add_argument(
        "recipe", metavar="RECIPE", help=_("what to train: {names}").format(names=names)
    )
    add_settings(parser, words, _("settings"))
    add_device(parser)
    add_nproc(parser)
    add_data_options(parser)
    parser.add_argument(
        "--resume", action="store_true", help=_("continue from the recipe's last checkpoint")
    )
    add_guesses(parser)
    add_log_options(parser)
    parser.add_argument(
        "--export",
        type=Path,
        metavar="DIR",
        help=_("write measurements (CSV) and settings (JSON) to a new folder in DIR"),
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=_("print one JSON object per line: start, epoch, end"),
    )


def _names_a_run(word: str) -> str:
    """For whoever writes `--resume RUN`."""
    if recipe_of(word) not in {recipe.name for recipe in recipes()}:
        return ""
    text = _("--resume takes no run. `dltutor runs resume {run}` continues a run by its name.")
    return text.format(run=word)


def run(args: argparse.Namespace) -> int:
    """Train; the exit status. Raises UserError for bad usage and missing data."""
    log = read_log(args)
    try:
        recipe = find_recipe(args.recipe)
        given = _given(recipe, args)
        # A run that is resumed has a batch size of its own.
        batch_size = None if args.resume else int(recipe.settings(given)["batch_size"])
    except SettingError as error:
        raise UserError(str(error)) from None

    def work(crew: Crew, args: argparse.Namespace) -> int:
        status, _snapshot = carry_out(
            lambda: _prepare(recipe, given, args, crew),
            recipe.name,
            as_json=args.json,
            export_to=args.export if crew.writes else None,
            log=log,
            crew=crew,
        )
        return status

    return in_crew(args, recipe, batch_size, work)


def _given(recipe: Recipe, args: argparse.Namespace) -> dict[str, Setting]:
    """The settings on the command line; raises SettingError."""
    texts = {name: getattr(args, name) for name in setting_names()}
    return {
        name: recipe.hyperparameter(name).parse(text)
        for name, text in texts.items()
        if text is not None
    }


def _to_resume(recipe: Recipe) -> Checkpoint:
    """The checkpoint of the latest unfinished run; says so where it is not, for being damaged."""
    from engine.training.keeping import to_resume

    damaged: list[CheckpointError] = []
    found = to_resume(recipe.name, damaged)
    for error in damaged:
        Outlet(sys.stderr).line(f"dltutor: {error}")
    if damaged:
        Outlet(sys.stderr).line(_("Resuming {run} instead.").format(run=found.run))
    return found


def _prepare(
    recipe: Recipe, given: dict[str, Setting], args: argparse.Namespace, crew: Crew
) -> TrainingRun:
    """Load the data and, if asked for, the checkpoint; this imports torch."""
    from engine.training.order import TrainingOrder

    checkpoint: Checkpoint | None = None
    guess = read_guess(recipe, args)
    source = source_of(args)
    if args.resume:
        checkpoint = crew.first_does(lambda: _to_resume(recipe))
        given = {**checkpoint.settings, **given}
        warn_of_threads(checkpoint.settings, given)
        if args.require_real or args.data_dir is not None:
            refuse_real(checkpoint, recipe)

    def load(source: Source) -> TrainingRun:
        order = TrainingOrder(recipe, given, source, resume=args.resume, guess=guess)
        return crew.begin(order, checkpoint)

    try:
        # A run that is resumed goes on with its own data.
        return real_or_glyphs(load, source, require_real=args.require_real or args.resume)
    except SettingError as error:
        raise UserError(str(error)) from None
