"""The stepper lab on a bench, and what it says."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from engine.gradients import manual_gradients
from engine.worked_example import Problem
from tests.screens.lab_bench import Keys
from tui.labs.stepper import StepperLab
from tui.labs.stepper_gradients import Autograd
from tui.page.lines import line_text
from tui.themes import ThemedApp
from tui.widgets.network_view import NetworkView
from tui.widgets.operation_view import OperationView

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class Bench(ThemedApp[None]):
    """A step of a lesson with nothing but the lab."""

    CSS = """
    #page { padding: 0 2; scrollbar-size-vertical: 1; }
    #page > * { margin: 1 0 0 0; }
    """

    def __init__(
        self,
        options: dict[str, str] | None = None,
        autograd: Autograd = manual_gradients,
        theme: str = "dltutor-dark",
    ) -> None:
        super().__init__()
        self.lab = StepperLab(options, autograd)
        self.wanted_theme = theme

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield Static("Step through it.")
            yield self.lab
        yield Keys(show_command_palette=False)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.lab.focus()


def drawn_network(lab: StepperLab) -> str:
    view = lab.query_one(NetworkView)
    return "\n".join(line_text(line) for line in view.lines(view.size.width))


def operation_text(lab: StepperLab) -> str:
    return "\n".join(line_text(line) for line in lab.query_one(OperationView).lines(74))


def note_text(lab: StepperLab) -> str:
    line = lab.query_one("#note", Static)
    return str(line.content) if line.display else ""


def card_title(lab: StepperLab) -> str:
    return str(lab.query_one("#stepper-card").border_title)


def exact_problem() -> Problem:
    """Every number of its round is exact in float64, so no processor rounds it otherwise."""
    return Problem(
        layers=(2, 2, 2),
        activations=("identity", "identity"),
        x=(0.5, 0.25),
        target=(0.5, 1.0),
        W=(((0.5, 1.0), (-0.5, 0.25)), ((1.0, 0.5), (-1.0, 0.25))),
        b=((0.25, 0.5), (0.125, -0.25)),
    )
