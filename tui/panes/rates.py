"""The rate finder: the loss against the learning rate, and a rate to try."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from engine.language import _
from engine.naming import Shown
from engine.training.hyperparameters import SettingError
from engine.training.order import TrainingOrder, load_task
from engine.training.rate_finder import RatePoint, RateSweep, find_rate, rate_range
from engine.training.recipe import Recipe
from engine.training.runs import run_label
from engine.training.snapshot import Snapshot
from engine.training.task import Source
from engine.training.turns import Turn
from engine.training.worker import NoTurnError, explain
from tui.background import in_background
from tui.key_names import keyed
from tui.owner import new_turn, training_owner
from tui.panes.base import Pane
from tui.widgets.chart import Chart
from tui.widgets.clickable import KeyLine
from tui.widgets.hyperparameters import LEARNING_RATE, HyperparameterForm
from tui.widgets.rate_chart import rate_series

LOOKS = 5
"""Times a second that a running sweep is drawn."""


@dataclass(eq=False)
class _Sweep:
    """A sweep on its thread, as the screen sees it."""

    order: TrainingOrder
    turn: Turn
    stop: threading.Event = field(default_factory=threading.Event)
    points: list[RatePoint] = field(default_factory=list)
    count: int = 0
    """How many updates there will be at most; 0 while the data are loaded."""
    on_glyphs: bool = False

    def run(self) -> RateSweep:
        """Load the data and sweep, on the background thread; raises UserError without a turn."""
        try:
            if refused := self.turn.take():
                raise NoTurnError(refused)
            return self._sweep()
        finally:
            self.turn.give_back()

    def _sweep(self) -> RateSweep:
        from engine.data.search import DataMissing

        try:
            task = load_task(self.order)
        except DataMissing:
            source = replace(self.order.source, allow_synthetic=True)
            task = load_task(replace(self.order, source=source))
            self.on_glyphs = True
        return find_rate(
            self.order.recipe, self.order.settings, task, on_point=self._note,
            stopping=self.stop.is_set,
        )  # fmt: skip

    def _note(self, point: RatePoint, count: int) -> None:
        self.points.append(point)
        self.count = count

    @property
    def seen(self) -> RateSweep:
        """What is known so far."""
        low, high = rate_range(self.order.recipe)
        return RateSweep(low, high, tuple(self.points), None, None, None, None)


class RateView(Vertical, can_focus=True):
    """Chart and sentence; its keys start a sweep and take the rate."""

    DEFAULT_CSS = """
    RateView {
        Chart { height: 1fr; min-height: 6; }
        #rate-sentence { height: auto; max-height: 4; }
    }
    """
    BINDINGS = [
        Binding("space", "find", _("Find a rate"), id="rates.find", show=False,
                tooltip=_("Raise the learning rate until the loss diverges; again: stop")),
        Binding("enter", "take", _("Use it"), id="rates.take", show=False,
                tooltip=_("Put the suggested rate into the field")),
    ]  # fmt: skip

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe
        self.chart = Chart(_("loss against rate"), _("learning rate"), "")
        self._sentence = KeyLine(id="rate-sentence")
        self._sweep: _Sweep | None = None
        self.found: RateSweep | None = None
        """The last sweep that ended."""
        self._log = False
        self._text = self._how()

    def compose(self) -> ComposeResult:
        """The sentence over the chart."""
        yield self._sentence
        yield self.chart

    def on_mount(self) -> None:
        """Say how it works, and look at a running sweep from time to time."""
        self._show()
        if training_owner(self).refresh_rate > 0:
            self.set_interval(1 / LOOKS, self._look)

    def on_unmount(self) -> None:
        """A sweep that nobody sees is pointless."""
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether a sweep is under way."""
        return self._sweep is not None

    @property
    def sentence(self) -> str:
        """What is shown above the chart."""
        return keyed(self._text)

    def _how(self) -> str:
        low, high = rate_range(self._recipe)
        text = _(
            "⟨space|rates.find⟩: find a learning rate for the settings above. It grows from "
            "update to update, from {low:g} to at most {high:g}, until the loss diverges. "
            "Nothing is kept."
        )
        return text.format(low=Shown(low), high=Shown(high))

    def action_find(self) -> None:
        """Start a sweep, or stop the one under way."""
        if self.is_running:
            self.stop()
            return
        owner = training_owner(self)
        if owner.has_session and owner.session.snapshot.state.is_active:
            told = _("A training is active. Press ⟨x|training.stop⟩ to end it, then find a rate.")
            trained = owner.session.snapshot.recipe
            if trained != self._recipe.name:
                told = _("Recipe “{recipe}” is training. End that on its screen, then find a rate.")
            self._say(told.format(recipe=trained))
            return
        form = self.screen.query_one(HyperparameterForm)
        try:
            order = TrainingOrder(self._recipe, form.values(), Source(form.device, owner.data_dir))
        except SettingError as error:
            self._say(str(error))
            return
        sweep = self._sweep = _Sweep(order, new_turn(self))
        self.found = None
        self._say(_("Loading the data …"))
        self._draw()
        in_background(
            self, sweep.run, lambda found: self._ended(sweep, found),
            lambda error: self._failed(sweep, error),
        )  # fmt: skip

    def stop(self, why: str = "") -> None:
        """End the sweep under way, if there is one; `why` is said instead of what it found."""
        if self._sweep is not None:
            self._sweep.stop.set()
            if why:
                self._sweep = None
                self._say(why)

    def _ended(self, sweep: _Sweep, found: RateSweep) -> None:
        if sweep is not self._sweep:
            return
        self._sweep, self.found = None, found
        text = found.sentence
        if sweep.on_glyphs:
            text += " " + _("Measured on the built-in glyph set: the images were not found.")
        if found.suggested is not None:
            rate = Shown(found.suggested)
            text += " " + _("⟨enter|rates.take⟩: use {rate:g}").format(rate=rate)
        self._say(text)
        self._draw(sweep)

    def _failed(self, sweep: _Sweep, error: Exception) -> None:
        if sweep is self._sweep:
            self._sweep = None
            self._say(explain(error))

    def action_take(self) -> None:
        """Put the suggested rate into the field."""
        if self.found is not None and self.found.suggested is not None:
            rate = self.found.suggested
            self.screen.query_one(HyperparameterForm).set_learning_rate(rate)
            self._say(_("The field “learning rate” now holds {rate:g}.").format(rate=Shown(rate)))
        elif not self.is_running:
            self._say(_("No rate has been found yet. ⟨space|rates.find⟩: find one"))

    def _look(self) -> None:
        """Show how far the sweep is."""
        sweep = self._sweep
        if sweep is None or not sweep.points:
            return
        text = _("rate {rate:.2g}: update {number} of at most {count} · ⟨space|rates.find⟩: stop")
        point = sweep.points[-1]
        self._say(text.format(rate=Shown(point.rate), number=len(sweep.points), count=sweep.count))
        self._draw(sweep)

    def show(self, *, log: bool) -> None:
        """Draw the losses on a logarithmic or a linear scale."""
        if log != self._log:
            self._log = log
            self._draw(self._sweep)

    def _draw(self, sweep: _Sweep | None = None) -> None:
        found = self.found or (sweep.seen if sweep else None)
        title = _("loss against rate")
        if sweep is not None:
            others = {k: v for k, v in sweep.order.settings.items() if k != LEARNING_RATE}
            title += f" ({run_label(self._recipe, others)})"
        if found is None or sweep is not None:
            self.chart.set_title(title)
        series = rate_series(found) if found else ()
        self.chart.set_series(series, swapped=self._log, log_x=True)

    def _say(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._show()

    def _show(self) -> None:
        self._sentence.tell("", keys=self._text)


class RatesPane(Pane):
    """Finds a learning rate while no training is active."""

    ID = "rates"
    KEY = "l"
    TITLE = _("Find a rate")
    TIP = _(
        "Find a learning rate: ⟨space|rates.find⟩ tries rates until the loss diverges, "
        "⟨enter|rates.take⟩ uses one"
    )

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.view = RateView(recipe)

    @property
    def label(self) -> str:
        return _("rates")

    @property
    def target(self) -> Widget:
        """The view has the keys."""
        return self.view

    def compose(self) -> ComposeResult:
        yield self.view

    def show(self, snapshot: Snapshot, *, log: bool) -> None:
        """A training that begins ends the sweep: two at a time would slow each other down."""
        if snapshot.state.is_active:
            self.view.stop(_("Stopped, because a training began."))
        self.view.show(log=log)
        super().show(snapshot, log=log)

    def seen(self, snapshot: Snapshot) -> object:
        """Nothing: a sweep is no training."""
        return None


PANE = RatesPane
