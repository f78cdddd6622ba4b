"""The fenced blocks of a lesson: which kinds there are, and what each may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from lessons.document import (
    Block,
    Code,
    Derivation,
    DerivationLine,
    Figure,
    FindMistake,
    Lab,
    Predict,
    Text,
    Training,
)
from lessons.lab_names import known_labs
from lessons.proof.facts import facts_of
from lessons.source import SourceError, load_source


class FenceError(ValueError):
    """What is wrong with a fence, and how to mend it; `offset` counts lines below its opening."""

    def __init__(self, problem: str, mend: str, offset: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.mend, self.offset = problem, mend, offset


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block as it is written."""

    words: tuple[str, ...]
    """The words of the info string after the kind."""
    body: str
    chapter: str
    """Slug of the chapter: its checks are the ones that may be named."""
    slug: str
    """Slug of the lesson."""
    line: int
    paragraphs: Callable[[str], tuple[Text, ...]]
    """Reads Markdown as paragraphs of running text."""

    def caption(self) -> Text:
        """The body as one paragraph."""
        found = self.paragraphs(self.body)
        if len(found) > 1:
            raise FenceError("The caption has several paragraphs.", "Write it as one.")
        return found[0] if found else ()

    def options(self, allowed: frozenset[str] | None) -> tuple[tuple[str, str], ...]:
        """The words after the first, as pairs from `key=value`; None allows every key."""
        pairs = []
        for word in self.words[1:]:
            key, equals, value = word.partition("=")
            if not equals or not value:
                raise FenceError(f"The option {word!r} has no value.", "Write it as key=value.")
            if allowed is not None and key not in allowed:
                known = ", ".join(sorted(allowed)) or "none"
                raise FenceError(f"The option {key!r} is not known.", f"Known here: {known}.")
            pairs.append((key, value))
        return tuple(pairs)


def read_fence(kind: str, fence: Fence) -> Block:
    """The block that a fence stands for; raises FenceError."""
    reader = _READERS.get(kind)
    if reader is None:
        raise FenceError(
            f"The block kind {kind!r} is not known.", f"The kinds are {', '.join(_READERS)}."
        )
    return reader(fence)


def _name(fence: Fence, what: str) -> str:
    if not fence.words:
        raise FenceError(f"The {what} has no name.", "Write the name after the kind.")
    return fence.words[0]


def _only_name(fence: Fence, what: str) -> str:
    name = _name(fence, what)
    if len(fence.words) > 1:
        raise FenceError(f"The {what} has words after its name.", "Leave them out.")
    return name


def _derivation(fence: Fence) -> Derivation:
    name = _only_name(fence, "derivation")
    lines: list[DerivationLine] = []
    for offset, (latex, reason, shapes) in _derivation_rows(fence.body):
        reasons = fence.paragraphs(reason)
        if len(reasons) != 1:
            raise FenceError(
                "A line of the derivation has no reason.",
                "Write the formula, then ` :: ` and the reason.",
                offset,
            )
        lines.append(
            DerivationLine(latex, reasons[0], _shapes(shapes, offset), fence.line + offset)
        )
    if facts_of(fence.slug) is not None:
        return Derivation(name, tuple(lines))
    checks = import_module("lessons.checks").book(fence.chapter).derivations
    if name not in checks:
        raise FenceError(
            f"No check is called {name!r} in chapter {fence.chapter!r}.",
            f"Write it in lessons/checks; known there: {', '.join(checks) or 'none'}.",
        )
    if len(checks[name].lines) != len(lines):
        raise FenceError(
            f"The derivation {name!r} has {len(lines)} lines and {len(checks[name].lines)} checks.",
            "Give every line exactly one check.",
        )
    return Derivation(name, tuple(lines))


def _derivation_rows(body: str) -> list[tuple[int, tuple[str, str, str]]]:
    """The rows of a derivation; a line that begins with two spaces continues the one before."""
    joined: list[tuple[int, str]] = []
    for offset, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        if line.startswith("  ") and joined:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {line.strip()}")
        else:
            joined.append((offset, line.strip()))
    rows = []
    for offset, line in joined:
        parts = [part.strip() for part in line.split(" :: ")]
        if len(parts) > 3 or not parts[0]:
            raise FenceError(
                "A line of the derivation cannot be read.",
                "Write: formula :: reason, or formula :: reason :: shapes.",
                offset,
            )
        formula, reason, shapes = [*parts, "", ""][:3]
        rows.append((offset, (formula, reason, shapes)))
    if not rows:
        raise FenceError("The derivation has no lines.", "Write one formula a line.")
    return rows


def _shapes(text: str, offset: int) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        factor, colon, shape = part.rpartition(" : ")
        if not colon:
            raise FenceError(
                f"The shape {part!r} cannot be read.",
                "Write: factor : shape; factor : shape.",
                offset,
            )
        pairs.append((factor.strip(), shape.strip()))
    return tuple(pairs)


def _predict(fence: Fence) -> Predict:
    name = _only_name(fence, "question")
    predicts = import_module("lessons.checks").book(fence.chapter).predicts
    if name not in predicts:
        raise FenceError(
            f"No answer is called {name!r} in chapter {fence.chapter!r}.",
            f"Write it in lessons/checks; known there: {', '.join(predicts) or 'none'}.",
        )
    prompt = fence.paragraphs(fence.body)
    if not prompt:
        raise FenceError(f"The question {name!r} has no text.", "Write the question in the block.")
    return Predict(name, prompt)


def _mistake(fence: Fence) -> FindMistake:
    name = _only_name(fence, "mistake")
    known = import_module("lessons.mistakes").mistakes()
    if name not in known:
        raise FenceError(
            f"No mistake is called {name!r}.",
            f"Write it in lessons/mistakes; known there: {', '.join(known)}.",
        )
    prompt = fence.paragraphs(fence.body)
    if not prompt:
        raise FenceError(f"The mistake {name!r} has no text.", "Say what the program is for.")
    return FindMistake(name, prompt)


def _code(fence: Fence) -> Code:
    target = _name(fence, "code block")
    runs = fence.words[1:] == ("run",)
    if fence.words[1:] and not runs:
        raise FenceError(
            f"{' '.join(fence.words[1:])!r} is not known here.",
            "Only `run` may follow the name.",
        )
    try:
        load_source(target)
    except SourceError as error:
        raise FenceError(str(error), "Name it as package.module:name.") from None
    return Code(target, runs, fence.caption())


def _lab(fence: Fence) -> Lab:
    name = _name(fence, "lab")
    labs = known_labs()
    if labs is None:
        return Lab(name, fence.options(None), fence.caption())
    if name not in labs:
        raise FenceError(f"No lab is called {name!r}.", f"The labs are {', '.join(labs)}.")
    return Lab(name, fence.options(labs[name]), fence.caption())


def _training(fence: Fence) -> Training:
    name = _name(fence, "training")
    try:
        recipe = find_recipe(name)
        options = fence.options(frozenset(p.name for p in recipe.hyperparameters))
        for key, value in options:
            recipe.hyperparameter(key).parse(value)
    except SettingError as error:
        raise FenceError(str(error), "Name a recipe and settings that exist.") from None
    return Training(name, options, fence.caption())


def _figure(fence: Fence) -> Figure:
    return Figure(fence.body.rstrip("\n"))


_READERS: Mapping[str, Callable[[Fence], Block]] = {
    "derivation": _derivation,
    "predict": _predict,
    "mistake": _mistake,
    "code": _code,
    "lab": _lab,
    "training": _training,
    "figure": _figure,
}
