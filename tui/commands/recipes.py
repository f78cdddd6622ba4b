"""`dltutor recipes`: what can be trained, with every setting and its limits."""

from __future__ import annotations

import argparse
import json
import math

from engine.language import _
from engine.recipes.catalog import recipes
from engine.training.hyperparameters import Hyperparameter
from engine.training.recipe import Recipe
from lessons.format.recipe_lessons import lesson_of
from tui.commands import Command

COMMAND = Command(
    "recipes",
    _("list what can be trained, with all settings"),
    place=80,
    description=_("""\
List what can be trained, with every setting and its limits.

With --json: a list of {name, title, lesson, settings}, where settings is a list of {name, label,
kind, default, minimum, maximum, choices, help, live}. kind is int, float or choice. minimum and
maximum are the smallest and the largest allowed value, or null if there is no limit. choices is
empty unless kind is choice. live says whether the setting can be changed during a training.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(args: argparse.Namespace) -> int:
    """Print all recipes."""
    if args.json:
        print(json.dumps([_as_json(recipe) for recipe in recipes()], indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(_as_text(recipe) for recipe in recipes()))
    return 0


def _as_json(recipe: Recipe) -> dict[str, object]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "lesson": lesson_of(recipe.name),
        "settings": [
            {
                "name": setting.name,
                "label": setting.label,
                "kind": setting.kind.value,
                "default": setting.default,
                "minimum": _bound(setting, setting.minimum),
                "maximum": _bound(setting, setting.maximum),
                "choices": list(setting.choices),
                "help": setting.help,
                "live": setting.live,
            }
            for setting in recipe.hyperparameters
        ],
    }


def _bound(setting: Hyperparameter, value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if isinstance(setting.default, int) else value


def _as_text(recipe: Recipe) -> str:
    lesson = lesson_of(recipe.name)
    taught = "  " + _("(lesson {slug})").format(slug=lesson) if lesson else ""
    lines = [f"{recipe.name}  {recipe.title}{taught}"]
    options = [f"--{setting.name.replace('_', '-')}" for setting in recipe.hyperparameters]
    width = max(map(len, options))
    for option, setting in zip(options, recipe.hyperparameters, strict=True):
        lines.append(f"  {option:<{width}}  {setting.help} {setting.bounds()}")
        default = _("Default: {value}.").format(value=setting.default)
        lines.append(f"  {'':<{width}}  {default}")
    return "\n".join(lines)
