"""The settings of a recipe as fields, each with its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from engine.recipes.base import Hyperparameter, Recipe, SettingError, SettingKind
from engine.training.snapshot import Setting

LEARNING_RATE = "lr"


def ladder(value: float, direction: int) -> float:
    """The next of …, 0.1, 0.2, 0.5, 1, 2, 5, … above (`direction` 1) or below (−1) `value` > 0."""
    exponent = math.floor(math.log10(value))
    rungs = [
        float(f"{mantissa}e{power}")
        for power in range(exponent - 1, exponent + 2)
        for mantissa in (1, 2, 5)
    ]
    if direction > 0:
        return next(rung for rung in rungs if rung > value * (1 + 1e-9))
    return next(rung for rung in reversed(rungs) if rung < value * (1 - 1e-9))


class SettingField(Horizontal):
    """One hyperparameter: its label, its input, and a word on its state."""

    class Left(Message):
        """The learner went on from the field, by enter or by leaving it."""

        def __init__(self, field: SettingField, *, entered: bool) -> None:
            super().__init__()
            self.field = field
            self.entered = entered

    def __init__(self, parameter: Hyperparameter, text: str) -> None:
        super().__init__(classes="setting")
        self.parameter = parameter
        self.text = text
        self._is_filled = False
        choice = parameter.kind is SettingKind.CHOICE
        self.input = Input(
            compact=True,
            suggester=SuggestFromList(parameter.choices) if choice else None,
            tooltip=f"{parameter.help} {parameter.bounds()}".strip(),
            id=f"setting-{parameter.name}",
        )
        self._note = Static("", classes="setting-note")

    def compose(self) -> ComposeResult:
        """Label, input and note in one row."""
        yield Static(self.parameter.label, classes="setting-label")
        yield self.input
        yield self._note

    def on_mount(self) -> None:
        """Fill the field: an input takes no value before it has an application."""
        self._is_filled = True
        self.set_text(self.text)

    def set_text(self, text: str) -> None:
        """Put `text` into the field."""
        self.text = text
        if self._is_filled:
            self.input.value = text

    def parse(self) -> Setting:
        """The value in the field; raises SettingError with a sentence where it cannot be used."""
        return self.parameter.parse(self.text)

    @property
    def error(self) -> str:
        """A sentence on what is wrong with the value, or empty."""
        try:
            self.parse()
        except SettingError as error:
            return str(error)
        return ""

    def mark(self, *, locked: bool) -> None:
        """Lock or unlock the field and say in a word how it stands."""
        self.input.disabled = locked
        wrong = bool(self.error)
        self.input.set_class(wrong, "-wrong")
        word = "locked" if locked else "wrong" if wrong else ""
        self._note.update(Content.styled(word, "$text-error" if wrong else "$text-muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what was typed."""
        self.text = event.input.value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter leaves the field."""
        event.stop()
        self.post_message(self.Left(self, entered=True))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """So does moving on."""
        self.post_message(self.Left(self, entered=False))


class HyperparameterForm(Widget):
    """All settings of a recipe; wrong ones are named in a sentence below.

    While a training is under way, only settings that can change meanwhile stay open.
    """

    DEFAULT_CSS = """
    HyperparameterForm {
        layout: vertical;
        height: auto;
        width: 1fr;
        .settings { layout: grid; grid-size: 2; grid-rows: 1; grid-gutter: 0 1; height: auto; }
        .setting { height: 1; }
        .setting-label { width: 14; }
        .setting-note { width: 1fr; margin: 0 0 0 1; }
        .setting Input { width: 11; }
        .setting Input:focus { background: $primary-muted; text-style: bold; }
        .setting Input.-wrong { color: $text-error; text-style: underline; }
        #setting-message { height: auto; min-height: 1; max-height: 2; color: $text-muted; }
        #setting-message.-wrong { color: $text-error; }
    }
    """

    class Changed(Message):
        """A field was edited."""

    class LiveChanged(Message):
        """A setting that can change while training runs was given a new usable value."""

        def __init__(self, name: str, value: Setting) -> None:
            super().__init__()
            self.name = name
            self.value = value

    def __init__(
        self,
        recipe: Recipe,
        options: Mapping[str, str] | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """`options` stand in the fields instead of the defaults; unknown names are refused.

        Raises SettingError where the recipe has no such setting.
        """
        super().__init__(id=id)
        texts = {p.name: str(p.default) for p in recipe.hyperparameters}
        for name, text in (options or {}).items():
            texts[recipe.hyperparameter(name.replace("-", "_")).name] = text
        self._fields = {p.name: SettingField(p, texts[p.name]) for p in recipe.hyperparameters}
        self._message = Static("", id="setting-message", markup=False)
        self._locked = False
        self._in_force: dict[str, Setting] = {}

    def compose(self) -> ComposeResult:
        """The fields, and below them a row for sentences."""
        with Container(classes="settings"):
            yield from self._fields.values()
        yield self._message

    def on_mount(self) -> None:
        """Say at once where an option cannot be used."""
        self._tell()

    @property
    def message(self) -> str:
        """The sentence below the fields."""
        return self._sentence()[0]

    @property
    def is_valid(self) -> bool:
        """Whether every field holds a usable value."""
        return not any(field.error for field in self._fields.values())

    def values(self) -> dict[str, Setting]:
        """All settings; raises SettingError with the first sentence where one cannot be used."""
        return {name: field.parse() for name, field in self._fields.items()}

    def show_settings(self, settings: Mapping[str, Setting]) -> None:
        """Put the settings in force into the fields, the one that is being edited left out."""
        for name, value in settings.items():
            field = self._fields.get(name)
            if field is None or self._in_force.get(name) == value:
                continue
            self._in_force[name] = value
            if not field.input.has_focus:
                field.set_text(str(value))
        self._tell()

    def set_locked(self, locked: bool) -> None:
        """Close the settings that a running training cannot take up, or open them again."""
        if locked != self._locked:
            self._locked = locked
            if not locked:
                self._in_force.clear()
            self._tell()

    def move_learning_rate(self, direction: int) -> None:
        """Set the learning rate to the next round value above (1) or below (−1)."""
        field = self._fields.get(LEARNING_RATE)
        if field is None or field.error:
            return
        value = float(field.parse())
        moved = ladder(value, direction)
        moved = min(max(moved, field.parameter.minimum), field.parameter.maximum)
        field.set_text(str(moved))
        self._apply(field)

    def focus_first(self) -> None:
        """Put the cursor into the first field that is open."""
        for field in self._fields.values():
            if not field.input.disabled:
                field.input.focus()
                return

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check what was typed."""
        event.stop()
        self._tell()
        self.post_message(self.Changed())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field is for."""
        self._tell()

    def on_setting_field_left(self, event: SettingField.Left) -> None:
        """Put a changed live setting in force."""
        event.stop()
        self._apply(event.field)
        self._tell()
        if event.entered and not event.field.error:
            self.screen.set_focus(None)

    def _apply(self, field: SettingField) -> None:
        """Announce the new value of a live setting."""
        parameter = field.parameter
        if not self._locked or not parameter.live or field.error:
            return
        value = field.parse()
        if self._in_force.get(parameter.name) != value:
            self._in_force[parameter.name] = value
            self.post_message(self.LiveChanged(parameter.name, value))

    def _tell(self) -> None:
        for field in self._fields.values():
            field.mark(locked=self._locked and not field.parameter.live)
        text, wrong = self._sentence()
        self._message.update(text)
        self._message.set_class(wrong, "-wrong")

    def _sentence(self) -> tuple[str, bool]:
        """What stands below the fields, and whether it names a mistake."""
        for field in self._fields.values():
            if field.error:
                return field.error, True
        for field in self._fields.values():
            if field.input.has_focus:
                parameter = field.parameter
                return f"{parameter.help} {parameter.bounds()} escape: leave".strip(), False
        if self._locked:
            return self._lock_sentence(), False
        return "tab: change a setting", False

    def _lock_sentence(self) -> str:
        locked = list(self._labels(live=False))
        live = list(self._labels(live=True))
        if not locked:
            return ""
        verb = "is" if len(locked) == 1 else "are"
        sentence = f"{_listed(locked)} {verb} locked while training"
        return f"{sentence} · tab: {_listed(live)}" if live else sentence

    def _labels(self, *, live: bool) -> Iterator[str]:
        for field in self._fields.values():
            if field.parameter.live is live:
                yield field.parameter.label


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
