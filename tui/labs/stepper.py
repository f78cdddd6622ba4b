"""Lab: the worked network; back-propagation one operation at a time, forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from engine.activations import activation
from engine.errors import UserError
from engine.gradients import autograd_gradients
from engine.language import _
from engine.naming import number_text
from engine.network import BiasMode
from engine.trace import Phase
from tui.background import after_refresh
from tui.key_names import key_named
from tui.labs.base import Lab, following
from tui.labs.registry import LabEntry
from tui.labs.stepper_css import CSS
from tui.labs.stepper_gradients import Autograd, ThreeWays
from tui.labs.stepper_keys import BINDINGS
from tui.labs.stepping import Stepping, begin, from_options, read_layers, small_problem
from tui.page.lines import cut
from tui.themes import styled_once
from tui.widgets.chart import Chart, Series
from tui.widgets.coded import coded
from tui.widgets.gradient_table import GradientTable
from tui.widgets.network_view import NetworkView
from tui.widgets.operation_view import OperationList, OperationView
from tui.widgets.value_editor import LineInput, ValueEditor, ValueGrid

PANES = {
    "network": _("network"),
    "gradients": _("gradients"),
    "operations": _("operations"),
    "loss": _("loss"),
}
"""The title of each pane."""
MANY = 100
"""Rounds that the key for many rounds makes."""
WIDE = (108, 22)
"""Width and height from which network, card and gradients are shown side by side."""
VERY_WIDE = 150
"""Width from which the gradients are shown with their deviations."""
TALL, HIGH, LARGE = 28, 38, 46
"""Height from which formulas take several rows, from which the loss is always shown, and from which
the card has air and says where the result goes."""
_NOTE_ROWS = 6
"""Heading and notes of the gradients."""
_BIASES = {
    BiasMode.FROZEN: _("biases frozen"),
    BiasMode.PER_UNIT: _("a bias per unit"),
    BiasMode.SHARED: _("a bias per layer"),
}


class StepperLab(Lab):
    """Steps through a small network forward and backward, with its gradients in three ways."""

    KEEPS = ("stepping",)
    BINDINGS = BINDINGS

    DEFAULT_CSS = CSS

    def __init__(
        self, options: Mapping[str, str] | None = None, autograd: Autograd = autograd_gradients
    ) -> None:
        """`autograd` computes torch's gradients, on its own thread."""
        super().__init__(options)
        self.add_class("-network")
        try:
            self.stepping: Stepping = from_options(options or {})
        except UserError as error:
            self.stepping = from_options({})
            self.trouble = str(error)
        self._gradients = ThreeWays(self, autograd, self._show_gradients)

    def compose(self) -> ComposeResult:
        """Network and card, the other panes, the note and the input line."""
        with Horizontal(id="stepper-panes"):
            with Vertical(id="stepper-left"):
                yield NetworkView("stepper-network stepper-pane")
                yield VerticalScroll(OperationView(), id="stepper-card", can_focus=False)
            with Vertical(id="stepper-right"):
                yield GradientTable(id="stepper-gradients", classes="stepper-pane")
                yield OperationList(id="stepper-operations", classes="stepper-pane")
                yield Chart(
                    _("Loss E, round by round"),
                    _("round"),
                    "",
                    id="stepper-loss",
                    classes="stepper-pane",
                )
        yield ValueEditor(id="stepper-values")
        yield Static(id="note", markup=False)
        yield LineInput(id="stepper-layers", compact=True, select_on_focus=True)

    def on_resize(self) -> None:
        """Show the panes side by side where there is room."""
        width, height = self.size
        self.set_class(width >= WIDE[0] and height >= WIDE[1], "-wide")
        self.set_class(width >= VERY_WIDE, "-very-wide")
        self.set_class(height >= HIGH, "-high")
        self._fit_gradients()
        self.set_class(width >= VERY_WIDE and height >= LARGE, "-large")
        operation = self.query_one(OperationView)
        room = height >= TALL, self.has_class("-large")
        if (operation.is_tall, operation.is_large) != room:
            operation.is_tall, operation.is_large = room
            operation.relay()
        self._show_titles()
        after_refresh(self, self._scroll)
        self.refresh_bindings()

    # What is shown

    @property
    def pane(self) -> str:
        """The pane that is open where they are not side by side."""
        return next(name for name in PANES if self.has_class(f"-{name}"))

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence below the panes; without one, show the trouble once, then nothing."""
        said, self.trouble = text or self.trouble, ""
        self.put("note", coded(said))
        self.query_one("#note").set_class(bool(said), "-open")

    def go(self, step: Callable[[], Stepping]) -> bool:
        """Take a step and show the result; if it fails, say why and stay. Whether it succeeded."""
        try:
            self.stepping = step()
        except UserError as error:
            self.say(str(error))
            return False
        self.say("")
        self.show()
        return True

    def show(self) -> None:
        stepping = self.stepping
        trace, position = stepping.trace, stepping.position
        with self.app.batch_update():
            self._show_titles()
            self.query_one(NetworkView).show(trace, position)
            self.query_one(OperationView).show(stepping.problem, trace, position)
            card = self.query_one("#stepper-card")
            card.border_title = self.query_one(OperationView).title
            phase = stepping.operation.phase
            card.set_class(phase in (Phase.FORWARD, Phase.LOSS), "-forward")
            card.set_class(phase is Phase.BACKWARD, "-backward")
            self.query_one(OperationList).show(trace, position)
            xs = tuple(float(number) for number in range(len(stepping.losses)))
            curve = Series(
                "E", xs, stepping.losses, marker="" if len(xs) > 1 else "•", line=len(xs) > 1
            )
            self.query_one(Chart).set_series([curve])
            self._show_gradients()
            if self.has_class("-editing"):
                self.query_one(ValueEditor).grid.show(trace.givens)
        after_refresh(self, self._scroll)
        self.refresh_bindings()

    def _pane_keys(self) -> list[str]:
        """The keys of the panes, as they are called, in the order of the panes."""
        return [key_named(f"stepper.{name}", f"{at}") for at, name in enumerate(PANES, start=1)]

    def _show_titles(self) -> None:
        """The state in the upper border; the panes, or how to begin, in the lower one."""
        self.border_title = cut(self.status, max(10, self.size.width - 4))
        if not self.has_focus_within:
            self.border_subtitle = self.tabbed(_("tab focuses the lab"))
        elif self.has_class("-wide") or self.has_class("-editing"):
            self.border_subtitle = self.screen_hint
        else:
            self.border_subtitle = " ".join(
                f"\\[{key} {title}]" if name == self.pane else f" {key} {title} "
                for key, (name, title) in zip(self._pane_keys(), PANES.items(), strict=True)
            )
            if self.is_maximized:
                self.border_subtitle += f"   {self.screen_hint} "

    @property
    def status(self) -> str:
        """Round, loss and settings in one line."""
        problem, stepping = self.stepping.problem, self.stepping
        titles = list(dict.fromkeys(activation(name).title for name in problem.activations))
        return " · ".join(
            [
                _("round {number}").format(number=stepping.round),
                f"E {number_text(stepping.losses[-1])}",
                f"{'-'.join(map(str, problem.layers))} {'/'.join(titles)}",
                _BIASES[problem.bias_mode],
                f"η {number_text(problem.lr)}",
            ]
        )

    def _show_gradients(self) -> None:
        self.query_one(GradientTable).show(self._gradients.state(self.stepping))
        self._fit_gradients()

    def _fit_gradients(self) -> None:
        """Beside other panes, the table takes the rows that it needs, up to half of them."""
        table = self.query_one(GradientTable)
        if self.has_class("-wide"):
            needed = len(table.state.rows) + _NOTE_ROWS
            table.styles.height = min(needed, max(18, self.size.height // 2))
        else:
            table.styles.height = "1fr"

    def _scroll(self) -> None:
        """Show what the current operation is about from its first line on."""
        self.query_one("#stepper-card", VerticalScroll).scroll_home(animate=False)

    def keys_moved(self) -> None:
        """Say how to focus the lab or name its panes; a sentence below the panes stays."""
        self._show_titles()

    # Steps

    def action_forward(self) -> None:
        """Go to the next operation."""
        self.go(self.stepping.forward)

    def action_back(self) -> None:
        """Go to the previous operation."""
        self.go(self.stepping.back)

    def refused(self, action: str) -> None:
        """At the ends, say where one is and how to go on."""
        if action in ("forward", "next_phase", "end"):
            self.say(
                _(
                    "This was the last operation. ⟨u|stepper.update⟩ makes the "
                    "update and starts the next round."
                )
            )
        elif action in ("back", "previous_phase", "home", "restart"):
            self.say(_("This is the first operation of round 0."))

    def action_next_phase(self) -> None:
        """Go to the next phase."""
        self.go(self.stepping.next_phase)

    def action_previous_phase(self) -> None:
        """Go to the previous phase."""
        self.go(self.stepping.previous_phase)

    def action_end(self) -> None:
        """Go to the last operation."""
        self.go(lambda: self.stepping.at(self.stepping.last_position))

    def action_home(self) -> None:
        """Go to the first operation."""
        self.go(lambda: self.stepping.at(0))

    def action_update(self, times: int = 1) -> None:
        """Make the update and start the next round."""
        self.go(lambda: self.stepping.updated(times))

    def action_restart(self) -> None:
        """Go back to round 0."""
        self.go(self.stepping.start_again)

    def action_restore(self) -> None:
        """Restore the lab as it was opened."""
        self.go(self.stepping.restored)

    def action_bias(self) -> None:
        """Choose the next bias mode."""
        self.go(self.stepping.with_next_bias_mode)

    def action_activation(self) -> None:
        """Choose the next activation function."""
        self.go(self.stepping.with_next_activation)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key has anything to do now."""
        stepping = self.stepping
        if self.has_class("-editing") and action in ("forward", "back", "pane", "next_pane"):
            return False  # the arrows select a value
        if action in ("forward", "next_phase", "end"):
            return None if stepping.position == stepping.last_position else True
        if action in ("back", "previous_phase"):
            return True if stepping.can_go_back else None
        if action == "home":
            return True if stepping.position else None
        if action == "restart":
            return True if stepping.can_go_back else None
        if action == "restore":
            return None if stepping == begin(stepping.original) else True
        return True

    # Panes

    def action_pane(self, name: str) -> None:
        """Open a pane."""
        with styled_once(self):
            for pane in PANES:
                self.set_class(pane == name, f"-{pane}")
        self.show()

    def action_next_pane(self) -> None:
        """Open the next pane."""
        self.action_pane(following(self.pane, PANES))

    # Editing

    def action_edit(self) -> None:
        """Open the editor, or close it."""
        if self.has_class("-editing"):
            self._close_editor()
            return
        self.say("")
        self.add_class("-editing")
        self.query_one(ValueEditor).open(self.stepping.trace.givens)
        self._show_titles()
        self.refresh_bindings()

    def on_value_grid_closed(self, message: ValueGrid.Closed) -> None:
        """Back to the panes."""
        message.stop()
        self._close_editor()

    def _close_editor(self) -> None:
        self.remove_class("-editing")
        self.focus()
        self._show_titles()
        self.show()

    def on_value_editor_changed(self, message: ValueEditor.Changed) -> None:
        """Compute with the new number; where it cannot be used, the old one stays."""
        message.stop()
        editor = self.query_one(ValueEditor)
        try:
            problem = self.stepping.problem.with_value(message.symbol, message.value)
            self.stepping = self.stepping.with_problem(problem)
        except UserError as error:
            editor.refuse(str(error))
            return
        self.show()
        editor.accept(self.stepping.trace.givens)

    def action_layers(self) -> None:
        """Ask for other layers."""
        field = self.query_one("#stepper-layers", LineInput)
        field.value = ",".join(map(str, self.stepping.problem.layers))
        field.add_class("-open")
        field.focus()
        self.say(
            _(
                "Units per layer, inputs first, as in 2,3,2; activation functions may "
                "follow, as in 2,3,2 tanh sigmoid. enter sets them, ⟨escape|values.cancel⟩ "
                "keeps the old ones."
            )
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Build the other network."""
        event.stop()
        problem = self.stepping.problem

        def other() -> Stepping:
            layers, names = read_layers(event.value)
            kept = tuple(dict.fromkeys(problem.activations))
            names = names or (kept if len(kept) == 1 else kept[:1])
            return self.stepping.with_problem(small_problem(layers, names, problem.bias_mode)).at(0)

        if self.go(other):
            self._close_layers()

    def on_line_input_cancelled(self, message: LineInput.Cancelled) -> None:
        """Keep the layers."""
        message.stop()
        self.say("")
        self._close_layers()

    def _close_layers(self) -> None:
        self.query_one("#stepper-layers", LineInput).remove_class("-open")
        self.focus()


LAB = LabEntry(
    StepperLab,
    options={
        "phase": "the phase to start with: forward, loss, backward or update",
        "layers": "units per layer, such as 2,3,2",
        "activation": "one activation function, or one per layer, separated by commas",
        "bias": "frozen, per-unit or shared",
    },
)
