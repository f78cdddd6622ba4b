"""What every lab is: it takes keys, shows a state, and says below it what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias, TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from tui.background import is_there

T = TypeVar("T")
Parts: TypeAlias = list[str | tuple[str, str]]
"""What `Content.assemble` takes: text, or text with its style."""


class Lab(Vertical, can_focus=True):
    """Something in a lesson that is moved by hand.

    A subclass composes its parts and a Static called `note`, and shows its state in `show`. What
    its keys do stands in BINDINGS, each with an id and a tooltip.
    """

    HOW: ClassVar[str] = ""
    """How to begin, while the lab has no focus."""
    KEYS: ClassVar[str] = ""
    """What the keys do, while it has."""

    DEFAULT_CSS = """
    Lab {
        height: auto;
        border-left: outer $primary;
        padding: 0 0 0 1;
    }
    Lab:focus-within { border-left: outer $accent; }
    Lab > Static { height: auto; width: 1fr; }
    """

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        """Open with the options of the fence; what cannot be used of them becomes the trouble."""
        super().__init__()
        self.options = dict(options or {})
        self.trouble = ""
        """What is wrong with the options, or what failed; said in place of what can be done."""

    def on_mount(self) -> None:
        """Show the start. What a subclass does when it is mounted comes first."""
        self.show()
        self.say("")

    def on_focus(self) -> None:
        """Say that the keys are here."""
        self._keys_moved()

    def on_blur(self) -> None:
        """Say how to come back."""
        self._keys_moved()

    def _keys_moved(self) -> None:
        if is_there(self):  # a lab that is removed loses the keys after its note
            self.keys_moved()

    def show(self) -> None:
        """Show the state; nothing, where the parts of a lab show all from the start."""

    def put(self, part: str, content: str | Content) -> None:
        """Show `content` in the Static called `part`."""
        self.query_one(f"#{part}", Static).update(content)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence in the note; where there is none, the trouble or what can be done."""
        note = self.query_one("#note", Static)
        note.set_class(wrong or (not text and bool(self.trouble)), "-wrong")
        note.update(text or self.trouble or self.hint())

    def hint(self) -> str:
        """What can be done now."""
        return self.KEYS if self.has_keys else self.HOW

    def keys_moved(self) -> None:
        """The keys have come here or gone."""
        self.say("")

    @property
    def has_keys(self) -> bool:
        """Whether what is pressed comes to this lab, and to no part of it."""
        # Not has_focus: that is set only after on_focus and on_blur of a subclass.
        return self.screen.focused is self

    @property
    def data_dir(self) -> Path | None:
        """The folder with data that the learner named, where the application knows one."""
        found: object = getattr(self.app, "data_dir", None)
        return found if isinstance(found, Path) else None


def following(now: T, choices: Iterable[T]) -> T:
    """What stands after `now` among the choices; the first one follows the last."""
    found = list(choices)
    return found[(found.index(now) + 1) % len(found)]


def reason(error: Exception) -> str:
    """The first line of what an error says."""
    return (str(error).splitlines() or ["no reason given"])[0]


def sentence(error: Exception, what: str) -> str:
    """What an error says where it was written for a learner; else `what` with its reason."""
    return str(error) if isinstance(error, UserError) else f"{what}: {reason(error)}."
