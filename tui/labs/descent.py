"""Lab: walk down the loss surface of two weights with five optimisers, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from engine.errors import UserError
from engine.labs.descent import MOST_STEPS, OPTIMISERS, SAMPLES, Run, begin, surface
from engine.language import _
from tui.background import after_refresh
from tui.labs.asking import AskingLab
from tui.labs.base import Parts
from tui.labs.descent_map import HEAT, ROLES, Grid, draw_map, framed, scale
from tui.labs.descent_words import values, verdict
from tui.labs.registry import LabEntry
from tui.labs.two_views import TwoViewsLab
from tui.widgets.chart import Chart, Series
from tui.widgets.half_blocks import needs_shades

BATCH = 8
START = (-2.0, 7.0)
RATE_STEP = 1.25
"""Factor of the learning rate per key press."""
MOVE = 0.5
"""Distance that the start moves per key press."""
RUN_SECONDS = 0.1
"""Time between two steps while the lab runs."""
NAMES = tuple(OPTIMISERS)
_STRONGEST = 0.5
"""How much of the hue of losses the highest loss has; more would drown the paths."""


class Map(Static):
    """The surface, drawn to fit; the height of the note below it changes its size."""

    class Resized(Message):
        """The map has been resized."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class DescentLab(AskingLab, TwoViewsLab):
    """Contours of the loss, the paths of up to five optimisers, and their values."""

    HOW = _(
        "Press tab, then ⟨→|descent.step⟩ for a step, ⟨s|descent.run⟩ to run, ⟨1|descent.gd⟩ to "
        "⟨5|descent.adam⟩ to choose the optimiser."
    )
    KEYS = _(
        "⟨→|descent.step⟩ step · ⟨←|descent.back⟩ back · ⟨s|descent.run⟩ run/stop · "
        "⟨f|descent.many⟩ 25 steps · ⟨+|descent.faster⟩ ⟨−|descent.slower⟩ ⟨e|descent.edit_rate⟩ "
        "rate · ⟨1|descent.gd⟩…⟨5|descent.adam⟩ optimiser · ⟨[|descent.left⟩⟨]|descent.right⟩ "
        "⟨↑|descent.up⟩⟨↓|descent.down⟩ ⟨w|descent.edit_start⟩ start · ⟨z|descent.batch⟩ batch · "
        "⟨v|descent.view⟩ loss curve · ⟨r|descent.restart⟩ restart · ⟨x|descent.clear⟩ clear"
    )

    KEEPS = ("chosen", "runs")
    BINDINGS = [
        Binding("right,n", "step(1)", _("Step"), id="descent.step", key_display="→",
                tooltip=_("Take one step")),
        Binding("left,b", "back", _("Back"), id="descent.back", key_display="←",
                tooltip=_("Undo the last step")),
        Binding("s", "run", _("Run"), id="descent.run", tooltip=_("Run or stop")),
        Binding("f", "step(25)", _("25 steps"), id="descent.many",
                tooltip=_("Take 25 steps at once")),
        Binding("plus,equals_sign", "rate(1)", _("Rate +"), id="descent.faster", key_display="+",
                tooltip=_("Raise the learning rate by a quarter and restart")),
        Binding("minus", "rate(-1)", _("Rate −"), id="descent.slower", key_display="−",
                tooltip=_("Lower the learning rate by a fifth and restart")),
        Binding("e", "edit_rate", _("Edit rate"), id="descent.edit_rate",
                tooltip=_("Type the learning rate")),
        *(
            Binding(str(number), f"choose({number - 1})", one.title, id=f"descent.{one.name}",
                    show=False, tooltip=_("Use {optimiser}").format(optimiser=one.title))
            for number, one in enumerate(OPTIMISERS.values(), start=1)
        ),
        Binding("right_square_bracket", "start(1, 0)", _("Start →"), id="descent.right",
                key_display="]",
                show=False, tooltip=_("Move the start by 0.5 in w₁")),
        Binding("left_square_bracket", "start(-1, 0)", _("Start ←"), id="descent.left",
                key_display="[",
                show=False, tooltip=_("Move the start by −0.5 in w₁")),
        Binding("up", "start(0, 1)", _("Start ↑"), id="descent.up", key_display="↑",
                show=False, tooltip=_("Move the start by 0.5 in w₂")),
        Binding("down", "start(0, -1)", _("Start ↓"), id="descent.down", key_display="↓",
                show=False, tooltip=_("Move the start by −0.5 in w₂")),
        Binding("w", "edit_start", _("Edit start"), id="descent.edit_start", show=False,
                tooltip=_("Type the weights to start from")),
        Binding("z", "edit_batch", _("Batch"), id="descent.batch",
                tooltip=_("Type the number of samples in a mini-batch")),
        Binding("v", "view", _("View"), id="descent.view",
                tooltip=_("Switch between the surface and the loss over the steps")),
        Binding("r", "restart", _("Restart"), id="descent.restart",
                tooltip=_("Move this optimiser back to the start")),
        Binding("x", "clear", _("Clear"), id="descent.clear", show=False,
                tooltip=_("Reset all optimisers and their settings")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    DescentLab > Horizontal { height: 1fr; }
    DescentLab #map { width: 1fr; height: 1fr; }
    DescentLab #side { width: 30; margin: 0 0 0 1; height: 1fr; }
    DescentLab #curve { display: none; }
    DescentLab.-curve #curve { display: block; }
    DescentLab.-curve #map { display: none; }
    DescentLab.-tall #curve {
        display: block; height: 1fr; min-height: 10; margin: 0 0 0 1;
    }
    DescentLab.-tall.-curve #map { display: block; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self.run_seconds = RUN_SECONDS
        self._timer: Timer | None = None
        self.chosen = "gd"
        self.runs = {name: begin(name, START, BATCH) for name in NAMES}
        try:
            name = options.get("optimiser", "gd")
            run = begin(name, START, BATCH)
            if "batch" in options:
                run = run.with_batch(options["batch"])
            if "rate" in options:
                run = run.with_rate(options["rate"])
            self.runs = {
                other: replace(one, batch_size=run.batch_size) for other, one in self.runs.items()
            }
            self.chosen, self.runs[name] = name, run
        except UserError as error:
            self.trouble = str(error)
        self.begun = dict(self.runs)

    @property
    def now(self) -> Run:
        """The run of the chosen optimiser."""
        return self.runs[self.chosen]

    @property
    def running(self) -> bool:
        """Whether steps are taken automatically."""
        return self._timer is not None

    def compose(self) -> ComposeResult:
        """The surface or the loss curve, the values next to it, the note."""
        with Horizontal():
            yield Map(id="map")
            yield Chart(_("loss over steps"), _("step"), "", id="curve")
            with Vertical(id="side"):
                yield Static(id="values")
        yield from self.asking()

    def holds_both(self, size: Size) -> bool:
        """Whether there is room for map and loss curve."""
        return size.width >= 110

    def on_map_resized(self, event: Map.Resized) -> None:
        """Draw the map for its new size."""
        event.stop()
        self._draw_map()

    def on_unmount(self) -> None:
        self._halt()

    def action_step(self, count: int) -> None:
        """Take steps with the chosen optimiser."""
        self._halt()
        self._walk(count)

    def action_back(self) -> None:
        """Undo the last step."""
        self._halt()
        if not self.now.steps:
            self.say(
                _("This is the start: no step has been taken yet. ⟨n|descent.step⟩ takes one.")
            )
            return
        self._set(self.now.stepped_back())

    def action_run(self) -> None:
        """Run or stop."""
        if self.running:
            self._halt()
            self.say("")
        elif self._may_step():
            self._timer = self.set_interval(self.run_seconds, self._tick)
            self.say(_("Running; ⟨s|descent.run⟩ stops."))

    def action_rate(self, direction: int) -> None:
        """Change the learning rate and restart."""
        rate = float(f"{self.now.rate * RATE_STEP**direction:.4g}")
        self._try(lambda: replace(self.now, rate=rate, path=()))

    def action_choose(self, number: int) -> None:
        """Choose another optimiser; the paths of the others stay."""
        self._halt()
        self.chosen = NAMES[number]
        self.trouble = ""
        self.show()
        self.say("")

    def action_start(self, right: int, up: int) -> None:
        """Move the start of all optimisers."""
        w1, w2 = self.now.start
        self._move_start((w1 + MOVE * right, w2 + MOVE * up))

    def action_edit_rate(self) -> None:
        """Ask for the learning rate."""
        self._halt()
        self.ask(_(
            "Type the learning rate η. enter sets it, ⟨escape|values.cancel⟩ keeps the old one."),
                 f"{self.now.rate:.6g}",
                 lambda text: self._set(self.now.with_rate(text)))  # fmt: skip

    def action_edit_start(self) -> None:
        """Ask for the start."""
        self._halt()
        self.ask(_(
            "Type w₁ and w₂ of the start. enter sets them, ⟨escape|values.cancel⟩ keeps the old "
            "ones."),
                 "{:g} {:g}".format(*self.now.start),
                 lambda text: self._move_start_or_raise(self.now.with_start(text)))  # fmt: skip

    def action_edit_batch(self) -> None:
        """Ask for the batch size of all optimisers except GD."""
        self._halt()
        prompt = _("Type how many of the {count} samples a mini-batch holds.").format(count=SAMPLES)
        self.ask(prompt, str(self.now.batch_size), self._take_batch)

    def switch_view(self) -> None:
        """Switch between the surface and the loss curve."""
        self.toggle_class("-curve")
        after_refresh(self, self.show)

    def action_restart(self) -> None:
        """Move this optimiser back to the start."""
        self._halt()
        self._set(self.now.restarted())
        self.say("")

    def action_clear(self) -> None:
        """Reset all optimisers and their settings."""
        self._halt()
        self.runs = dict(self.begun)
        self.show()
        self.say("")

    def _take_batch(self, text: str) -> None:
        size = self.now.with_batch(text).batch_size
        self.runs = {
            name: replace(run, batch_size=size, path=run.path if name == "gd" else ())
            for name, run in self.runs.items()
        }
        self.show()

    def _move_start(self, start: tuple[float, float]) -> None:
        try:
            self._move_start_or_raise(replace(self.now, start=start, path=()))
        except UserError as error:
            self.say(str(error))
            return
        self.say("")

    def _move_start_or_raise(self, moved: Run) -> None:
        self._halt()
        self.runs = {
            name: replace(run, start=moved.start, path=()) for name, run in self.runs.items()
        }
        self.show()

    def _try(self, change: Callable[[], Run]) -> None:
        self._halt()
        try:
            run = change()
        except UserError as error:
            self.say(str(error))
            return
        self._set(run)
        self.say("")

    def _set(self, run: Run) -> None:
        self.trouble = ""
        self.runs[self.chosen] = run
        self.show()

    def _may_step(self) -> bool:
        """Whether another step can be taken; if not, say why."""
        if self.now.ended:
            self.say(verdict(self.now) if self.now.diverged else _full())
            return False
        return True

    def _walk(self, count: int) -> None:
        if not self._may_step():
            return
        self._set(self.now.stepped(count))
        self.say(verdict(self.now))

    def _tick(self) -> None:
        """Take one step of a run; stop at the end of the path."""
        self._set(self.now.stepped())
        if self.now.ended:
            self._halt()
            self.say(verdict(self.now) or _full())

    def _halt(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def show(self) -> None:
        """The map, the values, the loss curve."""
        self._draw_map()
        self.put("values", values(self.runs, self.chosen))
        walked = [run for run in self.runs.values() if run.steps]
        self.query_one(Chart).set_series(
            [
                Series(
                    OPTIMISERS[run.optimiser].title,
                    tuple(range(len(run.path))),
                    tuple(place.loss for place in run.path),
                    ROLES[run.optimiser],
                    OPTIMISERS[run.optimiser].letter,
                    line=True,
                )
                for run in walked
            ],
            log=True,
        )

    def _draw_map(self) -> None:
        area = self.query_one("#map", Static)
        width, height = area.size
        if width < 20 or height < 6:
            return
        grid = Grid(width - 4, height - 3)
        palette = self._palette()
        shown = [run for run in self.runs.values() if run.steps or run.optimiser == self.chosen]
        rows = framed(draw_map(surface(), shown, self.chosen, grid, palette), grid)
        rows.append(scale(surface(), palette, width))
        parts: Parts = []
        for place, row in enumerate(rows):
            parts += ["\n"] if place else []
            parts += row
        area.update(Content.assemble(*parts))

    def _palette(self) -> tuple[str, ...]:
        """The colours of the map from low to high; none where there are too few for a heat map."""
        variables = self.app.theme_variables
        ends = variables["background"], variables["meaning-loss"]
        few = needs_shades(self.app.console, self.app.no_color)
        if few or any(end.startswith("ansi") for end in ends):
            return ()
        low, high = map(Color.parse, ends)
        return tuple(low.blend(high, _STRONGEST * step / HEAT).hex6 for step in range(HEAT + 1))

    def notify_style_update(self) -> None:
        """Draw the map in the colours of the new theme."""
        super().notify_style_update()
        if self.is_mounted:
            after_refresh(self, self._draw_map)


def _full() -> str:
    return _(
        "{count} steps have been taken, the most in this lab. ⟨r|descent.restart⟩ restarts."
    ).format(count=MOST_STEPS)


LAB = LabEntry(
    DescentLab,
    options={
        "optimiser": "the one to start with: gd, sgd, momentum, rmsprop or adam",
        "rate": "its learning rate",
        "batch": "the number of samples in a mini-batch",
    },
)
