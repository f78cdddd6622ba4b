"""The base of every lab: it takes keys, shows a state, and says below it what the keys do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias, TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.language import _
from tui.background import is_there

T = TypeVar("T")
Parts: TypeAlias = list[str | tuple[str, str]]
"""What `Content.assemble` takes: text, or text with its style."""


class Lab(Vertical, can_focus=True):
    """An interactive part of a lesson.

    A subclass composes its parts and a Static with the id `note`, and shows its state in `show`.
    Its keys are declared in BINDINGS, each with an id and a tooltip.
    """

    HOW: ClassVar[str] = ""
    """How to start; shown while the lab has no focus."""
    KEYS: ClassVar[str] = ""
    """What the keys do; shown while it has the focus."""

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
        """Start with the options of the fence; `trouble` says which of them cannot be used."""
        super().__init__()
        self.options = dict(options or {})
        self.trouble = ""
        """What is wrong with the options, or what failed; shown in place of the hint."""

    def on_mount(self) -> None:
        """Show the start. The `on_mount` of a subclass runs before this one."""
        self.show()
        self.say("")

    def on_focus(self) -> None:
        """Show what the keys do."""
        self._keys_moved()

    def on_blur(self) -> None:
        """Show how to focus the lab again."""
        self._keys_moved()

    def _keys_moved(self) -> None:
        if is_there(self):  # a removed lab loses the focus after its note is gone
            self.keys_moved()

    def show(self) -> None:
        """Show the state; does nothing where the parts of a lab show everything from the start."""

    def put(self, part: str, content: str | Content) -> None:
        """Show `content` in the Static with the id `part`."""
        self.query_one(f"#{part}", Static).update(content)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence in the note; if it is empty, the trouble or the hint."""
        note = self.query_one("#note", Static)
        note.set_class(wrong or (not text and bool(self.trouble)), "-wrong")
        note.update(text or self.trouble or self.hint())

    def hint(self) -> str:
        """What can be done now, in one line."""
        return self.KEYS if self.has_keys else self.HOW

    def keys_moved(self) -> None:
        """The lab has gained or lost the focus."""
        self.say("")

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
