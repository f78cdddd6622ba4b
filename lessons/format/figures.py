"""The figures of a lesson: the module `figures.py` beside its text makes them from its facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from engine.broken import place_of
from engine.field_types import misfit
from engine.nearest import did_you_mean
from lessons.format.document import Figure
from lessons.format.drawings import Drawing
from lessons.format.facts import facts_of, lesson_module, module_path
from lessons.format.fence import Fence, FenceError
from lessons.format.figure_names import known_figures
from lessons.format.lesson_error import LessonError
from lessons.format.tables import line_of, table
from lessons.format.trouble import in_file
from lessons.judge.kinds import kind_of


@lru_cache(maxsize=64)
def figures_of(slug: str) -> Mapping[str, Callable[[], Drawing]]:
    """What makes each figure of a lesson, by its name; empty without a module.

    Raises:
        LessonError: the module cannot be imported.
    """
    return table(
        lesson_module(slug, "figures"),
        "FIGURES",
        "figure",
        'Write FIGURES = {"name": function}, where the function makes a drawing.',
        callable,
    )


@lru_cache(maxsize=128)
def drawing_of(slug: str, name: str) -> Drawing:
    """The drawing called `name` of a lesson, made once.

    Raises:
        KeyError: the lesson has none of this name.
        LessonError: it cannot be made; the place is a line of figures.py.
    """
    make = figures_of(slug)[name]
    own = module_path(slug, "figures")
    assert own is not None, "its FIGURES have been read"
    path, line = own, line_of(own, "FIGURES", name)
    try:
        found = make()
    except ValueError as error:
        if isinstance(error, LessonError):
            raise
        # What a drawing refuses is a sentence.
        path, line = place_of(error, lambda file: file.is_relative_to(own.parent), own, line)
        problem = f"The figure {name!r} cannot be made: {str(error).rstrip('.')}."
        raise LessonError(path, line, problem, "Correct it.") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise in_file(error, path.parent, path, line) from error
    if not isinstance(found, Drawing):
        problem = f"The figure {name!r} is {kind_of(found)}, and not a drawing."
        mend = "Return one of the classes of lessons/format/drawings.py."
        raise LessonError(path, line, problem, mend)
    problem = misfit(found)
    if problem:
        raise LessonError(path, line, f"The figure {name!r} cannot be drawn.", problem)
    return found


def read_figure(fence: Fence) -> Figure:
    """The figure that a fence stands for; raises FenceError."""
    if len(fence.words) < 2:
        raise FenceError(
            "The figure needs a kind and a name.", "Write: figure KIND NAME, then options."
        )
    kind, name, *_options = fence.words
    known = known_figures()
    if known is not None and kind not in known:
        near = did_you_mean(kind, known)
        said = f"The kinds are {', '.join(known)}."
        raise FenceError(f"No kind of figure is called {kind!r}.", f"{near} {said}".strip())
    drawing = drawing_for(fence.slug, name)
    if kind != drawing.KIND:
        raise FenceError(
            f"The figure {name!r} is of the kind {drawing.KIND}, not {kind}.",
            f"Write: figure {drawing.KIND} {name}.",
        )
    given = Fence(fence.words[1:], fence.body, fence.slug, fence.line, fence.paragraphs)
    pairs = given.options(None if known is None else frozenset(known[kind]))
    options = []
    for key, text in pairs:
        value = _value(fence.slug, key, text)
        low, high = (-math.inf, math.inf) if known is None else known[kind][key]
        if not low <= value <= high:
            raise FenceError(
                f"The option {key} is {value:g}, outside of its limits.",
                f"Give a value from {low:g} to {high:g}.",
            )
        options.append((key, value))
    return Figure(kind, name, drawing, tuple(options), fence.caption())


def drawing_for(slug: str, name: str) -> Drawing:
    """The drawing that a text names; raises FenceError, or LessonError if it cannot be made."""
    figures = figures_of(slug)
    if name not in figures:
        near = did_you_mean(name, figures)
        known = f"Write it into FIGURES of figures.py; known there: {', '.join(figures) or 'none'}."
        raise FenceError(f"The lesson has no figure {name!r}.", f"{near} {known}".strip())
    return drawing_of(slug, name)


def _value(slug: str, key: str, text: str) -> float:
    """A number, or the name of one that the facts compute."""
    compute = facts_of(slug).number(text)
    if compute is not None:
        return float(compute())
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FenceError(
            f"The option {key} is {text!r}.",
            "Give a number, or the name of one of NUMBERS in facts.py.",
        )
    return value
