"""`dltutor train`: a training without the screens, with checkpoints."""

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
from engine.language import _, plural
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

FINISHED, FAILED, INTERRUPTED = 0, 1, 130
STATUS = {FINISHED: "finished", FAILED: "failed", INTERRUPTED: "interrupted"}
PROGRESS_INTERVAL = 0.1
LONGEST_UNSAVED = 10.0
"""Seconds after which a checkpoint is saved in the middle of a long epoch."""
SAVE_PAUSE, SAVE_INTERVAL = 10, 2.0
"""Between the checkpoints of short epochs: ten times what saving takes, at most 2 seconds."""

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


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
    """Write the measurements to a folder in `folder`; raises UserError if that fails."""
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
    Outlet(sys.stderr).line(_("Exported to {path}").format(path=path))


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
    from engine.training.checkpoint import checkpoint_path, load
    from engine.training.order import TrainingOrder
    from engine.training.task import Source

    checkpoint: Checkpoint | None = None
    if args.resume:
        checkpoint = load(checkpoint_path(recipe.name))
        given = {**checkpoint.settings, **given}
    if args.synthetic and args.require_real:
        raise UserError(_("--synthetic and --require-real exclude each other. Give one of them."))
    source = Source(args.device, args.data_dir, args.synthetic)
    try:
        order = TrainingOrder(recipe, given, source, resume=args.resume)
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


def _train(training: TrainingRun, report: Report, signals: _Signals) -> int:
    from engine.training.checkpoint import parameters_sha256
    from engine.training.loop import train
    from engine.training.worker import explain

    errors = Outlet(sys.stderr)
    saver = _Saver(training, errors)
    report.start(training)
    if training.epoch == training.epochs:
        errors.line(
            plural(
                "The one epoch was completed already. To train more, give a larger --epochs.",
                "All {count} epochs were completed already. To train more, give a larger --epochs.",
                training.epochs,
            )
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
        command = f"dltutor train {training.recipe} --resume"
        errors.line(_("To continue, run `{command}`.").format(command=command))
    return status


class _Saver:
    """Saves checkpoints; if the disk refuses one, the training goes on without it."""

    def __init__(self, training: TrainingRun, errors: Outlet) -> None:
        from engine.training.checkpoint import checkpoint_path

        self._training = training
        self._errors = errors
        self._path = checkpoint_path(training.recipe)
        self.saved: Path | None = self._path if training.step else None
        """Where the last checkpoint of this training is."""
        self._ended = self._took = 0.0
        """When the last one was saved, and how many seconds it took."""
        self._began = time.perf_counter()

    def save_after_epoch(self) -> None:
        """Save one, unless saving would take longer than training; raises DivergenceError.

        A checkpoint holds the measurements of all epochs: saved after each of 10 000, it would take
        longer and longer. The first, the last and any 2 s after the one before are always saved.
        """
        waited = time.perf_counter() - self._ended
        is_last = self._training.epoch == self._training.epochs
        if is_last or waited >= min(SAVE_PAUSE * self._took, SAVE_INTERVAL):
            self.save()

    def save_in_long_epoch(self) -> None:
        """Save one if the last is 10 seconds old; raises DivergenceError."""
        if time.perf_counter() - max(self._ended, self._began) >= LONGEST_UNSAVED:
            self.save()

    def save(self) -> None:
        """Save one; raises DivergenceError if a parameter is no longer finite."""
        from engine.training.checkpoint import capture, save

        began = time.perf_counter()
        checkpoint = capture(self._training)
        try:
            save(checkpoint, self._path)
        except OSError as error:
            text = _(
                "The checkpoint cannot be saved: {error}. The training continues. Free some space"
                " or grant write permission before the next epoch ends."
            )
            self._errors.line(f"dltutor: {text.format(error=error)}")
        else:
            self.saved = self._path
        self._ended = time.perf_counter()
        self._took = self._ended - began


class _Signals:
    """Inside its `with` block, a signal asks the training to end cleanly, or is ignored."""

    def __init__(self) -> None:
        self.ask = False
        """Whether to ask; until then, a signal ends the program as usual."""
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
