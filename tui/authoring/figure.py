"""The templates of figures: a fence in a lesson, and the function that makes the drawing."""

from __future__ import annotations

from typing import NamedTuple

from engine.errors import UserError
from tui.authoring.insertion import defines, readable, with_entry, with_import
from tui.authoring.lesson import files_of, with_fence
from tui.authoring.writing import Plan, checked_name, filled, module_name, shown

_FENCE = r"""
```figure «kind» «name»
Say in a sentence what there is to see.
```
"""


class Skeleton(NamedTuple):
    """The template of a figure of one kind."""

    made: str
    """What the function returns."""
    imports: tuple[str, ...]


_KINDS = {
    "curve": Skeleton(
        'Curve((Line("y", lambda x: x**2, Hue.LOSS),), -2.0, 2.0, "x", tangent=1.0)',
        ("Curve", "Hue", "Line"),
    ),
    "surface": Skeleton(
        'Surface("L", lambda x, y: x**2 + y**2, (-2.0, 2.0), (-2.0, 2.0), "x", "y")',
        ("Surface",),
    ),
    "bars": Skeleton(
        'Bars(("first", "second"), (Series("share", (0.25, 0.75)),), digits=2)',
        ("Bars", "Series"),
    ),
    "shapes": Skeleton(
        'Shapes((Matrix("X", (3, 2)), Matrix("w", (2, 1)), Matrix("y", (3, 1))), ("·", "="))',
        ("Matrix", "Shapes"),
    ),
    "graph": Skeleton(
        'Graph((Node("w", value=3.0, hue=Hue.WEIGHT), Node("y", ("w",), value=6.0)))',
        ("Graph", "Hue", "Node"),
    ),
    "network": Skeleton("Net((2, 3, 1))", ("Net",)),
}
KINDS = tuple(_KINDS)

_FIGURE = r'''
def «function»() -> «class»:
    """Say what it shows; take the values from facts.py."""
    return «made»
'''

_EMPTY = r'''
"""What makes the figures of `«slug»`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.format.drawings import Drawing

FIGURES: Mapping[str, Callable[[], Drawing]] = {}
'''


def figure(lesson: str, name: str, kind: str) -> Plan:
    """The plan of a new figure of a lesson; raises UserError if it cannot be made."""
    checked_name(name, "figure")
    slug, folder = files_of(lesson)
    skeleton, function = _KINDS[kind], module_name(name)
    fence = filled(_FENCE, kind=kind, name=name)
    document, text = with_fence(folder, f"figure {kind}", name, fence)
    path = folder / "figures.py"
    is_new = not path.exists()
    before = filled(_EMPTY, slug=slug) if is_new else readable(path)
    if defines(before, function) or f'"{name}":' in before:
        raise UserError(f"{shown(path)} already has {name!r}. Choose another name.")
    found = with_import(before, "lessons.format.drawings", skeleton.imports)
    entry = filled('"«name»": «function»,', name=name, function=function)
    values = {"function": function, "class": skeleton.made.partition("(")[0], "made": skeleton.made}
    found = with_entry(found, path, "FIGURES", entry, above=filled(_FIGURE, **values))
    return Plan(
        {path: found} if is_new else {},
        {document: text} if is_new else {document: text, path: found},
        (
            f"the block is at the end of {shown(document)}: move it where it belongs",
            f"write in {shown(path)} what it shows, from the values of facts.py",
            f"dltutor preview {shown(document)}   draws it",
        ),
    )
