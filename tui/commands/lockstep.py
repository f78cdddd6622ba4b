"""`dltutor lockstep`: versions of one model, trained side by side and compared."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from engine.errors import UserError
from engine.language import _
from engine.naming import count_of
from engine.ranks.place import place_here
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from engine.training.lockstep import (
    Lockstep,
    LockstepError,
    LockstepStep,
    Precision,
    common_orders,
    load_lockstep,
    verdict,
)
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Source
from tui.columns import right
from tui.commands import Command
from tui.commands.glyphs import add_data_options, real_or_glyphs, source_of
from tui.commands.lockstep_ranks import ranks
from tui.commands.recipe_settings import add_settings, setting_names

COMMAND = Command(
    "lockstep",
    _("train versions of one model side by side and compare them"),
    place=70,
    description=_("""\
Train versions of one model side by side: same start, same batches, one step at a time.

All versions start with the parameters of the first recipe and use its settings and its batches.
The optimizer is plain SGD unless --optimizer says otherwise. After each step their parameters are
compared, and it stops when they differ by more than rounding error. It computes in 64 bits: with
the 32 bits of an ordinary training, rounding can push a sum across the kink of ReLU, and then even
two correct versions drift apart.

With --nproc, one recipe is trained by one process and by several that share every batch, and these
are compared in the same way: `dltutor lockstep mlp --nproc 2,4`.

Exit status: 0 they stayed together, 1 they drifted apart or failed, 2 bad usage or missing data.
"""),
)

STEPS = 100
TOGETHER, PARTED = 0, 1
_NO_SETTING = ("epochs",)
"""The number of updates is given instead."""
_FEW = 4
"""Up to this many versions fit side by side with many digits."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_arguments_for(parser, ())


def add_arguments_for(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Declare them; where `words` name a recipe, the help shows only its settings."""
    parser.add_argument(
        "recipes",
        metavar="RECIPE",
        nargs="+",
        help=_("two or more versions of one model, such as softmax softmax-concise"),
    )
    parser.add_argument(
        "--nproc",
        metavar="N[,N]",
        help=_("compare one process with N processes, and with as many others as are named"),
    )
    parser.add_argument(
        "--steps",
        type=_steps,
        default=STEPS,
        metavar="N",
        help=_("compare N updates (default: {steps})").format(steps=STEPS),
    )
    default = _("Default: the value of the first recipe.")
    add_settings(parser, words, _("settings"), skip=_NO_SETTING, default=default)
    parser.add_argument(
        "--precision", type=Precision, default=Precision.FLOAT64, metavar="NAME",
        help=_("float64, for tiny rounding errors, or float32, as is usual (default: float64)"),
    )  # fmt: skip
    parser.add_argument(
        "--device",
        metavar="NAME",
        default="cpu",
        help=_("where to compute: auto (the fastest), cpu, cuda or mps (default: cpu)"),
    )
    add_data_options(parser)
    parser.add_argument(
        "--json",
        action="store_true",
        help=_("print one JSON object per line: start, step, end"),
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true",
        help=_("print only what was found, or with --json only start and end"),
    )  # fmt: skip


def _steps(text: str) -> int:
    number = count_of(text)
    if not number:
        raise argparse.ArgumentTypeError(
            _("{text!r} is not a whole number above 0").format(text=text)
        )
    return number


def run(args: argparse.Namespace) -> int:
    """Compare; the exit status. Raises UserError for bad usage and missing data."""
    names: list[str] = args.recipes
    place = place_here()
    try:
        compared = [find_recipe(name) for name in names]
        given = _given(compared, args)
        if args.nproc is not None or place is not None:
            return ranks(args, compared, given, place, compare)

        def load(source: Source) -> Lockstep:
            return load_lockstep(common_orders(compared, given, source), args.precision)

        lockstep = real_or_glyphs(load, source_of(args), require_real=args.require_real)
    except SettingError as error:
        raise UserError(str(error)) from None
    return compare(lockstep, args)


def compare(lockstep: Lockstep, args: argparse.Namespace) -> int:
    """Make the steps, and report them; the exit status."""
    report: Report = JsonReport() if args.json else TextReport(args.steps)
    if args.json or not args.quiet:
        report.start(lockstep)
    now: LockstepStep | None = None
    try:
        for now in islice(lockstep.run(), args.steps):
            if not args.quiet:
                report.step(now)
            if not now.is_together:
                break
    except LockstepError as error:
        print(f"dltutor: {error}", file=sys.stderr)
        report.failed(now, str(error))
        return PARTED
    assert now is not None, "there is at least one step"
    report.end(now, verdict(list(lockstep.versions), now))
    return TOGETHER if now.is_together else PARTED


def _given(compared: Sequence[Recipe], args: argparse.Namespace) -> dict[str, Setting]:
    """The settings on the command line; raises SettingError."""
    given: dict[str, Setting] = {}
    for name in setting_names(_NO_SETTING):
        text: str | None = getattr(args, name)
        if text is None:
            continue
        having = [r for r in compared if any(p.name == name for p in r.hyperparameters)]
        if not having:
            names = ", ".join(recipe.name for recipe in compared)
            raise SettingError(
                _("None of {names} has a setting {name!r}.").format(names=names, name=name)
            )
        given[name] = having[0].hyperparameter(name).parse(text)
    return given


class Report(Protocol):
    """Reports the course of a comparison."""

    def start(self, lockstep: Lockstep) -> None:
        """Before the first step."""

    def step(self, now: LockstepStep) -> None:
        """After a step of all versions."""

    def end(self, last: LockstepStep, text: str) -> None:
        """After the last step; `text` is the verdict."""

    def failed(self, last: LockstepStep | None, error: str) -> None:
        """After the last step that could be made, if there was one."""


class JsonReport:
    """One JSON object per line."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()

    def start(self, lockstep: Lockstep) -> None:
        """The event `start`."""
        self._names = tuple(lockstep.versions)
        self._print(
            event="start",
            recipes=self._names,
            lr=lockstep.learning_rate,
            batch_size=lockstep.batch_size,
            precision=lockstep.precision,
            dataset=next(iter(lockstep.versions.values())).dataset_name,
            synthetic=next(iter(lockstep.versions.values())).synthetic,
        )

    def step(self, now: LockstepStep) -> None:
        """The event `step`."""
        self._print(
            event="step",
            step=now.step,
            losses=dict(zip(self._names, now.losses, strict=True)),
            difference=now.gap.difference,
            relative=now.gap.relative,
            parameter=now.gap.parameter,
            recipe=now.gap.version,
        )

    def end(self, last: LockstepStep, text: str) -> None:
        """The event `end`."""
        apart = last.first_apart
        self._print(
            event="end",
            together=last.is_together,
            steps=last.step,
            parted_at=apart.step if apart else None,
            text=text,
        )

    def failed(self, last: LockstepStep | None, error: str) -> None:
        """The event `end` with an `error`."""
        self._print(
            event="end",
            together=None,
            steps=last.step if last else 0,
            parted_at=None,
            error=error,
        )

    def _print(self, **fields: object) -> None:
        print(json.dumps(fields, allow_nan=False), flush=True)


class TextReport:
    """A table: the first steps, then fewer and fewer, and the last."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._digits = 0

    def start(self, lockstep: Lockstep) -> None:
        """Print the names of the versions, the settings and the header of the table."""
        self._digits = 7 if len(lockstep.versions) <= _FEW else 4
        for number, name in enumerate(lockstep.versions, start=1):
            print(f"{number}  {name}")
        text = _("learning rate {rate:g}, batch size {size}, {precision}").format(
            rate=lockstep.learning_rate, size=lockstep.batch_size, precision=lockstep.precision
        )
        print(f"{text}\n")
        heads = [
            _("loss {number}").format(number=number)
            for number in range(1, len(lockstep.versions) + 1)
        ]
        self._row(_("step"), heads, _("difference"))

    def step(self, now: LockstepStep) -> None:
        """Print a row if the step is a round number, the last one, or where they first differ."""
        if now.step == self._steps or _is_round(now.step) or not now.is_together:
            losses = [f"{loss:.{self._digits}g}" for loss in now.losses]
            self._row(str(now.step), losses, f"{now.gap.difference:.1e}")

    def end(self, last: LockstepStep, text: str) -> None:
        """Print the verdict."""
        print(f"\n{text}" if self._digits else text, flush=True)

    def failed(self, last: LockstepStep | None, error: str) -> None:
        """Nothing: the error is on stderr."""

    def _row(self, step: str, losses: Sequence[str], difference: str) -> None:
        width = self._digits + 6
        print(right(step, 5) + "".join(right(loss, width) for loss in losses) + f"  {difference}")


def _is_round(step: int) -> bool:
    """Whether it is 1, 2, 5, 10, 20, 50, 100 …"""
    while step % 10 == 0:
        step //= 10
    return step in (1, 2, 5)
