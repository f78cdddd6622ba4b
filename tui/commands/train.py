"""`dltutor train`: a training without the screens, with checkpoints."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.recipes.catalog import find_recipe, recipes
from engine.training.hyperparameters import SettingError
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tui.commands import Command
from tui.commands.train_guess import add_guesses, read_guess
from tui.commands.train_loop import carry_out
from tui.commands.train_output import Outlet

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint
    from engine.training.loop import TrainingRun

COMMAND = Command(
    "train",
    _("train a model without the screens"),
    place=60,
    description=_("""\
Train a model without the screens, and save checkpoints.

A checkpoint is saved at the end of an epoch (if epochs are short, at least every two seconds) and
every ten seconds within a long one. It holds everything that the training needs to continue exactly
where it was: `--resume` continues it with its own settings. Of these, only --epochs and --lr may be
changed.

If the images of a recipe are not on this machine, it trains on the built-in glyph set and says so;
with `--require-real` or `--data-dir` it stops instead.

Signals: SIGINT (ctrl+c) and SIGTERM save a checkpoint in the middle of the epoch, report the status
"interrupted" and exit with status 130; a second one exits at once. SIGHUP (a lost connection) and a
closed output are ignored: the training runs to its end and saves its checkpoint.

Exit status: 0 finished, 1 failed, 2 bad usage or missing data, 130 interrupted.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; each hyperparameter of a recipe is an option."""
    names = ", ".join(recipe.name for recipe in recipes())
    parser.add_argument(
        "recipe", metavar="RECIPE", help=_("what to train: {names}").format(names=names)
    )
    for name, description in _options().items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", dest=name, metavar="VALUE", help=description
        )
    parser.add_argument(
        "--device",
        metavar="NAME",
        default="auto",
        help=_("auto (the fastest), cpu, cuda or mps (default auto)"),
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help=_("folder with FashionMNIST/ and MNIST/")
    )
    parser.add_argument(
        "--synthetic", action="store_true", help=_("use the built-in glyph set as the images")
    )
    parser.add_argument(
        "--require-real",
        action="store_true",
        help=_("stop if the real images are missing, instead of using the glyph set"),
    )
    parser.add_argument(
        "--resume", action="store_true", help=_("continue from the recipe's last checkpoint")
    )
    add_guesses(parser)
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


def _options() -> dict[str, str]:
    """Help texts of all hyperparameters by name, with their defaults in each recipe."""
    options: dict[str, str] = {}
    defaults: dict[str, dict[Setting, list[str]]] = {}
    for recipe in recipes():
        for setting in recipe.hyperparameters:
            options.setdefault(setting.name, setting.help)
            of_value = defaults.setdefault(setting.name, {})
            of_value.setdefault(setting.default, []).append(recipe.name)
    default = _("Default: {value}.")
    return {
        name: f"{text} {default.format(value=_defaults(defaults[name]))}".replace("%", "%%")
        for name, text in options.items()
    }


def _defaults(names: dict[Setting, list[str]]) -> str:
    """`5 (linear, mlp), 10 (softmax)`; a single value needs no names."""
    if len(names) == 1:
        return str(*names)
    return ", ".join(f"{value} ({', '.join(recipes)})" for value, recipes in names.items())


def run(args: argparse.Namespace) -> int:
    """Train; the exit status. Raises UserError for bad usage and missing data."""
    try:
        recipe = find_recipe(args.recipe)
        given = _given(recipe, args)
    except SettingError as error:
        raise UserError(str(error)) from None
    status, _snapshot = carry_out(
        lambda: _prepare(recipe, given, args),
        recipe.name,
        as_json=args.json,
        export_to=args.export,
    )
    return status


def _given(recipe: Recipe, args: argparse.Namespace) -> dict[str, Setting]:
    """The settings on the command line; raises SettingError."""
    texts = {name: getattr(args, name) for name in _options()}
    return {
        name: recipe.hyperparameter(name).parse(text)
        for name, text in texts.items()
        if text is not None
    }


def _prepare(recipe: Recipe, given: dict[str, Setting], args: argparse.Namespace) -> TrainingRun:
    """Load the data and, if asked for, the checkpoint; this imports torch."""
    from engine.data.search import DataMissing, fetch_command
    from engine.training.begin import begin
    from engine.training.checkpoint import to_resume
    from engine.training.order import TrainingOrder
    from engine.training.task import Source

    checkpoint: Checkpoint | None = None
    guess = read_guess(recipe, args)
    if args.resume:
        checkpoint = to_resume(recipe.name)
        given = {**checkpoint.settings, **given}
    if args.synthetic and args.require_real:
        raise UserError(_("--synthetic and --require-real exclude each other. Give one of them."))
    source = Source(args.device, args.data_dir, args.synthetic)
    try:
        order = TrainingOrder(recipe, given, source, resume=args.resume, guess=guess)
    except SettingError as error:
        raise UserError(str(error)) from None
    try:
        return begin(order, time.perf_counter, checkpoint=checkpoint)
    except DataMissing as missing:
        # A folder that was named is meant, and a checkpoint goes on with its own data.
        if args.require_real or args.data_dir is not None or args.resume:
            raise
        text = _(
            "{problem} Training on the built-in glyph set instead, drawn by the program. For the"
            " real images, run `{command}`; with --require-real, the training stops here."
        )
        command = fetch_command(missing.name, None)
        Outlet(sys.stderr).line(text.format(problem=missing.problem, command=command))
    glyphs = replace(order, source=replace(source, allow_synthetic=True))
    return begin(glyphs, time.perf_counter)
