"""Finds the kinds of figures in this folder, one file each, and draws with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from engine.broken import load_part
from engine.declared import DeclarationError, refuse_misnamed, source_of
from lessons.format.figure_names import FigureNames, Limits, declare_figures

if TYPE_CHECKING:
    # Declaring the kinds must stay cheap: every command does it.
    from lessons.format.drawings import Drawing
    from tui.page.lines import InkLine

_FOLDER = Path(__file__).parent
_SIGN = "\nFIGURE = FigureKind("
ROWS: Limits = (3, 60)
"""The limits of the option `rows`, which most kinds have."""

Options: TypeAlias = Mapping[str, float]


class FigureKind(NamedTuple):
    """What a module declares about its kind of figure, in a constant called `FIGURE`.

    The kind has the name that its drawing gives itself.
    """

    drawing: type[Drawing]
    draw: Callable[[Any, int, int, Options], list[InkLine]]
    """Draws within a number of columns and rows, however few."""
    words: Callable[[Any, Options], str]
    """The same in words, with the numbers that matter."""
    rows: Callable[[Any, int], int]
    """The rows that suit a drawing in a number of columns."""
    least: Callable[[Any], int]
    """The columns below which something is left out."""
    options: Mapping[str, Limits] = {}
    """What a fence may set, with the smallest and the largest value."""


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, FigureKind]:
    """Every kind by its name, sorted. Raises DeclarationError where one cannot be used."""
    found: dict[str, FigureKind] = {}
    for path in sorted(_FOLDER.glob("*.py")):
        if path.name == Path(__file__).name:
            continue
        text = source_of(path)
        before, sign, _after = f"\n{text}".partition(_SIGN)
        if not sign:
            refuse_misnamed(path, text, "FIGURE", "FigureKind")
            continue
        kind: FigureKind = load_part(f"{__package__}.{path.stem}", ("FIGURE",)).FIGURE
        line = before.count("\n") + 1
        problem, mend = _unusable(kind), "`dltutor new figure-kind` shows what it needs."
        if not problem and kind.drawing.KIND in found:
            problem = f"There already is a kind of figure called {kind.drawing.KIND!r}."
            mend = "Give the drawing another KIND."
        if problem:
            raise DeclarationError(path, line, problem, mend)
        found[kind.drawing.KIND] = kind
    return dict(sorted(found.items()))


def _unusable(kind: FigureKind) -> str:
    """Why nothing can be drawn with what a file declares; empty where it can."""
    from lessons.format.drawings import Drawing

    drawing: object = kind.drawing
    if not (isinstance(drawing, type) and issubclass(drawing, Drawing)):
        return f"FIGURE names {drawing!r}, which is no subclass of Drawing."
    if not isinstance(getattr(drawing, "KIND", None), str):
        return f"The class {drawing.__name__} has no KIND."
    for name in ("draw", "words", "rows", "least"):
        if not callable(getattr(kind, name)):
            return f"The {name!r} of FIGURE is {getattr(kind, name)!r}, and no function."
    return ""


def draw(
    drawing: Drawing, width: int, height: int | None = None, options: Options | None = None
) -> list[InkLine]:
    """A drawing within `width` × `height` cells; as high as suits it where `height` is None."""
    kind, given = kinds()[drawing.KIND], options or {}
    width = max(1, width)
    if height is None:
        height = suitable_rows(drawing, width, given)
    return kind.draw(drawing, width, max(1, height), given)


def suitable_rows(drawing: Drawing, width: int, options: Options) -> int:
    """The rows that suit a drawing at this width, unless its fence sets them."""
    return int(options.get("rows", 0)) or kinds()[drawing.KIND].rows(drawing, max(1, width))


def words(drawing: Drawing, options: Options | None = None) -> str:
    """A drawing in words, with the numbers that matter."""
    return kinds()[drawing.KIND].words(drawing, options or {})


def fits(drawing: Drawing, width: int) -> bool:
    """Whether a drawing loses nothing at this width."""
    return kinds()[drawing.KIND].least(drawing) <= width


def declare() -> None:
    """Tell the lessons which kinds exist, so that they refuse all others."""
    declare_figures(_names)


def _names() -> FigureNames:
    return {name: kind.options for name, kind in kinds().items()}
