"""Train a model without the screens, and save a checkpoint after an epoch.

A checkpoint holds all that a training needs to go on bit by bit: `--resume` continues it with its
own settings. Only --epochs and --lr may then differ. Where epochs take fractions of a second, not
each of them is saved, but one at least every two seconds.

Signals: SIGINT (ctrl+c) and SIGTERM save a checkpoint in the middle of the epoch, report the
status "interrupted" and exit with 130; a second one exits at once. SIGHUP (a dropped line) is
ignored, and so is an output that nobody reads any more: the training goes on to its end, and its
checkpoint is there.

Exit status: 0 finished, 1 failed, 2 bad usage or missing data, 130 interrupted.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, TypeAlias

from engine.errors import UserError
from engine.recipes.catalog import find_recipe, recipes
from engine.training import underway
from engine.training.hyperparameters import SettingError
from engine.training.recipe import Recipe
from engine.training.snapshot import SessionState, Setting
from tui.commands import Command
from tui.commands.train_output import Ending, JsonReport, Outlet, Report, TextReport

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint
    from engine.training.loop import TrainingRun

COMMAND = Command("train", "train a model without the screens", place=60)

FINISHED, FAILED, INTERRUPTED = 0, 1, 130
STATUS = {FINISHED: "finished", FAILED: "failed", INTERRUPTED: "interrupted"}
PROGRESS_INTERVAL = 0.1
LONGEST_UNSAVED = 10.0
"""Seconds after which a checkpoint is saved in the middle of a long epoch."""
SAVE_PAUSE, SAVE_INTERVAL = 10, 2.0
"""Epochs that are short are saved after ten times as long as saving takes, or after 2 seconds."""

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; each hyperparameter of a recipe is an option."""
    names = ", ".join(recipe.name for recipe in recipes())
    parser.add_argument("recipe", metavar="RECIPE", help=f"what to train: {names}")
    for name, description in _options().items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", dest=name, metavar="VALUE", help=description
        )
    parser.add_argument(
        "--device", metavar="NAME", default="auto", help="auto (the fastest), cpu, cuda, mps"
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder that holds FashionMNIST/ and MNIST/"
    )
    parser.add_argument(
        "--synthetic", action="store_true", help="take the built-in glyph set as the images"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint of the recipe"
    )
    parser.add_argument(
        "--export",
        type=Path,
        metavar="DIR",
        help="write measurements (CSV) and settings (JSON) into a new folder below DIR",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line: start, epoch, end"
    )


def _options() -> dict[str, str]:
    """Help texts of all hyperparameters, by name, with the defaults and who has them."""
    options: dict[str, str] = {}
    defaults: dict[str, dict[Setting, list[str]]] = {}
    for recipe in recipes():
        for setting in recipe.hyperparameters:
            options.setdefault(setting.name, setting.help)
            of_value = defaults.setdefault(setting.name, {})
            of_value.setdefault(setting.default, []).append(recipe.name)
    return {
        name: f"{text} Default: {_defaults(defaults[name])}.".replace("%", "%%")
        for name, text in options.items()
    }


def _defaults(names: dict[Setting, list[str]]) -> str:
    """`5 (linear, mlp), 10 (softmax)`; one value alone needs no names."""
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
    with _Signals() as signals:
        training = _prepare(recipe, given, args)
        report: Report = JsonReport() if args.json else TextReport()
        signals.ask = True
        underway.begin(recipe.name)
        status = _train(training, report, signals)
        underway.end(recipe.name)
        if args.export is not None:
            _export(training, STATUS[status], args.export)
        return status


def _export(training: TrainingRun, status: str, folder: Path) -> None:
    """Write what was measured below `folder`; raises UserError where that is not possible."""
    from engine.training.checkpoint import parameters_sha256
    from engine.training.export import export
    from engine.training.observe import observe

    ends = {"interrupted": SessionState.STOPPED}
    snapshot = replace(
        observe(training, ends.get(status) or SessionState(status)),
        data_sha256=training.task.data_sha256,
        parameters_sha256=parameters_sha256(training),
    )
    path = export(snapshot, folder)
    Outlet(sys.stderr).line(f"Exported to {path}")


def _given(recipe: Recipe, args: argparse.Namespace) -> dict[str, Setting]:
    """The settings on the command line; raises SettingError."""
    texts = {name: getattr(args, name) for name in _options()}
    return {
        name: recipe.hyperparameter(name).parse(text)
        for name, text in texts.items()
        if text is not None
    }


def _prepare(recipe: Recipe, given: dict[str, Setting], args: argparse.Namespace) -> TrainingRun:
    """Load the data and, where asked, the checkpoint; this imports torch."""
    from engine.training.begin import begin
    from engine.training.checkpoint import checkpoint_path, load
    from engine.training.order import TrainingOrder
    from engine.training.task import Source

    checkpoint: Checkpoint | None = None
    if args.resume:
        checkpoint = load(checkpoint_path(recipe.name))
        given = {**checkpoint.settings, **given}
    source = Source(args.device, args.data_dir, args.synthetic)
    try:
        order = TrainingOrder(recipe, given, source, resume=args.resume)
    except SettingError as error:
        raise UserError(str(error)) from None
    return begin(order, time.perf_counter, checkpoint=checkpoint)


def _train(training: TrainingRun, report: Report, signals: _Signals) -> int:
    from engine.training.checkpoint import parameters_sha256
    from engine.training.loop import train
    from engine.training.worker import explain

    errors = Outlet(sys.stderr)
    saver = _Saver(training, errors)
    report.start(training)
    if training.epoch == training.epochs:
        errors.line(
            f"The checkpoint has all {training.epochs} epochs already. A larger --epochs trains on."
        )
    status = FINISHED
    shown = time.perf_counter()
    try:
        for metrics in train(training):
            if metrics:
                saver.save_after_epoch()
                report.epoch(training, metrics)
            if time.perf_counter() - shown >= PROGRESS_INTERVAL:
                report.progress(training)
                shown = time.perf_counter()
                saver.save_in_long_epoch()
            if signals.asked and training.epoch < training.epochs:
                saver.save()
                status = INTERRUPTED
                break
    except Exception as error:
        status = FAILED
        errors.line(f"dltutor: {explain(error)}")
    report.end(training, Ending(STATUS[status], parameters_sha256(training), saver.saved))
    if status == INTERRUPTED and saver.saved:
        errors.line(f"Go on with: dltutor train {training.recipe} --resume")
    return status


class _Saver:
    """Saves checkpoints; a disk that refuses one costs the checkpoint, not the training."""

    def __init__(self, training: TrainingRun, errors: Outlet) -> None:
        from engine.training.checkpoint import checkpoint_path

        self._training = training
        self._errors = errors
        self._path = checkpoint_path(training.recipe)
        self.saved: Path | None = self._path if training.step else None
        """Where the last checkpoint of this training lies."""
        self._ended = self._took = 0.0
        """When the last one was saved, and how many seconds that took."""
        self._began = time.perf_counter()

    def save_after_epoch(self) -> None:
        """Save one, unless short epochs would spend their time on saving; raises DivergenceError.

        A checkpoint holds the measurements of all epochs: saved after each of 10 000, it would cost
        ever more. The first, the last and any that comes 2 s after another are always saved.
        """
        waited = time.perf_counter() - self._ended
        is_last = self._training.epoch == self._training.epochs
        if is_last or waited >= min(SAVE_PAUSE * self._took, SAVE_INTERVAL):
            self.save()

    def save_in_long_epoch(self) -> None:
        """Save one where the last is 10 seconds old; raises DivergenceError."""
        if time.perf_counter() - max(self._ended, self._began) >= LONGEST_UNSAVED:
            self.save()

    def save(self) -> None:
        """Save one; raises DivergenceError where there is nothing good to save."""
        from engine.training.checkpoint import capture, save

        began = time.perf_counter()
        checkpoint = capture(self._training)
        try:
            save(checkpoint, self._path)
        except OSError as error:
            self._errors.line(
                f"dltutor: The checkpoint cannot be saved: {error}. The training goes on; make"
                " room or give write permission before the next epoch ends."
            )
        else:
            self.saved = self._path
        self._ended = time.perf_counter()
        self._took = self._ended - began


class _Signals:
    """While it is entered, a signal asks the training to end in good order, or is ignored."""

    def __init__(self) -> None:
        self.ask = False
        """Whether to ask; before that a signal ends the program as usual."""
        self.asked = False
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> _Signals:
        if threading.current_thread() is threading.main_thread():
            self._set(signal.SIGINT, self._interrupt)
            self._set(signal.SIGTERM, self._interrupt)
            if hasattr(signal, "SIGHUP"):
                self._set(signal.SIGHUP, signal.SIG_IGN)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _set(self, number: int, handler: _Handler) -> None:
        self._before[number] = signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.asked or not self.ask:
            raise KeyboardInterrupt
        self.asked = True
