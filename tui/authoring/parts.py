"""The templates of parts with one file each: labs, recipes, activation functions, commands."""

from __future__ import annotations

from engine.activations import ACTIVATIONS
from engine.recipes.catalog import recipes
from tui.authoring.writing import (
    ROOT,
    Plan,
    checked_file_name,
    class_name,
    filled,
    module_name,
    refuse_taken,
    shown,
    words,
)
from tui.commands import commands
from tui.labs import labs

_LAB = r'''
"""Lab: change a number and see its square."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from engine.errors import UserError
from tui.labs.registry import LabEntry
from tui.labs.writing import WritingLab, plain, read_number

LIMIT = 10.0
"""The largest absolute value of the number."""


class «class»Lab(WritingLab):
    """One number, and its square."""

    HOW = "Press tab, then ⟨→|«name».more⟩ to change x."
    KEYS = " · ".join(
        (
            "⟨←|«name».less⟩ less",
            "⟨→|«name».more⟩ more",
            "⟨e|«name».edit⟩ write",
            "⟨r|«name».reset⟩ reset",
        )
    )

    BINDINGS = [
        Binding(
            "right",
            "move(1)",
            "x +",
            id="«name».more",
            key_display="→",
            tooltip="Increase x by 1",
        ),
        Binding(
            "left",
            "move(-1)",
            "x −",
            id="«name».less",
            key_display="←",
            tooltip="Decrease x by 1",
        ),
        Binding(
            "e",
            "edit",
            "Write",
            id="«name».edit",
            tooltip="Type a value for x",
        ),
        Binding(
            "r",
            "reset",
            "Reset",
            id="«name».reset",
            tooltip="Reset x to its initial value",
        ),
    ]

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.start = 1.0
        try:
            self.start = _checked(read_number(options.get("x", "1")))
        except UserError as error:
            self.trouble = str(error)
        self.x = self.start

    def compose(self) -> ComposeResult:
        """The result, the keys and the input field."""
        yield Static(id="result")
        yield from self.written_parts()

    def action_move(self, by: int) -> None:
        """Change x by one step."""
        self.change(lambda: self._take(self.x + by))

    def action_edit(self) -> None:
        """Ask for a value of x."""
        self.write("Type a value for x.", plain(self.x), lambda text: self._take(read_number(text)))

    def action_reset(self) -> None:
        """Reset x."""
        self.change(lambda: self._take(self.start))

    def _take(self, x: float) -> None:
        self.x = _checked(x)
        self.trouble = ""
        self.show()

    def show(self) -> None:
        # Anything beyond a line of arithmetic belongs in engine/labs, which knows no screens.
        self.put("result", f"x = {self.x:g}   x² = {self.x**2:g}")


def _checked(x: float) -> float:
    """x, if it is within the limits; raises UserError otherwise."""
    if abs(x) > LIMIT:
        raise UserError(f"x must be between {-LIMIT:g} and {LIMIT:g}.")
    return x


LAB = LabEntry(
    «class»Lab,
    options={"x": "the initial value of x, a number"},
)
'''

_RECIPE = r'''
"""A line through the origin: ŷ = w·x, for x and y of shape (n,).

What is taught comes first; the plumbing that a training needs follows below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from engine.recipes import setting
from engine.recipes.parts import MeasuredTask, Parts
from engine.recipes.plumbing import Start, start
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.task import Batch, BatchSums, Evaluation, Gradient, Source


def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
    """The loss of each sample: ½(ŷ − y)²."""
    return (y_hat - y) ** 2 / 2


def update(x: Tensor, y: Tensor, w: Tensor, lr: float) -> Tensor:
    """One update from one mini-batch; returns the sum of its losses before the update."""
    loss = squared_loss(w * x, y).sum()  # forward, loss
    loss.backward()  # gradient
    with torch.no_grad():
        assert w.grad is not None
        w -= lr / len(x) * w.grad  # update
        w.grad.zero_()
    return loss.detach()


RECIPE = Recipe(
    name="«recipe»",
    title="«title»",
    module=__name__,
    dataset="«recipe»",
    hyperparameters=(
        setting.epochs(5),
        setting.learning_rate(0.5),
        setting.batch_size(4),
        setting.seed(),
    ),
)


class «class»Task(MeasuredTask):
    """Eight points of y = 2x."""

    gradient = Gradient.DIVIDED_SUM

    def __init__(self, begin: Start) -> None:
        self.x = (torch.arange(1.0, 9.0) / 8).to(begin.device)
        self.y = 2 * self.x
        self.parts = Parts(test=(self.x, self.y), train=(self.x, self.y))
        params = begin.parameters(w=torch.zeros(()))
        self.w = params["w"]
        super().__init__(
            parameters=params,
            generator=begin.generator,
            device=begin.device,
            dataset="y = 2x",
            dataset_name="«recipe»",
            synthetic=True,
            train_samples=len(self.x),
            **self.counts(),
        )

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """One epoch of shuffled mini-batches."""
        order = torch.randperm(len(self.x), generator=self.generator).to(self.device)
        for batch in order.split(batch_size):
            yield self.x[batch], self.y[batch]

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update; its measurements stay on the device."""
        x, y = batch
        return BatchSums(update(x, y, self.w, learning_rate), None, len(x))

    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        """Mean loss over the points; after each epoch, on training and on test points."""
        with torch.no_grad():
            return Evaluation(float(squared_loss(self.w * X, y).mean()), None)

    def fingerprint(self) -> str:
        """sha256 of the data."""
        return hashlib.sha256(self.x.cpu().numpy().tobytes()).hexdigest()


def build(settings: Mapping[str, Setting], source: Source) -> MeasuredTask:
    """The task for `settings`; its data is generated, so `source` only names the device."""
    return «class»Task(start(settings, source))
'''

_ACTIVATION = r'''
"""The activation function «title»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation, Array


@dataclass(frozen=True, slots=True)
class «class»(Activation):
    """z / (1 + |z|), the softsign; it is compared with PyTorch's function `torch_name`."""

    name: ClassVar[str] = "«module»"
    title: ClassVar[str] = "«title»"
    torch_name: ClassVar[str] = "softsign"
    text_form: ClassVar[str] = "⟨z|bare⟩/(1 + |⟨z|bare⟩|)"
    derivative_text_form: ClassVar[str] = "1/(1 + |⟨z|bare⟩|)^2"
    latex_form: ClassVar[str] = r"\frac{⟨z⟩}{1 + |⟨z⟩|}"
    derivative_latex_form: ClassVar[str] = r"\frac{1}{(1 + |⟨z⟩|)^2}"

    def value(self, z: Array) -> Array:
        """z / (1 + |z|)."""
        return np.asarray(z / (1 + np.abs(z)))

    def derivative(self, z: Array) -> Array:
        """1 / (1 + |z|)²."""
        return np.asarray(1 / (1 + np.abs(z)) ** 2)


ACTIVATION = «class»()
'''

_COMMAND = r'''
"""What `dltutor «command»` does, for those who read it."""

from __future__ import annotations

import argparse

from engine.language import _
from tui.commands import Command

COMMAND = Command(
    "«command»",
    _("describe it in one line"),
    description=_("Describe the command in a sentence; its --help begins with it."),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", help=_("what the command works on"))


def run(args: argparse.Namespace) -> int:
    """Run the command. Heavy imports belong here, so that `dltutor --help` stays fast."""
    print(args.name)
    return 0
'''


def lab(name: str) -> Plan:
    """The plan of a new lab."""
    module = module_name(checked_file_name(name, "lab"))
    refuse_taken(module, "lab", list(labs()))
    path = ROOT / "tui" / "labs" / f"{module}.py"
    return Plan(
        {path: filled(_LAB, **{"class": class_name(name), "name": module})},
        next=(
            f"write what it shows in {shown(path)}, and what it computes in "
            f"engine/labs/{module}.py",
            f"a lesson includes it with the fence ```lab {module} x=2",
            f"pytest tests/screens/test_lab_contract.py -k {module}   tests it",
        ),
    )


def recipe(name: str) -> Plan:
    """The plan of a new recipe."""
    module = module_name(checked_file_name(name, "recipe"))
    own = name.replace("_", "-")
    refuse_taken(own, "recipe", [known.name for known in recipes()])
    path = ROOT / "engine" / "recipes" / f"{module}.py"
    text = filled(
        _RECIPE, **{"class": class_name(name), "recipe": own, "title": words(name).capitalize()}
    )
    return Plan(
        {path: text},
        next=(
            f"write the model, loss and update in {shown(path)}",
            f"dltutor train {own}   trains it",
            f"a lesson offers it with the fence ```training {own} epochs=5",
        ),
    )


def activation(name: str) -> Plan:
    """The plan of a new activation function."""
    module = module_name(checked_file_name(name, "activation function"))
    refuse_taken(module, "activation function", list(ACTIVATIONS))
    path = ROOT / "engine" / "activations" / f"{module}.py"
    text = filled(
        _ACTIVATION, **{"class": class_name(name), "module": module, "title": words(name)}
    )
    return Plan(
        {path: text},
        next=(
            f"write the function, its derivative and its four forms in {shown(path)}",
            f"dltutor trace --activation {module}   computes with it",
            "pytest tests/unit/engine/test_activations.py   compares it with PyTorch",
        ),
    )


def command(name: str) -> Plan:
    """The plan of a new command."""
    module = module_name(checked_file_name(name, "command"))
    own = name.replace("_", "-")
    refuse_taken(own, "command", list(commands()))
    path = ROOT / "tui" / "commands" / f"{module}.py"
    return Plan(
        {path: filled(_COMMAND, command=own)},
        next=(f"write what it does in {shown(path)}", f"dltutor {own} --help   shows it"),
    )
