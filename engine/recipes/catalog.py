"""All recipes, found by their declarations. Using this never imports torch."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.declared import DeclarationError, declared
from engine.language import _
from engine.nearest import did_you_mean
from engine.recipes import setting
from engine.training.hyperparameters import SettingError
from engine.training.recipe import Recipe

_NEEDED = {
    "epochs": "epochs(5)",
    "lr": "learning_rate(0.1)",
    "batch_size": "batch_size(64)",
    "seed": "seed()",
}
"""The settings without which nothing can be trained, and how each is declared."""
_WORDS = {"Recipe": Recipe, "setting": setting, "_": _}


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe, sorted by place; raises DeclarationError."""
    found: dict[str, Recipe] = {}
    for path, recipe in declared(__package__, Path(__file__).parent, "RECIPE", Recipe, _WORDS):
        if recipe.name in found:
            raise DeclarationError(
                path, 1, f"There are two recipes {recipe.name!r}.", "Rename one of them."
            )
        names = [parameter.name for parameter in recipe.hyperparameters]
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            fix = f"Write setting.{_NEEDED[missing[0]]} into its hyperparameters."
            raise DeclarationError(path, 1, f"The recipe has no setting {missing[0]!r}.", fix)
        found[recipe.name] = recipe
    return tuple(sorted(found.values(), key=lambda recipe: (recipe.place, recipe.name)))


def find_recipe(name: str) -> Recipe:
    """The recipe called `name`; raises SettingError with the known names where there is none."""
    for recipe in recipes():
        if recipe.name == name:
            return recipe
    names = [recipe.name for recipe in recipes()]
    parts = [
        _("There is no recipe {name!r}.").format(name=name),
        did_you_mean(name, names),
        _("The recipes are {known}.").format(known=", ".join(names)),
    ]
    raise SettingError(" ".join(filter(None, parts)))
