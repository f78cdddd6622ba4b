"""Lab: the worked network trained for 10 000 updates, correctly and with a slip, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from engine.language import _
from engine.naming import Shown
from engine.network import BiasMode
from engine.slips import Slip, right_round, slip_round
from engine.worked_example import Problem, worked_example
from tui.background import in_background
from tui.columns import left
from tui.labs.base import Lab, following, sentence
from tui.labs.registry import LabEntry
from tui.widgets.chart import Chart, Series
from tui.widgets.numbers import thousands

UPDATES = 10_000
RATES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
CHUNK = 500
"""Updates between two updates of the screen."""
KEPT = 100
"""Updates between two states that are kept."""
_MODES = {
    BiasMode.FROZEN: _("biases frozen"),
    BiasMode.PER_UNIT: _("a bias per unit"),
    BiasMode.SHARED: _("a bias per layer"),
}


@dataclass(frozen=True, slots=True)
class Race:
    """Both trainings of the worked network after the same number of updates."""

    right: Problem
    slip: Problem
    right_losses: tuple[float, ...]
    """E after 0, 1, 2 … updates; the last one belongs to `right`."""
    slip_losses: tuple[float, ...]

    @property
    def done(self) -> int:
        """The number of updates that each has made."""
        return len(self.right_losses) - 1

    @property
    def is_finished(self) -> bool:
        """Whether all updates have been made."""
        return self.done >= UPDATES

    def advanced(self, updates: int) -> Race:
        """The race after `updates` more updates, but never more than `UPDATES` in total."""
        right, slip = self.right, self.slip
        right_losses, slip_losses = list(self.right_losses), list(self.slip_losses)
        for _unused in range(min(updates, UPDATES - self.done)):
            one, other = right_round(right), slip_round(slip, Slip.UPDATED_WEIGHTS_FIRST)
            right, slip = right.with_network(one.updated), slip.with_network(other.updated)
            right_losses.append(one.loss_after)
            slip_losses.append(other.loss_after)
        return Race(right, slip, tuple(right_losses), tuple(slip_losses))


def start(mode: BiasMode, rate: float) -> Race:
    """Both trainings at the numbers of the worked example."""
    problem = replace(worked_example(mode), lr=rate)
    loss = right_round(problem).loss
    return Race(problem, problem, (loss,), (loss,))


class UpdateLoopLab(Lab):
    """Trains the worked network twice, side by side, and draws both losses."""

    PAUSE: ClassVar[float] = 0.25
    """Seconds between two updates of the screen, so that a slow connection can keep up."""

    KEEPS = ("mode", "rate", "race", "_kept_races", "shows_difference")
    BINDINGS = [
        Binding("s", "start", _("Start/pause"), id="loop.start",
                tooltip=_("Start or pause the updates")),
        Binding("right,n", "one", _("One update"), id="loop.one", key_display="→",
                tooltip=_("Make one update")),
        Binding("left", "back", _("Back"), id="loop.back", key_display="←",
                tooltip=_("Go back by one update")),
        Binding("b", "bias", _("Biases"), id="loop.bias",
                tooltip=_("Freeze the biases, or use one per unit or one per layer; starts again")),
        Binding("plus,equals_sign", "rate(1)", _("η up"), id="loop.faster", key_display="+",
                tooltip=_("Increase the learning rate; starts again")),
        Binding("minus", "rate(-1)", _("η down"), id="loop.slower", key_display="-",
                tooltip=_("Decrease the learning rate; starts again")),
        Binding("d", "view", _("Difference"), id="loop.view",
                tooltip=_("Show the losses, or their difference")),
        Binding("r", "reset", _("Reset"), id="loop.reset",
                tooltip=_("Go back to the initial weights")),
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
        if name not in known:
            self.trouble = f"There is no bias mode {name!r}. Choose one of {', '.join(known)}."
        self.mode = BiasMode(name) if name in known else BiasMode.FROZEN
        self.rate = worked_example().lr
        self.race = start(self.mode, self.rate)
        self.running = False
        self.shows_difference = False
        self._asked: Race | None = None
        self._kept_races = [self.race]
        """States to which the lab can go back, the newest last."""

    def compose(self) -> ComposeResult:
        """The state, both results, the chart and the note."""
        yield Static(id="state", markup=False)
        yield Static(id="results")
        yield Chart(_("loss E"), _("update"), "", id="curves")
        yield Static(id="note", markup=False)

    # What the keys do

    def action_start(self) -> None:
        """Start or pause."""
        if self.race.is_finished:
            self._say_finished()
            return
        self.running = not self.running
        self.say("")
        self.show()
        self._advance()

    def action_one(self) -> None:
        """One update."""
        self.say("")
        self._take(self.race.advanced(1))

    def action_back(self) -> None:
        """One update back: what follows the last kept state is computed again."""
        wanted = self.race.done - 1
        self._kept_races = [race for race in self._kept_races if race.done <= wanted]
        kept = self._kept_races[-1]
        self.say("")
        self._take(kept.advanced(wanted - kept.done))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While updates run, and at the ends, the keys for single updates are greyed out."""
        if action == "one":
            return None if self.running or self.race.is_finished else True
        if action == "back":
            return None if self.running or not self.race.done else True
        return True

    def refused(self, action: str) -> None:
        """Say why there is no update to make or to take back."""
        if self.running:
            self.say(_("The updates are running. ⟨s|loop.start⟩ pauses them."))
        elif action == "one":
            self._say_finished()
        else:
            self.say(_("No update has been made yet. ⟨→|loop.one⟩ makes one."))

    def _say_finished(self) -> None:
        self.say(
            _("All {count} updates are done. ⟨r|loop.reset⟩ goes back to the start.").format(
                count=thousands(UPDATES)
            )
        )

    def action_bias(self) -> None:
        """Choose the next way to treat the biases."""
        self.mode = following(self.mode, BiasMode)
        self.action_reset()

    def action_rate(self, direction: int) -> None:
        """Choose the next learning rate."""
        place = RATES.index(self.rate) + direction
        if not 0 <= place < len(RATES):
            self.say(
                _("The learning rate goes from η = {low} to η = {high}.").format(
                    low=f"{RATES[0]:g}", high=f"{RATES[-1]:g}"
                )
            )
            return
        self.rate = RATES[place]
        self.action_reset()

    def action_view(self) -> None:
        """Show the losses, or their difference."""
        self.shows_difference = not self.shows_difference
        self.show()

    def action_reset(self) -> None:
        """Go back to the initial weights."""
        self.running, self._asked = False, None
        self.say("")
        self._take(start(self.mode, self.rate))

    # The updates, on a thread

    def _advance(self) -> None:
        """Start the next updates, unless some are running."""
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
            return  # it was reset in the meantime
        self._asked = None
        if race.is_finished:
            self.running = False
        self._take(race)
        if self.running:
            self.set_timer(self.PAUSE, self._advance)
        elif race.is_finished:
            self.say(
                _("All {count} updates are done. ⟨d|loop.view⟩ shows the difference.").format(
                    count=thousands(UPDATES)
                )
            )

    def _failed(self, asked: Race, error: Exception) -> None:
        if asked is not self._asked:
            return
        self.running, self._asked = False, None
        self.show()
        self.say(sentence(error, _("The updates failed")))

    # What is shown

    def _take(self, race: Race) -> None:
        if race.done == 0:
            self._kept_races = [race]
        elif race.done >= self._kept_races[-1].done + KEPT:
            self._kept_races.append(race)
        self.race, self.trouble = race, ""
        self.show()

    def marked_hint(self) -> str:
        if not self.has_keys:
            return _("Press tab, then ⟨s|loop.start⟩ to start the updates.")
        if self.running:
            return _("⟨s|loop.start⟩ pause · ⟨d|loop.view⟩ difference · ⟨r|loop.reset⟩ reset")
        return _(
            "⟨s|loop.start⟩ start · ⟨→|loop.one⟩ ⟨←|loop.back⟩ one update · ⟨b|loop.bias⟩ "
            "biases · ⟨+|loop.faster⟩ ⟨-|loop.slower⟩ learning rate · ⟨d|loop.view⟩ "
            "difference"
        )

    def show(self) -> None:
        race = self.race
        state = _("paused")
        if self.running:
            state = _("running")
        elif race.is_finished:
            state = _("finished")
        update = _("update {done} of {total}").format(
            done=thousands(race.done), total=thousands(UPDATES)
        )
        self.put("state", f"{_MODES[self.mode]} · η {self.rate:g} · {update} · {state}")
        self.put("results", self._results())
        self._draw()
        self.refresh_bindings()

    def _results(self) -> Content:
        """Loss and outputs of both."""
        race = self.race
        rows = [f"{'':<23}{'E':>14}{'o₁':>14}{'o₂':>14}"]
        numbers = []
        for problem, losses in ((race.right, race.right_losses), (race.slip, race.slip_losses)):
            outputs = problem.network().forward(problem.x).output
            numbers.append((losses[-1], *(float(value) for value in outputs)))
        apart = tuple(b - a for a, b in zip(*numbers, strict=True))
        for title, sign, (loss, *outs) in zip(
            (
                "━ " + _("all from old weights"),
                "▪ " + _("new weights first"),
                "  " + _("difference"),
            ),
            ("", "", "+"),
            (*numbers, apart),
            strict=True,
        ):
            cells = "".join(f"{Shown(value):{sign}.9f}".rjust(14) for value in outs)
            rows.append(left(title, 23) + _loss(loss, sign).rjust(14) + cells)
        first, second, third, fourth = rows
        return Content.assemble(
            (first + "\n", "$foreground-muted"),
            (second + "\n", "$series-primary"),
            (third + "\n", "$series-warning"),
            fourth,
        )

    def _draw(self) -> None:
        race = self.race
        chart = self.query_one(Chart)
        xs = tuple(float(update) for update in range(race.done + 1))
        pairs = zip(race.right_losses, race.slip_losses, strict=True)
        if self.shows_difference:
            chart.set_title(_("difference of the losses, log"))
            apart = tuple(abs(slip - right) for right, slip in pairs)
            series = [Series(_("|difference|"), xs, apart, "error", "", line=True)]
        else:
            chart.set_title(_("loss E, log"))
            series = [
                # The curves nearly agree: the markers of one lie on the line of the other.
                Series(_("new weights first"), xs, race.slip_losses, "warning", "▪", line=True),
                Series(_("old weights"), xs, race.right_losses, "primary", "", line=True),
            ]
        chart.set_series(series, log=True)


def _loss(value: float, sign: str) -> str:
    """A loss, or a difference of two, with nine decimals; one that they would hide has others."""
    few = 0 < abs(value) < 1e-3
    return f"{Shown(value):{sign}.6e}" if few else f"{Shown(value):{sign}.9f}"


LAB = LabEntry(
    UpdateLoopLab, options={"bias": "the bias mode to start with: frozen, per-unit or shared"}
)
