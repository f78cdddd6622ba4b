"""`dltutor sweep`: every combination of settings with several seeds, without the screens."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from engine.naming import count_of
from engine.recipes.catalog import find_recipe, recipes
from engine.training.grid import grid
from engine.training.hyperparameters import SettingError
from engine.training.order import TrainingOrder, load_task
from engine.training.recipe import Recipe
from engine.training.run_files import MOST_KEPT
from engine.training.snapshot import Setting
from engine.training.task import Source
from engine.training.trial import Trial, TrialStatus
from engine.training.trial_store import TrialStore
from tui.commands import Command
from tui.commands.glyphs import add_data_options, real_or_glyphs, source_of
from tui.commands.recipe_settings import add_settings, setting_names
from tui.commands.shared_options import add_device
from tui.commands.sweep_output import Reporter
from tui.commands.train_loop import FAILED, FINISHED, INTERRUPTED, Signals
from tui.commands.train_output import Outlet

if TYPE_CHECKING:
    from engine.training.task import Task

COMMAND = Command(
    "sweep",
    _("compare settings over several seeds, or find a learning rate"),
    place=62,
    description=_("""\
Train every combination of the given settings, each with several seeds, and compare.

Every setting of the recipe is an option that takes several values, separated by commas:

  dltutor sweep softmax --lr 0.01,0.03,0.1 --seeds 3
  dltutor sweep mlp --optimizer sgd,adam --lr 0.001,0.01,0.1 --epochs 2 --chart
  dltutor sweep mlp --find-rate --optimizer adam

The table gives the mean, the minimum and the maximum over the seeds of what was measured after the
last epoch. A training that diverges is named there, and is in no mean.

Each training is kept like any other run, unless --no-keep is given. Trainings with the same
settings, seed, device and data that ran to their end before are not repeated, so an interrupted
sweep goes on where it was when it is started again; --again trains all of them once more.

--find-rate trains nothing: it raises the learning rate from update to update until the loss
diverges, and suggests a rate. The parameters that this leaves are thrown away.

Exit status: 0 all finished, 1 one failed or diverged, 2 bad usage or missing data, 130 interrupted.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; each hyperparameter of a recipe is an option."""
    add_arguments_for(parser, ())


def add_arguments_for(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Declare them; where `words` name a recipe, the help shows only its settings."""
    names = ", ".join(recipe.name for recipe in recipes())
    parser.add_argument(
        "recipe", metavar="RECIPE", help=_("what to train: {names}").format(names=names)
    )
    title = _("settings, each with one value or several")
    add_settings(parser, words, title, metavar="VALUES")
    parser.add_argument(
        "--seeds",
        metavar="N",
        help=_("train each combination with N seeds, counted up from --seed (default: 1)"),
    )
    parser.add_argument(
        "--find-rate", action="store_true", help=_("find a learning rate, and train nothing")
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        default="1",
        help=_("train N at a time, each in a process of its own (default: 1)"),
    )
    parser.add_argument("--no-keep", action="store_true", help=_("keep no run and no checkpoint"))
    parser.add_argument(
        "--again", action="store_true", help=_("repeat trainings that ran to their end before")
    )
    parser.add_argument(
        "--chart",
        action="store_true",
        help=_("print charts of the losses: the mean, with a band from the least to the most"),
    )
    parser.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help=_("write a table with one row per training to this file"),
    )
    parser.add_argument(
        "--json", action="store_true", help=_("print one JSON object per training, then a summary")
    )
    add_device(parser)
    parser.add_argument(
        "-q", "--quiet", action="store_true", help=_("report no single training, only the summary")
    )
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Sweep; the exit status. Raises UserError for bad usage and missing data."""
    try:
        recipe = find_recipe(args.recipe)
        values = _values(recipe, args)
        if args.find_rate:
            return _find_rate(recipe, values, args)
        orders = grid(recipe, values, source_of(args), _number(args.seeds, "--seeds"))
    except SettingError as error:
        raise UserError(str(error)) from None
    jobs = _number(args.jobs, "--jobs") or 1
    if args.csv is not None:
        _refuse_unwritable(args.csv)
    orders = _on_data_at_hand(orders, args)[0]  # the task would take memory all along
    return _sweep(recipe, orders, min(jobs, len(orders)), args)


def _values(recipe: Recipe, args: argparse.Namespace) -> dict[str, Sequence[Setting]]:
    """The values on the command line; raises SettingError."""
    values: dict[str, Sequence[Setting]] = {}
    for name in setting_names():
        text = getattr(args, name)
        if text is None:
            continue
        parameter = recipe.hyperparameter(name)
        values[name] = [parameter.parse(part) for part in text.split(",")]
    return values


def _number(text: str | None, option: str) -> int | None:
    """A whole number from 1 on; raises UserError."""
    if text is None:
        return None
    number = count_of(text)
    if not number:
        raise UserError(
            _("{option} takes a whole number from 1 on, not {text!r}.").format(
                option=option, text=text
            )
        )
    return number


def _refuse_unwritable(path: Path) -> None:
    """Raise UserError where the file cannot be written: before the trainings, not after them."""
    try:
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        text = _("{path} cannot be written: {error}. Name another file.")
        raise UserError(text.format(path=path, error=error.strerror or error)) from None


def _on_data_at_hand(
    orders: Sequence[TrainingOrder], args: argparse.Namespace
) -> tuple[tuple[TrainingOrder, ...], Task]:
    """The orders on the data that are there, the glyph set if need be, and the first one's task."""

    def load(source: Source) -> tuple[tuple[TrainingOrder, ...], Task]:
        there = tuple(replace(order, source=source) for order in orders)
        return there, load_task(there[0])

    return real_or_glyphs(load, orders[0].source, require_real=args.require_real)


def _sweep(
    recipe: Recipe, orders: Sequence[TrainingOrder], jobs: int, args: argparse.Namespace
) -> int:
    from tui.commands.sweep_pool import run_all

    store = TrialStore(recipe.name)
    found: list[Trial | None] = [None] * len(orders)
    to_do: list[tuple[int, TrainingOrder]] = []
    for number, order in enumerate(orders):
        trial = None if args.again else store.find(order)
        if trial is None:
            to_do.append((number, order))
        elif trial.status is TrialStatus.INTERRUPTED:
            to_do.append((number, replace(order, resume=True, run=trial.run)))
        else:
            found[number] = trial
    _tell(recipe, len(to_do), keep=not args.no_keep)
    reporter = Reporter(recipe, orders, as_json=args.json)
    if not args.quiet:
        for trial in filter(None, found):
            reporter.ended(trial)
    interrupted = refused = False
    with Signals() as signals:
        signals.ask = True
        running = run_all(
            to_do, jobs, keep=not args.no_keep, stopping=lambda: signals.asked,
            on_progress=(lambda now: None) if args.quiet else reporter.progress,
        )  # fmt: skip
        for number, trial in running:
            store.add(trial)
            found[number] = trial
            if not args.quiet:
                reporter.ended(trial)
            ended_well = trial.status in (TrialStatus.FINISHED, TrialStatus.INTERRUPTED)
            if trial.error and ended_well and not refused:
                refused = True  # said once: the disk refuses the others, too
                reporter.warn(trial.error)
        interrupted = (signals.asked and None in found) or any(
            trial is not None and trial.status is TrialStatus.INTERRUPTED for trial in found
        )
    trials = [trial for trial in found if trial is not None]
    reporter.summary(trials, "interrupted" if interrupted else "finished", chart=args.chart)
    if args.csv is not None:
        reporter.write_csv(trials, args.csv)
    if interrupted:
        left = sum(trial is None or trial.status is TrialStatus.INTERRUPTED for trial in found)
        text = plural(
            "{count} training is left. To go on, give the same command again.",
            "{count} trainings are left. To go on, give the same command again.",
            left,
        )
        Outlet(sys.stderr).line(text)
        return INTERRUPTED
    reporter.settle()
    ended_well = all(trial.status is TrialStatus.FINISHED for trial in trials)
    return FINISHED if ended_well else FAILED


def _tell(recipe: Recipe, count: int, *, keep: bool) -> None:
    """Say so where the runs of the sweep push out earlier ones."""
    from engine.training.archive import entries
    from engine.training.checkpoint_file import offered
    from engine.training.underway import RUNNING

    if not keep:
        return
    stays = offered(recipe.name)
    found = [one for one in entries([recipe.name]) if one.run.state != RUNNING]
    earlier = sum(one.name != stays for one in found)
    lost = min(earlier, max(0, earlier + count - MOST_KEPT))
    if not lost and count <= MOST_KEPT:
        return
    text = _(
        "{new}, and the latest {most} runs of a recipe are kept: {old} to be removed. The"
        " measurements of a sweep stay on record; with --no-keep, no run is kept or removed."
    )
    Outlet(sys.stderr).line(
        text.format(
            new=plural("{count} new run", "{count} new runs", count),
            most=MOST_KEPT,
            old=plural("{count} earlier run is", "{count} earlier runs are", lost),
        )
    )


def _find_rate(
    recipe: Recipe, values: dict[str, Sequence[Setting]], args: argparse.Namespace
) -> int:
    """Sweep the learning rate over one training; raises UserError, SettingError."""
    from engine.training.rate_finder import find_rate
    from tui.commands.sweep_rate import print_rates

    several = [name for name, given in values.items() if len(given) > 1]
    if "lr" in values or several or args.seeds is not None:
        raise UserError(
            _(
                "--find-rate tries learning rates itself: leave out --lr and --seeds, and give one"
                " value for each other setting."
            )
        )
    if args.csv is not None or args.no_keep or args.again:
        raise UserError(
            _("--find-rate keeps no run and writes no table: --csv, --no-keep and --again go with"
              " a sweep of trainings.")
        )  # fmt: skip
    settings = {name: given[0] for name, given in values.items()}
    first = (TrainingOrder(recipe, settings, source_of(args)),)
    (order,), task = _on_data_at_hand(first, args)
    with Signals() as signals:
        signals.ask = True
        began = time.perf_counter()
        found = find_rate(recipe, order.settings, task, stopping=lambda: signals.asked)
        seconds = time.perf_counter() - began
    print_rates(order, task, found, seconds, as_json=args.json)
    return INTERRUPTED if signals.asked else FINISHED
