"""The settings of recipes as options, each with its help, its limits or choices, its default."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Sequence

from engine.language import _
from engine.recipes.catalog import recipes
from engine.training.hyperparameters import Hyperparameter, SettingKind
from engine.training.recipe import Recipe
from tui.parsing import Parser

_METAVARS = {SettingKind.INTEGER: "N", SettingKind.NUMBER: "X", SettingKind.CHOICE: "NAME"}


def setting_names(skip: Collection[str] = ()) -> list[str]:
    """The names of the settings of all recipes."""
    names = dict.fromkeys(one.name for recipe in recipes() for one in recipe.hyperparameters)
    return [name for name in names if name not in skip]


def named_recipe(words: Sequence[str]) -> Recipe | None:
    """The first recipe among the words of a command line, or None."""
    by_name = {recipe.name: recipe for recipe in recipes()}
    return next((by_name[word] for word in words if word in by_name), None)


def add_settings(
    parser: argparse.ArgumentParser,
    words: Sequence[str],
    title: str,
    *,
    skip: Collection[str] = (),
    metavar: str = "",
    default: str = "",
) -> None:
    """Declare each setting of any recipe as an option.

    Where `words` name a recipe, only its settings are shown. The others are understood all the
    same, so that whoever uses one can be told that this recipe does not have it. `default` says
    what holds where an option is left out; empty means the default of the recipe.
    """
    recipe = named_recipe(words)
    command = parser.prog
    about = _("`{command} RECIPE --help` shows those of one recipe.").format(command=command)
    if recipe is not None:
        about = _("Those of the recipe {recipe}: {title}.").format(
            recipe=recipe.name, title=recipe.title
        )
    group = parser.add_argument_group(title, about)
    shown = recipes() if recipe is None else [recipe]
    for name in setting_names(skip):
        having = [(one, found) for one in shown if (found := _find(one, name)) is not None]
        option = f"--{name.replace('_', '-')}"
        text = _help(having, default).replace("%", "%%") if having else argparse.SUPPRESS
        kind = having[0][1].kind if having else SettingKind.NUMBER
        group.add_argument(option, dest=name, metavar=metavar or _METAVARS[kind], help=text)
        if isinstance(parser, Parser):
            for _recipe, setting in having:
                parser.also_called[f"--{setting.label.replace(' ', '-')}"] = option


def _find(recipe: Recipe, name: str) -> Hyperparameter | None:
    return next((one for one in recipe.hyperparameters if one.name == name), None)


def _help(having: Sequence[tuple[Recipe, Hyperparameter]], default: str) -> str:
    """What a setting does, its limits and its default; by recipe, where these differ."""
    abouts = _grouped(having, lambda setting: setting.help)
    # The help of a choice explains the choices of its own recipe.
    about = next(iter(abouts)) if len(abouts) == 1 or not having[0][1].choices else ""
    bounds = _grouped(having, lambda setting: setting.bounds())
    return " ".join(filter(None, [about, _by_recipe(bounds), default or _default(having)]))


def _default(having: Sequence[tuple[Recipe, Hyperparameter]]) -> str:
    defaults = _grouped(having, lambda setting: str(setting.default))
    return _("Default: {value}.").format(value=_by_recipe(defaults))


def _grouped(
    having: Iterable[tuple[Recipe, Hyperparameter]], key: Callable[[Hyperparameter], str]
) -> dict[str, list[str]]:
    """The recipes that share each text."""
    groups: dict[str, list[str]] = {}
    for recipe, setting in having:
        groups.setdefault(key(setting), []).append(recipe.name)
    return groups


def _by_recipe(groups: dict[str, list[str]]) -> str:
    """`5 (linear, mlp); 10 (softmax)`; a single text needs no names."""
    if len(groups) == 1:
        return next(iter(groups))
    ends = next(iter(groups)).endswith(".")
    parts = [f"{text.rstrip('.')} ({', '.join(names)})" for text, names in groups.items()]
    return "; ".join(parts) + ("." if ends else "")
