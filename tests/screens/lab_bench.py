"""A lab alone on a screen, for the tests of labs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Footer, Static
from textual.widgets._footer import FooterKey

from tui.labs import make_lab
from tui.themes import ThemedApp
from tui.widgets.value_editor import LineInput

Field: TypeAlias = tuple[str, str, list[str]]
"""What a field holds at first, what it takes, and what it refuses."""


class Keys(Footer):
    """All keys, as Textual shows them, in widgets that stay: to make them anew takes long."""

    def compose(self) -> ComposeResult:
        for each in super().compose():
            if isinstance(each, FooterKey):
                # Otherwise each begins compact, and is styled twice more to be as its row is.
                each.set_reactive(FooterKey.compact, False)
            yield each

    async def recompose(self) -> None:
        if not self.is_attached:
            return
        shown = [each for each in self.compose() if isinstance(each, FooterKey)]
        there = [*self.query_children(FooterKey)]
        async with self.batch():
            for old, new in zip(there, shown, strict=False):
                what = (new.key, new.key_display, new.description, new.action, new._disabled)
                if what != (old.key, old.key_display, old.description, old.action, old._disabled):
                    old.key, old.key_display, old.description, old.action, old._disabled = what
                    old.set_class(new._disabled, "-disabled")
                    old.refresh(layout=True)
                old.tooltip = new.tooltip
            if len(there) > len(shown):
                await self.remove_children(there[len(shown) :])
            elif len(there) < len(shown):
                await self.mount_all(shown[len(there) :])


class LabAlone(ThemedApp[None]):
    """One lab, as wide as a lesson shows it: no keys, and nothing has the focus."""

    CSS = """
    #page { padding: 0 2; scrollbar-size-vertical: 1; }
    """
    AUTO_FOCUS = None

    def __init__(self, name: str, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.name_of_lab, self.options, self.wanted_theme = name, options, theme

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield make_lab(self.name_of_lab, self.options)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme

    def said(self, part: str) -> str:
        """The text of a part of the lab."""
        return str(self.query_one(f"#{part}", Static).content)


class LabBench(LabAlone):
    """A lab with the focus, and with its keys."""

    def __init__(self, name: str, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__(name, theme, **options)
        self.lab: Widget = make_lab(name, options)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield self.lab
        yield Keys(show_command_palette=False)

    def on_mount(self) -> None:
        self.lab.focus()

    def typed(self, text: str) -> None:
        """Put text into the line that is open."""
        line = self.query_one(LineInput)
        line.cursor_blink = False
        line.value = text


async def refuse_then_take(
    app: LabBench, pilot: Pilot[None], fields: Mapping[str, Field], choice: Callable[[], object]
) -> None:
    """Each field keeps its value and says why; then each takes what it can use."""
    begun = choice()
    for key, (old, _good, wrong) in fields.items():
        await pilot.press(key)
        line = app.query_one(LineInput)
        assert line.value == old, key
        for text in wrong:
            app.typed(text)
            await pilot.press("enter")
            assert choice() == begun, (key, text)
            assert app.said("note").strip().endswith("."), (key, text)
            assert line.has_focus, (key, text)
        await pilot.press("escape")
        assert app.lab.has_focus, key
        assert choice() == begun, key
    for key, (_old, good, _wrong) in fields.items():
        before = choice()
        await pilot.press(key)
        app.typed(good)
        await pilot.press("enter")
        assert choice() != before, key
        assert app.lab.has_focus, key
        assert not app.query_one(LineInput).has_class("-open"), key
