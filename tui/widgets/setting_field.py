"""One setting of a recipe: its label and its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from engine.training.hyperparameters import Hyperparameter, SettingError, SettingKind
from engine.training.snapshot import Setting
from tui.widgets.choice_input import ChoiceInput

_LONG = 10
"""Choices longer than this get the room of two fields."""


class SettingField(Horizontal):
    """One hyperparameter: its label, with a sign if its value is invalid, and its input."""

    class Left(Message):
        """The learner left the field, with enter or by moving the focus."""

        def __init__(self, field: SettingField, *, entered: bool) -> None:
            super().__init__()
            self.field = field
            self.entered = entered

    def __init__(self, parameter: Hyperparameter, text: str) -> None:
        super().__init__(classes="setting")
        self.set_class(max(map(len, parameter.choices), default=0) > _LONG, "-long")
        self.parameter = parameter
        self.text = text
        self._is_filled = False
        tooltip, name = (
            f"{parameter.help} {parameter.bounds()}".strip(),
            f"setting-{parameter.name}",
        )
        self.input: Input | ChoiceInput
        if parameter.kind is SettingKind.CHOICE:
            self.input = ChoiceInput(parameter.choices, tooltip=tooltip, id=name)
        else:
            self.input = Input(compact=True, tooltip=tooltip, id=name)
        self._label = Static(parameter.label, classes="setting-label")

    def compose(self) -> ComposeResult:
        """Label and input in one row."""
        yield self._label
        yield self.input

    def on_mount(self) -> None:
        """Fill the field: an input accepts a value only once it belongs to an app."""
        self._is_filled = True
        self.set_text(self.text)

    def set_text(self, text: str) -> None:
        """Show `text` in the field."""
        self.text = text
        if self._is_filled:
            self.input.value = text

    def parse(self) -> Setting:
        """The value in the field; raises SettingError with a sentence if it is invalid."""
        return self.parameter.parse(self.text)

    @property
    def error(self) -> str:
        """A sentence that says what is wrong with the value; empty if it is valid."""
        try:
            self.parse()
        except SettingError as error:
            return str(error)
        return ""

    def mark(self, *, locked: bool) -> None:
        """Lock or unlock the field, and mark an invalid value with a sign."""
        self.input.disabled = locked
        wrong = bool(self.error)
        self.input.set_class(wrong, "-wrong")
        label = self.parameter.label
        sign = Content.assemble((f"!{label}", "$text-error")) if wrong else Content(f" {label}")
        if self._label.content != sign:
            self._label.update(sign)

    def on_click(self, event: events.Click) -> None:
        """A click on the label goes to the field."""
        on_label = self._label.region.contains(event.screen_x, event.screen_y)
        if on_label and not self.input.disabled:
            self.input.focus()

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offer other choices."""
        self.parameter = replace(self.parameter, choices=tuple(choices))
        if isinstance(self.input, ChoiceInput):
            self.input.choices = self.parameter.choices

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep the typed text."""
        self.text = event.input.value

    def on_choice_input_changed(self, event: ChoiceInput.Changed) -> None:
        """Keep the choice."""
        self.text = self.input.value

    def on_choice_input_submitted(self, event: ChoiceInput.Submitted) -> None:
        """Leave the field."""
        event.stop()
        self.post_message(self.Left(self, entered=True))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave the field."""
        event.stop()
        self.post_message(self.Left(self, entered=True))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Report that the focus has left the field."""
        self.post_message(self.Left(self, entered=False))
