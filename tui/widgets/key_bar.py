"""The bottom row: the keys that matter most here, at most six, with help always the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from tui.background import is_there
from tui.key_names import keyed
from tui.math import cell_width

MOST = 6
"""As many keys at most."""
_HELP = "help"
_OF_FOCUS = 3
"""As many keys of the focused part at most, so that those of the screen keep a place."""


class _Key(FooterKey):
    """A click on a key does what the key does, also when it is greyed out: it may say why."""

    def on_mouse_down(self) -> None:
        """Press a greyed key, too; for others, the method of Textual does it."""
        if self._disabled:
            self.app.simulate_key(self.key)


class KeyBar(Footer):
    """Shows a few keys of the focused part and of the screen; each takes clicks."""

    DEFAULT_CSS = """
    KeyBar FooterKey { padding: 0; }
    KeyBar.-compact FooterKey { margin: 0 2 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._there: list[tuple[Binding, str, bool, str]] | None = None

    async def recompose(self) -> None:
        """Show the keys that are to be shown now, in the widgets that are there already."""
        if not (self._bindings_ready and is_there(self)):
            return
        shown = self._fitting()
        drawn = self._drawn(shown)
        if drawn == self._there:
            return
        self._there = drawn
        there = [*self.query_children(FooterKey)]
        async with self.batch():
            for key, active in zip(there, shown, strict=False):
                _change(key, active, self.app.get_key_display(active.binding))
            if len(there) > len(shown):
                await self.remove_children(there[len(shown) :])
            elif len(there) < len(shown):
                await self.mount_all(map(self._key, shown[len(there) :]))

    def compose(self) -> ComposeResult:
        """The chosen keys, as many as the row holds."""
        if not self._bindings_ready:
            return
        shown = self._fitting()
        self._there = self._drawn(shown)
        yield from map(self._key, shown)

    def _key(self, active: ActiveBinding) -> FooterKey:
        binding = active.binding
        return _Key(
            binding.key,
            self.app.get_key_display(binding),
            binding.description,
            binding.action,
            disabled=not active.enabled,
            tooltip=keyed(active.tooltip or binding.tooltip),
            # From the start: set later, each key looks up its styles once more.
            classes="-compact",
        )

    def _fitting(self) -> list[ActiveBinding]:
        return fitting(self._chosen(), self.size.width or 80, self._width)

    def _drawn(self, shown: Sequence[ActiveBinding]) -> list[tuple[Binding, str, bool, str]]:
        """All that the row makes of its keys."""
        return [
            (each.binding, self.app.get_key_display(each.binding), each.enabled, each.tooltip)
            for each in shown
        ]

    def _width(self, active: ActiveBinding) -> int:
        shown = self.app.get_key_display(active.binding)
        return cell_width(shown) + cell_width(active.binding.description) + 3

    def _chosen(self) -> list[ActiveBinding]:
        return chosen([*self.screen.active_bindings.values()])


def _change(key: FooterKey, active: ActiveBinding, display: str) -> None:
    """Let the widget of one key show another: to make a new one takes ten times as long."""
    binding = active.binding
    key.key, key.key_display = binding.key, display
    key.description, key.action = binding.description, binding.action
    key.tooltip = keyed(active.tooltip or binding.tooltip) or None
    key._disabled = not active.enabled
    key.set_class(not active.enabled, "-disabled")
    key.refresh(layout=True)


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
