"""Whatever changes in the styles of widgets, each of them is drawn anew once.

Textual asks a widget, and all that is below it, to be drawn anew for each of its styles that has
another value. Under another theme that came to 40 times for each widget, and took longer than to
find the styles and to draw the screen.
"""

from __future__ import annotations

from textual.css.styles import Styles
from textual.dom import DOMNode


class _DrawnOnce:
    """Collects inside its `with` block what is asked for, and asks the widgets at the end."""

    def __init__(self) -> None:
        self._asked: dict[tuple[DOMNode, bool, bool, bool, bool], None] = {}
        self._depth = 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, *_what: object) -> None:
        self._depth -= 1
        if self._asked and not self._depth:
            asked, self._asked = self._asked, {}
            _draw(asked)

    def ask(self, node: DOMNode, layout: bool, children: bool, parent: bool, repaint: bool) -> bool:
        """Note what a style asks for, as `Styles.refresh` means it; False outside of the block."""
        if self._depth:
            self._asked[node, layout, children, parent, repaint] = None
        return self._depth > 0


def _draw(asked: dict[tuple[DOMNode, bool, bool, bool, bool], None]) -> None:
    done, below = set[tuple[DOMNode, bool, bool]](), set[tuple[DOMNode, bool, bool]]()

    def refresh(node: DOMNode, layout: bool, repaint: bool) -> None:
        if (node, layout, repaint) not in done:
            done.add((node, layout, repaint))
            node.refresh(layout=layout, repaint=repaint)

    for node, layout, children, parent, repaint in asked:
        if parent and node.parent is not None:
            refresh(node.parent, False, repaint)
        refresh(node, layout, True)
        if children and (node, layout, repaint) not in below:
            for child in node.walk_children(with_self=False, reverse=True):
                refresh(child, layout, repaint)
                below.add((child, layout, repaint))


drawn_once = _DrawnOnce()
"""For `with`; such blocks may lie in each other. Only the thread of the screen has one."""

_refresh = Styles.refresh


def _refresh_once(
    self: Styles,
    *,
    layout: bool = False,
    children: bool = False,
    parent: bool = False,
    repaint: bool = True,
) -> None:
    node = self.node
    if node is None or not node._is_mounted:
        return
    if not drawn_once.ask(node, layout, children, parent, repaint):
        _refresh(self, layout=layout, children=children, parent=parent, repaint=repaint)


Styles.refresh = _refresh_once  # type: ignore[method-assign]
