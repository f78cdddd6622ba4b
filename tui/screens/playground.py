"""The playground: a small network, its decision surface and its losses, live while it trains."""

from __future__ import annotations

from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.errors import UserError
from engine.language import _
from engine.playground.points import LEAST_POINTS, Points
from engine.playground.run import Frame
from engine.playground.runner import PACES, Runner
from engine.playground.settings import OWN, DrawnPoint, Settings
from tui.background import after_refresh, in_background
from tui.key_names import key_named
from tui.owner import new_turn
from tui.screens import playground_words as words
from tui.screens.training_pace import Pace
from tui.themes import on_drawn
from tui.widgets.chart import Chart
from tui.widgets.chart_raster import get_ready
from tui.widgets.clickable import clickable
from tui.widgets.diagnosis_line import sentence
from tui.widgets.key_bar import KeyBar
from tui.widgets.play_actions import PlayActions
from tui.widgets.play_network import PlayNetwork
from tui.widgets.play_surface import PlaySurface

FASTER = 2.5
"""So many times as often as a training, the playground is drawn: its pictures are the point."""
SHARE = 0.45
"""The part of a core that they may use: a training that is as fast as it can be has the rest."""
AROUND = 4
"""Rows of the screen below and above the surface, without its settings: border, state, keys."""
NUMBERS = 4
"""Rows below the surface."""
LEAST = 30
"""Cells in width of the surface, so that the numbers below it have room."""
CHART = 3
"""While it trains, the losses are drawn with every so many pictures: they change little."""


class PlaygroundScreen(PlayActions, Screen[None]):
    """Network and losses at the left, the surface at the right."""

    AUTO_FOCUS = ""

    BINDINGS = [
        Binding("space,enter", "run", _("Run"), id="playground.run", key_display="space",
                tooltip=_("Train, or pause")),
        Binding("right", "step(1)", _("Step"), id="playground.step", key_display="←→",
                tooltip=_("One step forward; ⟨←|playground.back⟩ goes one back")),
        Binding("left", "step(-1)", _("Back"), id="playground.back", show=False,
                tooltip=_("One step back in time")),
        Binding("e", "epoch", _("Epoch"), id="playground.epoch", show=False,
                tooltip=_("Train to the end of the epoch")),
        Binding("shift+left,b", "epoch_back", _("Epoch back"), id="playground.epoch_back",
                show=False, tooltip=_("One epoch back in time")),
        Binding("s", "settings", _("Settings"), id="playground.settings",
                tooltip=_("Data, features, layers, rate, and all other settings")),
        Binding("u", "units", _("Units"), id="playground.units",
                tooltip=_(
                    "Select a unit with the arrow keys, and open it with "
                    "⟨enter|play_network.open⟩")),
        Binding("d", "draw", _("Draw"), id="playground.draw",
                tooltip=_("Draw points of your own, with the keys or the mouse")),
        Binding("r", "restart", _("Restart"), id="playground.restart", show=False,
                tooltip=_("Start over with the same settings: the same run")),
        Binding("n", "seed", _("New seed"), id="playground.seed", show=False,
                tooltip=_("Start over with the next seed: other points and first weights")),
        Binding("p", "points", _("Points"), id="playground.points", show=False,
                tooltip=_("Show the points of the training, of the test, both, or none")),
        Binding("v", "pace", _("Pace"), id="playground.pace", show=False,
                tooltip=_("How many epochs a second")),
        Binding("greater_than_sign", "layers(1)", _("Add layer"), id="playground.add_layer",
                key_display=">", show=False, tooltip=_("One hidden layer more; starts over")),
        Binding("less_than_sign", "layers(-1)", _("Remove layer"), key_display="<",
                id="playground.remove_layer", show=False,
                tooltip=_("One hidden layer less; starts over")),
        Binding("y", "copy", _("Copy"), id="playground.copy", show=False,
                tooltip=_("Copy the settings as a line that can be shared")),
        Binding("9", "diagnoses", _("What to try"), id="playground.diagnoses", show=False,
                tooltip=_("What is wrong with this run, and what to try")),
        Binding("q,escape", "close", _("Back"), id="playground.close", show=False,
                tooltip=_("Leave the playground")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    PlaygroundScreen #place { height: auto; background: $panel; text-style: bold; }
    PlaygroundScreen #state { height: 1; padding: 0 1; text-wrap: nowrap; link-style: none;
        color: $foreground-muted; link-color: $foreground-muted; }
    PlaygroundScreen #sides { height: 1fr; }
    PlaygroundScreen #left { width: 1fr; }
    PlaygroundScreen .panel { border: round $rule; border-title-color: $foreground-muted;
        border-subtitle-color: $foreground-muted; padding: 0 1; }
    PlaygroundScreen .panel:focus-within { border: round $primary; border-title-color: $primary; }
    PlaygroundScreen #network-panel { height: 5fr; }
    PlaygroundScreen #loss-panel { height: 2fr; min-height: 7; padding: 0; }
    PlaygroundScreen #surface-panel { padding: 0; height: 1fr; }
    PlaygroundScreen #numbers { height: 4; }
    """

    def __init__(self, settings: Settings | None = None, read: Points | None = None) -> None:
        """`read` are the points of a file. Raises UserError where they do not suit."""
        super().__init__()
        self.runner = Runner(settings or Settings(), read)
        self._shown: Frame | None = None
        self._looks = 0
        self._is_ready = False
        """Whether what draws lines is imported; beside a training, that takes seconds."""

    def compose(self) -> ComposeResult:
        """Place, network over losses, surface over numbers, state, keys."""
        yield Static("", id="place", markup=False)
        with Horizontal(id="sides"):
            with Vertical(id="left"):
                with Vertical(id="network-panel", classes="panel") as panel:
                    panel.border_title = _("Network")
                    panel.border_subtitle = self._keys()
                    yield PlayNetwork()
                with Vertical(id="loss-panel", classes="panel"):
                    yield Chart(_("Loss"), _("epoch"), "", id="losses")
            with Vertical(id="surface-panel", classes="panel"):
                yield PlaySurface()
                yield Static("", id="numbers", markup=False)
        yield Static("", id="state", markup=False)
        yield KeyBar()

    def _keys(self) -> Content:
        """What has no place in the row of keys."""
        return clickable(
            [
                ("⟨e|playground.epoch⟩", _("epoch"), "screen.epoch"),
                ("⟨r|playground.restart⟩", _("restart"), "screen.restart"),
                ("⟨n|playground.seed⟩", _("seed"), "screen.seed"),
                ("⟨<|playground.remove_layer⟩", "", "screen.layers(-1)"),
                ("⟨>|playground.add_layer⟩", _("layers"), "screen.layers(1)"),
            ]
        )

    @property
    def network(self) -> PlayNetwork:
        """The picture of the units."""
        return self.query_one(PlayNetwork)

    @property
    def surface(self) -> PlaySurface:
        """The decision surface."""
        return self.query_one(PlaySurface)

    def on_mount(self) -> None:
        """Look at the run regularly."""
        self.runner.turn = new_turn(self)
        on_drawn(self, self.runner.go_first)
        in_background(self, get_ready, self._ready, lambda _error: None)
        rate = getattr(self.app, "refresh_rate", 4.0)
        if rate > 0.01:
            Pace(self, self.look, SHARE).start(rate * FASTER if rate > 1 else rate)
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.show())
        self.show()

    def _ready(self, _nothing: None) -> None:
        self._is_ready = True

    def on_unmount(self) -> None:
        """End the thread of the run."""
        self.runner.close()

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._arrange()

    def _arrange(self) -> None:
        """The surface is square, and at most half as wide as the screen."""
        rows = max(4, self.size.height - AROUND - NUMBERS - self._place())
        width = min(2 * rows, self.size.width * 52 // 100)
        width = max(width - width % 2, LEAST)
        self.query_one("#surface-panel").styles.width = width + 2
        # What is said of a run that stands still has room for other words now.
        after_refresh(self, self._said_again)

    def _said_again(self) -> None:
        frame = self._shown or self.runner.frame
        self._numbers(frame)
        self._state(frame)

    def look(self) -> None:
        """Show the run where it has moved, and why it does not."""
        if refused := self.runner.take_refusal():
            self.notify(refused, severity="warning", timeout=12, markup=False)
            self.show()
        if self.runner.frame is not self._shown:
            self._looks += 1
            self.show(losses=not self.runner.is_going or self._looks % CHART == 0)

    def show(self, *, losses: bool = True) -> None:
        self.runner.give_way()
        frame, run = self.runner.frame, self.runner.run
        self._shown = frame
        self.network.show_run(run.model, frame.flat)
        self.surface.show_run(run.model, run.split, frame.flat)
        if losses and (self._is_ready or not self.runner.is_going):
            self._losses(frame)
        self._numbers(frame)
        self._state(frame)

    def _place(self) -> int:
        """Show the settings; returns in how many rows."""
        rows = words.place(self.settings, self.size.width)
        self.query_one("#place", Static).update("\n".join(rows))
        return len(rows)

    def _losses(self, frame: Frame) -> None:
        series = words.losses(frame, self.runner.run.steps_per_epoch)
        self.query_one("#losses", Chart).set_series(
            series, x_limits=(0.0, max(1.0, series[0].xs[-1])), swapped=False
        )

    def _numbers(self, frame: Frame) -> None:
        surface = self.surface
        numbers = words.numbers(frame, is_wide=surface.square.width >= 36)
        scale = words.scale(
            self.runner.run.split.train, has_shades=surface.shades, is_dark=surface.dark
        )
        self.query_one("#numbers", Static).update(Content.assemble(*numbers, *scale), layout=False)
        panel = self.query_one("#surface-panel")
        panel.border_title = _("{data}, output").format(data=self.settings.data)
        panel.border_subtitle = words.which_points(surface.shown)

    def _state(self, frame: Frame) -> None:
        width = self.size.width - 2
        text: Content
        if self.surface.is_drawing:
            text = words.drawing(len(self._own_points()))
        elif frame.diagnoses:
            text = sentence(frame.diagnoses, key_named("playground.diagnoses", "9"), width)
        else:
            text = words.going(self.runner)
        self.query_one("#state", Static).update(text, layout=False)

    @on(events.Click, "#state")
    def _state_clicked(self) -> None:
        """A click on what is wrong opens what to try."""
        if self.runner.frame.diagnoses and not self.surface.is_drawing:
            self.action_diagnoses()

    def action_run(self) -> None:
        """Train, or pause."""
        if self.runner.is_going:
            self.runner.pause()
        elif self.surface.pending is not None:
            self.notify(_("Draw at least {count} points.").format(count=LEAST_POINTS), markup=False)
            return
        else:
            self.runner.start()
        self.show()

    def action_epoch_back(self) -> None:
        """Go an epoch back."""
        self.action_step(-self.runner.run.steps_per_epoch)

    def tell(self, text: str) -> None:
        """Say it once, also for a key that is held down."""
        if text not in {note.message for note in self.app._notifications}:
            self.notify(text, markup=False)

    def begin(self, settings: Settings) -> bool:
        """Start over with other settings; False, and the old run stays, where they do not suit."""
        try:
            self.runner.restart(settings)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        self.surface.pending = None
        self._arrange()
        self.show()
        return True

    def on_play_network_units(self, event: PlayNetwork.Units) -> None:
        """Change the width of a hidden layer."""
        self.change_units(event.layer, event.more)

    def on_play_network_opened(self, event: PlayNetwork.Opened) -> None:
        """Open a unit; the training pauses, so that its numbers stand still."""
        from tui.screens.playground_unit import UnitScreen

        self.runner.pause()
        self.show()
        self.app.push_screen(UnitScreen(self.runner.run, event.layer, event.unit))

    def action_units(self) -> None:
        """Let the arrows select a unit."""
        self.network.focus()

    def action_points(self) -> None:
        """Show other points."""
        self.runner.give_way()
        self.surface.next_shown()
        self._numbers(self._shown or self.runner.frame)

    def action_pace(self) -> None:
        """Train at the next pace."""
        at = PACES.index(self.runner.pace)
        self.runner.pace = PACES[(at + 1) % len(PACES)]
        frame = self._shown or self.runner.frame
        self._state(frame)
        if self.surface.is_drawing or frame.diagnoses:  # the row that has the pace says that
            self.notify(words.pace_of(self.runner), markup=False)

    def action_copy(self) -> None:
        """Copy the settings."""
        self.app.copy_to_clipboard(self.settings.line)

    def action_diagnoses(self) -> None:
        """Say what is wrong, and what to try."""
        from tui.screens.text import TextScreen

        frame = self.runner.frame
        told = "\n\n".join(f"{one.title}\n{one.text}\n→ {one.advice}" for one in frame.diagnoses)
        self.app.push_screen(
            TextScreen(_("What is wrong, and what to try"), told or _("Nothing is wrong."))
        )

    def action_settings(self) -> None:
        """Open the form of all settings."""
        from tui.screens.playground_settings import SettingsScreen

        def chosen(settings: Settings | None) -> None:
            if settings is not None and settings != self.settings:
                self.begin(settings)

        self.runner.pause()
        has_file = self.runner.read is not None
        self.app.push_screen(SettingsScreen(self.settings, has_file), chosen)

    def _own_points(self) -> tuple[DrawnPoint, ...]:
        if self.surface.pending is not None:
            return self.surface.pending
        if self.settings.data == OWN:
            return self.settings.points
        split = self.runner.run.split
        if split.train.is_regression:
            return ()
        return tuple(
            (round(x, 2), round(y, 2), int(label))
            for part in (split.train, split.test)
            for (x, y), label in zip(part.x.tolist(), part.y.tolist(), strict=True)
        )

    def action_draw(self) -> None:
        """Begin to draw points, or end."""
        self.runner.pause()
        self.surface.draw()
        if self.surface.is_drawing:
            self.surface.focus()
        else:
            self.set_focus(None)
        self.show()

    def on_play_surface_done(self) -> None:
        """End drawing; too few points are forgotten."""
        self.surface.pending = None
        self.action_draw()

    def on_play_surface_cleared(self) -> None:
        """Remove all points."""
        self._drawn(())

    def on_play_surface_drawn(self, event: PlaySurface.Drawn) -> None:
        """Add a point to those that are there, or remove the nearest."""
        points = [*self._own_points()]
        if event.label is not None:
            points.append((round(event.x, 2), round(event.y, 2), event.label))
        elif points:
            points.remove(min(points, key=lambda p: (p[0] - event.x) ** 2 + (p[1] - event.y) ** 2))
        self._drawn(tuple(points))

    def _drawn(self, points: tuple[DrawnPoint, ...]) -> None:
        if len(points) >= LEAST_POINTS:
            self.begin(replace(self.settings, data=OWN, points=points))
        else:
            self.surface.pending = points
            self.surface.repaint()
            self.show()

    def action_close(self) -> None:
        """Leave."""
        self.app.pop_screen()
