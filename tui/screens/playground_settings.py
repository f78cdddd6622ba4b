"""All settings of the playground in one form."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Grid, Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.language import _
from engine.playground.settings import CSV, OPTIMISERS, OWN, SETS, STARTS, Settings, parse
from tui.widgets.choice_input import ChoiceInput
from tui.widgets.field_label import FieldLabel
from tui.widgets.key_button import KeyButton
from tui.widgets.play_features import FeaturePicker


class SettingsScreen(ModalScreen["Settings | None"]):
    """Returns the settings to begin with, or None."""

    BINDINGS = [
        Binding("escape", "dismiss(None)", _("Close"), id="playground_settings.close",
                tooltip=_("Keep the old settings")),
        Binding("ctrl+s,enter", "accept", _("Begin"), id="playground_settings.accept",
                tooltip=_("Start over with these settings")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    SettingsScreen { align: center middle; }
    SettingsScreen > Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        border: round $primary; background: $surface;
    }
    SettingsScreen Grid {
        grid-size: 2; grid-gutter: 0 3; height: auto; grid-rows: 1; margin-bottom: 1;
    }
    SettingsScreen .setting { height: 1; }
    SettingsScreen .setting Static { width: 15; color: $foreground-muted; }
    SettingsScreen .setting Input { width: 1fr; background: $panel; }
    SettingsScreen .setting Input:focus { background: $primary-muted; }
    SettingsScreen ChoiceInput { background: $panel; }
    SettingsScreen #features-row { height: 1; margin-bottom: 1; }
    SettingsScreen #features-row Static { width: 15; color: $foreground-muted; }
    SettingsScreen #line-row { height: 1; margin-bottom: 1; }
    SettingsScreen #line-row Static { width: 15; color: $foreground-muted; }
    SettingsScreen #line { width: 1fr; background: $panel; }
    SettingsScreen #wrong { height: auto; max-height: 3; color: $text-error; }
    SettingsScreen #answers { height: 1; align-horizontal: right; }
    SettingsScreen Button { margin-left: 2; }
    """

    def __init__(self, settings: Settings, has_file: bool = False) -> None:
        """`has_file` says whether points were read from a file, so that `csv` can be chosen."""
        super().__init__()
        self.settings = settings
        self._sets = tuple(
            name for name in SETS
            if (name != CSV or has_file) and (name != OWN or settings.points)
        )  # fmt: skip
        self._filled = False

    def compose(self) -> ComposeResult:
        """Fields in two columns, the features, the line, the answers."""
        texts = _texts(self.settings)
        fields: list[tuple[str, str, tuple[str, ...]]] = [
            ("data", _("data"), self._sets),
            ("noise", _("noise"), ()),
            ("layers", _("hidden layers"), ()),
            ("train", _("train share"), ()),
            ("activation", _("activation"), (*ACTIVATIONS,)),
            ("batch", _("batch size"), ()),
            ("optimiser", _("optimiser"), OPTIMISERS),
            ("rate", _("learning rate"), ()),
            ("l1", _("L1"), ()),
            ("l2", _("L2"), ()),
            ("seed", _("seed"), ()),
            ("start", _("first weights"), STARTS),
        ]
        tips = {
            "layers": _(
                "Units of each hidden layer, such as 4,2: at most 4 layers of 1 to 8. 0: none"
            ),
            "noise": _("How far points are moved from their rule, 0 to 1"),
            "train": _("The share of the points that is trained on, 0.1 to 0.9"),
            "start": _("Random; the same small number everywhere; or all of them 0"),
            "l1": _("A penalty for the sum of all sizes of weights: many become 0"),
            "l2": _("A penalty for the squares of all weights: none becomes large"),
        }
        with Vertical() as form:
            form.border_title = _("Settings of the playground")
            with Horizontal(id="features-row"):
                yield FieldLabel(_("features"))
                yield FeaturePicker(self.settings.features)
            with Grid():
                for name, label, choices in fields:
                    with Horizontal(classes="setting"):
                        yield FieldLabel(label)
                        if choices:
                            choice = ChoiceInput(choices, id=name, tooltip=tips.get(name))
                            yield choice
                        else:
                            yield Input(texts[name], compact=True, id=name, tooltip=tips.get(name),
                                        select_on_focus=False)  # fmt: skip
            with Horizontal(id="line-row"):
                yield FieldLabel(_("or a line"))
                yield Input(
                    compact=True, id="line", placeholder=_("paste the settings of somebody else")
                )
            yield Static("", id="wrong", markup=False)
            with Horizontal(id="answers"):
                yield KeyButton(
                    _(" Begin (⟨enter|playground_settings.accept⟩) "),
                    name="begin",
                    variant="primary",
                )
                yield KeyButton(_(" Close (⟨esc|playground_settings.close⟩) "), name="close")

    def on_mount(self) -> None:
        """Fill the choices."""
        for name, text in _texts(self.settings).items():
            for field in self.query(f"#{name}").results(ChoiceInput):
                field.value = text
        self.query_one("#data").focus()

    def _read(self) -> Settings:
        """The settings in the form. Raises UserError."""
        line = self.query_one("#line", Input).value.strip()
        if line:
            return parse(line.removeprefix("dltutor playground --settings").strip().strip("\"'"))
        words = [f"features={','.join(self.query_one(FeaturePicker).chosen)}"]
        for field in self.query("Input, ChoiceInput"):
            if field.id != "line" and isinstance(field, (Input, ChoiceInput)):
                words.append(f"{field.id}={''.join(field.value.split())}")
        return parse(" ".join(words), self.settings)

    def action_accept(self) -> None:
        """Begin, or say what is wrong."""
        try:
            self.dismiss(self._read())
        except UserError as error:
            self.query_one("#wrong", Static).update(str(error))

    def on_feature_picker_said(self, message: FeaturePicker.Said) -> None:
        """A message in the corner would wait until the dialog is closed."""
        self.query_one("#wrong", Static).update(message.sentence)

    def on_input_submitted(self) -> None:
        """Enter in a field."""
        self.action_accept()

    def on_choice_input_submitted(self) -> None:
        """Enter in a choice."""
        self.action_accept()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The answers by mouse."""
        event.stop()
        if event.button.id == "begin":
            self.action_accept()
        else:
            self.dismiss(None)


def _texts(settings: Settings) -> dict[str, str]:
    """Each setting as it stands in the line."""
    return dict(word.split("=", 1) for word in settings.line.split())
