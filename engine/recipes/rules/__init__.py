"""The optimiser rules that a recipe from scratch offers: the four that are taught, and more.

A file of this folder adds one: it declares `OPTIMISER = Rule("my-rule", "MyRule")` and has a
subclass of `Optimiser` with that name. The declaration is read without importing the file, which
imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.broken import load_part
from engine.declared import DeclarationError, declared

if TYPE_CHECKING:
    from engine.recipes.optimisers import Optimiser

TAUGHT: Final = ("sgd", "momentum", "rmsprop", "adam")
"""The rules of `engine.recipes.optimisers`, of which PyTorch has counterparts."""


class Rule(NamedTuple):
    """What the file of a rule declares."""

    name: str
    """On the command line and in files: `my-rule`."""
    made_by: str
    """The name of its class in the same file."""
    rate: float = 0.0
    """The learning rate that suits it in a race; 0 for that of the recipe."""


@cache
def rules() -> Mapping[str, tuple[Path, Rule]]:
    """The rules that files of this folder add, by their names; raises DeclarationError."""
    found: dict[str, tuple[Path, Rule]] = {}
    folder = Path(__file__).parent
    for path, rule in declared(__name__, folder, "OPTIMISER", Rule, {"Rule": Rule}):
        if rule.name in (*TAUGHT, *found):
            problem = f"There are two optimiser rules {rule.name!r}."
            raise DeclarationError(path, 1, problem, "Rename one of them.")
        found[rule.name] = path, rule
    return found


def rule_class(name: str) -> type[Optimiser]:
    """The class of a rule; imports torch.

    Raises:
        KeyError: there is no rule of this name.
        DeclarationError: its file has no such subclass of `Optimiser`.
    """
    from engine.recipes.optimisers import OPTIMISERS, Optimiser

    if name in OPTIMISERS:
        return OPTIMISERS[name]
    path, rule = rules()[name]
    made_by: object = getattr(load_part(f"{__name__}.{path.stem}"), rule.made_by, None)
    if not (isinstance(made_by, type) and issubclass(made_by, Optimiser)):
        problem = f"The file has no subclass of Optimiser called {rule.made_by!r}."
        raise DeclarationError(path, 1, problem, "Correct the second argument of Rule.")
    return made_by
