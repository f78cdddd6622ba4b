"""The base of every lab: it takes keys, shows a state, and says below it what the keys do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias, TypeVar

from textual import events, on
from textual.actions import SkipAction
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from engine.errors import UserError
from engine.language import _
from tui.background import is_there
from tui.key_names import keyed
from tui.math.width import cell_width
from tui.widgets.clickable import key_in, lit
from tui.widgets.coded import coded
from tui.widgets.tab_hint import NamesTab

T = TypeVar("T")
_WHOLE_SCREEN = {
    "width": "100%", "max_width": "100%", "height": "1fr", "max_height": "100%", "margin": 0,
}  # fmt: skip
_ROOM = Size(40, 40)
"""Beside words on the whole screen, columns from which they stand on a card; rows of the screen."""
_EDGE = 8
"""Columns of the border of that card, and of the air in it."""
Parts: TypeAlias = list[str | tuple[str, str]]
"""What `Content.assemble` takes: text, or text with its style."""


class Lab(NamesTab, Vertical, can_focus=True):
    """An interactive part of a lesson, which also fills the whole screen at a key.

    A subclass composes its parts and a Static with the id `note`, and shows its state in `show`.
    Its keys are declared in BINDINGS, each with an id and a tooltip.
    """

    BINDINGS = [
        Binding("F", "full_screen", _("Full screen"), id="lab.full_screen", show=False,
                tooltip=_("Show the lab on the whole screen, or return to the lesson")),
        Binding("escape", "shrink", _("Return"), id="lab.shrink", show=False,
                tooltip=_("Return from the whole screen, then from the lab to the lesson")),
    ]  # fmt: skip

    HOW: ClassVar[str] = ""
    """How to start; shown while the lab has no focus."""
    KEYS: ClassVar[str] = ""
    """What the keys do; shown while it has the focus."""
    IS_WORDS: ClassVar[bool] = False
    """Whether it shows words and numbers only, which stand in the middle; a chart takes all the
    room."""
    WORDS: ClassVar[int] = 96
    """The columns that its words have at most, if it shows nothing else."""
    KEEPS: ClassVar[tuple[str, ...]] = ()
    """The attributes that make up its state; a lesson brings them back with the step."""

    DEFAULT_CSS = """
    Lab {
        height: auto;
        border-left: outer $rule;
        padding: 0 0 0 1;
    }
    Lab:focus-within { border-left: outer $primary; }
    Lab.-full, Lab.-full:focus-within { border: round $primary; padding: 0 1; }
    Lab.-full.-words { align: center middle; }
    Lab > Static { height: auto; width: 1fr; }
    """

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        """Start with the options of the fence; `trouble` says which of them cannot be used."""
        super().__init__(classes="-words" if self.IS_WORDS else None)
        self.options = dict(options or {})
        self._shown_on: Screen[object] | None = None
        self.keep: Callable[[dict[str, object]], None] | None = None
        """Takes the state when the lab is removed."""
        self._shows_hint = False
        """Whether the hint stood in the note before the count of `tab` changed."""
        self._pressed_on: tuple[tuple[str, ...], str] = (), ""
        """The rows of the note when the button of the mouse went down, and the hint in them."""
        self.trouble = ""
        """What is wrong with the options, or what failed; shown in place of the hint."""

    def on_mount(self) -> None:
        """Show the start. The `on_mount` of a subclass runs before this one."""
        self._shown_on = self.screen
        self.watch(self.screen, "maximized", self._maximized_changed, init=False)
        self.show()
        self.say("")

    @on(events.Resize)
    def _break_hint(self) -> None:
        """Break the hint anew, where it is shown."""
        note = self.query_one("#note", Static) if self.query("#note") else None
        shown = "" if note is None else str(note.content)
        if shown.replace("\n", " ") == self.hint() and shown != self._broken_hint:
            self.say("")

    def on_focus(self) -> None:
        """Show what the keys do."""
        self._keys_moved()

    def on_key(self, event: events.Key) -> None:
        """A key that is greyed out here does not become a key of the lesson below, nor does the
        space bar, which starts and pauses elsewhere, leave the whole screen and the step.
        """
        active = self.screen.active_bindings.get(event.key)
        if not self.has_keys or active is None:
            return
        if active.node is self and not active.enabled:
            event.stop()
            self.refused(active.binding.action.partition("(")[0])
        elif event.key == "space" and self.is_maximized and active.binding.id == "lesson.next":
            event.stop()
            told = _("The space bar goes on in the lesson. ⟨F|lab.full_screen⟩ returns to it.")
            self.say(told)

    def refused(self, action: str) -> None:
        """The key of a greyed `action` was pressed; a subclass may say why nothing happens."""

    def on_blur(self) -> None:
        """Show how to focus the lab again."""
        self._keys_moved()

    def _keys_moved(self) -> None:
        if is_there(self):  # a removed lab loses the focus after its note is gone
            self.border_subtitle = self.screen_hint
            self.keys_moved()

    def kept(self) -> dict[str, object]:
        """The state, for `restore` of another lab of the same kind."""
        return {name: getattr(self, name) for name in self.KEEPS}

    def restore(self, kept: Mapping[str, object]) -> None:
        """Take the state of a lab that was removed, before this one is mounted."""
        for name in self.KEEPS:
            setattr(self, name, kept[name])

    # The whole screen

    @property
    def screen_hint(self) -> str:
        """Which key fills the screen, or returns from it; empty without the focus."""
        if not self.has_keys:
            return ""
        return (
            keyed(_("⟨F|lab.full_screen⟩ returns"))
            if self.is_maximized
            else keyed(_("⟨F|lab.full_screen⟩ full screen · ⟨?|app.help⟩ keys"))
        )

    def action_full_screen(self) -> None:
        """Fill the screen, or go back to the lesson; the lab itself stays as it is."""
        if self.is_maximized:
            self.screen.minimize()
        else:
            self.screen.maximize(self, container=False)

    def action_shrink(self) -> None:
        """Leave the whole screen; elsewhere the key belongs to the lesson."""
        if not self.is_maximized:
            raise SkipAction
        self.screen.minimize()

    def _maximized_changed(self) -> None:
        """Take all the room on the whole screen, whatever the style of the page says."""
        self.set_class(self.is_maximized, "-full")
        self._fill()
        for part in self.children if self.IS_WORDS else ():
            if self.is_maximized:
                part.styles.max_width = self.WORDS
            else:
                part.styles.clear_rule("max_width")
        self._keys_moved()

    @on(events.Resize)
    def _fill(self) -> None:
        """On the whole screen, take all of it; a few words take a card of their size."""
        room = self.screen.size
        wide = room.width >= self.WORDS + _ROOM.width and room.height >= _ROOM.height
        card = self.is_maximized and self.IS_WORDS and wide
        rules = {**_WHOLE_SCREEN, "padding": (0, 1)}
        if card:
            rules |= {"width": self.WORDS + _EDGE, "height": "auto", "padding": (1, 3)}
        for rule, value in rules.items():
            if self.is_maximized:
                setattr(self.styles, rule, value)
            else:
                self.styles.clear_rule(rule)

    def on_unmount(self) -> None:
        """Hand over the state; a screen must not go on showing a lab that has been removed."""
        if self.keep is not None:
            self.keep(self.kept())
        if self._shown_on is not None and self._shown_on.maximized is self:
            self._shown_on.minimize()

    def show(self) -> None:
        """Show the state; does nothing where the parts of a lab show everything from the start."""

    def put(self, part: str, content: str | Content) -> None:
        """Show `content` in the Static with the id `part`."""
        self.query_one(f"#{part}", Static).update(content)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence in the note; if it is empty, the trouble or the hint."""
        note = self.query_one("#note", Static)
        note.set_class(wrong or (not text and bool(self.trouble)), "-wrong")
        said = text or self.trouble
        note.update(coded(said) if said else self.lit_hint())

    def hint(self) -> str:
        """What can be done now, in one line."""
        return keyed(self._told_hint())

    def marked_hint(self) -> str:
        """The hint, which names keys by marks."""
        return self.KEYS if self.has_keys else self.HOW

    def _told_hint(self) -> str:
        """The same; without the focus, with `tab` as often as it leads here."""
        told = self.marked_hint()
        return told if self.has_keys else self.tabbed(told)

    def tell_tabs(self, count: int) -> None:
        """Change the hint where it is shown; what else was said stays."""
        note = self.query_one("#note", Static)
        self._shows_hint = str(note.content) == self._broken_hint
        super().tell_tabs(count)

    def tabs_changed(self) -> None:
        if self._shows_hint and not self.has_keys:
            self.keys_moved()

    def lit_hint(self) -> Content:
        """The hint as it is shown: its keys stand out from its words."""
        return lit(self._told_hint(), self._broken_hint, "$foreground-muted")

    # Clicks on the hint

    def focus_on_click(self) -> bool:
        """Keep what stands in the note while the button goes down: the focus then changes it."""
        note = self.query_one("#note", Static) if self.query("#note") else None
        self._pressed_on = (), ""
        if note is not None and str(note.content) == self._broken_hint:
            rows = [note.render_line(y).text for y in range(note.size.height)]
            self._pressed_on = tuple(rows), self._told_hint()
        return super().focus_on_click()

    def on_click(self, event: events.Click) -> None:
        """Press the key in the hint that was seen where the button went down."""
        note = self.query_one("#note", Static) if self.query("#note") else None
        (rows, text), self._pressed_on = self._pressed_on, ((), "")
        if note is None or note.text_selection is not None:
            return  # a drag that selected words presses no key
        inside = event.get_content_offset(note)
        if inside is None or inside.y >= len(rows) or not self.has_keys:
            return
        key = key_in(rows, inside, text)
        if key:
            event.stop()
            self.app.simulate_key(key)

    def keys_moved(self) -> None:
        """The lab has gained or lost the focus."""
        self.say("")

    @property
    def _broken_hint(self) -> str:
        return by_items(self.hint(), self.room - 1)

    @property
    def room(self) -> int:
        """The columns that its parts have."""
        width = self.content_size.width
        return min(width, self.WORDS) if self.IS_WORDS else width

    @property
    def has_keys(self) -> bool:
        """Whether the lab itself has the focus, rather than one of its parts."""
        # Not has_focus, which is set only after on_focus and on_blur of a subclass.
        return self.screen.focused is self

    @property
    def data_dir(self) -> Path | None:
        """The data folder that the learner chose, if the application knows one."""
        found: object = getattr(self.app, "data_dir", None)
        return found if isinstance(found, Path) else None


def by_items(text: str, width: int) -> str:
    """`text` in lines of at most `width` cells that end behind a ` · `, not within an item."""
    lines, items = [""], text.split(" · ")
    for number, item in enumerate(items, start=1):
        longer = f"{lines[-1]} · {item}" if lines[-1] else item
        behind = 2 if number < len(items) else 0
        if lines[-1] and 0 < width < cell_width(longer) + behind:
            lines[-1] += " ·"
            lines.append(item)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def following(now: T, choices: Iterable[T]) -> T:
    """The choice after `now`; the first one follows the last."""
    found = list(choices)
    return found[(found.index(now) + 1) % len(found)]


def reason(error: Exception) -> str:
    """The first line of the message of an error."""
    return (str(error).splitlines() or [_("no reason given")])[0]


def sentence(error: Exception, what: str) -> str:
    """The message of an error if it was written for learners; otherwise `what` with the reason."""
    if isinstance(error, UserError):
        return str(error)
    return _("{what}: {reason}.").format(what=what, reason=reason(error))
