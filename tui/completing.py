"""What may stand at the cursor of a command line; for the completion of a shell.

The answers come from the parsers themselves, so that a new command, recipe, lesson or setting needs
nothing here. What a word stands for is told by its metavar: RECIPE, LESSON, RUN …
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from engine import language
from tui.commands import commands

Offer: TypeAlias = tuple[str, str]
"""A word, and a few words about it; the word is empty where a file is wanted."""
FILE: Offer = ("", "files")
_FILES = ("DIR", "FILE", "IMAGE", "F", "CHAPTER/NAME")
_DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(slots=True)
class _Place:
    """Where the cursor is."""

    parser: argparse.ArgumentParser
    earlier: list[str] = field(default_factory=list)
    """The values before the cursor that belong to no option."""
    given: set[str] = field(default_factory=set)
    """The options before the cursor."""
    pending: argparse.Action | None = None
    """The option whose value is to come."""


def complete(words: Sequence[str]) -> list[Offer]:
    """What the last of `words`, those after `dltutor`, may become; it may be empty."""
    *before, current = _joined(words) or [""]
    option, equals, value = current.partition("=")
    if equals and option.startswith("--"):
        offers = [(f"{option}={word}", about) for word, about in _at([*before, option], value)]
    else:
        offers = _at(before, current)
    found = dict.fromkeys(
        offer for offer in offers if offer == FILE or offer[0].startswith(current)
    )
    return list(found)


def _joined(words: Sequence[str]) -> list[str]:
    """Bash hands `--lr=0.1` over in three words."""
    joined: list[str] = []
    for word in words:
        if word != "=":
            joined.append(word)
    if len(words) > 1 and words[-1] == "=":
        joined.append("")
    return joined


def _at(before: Sequence[str], current: str) -> list[Offer]:
    """What may follow the words `before`."""
    from tui.cli import overview_parser, parser_of

    rest = list(before)
    # The language may stand before the command.
    while rest[:1] and rest[0].partition("=")[0] == "--lang" and ("=" in rest[0] or len(rest) > 1):
        del rest[: 1 if "=" in rest[0] else 2]
    if not rest or rest[0] not in commands():
        place = _walk(overview_parser(), rest)
        if place.pending is None and not place.earlier and not current.startswith("-"):
            firsts = [(name, found.command.help) for name, found in commands().items()]
            return [*firsts, *_lessons()]
    else:
        place = _walk(parser_of(rest[0], rest[1:])[1], rest[1:])
    if place.pending is not None:
        # Of several values with commas, the last one is completed.
        head = current[: current.rfind(",") + 1] if place.pending.metavar == "VALUES" else ""
        offers = _values(place.pending, place)
        return [(f"{head}{word}" if word else word, about) for word, about in offers]
    if current.startswith("-"):
        return _options(place)
    slot = _slot(place)
    offers = _values(slot, place) if slot is not None else []
    return offers or _options(place)


def _walk(parser: argparse.ArgumentParser, words: Iterable[str]) -> _Place:
    place = _Place(parser)
    for word in words:
        if place.pending is not None:
            place.pending = None
            continue
        if word.startswith("-") and word != "-":
            name, equals, _value = word.partition("=")
            action = next((a for a in place.parser._actions if name in a.option_strings), None)
            if action is None:
                continue
            place.given.update(action.option_strings)
            if action.nargs != 0 and not equals:
                place.pending = action
            continue
        slot = _slot(place)
        if isinstance(slot, argparse._SubParsersAction) and word in slot.choices:
            place = _Place(slot.choices[word], given=place.given)
        else:
            place.earlier.append(word)
    return place


def _slot(place: _Place) -> argparse.Action | None:
    """The positional argument that comes next; one that takes several words takes all the rest."""
    left = len(place.earlier)
    for action in place.parser._actions:
        if action.option_strings:
            continue
        if left == 0 or action.nargs in ("*", "+", argparse.REMAINDER):
            return action
        left -= 1
    return None


def _options(place: _Place) -> list[Offer]:
    """The options that the help shows, but none that was given and can be given once only."""
    offers = []
    for action in place.parser._actions:
        if action.help is argparse.SUPPRESS:
            continue
        again = isinstance(action, argparse._AppendAction)
        if again or not place.given.intersection(action.option_strings):
            about = (action.help or "").split(". ")[0].replace("%%", "%")
            offers += [(option, about) for option in action.option_strings]
    return offers


def _values(action: argparse.Action, place: _Place) -> list[Offer]:
    """What may be given for `action`."""
    if isinstance(action, argparse._SubParsersAction):
        helps = {one.dest: one.help or "" for one in action._choices_actions}
        return [(name, helps.get(name, "")) for name in action.choices]
    if action.choices is not None:
        return [(str(choice), "") for choice in action.choices]
    if action.dest == "device":
        return [(name, "") for name in _DEVICES]
    if action.dest == "lang":
        return [(code, language.name_of(code)) for code in language.languages()]
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    first = metavar.split()[0] if metavar else ""
    if first in _FILES:
        return [FILE]
    finders: dict[str, Callable[[], Iterator[Offer]]] = {
        "RECIPE": _recipes,
        "RUN": _runs,
        "LESSON": lambda: _lesson_and_questions(place) if " " in metavar else _lessons(),
        "QUESTION": lambda: _questions(place.earlier[:1]),
    }
    if first in finders:
        return list(finders[first]())
    if action.option_strings:
        return list(_choices_of_setting(action.dest, place))
    return list(_names(place))


def _recipes() -> Iterator[Offer]:
    from engine.recipes.catalog import recipes

    return ((recipe.name, recipe.title) for recipe in recipes())


def _lessons() -> Iterator[Offer]:
    from lessons.format.catalog import catalog

    return ((entry.slug, entry.title) for entry in catalog().entries() if entry.is_written)


def _runs() -> Iterator[Offer]:
    from engine.recipes.catalog import recipes
    from engine.training.run_files import names_of_runs

    return ((name, "") for recipe in recipes() for name in names_of_runs(recipe.name))


def _lesson_and_questions(place: _Place) -> Iterator[Offer]:
    """A lesson, then one of its questions, then what only the learner knows."""
    if not place.earlier:
        return _lessons()
    return _questions(place.earlier) if len(place.earlier) == 1 else iter(())


def _questions(earlier: Sequence[str]) -> Iterator[Offer]:
    from engine.errors import UserError
    from lessons.format.catalog import catalog
    from lessons.learner.report import log_name, questions_of

    for slug in earlier:
        with contextlib.suppress(UserError):
            for _place, block in questions_of(catalog().load(slug)):
                yield log_name(block), ""


def _choices_of_setting(name: str, place: _Place) -> Iterator[Offer]:
    """The choices of a setting of the recipe that is named, or of all recipes."""
    from engine.recipes.catalog import recipes

    shown = [recipe for recipe in recipes() if recipe.name in place.earlier] or recipes()
    for recipe in shown:
        for setting in recipe.hyperparameters:
            if setting.name == name:
                yield from ((choice, "") for choice in setting.choices)


def _names(place: _Place) -> Iterator[Offer]:
    """What NAME stands for in the commands that have one."""
    if place.parser.prog == "dltutor data":
        from engine.data.sets import IMAGE_SETS

        yield from ((one.name, one.title) for one in IMAGE_SETS.values())
    elif place.parser.prog == "dltutor exercise":
        from lessons.exercises.catalog import exercises

        yield from ((name, "") for name in exercises())
