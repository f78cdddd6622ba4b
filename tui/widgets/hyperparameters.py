"""The settings of a recipe as input fields, each with its bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from engine.language import _
from engine.training.hyperparameters import Hyperparameter, SettingKind
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tui.background import after_refresh
from tui.key_names import keyed
from tui.themes import styled_once
from tui.widgets.choice_input import ChoiceInput
from tui.widgets.clickable import KeyLine, key_at, lit
from tui.widgets.setting_field import SettingField

LEARNING_RATE = "lr"
DEVICE = Hyperparameter(
    "device", _("device"), SettingKind.CHOICE, "auto", choices=("auto", "cpu"),
    help=_("Where to compute; auto picks the fastest available device."),
)  # fmt: skip
"""Not a setting of the recipe: the same training runs on any device."""
_FEW = 3
"""Up to this many locked settings are named one by one."""


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


class HyperparameterForm(Widget):
    """All settings of a recipe; a sentence below them explains an invalid value.

    While a training is running, only the settings that can change during training stay editable.
    """

    DEFAULT_CSS = """
    HyperparameterForm {
        layout: vertical;
        height: auto;
        width: 1fr;
        border: round $rule;
        border-title-color: $foreground-muted;
        border-subtitle-color: $foreground-muted;
        padding: 0 1;
        &:focus-within { border: round $primary; border-title-color: $primary; }
        .settings { layout: grid; grid-size: 3; grid-rows: 1; grid-gutter: 0 1; height: auto; }
        .setting { height: 1; }
        .setting.-long { column-span: 2; }
        .setting-label {
            width: 15;
            color: $foreground-muted;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        .setting Input, .setting ChoiceInput { width: 1fr; background: $panel; padding: 0 1; }
        .setting Input:disabled, .setting ChoiceInput:disabled {
            background: $background;
            color: $foreground-muted;
            opacity: 1;  /* Textual pales what is disabled, which is quiet already */
        }
        .setting Input:focus, .setting ChoiceInput:focus {
            background: $primary-muted;
            text-style: bold;
        }
        .setting .-wrong { color: $text-error; text-style: underline; }
        #setting-message { height: auto; max-height: 2; color: $text-muted; }
        #setting-message.-wrong { color: $text-error; }
        #setting-message.-silent { display: none; }
        #in-short { height: 1; width: 1fr; color: $foreground-muted; display: none; }
    }
    """

    class Changed(Message):
        """A field was edited."""

    class LiveChanged(Message):
        """A setting that can change during training was given a new valid value."""

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
        """`options` replace the defaults in the fields.

        Raises SettingError if the recipe has no setting of that name.
        """
        super().__init__(id=id)
        texts = {p.name: str(p.default) for p in recipe.hyperparameters}
        for name, text in (options or {}).items():
            texts[recipe.hyperparameter(name.replace("-", "_")).name] = text
        self._fields = {p.name: SettingField(p, texts[p.name]) for p in recipe.hyperparameters}
        self._device = SettingField(DEVICE, str(DEVICE.default))
        self._message = KeyLine(id="setting-message")
        self._in_short = _InShort(self)
        self.border_title = _("settings")
        self._hint = self._on_border = ""
        self._locked = False
        self._begun = False
        self._in_force: dict[str, Setting] = {}

    def compose(self) -> ComposeResult:
        """The fields, and a message row below them."""
        with Container(classes="settings"):
            yield from self._all()
        yield self._in_short
        yield self._message

    def on_mount(self) -> None:
        """Report invalid options at once."""
        self._tell()

    @property
    def message(self) -> str:
        """The sentence below the fields."""
        return keyed(self._sentence()[0])

    @property
    def is_valid(self) -> bool:
        """Whether every field holds a valid value."""
        return not any(field.error for field in self._all())

    @property
    def device(self) -> str:
        """The selected device; `auto` stands for the fastest."""
        return self._device.text

    def set_hint(self, hint: str) -> None:
        """Say `hint`, with marks for keys, below the fields too, while they can be edited and none
        has the focus.
        """
        if hint != self._hint:
            self._hint = hint
            self._tell()

    def set_devices(self, names: Sequence[str]) -> None:
        """Offer the devices of this machine in addition to `auto`."""
        self._device.set_choices(("auto", *names))
        self._tell()

    def _all(self) -> Iterator[SettingField]:
        yield from self._fields.values()
        yield self._device

    def values(self) -> dict[str, Setting]:
        """All settings; raises SettingError with the first message if one is invalid."""
        return {name: field.parse() for name, field in self._fields.items()}

    def show_settings(self, settings: Mapping[str, Setting]) -> None:
        """Show the current settings in all fields but the one that is being edited."""
        for name, value in settings.items():
            field = self._fields.get(name)
            if field is None or self._in_force.get(name) == value:
                continue
            self._in_force[name] = value
            if not field.input.has_focus:
                field.set_text(str(value))
        self._tell()

    def set_locked(self, locked: bool) -> None:
        """Lock the settings that cannot change during training, or unlock them."""
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
        moved = ladder(float(field.parse()), direction)
        self.set_learning_rate(min(max(moved, field.parameter.minimum), field.parameter.maximum))

    def set_learning_rate(self, value: float) -> None:
        """Put `value` into the field of the learning rate, and use it in a running training."""
        field = self._fields.get(LEARNING_RATE)
        if field is not None:
            field.set_text(str(value))
            self._apply(field)

    def focus_first(self) -> None:
        """Focus the first field that is not locked."""
        for field in self._all():
            if not field.input.disabled:
                field.input.focus()
                return

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check the new value."""
        event.stop()
        self._check()

    def on_choice_input_changed(self, event: ChoiceInput.Changed) -> None:
        """Check the new choice."""
        event.stop()
        self._check()

    def _check(self) -> None:
        self._tell()
        self.post_message(self.Changed())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the focused field."""
        self._tell()

    def on_setting_field_left(self, event: SettingField.Left) -> None:
        """Apply a changed live setting."""
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
        with styled_once(self):
            self._show_state()

    def _show_state(self) -> None:
        for field in self._all():
            field.mark(locked=self._locked and not field.parameter.live)
            field.set_class(field.parameter.name == self._kept, "-kept")
        text, wrong = self._sentence()
        # What one may do stands on the border, if there is room; what is to be read, inside.
        told = keyed(text)
        on_border = not (wrong or self._focused) and cell_len(told) + 6 <= self.outer_size.width
        self._message.tell("", keys="" if on_border else text)
        self._message.set_class(on_border or not text, "-silent")
        self._message.set_class(wrong, "-wrong")
        subtitle = text if on_border else ""
        if self._on_border != subtitle:
            self._on_border = subtitle
            self.border_subtitle = lit(subtitle)
        busy = self._focused and not self._locked
        self.set_class(self._begun and not busy and not wrong, "-foldable")
        self._in_short.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click on what a key does, in the border, presses the key."""
        begin = self.region.right - 3 - cell_len(keyed(self._on_border))
        if event.screen_y == self.region.bottom - 1 and event.screen_x >= begin:
            key = key_at(self._on_border, event.screen_x - begin)
            if key:
                self.app.simulate_key(key)

    def unfold(self) -> None:
        """Go to the first field that can be changed."""
        free = [field.input for field in self._all() if not field.input.disabled]
        if free:
            free[0].focus()

    @property
    def _kept(self) -> str:
        """The field that stays where the others are folded into a line."""
        return LEARNING_RATE if LEARNING_RATE in self._fields else next(iter(self._fields))

    @property
    def _focused(self) -> bool:
        return any(field.input.has_focus for field in self._all())

    def in_short(self, width: int) -> str:
        """`epochs 10 · batch size 256 · 4 more`, in `width` cells: those folded away."""
        rest = [
            f"{field.parameter.label} {field.text}"
            for field in self._all()
            if field.parameter.name != self._kept
        ]
        for shown in range(len(rest), 0, -1):
            more = _("{count} more").format(count=len(rest) - shown)
            text = " · ".join(rest[:shown] + [more] * (shown < len(rest)))
            if cell_len(text) <= width:
                return text
        return ""

    def set_begun(self, begun: bool) -> None:
        """Whether there is a training to watch; a short screen then folds the fields."""
        if begun != self._begun:
            self._begun = begun
            self._tell()

    def on_resize(self) -> None:
        """The border has room for more words, or for fewer."""
        self._tell()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Fold, unless the focus has only moved to another field."""
        after_refresh(self, self._tell)

    def _sentence(self) -> tuple[str, bool]:
        """The message below the fields, with marks for keys, and whether it reports an error."""
        for field in self._all():
            if field.error:
                return field.error, True
        for field in self._all():
            if field.input.has_focus:
                parameter = field.parameter
                how = _("⟨←|choice.previous⟩ ⟨→|choice.next⟩: choose") if parameter.choices else ""
                words = (
                    parameter.help,
                    parameter.bounds(),
                    how,
                    _("⟨escape|training.leave⟩: leave"),
                )
                return " ".join(word for word in words if word), False
        if self._locked:
            return self._lock_sentence(), False
        parts = (_("tab: change a setting"), self._hint)
        return " · ".join(part for part in parts if part), False

    def _lock_sentence(self) -> str:
        locked = list(self._labels(live=False))
        live = list(self._labels(live=True))
        if not locked:
            return ""
        if len(locked) <= _FEW:
            text = _("locked while training: {locked}")
            if live:
                text = _("locked while training: {locked} · tab: change {live}")
        elif live:
            text = _("locked while training: all except {live} · tab: change {live}")
        else:
            text = _("all settings are locked while training")
        return text.format(locked=", ".join(locked), live=", ".join(live))

    def _labels(self, *, live: bool) -> Iterator[str]:
        for field in self._all():
            if field.parameter.live is live:
                yield field.parameter.label


class _InShort(Widget):
    """The settings that are folded away, as a line."""

    def __init__(self, form: HyperparameterForm) -> None:
        super().__init__(id="in-short")
        self._form = form

    def on_click(self) -> None:
        """Unfold them, if they can be changed."""
        self._form.unfold()

    def render(self) -> str:
        """As many as there is room for."""
        return self._form.in_short(self.content_size.width)
