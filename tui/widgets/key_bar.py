"""The bottom row: the keys that matter most here, at most six, with help always the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.binding import ActiveBinding
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.background import is_there
from tui.key_names import keyed
from tui.math import cell_width

MOST = 6
"""As many keys at most."""
_HELP = "help"
_OF_FOCUS = 3
"""As many keys of the focused part at most, so that those of the screen keep a place."""
_LEFT, _GAP = 1, 2
"""Cells before the first key, and between two."""


class ShownKey(NamedTuple):
    """One key of the row, and where it stands."""

    key: str
    display: str
    """The key as it is written."""
    description: str
    action: str
    enabled: bool
    tooltip: str
    column: int
    """The first cell, in the row."""

    @property
    def width(self) -> int:
        """In cells."""
        return _width_of(self.display, self.description)


class KeyBar(Widget):
    """Shows a few keys of the focused part and of the screen; each takes clicks.

    The row is one widget. With one for each key, as in Textual's footer, it took a sixth of the
    time in which the contents open, and whatever changed a key had the screen laid out anew.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-bar--key",
        "key-bar--description",
        "key-bar--hover",
        "key-bar--disabled",
    }
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
        &.-over-key { pointer: pointer; }
    }
    KeyBar > .key-bar--key {
        color: $footer-key-foreground;
        background: $footer-key-background;
        text-style: bold;
    }
    KeyBar > .key-bar--description {
        color: $footer-description-foreground;
        background: $footer-description-background;
    }
    KeyBar > .key-bar--hover { background: $block-hover-background; }
    KeyBar > .key-bar--disabled { text-style: dim; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[ShownKey, ...] = ()
        """The keys in the row, from left to right."""
        self._over: ShownKey | None = None
        self._is_ready = self._is_due = False

    def on_mount(self) -> None:
        """Follow the keys that are in force."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        """Follow them no longer."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        """Show as many as there is room for now."""
        self.renew()

    def _bindings_changed(self, screen: Screen[object]) -> None:
        self._is_ready = True
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            # Keys change several times before the next frame: to ask which are in force takes long.
            self._is_due = self._is_due or self.call_after_refresh(self._renew_once)

    def _renew_once(self) -> None:
        self._is_due = False
        self.renew()

    def renew(self) -> None:
        """Show the keys that are to be shown now."""
        if not (self._is_ready and is_there(self)):
            return
        shown = tuple(self._placed(fitting(self._chosen(), self.size.width or 80, self._room)))
        if shown != self.shown:
            self.shown = shown
            self._point_at(None)
            self.refresh()

    def region_of(self, key: ShownKey) -> Region:
        """Where a key stands on the screen."""
        return Region(self.region.x + key.column, self.region.y, key.width, 1)

    def render_line(self, y: int) -> Strip:
        """The keys, each with what it does, two cells apart."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        row = [Segment(" " * _LEFT, self.rich_style)]
        for key in self.shown:
            row += self._drawn(key)
            row.append(Segment(" " * _GAP, self.rich_style))
        return Strip(row).adjust_cell_length(width, self.rich_style)

    def _drawn(self, key: ShownKey) -> Iterator[Segment]:
        own = Style()
        if not key.enabled:
            own += self.get_component_rich_style("key-bar--disabled", partial=True)
        if key == self._over:
            own += Style(bgcolor=self.get_component_rich_style("key-bar--hover").bgcolor)
        yield Segment(key.display, self.get_component_rich_style("key-bar--key") + own)
        if key.description:
            style = self.get_component_rich_style("key-bar--description") + own
            yield Segment(f" {key.description}", style)

    def _at(self, column: int) -> ShownKey | None:
        for key in self.shown:
            if key.column <= column < key.column + key.width:
                return key
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key, also when it is greyed out: it may say why."""
        key = self._at(event.x)
        if key is not None:
            self.app.simulate_key(key.key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the key under the mouse, and tell what it does."""
        self._point_at(self._at(event.x))

    def on_leave(self) -> None:
        """No key is under the mouse any more."""
        self._point_at(None)

    def _point_at(self, key: ShownKey | None) -> None:
        if key != self._over:
            self._over = key
            self.tooltip = key.tooltip if key and key.tooltip else None
            self.set_class(key is not None, "-over-key")
            self.screen.update_pointer_shape()
            self.refresh()

    def _placed(self, active: Sequence[ActiveBinding]) -> Iterator[ShownKey]:
        column = _LEFT
        for each in active:
            binding = each.binding
            key = ShownKey(
                binding.key,
                self.app.get_key_display(binding),
                binding.description,
                binding.action,
                each.enabled,
                keyed(each.tooltip or binding.tooltip),
                column,
            )
            yield key
            column += key.width + _GAP

    def _room(self, active: ActiveBinding) -> int:
        binding = active.binding
        return _width_of(self.app.get_key_display(binding), binding.description) + _GAP

    def _chosen(self) -> list[ActiveBinding]:
        return chosen([*self.screen.active_bindings.values()])


def _width_of(display: str, description: str) -> int:
    return cell_width(f"{display} {description}" if description else display)


def chosen(active: Sequence[ActiveBinding]) -> list[ActiveBinding]:
    """The keys to show: some of the focused part, some of the screen, then help."""
    seen: set[tuple[object, str]] = set()
    of_focus: list[ActiveBinding] = []
    of_screen: list[ActiveBinding] = []
    last: list[ActiveBinding] = []
    taken: set[str] = set()
    for each in active:
        if not isinstance(each.node, Screen | App) and each.binding.key_display:
            taken.add(each.binding.key_display)
        action = (each.node, each.binding.action)
        if not each.binding.show or action in seen:
            continue
        seen.add(action)
        if each.binding.action.removeprefix("app.") == _HELP:
            last = [each]
        elif isinstance(each.node, Screen):
            of_screen.append(each)
        else:
            of_focus.append(each)
    # A key that the focused part takes says nothing about the screen, even if another key does, and
    # even if it is not shown.
    taken |= {each.binding.key_display or each.binding.key for each in of_focus}
    of_screen = [e for e in of_screen if (e.binding.key_display or e.binding.key) not in taken]
    room = MOST - len(last)
    front = of_focus[: max(_OF_FOCUS, room - len(of_screen))]
    return [*front[:room], *of_screen[: max(0, room - len(front))], *last]


def fitting(
    active: Sequence[ActiveBinding], width: int, width_of: Callable[[ActiveBinding], int]
) -> list[ActiveBinding]:
    """Those of `active` that fit into `width` cells, the last one always among them."""
    kept = list(active)
    while len(kept) > 1 and sum(width_of(each) for each in kept) > width:
        del kept[-2]
    return kept
