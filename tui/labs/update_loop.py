"""Lab: the worked network trained for 10 000 updates, rightly and with a slip, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.network import BiasMode
from engine.slips import Slip, right_round, slip_round
from engine.worked_example import Problem, worked_example
from tui.background import in_background
from tui.labs.base import Lab, following, sentence
from tui.labs.registry import LabEntry
from tui.widgets.chart import Chart, Series
from tui.widgets.numbers import thousands

UPDATES = 10_000
RATES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
CHUNK = 500
"""Updates between two looks at the screen."""
_MODES = {
    BiasMode.FROZEN: "biases frozen",
    BiasMode.PER_UNIT: "a bias per unit",
    BiasMode.SHARED: "a bias per layer",
}


@dataclass(frozen=True, slots=True)
class Race:
    """Both trainings of the worked network, after the same number of updates."""

    right: Problem
    slip: Problem
    right_losses: tuple[float, ...]
    """E after 0, 1, 2 … updates; the last one belongs to `right` as it stands."""
    slip_losses: tuple[float, ...]

    @property
    def done(self) -> int:
        """How many updates each of them has made."""
        return len(self.right_losses) - 1

    @property
    def is_finished(self) -> bool:
        """Whether all updates are made."""
        return self.done >= UPDATES

    def advanced(self, updates: int) -> Race:
        """The race after so many more updates, never more than `UPDATES` in all.

        Raises UserError where a weight grows out of float64.
        """
        right, slip = self.right, self.slip
        right_losses, slip_losses = list(self.right_losses), list(self.slip_losses)
        for _ in range(min(updates, UPDATES - self.done)):
            one, other = right_round(right), slip_round(slip, Slip.UPDATED_WEIGHTS_FIRST)
            right, slip = right.with_network(one.updated), slip.with_network(other.updated)
            right_losses.append(one.loss_after)
            slip_losses.append(other.loss_after)
        return Race(right, slip, tuple(right_losses), tuple(slip_losses))


def start(mode: BiasMode, rate: float) -> Race:
    """Both at the given numbers of the worked example."""
    problem = replace(worked_example(mode), lr=rate)
    loss = right_round(problem).loss
    return Race(problem, problem, (loss,), (loss,))


class UpdateLoopLab(Lab):
    """Trains the worked network twice at the same time and draws both losses."""

    PAUSE: ClassVar[float] = 0.25
    """Seconds between two looks, so that a slow line can follow."""

    BINDINGS = [
        Binding("s", "start", "Start/pause", id="loop.start",
                tooltip="Start the updates, or pause them"),
        Binding("n", "one", "One update", id="loop.one", tooltip="Make one update"),
        Binding("b", "bias", "Biases", id="loop.bias",
                tooltip="Freeze the biases, one per unit, or one per layer; starts again"),
        Binding("plus,equals_sign", "rate(1)", "η up", id="loop.faster", key_display="+",
                tooltip="A larger learning rate; starts again"),
        Binding("minus", "rate(-1)", "η down", id="loop.slower", key_display="-",
                tooltip="A smaller learning rate; starts again"),
        Binding("d", "view", "Difference", id="loop.view",
                tooltip="Draw the losses, or how far they are apart"),
        Binding("r", "reset", "Reset", id="loop.reset", tooltip="Back to the first weights"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    UpdateLoopLab {
        height: 75vh;
        min-height: 18;
        max-height: 32;
    }
    UpdateLoopLab > Chart { height: 1fr; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        name = options.get("bias", BiasMode.FROZEN.value)
        known = [mode.value for mode in BiasMode]
        self.trouble = "" if name in known else f"Biases cannot be {name!r}: {', '.join(known)}."
        self.mode = BiasMode(name) if name in known else BiasMode.FROZEN
        self.rate = worked_example().lr
        self.race = start(self.mode, self.rate)
        self.running = False
        self.shows_difference = False
        self._asked: Race | None = None

    def compose(self) -> ComposeResult:
        """The state, both results, the chart, what can be done."""
        yield Static(id="state", markup=False)
        yield Static(id="results")
        yield Chart("loss E", "update", "E", id="curves")
        yield Static(id="note", markup=False)

    # What the keys do

    def action_start(self) -> None:
        """Start or pause."""
        if self.race.is_finished:
            self.say(f"All {thousands(UPDATES)} updates are made. r goes back to the start.")
            return
        self.running = not self.running
        self.say("")
        self.show()
        self._advance()

    def action_one(self) -> None:
        """One update, while paused."""
        if self.running:
            self.say("The updates are running. s pauses them.")
        elif self.race.is_finished:
            self.say(f"All {thousands(UPDATES)} updates are made. r goes back to the start.")
        else:
            self._take(self.race.advanced(1))

    def action_bias(self) -> None:
        """The next way to treat the biases."""
        self.mode = following(self.mode, BiasMode)
        self.action_reset()

    def action_rate(self, direction: int) -> None:
        """The next learning rate."""
        place = RATES.index(self.rate) + direction
        if not 0 <= place < len(RATES):
            self.say(f"The lab goes from η = {RATES[0]:g} to η = {RATES[-1]:g}.")
            return
        self.rate = RATES[place]
        self.action_reset()

    def action_view(self) -> None:
        """The losses, or their difference."""
        self.shows_difference = not self.shows_difference
        self.show()

    def action_reset(self) -> None:
        """Back to the first weights."""
        self.running, self._asked = False, None
        self.say("")
        self._take(start(self.mode, self.rate))

    # The updates, on a thread

    def _advance(self) -> None:
        """Ask for the next updates, unless they are under way."""
        if not self.running or self._asked is not None:
            return
        asked = self._asked = self.race
        in_background(
            self,
            lambda: asked.advanced(CHUNK),
            lambda race: self._advanced(asked, race),
            lambda error: self._failed(asked, error),
        )

    def _advanced(self, asked: Race, race: Race) -> None:
        if asked is not self._asked:
            return  # it was reset meanwhile
        self._asked = None
        if race.is_finished:
            self.running = False
        self._take(race)
        if self.running:
            self.set_timer(self.PAUSE, self._advance)
        elif race.is_finished:
            self.say(f"All {thousands(UPDATES)} updates are made. d shows the difference.")

    def _failed(self, asked: Race, error: Exception) -> None:
        if asked is not self._asked:
            return
        self.running, self._asked = False, None
        self.show()
        self.say(sentence(error, "The updates failed"))

    # What is shown

    def _take(self, race: Race) -> None:
        self.race, self.trouble = race, ""
        self.show()

    def hint(self) -> str:
        """What can be done now."""
        if not self.has_keys:
            return "Press tab, then s starts the updates."
        if self.running:
            return "s pauses · d difference · r reset"
        return "s starts · n one update · b biases · + - learning rate · d difference"

    def show(self) -> None:
        race = self.race
        state = "running" if self.running else "finished" if race.is_finished else "paused"
        self.put(
            "state",
            f"{_MODES[self.mode]} · η {self.rate:g} · "
            f"update {thousands(race.done)} of {thousands(UPDATES)} · {state}",
        )
        self.put("results", self._results())
        self._draw()

    def _results(self) -> Content:
        """Loss and outputs of both."""
        race = self.race
        rows = [f"{'':<23}{'E':>14}{'o1':>14}{'o2':>14}"]
        numbers = []
        for problem, losses in ((race.right, race.right_losses), (race.slip, race.slip_losses)):
            outputs = problem.network().forward(problem.x).output
            numbers.append((losses[-1], *(float(value) for value in outputs)))
        apart = tuple(b - a for a, b in zip(*numbers, strict=True))
        for title, (loss, *outs) in zip(
            ("━ all from old weights", "▪ new weights first", "  difference"),
            (*numbers, apart),
            strict=True,
        ):
            sign = "+" if title.endswith("difference") else ""
            cells = "".join(f"{value:{sign}.9f}".rjust(14) for value in outs)
            rows.append(f"{title:<23}" + f"{loss:{sign}.6e}".rjust(14) + cells)
        first, second, third, fourth = rows
        return Content.assemble(
            (first + "\n", "$text-muted"),
            (second + "\n", "$text-primary"),
            (third + "\n", "$text-warning"),
            fourth,
        )

    def _draw(self) -> None:
        race = self.race
        chart = self.query_one(Chart)
        xs = tuple(float(update) for update in range(race.done + 1))
        pairs = zip(race.right_losses, race.slip_losses, strict=True)
        if self.shows_difference:
            chart.set_title("distance of the losses, logarithmic")
            apart = tuple(abs(slip - right) for right, slip in pairs)
            series = [Series("|difference|", xs, apart, "error", "", line=True)]
        else:
            chart.set_title("loss E, logarithmic")
            series = [
                # The curves nearly agree: the marks of one stand on the line of the other.
                Series("new weights first", xs, race.slip_losses, "warning", "▪", line=True),
                Series("old weights", xs, race.right_losses, "primary", "", line=True),
            ]
        chart.set_series(series, log=True)


LAB = LabEntry(UpdateLoopLab, options={"bias": "to begin with: frozen, per-unit or shared"})
