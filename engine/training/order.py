"""What to train, and how: one value that the owner of a training gives to its task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from engine.broken import load_part
from engine.declared import DeclarationError
from engine.devices import memory_explained, use_one_thread
from engine.training.guess import Guess
from engine.training.recipe import Recipe
from engine.training.snapshot import Change, Setting
from engine.training.task import Source, Task


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """One training. It is checked when it is made, so whoever gets it need not check it again.

    Raises SettingError for a setting that the recipe does not have or cannot use.
    """

    recipe: Recipe
    settings: Mapping[str, Setting] = field(default_factory=dict, hash=False)
    """All settings of the recipe, by name; defaults for those that are not given."""
    source: Source = field(default_factory=Source)
    """Where it computes, and where its data come from."""
    paused: bool = False
    """Load the data, and wait before the first update."""
    resume: bool = False
    """Resume from a checkpoint, bit for bit."""
    run: str = ""
    """The run to resume; the latest unfinished one of the recipe where it is empty."""
    plan: tuple[Change, ...] = ()
    """Changes of settings to make at their steps, as in the run that is repeated."""
    guess: Guess = field(default_factory=Guess)
    """What the learner guessed; a run that is resumed has its own."""
    trial: bool = False
    """Only measure: neither the run nor a checkpoint is kept."""

    def __post_init__(self) -> None:
        checked = MappingProxyType(self.recipe.settings(self.settings))
        object.__setattr__(self, "settings", checked)

    @property
    def usual_rate(self) -> float:
        """The learning rate that the recipe has for the choices made."""
        return self.recipe.usual_rate(self.settings)


Loader: TypeAlias = Callable[[TrainingOrder], Task]


def load_task(order: TrainingOrder) -> Task:
    """Import the code of the recipe, which imports torch, and let it load its data.

    Raises DataMissing where its data set is not found, UserError for a device that is missing or
    has too little memory.
    """
    use_one_thread()
    module = order.recipe.module
    with memory_explained():
        task = load_part(module, ("build",)).build(order.settings, order.source)
    if not isinstance(task, Task):
        path = Path(import_module(module).__file__ or module)
        problem = f"What `build` returns is a {type(task).__name__}, and not a Task."
        raise DeclarationError(path, 1, problem, "Return an instance of a subclass of Task.")
    return task
