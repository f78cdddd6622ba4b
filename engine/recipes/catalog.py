"""All recipes, by name. Importing this never imports torch."""

from __future__ import annotations

from engine.recipes.base import Hyperparameter, Recipe, SettingError, SettingKind

_SEED = Hyperparameter(
    "seed", "seed", SettingKind.INTEGER, 0, 0, 2**31 - 1,
    help="Fixes every random draw: the same seed gives the same run.",
)  # fmt: skip


def _epochs(default: int) -> Hyperparameter:
    return Hyperparameter(
        "epochs", "epochs", SettingKind.INTEGER, default, 1, 10_000,
        help="How often the training goes through all samples.",
    )  # fmt: skip


def _learning_rate(default: float) -> Hyperparameter:
    return Hyperparameter(
        "lr", "learning rate", SettingKind.NUMBER, default, 1e-6, 100.0,
        help="How far one update moves along the gradient.", live=True,
    )  # fmt: skip


def _batch_size(default: int) -> Hyperparameter:
    return Hyperparameter(
        "batch_size", "batch size", SettingKind.INTEGER, default, 1, 60_000,
        help="How many samples one update averages over.",
    )  # fmt: skip


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        name="linear",
        title="Linear regression from scratch",
        lesson="linear/from-scratch",
        module="engine.recipes.linear",
        dataset="linear",
        hyperparameters=(_epochs(5), _learning_rate(0.03), _batch_size(10), _SEED),
    ),
    Recipe(
        name="softmax",
        title="Softmax regression from scratch",
        lesson="classification/softmax-from-scratch",
        module="engine.recipes.softmax",
        dataset="fashion-mnist",
        hyperparameters=(_epochs(10), _learning_rate(0.1), _batch_size(256), _SEED),
    ),
)


def find_recipe(name: str) -> Recipe:
    """The recipe called `name`; raises SettingError with the known names where there is none."""
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    known = ", ".join(recipe.name for recipe in RECIPES)
    raise SettingError(f"There is no recipe {name!r}. The recipes are {known}.")
