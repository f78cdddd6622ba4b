"""The template of a kind of figure: what it holds, for lessons, and how it is drawn."""

from __future__ import annotations

import ast

from engine.errors import UserError
from lessons.format import drawings
from tui.authoring.insertion import readable
from tui.authoring.writing import (
    ROOT,
    Plan,
    checked_file_name,
    class_name,
    filled,
    module_name,
    refuse_taken,
    shown,
)
from tui.figures.registry import kinds

_DRAWING = r'''
@dataclass(frozen=True, slots=True)
class «class»(Drawing):
    """Numbers with names, one below the other."""

    KIND: ClassVar[str] = "«kind»"
    names: tuple[str, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        _must(bool(self.names), "At least one name is needed.")
        _must(len(self.names) == len(self.values), "Each name needs one value.")
'''

_KIND = r'''
"""Numbers with names, one below the other."""

from __future__ import annotations

from lessons.format.drawings import «class», Hue
from tui.figures.canvas import INKS
from tui.figures.registry import ROWS, FigureKind, Options
from tui.math import cell_width
from tui.page.lines import InkLine, cut


def draw(
    drawing: «class»,
    width: int,
    height: int,
    options: Options,
) -> list[InkLine]:
    """A line for each number; what has no room is left out."""
    ink = INKS[Hue.COMPUTED]
    return [((cut(text, width), ink),) for text in _texts(drawing)[:height]]


def words(drawing: «class», options: Options) -> str:
    """Every number with its name."""
    return f"{', '.join(_texts(drawing))}."


def _texts(drawing: «class») -> list[str]:
    pairs = zip(drawing.names, drawing.values, strict=True)
    return [f"{name} {value:.3f}".replace("-", "−") for name, value in pairs]


def _rows(drawing: «class», width: int) -> int:
    return len(drawing.names)


def _least(drawing: «class») -> int:
    return max(map(cell_width, _texts(drawing)))


FIGURE = FigureKind(
    «class»,
    draw,
    words,
    _rows,
    _least,
    {"rows": ROWS},
)
'''


def figure_kind(name: str) -> Plan:
    """The plan of a new kind of figure; raises UserError if it cannot be made."""
    module = module_name(checked_file_name(name, "kind of figure"))
    own, made = name.replace("_", "-"), class_name(name)
    refuse_taken(own, "kind of figure", list(kinds()))
    if hasattr(drawings, made):
        raise UserError(f"lessons/format/drawings.py already has {made}. Choose another name.")
    path = ROOT / "lessons" / "format" / "drawings.py"
    values = {"class": made, "kind": own}
    # Lessons cannot import what draws: the data of all kinds stand together there.
    lines = (text := readable(path)).splitlines(keepends=True)
    last = max(
        node.end_lineno or 0
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and "Drawing" in map(ast.unparse, node.bases)
    )
    lines[last:last] = [f"\n\n{filled(_DRAWING, **values)}"]
    drawer = ROOT / "tui" / "figures" / f"{module}.py"
    text = filled(_KIND, **values)
    if made > "Hue":
        text = text.replace(f"import {made}, Hue", f"import Hue, {made}")
    return Plan(
        {drawer: text},
        {path: "".join(lines)},
        (
            f"write in {shown(path)} what {made} holds, and what makes no sense",
            f"write in {shown(drawer)} how it is drawn, and said in words",
            f"a lesson makes one in its figures.py, and shows it with the fence ```figure {own} "
            "NAME",
            f"add a {made} to DRAWINGS of tests/unit/tui/test_figures.py, which tests it",
        ),
    )
