"""The application: global keys, what is sent to the terminal, and how it starts and ends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rich.console import RenderableType
from textual import events
from textual._context import active_message_pump
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.dom import DOMNode
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from engine.language import _
from engine.training.run_files import sweep_leftovers
from engine.training.turns import AlwaysFree, Turn
from lessons.format.catalog import Catalog, catalog
from lessons.learner.progress import Progress
from tui import greeting, labs
from tui.background import hold, release
from tui.config import Config
from tui.figures import registry as figures
from tui.hangup import tolerant
from tui.harmless import Harmless
from tui.key_names import use_keys
from tui.keymap import rebind
from tui.loading_ahead import LoadingAhead
from tui.services import SessionMaker, import_torch, real_devices, real_session
from tui.small import SmallNotice, is_too_small
from tui.taken_away import is_on_nothing
from tui.toasts import KeepsDialogsClear
from tui.training import TrainingApp
from tui.typed_ahead import TypedAhead

if TYPE_CHECKING:
    from textual.command import Provider

    from engine.playground.points import Points
    from engine.playground.settings import Settings

LabPlace: TypeAlias = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""Where a lab stands: the lesson's slug, the step's key, the lab's name and its options."""

TURN = 0.0005
"""Seconds for which a thread keeps the interpreter while another one waits for it: a tenth of what
is usual. A training needs it for microseconds between two operations of PyTorch; where it waits 5
ms for each of these turns, it stands still for as long as the screen is drawn."""
YOUNG = 10_000
"""So many new objects set off a search for cycles. Drawing makes thousands that need none; with
Python's usual 700, nearly every key set one off, and every hundredth searched everything."""
SLOW_RATE = 1.0
"""Refreshes a second in low-bandwidth mode."""


def _offered() -> type[Provider]:
    """What the palette offers; it is imported when the palette is first opened."""
    from tui.palette import Offered

    return Offered


class TutorApp(KeepsDialogsClear[None], TrainingApp):
    """dltutor in a terminal."""

    TITLE = "dltutor"
    CSS_PATH = "styles/home.tcss"
    """That of the first screen; the other ones bring their own when they are opened."""
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_offered}

    BINDINGS = [
        Binding(
            "question_mark,f1",  # in a text field, the first one is a character
            "help",
            _("Help"),
            id="app.help",
            tooltip=_("Show the keys available here"),
        ),
        Binding(
            "t",
            "toggle_theme",
            _("Theme"),
            id="app.theme",
            show=False,
            tooltip=_("Next theme: dark, light, high contrast, the terminal's own colours"),
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            _("Palette"),
            id="app.palette",
            show=False,
            priority=True,
            tooltip=_("Find a lesson, a training, or a setting by its name"),
        ),
        Binding(
            "ctrl+q",
            "request_quit",
            _("Quit"),
            id="app.quit",
            show=False,
            priority=True,
            tooltip=_("Quit dltutor; asks first while a model is training"),
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            _("Suspend"),
            id="app.suspend",
            show=False,
            tooltip=_("Suspend dltutor; `fg` brings it back"),
        ),
        Binding("ctrl+c", "request_quit", _("Quit"), id="app.interrupt", show=False, system=True),
    ]

    def __init__(
        self,
        *,
        lesson: str | None = None,
        data_dir: Path | None = None,
        progress: Progress | None = None,
        contents: Catalog | None = None,
        make_session: SessionMaker = real_session,
        make_turn: Callable[[], Turn] = AlwaysFree,
        preload: Callable[[], None] | None = import_torch,
        list_devices: Callable[[], Sequence[str]] = real_devices,
        refresh_rate: float = 4.0,
        config: Config | None = None,
        playground: tuple[Settings, Points | None] | None = None,
    ) -> None:
        """`lesson` is opened first; `make_session` makes the training when it is first needed, and
        `list_devices` names the devices that it can use.

        `make_turn` makes what all other work that trains asks before it computes.
        `preload` runs on its own thread once a lesson is seen; `refresh_rate` is how many times
        per second the screens check a running training. `playground` is opened instead of a lesson.
        """
        super().__init__(make_session, list_devices)
        self._filters.append(Harmless())
        self._filters.append(self.drawings)
        labs.declare()
        figures.declare()
        self.contents = contents or catalog()
        self.progress = progress or Progress()
        self.measure_as_last_time()
        self.data_dir = data_dir
        self.refresh_rate = refresh_rate
        if config is not None and config.saves_bandwidth():
            self.refresh_rate = min(refresh_rate, SLOW_RATE)
        self.animation_level = "none"  # over SSH every frame of an animation costs bandwidth
        self._first = lesson
        self._playground = playground
        self.config = config or Config()
        use_keys(self.config.keys)
        rebind(self, self.config.keys)
        self.lab_states: dict[LabPlace, dict[str, object]] = {}
        """How each lab of a lesson was left, until the program ends or the lesson is reset."""
        self.new_turn = make_turn
        self._loading = LoadingAhead(preload, self._is_elsewhere) if preload else None
        self._told_small: Size | None = None
        """The size at which the terminal shows that it is too small."""
        self.typed_ahead = TypedAhead(self, super().on_event)

    def _draw_again(self, app: App[object]) -> None:
        self._told_small = None
        self.refresh(layout=True)

    @property
    def is_seen(self) -> bool:
        """Whether the terminal is there and takes what is sent; all is redrawn once it does."""
        return not (self._line_is_lost or getattr(self._driver, "is_behind", False))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send what is drawn to the terminal; where there is no room for it, a sentence."""
        if not self.is_seen:
            self.drawn_signal.publish(None)  # nobody needs to wait for the picture now
            return
        if is_too_small(self.size):
            # Before the terminal is ready nothing is sent, and so nothing is told.
            is_ready = self._running and self._driver is not None and not self._batch_count
            if not is_ready or self._told_small == self.size:
                return
            self._told_small, renderable = self.size, SmallNotice(self.size)
        elif self._told_small is not None:
            self._told_small = None
            self.call_later(self.refresh, layout=True)
        super()._display(screen, renderable)

    async def on_event(self, event: events.Event) -> None:
        """Handle what is typed in its order: a key waits for the effect of the one before."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            await self.typed_ahead.take(event)
        elif not (self._screen_stack and is_on_nothing(self.screen, event)):
            await super().on_event(event)

    def _register_child(
        self, parent: DOMNode, child: Widget, before: int | None, after: int | None
    ) -> None:
        rebind(child, self.config.keys)
        super()._register_child(parent, child, before, after)

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen in front, unless the one that asks for it was left already.

        A double click is two choices in one list; the second one would leave what is below.
        """
        asks = active_message_pump.get(None)
        nodes = asks.ancestors_with_self if isinstance(asks, Widget) else []
        asking = next((node for node in nodes if isinstance(node, Screen)), None)
        if asking is not None and asking not in self.screen_stack:
            return AwaitComplete()
        return super().pop_screen()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what a key or the mouse has chosen, and say where it went."""
        from tui.copying import tell

        if text:
            super().copy_to_clipboard(text)
            tell(self, text)

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, made to survive the loss of the terminal."""
        return tolerant(super().get_driver_class())

    def forget_labs(self, slug: str) -> None:
        """Let the labs of a lesson start anew."""
        self.lab_states = {at: kept for at, kept in self.lab_states.items() if at[0] != slug}

    def get_default_screen(self) -> Screen[Any]:
        """The contents are below all other screens; they are empty as long as one hides them."""
        from tui.screens.home import HomeScreen

        return HomeScreen(later=self._playground is not None or self._begins_with is not None)

    @cached_property
    def _begins_with(self) -> str | None:
        """The lesson that is opened first, if any: the one asked for, else the last one."""
        return self._first or greeting.resumable(self)

    def on_load(self) -> None:
        """Listen for signals before the terminal is changed."""
        self._line.watch()

    def on_mount(self) -> None:
        """Open the requested lesson, else the last one, else the contents."""
        sys.setswitchinterval(TURN)
        hold(self)
        self.choose_remembered_look()
        if self._playground is not None:
            self.open_playground(*self._playground)
        elif self._begins_with is not None:
            self.open_lesson(self._begins_with)
        greeting.tell(self)
        greeting.offer_to_go_on(self)
        # Other programs have drawn on the terminal while this one was stopped.
        self.app_resume_signal.subscribe(self, self._draw_again)
        self.call_after_refresh(sweep_leftovers)
        self.call_after_refresh(self._after_first_frame)
        self.call_after_refresh(greeting.check_keys, self)
        self.call_after_refresh(greeting.offer_review, self)

    def _after_first_frame(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        gc.set_threshold(YOUNG)
        if self._loading is not None:
            self._loading.begin()
        release(self)
        from tui.screens.home import HomeScreen

        home = self.screen_stack[0]
        if isinstance(home, HomeScreen):
            home.call_later(home.furnish)

    def _is_elsewhere(self) -> bool:
        """Whether more than a dialog is over the contents; asked from another thread."""
        return sum(not screen.is_modal for screen in self.screen_stack) > 1

    def lesson_is_seen(self) -> None:
        """Let what needs PyTorch begin."""
        super().lesson_is_seen()
        if self._loading is not None:
            self._loading.go_on()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """With reduced motion, no cursor blinks."""
        if self.config.reduced_motion and isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        from tui.palette import Palette

        if not isinstance(self.screen, Palette):
            looked_for = _("find a command, a lesson, an exercise or a training")
            self.push_screen(Palette(id="--command-palette", placeholder=looked_for))

    def action_review(self) -> None:
        """Ask the questions that are due for review today."""
        from tui.screens.review import ask_again

        ask_again(self)

    def action_request_quit(self) -> None:
        """Quit; ask first while a model is training."""
        if not self.is_training:
            self._quit(True)
            return
        from tui.screens.confirm import ConfirmScreen

        if isinstance(self.screen, ConfirmScreen):
            return
        question = _(
            "Recipe “{recipe}” is still training. Quitting ends the training; a checkpoint is"
            " saved."
        ).format(recipe=self.session.snapshot.recipe)
        self.push_screen(
            ConfirmScreen(question, yes=_("Stop training and quit"), no=_("Keep training")),
            self._quit,
        )

    def _quit(self, yes: bool | None) -> None:
        if yes:
            if self.is_training:
                self.session.stop()  # before its mark is removed: it makes none afterwards
                self._trainings.forget(self.session.snapshot.recipe)
            self._keep_marks()
            self.exit()

    async def action_quit(self) -> None:
        """Quitting from the palette asks, too."""
        self.action_request_quit()

    def on_unmount(self) -> None:
        """End the training and close the progress file."""
        self._line.unwatch()
        use_keys({})
        self.end_work()

    def end_work(self) -> None:
        """Save the checkpoint of a running training, and close the progress file."""
        self.close_session()
        self.progress.close()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: what belongs to the whole program, every lesson, every recipe.

        Textual's own commands are none of ours: they speak English only, and of keys that differ.
        """
        from tui.palette import commands

        yield from commands(self)
