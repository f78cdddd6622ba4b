"""Train versions of one model side by side: the same start, the same batches, step by step.

All take the parameters, the settings and the batches of the first recipe; optimizers are plain SGD
unless --optimizer says otherwise. What is compared after each step are the parameters. It stops
where they differ by more than rounding. Numbers have 64 bits: in the 32 bits of a training,
rounding can move a sum across ReLU's kink, and then two right versions part, too.

Exit status: 0 they stayed together, 1 they parted or failed, 2 bad usage or missing data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from engine.errors import UserError
from engine.recipes.catalog import find_recipe, recipes
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
from tui.commands import Command

COMMAND = Command("lockstep", "train versions of one model side by side and compare them", place=70)

STEPS = 100
TOGETHER, PARTED = 0, 1
_FEW = 4
"""Up to so many versions fit beside each other with many digits."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "recipes", metavar="RECIPE", nargs="+", help="two or more versions of one model"
    )
    parser.add_argument(
        "--steps", type=_steps, default=STEPS, metavar="N", help=f"updates to make ({STEPS})"
    )
    for name, text in _options().items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, dest=name, metavar="VALUE", help=text)
    parser.add_argument(
        "--precision", type=Precision, default=Precision.FLOAT64, metavar="NAME",
        help="float64, in which rounding is tiny, or float32, in which models are trained",
    )  # fmt: skip
    parser.add_argument("--device", metavar="NAME", default="cpu", help="auto, cpu, cuda, mps")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder that holds FashionMNIST/ and MNIST/"
    )
    parser.add_argument(
        "--synthetic", action="store_true", help="take the built-in glyph set as the images"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line: start, step, end"
    )


def _steps(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not number:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return number


def _options() -> dict[str, str]:
    """Every setting of any recipe but the number of epochs, with its help."""
    return {
        setting.name: f"{setting.help} Default: as the first recipe has it.".replace("%", "%%")
        for recipe in recipes()
        for setting in recipe.hyperparameters
        if setting.name != "epochs"
    }


def run(args: argparse.Namespace) -> int:
    """Compare; the exit status. Raises UserError for bad usage and missing data."""
    names: list[str] = args.recipes
    source = Source(args.device, args.data_dir, args.synthetic)
    try:
        compared = [find_recipe(name) for name in names]
        orders = common_orders(compared, _given(compared, args), source)
    except SettingError as error:
        raise UserError(str(error)) from None
    lockstep = load_lockstep(orders, args.precision)
    report: Report = JsonReport() if args.json else TextReport(args.steps)
    report.start(lockstep)
    now: LockstepStep | None = None
    try:
        for now in islice(lockstep.run(), args.steps):
            report.step(now)
            if not now.is_together:
                break
    except LockstepError as error:
        print(f"dltutor: {error}", file=sys.stderr)
        return PARTED
    assert now is not None, "there is at least one step"
    report.end(now, verdict(names, now))
    return TOGETHER if now.is_together else PARTED


def _given(compared: Sequence[Recipe], args: argparse.Namespace) -> dict[str, Setting]:
    """The settings on the command line; raises SettingError."""
    given: dict[str, Setting] = {}
    for name in _options():
        text: str | None = getattr(args, name)
        if text is None:
            continue
        having = [r for r in compared if any(p.name == name for p in r.hyperparameters)]
        if not having:
            names = ", ".join(recipe.name for recipe in compared)
            raise SettingError(f"None of {names} has a setting {name!r}.")
        given[name] = having[0].hyperparameter(name).parse(text)
    return given


class Report(Protocol):
    """Tells the course of a comparison."""

    def start(self, lockstep: Lockstep) -> None:
        """Before the first step."""

    def step(self, now: LockstepStep) -> None:
        """After a step of all versions."""

    def end(self, last: LockstepStep, text: str) -> None:
        """After the last step; `text` is the verdict."""


class JsonReport:
    """One JSON object a line."""

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

    def _print(self, **fields: object) -> None:
        print(json.dumps(fields, allow_nan=False), flush=True)


class TextReport:
    """A table: the first steps, then ever fewer of them, and the last."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._digits = 0

    def start(self, lockstep: Lockstep) -> None:
        """What the columns are."""
        self._digits = 7 if len(lockstep.versions) <= _FEW else 4
        for number, name in enumerate(lockstep.versions, start=1):
            print(f"{number}  {name}")
        print(
            f"learning rate {lockstep.learning_rate:g}, batch size {lockstep.batch_size},"
            f" {lockstep.precision}\n"
        )
        heads = [f"loss {number}" for number in range(1, len(lockstep.versions) + 1)]
        self._row("step", heads, "apart by")

    def step(self, now: LockstepStep) -> None:
        """A row, where the step is a round number, the last one, or where they part."""
        if now.step == self._steps or _is_round(now.step) or not now.is_together:
            losses = [f"{loss:.{self._digits}g}" for loss in now.losses]
            self._row(str(now.step), losses, f"{now.gap.difference:.1e}")

    def end(self, last: LockstepStep, text: str) -> None:
        """The verdict."""
        print(f"\n{text}", flush=True)

    def _row(self, step: str, losses: Sequence[str], difference: str) -> None:
        width = self._digits + 6
        print(f"{step:>5}" + "".join(f"{loss:>{width}}" for loss in losses) + f"  {difference}")


def _is_round(step: int) -> bool:
    """Whether it is 1, 2, 5, 10, 20, 50, 100 …"""
    while step % 10 == 0:
        step //= 10
    return step in (1, 2, 5)
