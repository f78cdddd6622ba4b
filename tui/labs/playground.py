"""Lab: a small network that learns from points, with its surface; a part of the playground."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from engine.language import _
from engine.playground.run import Frame, Run
from engine.playground.runner import Runner
from engine.playground.settings import STARTS, Settings, parse
from tui.background import after_refresh
from tui.labs.base import Lab
from tui.labs.registry import LabEntry
from tui.owner import new_turn
from tui.themes import on_drawn
from tui.widgets.play_actions import PlayActions
from tui.widgets.play_network import PlayNetwork
from tui.widgets.play_surface import PlaySurface

PICTURES = 5.0
"""A second, while it trains."""
NOTCHES = {
    "rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    "l2": (0.0, 0.001, 0.003, 0.01, 0.03, 0.1),
}
"""The values that a key steps through."""
_DEFAULT = Settings()


class LabNetwork(PlayNetwork, can_focus=False):
    """The network; the lab has the keys."""


class LabSurface(PlaySurface, can_focus=False):
    """The surface; points are drawn in the playground itself."""


class PlaygroundLab(PlayActions, Lab):
    """Network and surface side by side; the options are settings of the playground."""

    HOW = _("Press tab, then ⟨space|playground_lab.run⟩ to train.")
    KEYS = _(
        "⟨space|playground_lab.run⟩ run · ⟨←|playground_lab.back⟩ ⟨→|playground_lab.step⟩ step · "
        "⟨e|playground_lab.epoch⟩ epoch · ⟨<|playground_lab.remove_layer⟩ "
        "⟨>|playground_lab.add_layer⟩ layers · ⟨-|playground_lab.remove_unit⟩ "
        "⟨+|playground_lab.add_unit⟩ units · ⟨o|playground_lab.open⟩ more"
    )

    BINDINGS = [
        Binding("space", "run", _("Run"), id="playground_lab.run",
                tooltip=_("Train, or pause")),
        Binding("right", "step(1)", _("Step"), id="playground_lab.step", key_display="→",
                tooltip=_("One step forward")),
        Binding("left", "step(-1)", _("Back"), id="playground_lab.back", key_display="←",
                show=False, tooltip=_("One step back in time")),
        Binding("e", "epoch", _("Epoch"), id="playground_lab.epoch",
                tooltip=_("Train to the end of the epoch")),
        Binding("greater_than_sign", "layers(1)", _("Add layer"), id="playground_lab.add_layer",
                key_display=">", show=False, tooltip=_("One hidden layer more; starts over")),
        Binding("less_than_sign", "layers(-1)", _("Remove layer"), key_display="<",
                id="playground_lab.remove_layer", show=False,
                tooltip=_("One hidden layer less; starts over")),
        Binding("plus,equals_sign", "units(1)", _("Add unit"), id="playground_lab.add_unit",
                key_display="+", show=False,
                tooltip=_("One unit more in the last hidden layer; starts over")),
        Binding("minus", "units(-1)", _("Remove unit"), id="playground_lab.remove_unit",
                key_display="-", show=False,
                tooltip=_("One unit less in the last hidden layer; starts over")),
        Binding("right_square_bracket", "turn('rate', 1)", _("Larger rate"), key_display="]",
                id="playground_lab.faster", show=False,
                tooltip=_("A larger learning rate; starts over")),
        Binding("left_square_bracket", "turn('rate', -1)", _("Smaller rate"), key_display="[",
                id="playground_lab.slower", show=False,
                tooltip=_("A smaller learning rate; starts over")),
        Binding("right_curly_bracket", "turn('l2', 1)", _("More L2"), key_display="}",
                id="playground_lab.more_l2", show=False,
                tooltip=_("A larger penalty for large weights; starts over")),
        Binding("left_curly_bracket", "turn('l2', -1)", _("Less L2"), key_display="{",
                id="playground_lab.less_l2", show=False,
                tooltip=_("A smaller penalty for large weights; starts over")),
        Binding("w", "start", _("First weights"), id="playground_lab.start", show=False,
                tooltip=_("Start over with random, equal or zero first weights")),
        Binding("r", "restart", _("Restart"), id="playground_lab.restart", show=False,
                tooltip=_("Start over with the same settings: the same run")),
        Binding("n", "seed", _("New seed"), id="playground_lab.seed", show=False,
                tooltip=_("Start over with other points and first weights")),
        Binding("o", "open", _("Playground"), id="playground_lab.open",
                tooltip=_("Open these settings in the playground, where everything can be set")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    PlaygroundLab { height: 75vh; min-height: 16; max-height: 32; }
    PlaygroundLab > #pictures { height: 1fr; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        settings = Settings()
        try:
            settings = parse(shlex.join(f"{name}={value}" for name, value in options.items()))
            self.runner = Runner(settings)
        except UserError as error:
            self.trouble = str(error)
            self.runner = Runner(Settings())
        self._shown: Frame | None = None
        self._told: Frame | None = None
        """The moment of the run at which a key was refused."""

    def kept(self) -> dict[str, object]:
        """The run with its way back in time, paused."""
        return {"run": self.runner.run}

    def restore(self, kept: Mapping[str, object]) -> None:
        """Go on with a run that was kept."""
        run = kept["run"]
        assert isinstance(run, Run)
        self.runner.go_on(run)

    def compose(self) -> ComposeResult:
        """The pictures, the numbers, the note."""
        with Horizontal(id="pictures"):
            yield LabNetwork()
            yield LabSurface()
        yield Static(id="numbers")
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Look at the run regularly."""
        self.runner.turn = new_turn(self)
        on_drawn(self, self.runner.go_first)
        if getattr(self.app, "refresh_rate", 4.0) > 0.01:
            self.set_interval(1 / PICTURES, self.look)

    def on_unmount(self) -> None:
        """End the thread of the run."""
        self.runner.close()

    def on_resize(self) -> None:
        """The surface is square, and at most half as wide as the lab."""
        rows = max(1, self.size.height - 2 - ("\n" in self._turned()))
        width = min(2 * rows, self.size.width // 2)
        self.query_one(LabSurface).styles.width = width - width % 2
        after_refresh(self, self.show)

    def look(self) -> None:
        """Show the run where it has moved, and why it does not."""
        if refused := self.runner.take_refusal():
            self.notify(refused, severity="warning", timeout=12, markup=False)
            self.show()
        if self.runner.frame is not self._shown:
            self.show()

    def show(self) -> None:
        self.runner.give_way()
        frame, run = self.runner.frame, self.runner.run
        self._shown = frame
        if self._told not in (None, frame):  # the run has moved: what was said is over
            self._told = None
            self.say("")
        self.query_one(LabNetwork).show_run(run.model, frame.flat)
        self.query_one(LabSurface).show_run(run.model, run.split, frame.flat)
        now = frame.now
        told = _("epoch {epoch} · loss {train:.3f}, in the test {test:.3f}").format(
            epoch=frame.epoch, train=now.train_loss, test=now.test_loss
        )
        if now.train_accuracy is not None and now.test_accuracy is not None:
            told += " · " + _(
                "{train:.0f} %\N{NO-BREAK SPACE}and {test:.0f} %\N{NO-BREAK SPACE}right"
            ).format(train=100 * now.train_accuracy, test=100 * now.test_accuracy)
        sign = "▶" if self.runner.is_going else "■"
        self.put("numbers", Content(f"{sign} {told}{self._turned()}"))

    def _turned(self) -> str:
        """A row with the rate, penalty and start that the lesson or a key has set; else nothing."""
        texts = {
            "rate": _("learning rate {value:g}"),
            "l2": _("L2 penalty {value:g}"),
            "start": _("first weights: {value}"),
        }
        told = [
            text.format(value=getattr(self.settings, name))
            for name, text in texts.items()
            if name in self.options or getattr(self.settings, name) != getattr(_DEFAULT, name)
        ]
        return "\n  " + " · ".join(told) if told else ""

    def tell(self, text: str) -> None:
        self._told = self._shown
        self.say(text)

    def begin(self, settings: Settings) -> None:
        self.runner.restart(settings)
        self.show()

    def action_run(self) -> None:
        """Train, or pause."""
        if self.runner.is_going:
            self.runner.pause()
        else:
            self.runner.start()
        self.show()

    def action_units(self, more: int) -> None:
        """One unit more or less in the last hidden layer."""
        self.change_units(len(self.settings.layers) - 1, more)

    def action_turn(self, name: str, notches: int) -> None:
        """The next value of the rate or the penalty, up or down."""
        now = getattr(self.settings, name)
        further = [one for one in NOTCHES[name] if (one - now) * notches > 1e-9]
        if further:
            value = further[0 if notches > 0 else -1]
            rate = name == "rate"
            settings = self.settings
            self.begin(replace(settings, rate=value) if rate else replace(settings, l2=value))
        elif notches > 0:
            self.tell(_("This is the largest value here. The playground takes others."))
        else:
            self.tell(_("This is the smallest value here. The playground takes others."))

    def action_start(self) -> None:
        """The next kind of first weights."""
        at = STARTS.index(self.settings.start)
        self.begin(replace(self.settings, start=STARTS[(at + 1) % len(STARTS)]))

    def action_open(self) -> None:
        """Open the playground with these settings."""
        self.runner.pause()
        self.show()
        open_playground = getattr(self.app, "open_playground", None)
        if open_playground is not None:
            open_playground(self.settings)


LAB = LabEntry(
    PlaygroundLab,
    options={
        "data": "circle, xor, moons, spirals, blobs, plane or hills",
        "features": "what the network sees, such as x1,x2,sin1",
        "layers": "units of each hidden layer, such as 4,2; 0 is none",
        "activation": "the activation function of the hidden units",
        "optimiser": "sgd, momentum, rmsprop or adam",
        "rate": "the learning rate",
        "l1": "a penalty for the sizes of all weights",
        "l2": "a penalty for the squares of all weights",
        "noise": "how far points are moved, 0 to 1",
        "train": "the share of the points to train on, 0.1 to 0.9",
        "seed": "of the points and the first weights",
        "start": "the first weights: random, equal or zero",
    },
)
