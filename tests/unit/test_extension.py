"""A stranger adds a recipe, an activation function and a command: one file each, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.copies import copy_packages, dltutor, dltutor_each, python

RECIPE = '''
"""A line through the origin: ŷ = w·x, for x and y of shape (n,)."""

import torch

from engine.recipes import setting
from engine.recipes.plumbing import start
from engine.training.recipe import Recipe
from engine.training.task import BatchSums, Evaluation, Task


def update(x, y, w, lr):
    loss = ((w * x - y) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad / len(x)
        w.grad.zero_()
    return loss.detach()


RECIPE = Recipe(
    name="through-origin",
    title="A line through the origin",
    module=__name__,
    dataset="origin",
    hyperparameters=(
        setting.epochs(3), setting.learning_rate(0.1), setting.batch_size(4), setting.seed()
    ),
)


class OriginTask(Task):
    def __init__(self, begin):
        self.x = torch.arange(1.0, 9.0) / 8
        self.params = begin.parameters(w=torch.zeros(()))
        super().__init__(
            parameters=self.params, generator=begin.generator, device=begin.device,
            dataset="y = 2x", dataset_name="origin", synthetic=True,
            train_samples=8, test_samples=8,
        )

    def batches(self, batch_size):
        for x in self.x.split(batch_size):
            yield x, 2 * x

    def update(self, batch, learning_rate):
        x, y = batch
        return BatchSums(update(x, y, self.params["w"], learning_rate), None, len(x))

    def evaluate(self):
        with torch.no_grad():
            return Evaluation(float(((self.params["w"] - 2) * self.x).square().mean()), None)

    def fingerprint(self):
        return "eight points"


def build(settings, source):
    return OriginTask(start(settings, source))
'''

ACTIVATION = r'''
"""The activation function ELU."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.activations.base import Activation


@dataclass(frozen=True, slots=True)
class Elu(Activation):
    name: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    text_form: ClassVar[str] = "⟨z|bare⟩ if ⟨z|bare⟩ > 0, else e^⟨z⟩ − 1"
    derivative_text_form: ClassVar[str] = "1 if ⟨z|bare⟩ > 0, else e^⟨z⟩"
    latex_form: ClassVar[str] = r"\max(0, ⟨z⟩) + \min(0, e^{⟨z⟩} - 1)"
    derivative_latex_form: ClassVar[str] = r"\min(1, e^{⟨z⟩})"

    def value(self, z):
        return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))

    def derivative(self, z):
        return np.exp(np.minimum(z, 0.0))


ACTIVATION = Elu()
'''

COMMAND = '''
"""Say hello to somebody."""

import torch  # so heavy that the overview must not import it

from tui.commands import Command

COMMAND = Command("hello", "say hello to somebody")


def add_arguments(parser):
    parser.add_argument("name", metavar="NAME")


def run(args):
    print(f"Hello, {args.name}.")
    return 0
'''


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages with three files more."""
    copy = copy_packages(tmp_path_factory.mktemp("extended"))
    for place, text in (
        ("engine/recipes/origin.py", RECIPE),
        ("engine/activations/elu.py", ACTIVATION),
        ("tui/commands/say_hello.py", COMMAND),
    ):
        (copy / place).write_text(text.lstrip(), encoding="utf-8")
    return copy


def printed(copy: Path, program: str, *, new: bool = False) -> str:
    """What a program prints."""
    done = python(copy, "-c", program, new=new)
    assert done.returncode == 0, done.stderr
    return done.stdout


def events(text: str) -> Sequence[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_recipe_is_one_file(extended: Path) -> None:
    train = ("train", "through-origin", "--json", "--device", "cpu")
    listed, explained, trained, resumed = dltutor_each(
        extended,
        ["recipes", "--json"],
        ["train", "--help"],
        train,
        [*train, "--resume", "--epochs", "4"],
    )
    last = json.loads(listed.out)[-1]
    assert (last["name"], last["lesson"]) == ("through-origin", None)
    assert "through-origin" in explained.out
    end = events(trained.out)[-1]
    assert (end["status"], end["epochs"]) == ("finished", 3)
    assert events(resumed.out)[-1]["epochs"] == 4


def test_listing_it_imports_no_torch(extended: Path) -> None:
    program = (
        "import sys, engine.recipes.catalog as c;"
        " print(c.recipes()[-1].name, 'torch' in sys.modules)"
    )
    assert printed(extended, program, new=True) == "through-origin False\n"


def test_an_activation_is_one_file(extended: Path) -> None:
    shown = dltutor(extended, "trace", "--activation", "elu")
    assert "if 0.3775 > 0, else e^0.3775 − 1" in shown
    program = """
import engine.activations, engine.labs.activations as lab
choice = lab.Choice(names=("elu",), probe=-0.5)
(row,), (slope,) = lab.rows(choice), lab.slopes_by_autograd(choice)
print(lab.NAMES[-1], engine.activations.BY_HAND[-1], abs(row.derivative - slope) < 1e-15)
"""
    assert printed(extended, program) == "elu elu True\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("derivative_text_form", "other_form", "1: The activation function has no derivative_text"),
        ("return np.exp(", "return 1; np.exp(", "23: Its `derivative` gives 1 for an array of 3 n"),
        ("ACTIVATION = ", "ACTIVATE = ", "27: The file calls its activation function ACTIVATE. C"),
    ],
)
def test_an_activation_that_is_not_whole_says_why(
    old: str, new: str, said: str, extended: Path
) -> None:
    file = extended / "engine" / "activations" / "elu.py"
    file.write_text(ACTIVATION.lstrip().replace(old, new), "utf-8")
    try:
        found = dltutor(extended, "trace", "--activation", "elu", status=2)
    finally:
        file.write_text(ACTIVATION.lstrip(), "utf-8")
    assert f"{file}:{said}" in found


def test_a_command_is_one_file(extended: Path) -> None:
    overview, said, explained = dltutor_each(
        extended, ["--help"], ["hello", "you"], ["hello", "--help"]
    )
    assert re.search(r"^  hello +say hello to somebody$", overview.out, re.MULTILINE)
    assert said.out == "Hello, you.\n"
    assert "Say hello to somebody." in explained.out
    program = """
import sys
from tui.cli import main
try:
    main(["--help"])
except SystemExit:
    print([name for name in ("torch", "numpy", "textual") if name in sys.modules])
"""
    assert printed(extended, program, new=True).endswith("\n[]\n")


def test_a_declaration_that_cannot_be_read_names_file_line_and_mend(extended: Path) -> None:
    broken = extended / "engine" / "recipes" / "broken.py"
    broken.write_text('"""Broken."""\n\nRECIPE = Recipe(name=NAME)\n', encoding="utf-8")
    try:
        said = dltutor(extended, "recipes", status=2)
    finally:
        broken.unlink()
    assert f"{broken}:3: RECIPE cannot be read (NameError: name 'NAME' is not defined)." in said
    assert "It may use Recipe, setting" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("activations/elu.py", "return np.where(", "return 1 / 0 + np.where(", 21, "ZeroDivision"),
        ("commands/say_hello.py", "print(", "print(1 / 0, ", 15, "ZeroDivisionError: division by"),
    ],
)
def test_a_part_that_stops_while_it_runs_is_said_without_a_traceback(
    file: str, old: str, new: str, line: int, said: str, extended: Path
) -> None:
    path = extended / ("tui" if "commands" in file else "engine") / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new), "utf-8")
    words = ["hello", "you"] if "commands" in file else ["trace", "--activation", "elu"]
    try:
        found = dltutor(extended, *words, status=1)
    finally:
        path.write_text(text, "utf-8")
    assert f"{path}:{line}: This stops with {said}" in found
    assert "`python -X dev -m tui.cli …` shows the whole traceback." in found
